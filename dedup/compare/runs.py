"""Exact runs: stretches of words that stand word for word in both texts, wherever."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.compare.kernel import kernel

MIN_RUN_WORDS = 8
"""Shortest run that counts as copied wording. Shorter ones are set phrases: "at the end of
the day"; the labels of the development sets were made with the same length."""

MAX_REPEATS = 8
"""Places in the candidate that one window is paired with at most. Bounds the work on texts
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

    Windows that lie on one diagonal join into a maximal run (greedy string tiling, Wise 1993,
    with all runs found at once). Moved passages are found like any other.

    Args:
        query: uint64 (n,), word hashes.
        candidate: uint64 (m,), word hashes.
        shortest: Least length of a run, in words.

    Returns:
        Runs in the order of the query.
    """
    return kernel.common_runs(Run, query, candidate, (shortest, MAX_REPEATS, MAX_RUNS))
