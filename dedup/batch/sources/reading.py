"""From a piece to its articles; done by many processes, each for itself."""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Iterable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Final

from dedup.batch.sources import parquet, warc
from dedup.batch.sources.mapping import Found, Place, from_table, to_row
from dedup.batch.sources.records import (
    DOCUMENTS,
    Input,
    Passed,
    Piece,
    Reject,
    Row,
)
from dedup.batch.sources.splitting import csv_ends, json_values, line_ends
from dedup.config import Limits
from dedup.decoding import decode, most_bytes, refuse_other_than_text
from dedup.errors import InputError, TooLargeError
from dedup.normalize.charset import UTF_16, decode_page
from dedup.packed import UNREADABLE, unpacked

# Control characters within strings are let through: the text is cleaned of them anyway.
_JSON: Final = json.JSONDecoder(strict=False)


def rows(piece: Piece, limits: Limits) -> Iterator[Row | Reject | Passed]:
    """The rows of a piece, in order.

    Raises:
        InputError: The file that the piece is from has changed since it was cut.
    """
    yield from piece.aside
    kind = piece.inputs[0].kind
    if piece.inputs[0].problem is not None:
        return
    if kind in DOCUMENTS:
        for file in piece.inputs:
            yield _document(file, limits)
    elif kind == "warc":
        yield from _pages(piece, limits)
    else:
        for place, values in records(piece):
            yield _table_row(values, place, limits)


def records(piece: Piece) -> Iterator[tuple[Place, dict[str, object] | InputError]]:
    """The rows of a piece of a table: from their fields to their values, or what is wrong.

    Raises:
        InputError: The file that the piece is from has changed since it was cut.
    """
    file = piece.inputs[0]
    if file.kind == "parquet":
        table = () if piece.table is None else parquet.values(piece.table)
        for row, values in enumerate(table, piece.row):
            yield Place(file, row), values
        return
    for place in _places(piece):
        raw = place.raw or b""
        if raw.strip():
            try:
                yield place, _csv_row(raw, piece) if file.kind == "csv" else json_object(raw)
            except InputError as error:
                yield place, error


def _places(piece: Piece) -> Iterator[Place]:
    """Where the rows of a piece stand, with what is there."""
    file = piece.inputs[0]
    data = data_of(piece)
    for row, (start, end) in enumerate(_spans(data, file), piece.row):
        yield Place(file, row, piece.start + start, data[start:end])


def _spans(data: bytes, file: Input) -> Iterable[tuple[int, int]]:
    match file.kind:
        case "jsonl":
            return pairwise((0, *line_ends(data, last=True)))
        case "csv":
            return pairwise((0, *csv_ends(data, file.delimiter, last=True)))
        case _:
            return json_values(data, last=True)


def data_of(piece: Piece) -> bytes:
    """The bytes of a piece of a table.

    Raises:
        InputError: The file that it is from has changed since it was cut.
    """
    if piece.data is not None:
        return piece.data
    path = piece.inputs[0].path
    try:
        with Path(path).open("rb") as file:
            file.seek(piece.start)
            data = file.read(piece.length)
    except OSError as error:
        raise InputError(f"{path}: cannot be read any more: {error.strerror}") from error
    if len(data) < piece.length:
        raise InputError(f"{path}: has become shorter while it was read; begin anew")
    return data


def json_object(raw: bytes) -> dict[str, object]:
    """The object that JSON spells; of a field that is there twice, the last.

    Raises:
        InputError: It is something else.
    """
    try:
        values = _JSON.decode(decode(raw))
    except (ValueError, RecursionError) as error:
        raise InputError(f"is not JSON: {error}") from error
    if not isinstance(values, dict):
        raise InputError('is JSON, but no object such as {"text": "…"}')
    return values


def _csv_row(raw: bytes, piece: Piece) -> dict[str, object]:
    csv.field_size_limit(sys.maxsize)  # Rows have been bounded; the default is 131,072.
    try:
        values = next(csv.reader([decode(raw)], delimiter=piece.inputs[0].delimiter), [])
    except csv.Error as error:
        raise InputError(f"is no CSV: {error}") from error
    if len(values) != len(piece.header):
        raise InputError(
            f"has {len(values)} fields where the first line names {len(piece.header)}; put fields "
            "that hold separators or line breaks between quotation marks"
        )
    return dict(zip(piece.header, values, strict=True))


def _table_row(
    values: dict[str, object] | InputError, place: Place, limits: Limits
) -> Row | Reject:
    if isinstance(values, InputError):
        return place.refused(values)
    try:
        return to_row(from_table(values, place.file.fields), place, limits)
    except InputError as error:
        return place.refused(error)


def _document(file: Input, limits: Limits) -> Row | Reject:
    place = Place(file, 0)
    try:
        with Path(file.path).open("rb") as packed:
            most = most_bytes("html" if file.kind == "html" else "text", limits)
            data = unpacked(packed).read(most + 1)
        if len(data) > most:
            raise TooLargeError(
                f"has more than {most:,} bytes; give one article in a file, or a table"
            )
        if file.kind == "html":
            found = Found(decode_page(_page(data)), "html", id=file.name)
        else:
            found = Found(decode(data), "text", id=file.name)
    except UNREADABLE as error:
        reason = f"cannot be read: {getattr(error, 'strerror', None) or error}"
        return place.refused(InputError(reason))
    except InputError as error:
        return place.refused(error)
    return to_row(found, place, limits)


def _page(data: bytes) -> bytes:
    if not data.startswith(UTF_16):  # a page may be that; decode_page reads it
        refuse_other_than_text(data)
    return data


def _pages(piece: Piece, limits: Limits) -> Iterator[Row | Reject | Passed]:
    file = piece.inputs[0]
    most = most_bytes("html", limits)
    for row, capture in enumerate(warc.captures(piece.data or b"", most), piece.row):
        place = Place(file, row)
        if isinstance(capture, warc.PassedOverError):
            yield Passed(file.path, row, str(capture))
        elif isinstance(capture, InputError):
            yield place.refused(capture)
        else:
            yield to_row(
                Found(
                    text=decode_page(capture.body, capture.charset),
                    media=capture.media,
                    id=capture.id or capture.url,
                    url=capture.url,
                    captured=capture.captured,
                ),
                place,
                limits,
            )
