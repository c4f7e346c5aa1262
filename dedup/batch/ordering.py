"""An order in which those that belong to a pair stand near each other.

Whoever goes through pairs in it makes each article ready once, not once a pair, though few are
kept ready.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable, Iterator
from heapq import heappop, heappush
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array

MOST_READY: Final = 1000
"""Articles taken to be kept ready: as many as a worker with the usual memory keeps
(``dedup.batch.budget``). Of 40,000 articles of newswire, 24,032 of which have a pair, 26,500 are then
made ready, and 25,900 if it keeps 4,000; in an order by Cuthill and McKee, for whoever keeps all
between two of a pair, 35,600 and 27,200."""


def places_in_turn(
    queries: NDArray[np.uint32], candidates: NDArray[np.uint32], most_ready: int = MOST_READY
) -> NDArray[np.int64]:
    """The place of every query in an order for whoever keeps the articles asked for last.

    Next is always the query of which the largest share of articles is ready; of several the one
    that came to it last, and if none is near the one with the fewest candidates. It takes 4 to
    8 µs and 100 to 200 bytes a pair.

    Args:
        queries: uint32, shape (n_pairs,): of each pair the article that others are compared with.
        candidates: uint32, shape (n_pairs,): the other.
        most_ready: Articles that are kept.

    Returns:
        int64: by article, up to the largest query; of those that are none, 0.
    """
    if not len(queries):
        return np.zeros(0, dtype=np.int64)
    asked, rows = np.unique(queries, return_inverse=True)
    articles, columns = np.unique(np.concatenate([asked, candidates]), return_inverse=True)
    rows = np.concatenate([np.arange(len(asked)), rows])
    entries = np.ones(len(rows), dtype=bool), (rows, columns)
    needs = coo_array(entries, (len(asked), len(articles))).tocsr()
    places = np.zeros(int(asked[-1]) + 1, dtype=np.int64)
    places[asked[list(_in_turn(needs, most_ready))]] = np.arange(len(asked))
    return places


def _in_turn(needs: csr_array, most_ready: int) -> Iterator[int]:
    """Rows of a matrix, each of which needs some columns ready."""
    needed_by = needs.T.tocsr()
    near = _Near(np.diff(needs.indptr).tolist())
    ready: OrderedDict[int, None] = OrderedDict()
    while (row := near.take()) is not None:
        yield row
        for column in _columns(needs, row):
            if column not in ready:
                near.gain(_columns(needed_by, column))
            ready[column] = None
            ready.move_to_end(column)
        while len(ready) > most_ready:
            oldest, _ = ready.popitem(last=False)
            near.lose(_columns(needed_by, oldest))


def _columns(matrix: csr_array, row: int) -> list[int]:
    found: list[int] = matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]].tolist()
    return found


class _Near:
    """Rows that wait, by how much of what they need is not ready.

    Args:
        sizes: How much each of them needs.
    """

    def __init__(self, sizes: list[int]) -> None:
        self._sizes = sizes
        self._missing = sizes.copy()
        self._waits = [True] * len(sizes)
        self._far = iter(sorted(range(len(sizes)), key=sizes.__getitem__))
        self._turn = 0
        # What of a row was missing when it came near, the turn, and the row. It may have lost
        # something since; what it gained has an entry of its own, before this one.
        self._heap: list[tuple[float, int, int]] = []

    def gain(self, rows: Iterable[int]) -> None:
        """Something is ready that these need."""
        for row in rows:
            self._missing[row] -= 1
            if self._waits[row]:
                self._push(row)

    def lose(self, rows: Iterable[int]) -> None:
        """Something is ready no more that these need."""
        for row in rows:
            self._missing[row] += 1

    def take(self) -> int | None:
        """The next one; None if none waits."""
        row = self._nearest()
        if row is None:
            row = next((row for row in self._far if self._waits[row]), None)
        if row is not None:
            self._waits[row] = False
            self._turn += 1
        return row

    def _nearest(self) -> int | None:
        while self._heap:
            was_missing, _, row = heappop(self._heap)
            if self._waits[row]:
                if self._share(row) <= was_missing:
                    return row
                if self._share(row) < 1:
                    self._push(row)
        return None

    def _push(self, row: int) -> None:
        heappush(self._heap, (self._share(row), -self._turn, row))

    def _share(self, row: int) -> float:
        return self._missing[row] / self._sizes[row]
