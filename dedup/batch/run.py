"""What all tasks of a run share: paths and settings, and tables that each process opens once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.batch.arrays import read_arrays
from dedup.batch.articles import Known, Shelf
from dedup.batch.blocks import Finder
from dedup.batch.comparing import Readings
from dedup.batch.corpus import mapped_articles, mapped_keys
from dedup.batch.known import Standing
from dedup.batch.tables import read_batch
from dedup.batch.work import Work
from dedup.batch.writing import Format
from dedup.config import Settings
from dedup.model import Span

SHELVES_OPEN: Final = 1024
"""Tables of articles that a process has mapped at once: a million articles; far below the 65,530
maps that Linux allows a process."""


@dataclass(frozen=True, slots=True)
class Run:
    """A run, as its tasks know it; can be sent to other processes.

    Attributes:
        work: Where it is made.
        settings: What decides.
        form: Of the outputs.
        characters: Of texts that each process keeps ready for comparison.
    """

    work: Work
    settings: Settings
    form: Format
    characters: int

    def __hash__(self) -> int:
        """Of the directory alone: tables are looked up by runs, and few runs are in one process."""
        return hash(self.work)


@dataclass(frozen=True, slots=True)
class Roll:
    """All articles of a run, in order of number: piece after piece.

    Attributes:
        numbers: int64, shape (n_articles,), ascending.
        ranks: uint32, shape (n_articles,): each one's place in the order of time.
        by_rank: int64, shape (n_articles,): numbers in the order of time.
        offsets: int64, shape (n_pieces + 1,): the articles of piece i are those from
            ``offsets[i]`` to ``offsets[i + 1]``.
        standings: uint8, shape (n_articles,): what each is to the run (``dedup.batch.known``).
    """

    numbers: NDArray[np.int64]
    ranks: NDArray[np.uint32]
    by_rank: NDArray[np.int64]
    offsets: NDArray[np.int64]
    standings: NDArray[np.uint8]

    @property
    def n_known(self) -> int:
        """How many are known and none of the inputs: the first ones."""
        return int(np.searchsorted(self.numbers, 0))

    @property
    def first_piece(self) -> int:
        """The first piece with an article of the inputs; how many there are if none has."""
        return int(np.searchsorted(self.offsets[1:], self.n_known, side="right"))

    @property
    def all_known(self) -> NDArray[np.int64]:
        """int64: numbers of those that are known, of the inputs or not, ascending."""
        known: NDArray[np.int64] = self.numbers[self.standings != Standing.ASKED]
        return known

    def place(self, number: int) -> int:
        """Where an article stands."""
        return int(self.numbers.searchsorted(number))

    def age(self, numbers: NDArray[np.int64]) -> NDArray[np.int64]:
        """The places of articles in the order of time: int64, shape (n_numbers,)."""
        return self.ranks[np.searchsorted(self.numbers, numbers)].astype(np.int64)


@dataclass(frozen=True, slots=True)
class Members:
    """Articles that belong to families.

    Attributes:
        number: int64, shape (n_members,), ascending.
        cluster: int64, shape (n_members,): the number of the first of each one's family.
    """

    number: NDArray[np.int64]
    cluster: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Stacks:
    """All articles of a run, by number."""

    run: Run

    def __getitem__(self, number: int) -> Known:
        """The article."""
        shelf, place = self._find(number)
        return shelf.at(place)

    def clean(self, number: int) -> str:
        """The clean text of an article."""
        shelf, place = self._find(number)
        return shelf.text(place)

    def _find(self, number: int) -> tuple[Shelf, int]:
        """The table that an article stands in, and its place there."""
        roll = roll_of(self.run)
        place = roll.place(number)
        piece = int(roll.offsets.searchsorted(place, side="right")) - 1
        return shelf_of(self.run, piece), place - int(roll.offsets[piece])


@lru_cache(maxsize=1)
def roll_of(run: Run) -> Roll:
    """The roll, mapped into memory."""
    return Roll(**read_arrays(run.work.file("roll.arrow")))


@lru_cache(maxsize=1)
def names_of(run: Run) -> Mapping[int, str]:
    """Ids of articles that are not called by their own."""
    table = read_batch(run.work.file("names.arrow"))
    return dict(zip(*(column.to_pylist() for column in table.columns), strict=True))


@lru_cache(maxsize=SHELVES_OPEN)
def shelf_of(run: Run, piece: int) -> Shelf:
    """The articles of a piece."""
    return Shelf(read_batch(run.work.piece(piece) / "articles.arrow"), names_of(run))


@lru_cache(maxsize=1)
def readings_of(run: Run) -> Readings:
    """The articles that were compared last in this process."""
    return Readings(Stacks(run), run.characters, boilerplate_of(run))


@lru_cache(maxsize=1)
def finder_of(run: Run) -> Finder:
    """Finds boilerplate in this process."""
    return Finder(Stacks(run))


@lru_cache(maxsize=1)
def boilerplate_of(run: Run) -> Mapping[int, tuple[Span, ...]]:
    """Where boilerplate stands in articles that have any, as submitted."""
    found: dict[int, tuple[Span, ...]] = {}
    table = read_batch(run.work.file("boilerplate.arrow"))
    for number, start, end in zip(*(column.to_pylist() for column in table.columns), strict=True):
        found[number] = (*found.get(number, ()), Span(start, end))
    return found


@lru_cache(maxsize=1)
def inputs_of(run: Run) -> pa.Array:
    """Paths of the input files, in order."""
    return read_batch(run.work.file("inputs.arrow")).column("path")


@lru_cache(maxsize=1)
def related_of(run: Run) -> list[pa.RecordBatch]:
    """What the comparisons found, block by block, each in order of number."""
    return [read_batch(path) for path in sorted(run.work.block(0).parent.glob("*.arrow"))]


@lru_cache(maxsize=1)
def families_of(run: Run) -> Members:
    """Who belongs to which family."""
    return Members(**read_arrays(run.work.file("families.arrow")))


@lru_cache(maxsize=1)
def sources_of(run: Run) -> NDArray[np.int64]:
    """What each article of the roll was taken from, as its own verdict says, or ``NO_SOURCE``.

    int64, shape (n_articles,): numbers of articles.
    """
    return read_arrays(run.work.file("sources.arrow"))["sources"]


def close_tables() -> None:
    """Let go of all tables that this process has open, so that a path may mean others."""
    for cached in (
        roll_of,
        names_of,
        shelf_of,
        readings_of,
        finder_of,
        boilerplate_of,
        inputs_of,
        related_of,
        families_of,
        sources_of,
        mapped_keys,
        mapped_articles,
    ):
        cached.cache_clear()
