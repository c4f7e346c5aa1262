"""What a run has written, read back: for the report, and for cleaning.

Tables are read column by column, whatever format they were written in.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds

from dedup.batch.schema import OUTPUTS
from dedup.model import Passage, Span


class Outputs:
    """The tables in a directory of outputs.

    Args:
        directory: What ``secondhand batch`` was told to write to.
    """

    def __init__(self, directory: Path) -> None:
        self._directory = directory

    def read(self, name: str, columns: Sequence[str] | None = None) -> pa.Table:
        """Some columns of a table, or all; rows in their order."""
        return self._dataset(name).to_table(columns=columns)

    def batches(self, name: str, columns: Sequence[str] | None = None) -> Iterator[pa.RecordBatch]:
        """The same, batch by batch."""
        yield from self._dataset(name).to_batches(columns=columns)

    def rows(self, name: str, numbers: Sequence[int]) -> Iterator[dict[str, Any]]:
        """The rows of some articles, in their order."""
        wanted = ds.field("number").isin(pa.array(numbers, pa.int64()))
        for batch in self._dataset(name).to_batches(filter=wanted):
            yield from batch.to_pylist()

    def _dataset(self, name: str) -> ds.Dataset:
        files = sorted((self._directory / name).glob("part-*.parquet"))
        return ds.dataset([str(file) for file in files], schema=OUTPUTS[name], format="parquet")


def passage(row: dict[str, Any]) -> Passage:
    """A passage as it stands in ``matches``."""
    return Passage(
        query=Span(row["query_start"], row["query_end"]),
        candidate=Span(row["candidate_start"], row["candidate_end"]),
        type=row["type"],
        quotation=row["quotation"],
    )
