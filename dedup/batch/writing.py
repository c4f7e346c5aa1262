"""Part files: rows of the outputs as Parquet, or as JSON lines packed by zstd.

The bytes depend on the rows alone, and on how they come in batches.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal, Protocol

import pyarrow as pa
import pyarrow.parquet as pq

from dedup.batch.files import written_whole
from dedup.packed import packing
from dedup.report import time_to_json

Format = Literal["parquet", "jsonl"]

SUFFIXES: Final = MappingProxyType({"parquet": ".parquet", "jsonl": ".jsonl.zst"})

ZSTD_LEVEL: Final = 3
"""zstd's own default: a text takes two fifths of its bytes at 300 MB a second."""

GROUP_BYTES: Final = 32 << 20
"""Rows are written when they take so much, a row group of Parquet each. What a reader has to
hold at once, and what a writer holds."""


def part_path(directory: Path, table: str, number: int, form: Format) -> Path:
    """Where a part of a table stands."""
    return directory / table / f"part-{number:05d}{SUFFIXES[form]}"


def write_part(
    path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch], form: Format
) -> None:
    """Write a part; the file is there when it is whole.

    Args:
        path: Of the file.
        schema: Of the batches.
        batches: Rows in their order; how they are cut changes the file's bytes.
        form: What is written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    writing = _parquet if form == "parquet" else _jsonl
    with written_whole(path) as part, writing(part, schema) as write:
        for group in _groups(batches):
            write(group)


class _Write(Protocol):
    def __call__(self, table: pa.Table, /) -> None: ...


def _groups(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.Table]:
    """Batches gathered until they are worth writing."""
    gathered: list[pa.RecordBatch] = []
    size = 0
    for batch in batches:
        gathered.append(batch)
        size += batch.nbytes
        if size >= GROUP_BYTES:
            yield pa.Table.from_batches(gathered)
            gathered, size = [], 0
    if gathered:
        yield pa.Table.from_batches(gathered)


@contextmanager
def _parquet(path: Path, schema: pa.Schema) -> Iterator[_Write]:
    with pq.ParquetWriter(path, schema, compression="zstd", compression_level=ZSTD_LEVEL) as writer:
        yield lambda table: writer.write_table(table, row_group_size=max(len(table), 1))


@contextmanager
def _jsonl(path: Path, _schema: pa.Schema) -> Iterator[_Write]:
    with path.open("wb") as raw, packing(raw, ".zst") as packed:

        def write(table: pa.Table) -> None:
            for row in table.to_pylist(maps_as_pydicts="strict"):
                line = json.dumps(row, ensure_ascii=False, separators=(",", ":"), default=_plain)
                packed.write(f"{line}\n".encode())

        yield write


def _plain(value: Any) -> str:  # noqa: ANN401  # what JSON has no word for
    if isinstance(value, datetime):
        return time_to_json(value)
    raise TypeError(f"{type(value)} has no form in JSON")
