"""Some processes that share a run's tasks; one of them is this one if there is to be only one.

The results of tasks come in any order. So a task must write what it makes under a name of its
own, and nothing may depend on which one ends first.
"""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack
from multiprocessing.connection import Connection, wait
from types import TracebackType
from typing import Any, Final, Self, cast

from dedup.batch.shares import Shares
from dedup.batch.worker import Done, Failed, collecting_seldom, do
from dedup.errors import BatchError

PROGRAM: Final = """\
import sys
sys.path[:] = sys.argv[2:]
from dedup.batch.worker import main
main(int(sys.argv[1]))
"""
"""What a worker runs: modules are found where this process finds them, and nowhere else."""

_NO_MORE: Final = object()
"""Comes instead of an argument when there are no more."""

GRACE: Final = 5.0
"""Seconds that workers have to end when no more tasks come; then they are killed."""


class Pool:
    """Does tasks in worker processes.

    Args:
        workers: How many; with one, tasks are done in this process.
        keep: File descriptors that workers inherit and hold open as long as they live.
    """

    def __init__(self, workers: int, keep: Sequence[int] = ()) -> None:
        self._keep = tuple(keep)
        self._n = workers
        self._workers: list[_Worker] = []
        self.cpu: defaultdict[str, float] = defaultdict(float)
        """Seconds of CPU time that tasks took in other processes, by the name given to them."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """End the workers; at once, if it is for an error."""
        for worker in self._workers:
            worker.dismiss()
        deadline = time.monotonic() + (GRACE if error is None else 0.0)
        for worker in self._workers:
            worker.end(max(0, deadline - time.monotonic()))
        self._workers = []

    def map(
        self, name: str, function: Callable[[Any], Any], arguments: Iterable[Any]
    ) -> Iterator[Any]:
        """What a function returns for each argument, in any order.

        No more arguments are taken than there are workers to take them.

        Args:
            name: What the tasks' CPU time is counted under.
            function: Can be pickled, as arguments and results.
            arguments: What it is called with, one by one.

        Raises:
            BatchError: A worker died.
        """
        left = iter(arguments)
        yield from self._spread(name, function, lambda _: next(left, _NO_MORE))

    def map_near(
        self, name: str, function: Callable[[Any], Any], arguments: Sequence[Any]
    ) -> Iterator[Any]:
        """The same, with neighbours for the same worker as far as that keeps nobody waiting."""
        shares = Shares(len(arguments), self._n)

        def take(worker: int) -> Any:  # noqa: ANN401  # whatever the function takes
            place = shares.take(worker)
            return _NO_MORE if place is None else arguments[place]

        yield from self._spread(name, function, take)

    def _spread(
        self, name: str, function: Callable[[Any], Any], take: Callable[[int], Any]
    ) -> Iterator[Any]:
        """Do what there is to take, for each worker by its number."""
        if self._n == 1:
            while (argument := take(0)) is not _NO_MORE:
                with collecting_seldom():
                    done = do((function, argument))
                yield self._value(done)[0]
            return
        busy: dict[Connection, _Worker] = {}
        try:
            self._hand_out(function, take, busy)
            while busy:
                yield from self._ready(name, busy)
                self._hand_out(function, take, busy)
        finally:
            self._give_up(busy.values())

    def _hand_out(
        self,
        function: Callable[[Any], Any],
        take: Callable[[int], Any],
        busy: dict[Connection, _Worker],
    ) -> None:
        """Give a task to each worker that has none; it is started if it is not there yet."""
        for number in range(self._n):
            if number < len(self._workers) and self._workers[number].connection in busy:
                continue
            argument = take(number)
            if argument is _NO_MORE:
                return
            if number == len(self._workers):
                self._workers.append(_Worker(self._keep))
            worker = self._workers[number]
            worker.send((function, argument))
            busy[worker.connection] = worker

    def _give_up(self, workers: Iterable[_Worker]) -> None:
        """End workers whose tasks nobody waits for: the next one would get their answers."""
        for worker in workers:
            self._workers.remove(worker)
            worker.dismiss()
            worker.end(0)

    def _ready(self, name: str, busy: dict[Connection, _Worker]) -> Iterator[Any]:
        """Wait until something is done; all that is."""
        for connection in cast(list[Connection], wait(list(busy))):
            value, cpu = self._value(busy.pop(connection).receive())
            self.cpu[name] += cpu
            yield value

    def _value(self, answer: Done | Failed) -> tuple[Any, float]:
        """What a task returned, and the CPU time that it took."""
        if isinstance(answer, Failed):
            if answer.error is None:
                raise BatchError(f"a task failed and cannot say why:\n{answer.told}")
            answer.error.add_note(answer.told)
            raise answer.error
        return answer.value, answer.cpu


class _Worker:
    """One worker process, and the socket to it."""

    def __init__(self, keep: tuple[int, ...]) -> None:
        with ExitStack() as stack:
            ours, theirs = socket.socketpair()
            stack.enter_context(theirs)
            self.connection = Connection(ours.detach())
            # A session of its own: Ctrl-C reaches the coordinator alone, which ends the others.
            self._process = subprocess.Popen(  # noqa: S603  # this very interpreter
                [sys.executable, "-P", "-c", PROGRAM, str(theirs.fileno()), *sys.path],
                pass_fds=(theirs.fileno(), *keep),
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )

    def send(self, task: object) -> None:
        """Give it a task."""
        try:
            self.connection.send(task)
        except (BrokenPipeError, ConnectionResetError):
            raise self._died() from None

    def receive(self) -> Done | Failed:
        """Wait for what comes of its task."""
        try:
            answer: Done | Failed = self.connection.recv()
        except (EOFError, ConnectionResetError):
            raise self._died() from None
        return answer

    def dismiss(self) -> None:
        """Give it no more tasks."""
        self.connection.close()

    def end(self, patience: float) -> None:
        """Wait until it has ended, so many seconds; then kill it."""
        try:
            self._process.wait(patience)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def _died(self) -> BatchError:
        code = self._process.wait()
        if code == -signal.SIGKILL:
            return BatchError(
                "a worker process was killed, most likely because memory ran out: give a smaller "
                "--memory or fewer --workers. What was done is kept; --resume goes on from there"
            )
        how = f"by signal {-code}" if code < 0 else f"with exit code {code}"
        return BatchError(
            f"a worker process ended {how}. What was done is kept; --resume goes on from there"
        )
