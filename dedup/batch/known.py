"""What articles are to a run that is against articles which are known already.

Known articles are read as all others are, and compared with those of the inputs, but not with
each other; they get no verdict. One that stands in the inputs, too, is left out: it is not to be
found a copy of itself. That it is known is said of the one in the inputs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.batch.articles import Shelf
from dedup.batch.naming import rename_repeated
from dedup.hashing import word_hash


class Standing(IntEnum):
    """What an article is to a run."""

    ASKED = 0
    """Of the inputs."""

    ASKED_AND_KNOWN = 1
    """Of the inputs, and known with the same text under the same id."""

    KNOWN = 2
    """Known; from here on none is of the inputs."""

    LEFT_OUT = 3
    """Known, and of the inputs."""


@dataclass(frozen=True, slots=True)
class Named:
    """All articles of a run.

    Attributes:
        names: Ids by number, in order of number, of those that are not called by their own.
        standings: uint8, shape (n_articles,): what each is, in order of number.
    """

    names: dict[int, str]
    standings: NDArray[np.uint8]


def name_all(shelves: Sequence[Shelf]) -> Named:
    """Give ids that occur again a number, and see what is known of the inputs.

    What articles of the inputs are called does not depend on what is known.

    Args:
        shelves: All articles, in order of number, so known ones first.
    """
    numbers = [shelf.numbers for shelf in shelves]
    every = np.concatenate([np.zeros(0, np.int64), *numbers])
    n_known = next((place for place, own in enumerate(numbers) if (own >= 0).any()), len(shelves))
    asked = shelves[n_known:]
    names = rename_repeated(len(asked), lambda place: asked[place].column("id"), numbers[n_known:])
    standings = np.where(every < 0, Standing.KNOWN, Standing.ASKED).astype(np.uint8)
    if n_known:
        asked = [shelf.renamed(names) for shelf in asked]
        inputs_first = [*asked, *shelves[:n_known]]
        ids = [pa.array(shelf.ids(), pa.string()) for shelf in inputs_first]
        again = rename_repeated(
            len(ids), lambda place: ids[place], [shelf.numbers for shelf in inputs_first]
        )
        names = {**again, **names}
        for one, known in _same(asked, shelves[:n_known]):
            standings[np.searchsorted(every, one)] = Standing.ASKED_AND_KNOWN
            standings[np.searchsorted(every, known)] = Standing.LEFT_OUT
    return Named(names, standings)


def _same(asked: Sequence[Shelf], known: Sequence[Shelf]) -> Iterator[tuple[int, int]]:
    """Numbers of an article of the inputs and a known one that have one id and one clean text."""
    offsets = np.cumsum([0, *map(len, asked)])
    hashes = _id_hashes(asked)
    order = np.argsort(hashes)
    ordered = hashes[order]
    for shelf in known:
        own = _id_hashes([shelf])
        begin = np.searchsorted(ordered, own)
        met = begin < np.searchsorted(ordered, own, side="right")
        for place, other in zip(np.flatnonzero(met).tolist(), order[begin[met]], strict=True):
            piece = int(np.searchsorted(offsets, other, side="right")) - 1
            one, there = asked[piece], int(other - offsets[piece])
            if (one.id(there), one.text(there)) == (shelf.id(place), shelf.text(place)):
                yield int(one.numbers[there]), int(shelf.numbers[place])


def _id_hashes(shelves: Sequence[Shelf]) -> NDArray[np.uint64]:
    hashes = [np.fromiter(map(word_hash, shelf.ids()), np.uint64, len(shelf)) for shelf in shelves]
    return np.concatenate([np.zeros(0, np.uint64), *hashes])
