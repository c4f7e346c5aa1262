"""What a process of the service does beside answering: let go of what is not to be kept."""

from __future__ import annotations

import atexit
import os
import random
from logging import Logger
from threading import Event, Lock, Thread
from typing import Final

from dedup.errors import StoreError
from dedup.pipeline import Detector

SECONDS: Final = 30.0
"""Between two looks, on average. It bounds how long a text that another process has deleted
stays in this one's memory. A look that finds nothing takes two round trips."""

JITTER: Final = 0.5
"""Share by which a pause is longer or shorter, so that many processes look at many times."""

BATCH: Final = 16
"""Articles removed before the process is asked whether it is to end: one of each shard."""

MOST: Final = 256
"""Articles removed per look at most: with some 4 ms each a second of work, 3 % of the time, so
that a backlog does not keep requests waiting. ``secondhand index expire`` removes it at once."""

STOP_SECONDS: Final = 2.0
"""How long the end of a process waits for a batch; an index that hangs is not waited for."""


class Sweeper:
    """Removes articles whose time is up, in a thread of its own, while others answer.

    Many processes may do so at once: removing what is removed is nothing. Safe for threads,
    and after a fork in both processes.

    Args:
        detector: Its index is looked after, and its memory.
        logger: Told why a look was in vain.
        seconds: Between two looks, on average.
    """

    def __init__(self, detector: Detector, logger: Logger, seconds: float = SECONDS) -> None:
        self._detector = detector
        self._logger = logger
        self._seconds = seconds
        self._lock = Lock()
        self._stopped = Event()
        self._thread: Thread | None = None
        self._owner = 0

    def start(self) -> None:
        """Begin, if this process has not yet begun."""
        if self._owner == os.getpid():
            return
        with self._lock:
            if self._owner != os.getpid():
                self._stopped = Event()
                self._thread = Thread(target=self._run, name="sweeper", daemon=True)
                self._owner = os.getpid()
                self._thread.start()
                # Before the index is let go of, which is registered earlier.
                atexit.register(self.stop)

    def stop(self) -> None:
        """End for good in this process, after the batch under way."""
        if self._thread is not None and self._owner == os.getpid():
            self._stopped.set()
            self._thread.join(STOP_SECONDS)
            atexit.unregister(self.stop)

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self._look()
            except StoreError as error:
                self._logger.warning("expired articles are not removed for now: %s", error)
            except Exception:
                # One article that cannot be removed must not end the removal of all others.
                self._logger.exception("expired articles are not removed for now")
            pause = random.uniform(1 - JITTER, 1 + JITTER)  # noqa: S311 - no secret
            self._stopped.wait(self._seconds * pause)

    def _look(self) -> None:
        removed = 0
        while removed < MOST and not self._stopped.is_set():
            batch = self._detector.expire(BATCH)
            removed += batch
            if not batch:
                break
        self._detector.forget_removed()
