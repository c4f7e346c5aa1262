"""How the memory that a run may take is shared among its processes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dedup.errors import InputError

MEGABYTE: Final = 1 << 20

PROCESS: Final = 180 * MEGABYTE
"""What a process takes before it holds an article: the interpreter with its libraries 110 MB, word
frequencies and stems of a language or two 60 MB."""

LEAST_SHARE: Final = 150 * MEGABYTE
"""What a worker needs beyond that: a piece with all that is made of its articles, or the least
that a join sorts at once."""

READY_BYTES: Final = 120
"""Memory per character of a text that is kept ready for comparison, the text with it."""

READY_SHARE: Final = 0.5
"""Part of a worker's share for articles that it keeps ready; the rest is for what it is at."""

MOST_READY: Final = 20_000_000
"""Characters kept ready at most, 5,000 articles: pairs that are near each other are compared one
after the other, so more than that is of no use."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What each worker may take.

    Attributes:
        share: Bytes beyond ``PROCESS``.
    """

    share: int

    @property
    def characters(self) -> int:
        """Of texts that it keeps ready for comparison."""
        return min(MOST_READY, int(self.share * READY_SHARE) // READY_BYTES)


USUAL: Final = 2048 * MEGABYTE
"""What a run takes if nobody says: little for a laptop, and enough for five workers."""

USUAL_OF_WORKER: Final = 512 * MEGABYTE
"""The same of each worker, where there are more."""


def usual_memory(workers: int) -> int:
    """Bytes that a run of so many workers takes, if nobody says."""
    return max(USUAL, workers * USUAL_OF_WORKER)


def most_workers(memory: int) -> int:
    """How many workers so much memory is enough for; one at least."""
    return max(1, (memory - PROCESS) // (PROCESS + LEAST_SHARE))


def share_out(memory: int, workers: int) -> Budget:
    """Share memory among a coordinator and its workers.

    Args:
        memory: Bytes for all.
        workers: How many.

    Raises:
        InputError: It is too little for so many.
    """
    processes = workers + 1 if workers > 1 else 1
    share = (memory - processes * PROCESS) // workers
    if share < LEAST_SHARE:
        least = processes * PROCESS + workers * LEAST_SHARE
        raise InputError(
            f"{workers} workers need {least // MEGABYTE + 1} MB at least; give more --memory, or "
            "fewer --workers"
        )
    return Budget(share)
