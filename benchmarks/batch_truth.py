"""The true Jaccard similarity of word 5-shingle sets: exact, and for all pairs.

Independent of the product and of its peers: words by a regular expression, shingles as 64-bit
hashes (among 100 million of them the chance that any two collide is .0003).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import xxhash
from batch_planting import WORD
from numpy.typing import NDArray

SHINGLE = 5
"""Words in a shingle."""

MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)
ENTRIES = 8_000_000
"""Pairs held at a time while shingles are joined, 64 MB."""


@dataclass(frozen=True)
class ShingleSets:
    """The shingle sets of many articles, one after another.

    Attributes:
        values: Hashes of shingles, of each article ascending and distinct: uint64, shape
            (n_shingles,).
        starts: Where each article's begin, and the end: int64, shape (n_articles + 1,).
    """

    values: NDArray[np.uint64]
    starts: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.starts) - 1

    def of(self, article: int) -> NDArray[np.uint64]:
        """The shingles of one article."""
        return self.values[self.starts[article] : self.starts[article + 1]]

    def jaccard(self, pairs: NDArray[np.int64]) -> NDArray[np.float64]:
        """The true similarity of pairs of articles.

        Args:
            pairs: Articles' places: int64, shape (n_pairs, 2).

        Returns:
            From 0 to 1, 0 where neither has a shingle: float64, shape (n_pairs,).
        """
        return np.array([self._jaccard(first, second) for first, second in pairs.tolist()], float)

    def _jaccard(self, first: int, second: int) -> float:
        one, other = self.of(first), self.of(second)
        both = np.concatenate([one, other])
        both.sort()
        shared = int(np.count_nonzero(both[1:] == both[:-1]))
        return shared / max(1, len(both) - shared)


def shingle_sets(texts: Iterable[str]) -> ShingleSets:
    """The shingle sets of texts, lower-cased."""
    words = _Words()
    sets = [_shingles(words.hashes(text)) for text in texts]
    lengths = np.array([0, *(len(one) for one in sets)], np.int64)
    values = np.concatenate([np.empty(0, np.uint64), *sets])
    return ShingleSets(values, np.cumsum(lengths))


class _Words(dict[str, int]):
    """The hash of every word met."""

    def __missing__(self, word: str) -> int:
        self[word] = made = xxhash.xxh3_64_intdigest(word.encode())
        return made

    def hashes(self, text: str) -> NDArray[np.uint64]:
        words = WORD.findall(text.lower())
        return np.array(list(map(self.__getitem__, words)), np.uint64)


def _shingles(words: NDArray[np.uint64]) -> NDArray[np.uint64]:
    n_shingles = len(words) - SHINGLE + 1
    if n_shingles < 1:
        return np.empty(0, np.uint64)
    made = np.zeros(n_shingles, np.uint64)
    for place in range(SHINGLE):  # a polynomial; then mixed, so that its order says nothing
        made = made * MULTIPLIER + words[place : place + n_shingles]
    made ^= made >> np.uint64(29)
    return np.unique(made * MULTIPLIER)


def similar_pairs(sets: ShingleSets, floor: float) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """All pairs of articles at least so similar: exact, none left out.

    Prefix filtering (Chaudhuri, Ganti and Kaushik 2006; Bayardo, Ma and Srikant 2007): with the
    shingles of every article in one order, rarest first, two articles of similarity t share one
    among the first n - ceil(t n) + 1 of either. Most articles have that many shingles that
    nobody else has, and are done with.

    Args:
        sets: The articles' shingles.
        floor: Least similarity, above 0.

    Returns:
        Pairs, the lower place first, ascending: int64, shape (n_pairs, 2); and how similar each
        is: float64, shape (n_pairs,).
    """
    shingles, owners = _prefixes(sets, floor)
    order = np.lexsort((owners, shingles))
    candidates = _joined(shingles[order], owners[order])
    lengths = np.diff(sets.starts)
    shorter, longer = np.sort(lengths[candidates], axis=1).T
    candidates = candidates[shorter >= floor * longer]
    jaccard = sets.jaccard(candidates)
    return candidates[jaccard >= floor], jaccard[jaccard >= floor]


def _prefixes(sets: ShingleSets, floor: float) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """The shingles in the prefix of any article that another article has too, and whose."""
    lengths = np.diff(sets.starts)
    owners = np.repeat(np.arange(len(sets)), lengths)
    frequency = _frequencies(sets.values)
    shared = frequency > 1
    alone = lengths - np.bincount(owners[shared], minlength=len(sets))
    prefix = lengths - np.ceil(floor * lengths).astype(np.int64) + 1
    shared &= (alone < prefix)[owners]
    values, owners, frequency = sets.values[shared], owners[shared], frequency[shared]
    order = np.lexsort((values, frequency, owners))
    values, owners = values[order], owners[order]
    firsts = np.searchsorted(owners, np.arange(len(sets)))
    places = np.arange(len(owners)) - firsts[owners] + alone[owners]
    return values[places < prefix[owners]], owners[places < prefix[owners]]


def _frequencies(values: NDArray[np.uint64]) -> NDArray[np.int32]:
    """How many articles have each entry's shingle."""
    order = np.argsort(values)
    ends = np.flatnonzero(np.diff(values[order], append=~values[order[-1:]])) + 1
    sizes = np.diff(ends, prepend=0)
    frequencies = np.empty(len(values), np.int32)
    frequencies[order] = np.repeat(sizes, sizes)
    return frequencies


def _joined(shingles: NDArray[np.uint64], owners: NDArray[np.int64]) -> NDArray[np.int64]:
    """All pairs of owners of one shingle, each once: int64, shape (n_pairs, 2)."""
    ends = np.flatnonzero(np.diff(shingles, append=~shingles[-1:])) + 1
    starts = np.concatenate([np.zeros(1, np.int64), ends[:-1]])
    made = [np.empty(0, np.int64)]
    for first, last in _portions(ends - starts):
        made.append(np.unique(np.concatenate(list(_pairs(owners, starts, ends, first, last)))))
    codes = np.unique(np.concatenate(made))
    return np.column_stack([codes >> 32, codes & 0xFFFFFFFF])


def _portions(sizes: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Ranges of buckets that make some ``ENTRIES`` pairs each."""
    pairs = np.cumsum(sizes * (sizes - 1) // 2)
    first = 0
    while first < len(sizes):
        before = pairs[first - 1] if first else 0
        last = max(first + 1, int(np.searchsorted(pairs, before + ENTRIES, "right")))
        yield first, last
        first = last


def _pairs(
    owners: NDArray[np.int64],
    starts: NDArray[np.int64],
    ends: NDArray[np.int64],
    first: int,
    last: int,
) -> Iterator[NDArray[np.int64]]:
    """The pairs of buckets, the buckets of one size at a time."""
    sizes = (ends - starts)[first:last]
    for size in np.unique(sizes[sizes > 1]).tolist():
        at = starts[first:last][sizes == size]
        members = owners[at[:, None] + np.arange(size)]
        one, other = np.triu_indices(size, 1)
        yield (members[:, one] << 32 | members[:, other]).ravel()
    yield np.empty(0, np.int64)
