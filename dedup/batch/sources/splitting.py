"""Where one record ends and the next begins, without reading what is in them.

Each function takes bytes that begin with a record and gives the ends of the records that are
complete, ascending; each record begins where the one before it ends. ``last`` says that no
bytes follow.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import Final

import numpy as np

JSON_FILLER: Final = b" \t\r\n,[]"
"""What stands between objects, one after the other or in an array. The outermost brackets are
not looked at more closely: whatever is not an object comes out as a record that is none."""

_NEWLINE: Final = ord("\n")
_BETWEEN: Final = re.compile(rb"[ \t\r\n,\[\]]*+")
_MARK: Final = re.compile(rb'[{}"]')
_OTHER: Final = re.compile(rb'[^ \t\r\n,\[\]{"]++')
_QUOTE, _BACKSLASH, _OPEN = b'"\\{'


def line_ends(data: bytes, *, last: bool) -> list[int]:
    r"""Ends of lines, which end with ``\n``.

    >>> line_ends(b"one\n\ntwo", last=True)
    [4, 5, 8]
    """
    ends: list[int] = (np.flatnonzero(np.frombuffer(data, dtype=np.uint8) == _NEWLINE) + 1).tolist()
    if last and len(data) > (ends[-1] if ends else 0):
        ends.append(len(data))
    return ends


def csv_ends(data: bytes, delimiter: str, *, last: bool) -> list[int]:
    r"""Ends of CSV records: line ends that are not within quotation marks.

    >>> csv_ends(b'1,"a\nb"\n2,c', ",", last=False)
    [8]
    """
    ends: list[int] = []
    record = _csv_record(delimiter)
    position = 0
    while position < len(data) and (found := record.match(data, position)):
        position = found.end()
        if data[position - 1] != _NEWLINE and not last:
            break
        ends.append(position)
    return ends


@cache
def _csv_record(delimiter: str) -> re.Pattern[bytes]:
    # A quotation mark opens a field only where the field begins, as in Python's csv.
    border = b"[" + re.escape(delimiter.encode()) + rb"\n]"
    quoted = rb"(?:(?<=" + border + rb')|\A)"[^"]*+(?:""[^"]*+)*+"'
    stray = rb"(?<!" + border + rb')(?<!\A)"'
    return re.compile(rb'(?:[^"\n]++|' + quoted + rb"|" + stray + rb")*+(?:\n|\Z)")


def json_ends(data: bytes, *, last: bool) -> list[int]:
    """Ends of objects that stand one after the other, or in an array.

    >>> json_ends(b'[{"a": "}"}, {"b": {}}]', last=True)
    [11, 22]
    """
    return [end for _, end in json_values(data, last=last)]


def json_values(data: bytes, *, last: bool) -> Iterator[tuple[int, int]]:
    """Where the objects begin and end."""
    start = 0
    while (start := _after_filler(data, start)) < len(data):
        end = _object_end(data, start) if data[start] == _OPEN else _other_end(data, start)
        may_go_on = end == len(data) and not last and data[start] not in (_OPEN, _QUOTE)
        if end is None or may_go_on:
            return
        yield start, end
        start = end


def _after_filler(data: bytes, start: int) -> int:
    found = _BETWEEN.match(data, start)
    return found.end() if found else start


def _object_end(data: bytes, start: int) -> int | None:
    """None if it has none; strings are passed over, since they may hold brackets."""
    depth, position = 0, start
    while mark := _MARK.search(data, position):
        position = mark.end()
        char = data[position - 1]
        if char == _QUOTE:
            end = _string_end(data, position)
            if end is None:
                return None
            position = end
        else:
            depth += 1 if char == _OPEN else -1
            if not depth:
                return position
    return None


def _string_end(data: bytes, start: int) -> int | None:
    """Behind the quotation mark that closes a string; not one with an odd run of backslashes."""
    while (quote := data.find(b'"', start)) >= 0:
        run = quote
        while data[run - 1] == _BACKSLASH:
            run -= 1
        if (quote - run) % 2 == 0:
            return quote + 1
        start = quote + 1
    return None


def _other_end(data: bytes, start: int) -> int | None:
    """Of what is no object: a string, or everything up to what separates values."""
    if data[start] == _QUOTE:
        return _string_end(data, start + 1)
    found = _OTHER.match(data, start)
    return found.end() if found else None
