"""Exact runs: stretches of words that stand word for word in both texts, wherever."""

from __future__ import annotations

from dataclasses import dataclass
from operator import or_
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.hashing import window_hashes

MIN_RUN_WORDS = 8
"""Shortest run that counts as copied wording. Shorter ones are set phrases: "at the end of
the day"; the labels of the development sets were made with the same length."""

MAX_REPEATS = 8
"""Places in the candidate that one seed is paired with at most. Bounds the work on texts
that repeat a line; a run is lost only if it stands in the text more often than this."""

MAX_RUNS = 5_000
"""Longest maximal runs that are tiled. Bounds the work on texts of one word over and over; an
article has room for some hundred runs."""

_TAKEN = b"\1"


class Run(NamedTuple):
    """``length`` equal words, from ``query`` in one text and ``candidate`` in the other."""

    query: int
    candidate: int
    length: int


@dataclass(frozen=True, slots=True)
class Seeds:
    """All windows of so many words of a text, sorted once for any number of comparisons.

    Attributes:
        hashes: uint64 (s,), ascending.
        places: int64 (s,): where each stands, ascending among equal hashes.
        n_words: Words of the text.
        length: Words of a window.
    """

    hashes: NDArray[np.uint64]
    places: NDArray[np.int64]
    n_words: int
    length: int

    @classmethod
    def of(cls, words: NDArray[np.uint64], length: int) -> Seeds:
        """Of a text's word hashes: uint64 (n_words,)."""
        hashes = window_hashes(words, length)
        places = np.argsort(hashes, kind="stable")
        return cls(hashes[places], places, len(words), length)


def exact_runs(
    query: NDArray[np.uint64], candidate: NDArray[np.uint64], shortest: int = MIN_RUN_WORDS
) -> tuple[Run, ...]:
    """Find the common runs of two texts that are compared once.

    Args:
        query: uint64 (n,), word hashes.
        candidate: uint64 (m,), word hashes.
        shortest: Least length of a run, in words.

    Returns:
        Runs in the order of the query.
    """
    return common_runs(Seeds.of(query, shortest), Seeds.of(candidate, shortest))


def common_runs(query: Seeds, candidate: Seeds) -> tuple[Run, ...]:
    """Tile two texts with common runs, longest first, no word used twice on either side.

    Seeds that lie on one diagonal join into a maximal run (greedy string tiling, Wise 1993,
    with all runs found at once). Moved passages are found like any other.

    Args:
        query: Its windows; their length is that of the shortest run.
        candidate: Likewise, of the same length.

    Returns:
        Runs in the order of the query.
    """
    taken_query, taken_candidate = bytearray(query.n_words), bytearray(candidate.n_words)
    tiles: list[Run] = []
    for run in _maximal_runs(query, candidate):
        tile = _longest_free(run, taken_query, taken_candidate)
        if tile.length >= query.length:
            taken = _TAKEN * tile.length
            taken_query[tile.query : tile.query + tile.length] = taken
            taken_candidate[tile.candidate : tile.candidate + tile.length] = taken
            tiles.append(tile)
    tiles.sort()
    return tuple(tiles)


def _maximal_runs(query: Seeds, candidate: Seeds) -> list[Run]:
    """Longest first; of equally long ones the first in the query, then in the candidate."""
    at_query, at_candidate = _seed_pairs(query, candidate)
    if not len(at_query):
        return []
    # Diagonal first, place in the query second, as one number: the next seed of a run is one
    # more, and the first of another diagonal is always more than that.
    stride = query.n_words + 1
    seeds = np.sort((at_candidate - at_query) * stride + at_query)
    breaks = np.flatnonzero(np.diff(seeds) != 1) + 1
    ends = np.append(breaks, len(seeds))
    firsts = np.concatenate(([0], breaks))
    lengths = ends - firsts + query.length - 1
    if len(firsts) > MAX_RUNS:
        longest = np.argsort(-lengths, kind="stable")[:MAX_RUNS]
        firsts, lengths = firsts[longest], lengths[longest]
    diagonal, start = np.divmod(seeds[firsts], stride)
    ordered = sorted(
        zip((-lengths).tolist(), start.tolist(), (start + diagonal).tolist(), strict=True)
    )
    return [Run(i, j, -shortened) for shortened, i, j in ordered]


def _seed_pairs(query: Seeds, candidate: Seeds) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """All pairs of places with equal seeds, at most ``MAX_REPEATS`` per query seed."""
    if not len(candidate.hashes):
        return candidate.places, candidate.places
    low = np.searchsorted(candidate.hashes, query.hashes)
    met = np.flatnonzero(candidate.hashes.take(low, mode="clip") == query.hashes)
    if not len(met):
        return met, met
    low, hashes = low[met], query.hashes[met]
    high = np.searchsorted(candidate.hashes, hashes, side="right")
    counts = np.minimum(high - low, MAX_REPEATS)
    at_query = np.repeat(query.places[met], counts)
    offsets = np.arange(len(at_query)) - np.repeat(np.cumsum(counts) - counts, counts)
    at_candidate = candidate.places[np.repeat(low, counts) + offsets]
    return at_query, at_candidate


def _longest_free(run: Run, taken_query: bytearray, taken_candidate: bytearray) -> Run:
    """The longest part of a run whose words no longer run has taken."""
    ours = taken_query[run.query : run.query + run.length]
    theirs = taken_candidate[run.candidate : run.candidate + run.length]
    if _TAKEN not in ours and _TAKEN not in theirs:
        return run
    stretches = bytes(map(or_, ours, theirs)).split(_TAKEN)
    longest = max(stretches, key=len)
    start = 0
    for stretch in stretches:
        if stretch is longest:
            break
        start += len(stretch) + 1
    return Run(run.query + start, run.candidate + start, len(longest))
