"""Inputs cut into pieces, by one process that unpacks and does nothing else.

A file that is not compressed is looked through for the ends of its rows, and read again where
the piece is read: that is cheaper than to send it.
"""

from __future__ import annotations

import csv
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Final

from dedup.batch.sources import parquet, warc
from dedup.batch.sources.records import (
    DOCUMENTS,
    Bounds,
    Input,
    Inputs,
    Passed,
    Piece,
    Reject,
    shown,
)
from dedup.batch.sources.splitting import JSON_FILLER, csv_ends, json_ends, line_ends
from dedup.batch.sources.stream import Stream
from dedup.config import Limits
from dedup.decoding import most_bytes

PIECE_BYTES: Final = 4_000_000
"""Some 1,250 articles of 3.2 KB: enough for a call of the kernel to pay, a second's work."""

PIECE_ROWS: Final = 2_000
"""Of short texts, which cost more per byte."""

DOCUMENTS_PER_PIECE: Final = 500


@dataclass(frozen=True, slots=True)
class _Cut:
    """Complete rows, one after the other; what could not be cut stands before them."""

    start: int
    row: int
    data: bytes
    aside: tuple[Reject | Passed, ...] = ()


def default_bounds(limits: Limits) -> Bounds:
    """Those of a run."""
    return Bounds(PIECE_BYTES, PIECE_ROWS, most_bytes("json", limits))


def pieces(given: Inputs, limits: Limits, bounds: Bounds | None = None) -> Iterator[Piece]:
    """Cut inputs into pieces, in order; memory does not depend on how large they are.

    A row that is too long is passed over and comes out as a ``Reject``; so does the rest of a
    file that cannot be read on, and the next one begins.

    Args:
        given: What to cut.
        limits: What is too long to be an article.
        bounds: How much is cut at once; by default what suits articles of news length.
    """
    bounds = bounds or default_bounds(limits)
    read = number = 0
    for group in groups(given.files, bounds):
        for piece in _pieces_of(group, bounds):
            yield replace(piece, number=number, read=read + piece.read)
            number += 1
        read += sum(file.size for file in group)


def groups(files: Iterable[Input], bounds: Bounds) -> Iterator[tuple[Input, ...]]:
    """Files one by one, but consecutive ones of an article each together: no piece is of two."""
    group: list[Input] = []
    size = 0
    for file in files:
        alone = file.kind not in DOCUMENTS or file.problem is not None
        full = size + file.size > bounds.bytes or len(group) == DOCUMENTS_PER_PIECE
        if group and (alone or full):
            yield tuple(group)
            group, size = [], 0
        if alone:
            yield (file,)
        else:
            group.append(file)
            size += file.size
    if group:
        yield tuple(group)


def _pieces_of(group: tuple[Input, ...], bounds: Bounds) -> Iterator[Piece]:
    """Pieces of a file, or the one of several; numbered later, ``read`` from here on."""
    file = group[0]
    if file.problem is not None:
        yield _refused(file, file.problem)
    elif file.kind in DOCUMENTS:
        yield Piece(0, group, 0, sum(member.size for member in group))
    else:
        try:
            yield from _CUTTERS[file.kind](file, bounds)
        except OSError as error:
            yield _refused(file, f"cannot be read: {error.strerror or error}")


def _refused(file: Input, reason: str) -> Piece:
    return Piece(0, (file,), 0, file.size, aside=(Reject(file.path, None, reason),))


@dataclass(frozen=True, slots=True)
class _Form:
    """How rows of text are told apart.

    Attributes:
        find_ends: Gives the ends of complete rows (``dedup.batch.sources.splitting``).
        endless: What is wrong with a row that has no end.
        recovers: Whether one may go on with the next line.
        filler: Bytes that may be left at the end.
    """

    find_ends: Callable[[bytes, bool], list[int]]
    endless: str
    recovers: bool = True
    filler: bytes = b""


_LINES: Final = _Form(lambda data, last: line_ends(data, last=last), "")
_JSON: Final = _Form(
    lambda data, last: json_ends(data, last=last),
    "the JSON that begins here does not end; nothing after it in this file is taken",
    recovers=False,
    filler=JSON_FILLER,
)


def _csv_form(delimiter: str) -> _Form:
    return _Form(
        lambda data, last: csv_ends(data, delimiter, last=last),
        "a quotation mark opens a field that is not closed; double it, or close the field",
    )


def _cut_lines(file: Input, bounds: Bounds) -> Iterator[Piece]:
    with Stream(file.path) as stream:
        yield from _pieces(file, stream, _cut(file, stream, stream.skip_mark(), _LINES, bounds))


def _cut_json(file: Input, bounds: Bounds) -> Iterator[Piece]:
    with Stream(file.path) as stream:
        yield from _pieces(file, stream, _cut(file, stream, stream.skip_mark(), _JSON, bounds))


def _cut_csv(file: Input, bounds: Bounds) -> Iterator[Piece]:
    form = _csv_form(file.delimiter)
    with Stream(file.path) as stream:
        record, rest = _first_record(stream, form, bounds)
        header = _csv_header(record, file.delimiter)
        for piece in _pieces(file, stream, _cut(file, stream, rest, form, bounds)):
            yield replace(piece, header=header)


def _first_record(stream: Stream, form: _Form, bounds: Bounds) -> tuple[bytes, bytes]:
    """The first record, and what else has been read."""
    buffer = stream.skip_mark()
    block = b"-"
    while block and len(buffer) <= bounds.row_bytes:
        block = stream.read(bounds.bytes)
        buffer += block
        if ends := form.find_ends(buffer, not block):
            return buffer[: ends[0]], buffer[ends[0] :]
    return b"", buffer


def _csv_header(record: bytes, delimiter: str) -> tuple[str, ...]:
    """The names of the fields, from the first record."""
    text = record.decode("utf-8", "replace")
    return tuple(name.strip() for name in next(csv.reader([text], delimiter=delimiter), []))


def _pieces(file: Input, stream: Stream, cuts: Iterable[_Cut]) -> Iterator[Piece]:
    """Pieces that carry their rows, or point to them where the file can be read from there."""
    for cut in cuts:
        yield Piece(
            number=0,
            inputs=(file,),
            row=cut.row,
            read=min(stream.file_position, file.size),
            start=cut.start,
            length=0 if stream.packed else len(cut.data),
            data=cut.data if stream.packed else None,
            aside=cut.aside,
        )


def _cut(file: Input, stream: Stream, buffer: bytes, form: _Form, bounds: Bounds) -> Iterator[_Cut]:
    """Cut a stream into groups of complete rows.

    Args:
        file: Where it is from.
        stream: Is read on.
        buffer: What has been read of it, from the first row on.
        form: How rows are told apart.
        bounds: How much is cut at once.
    """
    size = min(bounds.bytes, bounds.row_bytes)  # so that a row that is too long is alone
    start, row, ended = stream.tell() - len(buffer), 0, False

    def refused(reason: str) -> _Cut:
        lost = buffer[: bounds.row_bytes]
        lost = lost.partition(b"\n")[0] if form.recovers and stream.broken is None else lost
        reject = Reject(file.path, row, reason, byte=start, raw=shown(lost))
        return _Cut(start, row, b"", (reject,))

    while True:
        used = 0
        whole = ended and stream.broken is None
        for end, rows in _grouped(form.find_ends(buffer, whole), size, bounds.rows):
            if end - used > bounds.row_bytes:
                break
            yield _Cut(start + used, row, buffer[used:end])
            used, row = end, row + rows
        start, buffer = start + used, buffer[used:]
        too_long = len(buffer) > bounds.row_bytes
        if not ended and not too_long:
            block = stream.read(size)
            ended = not block
            buffer += block
        elif stream.broken is not None and not too_long:
            yield refused(f"the file cannot be read from here on: {stream.broken}")
            return
        elif not buffer.strip(form.filler):
            return
        else:
            yield refused(_why(form, bounds, too_long=too_long))
            if not form.recovers:
                return
            buffer = _after_line(stream, buffer, size)
            start, row = stream.tell() - len(buffer), row + 1


def _grouped(ends: list[int], size: int, rows: int) -> Iterator[tuple[int, int]]:
    """Ends of groups of rows, and how many rows each has."""
    first = start = 0
    while first < len(ends):
        fitting = bisect_right(ends, start + size, lo=first, hi=min(first + rows, len(ends)))
        following = max(fitting, first + 1)
        start = ends[following - 1]
        yield start, following - first
        first = following


def _why(form: _Form, bounds: Bounds, *, too_long: bool) -> str:
    if not too_long:
        return form.endless
    reason = f"the row has more than {bounds.row_bytes:,} bytes; no article that is accepted has"
    return f"{reason}, or {form.endless}" if form.endless else reason


def _after_line(stream: Stream, buffer: bytes, size: int) -> bytes:
    """What has been read of the stream behind the line that the buffer begins with."""
    while buffer:
        _, newline, rest = buffer.partition(b"\n")
        if newline:
            return rest
        buffer = stream.read(size)
    return b""


_CUTTERS: Final[dict[str, Callable[[Input, Bounds], Iterator[Piece]]]] = {
    "jsonl": _cut_lines,
    "json": _cut_json,
    "csv": _cut_csv,
    "parquet": parquet.cut,
    "warc": warc.cut,
}
