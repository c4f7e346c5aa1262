"""Files compressed by gzip or zstd: read whatever their name, written as it ends."""

from __future__ import annotations

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from typing import Final, Protocol

import zstandard

GZIP: Final = b"\x1f\x8b"
ZSTD: Final = b"\x28\xb5\x2f\xfd"
"""What a compressed file begins with."""

PIECE: Final = 4096
"""Compressed bytes that zstd is given at once. Bytes that someone made to grow enormously make
128 MB of them, usual ones 20 KB."""

GZIP_PIECE: Final = 16_384
"""Likewise gzip, of which they make 17 MB. Python's own reader takes 8,192, and a third longer."""

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


class Decompressor(Protocol):
    """Unpacks one frame of zstd, or one member of a gzip file."""

    @property
    def eof(self) -> bool:
        """Whether its end has been met."""
        ...

    @property
    def unused_data(self) -> bytes:
        """What stands behind its end."""
        ...

    def decompress(self, data: bytes, /) -> bytes:
        """What these bytes complete."""
        ...


def unpacked(file: io.BufferedReader) -> io.BufferedIOBase:
    """What is in a file, unpacked if it is compressed. Reading it may raise ``UNREADABLE``."""
    start = file.peek(len(ZSTD))[: len(ZSTD)]
    if start.startswith(GZIP):
        return io.BufferedReader(_Unpacked(file, _gzip_member, GZIP_PIECE))
    if start == ZSTD:
        return io.BufferedReader(_Unpacked(file, _zstd_frame, PIECE))
    return file


def _gzip_member() -> Decompressor:
    return zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)  # 16: gzip's header and check sum


def _zstd_frame() -> Decompressor:
    return zstandard.ZstdDecompressor().decompressobj()


class _Unpacked(io.RawIOBase):
    """Frames one after the other; unlike the libraries' own readers it gives all before a break.

    Zeros behind a frame are passed over: tapes and some file systems pad with them.
    """

    def __init__(
        self, packed: io.BufferedIOBase, begin_frame: Callable[[], Decompressor], piece: int
    ) -> None:
        self._packed = packed
        self._begin_frame = begin_frame
        self._piece = piece
        self._frame = begin_frame()
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
        rest = b""
        if self._frame.eof:
            rest = self._frame.unused_data
            self._frame, self._begun = self._begin_frame(), False
        piece = rest or self._packed.read(self._piece)
        if not piece:
            if self._begun:
                raise EOFError("the compressed data breaks off")
            return False
        if not self._begun:
            piece = piece.lstrip(b"\0")
        if piece:
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
