"""Which passages are boilerplate: those that very many articles share, and nothing else with them.

As in ``dedup.index.ranking``, but seen once for the whole bucket, not from each article in it,
and with sketches: in a corpus of a million most buckets of content keys are full, so rare keys
tell too little of who is on the same story.

Looked at are neighbours in a full bucket: an article and the one right before it in time. If a
block made the bucket, the same neighbours stand in all buckets of that block, and nothing else
joins them. The bucket is boilerplate if, at the median, they share less than half of the later
one's passages in full buckets (copies share most), and resemble each other hardly more than
these shared passages explain.

Neighbours in one bucket may stand apart in another, where something stands between them, so
what they share is counted too low, never too high. Then the resemblance is left unexplained,
and the bucket is taken for an honest one: its pairs are compared, which costs time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dedup.batch.buckets import RANK_BITS, Buckets
from dedup.batch.corpus import Articles
from dedup.batch.kernel import agreeing
from dedup.batch.sketches import resemblance
from dedup.boilerplate import WITNESSES
from dedup.index.ranking import COPIED_SHARE

MOST_LOOKED_AT: Final = 64
"""Oldest articles of a bucket by which it is judged. Those of a block are the same in each of its
buckets; and a bucket of a million costs no more than one of a hundred."""

RELATED_RESEMBLANCE: Final = 0.1
"""Resemblance of content beyond that of passages, above which articles have something in common.
Of unrelated articles it is .02 to .14, of reports on one event .11 to .31."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where boilerplate stands, by rank, then start.

    Attributes:
        ranks: uint32, shape (n_places,): in which article.
        starts: int32, shape (n_places,): the place among its words where the passage begins.
        witnesses: uint32, shape (n_places, WITNESSES): ranks of other articles that have it.
    """

    ranks: NDArray[np.uint32]
    starts: NDArray[np.int32]
    witnesses: NDArray[np.uint32]


def find_boilerplate(given: Sequence[Buckets], articles: Articles) -> list[NDArray[np.bool_]]:
    """Which buckets are boilerplate: bool, shape (n_buckets,), for each of those given."""
    neighbours = [_neighbours(full) for full in given]
    offsets = np.cumsum([0, *(len(full) for full in given)])
    pairs = np.concatenate([np.zeros(0, np.uint64), *(found for found, _ in neighbours)])
    buckets = np.concatenate(
        [
            np.zeros(0, np.int64),
            *(which + first for (_, which), first in zip(neighbours, offsets, strict=False)),
        ]
    )
    distinct, pair, counts = np.unique(pairs, return_inverse=True, return_counts=True)
    earlier, later = (distinct >> RANK_BITS).astype(np.uint32), distinct.astype(np.uint32)
    alike = resemblance(agreeing(articles.sketches, earlier, later), articles.sketches.shape[1])
    passages = articles.passages[earlier], articles.passages[later]
    copied, related = (
        _medians(values[pair], buckets, offsets[-1])
        for values in what_joins(counts, alike, *passages)
    )
    return np.split((copied < COPIED_SHARE) & (related < RELATED_RESEMBLANCE), offsets[1:-1])


def what_joins(
    shared: NDArray[np.int64],
    alike: NDArray[np.float64],
    earlier: NDArray[np.uint32],
    later: NDArray[np.uint32],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """How much of the later one's passages neighbours share, and what else they have in common.

    Args:
        shared: int64, shape (n_pairs,): full buckets in which they are neighbours.
        alike: float64, shape (n_pairs,): resemblance of their content.
        earlier: uint32, shape (n_pairs,): passages of the earlier ones.
        later: uint32, shape (n_pairs,): passages of the later ones.

    Returns:
        float64, shape (n_pairs,), twice: a share, and the resemblance that it does not explain.
    """
    return shared / later, alike - shared / (earlier + later - shared)


def places(given: Sequence[Buckets]) -> Places:
    """Where the passages of some buckets stand."""
    entries = np.concatenate([np.zeros(0, np.uint64), *(full.entries for full in given)])
    witnesses = np.concatenate(
        [np.zeros((0, WITNESSES), np.uint32), *(oldest_others(full) for full in given)]
    )
    order = np.argsort(entries)
    entries, witnesses = entries[order], witnesses[order]
    everywhere = Buckets(entries, np.array([0, len(entries)]))
    return Places(everywhere.ranks, everywhere.starts, witnesses)


def _neighbours(full: Buckets) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """Pairs of neighbours, and the bucket that each stands in, buckets ascending."""
    bucket = full.places
    place = np.arange(len(bucket)) - full.firsts[bucket]
    later = np.flatnonzero((place > 0) & (place < MOST_LOOKED_AT))
    ranks = full.entries >> RANK_BITS
    return ranks[later - 1] << RANK_BITS | ranks[later], bucket[later]


def oldest_others(full: Buckets) -> NDArray[np.uint32]:
    """The oldest in each entry's bucket but itself: uint32, shape (n_entries, WITNESSES)."""
    ranks = full.ranks
    first = full.firsts[full.places]
    oldest = ranks[first[:, np.newaxis] + np.arange(WITNESSES + 1)]
    left_out = oldest == ranks[:, np.newaxis]
    left_out[:, -1] |= ~left_out.any(axis=1)
    witnesses: NDArray[np.uint32] = oldest[~left_out].reshape(-1, WITNESSES)
    return witnesses


def _medians(
    values: NDArray[np.float64], buckets: NDArray[np.int64], n_buckets: int
) -> NDArray[np.float64]:
    """The (lower) median in every bucket: float64, shape (n_buckets,)."""
    order = np.lexsort((values, buckets))
    counts = np.bincount(buckets, minlength=n_buckets)
    firsts = np.cumsum(counts) - counts
    medians: NDArray[np.float64] = values[order][firsts + (counts - 1) // 2]
    return medians
