"""Parquet: unpacked column by column and passed on in Arrow's own format.

Row groups are as large as their writer pleased, so they are read in steps and not as a whole.
Only columns that say something of an article are read.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from dedup.batch.schema import ROW_BITS
from dedup.batch.sources.records import Bounds, Fields, Input, Piece, Reject

# Bytes that are read of a column at once; by default a column is read as a whole.
_BUFFER_BYTES: Final = 1_000_000

# What pyarrow makes of a damaged file.
_DAMAGED: Final = (pa.ArrowException, OSError, UnicodeDecodeError)


def cut(file: Input, bounds: Bounds) -> Iterator[Piece]:
    """The pieces of a file; of a damaged row group what can be read, and then the next one.

    Raises:
        OSError: The file cannot be read at all.
    """
    with _opened(file.path) as table:
        row = 0
        for group in range(table.num_row_groups):
            rows = table.metadata.row_group(group).num_rows
            if not 0 <= row + rows < 1 << ROW_BITS:
                raise OSError(f"is damaged: row group {group} has {rows:,} rows, it says")
            yield from _pieces_of_group(table, group, row, file, bounds)
            row += rows


def sample(path: str, rows: int) -> list[dict[str, object]]:
    """The first rows that can be read, with all columns; those of one row group.

    Raises:
        OSError: None can, or it is no Parquet file.
    """
    damage: Exception | None = None
    with _opened(path) as table:
        for group in range(table.num_row_groups):
            batches = table.iter_batches(batch_size=rows, row_groups=[group], use_threads=False)
            try:
                if (batch := next(batches, None)) is not None:
                    return list(_rows(batch))
            except _DAMAGED as error:
                damage = error
    if damage is not None:
        raise OSError(f"is damaged: {_in_one_line(damage)}")
    return []


def values(table: pa.Buffer) -> Iterator[dict[str, object]]:
    """The rows of a piece, from their names to their values."""
    with pa.ipc.open_stream(table) as stream:
        for batch in stream:
            yield from _rows(batch)


def _opened(path: str) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(path, pre_buffer=False, buffer_size=_BUFFER_BYTES)
    except (pa.ArrowException, UnicodeDecodeError) as error:
        raise OSError(f"is no whole Parquet file: {_in_one_line(error)}") from error


def _in_one_line(error: Exception) -> str:
    return " ".join(str(error).split())


def _pieces_of_group(
    table: pq.ParquetFile, group: int, row: int, file: Input, bounds: Bounds
) -> Iterator[Piece]:
    end = row + table.metadata.row_group(group).num_rows
    read = file.size * (group + 1) // table.num_row_groups
    try:
        for batch in _batches(table, group, file.fields, bounds):
            yield Piece(0, (file,), row, read, table=_packed(batch))
            row += batch.num_rows
    except _DAMAGED as error:
        reason = f"{end - row:,} rows of row group {group} cannot be read: {_in_one_line(error)}"
        yield Piece(0, (file,), row, read, aside=(Reject(file.path, row, reason),))


def _batches(
    table: pq.ParquetFile, group: int, fields: Fields, bounds: Bounds
) -> Iterator[pa.RecordBatch]:
    """Rows of a row group, at most as many as make a piece."""
    columns = _columns(table, fields)
    metadata = table.metadata.row_group(group)
    # Of all columns: pyarrow ends the process where the size of one is damaged.
    size = max(metadata.total_byte_size, 1)
    fitting = max(1, min(bounds.rows, metadata.num_rows * bounds.bytes // size))
    for batch in table.iter_batches(
        batch_size=fitting, row_groups=[group], columns=columns, use_threads=False
    ):
        yield from _halved(batch, bounds.bytes)


def _halved(batch: pa.RecordBatch, most: int) -> Iterator[pa.RecordBatch]:
    """A batch that came out larger than the average of its row group, in pieces."""
    if batch.nbytes <= 2 * most or batch.num_rows == 1:
        yield batch
    else:
        half = batch.num_rows // 2
        yield from _halved(batch.slice(0, half), most)
        yield from _halved(batch.slice(half), most)


def _columns(table: pq.ParquetFile, fields: Fields) -> list[str]:
    there = set(table.schema_arrow.names)
    named = {name for name in fields.names() if name in there}
    outer = {name.partition(".")[0] for name in fields.names() if name not in there}
    return sorted(named | (outer & there))


def _packed(batch: pa.RecordBatch) -> pa.Buffer:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as stream:
        stream.write_batch(batch)
    return sink.getvalue()


def _rows(batch: pa.RecordBatch) -> Iterator[dict[str, object]]:
    try:
        yield from batch.to_pylist()
    except (ValueError, OverflowError):  # of a time that Python has not, or a string not in UTF-8
        names = batch.schema.names
        for row in range(batch.num_rows):
            yield {name: _value(batch.column(name)[row]) for name in names}


def _value(scalar: pa.Scalar) -> object:
    try:
        return scalar.as_py()
    except UnicodeDecodeError:
        return scalar.cast(pa.binary()).as_py()
    except (ValueError, OverflowError):
        return str(scalar.cast(pa.string()))
