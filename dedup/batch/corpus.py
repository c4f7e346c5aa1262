"""What a join knows of the articles: where their keys lie, and their order in time.

Articles are named by their *rank*, their place in the order of time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

import numpy as np
from numpy.lib.format import open_memmap
from numpy.typing import NDArray

from dedup.batch.arrays import Array
from dedup.batch.buckets import RANK_BITS
from dedup.batch.columns import Column, PieceKeys, read_keys
from dedup.batch.files import written_whole
from dedup.batch.known import Standing

KeyFamily = Literal["content", "passages"]

KEY_BITS: Final = 64

ZEROS_AT_ONCE: Final = 1 << 20
"""Bytes written at once where a file is given room."""

NO_KEYS: Final = Column(np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.uint32))
NOTHING: Final = PieceKeys(
    content=NO_KEYS,
    passages=NO_KEYS,
    starts=np.zeros(0, dtype=np.int32),
    sketches=np.zeros((0, 1), dtype=np.uint8),
    hapaxes=np.zeros((0, 1), dtype=np.uint64),
    tongues=np.zeros(0, dtype=np.uint32),
)
"""A piece without articles."""


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

    def articles(self, name: str) -> Path:
        """The file of what is known of all articles, of one field of ``Articles``."""
        return self.place / f"{name}.npy"


@dataclass(frozen=True, slots=True)
class Articles:
    """What is known of all articles.

    Attributes:
        ranks: uint32, shape (n_articles,): piece after piece, in each by place.
        sketches: uint8, shape (n_articles, n_permutations): by rank, as the rest.
        hapaxes: uint64, shape (n_articles, BITS // 64).
        tongues: uint32, shape (n_articles,).
        passages: uint32, shape (n_articles,): how many passage keys each has.
        standings: uint8, shape (n_articles,): what each is to the run (``dedup.batch.known``).
    """

    ranks: NDArray[np.uint32]
    sketches: NDArray[np.uint8]
    hapaxes: NDArray[np.uint64]
    tongues: NDArray[np.uint32]
    passages: NDArray[np.uint32]
    standings: NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.ranks)


@lru_cache(maxsize=1)
def mapped_keys(corpus: Corpus) -> Sequence[PieceKeys]:
    """The keys of every piece, mapped into memory."""
    return [read_keys(path) for path in corpus.pieces]


@lru_cache(maxsize=1)
def mapped_articles(corpus: Corpus) -> Articles:
    """What ``write_articles`` has written, mapped into memory."""
    names = (field.name for field in fields(Articles))
    return Articles(**{name: np.load(corpus.articles(name), mmap_mode="r") for name in names})


def write_articles(corpus: Corpus, ranks: NDArray[np.uint32], standings: NDArray[np.uint8]) -> None:
    """Gather what is known of the articles from the pieces, once.

    Args:
        corpus: Where it is, and where it goes.
        ranks: uint32, shape (n_articles,): the rank of every article, piece after piece, in each
            by place.
        standings: uint8, shape (n_articles,): what each is to the run, in the same order.
    """
    with written_whole(corpus.articles("ranks")) as part, part.open("wb") as file:
        np.save(file, ranks)
    keys = mapped_keys(corpus) or [NOTHING]
    _write_by_rank(corpus, "sketches", ranks, [piece.sketches for piece in keys])
    _write_by_rank(corpus, "hapaxes", ranks, [piece.hapaxes for piece in keys])
    _write_by_rank(corpus, "tongues", ranks, [piece.tongues for piece in keys])
    _write_by_rank(corpus, "passages", ranks, [_n_passages(piece) for piece in keys])
    _write_by_rank(corpus, "standings", ranks, [standings])


def _write_by_rank(
    corpus: Corpus, name: str, ranks: NDArray[np.uint32], pieces: Sequence[Array]
) -> None:
    """Write what is known of the articles in their order of time, by way of a mapped file."""
    path = corpus.articles(name)
    if path.exists():
        return
    one = pieces[0]
    with written_whole(path) as part:
        known = mapped_to_write(part, one.dtype, (len(ranks), *one.shape[1:]))
        begin = 0
        for own in pieces:
            known[ranks[begin : begin + len(own)]] = own
            begin += len(own)


def mapped_to_write(path: Path, dtype: np.dtype[Any], shape: tuple[int, ...]) -> Array:
    """A new array of zeros in a file, mapped into memory.

    Its bytes are written before it is mapped. Where a disk is full that is an error, and it would
    be the end of the process (SIGBUS) to come upon it in the map.

    Raises:
        OSError: There is no room for it.
    """
    room = open_memmap(path, "w+", dtype, shape)
    with path.open("r+b") as file:
        file.seek(room.offset)
        for begin in range(0, room.nbytes, ZEROS_AT_ONCE):
            file.write(bytes(min(ZEROS_AT_ONCE, room.nbytes - begin)))
    return room


def _n_passages(piece: PieceKeys) -> NDArray[np.uint32]:
    counts = np.bincount(piece.passages.owners, minlength=len(piece.sketches))
    return counts.astype(np.uint32)


def count_keys(corpus: Corpus, family: KeyFamily) -> int:
    """How many keys of a family all articles have."""
    return sum(len(_column(piece, family)[0]) for piece in mapped_keys(corpus))


def entries(
    corpus: Corpus, family: KeyFamily, part: Part
) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """The keys of a part, and whose they are; not those of articles that are left out.

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
    left_out = mapped_articles(corpus).standings == Standing.LEFT_OUT
    if not left_out.any():
        return made[0], made[1]
    kept = ~left_out[made[1] >> RANK_BITS]
    return made[0][kept], made[1][kept]


def _column(
    piece: PieceKeys, family: KeyFamily
) -> tuple[NDArray[np.uint64], NDArray[np.uint32], NDArray[np.int32] | None]:
    """Keys and owners of a family, and the starts of passages."""
    if family == "content":
        return piece.content.keys, piece.content.owners, None
    return piece.passages.keys, piece.passages.owners, piece.starts
