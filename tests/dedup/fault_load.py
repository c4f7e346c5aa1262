"""Writers at work on an index: threads of this process, or processes that may be killed.

Every writer has ids of its own, so what an id may name is known from what was acknowledged;
and every text is put once, so what an id names tells which write did it. A write that was
refused is made again until it is through, unless the writer is to stop there.
"""

from __future__ import annotations

import itertools
import multiprocessing
import random
import threading
import traceback
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from multiprocessing.connection import Connection
from multiprocessing.context import ForkProcess
from pathlib import Path
from typing import Protocol

from fault_book import Book, Note, Tell, Write
from fault_desks import Desk, DetectorDesk

from dedup.config import Settings
from dedup.errors import StoreError
from dedup.index import open_index

FORK = multiprocessing.get_context("fork")

WRITERS = 4
DELETIONS = 0.1
"""Share of the writes."""

AGAIN_SECONDS = 0.005
"""Between two tries of a write that was refused."""


class Stop(Protocol):
    """What ends a writer; as ``threading.Event``."""

    def is_set(self) -> bool:
        """Whether to stop."""
        ...

    def wait(self, timeout: float | None = None) -> bool:
        """Wait for it; whether to stop."""
        ...


def write_on(
    desk: Desk, writer: int, seed: str, tell: Tell, stop: Stop, *, stubborn: bool = True
) -> None:
    """Write until told to stop; unless stubborn, until the first refusal."""
    try:
        for write in writes(desk, writer, seed):
            if stop.is_set():
                return
            tell(Note(writer, "begun", write))
            while not accepted(desk, write, writer, tell):
                if stop.wait(AGAIN_SECONDS) or not stubborn:
                    return
            tell(Note(writer, "acknowledged"))
    except Exception:
        tell(Note(writer, "failed", error=traceback.format_exc()))
        raise


def accepted(desk: Desk, write: Write, writer: int, tell: Tell) -> bool:
    """Try a write; an error of the index is told."""
    try:
        desk.write(write)
    except StoreError as error:
        tell(Note(writer, "refused", error=type(error).__name__))
        return False
    return True


def writes(desk: Desk, writer: int, seed: str) -> Iterator[Write]:
    """New articles, new texts of articles that there are, deletions; the same for a seed."""
    chance = random.Random(f"{seed} {writer}")
    for n in itertools.count():
        article_id = f"{seed}-{writer}-{chance.randrange(n // 2 + 1)}"
        is_deletion = chance.random() < DELETIONS
        yield Write(article_id, None if is_deletion else desk.text(n, f"{seed}-{writer}", chance))


@contextmanager
def threads_writing(desk: Desk, book: Book, seed: str, *, stubborn: bool = True) -> Iterator[None]:
    """Have threads write on one index meanwhile."""
    stop = threading.Event()
    with ThreadPoolExecutor(WRITERS) as pool:
        running = [
            pool.submit(write_on, desk, writer, seed, book.hear, stop, stubborn=stubborn)
            for writer in range(WRITERS)
        ]
        try:
            yield
        finally:
            stop.set()
    for writer in running:
        writer.result()


class StopPipe:
    """Ends the writer at one end of a pipe when the other end says so, or is gone."""

    def __init__(self, end: Connection) -> None:
        self._end = end

    def is_set(self) -> bool:
        """See ``Stop``."""
        return self._end.poll()

    def wait(self, timeout: float | None = None) -> bool:
        """See ``Stop``."""
        return self._end.poll(timeout)


@contextmanager
def processes_writing(data_dir: Path, book: Book, seed: str) -> Iterator[list[ForkProcess]]:
    """Have processes write as workers of the service do; each may be killed.

    What a process told before it was killed is read to the end.
    """
    workers, ends = [], []
    for writer in range(WRITERS):
        ours, theirs = FORK.Pipe()
        process = FORK.Process(target=write_as_worker, args=(data_dir, writer, seed, theirs))
        process.start()
        theirs.close()
        workers.append(process)
        ends.append(ours)
    with ThreadPoolExecutor(WRITERS) as listeners:
        for end in ends:
            listeners.submit(listen, end, book)
        try:
            yield workers
        finally:
            for worker, end in zip(workers, ends, strict=True):
                with suppress(OSError):  # It may have been killed.
                    end.send("stop")
                worker.join()
    for end in ends:
        end.close()


def write_as_worker(data_dir: Path, writer: int, seed: str, end: Connection) -> None:
    """What such a process does."""
    settings = Settings()
    with closing(open_index(data_dir=data_dir, redis_url=None, settings=settings)) as index:
        write_on(DetectorDesk(index, settings), writer, seed, end.send, StopPipe(end))


def listen(end: Connection, book: Book) -> None:
    """Write down what a process tells, until it has ended."""
    with suppress(EOFError, ConnectionResetError):
        while True:
            book.hear(end.recv())
