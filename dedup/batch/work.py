"""The directory that a run works in: what it was begun with, who is at it, what is done.

Every unit of work is one file or one directory that is there as a whole or not at all
(``dedup.batch.files``). So a run that was cut off goes on with what is not there.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from operator import ne
from pathlib import Path
from typing import Any, Final

from dedup.batch.files import sync_directory, written_whole
from dedup.batch.sources import Input
from dedup.errors import BatchError, InputError

NAME: Final = ".work"

BEGUN: Final = "run.json"
"""What a run was begun with: in the work directory, and beside the outputs when it has ended."""

SPELLED: Final = {
    "engine": "--engine",
    "format": "--format",
    "gate": "--thorough",
    "known": "--against",
}
"""Options that say what is noted under other names."""

PATIENCE: Final = 30.0
"""Seconds that a run waits for the workers of one that was killed; they end when they notice."""

POLL: Final = 0.05
"""Seconds between two looks."""


@dataclass(frozen=True, slots=True)
class Work:
    """Paths of what is made between the stages.

    Attributes:
        out: Directory of the outputs, in which the work directory stands.
    """

    out: Path

    @property
    def root(self) -> Path:
        """The work directory itself."""
        return self.out / NAME

    def piece(self, number: int) -> Path:
        """Directory of what was read of a piece."""
        return self.root / "read" / f"{number:06d}"

    def block(self, number: int) -> Path:
        """File of what pairs of a block are to each other."""
        return self.root / "related" / f"{number:06d}.arrow"

    def left_out(self, number: int) -> Path:
        """File of lines of ``rejects.jsonl`` on pairs of a block that a fault was met at."""
        return self.block(number).with_suffix(".jsonl")

    def boilerplate(self, number: int) -> Path:
        """File of where boilerplate stands in some articles."""
        return self.root / "boilerplate" / f"{number:06d}.arrow"

    def part(self, number: int) -> Path:
        """Directory of what is said of the articles of a part."""
        return self.root / "decided" / f"{number:05d}"

    def written(self, number: int) -> Path:
        """Stands for a part whose outputs are all there."""
        return self.root / "written" / f"{number:05d}"

    def pieces(self) -> list[Path]:
        """Directories of all pieces that were read, in order."""
        return sorted(path for path in self.piece(0).parent.glob("*") if path.suffix != ".part")

    def all_left_out(self) -> list[str]:
        """Lines on pairs of all blocks, in their order as strings, whoever has compared them."""
        found = self.block(0).parent.glob("*.jsonl")
        return sorted(
            line
            for path in found
            for line in path.read_text(encoding="utf-8").splitlines(keepends=True)
        )

    def file(self, name: str) -> Path:
        """A file of which there is one."""
        return self.root / name


def check_place(work: Work, *, resume: bool) -> None:
    """Refuse a directory that a run cannot be begun in, nor gone on with. Writes nothing.

    Args:
        work: Where.
        resume: Whether a run may be gone on with.

    Raises:
        InputError: There is something in it.
    """
    if work.out.exists() and not work.out.is_dir():
        raise InputError(f"{work.out} is a file; name a directory for the output")
    if _record(work).exists():
        if not resume:
            raise InputError(
                f"{work.out} holds a run that is still at work or was cut off; then --resume goes on "
                "with it, another directory begins a new one"
            )
    elif work.out.exists() and any(path.name != NAME for path in work.out.iterdir()):
        raise InputError(f"{work.out} is not empty; name a directory that is, or a new one")


def is_run(directory: Path) -> bool:
    """Whether a run was begun in a directory, or has ended there."""
    has_outputs = (directory / "summary.json").is_file() and (directory / "articles").is_dir()
    return has_outputs or _record(Work(directory)).exists()


def has_ended(work: Work) -> bool:
    """Whether a run came to its end there."""
    return (work.out / "summary.json").exists() and not _record(work).exists()


def finished(work: Work, record: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """What ``summary.json`` says of a run that came to its end; None if there is none.

    Args:
        work: Where.
        record: What must be the same for it to be the run that is asked for: JSON values.

    Raises:
        InputError: The run there was another one.
    """
    if not has_ended(work):
        return None
    begun = work.out / BEGUN
    if not begun.exists():
        raise InputError(
            f"{work.out} holds a run of another version, which does not say what it was begun "
            "with; begin a new one in another directory"
        )
    _same(f"the run in {work.out}, which has ended,", begun, record)
    summary: Mapping[str, Any] = json.loads((work.out / "summary.json").read_text(encoding="utf-8"))
    return summary


def unchanged(file: Input) -> dict[str, Any]:
    """What must be the same of an input for a run to go on.

    Raises:
        InputError: It has gone since it was listed.
    """
    try:
        changed = Path(file.path).stat().st_mtime_ns
    except OSError as error:
        raise InputError(f"{file.path}: cannot be read: {error.strerror or error}") from error
    return {**asdict(file), "changed": changed}


def begin(work: Work, record: Mapping[str, Any]) -> bool:
    """Note what a run is begun with, or see that it is the one that was begun here.

    Args:
        work: Where; locked.
        record: What must be the same for a run to go on: JSON values.

    Returns:
        Whether there was a run to go on with.

    Raises:
        InputError: The run there was another one.
    """
    known = _record(work)
    if known.exists():
        _same("the run to go on with", known, record)
        return True
    with written_whole(known) as part:
        part.write_text(json.dumps(record), encoding="utf-8")
    return False


def _record(work: Work) -> Path:
    return work.file(BEGUN)


def _same(run: str, noted: Path, record: Mapping[str, Any]) -> None:
    """Refuse a run that was another one, and say what is different."""
    begun = json.loads(noted.read_text(encoding="utf-8"))
    now = json.loads(json.dumps(record))
    # Those that an option says go first: another engine has other versions, too.
    for name in sorted(begun.keys() | now.keys(), key=lambda name: (name not in SPELLED, name)):
        before, after = begun.get(name), now.get(name)
        if before != after:
            raise InputError(
                f"{run} was begun with other {SPELLED.get(name, name)} "
                f"({_difference(before, after)}); begin a new one in another directory"
            )


def _difference(before: object, after: object) -> str:
    """What differs: of lists the first that does, of records their fields."""
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        return _difference(*next(pair for pair in zip(before, after, strict=True) if ne(*pair)))
    if isinstance(before, list) and isinstance(after, list):
        return f"{len(before)}, now {len(after)}"
    if isinstance(before, dict) and isinstance(after, dict):
        if before.get("path") != after.get("path"):
            return f"{before.get('path')}, now {after.get('path')}"
        names = [name for name in before if before[name] != after.get(name)]
        told = ", ".join(f"{name} {_difference(before[name], after.get(name))}" for name in names)
        return f"{before['path']}: {told}" if "path" in before else told
    return f"{json.dumps(before)}, now {json.dumps(after)}"


@contextmanager
def locked(work: Work) -> Iterator[int]:
    """Keep others out. The lock is held as long as any process has the descriptor open.

    Workers inherit it: those of a run that was killed end what they are at, and then the lock
    is free.

    Yields:
        The descriptor.

    Raises:
        BatchError: Another run is at work here.
    """
    work.root.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(work.file("lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        _acquire(descriptor, work.out)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield descriptor
    finally:
        os.close(descriptor)


def _acquire(descriptor: int, out: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 20, 0).decode()
            if _is_alive(holder) or time.monotonic() > deadline:
                raise BatchError(
                    f"another run is writing to {out} (process {holder or 'unknown'}); wait for "
                    "its end, or name another directory"
                ) from None
            time.sleep(POLL)
        else:
            return


def _is_alive(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True


def clear(work: Work) -> None:
    """Remove the work directory. What says that there is a run goes first: it has ended."""
    for directory in (*work.out.iterdir(), work.out):
        if directory.is_dir():
            sync_directory(directory)
    _record(work).replace(work.out / BEGUN)
    shutil.rmtree(work.root)
