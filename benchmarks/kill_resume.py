"""A batch run killed at random moments and resumed, beside one that nobody disturbs.

    python benchmarks/kill_resume.py INPUT… [--kills 10] [--workers 2] [--seed 1]

`secondhand batch` is run once without disturbance. Then, ``--kills`` times, into a new folder:
it is killed with SIGKILL at a random moment of that time, and resumed with ``--resume``. What is
killed, in turn: the process that was started, whose workers are left to themselves; all
processes at once, as when the machine fails; one worker, picked at random.

All files written must be the same, byte for byte, as those of the undisturbed run, and none
may be there beside them; but ``timing.json``, which says how long it took. Exits with 1
otherwise.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from batch import SECONDHAND
from batch_contender import with_descendants

TIMING = "timing.json"

Kill = Callable[[int, random.Random], None]


def main() -> None:
    """Run, kill, resume, compare."""
    options = read_options()
    chance = random.Random(options.seed)  # noqa: S311 - the same moments every time, no secret
    command = [SECONDHAND, "batch", *options.input, "--workers", str(options.workers), "--quiet"]
    with tempfile.TemporaryDirectory(dir=options.scratch) as folder:
        whole = Path(folder) / "whole"
        began = time.perf_counter()
        with started([*command, "--output", whole]) as process:
            fail_unless(process.wait() == 0, "the undisturbed run failed")
        took = time.perf_counter() - began
        expected = digests(whole)
        print(f"undisturbed: {took:.1f} s, {len(expected)} files")
        differing = 0
        for number in range(options.kills):
            out = Path(folder) / f"killed-{number}"
            name, kill = KILLS[number % len(KILLS)]
            moment = chance.uniform(0, took)
            with started([*command, "--output", out]) as process:
                state = disturb(process, moment, kill, chance)
                with started([*command, "--output", out, "--resume"]) as resumed:
                    fail_unless(resumed.wait() == 0, f"resuming {out} failed")
            differences = compare(expected, digests(out))
            differing += bool(differences)
            said = ", ".join(differences) or "equal"
            print(f"{name} killed after {moment:.1f} s ({state}): {said}", flush=True)
    print(f"{options.kills - differing} of {options.kills} equal the undisturbed run")
    sys.exit(1 if differing else 0)


def disturb(
    process: subprocess.Popen[bytes], moment: float, kill: Kill, chance: random.Random
) -> str:
    """Kill a run after so many seconds; say what became of it."""
    try:
        process.wait(moment)
    except subprocess.TimeoutExpired:
        kill(process.pid, chance)
        return f"exit status {process.wait()}"
    return "it had ended"


def kill_first(pid: int, _: random.Random) -> None:
    """Kill the process that was started, and none of its workers."""
    os.kill(pid, signal.SIGKILL)


def kill_all(pid: int, _: random.Random) -> None:
    """Kill all processes at once."""
    os.killpg(pid, signal.SIGKILL)


def kill_worker(pid: int, chance: random.Random) -> None:
    """Kill one worker; while there is none, the process that was started."""
    first, *workers = with_descendants(pid)
    with suppress(ProcessLookupError):  # it ended by itself
        os.kill(chance.choice(workers or [first]), signal.SIGKILL)


KILLS: tuple[tuple[str, Kill], ...] = (
    ("first process", kill_first),
    ("all processes", kill_all),
    ("one worker", kill_worker),
)


@contextmanager
def started(command: Sequence[str | Path]) -> Iterator[subprocess.Popen[bytes]]:
    """A program in a process group of its own; what of it still runs at the end is killed.

    Workers that outlive their first process run on beside the resumed run, if they do.
    """
    process = subprocess.Popen(
        list(map(str, command)),
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        yield process
    finally:
        with suppress(ProcessLookupError):  # the usual case: none is left
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def digests(folder: Path) -> dict[str, str]:
    """The SHA-256 of every file below a folder that is to be the same, by its path there."""
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != TIMING
    }


def compare(expected: dict[str, str], found: dict[str, str]) -> list[str]:
    """What differs between two folders, a sentence for each file."""
    return [
        f"{name} {'differs' if name in expected and name in found else 'is in one only'}"
        for name in sorted(expected.keys() | found.keys())
        if expected.get(name) != found.get(name)
    ]


def fail_unless(condition: bool, complaint: str) -> None:  # noqa: FBT001
    """End the script if something is not so."""
    if not condition:
        raise SystemExit(complaint)


def read_options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("input", type=Path, nargs="+", help="what is cleaned")
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1, help="of the moments")
    parser.add_argument("--scratch", type=Path, help="folder for what is written meanwhile")
    return parser.parse_args()


if __name__ == "__main__":
    main()
