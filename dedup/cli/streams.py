"""Files of lines, compressed or not: read as they are, written as their suffix says."""

from __future__ import annotations

import gzip
import io
import os
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Final, Protocol, cast

import zstandard

from dedup.cli.exits import FileNotWritten
from dedup.cli.inputs import STDIN
from dedup.errors import InputError

GZIP: Final = b"\x1f\x8b"
ZSTD: Final = b"\x28\xb5\x2f\xfd"

PIECE: Final = 4096
"""Compressed bytes read at once. Bytes that someone made to grow enormously make 128 MB of
them, usual ones 20 KB."""

GZIP_LEVEL: Final = 6
ZSTD_LEVEL: Final = 3
"""Each the program's own default."""


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
    except (OSError, EOFError, zlib.error, zstandard.ZstdError) as error:
        name = "standard input" if path == STDIN else path
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{name}: cannot be read after line {number}: {reason}") from error


class SupportsWrite(Protocol):
    """Takes bytes."""

    def write(self, data: bytes, /) -> int:
        """Take them."""
        ...


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
    partly = Path(f"{path}.part")
    try:
        with partly.open("wb") as raw:
            try:
                with _packing(raw, Path(path).suffix) as file:
                    yield lambda text: file.write(text.encode())
                raw.flush()
                os.fsync(raw.fileno())
                partly.replace(path)
            finally:
                partly.unlink(missing_ok=True)
    except OSError as error:
        raise FileNotWritten(f"{path} cannot be written: {error.strerror}") from error


@contextmanager
def _opened(path: str) -> Iterator[io.BufferedIOBase]:
    with ExitStack() as stack:
        if path == STDIN:
            file = io.BufferedReader(cast(io.RawIOBase, sys.stdin.buffer))
            stack.callback(file.detach)  # Standard input stays open.
        else:
            file = io.BufferedReader(stack.enter_context(io.FileIO(path)))
        start = file.peek(len(ZSTD))[: len(ZSTD)]
        if start.startswith(GZIP):
            yield gzip.GzipFile(fileobj=file)
        elif start == ZSTD:
            yield io.BufferedReader(_Unpacked(file))
        else:
            yield file


class _Unpacked(io.RawIOBase):
    """What zstd has packed; unlike the library's own reader it tells where it breaks off."""

    def __init__(self, packed: io.BufferedIOBase) -> None:
        self._packed = packed
        self._frame = zstandard.ZstdDecompressor().decompressobj()
        self._begun = False
        self._ready = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        while not self._ready:
            if not self._read_on():
                return 0
        size = min(len(buffer), len(self._ready))
        buffer[:size] = self._ready[:size]
        self._ready = self._ready[size:]
        return size

    def _read_on(self) -> bool:
        piece = self._frame.unused_data if self._frame.eof else b""
        if self._frame.eof:
            self._frame, self._begun = zstandard.ZstdDecompressor().decompressobj(), False
        piece = piece or self._packed.read(PIECE)
        if not piece:
            if self._begun:
                raise EOFError("the compressed data breaks off")
            return False
        self._ready, self._begun = memoryview(self._frame.decompress(piece)), True
        return True


@contextmanager
def _packing(raw: io.BufferedWriter, suffix: str) -> Iterator[SupportsWrite]:
    if suffix == ".gz":
        with gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=GZIP_LEVEL) as file:
            yield file
    elif suffix == ".zst":
        packer = zstandard.ZstdCompressor(level=ZSTD_LEVEL)
        with closing(packer.stream_writer(raw, closefd=False)) as packed:
            yield packed
    else:
        yield raw
