"""Files compressed by gzip or zstd: read whatever their name, written as it ends."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Final, Protocol

import zstandard

GZIP: Final = b"\x1f\x8b"
ZSTD: Final = b"\x28\xb5\x2f\xfd"
"""What a compressed file begins with."""

PIECE: Final = 4096
"""Compressed bytes read at once. Bytes that someone made to grow enormously make 128 MB of
them, usual ones 20 KB."""

GZIP_LEVEL: Final = 6
ZSTD_LEVEL: Final = 3
"""Each the program's own default."""

UNREADABLE: Final = (OSError, EOFError, zlib.error, zstandard.ZstdError)
"""What reading raises where a file breaks off or is damaged."""


class SupportsWrite(Protocol):
    """Takes bytes."""

    def write(self, data: bytes, /) -> int:
        """Take them."""
        ...


def unpacked(file: io.BufferedReader) -> io.BufferedIOBase:
    """What is in a file, unpacked if it is compressed. Reading it may raise ``UNREADABLE``."""
    start = file.peek(len(ZSTD))[: len(ZSTD)]
    if start.startswith(GZIP):
        return gzip.GzipFile(fileobj=file)
    if start == ZSTD:
        return io.BufferedReader(_Unpacked(file))
    return file


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
def packing(raw: io.BufferedWriter, suffix: str) -> Iterator[SupportsWrite]:
    """What writes to a file, compressed if its name ends in ``.gz`` or ``.zst``.

    Args:
        raw: The file, open for writing; it stays open.
        suffix: What its name ends in.
    """
    if suffix == ".gz":
        with gzip.GzipFile(fileobj=raw, mode="wb", compresslevel=GZIP_LEVEL) as file:
            yield file
    elif suffix == ".zst":
        packer = zstandard.ZstdCompressor(level=ZSTD_LEVEL)
        with closing(packer.stream_writer(raw, closefd=False)) as packed:
            yield packed
    else:
        yield raw
