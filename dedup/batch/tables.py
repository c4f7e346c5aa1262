"""Tables between the stages, as files that are mapped into memory: read where they lie."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import pyarrow as pa

from dedup.batch.files import written_whole


def write_table(path: Path, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> None:
    """Write batches one after the other; the file is there when it is whole."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with written_whole(path) as part, pa.ipc.new_file(str(part), schema) as file:
        for batch in batches:
            file.write_batch(batch)


def read_batches(path: Path) -> list[pa.RecordBatch]:
    """The batches of a file, of which nothing is read before it is looked at."""
    with pa.memory_map(str(path)) as mapped:
        file = pa.ipc.open_file(mapped)
        return [file.get_batch(number) for number in range(file.num_record_batches)]


def read_batch(path: Path) -> pa.RecordBatch:
    """The only batch of a file."""
    (batch,) = read_batches(path)
    return batch


def as_batch(table: pa.Table) -> pa.RecordBatch:
    """A table in one batch."""
    columns = [
        column.combine_chunks() if column.num_chunks != 1 else column.chunk(0)
        for column in table.columns
    ]
    return pa.record_batch(columns, schema=table.schema)
