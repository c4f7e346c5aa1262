"""The keys of a piece's articles as sorted columns, in a file that is mapped into memory.

What an index keeps as buckets, a batch run keeps as columns: all keys of one family, in
ascending order, and beside each its *owner*, the place of its article in the piece. Articles
with a key in common are found by laying the columns of all pieces side by side
(``dedup.batch.join``); a range of keys is a slice of each.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from dedup.batch.arrays import read_arrays, write_arrays
from dedup.batch.sketches import sketches_of
from dedup.fingerprint import CONTENT, PASSAGES, Fingerprints


@dataclass(frozen=True, slots=True)
class Column:
    """All keys of one family in a piece.

    Attributes:
        keys: uint64, shape (n_keys,), ascending; equal keys in the order of their owners.
        owners: uint32, shape (n_keys,): the place of each key's article in the piece.
    """

    keys: NDArray[np.uint64]
    owners: NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class PieceKeys:
    """What the articles of a piece are found by.

    Attributes:
        content: Their content keys.
        passages: Their passage keys.
        starts: int32, shape (n_passages,): the place among its article's words where each
            passage begins.
        sketches: uint8, shape (n_articles, n_permutations): see ``dedup.batch.sketches``.
    """

    content: Column
    passages: Column
    starts: NDArray[np.int32]
    sketches: NDArray[np.uint8]


def piece_keys(fingerprints: Fingerprints) -> PieceKeys:
    """The columns of a piece, from the fingerprints of its articles in their order."""
    counts = np.diff(fingerprints.offsets)
    owners = np.repeat(np.arange(len(counts), dtype=np.uint32), counts)
    content, _ = _column(fingerprints, owners, CONTENT)
    passages, order = _column(fingerprints, owners, PASSAGES)
    return PieceKeys(
        content=content,
        passages=passages,
        starts=fingerprints.starts[order],
        sketches=sketches_of(fingerprints.signatures["content"]),
    )


def write_keys(path: Path, keys: PieceKeys) -> None:
    """Write the columns of a piece; the file is there when it is whole."""
    write_arrays(
        path,
        {
            "content_keys": keys.content.keys,
            "content_owners": keys.content.owners,
            "passage_keys": keys.passages.keys,
            "passage_owners": keys.passages.owners,
            "passage_starts": keys.starts,
            "sketches": keys.sketches,
        },
    )


def read_keys(path: Path) -> PieceKeys:
    """Map the columns of a piece into memory; none of it is read before it is looked at."""
    arrays = read_arrays(path)
    return PieceKeys(
        content=Column(arrays["content_keys"], arrays["content_owners"]),
        passages=Column(arrays["passage_keys"], arrays["passage_owners"]),
        starts=arrays["passage_starts"],
        sketches=arrays["sketches"],
    )


def _column(
    fingerprints: Fingerprints, owners: NDArray[np.uint32], family: int
) -> tuple[Column, NDArray[np.intp]]:
    """The sorted column of a family, and the place of each of its keys among all."""
    places = np.flatnonzero(fingerprints.families == family)
    places = places[np.argsort(fingerprints.keys[places], kind="stable")]
    return Column(fingerprints.keys[places], owners[places]), places
