"""A file being unpacked, of which nothing is lost that stands before a break."""

from __future__ import annotations

from pathlib import Path
from types import TracebackType
from typing import Final, Self

from dedup.packed import UNREADABLE, unpacked

# Bytes asked for at once. More would be set aside each time, and mostly for nothing.
_STEP: Final = 262_144

BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


class Stream:
    """The unpacked bytes of a file.

    Attributes:
        packed: Whether the file is compressed.
        broken: Why it cannot be read to its end; None as long as it can.

    Raises:
        OSError: The file cannot be opened.
    """

    def __init__(self, path: str) -> None:
        self._file = Path(path).open("rb")  # noqa: SIM115 - closed by __exit__
        self._unpacked = unpacked(self._file)
        self.packed = self._unpacked is not self._file
        self.broken: str | None = None
        self._position = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._file.close()

    @property
    def file_position(self) -> int:
        """Bytes of the file that have been read."""
        return self._file.tell()

    def tell(self) -> int:
        """Unpacked bytes that have been read."""
        return self._position

    def read(self, size: int) -> bytes:
        """The next bytes: as many as asked for, fewer only at the end or before a break."""
        pieces: list[bytes] = []
        missing = size
        while missing and self.broken is None:
            try:
                # Not read(), which forgets what it has collected when it meets a break.
                piece = self._unpacked.read1(min(missing, _STEP))
            except UNREADABLE as error:
                self.broken = str(getattr(error, "strerror", None) or error)
                break
            if not piece:
                break
            pieces.append(piece)
            missing -= len(piece)
        self._position += size - missing
        return b"".join(pieces)

    def skip_mark(self) -> bytes:
        """The first bytes after a byte order mark; those of the mark count as read."""
        start = self.read(len(BYTE_ORDER_MARK))
        return b"" if start == BYTE_ORDER_MARK else start
