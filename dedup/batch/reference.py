"""The loops that joins spend their time in, in numpy: the definition of those in C.

In a bucket an article meets the ten oldest (``BUCKET_END``) and the ten right before it: what an
index would have shown it on its arrival (``dedup.index.postings``). So a bucket of n articles
takes at most 20 n steps, and one of up to 21 brings all its pairs together.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from dedup.batch.buckets import RANK_BITS, Buckets
from dedup.batch.hapaxes import overlaps
from dedup.fingerprint.mixing import fmix64
from dedup.fingerprint.signature import Permutations, signatures
from dedup.hashing import window_hashes
from dedup.index.postings import BUCKET_END

BLOCK_PAIRS = 1 << 14
"""Pairs of sketches compared at once: 4 MB, which stays in the cache."""


@dataclass(frozen=True, slots=True)
class Wording:
    """How much of their hapaxes two articles must have in common.

    Attributes:
        bitmaps: uint64, shape (n_articles, BITS // 64): see ``dedup.batch.hapaxes``.
        tongues: uint32, shape (n_articles,): see ``dedup.batch.gate``. It is asked of those only
            that their words tell apart.
        resemblance: At least.
    """

    bitmaps: NDArray[np.uint64]
    tongues: NDArray[np.uint32]
    resemblance: float


@dataclass(frozen=True, slots=True)
class Likeness:
    """What two articles must have in common beside a key.

    Attributes:
        sketches: uint8, shape (n_articles, n_permutations), at most 255 of these.
        least: Values that their sketches must agree in; 0 if nothing is asked.
        wording: What is asked of their wording; None if nothing.
    """

    sketches: NDArray[np.uint8]
    least: int
    wording: Wording | None = None

    def holds(self, earlier: NDArray[np.uint32], later: NDArray[np.uint32]) -> NDArray[np.bool_]:
        """Which pairs have it: bool, shape (n_pairs,)."""
        alike = np.ones(len(earlier), dtype=bool)
        if self.least:
            alike = agreeing(self.sketches, earlier, later) >= self.least
        if self.wording is not None:
            wording, which = self.wording, np.flatnonzero(alike)
            a, b = earlier[which], later[which]
            told = (wording.tongues[a] == wording.tongues[b]) & (wording.tongues[a] != 0)
            overlap = overlaps(wording.bitmaps, a, b)
            alike[which] = ~told | (overlap.resemblance >= wording.resemblance)
        return alike


def sort(keys: NDArray[np.uint64], values: NDArray[np.uint64]) -> None:
    """Sort by key, then value, in place.

    Args:
        keys: uint64, shape (n,).
        values: uint64, shape (n,): what stands beside each key.
    """
    order = np.lexsort((values, keys))
    keys[:] = keys[order]
    values[:] = values[order]


def add_up(keys: NDArray[np.uint64], values: NDArray[np.uint64]) -> int:
    """Sort by key, and make one of all equal keys, with the sum of their values, in place.

    Returns:
        How many there are then; what stands behind them means nothing.
    """
    if not len(keys):
        return 0
    order = np.argsort(keys)
    ordered = keys[order]
    firsts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    keys[: len(firsts)] = ordered[firsts]
    values[: len(firsts)] = np.add.reduceat(values[order], firsts)
    return len(firsts)


def agreeing(
    sketches: NDArray[np.uint8], earlier: NDArray[np.uint32], later: NDArray[np.uint32]
) -> NDArray[np.uint8]:
    """How many values the sketches of two articles agree in.

    Args:
        sketches: uint8, shape (n_articles, n_permutations), at most 255 of these.
        earlier: uint32, shape (n_pairs,): of each pair one article.
        later: uint32, shape (n_pairs,): the other.

    Returns:
        uint8, shape (n_pairs,).
    """
    counts = np.empty(len(earlier), dtype=np.uint8)
    for start in range(0, len(earlier), BLOCK_PAIRS):
        block = slice(start, start + BLOCK_PAIRS)
        same = sketches[earlier[block]] == sketches[later[block]]
        counts[block] = np.count_nonzero(same, axis=1)
    return counts


def collide(
    buckets: Buckets,
    part: range,
    worth: NDArray[np.uint64],
    likeness: Likeness,
    reach: int = BUCKET_END,
) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """The pairs in which the articles of some entries are the later ones.

    Args:
        buckets: Of two entries and more.
        part: Places of the later articles' entries in ``buckets``.
        worth: uint64: what a collision in a bucket of each length counts; its last value holds
            for all longer ones.
        likeness: Pairs without it are left out.
        reach: How many of the oldest in its bucket an article meets, and how many right before it.

    Returns:
        uint64, shape (n_pairs,), twice: ``earlier << 32 | later``, in no particular order, a pair
        once for every bucket in which it meets; and what the collision counts.
    """
    ranks, firsts = buckets.ranks, buckets.firsts
    bucket = np.searchsorted(firsts, np.arange(part.start, part.stop), side="right") - 1
    counts = worth[np.minimum(buckets.lengths, len(worth) - 1)][bucket]
    pairs, counted = [np.zeros(0, np.uint64)], [np.zeros(0, np.uint64)]
    for earlier, later in _meetings(firsts[bucket], part.start, reach):
        a, b, count = ranks[earlier], ranks[later], counts[later - part.start]
        alike = likeness.holds(a, b)
        pairs.append(a[alike].astype(np.uint64) << RANK_BITS | b[alike])
        counted.append(count[alike])
    return np.concatenate(pairs), np.concatenate(counted)


@dataclass(frozen=True, slots=True)
class ShingleSets:
    """Texts as sets of shingles.

    Attributes:
        elements: uint64, shape (n_elements,): set after set, in each ascending, all different.
        bounds: int64, shape (n_sets + 1,): set i stands from ``bounds[i]`` to ``bounds[i + 1]``.
    """

    elements: NDArray[np.uint64]
    bounds: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.bounds) - 1

    @property
    def sizes(self) -> NDArray[np.int64]:
        """int64, shape (n_sets,): elements of each."""
        return np.diff(self.bounds)


def shingle_sets(words: NDArray[np.uint64], offsets: NDArray[np.int64], size: int) -> ShingleSets:
    """The shingles of texts, with all 64 bits of their hashes.

    Args:
        words: uint64, shape (n_words,): hashes of the words, text after text.
        offsets: int64, shape (n_texts + 1,): text i stands from ``offsets[i]`` to
            ``offsets[i + 1]``.
        size: Words per shingle.
    """
    sets = [
        np.unique(fmix64(window_hashes(words[start:end], size)))
        for start, end in pairwise(offsets.tolist())
    ]
    sizes = [len(elements) for elements in sets]
    return ShingleSets(
        np.concatenate([np.zeros(0, np.uint64), *sets]), np.cumsum([0, *sizes], dtype=np.int64)
    )


def minhash(sets: ShingleSets, drawn: Permutations) -> NDArray[np.uint32]:
    """Sign sets of shingles, as ``dedup.fingerprint`` signs the wording of their texts.

    Args:
        sets: Of a shingle's hash the upper half is what is signed.
        drawn: The permutations.

    Returns:
        uint32, shape (n_sets, n_permutations).
    """
    return signatures((sets.elements >> np.uint64(32)).astype(np.uint32), sets.sizes, drawn)


def common(
    sets: ShingleSets, one: NDArray[np.int64], other: NDArray[np.int64]
) -> NDArray[np.int64]:
    """How many elements two sets have in common.

    Args:
        sets: Some sets.
        one: int64, shape (n_pairs,): of each pair the place of one set.
        other: int64, shape (n_pairs,): the place of the other.

    Returns:
        int64, shape (n_pairs,).
    """
    elements = np.split(sets.elements, sets.bounds[1:-1])
    counts = [
        len(np.intersect1d(elements[a], elements[b], assume_unique=True))
        for a, b in zip(one.tolist(), other.tolist(), strict=True)
    ]
    return np.array(counts, dtype=np.int64)


def _meetings(
    first: NDArray[np.int64], begin: int, reach: int
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
    """Places of two entries that meet, the earlier one's and the later one's.

    Args:
        first: int64: of each later one, the place of the first in its bucket.
        begin: The place of the first later one; the others follow it.
        reach: See ``collide``.
    """
    place = np.arange(begin, begin + len(first))
    most_before = int((place - first).max(initial=0))
    for back in range(1, min(reach, most_before) + 1):
        later = place[place - back >= first]
        yield later - back, later
    for ahead in range(min(reach, most_before - reach)):
        later = place[place - first > ahead + reach]
        yield first[later - begin] + ahead, later
