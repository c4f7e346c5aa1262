"""The first rows of every table: which of its fields holds what."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final

from dedup.batch.sources import parquet
from dedup.batch.sources.cutting import default_bounds, pieces
from dedup.batch.sources.fields import settle_fields
from dedup.batch.sources.listing import list_inputs
from dedup.batch.sources.reading import json_object, records
from dedup.batch.sources.records import TABLES, Input, Inputs
from dedup.batch.sources.stream import BYTE_ORDER_MARK, Stream
from dedup.config import Limits
from dedup.decoding import refuse_other_than_text
from dedup.errors import InputError

# Enough to meet fields that only some rows have; few enough to look into a thousand files.
_ROWS: Final = 200
_BYTES: Final = 1_000_000
# Pieces that may hold nothing but rows that are too long.
_PIECES: Final = 10

_DELIMITERS: Final = ",\t;|"
_QUOTED: Final = re.compile(r'"[^"]*"')


def inputs(
    paths: Sequence[str],
    chosen: Mapping[str, str | None] | None = None,
    limits: Limits | None = None,
) -> Inputs:
    """The files that paths stand for, and which of their fields holds what.

    A file in a folder of which that cannot be told has a ``problem``; others may go on.

    Args:
        paths: Files, and folders that are searched through; see ``docs/batch.md``.
        chosen: Fields that the caller has settled (``parse_fields``), for all files.
        limits: What is too long to be an article.

    Raises:
        InputError: A path is not there, or which field of a file holds the text cannot be told:
            of one that was given by its name, or of all.
    """
    listing = list_inputs(paths)
    files = tuple(_surveyed(file, chosen or {}, limits or Limits()) for file in listing.inputs)
    unusable = [file for file in files if file.problem is not None]
    refused = [file for file in unusable if file.number in listing.named]
    if not refused and len(unusable) == len(files):
        refused = unusable
    if refused:
        more = f" (and {len(refused) - 1:,} more)" if len(refused) > 1 else ""
        raise InputError(f"{refused[0].path}{more}: {refused[0].problem}")
    return Inputs(files, listing.passed_over)


def _surveyed(file: Input, chosen: Mapping[str, str | None], limits: Limits) -> Input:
    """A table with its fields, or with what is wrong; another file as it is."""
    if file.kind not in TABLES:
        return file
    try:
        if file.kind == "parquet":
            rows = parquet.sample(file.path, _ROWS)
        else:
            file = _with_form(file)
            rows = _first_rows(file, limits)
        if not rows:
            return file
        columns = file.kind in {"csv", "parquet"}
        return replace(file, fields=settle_fields(rows, chosen, columns=columns))
    except InputError as error:
        return replace(file, problem=str(error))
    except OSError as error:
        return replace(file, problem=f"cannot be read: {error.strerror or error}")


def _with_form(file: Input) -> Input:
    """A file of text with what its first line says of the others."""
    with Stream(file.path) as stream:
        start = stream.read(_BYTES)
    refuse_other_than_text(start)
    line = start.removeprefix(BYTE_ORDER_MARK).partition(b"\n")[0]
    if file.kind == "json" and _is_object(line):
        return replace(file, kind="jsonl")
    if file.kind == "csv":
        return replace(file, delimiter=_delimiter(line.decode("utf-8", "replace")))
    return file


def _is_object(line: bytes) -> bool:
    try:
        json_object(line)
    except InputError:
        return False
    return True


def _delimiter(line: str) -> str:
    """What separates the names in the first line; a comma if it has but one name."""
    bare = _QUOTED.sub("", line)
    return max(_DELIMITERS, key=bare.count)


def _first_rows(file: Input, limits: Limits) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    first_error: str | None = None
    bounds = replace(default_bounds(limits), bytes=_BYTES, rows=_ROWS)
    for piece in islice(pieces(Inputs((file,)), limits, bounds), _PIECES):
        for place, values in records(piece):
            if isinstance(values, InputError):
                first_error = first_error or f"row {place.row + 1} {values}"
            else:
                rows.append(values)
        if rows:
            return rows
    if first_error is not None:
        raise InputError(f"none of its first rows can be read; {first_error}")
    return rows
