"""Pairs of texts that share most of their word shingles: near-duplicates in the classical sense.

1. Every text becomes the set of its word 5-shingles, with all 64 bits of their hashes, and is signed:
   MinHash, cut into bands (``dedup.fingerprint``).
2. Texts that share a band are candidates: each band's keys are sorted, and equal ones stand
   together. Most of those that meet by chance are dropped at once by their sketches.
3. Every other candidate is verified: what the two sets have in common is counted out. So what is
   given out is exact; what the bands miss is missed (``rows_per_band``).

Texts are taken as they are. Nothing is cleaned, no relation judged: that is ``dedup.batch``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.batch.arrays import read_runs, write_runs
from dedup.batch.buckets import RANK_BITS, Buckets, shared
from dedup.batch.kernel import collide, common, sort
from dedup.batch.reference import Likeness
from dedup.batch.signing import TEXTS_AT_ONCE, Signatures, Signed, sign
from dedup.batch.sketches import least_agreeing, standard_error
from dedup.batch.sums import Run, cut, earlier_of, later_of, merged, runs
from dedup.batch.tables import as_batch
from dedup.batch.texts import TextColumn
from dedup.batch.threads import in_order
from dedup.config import FingerprintSettings

PERMUTATIONS: Final = 128
"""At most, per text."""

MOST_MISSED: Final = 0.02
"""Of pairs that just reach a threshold J, so many times (1 - J)^2 may be missed by all bands: .005
at .5, .0008 at .8. Beyond the threshold it is soon next to none: of 42 bands of 3 rows .0037 at
.5, .0001 at .6."""

DEVIATIONS: Final = 4
"""Standard errors that a sketch's estimate may fall below the threshold. Of pairs that just reach it
.00003 are lost; and next to nothing is verified in vain."""

PAIRS_AT_ONCE: Final = 1 << 18
"""Candidates made in one call: 4 MB."""

PAIRS_COUNTED_OUT: Final = 1 << 13
"""Candidates counted out in one call: some 10 ms."""

MEMORY: Final = 1 << 28
"""Bytes for candidates that are sorted at once. What is known of each text, some 460 bytes and 8 a
word, lies in files that are mapped; each thread holds some 10 MB more."""

BYTES_PER_PAIR: Final = 64
"""Memory per candidate that is sorted at once: 16 for itself, 32 for the room to sort in."""

ONE_BAND: Final = np.array([1], dtype=np.uint64)
"""What a shared band counts."""

SIMILAR: Final = pa.schema(
    [
        pa.field("first", pa.int64(), nullable=False),
        pa.field("second", pa.int64(), nullable=False),
        pa.field("jaccard", pa.float64(), nullable=False),
        pa.field("first_in_second", pa.float64(), nullable=False),
        pa.field("second_in_first", pa.float64(), nullable=False),
    ]
)
"""Places of two texts, in order; the Jaccard of their sets of shingles; the share of the first
one's shingles that the second has too, and of the second one's that the first has."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is looked for, and with what.

    Attributes:
        jaccard: The least, in (0, 1].
        shingle_words: Words per shingle.
        workers: Threads.
        memory: Bytes; see ``MEMORY``.
        spill: Directory for files; None for the system's.
    """

    jaccard: float
    shingle_words: int = 5
    workers: int = 1
    memory: int = MEMORY
    spill: Path | None = None

    def __post_init__(self) -> None:
        if not 0 < self.jaccard <= 1:
            raise ValueError(f"jaccard={self.jaccard} must be above 0, and 1 at most")

    @property
    def least_agreeing(self) -> int:
        """Values of two sketches that agree at least, in all likelihood, if texts resemble."""
        n_permutations = self.settings.permutations
        error = standard_error(self.jaccard, n_permutations)
        return least_agreeing(max(0.0, self.jaccard - DEVIATIONS * error), n_permutations)

    def place(self) -> TemporaryDirectory[str]:
        """A directory for files, that is gone in the end."""
        return TemporaryDirectory(dir=self.spill, prefix="secondhand-pairs-")

    def threads(self) -> ThreadPoolExecutor:
        """The threads."""
        return ThreadPoolExecutor(self.workers)

    @property
    def settings(self) -> FingerprintSettings:
        """How texts are signed."""
        rows = rows_per_band(self.jaccard)
        return FingerprintSettings(
            families=("wording",),
            shingle_words=self.shingle_words,
            permutations=rows * (PERMUTATIONS // rows),
            wording_rows=rows,
            content_rows=1,
            content_bands=1,
        )


def rows_per_band(jaccard: float) -> int:
    """The most rows a band can have without missing too many pairs that just reach a Jaccard.

    b bands of r rows miss a pair with probability (1 - J^r)^b.

    >>> [rows_per_band(jaccard) for jaccard in (0.2, 0.5, 0.7, 0.8, 0.9)]
    [1, 3, 4, 5, 8]
    """
    missed = MOST_MISSED * (1 - jaccard) ** 2
    return max(
        rows
        for rows in range(1, PERMUTATIONS + 1)
        if rows == 1 or (1 - jaccard**rows) ** (PERMUTATIONS // rows) <= missed
    )


def similar_pairs(
    texts: pa.Array | pa.ChunkedArray | Sequence[str],
    jaccard: float,
    *,
    workers: int = 1,
    memory: int = MEMORY,
    spill: Path | None = None,
) -> pa.Table:
    """All pairs of texts whose sets of word 5-shingles resemble each other.

    Args:
        texts: As they are; a null is a text without words. Two texts of fewer than five words
            resemble nothing.
        jaccard: Size of the intersection over size of the union, at least; in (0, 1].
        workers: Threads.
        memory: Bytes; see ``MEMORY``. What is found comes on top.
        spill: Directory for files; None for the system's.

    Returns:
        ``SIMILAR``, by the first, then the second. Every row is exact; ``rows_per_band`` says how
        many are missed.

    Raises:
        ValueError: ``jaccard`` is no such share.

    >>> table = similar_pairs(["one two three four five six", "one two three four five"], 0.5)
    >>> table.to_pylist()[0]["jaccard"]
    0.5
    """
    wanted = Wanted(jaccard, workers=workers, memory=memory, spill=spill)
    column = TextColumn.of(texts)
    with wanted.place() as name:
        place = Path(name)
        with Signatures(place, wanted.settings) as signatures, wanted.threads() as executor:
            signing = partial(sign, settings=wanted.settings)
            for signed in in_order(executor, workers, signing, column.pieces(TEXTS_AT_ONCE)):
                signatures.add(signed)
        found = search(signatures.read(), wanted, place)
        return pa.Table.from_batches(found, SIMILAR)


def search(signed: Signed, wanted: Wanted, place: Path) -> Iterator[pa.RecordBatch]:
    """The same of texts that are signed, batch by batch: not all that is found is in memory.

    Args:
        signed: By ``wanted.settings``.
        wanted: What is looked for.
        place: Directory for files.
    """
    with wanted.threads() as executor:
        yield from _Search(signed, wanted, executor).pairs(place / "candidates.arrow")


class _Search:
    """One search and its threads."""

    def __init__(self, signed: Signed, wanted: Wanted, executor: Executor) -> None:
        self._signed = signed
        self._wanted = wanted
        self._executor = executor
        self._rows = max(PAIRS_AT_ONCE, wanted.memory // BYTES_PER_PAIR)

    def pairs(self, file: Path) -> Iterator[pa.RecordBatch]:
        """All that is found, in order; candidates are put into a file on the way."""
        write_runs(file, runs(self._collisions(), self._rows))
        given = read_runs(file)
        for earlier in cut(given, len(self._signed), self._rows):
            candidates, _ = merged(given, earlier)
            parts = (
                candidates[start : start + PAIRS_COUNTED_OUT]
                for start in range(0, len(candidates), PAIRS_COUNTED_OUT)
            )
            verified = in_order(self._executor, self._wanted.workers, self._verify, parts)
            yield as_batch(pa.Table.from_batches(list(verified), SIMILAR))

    def _collisions(self) -> Iterator[Run]:
        """Pairs that share a band and whose sketches are alike, once for each such band."""
        bands = range(self._signed.keys.shape[1])
        steps = (
            step
            for buckets in in_order(self._executor, self._wanted.workers, self._join, bands)
            for step in _steps(buckets)
        )
        return in_order(self._executor, self._wanted.workers, self._meet, steps)

    def _join(self, band: int) -> Buckets:
        """The texts that share a band."""
        texts = np.flatnonzero(self._signed.sets.sizes)
        keys = np.asarray(self._signed.keys[texts, band])
        entries = texts.astype(np.uint64) << RANK_BITS
        sort(keys, entries)
        return shared(keys, entries)

    def _meet(self, step: tuple[Buckets, range]) -> Run:
        """The pairs of some entries of buckets that are alike."""
        buckets, part = step
        likeness = Likeness(self._signed.sketches, self._wanted.least_agreeing)
        return collide(buckets, part, ONE_BAND, likeness, reach=len(self._signed))

    def _verify(self, candidates: NDArray[np.uint64]) -> pa.RecordBatch:
        """Count out what candidates have in common, and keep those that have enough."""
        sides = [side(candidates).astype(np.int64) for side in (earlier_of, later_of)]
        sets = self._signed.sets
        in_common = common(sets, *sides)
        of_first, of_second = (sets.bounds[side + 1] - sets.bounds[side] for side in sides)
        jaccard = in_common / (of_first + of_second - in_common)
        found = jaccard >= self._wanted.jaccard
        columns = (
            *(side[found] for side in sides),
            jaccard[found],
            (in_common / of_first)[found],
            (in_common / of_second)[found],
        )
        return pa.record_batch([pa.array(column) for column in columns], SIMILAR)


def _steps(buckets: Buckets) -> Iterator[tuple[Buckets, range]]:
    """Parts of buckets in which about ``PAIRS_AT_ONCE`` pairs meet."""
    place = np.arange(len(buckets.entries))
    met = np.cumsum(place - np.repeat(buckets.firsts[:-1], buckets.lengths))
    n_steps = int(met[-1]) // PAIRS_AT_ONCE + 1 if len(met) else 0
    ends = np.searchsorted(met, np.arange(1, n_steps) * PAIRS_AT_ONCE)
    for begin, end in pairwise([0, *ends.tolist(), len(met)]):
        if begin < end:
            yield buckets, range(begin, end)
