"""The keys of a piece's articles as sorted columns, in a file that is mapped into memory.

What an index keeps as buckets, a batch run keeps as columns: all keys of one family, in
ascending order, and beside each its *owner*, the place of its article in the piece. Articles
with a key in common are found by laying the columns of all pieces side by side
(``dedup.batch.join``); a range of keys is a slice of each.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.batch.arrays import read_arrays, write_arrays
from dedup.batch.gate import tongues
from dedup.batch.kernel import hapaxes, sort
from dedup.batch.sketches import sketches_of
from dedup.batch.texts import hashes_of_words
from dedup.config import FingerprintSettings
from dedup.fingerprint import CONTENT, PASSAGES, Fingerprints, fingerprint

OWNER_BITS: Final = np.uint64(32)
"""Bits for an article's place in its piece."""


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
        hapaxes: uint64, shape (n_articles, BITS // 64): see ``dedup.batch.hapaxes``.
        tongues: uint32, shape (n_articles,): see ``dedup.batch.gate.tongues``.
    """

    content: Column
    passages: Column
    starts: NDArray[np.int32]
    sketches: NDArray[np.uint8]
    hapaxes: NDArray[np.uint64]
    tongues: NDArray[np.uint32]


def keys_of(
    texts: Sequence[str], languages: Sequence[str], settings: FingerprintSettings
) -> PieceKeys:
    """What the articles of a piece are found by.

    Args:
        texts: Clean; an empty one is not found at all.
        languages: Of each its code.
        settings: With the families content and passages.
    """
    words, offsets = hashes_of_words(pa.array(texts, pa.large_string()))
    made = fingerprint(texts, languages, settings)
    return piece_keys(made, hapaxes(words, offsets), tongues(languages))


def piece_keys(
    fingerprints: Fingerprints, marked: NDArray[np.uint64], tongue: NDArray[np.uint32]
) -> PieceKeys:
    """The columns of a piece, from what was made of its articles, in their order."""
    content, _ = _column(fingerprints, CONTENT)
    passages, starts = _column(fingerprints, PASSAGES)
    return PieceKeys(
        content=content,
        passages=passages,
        starts=starts,
        sketches=sketches_of(fingerprints.signatures["content"]),
        hapaxes=marked,
        tongues=tongue,
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
            "hapaxes": keys.hapaxes,
            "tongues": keys.tongues,
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
        hapaxes=arrays["hapaxes"],
        tongues=arrays["tongues"],
    )


def _column(fingerprints: Fingerprints, family: int) -> tuple[Column, NDArray[np.int32]]:
    """The sorted column of a family, and where the passages in it begin."""
    own = fingerprints.families == family
    owners = np.repeat(
        np.arange(len(fingerprints.offsets) - 1, dtype=np.uint64), np.diff(fingerprints.offsets)
    )
    keys = fingerprints.keys[own]
    places = owners[own] << OWNER_BITS | fingerprints.starts[own].view(np.uint32)
    sort(keys, places)
    column = Column(keys, (places >> OWNER_BITS).astype(np.uint32))
    return column, places.astype(np.uint32).view(np.int32)
