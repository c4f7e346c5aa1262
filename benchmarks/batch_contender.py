"""Runs a program as a process of its own, and says what it took: CPU time, wall time, memory.

CPU time is that of the program and all its children, user and system, as the kernel books it.
Memory is what the processes hold together and no file could give back: anonymous and shared
pages, each counted once (``Pss_Anon`` and ``Pss_Shmem`` of Linux), read ten times a second.
Pages of mapped files are left out; the kernel takes them back when it needs them.
"""

from __future__ import annotations

import os
import resource
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

SAMPLED = 0.1
"""Seconds between two looks at the memory."""

HELD = ("Pss_Anon:", "Pss_Shmem:")


@dataclass(frozen=True)
class Spent:
    """What a run took.

    Attributes:
        cpu: Seconds of CPU time.
        wall: Seconds.
        peak: Most memory held at once, in bytes.
        output: What it printed.
    """

    cpu: float
    wall: float
    peak: int
    output: str


@dataclass
class Watch:
    """Looks at the memory of a process and its descendants until it is told to stop."""

    pid: int
    peak: int = 0
    done: threading.Event = field(default_factory=threading.Event)

    def run(self) -> None:
        """Look again and again."""
        while not self.done.wait(SAMPLED):
            self.peak = max(self.peak, sum(map(held_by, with_descendants(self.pid))))


def run(command: Sequence[str | Path], address_space: int, cores: int | None = None) -> Spent:
    """Run a program to its end.

    Args:
        command: The program and its arguments. What it writes to stderr is shown.
        address_space: Bytes that each of its processes may map at most.
        cores: How many it may use; all that there are if not said.

    Raises:
        SystemExit: It failed.
    """

    def limited() -> None:
        resource.setrlimit(resource.RLIMIT_AS, (address_space, address_space))
        if cores is not None:
            os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:cores])

    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    process = subprocess.Popen(
        list(map(str, command)),
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=limited,  # noqa: PLW1509 - no other thread runs here yet
    )
    watch = Watch(process.pid)
    watching = threading.Thread(target=watch.run)
    watching.start()
    output, _ = process.communicate()
    watch.done.set()
    watching.join()
    wall = time.perf_counter() - began
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if process.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} failed ({process.returncode})")
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Spent(cpu, wall, watch.peak, output)


def with_descendants(pid: int) -> Iterator[int]:
    """A process and all that it or they started, as far as they still run."""
    yield pid
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            children = task.read_text().split()
        except OSError:  # it has ended meanwhile
            continue
        for child in children:
            yield from with_descendants(int(child))


def held_by(pid: int) -> int:
    """Bytes of memory that a process holds; its share of what it holds with others."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:  # it has ended meanwhile
        return 0
    return 1024 * sum(int(line.split()[1]) for line in lines if line.startswith(HELD))
