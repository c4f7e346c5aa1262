"""Files as archives have them, and what is read from them."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import zstandard

from dedup.batch.sources import Bounds, Passed, Reject, Row, inputs, parse_fields, pieces, rows
from dedup.config import Limits

LIMITS = Limits()
TEXT = "The minister said on Monday that the bridge would be closed for two weeks."


def read(
    *paths: Path | str,
    fields: Sequence[str] = (),
    bounds: Bounds | None = None,
    limits: Limits = LIMITS,
) -> list[Row | Reject | Passed]:
    """All rows of files, piece by piece."""
    given = inputs([str(path) for path in paths], parse_fields(fields), limits)
    return [row for piece in pieces(given, limits, bounds) for row in rows(piece, limits)]


def articles(outcomes: Iterable[Row | Reject | Passed]) -> list[Row]:
    return [row for row in outcomes if isinstance(row, Row)]


def rejects(outcomes: Iterable[Row | Reject | Passed]) -> list[Reject]:
    return [row for row in outcomes if isinstance(row, Reject)]


def json_lines(table: Iterable[Mapping[str, object]]) -> bytes:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in table).encode()


def csv_table(table: Sequence[Mapping[str, object]], delimiter: str = ",") -> bytes:
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, table[0].keys(), delimiter=delimiter)
    writer.writeheader()
    writer.writerows(table)
    return written.getvalue().encode()


def packed(data: bytes, suffix: str) -> bytes:
    if suffix == ".gz":
        return gzip.compress(data)
    return zstandard.compress(data) if suffix == ".zst" else data
