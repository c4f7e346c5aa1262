"""The first rows of every table: which of its fields holds what."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Final, NamedTuple

from dedup.batch.sources import parquet
from dedup.batch.sources.cutting import default_bounds, pieces
from dedup.batch.sources.fields import TEXTS, lacking, settle_fields
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

# Kinds whose rows all have the same fields.
_COLUMNS: Final = frozenset(("csv", "parquet"))

_NOTHING: Final[Mapping[str, str]] = {}

_DELIMITERS: Final = ",\t;|"
_QUOTED: Final = re.compile(r'"[^"]*"')


def inputs(
    paths: Sequence[str],
    chosen: Mapping[str, str | None] | None = None,
    limits: Limits | None = None,
    met: Collection[str] = (),
) -> Inputs:
    """The files that paths stand for, and which of their fields holds what.

    A field that the caller has settled holds for all tables that have it. Of the others it is told
    by its name, as it is where the caller has settled nothing. If none has it, the caller errs.

    A file in a folder of which that cannot be told has a ``problem``; others may go on.

    Args:
        paths: Files, and folders that are searched through; see ``docs/batch.md``.
        chosen: Fields that the caller has settled (``parse_fields``), for all files.
        limits: What is too long to be an article.
        met: What of the chosen other inputs have (``met_in``).

    Raises:
        InputError: A path is not there, or which field of a file holds the text cannot be told:
            of one that was given by its name, or of all.
    """
    listing = list_inputs(paths)
    chosen = chosen or {}
    surveyed = [_surveyed(file, chosen, limits or Limits()) for file in listing.inputs]
    all_met = {*met, *met_in((one.file for one in surveyed), chosen)}
    files = tuple(_insisted(one, chosen, all_met) for one in surveyed)
    unusable = [file for file in files if file.problem is not None]
    refused = [file for file in unusable if file.number in listing.named]
    if not refused and len(unusable) == len(files):
        refused = unusable
    if refused:
        more = f" (and {len(refused) - 1:,} more)" if len(refused) > 1 else ""
        raise InputError(f"{refused[0].path}{more}: {refused[0].problem}")
    return Inputs(files, listing.passed_over)


def met_in(files: Iterable[Input], chosen: Mapping[str, str | None]) -> set[str]:
    """What of the chosen is a field of some file."""
    fields = {file.fields for file in files if file.problem is None}
    return {
        role for role, name in chosen.items() if any(getattr(own, role) == name for own in fields)
    }


class _Surveyed(NamedTuple):
    """A table with its fields, or with what is wrong; another file as it is.

    Attributes:
        lacks: What of the chosen it does not have, each with what is wrong.
    """

    file: Input
    lacks: Mapping[str, str] = _NOTHING


def _surveyed(file: Input, chosen: Mapping[str, str | None], limits: Limits) -> _Surveyed:
    if file.kind not in TABLES:
        return _Surveyed(file)
    try:
        if file.kind == "parquet":
            rows = parquet.sample(file.path, _ROWS)
        else:
            file = _with_form(file)
            rows = _first_rows(file, limits)
    except InputError as error:
        return _Surveyed(replace(file, problem=str(error)))
    except OSError as error:
        return _Surveyed(replace(file, problem=f"cannot be read: {error.strerror or error}"))
    return _with_fields(file, rows, chosen) if rows else _Surveyed(file)


def _with_fields(
    file: Input, rows: Sequence[Mapping[str, object]], chosen: Mapping[str, str | None]
) -> _Surveyed:
    lacks = lacking(rows, chosen, columns=file.kind in _COLUMNS)
    own = {role: name for role, name in chosen.items() if role not in lacks}
    try:
        return _Surveyed(replace(file, fields=settle_fields(rows, own)), lacks)
    except InputError as error:
        told = [lacks[role] for role in sorted(TEXTS & lacks.keys())]
        return _Surveyed(replace(file, problem="; ".join([*told, str(error)])), lacks)


def _insisted(one: _Surveyed, chosen: Mapping[str, str | None], met: Collection[str]) -> Input:
    """The file; what no file has of the chosen is wrong, or expected to come in later rows."""
    unmet = {role: reason for role, reason in one.lacks.items() if role not in met}
    if not unmet:
        return one.file
    texts = {role for role in TEXTS if chosen.get(role)}
    if one.file.kind in _COLUMNS:
        return replace(one.file, problem=next(iter(unmet.values())))
    if texts & unmet.keys() and texts <= one.lacks.keys():
        return replace(one.file, problem=unmet[max(texts & unmet.keys())])
    later = {role: chosen[role] for role in unmet}
    return replace(one.file, fields=replace(one.file.fields, **later))


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
