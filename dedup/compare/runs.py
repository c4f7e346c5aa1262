"""Exact runs: stretches of words that stand word for word in both texts, wherever."""

from __future__ import annotations

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


class Run(NamedTuple):
    """``length`` equal words, from ``query`` in one text and ``candidate`` in the other."""

    query: int
    candidate: int
    length: int


def exact_runs(
    query: NDArray[np.uint64], candidate: NDArray[np.uint64], shortest: int = MIN_RUN_WORDS
) -> tuple[Run, ...]:
    """Tile two texts with common runs, longest first, no word used twice on either side.

    Seeds are windows of ``shortest`` words; seeds that lie on one diagonal join into a
    maximal run (greedy string tiling, Wise 1993, with all runs found at once). Moved
    passages are found like any other.

    Args:
        query: uint64 (n,), word hashes.
        candidate: uint64 (m,), word hashes.
        shortest: Least length of a run, in words.

    Returns:
        Runs in the order of the query.
    """
    maximal = _maximal_runs(query, candidate, shortest)
    maximal.sort(key=lambda run: (-run.length, run.query, run.candidate))
    free_query = np.ones(len(query), dtype=bool)
    free_candidate = np.ones(len(candidate), dtype=bool)
    tiles: list[Run] = []
    for run in maximal:
        tile = _longest_free(run, free_query, free_candidate)
        if tile.length >= shortest:
            free_query[tile.query : tile.query + tile.length] = False
            free_candidate[tile.candidate : tile.candidate + tile.length] = False
            tiles.append(tile)
    return tuple(sorted(tiles))


def _maximal_runs(
    query: NDArray[np.uint64], candidate: NDArray[np.uint64], shortest: int
) -> list[Run]:
    at_query, at_candidate = _seed_pairs(
        window_hashes(query, shortest), window_hashes(candidate, shortest)
    )
    if not len(at_query):
        return []
    diagonal = at_candidate - at_query
    order = np.lexsort((at_query, diagonal))
    at_query, at_candidate, diagonal = at_query[order], at_candidate[order], diagonal[order]
    breaks = np.flatnonzero((np.diff(diagonal) != 0) | (np.diff(at_query) != 1)) + 1
    first = np.concatenate(([0], breaks))
    last = np.concatenate((breaks, [len(at_query)]))
    lengths = last - first + shortest - 1
    longest = np.argsort(-lengths, kind="stable")[:MAX_RUNS]
    at_query, at_candidate = at_query[first[longest]], at_candidate[first[longest]]
    return [
        Run(int(i), int(j), int(length))
        for i, j, length in zip(at_query, at_candidate, lengths[longest], strict=True)
    ]


def _seed_pairs(
    query: NDArray[np.uint64], candidate: NDArray[np.uint64]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """All pairs of places with equal seeds, at most ``MAX_REPEATS`` per query seed."""
    order = np.argsort(candidate, kind="stable")
    ranked = candidate[order]
    low = np.searchsorted(ranked, query, side="left")
    high = np.searchsorted(ranked, query, side="right")
    counts = np.minimum(high - low, MAX_REPEATS)
    at_query = np.repeat(np.arange(len(query)), counts)
    offsets = np.arange(len(at_query)) - np.repeat(np.cumsum(counts) - counts, counts)
    at_candidate = order[np.repeat(low, counts) + offsets]
    return at_query, at_candidate


def _longest_free(
    run: Run, free_query: NDArray[np.bool_], free_candidate: NDArray[np.bool_]
) -> Run:
    """The longest part of a run whose words no longer run has taken."""
    free = (
        free_query[run.query : run.query + run.length]
        & free_candidate[run.candidate : run.candidate + run.length]
    )
    if free.all():
        return run
    edges = np.flatnonzero(np.diff(np.concatenate(([False], free, [False])).astype(np.int8)))
    starts, ends = edges[::2], edges[1::2]
    if not len(starts):
        return Run(run.query, run.candidate, 0)
    longest = int(np.argmax(ends - starts))
    start = int(starts[longest])
    return Run(run.query + start, run.candidate + start, int(ends[longest]) - start)
