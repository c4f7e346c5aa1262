"""A worker process: does the tasks that come through its socket, until nobody sends any more.

Not one of ``multiprocessing``: what that starts reads the program's main module once more,
outlives a coordinator that was killed, and may die without anybody's being told how.
"""

from __future__ import annotations

import gc
import os
import pickle
import select
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from threading import Thread
from typing import Any, Final

import pyarrow as pa

COLLECT_AFTER: Final = 50_000
"""Objects that are made, beyond those let go, before Python looks for circles among them; its own
700 take .2 ms a pair, since most of what is made is kept. Hardly anything hangs on circles: two
mirrored comparisons are parted (``Comparison.part``)."""

YOUNG_COLLECTIONS: Final = 50
"""So often it looks among these alone, before it looks among those that it saw once as well; its
own 10 take as long again."""

Task = tuple[Callable[[Any], Any], Any]
"""A function, and what it is called with; both can be pickled."""


@dataclass(frozen=True, slots=True)
class Done:
    """A task was done.

    Attributes:
        value: What it returned.
        cpu: Seconds of CPU time that it took.
    """

    value: Any
    cpu: float


@dataclass(frozen=True, slots=True)
class Failed:
    """A task ended with an error.

    Attributes:
        error: The error; None if it cannot be sent.
        told: Where it happened, for whoever mends it.
    """

    error: Exception | None
    told: str


@contextmanager
def collecting_seldom() -> Iterator[None]:
    """Let Python look for circles of objects seldom, as long as tasks are done."""
    usual = gc.get_threshold()
    gc.set_threshold(COLLECT_AFTER, YOUNG_COLLECTIONS)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


def do(task: Task) -> Done | Failed:
    """Do a task here."""
    function, argument = task
    begin = time.process_time()
    try:
        value = function(argument)
    except Exception as error:  # noqa: BLE001  # whatever it is, it is told where it can be read
        return Failed(_sendable(error), traceback.format_exc())
    return Done(value, time.process_time() - begin)


def _sendable(error: Exception) -> Exception | None:
    try:
        sent: Exception = pickle.loads(pickle.dumps(error))  # noqa: S301  # our own bytes
    except Exception:  # noqa: BLE001  # an error's arguments may be anything
        return None
    return sent


def _end_with(descriptor: int) -> None:
    """End this process when the other end of the socket is closed, whatever it is at.

    What it is at is not lost more than if it were killed, and whoever goes on need not wait.
    """
    closed = select.poll()
    closed.register(descriptor, 0)  # no data, nothing but the end
    closed.poll()
    os._exit(0)


def main(descriptor: int) -> None:
    """Do tasks until the other end of the socket is closed."""
    pa.set_cpu_count(1)
    Thread(target=_end_with, args=(descriptor,), daemon=True).start()
    connection = Connection(descriptor)
    try:
        with collecting_seldom():
            while True:
                connection.send(do(connection.recv()))
    except (EOFError, BrokenPipeError, ConnectionResetError):
        return  # Whoever sent the tasks is gone; what was done is on the disk.
