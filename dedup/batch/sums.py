"""Pairs of articles, and what they have in common: counted in parts, added up in any order.

A pair is ``earlier << 32 | later``, of two ranks. Beside it stands its *sum*, three counters
in 64 bits: how many content keys the two share, how many passages, and their score in units of
2^-12. Sums are integers, so that what comes out depends on no order and no partition.

A *run* is sorted pairs with their sums, each pair once. What belongs to one pair may be spread
over many runs, until ``merged`` adds it up.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dedup.batch.buckets import RANK_BITS
from dedup.batch.kernel import add_up
from dedup.index.ranking import FULL, PASSAGE_FACTOR, RARITY_SCALE

Run = tuple[NDArray[np.uint64], NDArray[np.uint64]]

SCORE_BITS: Final = 32
COUNT_BITS: Final = 16
"""No text that is accepted has 2^16 passages (``Limits.max_characters``)."""

SCORE_UNIT: Final = 1 << 12
"""What one key that nobody else has counts in sums: 2^16 passages do not overflow 32 bits."""


CUTS: Final = 1 << 12
"""Equal ranges of ranks that ranges of so many pairs as wanted are put together of."""


@dataclass(frozen=True, slots=True)
class Shared:
    """What pairs of articles have in common.

    Attributes:
        content: int32, shape (n_pairs,): content keys.
        passages: int32, shape (n_pairs,): passages.
        score: float64, shape (n_pairs,): as in ``dedup.index.ranking``.
    """

    content: NDArray[np.int32]
    passages: NDArray[np.int32]
    score: NDArray[np.float64]


def worth(family_factor: float, counter: int) -> NDArray[np.uint64]:
    """What a shared key adds to a sum, by the length of its bucket up to ``FULL``."""
    lengths = np.maximum(np.arange(FULL + 1), 1)
    scores = family_factor * (1 - np.log(lengths) / np.log(RARITY_SCALE))
    units: NDArray[np.uint64] = np.rint(scores * SCORE_UNIT).astype(np.uint64)
    return units | np.uint64(counter)


CONTENT_WORTH: Final = worth(1.0, 1 << (SCORE_BITS + COUNT_BITS))
PASSAGE_WORTH: Final = worth(PASSAGE_FACTOR, 1 << SCORE_BITS)


def read_sums(sums: NDArray[np.uint64]) -> Shared:
    """Take sums apart."""
    count_mask = np.uint64((1 << COUNT_BITS) - 1)
    return Shared(
        content=(sums >> np.uint64(SCORE_BITS + COUNT_BITS)).astype(np.int32),
        passages=(sums >> np.uint64(SCORE_BITS) & count_mask).astype(np.int32),
        score=(sums & np.uint64((1 << SCORE_BITS) - 1)).astype(np.float64) / SCORE_UNIT,
    )


def earlier_of(pairs: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """The ranks of the earlier articles."""
    return (pairs >> RANK_BITS).astype(np.uint32)


def later_of(pairs: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """The ranks of the later articles."""
    return pairs.astype(np.uint32)


def runs(collisions: Iterable[Run], most: int) -> Iterator[Run]:
    """Add up collisions.

    Args:
        collisions: Pairs with what each collision counts, in no order.
        most: Pairs kept in memory.

    Yields:
        Runs of at most that many. They stand in memory that the next one is made in.
    """
    pairs, sums = np.empty((2, most), dtype=np.uint64)
    filled = 0
    for new_pairs, new_sums in _pieces(collisions, most):
        if filled + len(new_pairs) > most:
            filled = add_up(pairs[:filled], sums[:filled])
            # Of pairs that are all different, adding up again and again would gain little.
            if filled + len(new_pairs) > most or 2 * filled > most:
                yield pairs[:filled], sums[:filled]
                filled = 0
        pairs[filled : filled + len(new_pairs)] = new_pairs
        sums[filled : filled + len(new_sums)] = new_sums
        filled += len(new_pairs)
    filled = add_up(pairs[:filled], sums[:filled])
    if filled:
        yield pairs[:filled], sums[:filled]


def _pieces(collisions: Iterable[Run], most: int) -> Iterator[Run]:
    for pairs, sums in collisions:
        for start in range(0, len(pairs), most):
            yield pairs[start : start + most], sums[start : start + most]


def cut(given: Sequence[Run], n_articles: int, most: int) -> list[range]:
    """Ranges of earlier articles of which all runs together hold at most so many pairs.

    Args:
        given: Runs.
        n_articles: Ranks are below it.
        most: Pairs in a range; more if a single one of ``CUTS`` equal ranges holds more.
    """
    bounds = np.unique(np.linspace(0, n_articles, CUTS + 1).astype(np.int64))
    before = np.zeros(len(bounds), dtype=np.int64)
    for pairs, _ in given:
        before += np.searchsorted(pairs, bounds.astype(np.uint64) << RANK_BITS)
    ranges, begin = [], 0
    for here in range(1, len(bounds)):
        last = here + 1 == len(bounds)
        if last or before[here + 1] - before[begin] > most:
            ranges.append(range(int(bounds[begin]), int(bounds[here])))
            begin = here
    return ranges


def merged(given: Sequence[Run], earlier: range) -> Run:
    """Add up what runs say of the pairs of some earlier articles: one run."""
    bounds = np.array([earlier.start, earlier.stop], dtype=np.uint64) << RANK_BITS
    slices = [slice(*np.searchsorted(pairs, bounds).tolist()) for pairs, _ in given]
    pairs, sums = (
        np.concatenate(
            [
                np.zeros(0, np.uint64),
                *(run[which][own] for run, own in zip(given, slices, strict=True)),
            ]
        )
        for which in range(2)
    )
    n_pairs = add_up(pairs, sums)
    return pairs[:n_pairs], sums[:n_pairs]
