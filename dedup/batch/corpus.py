"""What a join knows of the articles: where their keys lie, and their order in time.

Articles are named by their *rank*, their place in the order of time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from dedup.batch.arrays import read_arrays, write_arrays
from dedup.batch.buckets import RANK_BITS
from dedup.batch.columns import PieceKeys, read_keys
from dedup.batch.hapaxes import BITS, WORD_BITS

KeyFamily = Literal["content", "passages"]

KEY_BITS: Final = 64


@dataclass(frozen=True, slots=True)
class Part:
    """All keys that begin with the same bits.

    Attributes:
        number: These bits.
        bits: How many they are.
    """

    number: int
    bits: int

    def among(self, keys: NDArray[np.uint64]) -> slice:
        """Where they stand among sorted keys."""
        rest = KEY_BITS - self.bits
        first, last = self.number << rest, ((self.number + 1) << rest) - 1
        return slice(
            int(np.searchsorted(keys, np.uint64(first))),
            int(np.searchsorted(keys, np.uint64(last), side="right")),
        )


@dataclass(frozen=True, slots=True)
class Corpus:
    """The files that a join reads. It can be sent to other processes.

    Attributes:
        pieces: Files of the pieces' keys (``dedup.batch.columns``), in order.
        place: Directory of what the join makes.
    """

    pieces: tuple[Path, ...]
    place: Path

    @property
    def articles(self) -> Path:
        """The file of what is known of all articles."""
        return self.place / "articles.arrow"


@dataclass(frozen=True, slots=True)
class Articles:
    """What is known of all articles.

    Attributes:
        ranks: uint32, shape (n_articles,): piece after piece, in each by place.
        sketches: uint8, shape (n_articles, n_permutations): by rank, as the rest.
        hapaxes: uint64, shape (n_articles, BITS // 64).
        tongues: uint32, shape (n_articles,).
        passages: uint32, shape (n_articles,): how many passage keys each has.
    """

    ranks: NDArray[np.uint32]
    sketches: NDArray[np.uint8]
    hapaxes: NDArray[np.uint64]
    tongues: NDArray[np.uint32]
    passages: NDArray[np.uint32]

    def __len__(self) -> int:
        return len(self.ranks)


@lru_cache(maxsize=1)
def mapped_keys(corpus: Corpus) -> Sequence[PieceKeys]:
    """The keys of every piece, mapped into memory."""
    return [read_keys(path) for path in corpus.pieces]


@lru_cache(maxsize=1)
def mapped_articles(corpus: Corpus) -> Articles:
    """What ``write_articles`` has written, mapped into memory."""
    return Articles(**read_arrays(corpus.articles))


def write_articles(corpus: Corpus, ranks: NDArray[np.uint32]) -> None:
    """Gather what is known of the articles from the pieces, once.

    Args:
        corpus: Where it is, and where it goes.
        ranks: uint32, shape (n_articles,): the rank of every article, piece after piece, in each
            by place.
    """
    if corpus.articles.exists():
        return
    keys = mapped_keys(corpus)
    n_permutations = keys[0].sketches.shape[1] if keys else 1
    articles = Articles(
        ranks=ranks,
        sketches=np.empty((len(ranks), n_permutations), dtype=np.uint8),
        hapaxes=np.empty((len(ranks), BITS // WORD_BITS), dtype=np.uint64),
        tongues=np.empty(len(ranks), dtype=np.uint32),
        passages=np.empty(len(ranks), dtype=np.uint32),
    )
    begin = 0
    for piece in keys:
        own = ranks[begin : begin + len(piece.sketches)]
        articles.sketches[own] = piece.sketches
        articles.hapaxes[own] = piece.hapaxes
        articles.tongues[own] = piece.tongues
        articles.passages[own] = np.bincount(piece.passages.owners, minlength=len(own))
        begin += len(own)
    columns = {field.name: getattr(articles, field.name) for field in fields(articles)}
    write_arrays(corpus.articles, columns)


def count_keys(corpus: Corpus, family: KeyFamily) -> int:
    """How many keys of a family all articles have."""
    return sum(len(_column(piece, family)[0]) for piece in mapped_keys(corpus))


def entries(
    corpus: Corpus, family: KeyFamily, part: Part
) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """The keys of a part, and whose they are.

    Returns:
        uint64, shape (n_keys,), twice, unsorted: keys, and beside each an entry
        (``dedup.batch.buckets``).
    """
    ranks = mapped_articles(corpus).ranks
    columns = [_column(piece, family) for piece in mapped_keys(corpus)]
    slices = [part.among(keys) for keys, _, _ in columns]
    sizes = [own.stop - own.start for own in slices]
    made = np.empty((2, sum(sizes)), dtype=np.uint64)
    begin = n_before = 0
    for piece, (keys, owners, starts), own, size in zip(
        mapped_keys(corpus), columns, slices, sizes, strict=True
    ):
        to = slice(begin, begin + size)
        made[0, to] = keys[own]
        made[1, to] = ranks[n_before:][owners[own]]
        made[1, to] <<= RANK_BITS
        if starts is not None:
            made[1, to] |= starts[own].view(np.uint32)
        begin += size
        n_before += len(piece.sketches)
    return made[0], made[1]


def _column(
    piece: PieceKeys, family: KeyFamily
) -> tuple[NDArray[np.uint64], NDArray[np.uint32], NDArray[np.int32] | None]:
    """Keys and owners of a family, and the starts of passages."""
    if family == "content":
        return piece.content.keys, piece.content.owners, None
    return piece.passages.keys, piece.passages.owners, piece.starts
