"""Tasks shared out so that neighbours go to the same worker, which has kept what they share."""

from __future__ import annotations

from itertools import pairwise


class Shares:
    """Tasks in a row, of which each worker has a range of its own.

    Args:
        n_tasks: How many there are.
        n_workers: Who share them.
    """

    def __init__(self, n_tasks: int, n_workers: int) -> None:
        bounds = [n_tasks * worker // n_workers for worker in range(n_workers + 1)]
        self._left = [range(*ends) for ends in pairwise(bounds)]

    def take(self, worker: int) -> int | None:
        """The next task of a worker; None if none is left.

        Who has done its own takes from the end of the longest range that is left.
        """
        own = self._left[worker]
        if own:
            self._left[worker] = own[1:]
            return own[0]
        longest = max(range(len(self._left)), key=lambda other: len(self._left[other]))
        others = self._left[longest]
        self._left[longest] = others[:-1]
        return others[-1] if others else None
