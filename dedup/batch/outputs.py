"""What a run has written, read back: for the report, and for cleaning.

Tables are read by columns, whatever format they were written in.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from dedup.batch.schema import OUTPUTS
from dedup.batch.writing import SUFFIXES, Format
from dedup.errors import InputError
from dedup.packed import unpacked

LINES_AT_ONCE: Final = 2_000
"""Rows of JSON lines in a batch: some 10 MB of articles."""


class Outputs:
    """The tables in a directory of outputs.

    Args:
        directory: What ``secondhand batch`` was told to write to.

    Raises:
        InputError: No finished run stands there.
    """

    def __init__(self, directory: Path) -> None:
        if not (directory / "summary.json").is_file():
            raise InputError(
                f"{directory}: no finished run stands here: name what `secondhand batch` was given "
                "as -o; if it was cut off, let it go on with --resume first"
            )
        self._directory = directory
        self.form: Format = "parquet" if self._parts("articles", "parquet") else "jsonl"

    def read(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """Some columns of a table, or all; rows in their order.

        Raises:
            InputError: Another version has written it, without a column of these.
        """
        schema = OUTPUTS[name] if columns is None else pa.schema(map(OUTPUTS[name].field, columns))
        return pa.Table.from_batches(self._batches(name, schema), schema)

    def rows(self, name: str, numbers: Sequence[int]) -> Iterator[dict[str, Any]]:
        """The rows of some articles, in their order."""
        wanted = pa.array(numbers, pa.int64())
        for batch in self._batches(name, OUTPUTS[name]):
            yield from batch.filter(pc.is_in(batch.column("number"), wanted)).to_pylist()

    def parts(self, name: str) -> Iterator[Iterator[pa.RecordBatch]]:
        """A table, part by part, each batch by batch."""
        for path in self._parts(name, self.form):
            yield self._batches_of(path, OUTPUTS[name])

    def _batches(self, name: str, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        for path in self._parts(name, self.form):
            yield from self._batches_of(path, schema)

    def _batches_of(self, path: Path, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
        if self.form == "jsonl":
            return _from_lines(path, schema)
        _refuse_missing(path, schema, pq.read_schema(path).names)
        dataset = ds.dataset(str(path), schema=schema, format="parquet")
        batches: Iterator[pa.RecordBatch] = dataset.to_batches(columns=schema.names)
        return batches

    def _parts(self, name: str, form: Format) -> list[Path]:
        return sorted((self._directory / name).glob(f"part-*{SUFFIXES[form]}"))


def _refuse_missing(path: Path, schema: pa.Schema, names: Container[str]) -> None:
    missing = next((name for name in schema.names if name not in names), None)
    if missing is not None:
        raise InputError(
            f"{path}: has no {missing!r}: another version of secondhand has written this run; let "
            "`secondhand batch` make it again, in another directory"
        )


def _from_lines(path: Path, schema: pa.Schema) -> Iterator[pa.RecordBatch]:
    with path.open("rb") as packed, unpacked(packed) as file:
        rows: list[dict[str, Any]] = []
        for line in file:
            row = json.loads(line)
            _refuse_missing(path, schema, row)
            rows.append(_values(row, schema))
            if len(rows) == LINES_AT_ONCE:
                yield pa.RecordBatch.from_pylist(rows, schema)
                rows = []
        yield pa.RecordBatch.from_pylist(rows, schema)


def _values(row: dict[str, Any], schema: pa.Schema) -> dict[str, Any]:
    """The fields of a line as Arrow takes them: JSON has no word for times, nor for pairs."""
    values = {name: row[name] for name in schema.names}
    if values.get("published"):
        values["published"] = datetime.fromisoformat(values["published"])
    if "data" in values:
        values["data"] = list(values["data"].items())
    return values
