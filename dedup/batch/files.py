"""Files that are there as a whole or not at all, so that what is there need not be made again.

That holds if the power fails, too: what was written is on the disk before it gets its name. The
name may be lost then, and it is made again. To wait for that as well would take twice as long.
"""

from __future__ import annotations

import errno
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

CANNOT_SYNC: Final = (errno.EINVAL, errno.ENOTSUP)
"""What file systems answer that have no way of their own to sync a directory."""


@contextmanager
def written_whole(path: Path) -> Iterator[Path]:
    """A path to write to; what was written stands at ``path`` when the block has ended.

    If the block fails, or the process is killed in it, there is what was there before.
    """
    part = path.with_name(f"{path.name}.part")
    try:
        yield part
        _sync(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_json(path: Path, value: Mapping[str, Any]) -> None:
    """Write what people may read, too; the file is there when it is whole."""
    with written_whole(path) as part:
        part.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


@contextmanager
def directory_written_whole(path: Path) -> Iterator[Path]:
    """The same for a directory with all files that are written into it; there must be none yet."""
    part = path.with_name(f"{path.name}.part")
    shutil.rmtree(part, ignore_errors=True)  # of a process that was killed
    part.mkdir(parents=True)
    try:
        yield part
        for file in part.iterdir():
            _sync(file)
        sync_directory(part)
        part.rename(path)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _sync(path: Path) -> None:
    """Wait until what was written is on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_directory(path: Path) -> None:
    """Wait until the names in a directory are on the disk."""
    try:
        _sync(path)
    except OSError as error:
        if error.errno not in CANNOT_SYNC:
            raise
