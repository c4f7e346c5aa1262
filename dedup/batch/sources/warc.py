"""WARC: what crawlers keep of the web, one record for each thing that was fetched.

A page is an article: the answer to a request (``response``), or a file (``resource``). So is a
text that somebody took out of a page (``conversion``). Records of other types are not counted.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, Final, Literal, cast

from fastwarc.warc import ArchiveIterator, WarcRecord, WarcRecordType

from dedup.batch.sources.records import Bounds, Input, Passed, Piece, Reject
from dedup.batch.sources.stream import Stream
from dedup.errors import InputError, TooLargeError
from dedup.model import Media

_TYPES: Final = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.conversion
_HTML: Final = frozenset(("text/html", "application/xhtml+xml"))
_OK: Final = 200
_HEADER_END: Final = b"\r\n\r\n"
_RECORD_END: Final = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Capture:
    """What a record holds.

    Attributes:
        id: The record's, without brackets.
        url: Where it was fetched.
        captured: When, as the record says.
        body: What was fetched, decompressed.
        media: What it is.
        charset: The encoding that the server named.
    """

    id: str | None
    url: str | None
    captured: str | None
    body: bytes
    media: Media
    charset: str | None


class PassedOverError(Exception):
    """The record is no article; the text says what it is."""


def cut(file: Input, bounds: Bounds) -> Iterator[Piece]:
    """The pieces of a file: whole records, unpacked.

    Raises:
        OSError: The file cannot be opened.
    """
    with Stream(file.path) as stream:
        first, held, size = 0, list[bytes](), 0
        for row, record in enumerate(_records(file, stream, bounds)):
            length = len(record) if isinstance(record, bytes) else bounds.bytes
            if held and (size + length > bounds.bytes or len(held) == bounds.rows):
                yield _piece(file, stream, first, data=b"".join(held))
                held, size = [], 0
            if not isinstance(record, bytes):
                yield _piece(file, stream, row, aside=(record,))
                continue
            first = first if held else row
            held.append(record)
            size += length
        if held:
            yield _piece(file, stream, first, data=b"".join(held))


def captures(data: bytes, most: int) -> Iterator[Capture | InputError | PassedOverError]:
    """What the records of a piece hold, in order; why not, where they hold no article.

    Args:
        data: Of the piece.
        most: Bytes of a body that are accepted.
    """
    for record in ArchiveIterator(io.BytesIO(data), parse_http=False, stream_detect=False):
        # Each for itself: where the body of one cannot be unpacked, the iterator stops.
        raw = _raw(record) or b""
        try:
            yield _capture(raw, most)
        except (InputError, PassedOverError) as error:
            yield error
        except OSError as error:
            yield InputError(f"the record cannot be read: {error}")


def _piece(
    file: Input,
    stream: Stream,
    row: int,
    data: bytes | None = None,
    aside: tuple[Reject | Passed, ...] = (),
) -> Piece:
    read = min(stream.file_position, file.size)
    return Piece(0, (file,), row, read, data=data, aside=aside)


def _records(file: Input, stream: Stream, bounds: Bounds) -> Iterator[bytes | Reject | Passed]:
    """Records as they stand in the file; the last is a ``Reject`` where it breaks off."""
    row, position = 0, 0
    broken: str | None = None
    archive = ArchiveIterator(
        cast(BinaryIO, stream), record_types=_TYPES, parse_http=False, stream_detect=False
    )
    try:
        for record in archive:
            position = record.stream_pos
            if record.content_length > bounds.row_bytes:
                yield _too_long(file, row, record, bounds)
            elif (raw := _raw(record)) is None:
                broken = "the file breaks off"
                break
            else:
                yield raw
            row += 1
    except OSError as error:
        broken = str(error)
    broken = stream.broken or broken
    if broken is not None:
        reason = f"the file cannot be read from here on: {broken}"
        yield Reject(file.path, row, reason, byte=position)


def _raw(record: WarcRecord) -> bytes | None:
    """A record as it stands in the file; None if that ends within it."""
    written = io.BytesIO()
    record.write(written)
    raw = written.getvalue()
    begins = raw.index(_HEADER_END) + len(_HEADER_END)
    return raw if len(raw) - begins - len(_RECORD_END) >= record.content_length else None


def _too_long(file: Input, row: int, record: WarcRecord, bounds: Bounds) -> Reject | Passed:
    try:
        _media(record)
    except PassedOverError as error:
        return Passed(file.path, row, str(error))
    except OSError:
        pass  # A header that cannot be read may be that of a page.
    reason = f"the record has more than {bounds.row_bytes:,} bytes; no article that is accepted has"
    return Reject(file.path, row, reason, byte=record.stream_pos, raw=_named(record))


def _capture(raw: bytes, most: int) -> Capture:
    """What a record holds.

    Raises:
        PassedOverError: No page, and no text from one.
        TooLargeError: More than is accepted.
        OSError: It cannot be read.
    """
    try:
        return _read(raw, most, "all")
    except OSError:
        # Some crawlers keep a body unpacked under a header that says it is packed.
        capture = _read(raw, most, "none")
        if not capture.body.lstrip().startswith(b"<"):
            raise
        return capture


def _read(raw: bytes, most: int, unpacking: Literal["all", "none"]) -> Capture:
    record = WarcRecord.from_bytes(raw)
    media = _media(record, unpacking)
    body = record.reader.read(most + 1)
    if len(body) > most:
        raise TooLargeError(
            f"the page has more than {most:,} bytes; no article that is accepted has"
        )
    headers = record.headers
    record_id = headers.get("WARC-Record-ID")
    return Capture(
        id=record_id.strip("<> ") if record_id else None,
        url=headers.get("WARC-Target-URI"),
        captured=headers.get("WARC-Date"),
        body=body,
        media=media,
        charset=record.http_charset if record.is_http_parsed else None,
    )


def _media(record: WarcRecord, unpacking: Literal["all", "none"] = "none") -> Media:
    """What a record holds; the header of the server's answer has been read then.

    Raises:
        PassedOverError: No page, and no text from one.
        OSError: The header cannot be read.
    """
    said = record.headers.get("Content-Type") or ""
    if record.record_type == WarcRecordType.response:
        if not said.lower().startswith("application/http"):
            raise PassedOverError("not from the web")
        record.parse_http(auto_decode=unpacking)
        if not record.is_http_parsed:
            raise OSError("the header of the answer is none")
        status = record.http_headers.status_code
        if status != _OK:
            raise PassedOverError(f"status {status}")
        said = record.http_content_type or ""
    kind = said.partition(";")[0].strip().lower()
    if record.record_type == WarcRecordType.conversion and kind == "text/plain":
        return "text"
    if kind not in _HTML:
        raise PassedOverError("not HTML")
    return "html"


def _named(record: WarcRecord) -> str:
    return f"{record.headers.get('WARC-Record-ID')} {record.headers.get('WARC-Target-URI')}"
