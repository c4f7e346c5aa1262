"""Files of lines, compressed or not: read as they are, written as their suffix says."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import cast

from dedup.batch.files import written_whole
from dedup.cli.exits import FileNotWritten
from dedup.errors import InputError
from dedup.packed import UNREADABLE, packing, unpacked

STDIN = "-"


def read_lines(path: str, most: int) -> Iterator[tuple[int, bytes | None]]:
    """The lines of a file, or of standard input for ``-``, unpacked if it is compressed.

    Args:
        path: Of the file.
        most: Bytes of a line; of a longer one no more than these are kept in memory.

    Yields:
        Each line's number, from 1, and the line; None if it is longer.

    Raises:
        InputError: It cannot be read, or breaks off; what came before is good.
    """
    number = 0
    try:
        with _opened(path) as file:
            while line := file.readline(most + 1):
                number += 1
                too_long = len(line) > most and not line.endswith(b"\n")
                while too_long and (rest := file.readline(most)) and not rest.endswith(b"\n"):
                    pass
                yield number, None if too_long else line
    except UNREADABLE as error:
        name = "standard input" if path == STDIN else path
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{name}: cannot be read after line {number}: {reason}") from error


@contextmanager
def writing(path: str) -> Iterator[Callable[[str], object]]:
    """What writes text to a file, or to standard output for ``-``.

    A file is compressed if it ends in ``.gz`` or ``.zst``. It is there when the block has
    ended, and whole; before, and if the block fails, there is what was there.

    Raises:
        FileNotWritten: It cannot be written.
    """
    if path == STDIN:
        yield sys.stdout.write
        return
    try:
        with (
            written_whole(Path(path)) as part,
            part.open("wb") as raw,
            packing(raw, Path(path).suffix) as file,
        ):
            yield lambda text: file.write(text.encode())
    except OSError as error:
        raise FileNotWritten(f"{path} cannot be written: {error.strerror}") from error


@contextmanager
def _opened(path: str) -> Iterator[io.BufferedIOBase]:
    with ExitStack() as stack:
        file: io.BufferedReader
        if path == STDIN:
            file = io.BufferedReader(cast(io.RawIOBase, sys.stdin.buffer))
            stack.callback(file.detach)  # Standard input stays open.
        else:
            file = io.BufferedReader(stack.enter_context(io.FileIO(path)))
        yield unpacked(file)
