"""The first stage on Spark: a task reads a file, or some small ones, article by article."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812  # what all users of Spark call it

from dedup.batch.reading import ReadPiece, read_piece
from dedup.batch.schema import READ
from dedup.batch.sources import Fields, Input, Inputs, Reject, pieces
from dedup.batch.sources.cutting import default_bounds, groups
from dedup.batch.spark.arrow import Batches, mapped, nullable
from dedup.config import Settings

INPUTS: Final = pa.schema([("place", pa.int64()), ("files", pa.string())])

KEYS: Final = (
    pa.field("content_keys", pa.list_(pa.int64())),
    pa.field("passage_keys", pa.list_(pa.int64())),
    pa.field("passage_starts", pa.list_(pa.int32())),
    pa.field("sketch", pa.binary()),
    pa.field("hapaxes", pa.binary()),
    pa.field("tongue", pa.int64()),
)
"""What an article is found by (``dedup.batch.columns``). Keys of 64 bits, as signed numbers."""

NOTES: Final = (
    pa.field("files", pa.int64()),
    pa.field("piece", pa.int32()),
    pa.field("note", pa.int32()),
    pa.field("reject", pa.string()),
    pa.field("kept", pa.bool_()),
    pa.field("passed", pa.map_(pa.string(), pa.int64())),
)
"""What else was seen: of which group of files, which piece of it, at which place; a reject as a
line of ``rejects.jsonl``, or how many rows of a piece were passed over, by reason."""

ROWS: Final = pa.schema([*nullable(READ), *KEYS, *NOTES])
"""A row is an article, a reject, or what was passed over in a piece."""


def read(spark: SparkSession, inputs: Inputs, settings: Settings) -> DataFrame:
    """Read all inputs: rows of ``ROWS``."""
    bounds = default_bounds(settings.limits)
    lines = [json.dumps([asdict(file) for file in group]) for group in groups(inputs.files, bounds)]
    table = pa.table({"place": range(len(lines)), "files": lines}, INPUTS)
    tasks = max(1, len(lines))
    return mapped(
        spark.createDataFrame(table).repartitionByRange(tasks, "place"), _reader(settings), ROWS
    )


def articles(rows: DataFrame) -> DataFrame:
    """The articles among what was read."""
    return rows.where(F.col("number").isNotNull())


def rejects(rows: DataFrame) -> DataFrame:
    """Lines of ``rejects.jsonl``, in their order."""
    found = rows.where(F.col("reject").isNotNull())
    return found.select("files", "piece", "note", "reject").orderBy("files", "piece", "note")


def _reader(settings: Settings) -> Callable[[Batches], Batches]:
    def read_groups(batches: Batches) -> Batches:
        for batch in batches:
            for place, files in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                given = Inputs(tuple(map(_input, json.loads(files))))
                for piece in pieces(given, settings.limits):
                    found = read_piece(piece, settings)
                    yield _articles(found)
                    yield _notes(place, piece.number, found)

    return read_groups


def _input(fields: dict[str, Any]) -> Input:
    return Input(**{**fields, "fields": Fields(**fields["fields"])})


def _articles(found: ReadPiece) -> pa.RecordBatch:
    """The articles of a piece with their keys."""
    keys, n = found.keys, len(found.articles)
    columns = dict(zip(found.articles.schema.names, found.articles.columns, strict=True)) | {
        "content_keys": _lists(keys.content.keys.view(np.int64), keys.content.owners, n),
        "passage_keys": _lists(keys.passages.keys.view(np.int64), keys.passages.owners, n),
        "passage_starts": _lists(keys.starts, keys.passages.owners, n),
        "sketch": pa.array([row.tobytes() for row in keys.sketches], pa.binary()),
        "hapaxes": pa.array([row.tobytes() for row in keys.hapaxes], pa.binary()),
        "tongue": pa.array(keys.tongues.astype(np.int64)),
    }
    return _rows(n, columns)


def _notes(place: int, piece: int, found: ReadPiece) -> pa.RecordBatch:
    """What of a piece is not taken."""
    lines: list[Reject | None] = [*found.rejects, None]
    n = len(lines)
    columns = {
        "files": pa.array([place] * n, pa.int64()),
        "piece": pa.array([piece] * n, pa.int32()),
        "note": pa.array(range(n), pa.int32()),
        "reject": pa.array(
            [line and json.dumps(line.as_json(), ensure_ascii=False) for line in lines], pa.string()
        ),
        "kept": pa.array([line and line.kept for line in lines], pa.bool_()),
        "passed": pa.array(
            [None if line else list(found.passed.items()) for line in lines],
            ROWS.field("passed").type,
        ),
    }
    return _rows(n, columns)


def _rows(n: int, columns: dict[str, pa.Array]) -> pa.RecordBatch:
    every: Iterable[pa.Array] = (
        columns[field.name] if field.name in columns else pa.nulls(n, field.type) for field in ROWS
    )
    return pa.record_batch(list(every), schema=ROWS)


def _lists(values: NDArray[Any], owners: NDArray[np.uint32], n: int) -> pa.ListArray:
    """Values by their owner, each one's in their order."""
    order = np.argsort(owners, kind="stable")
    offsets = np.concatenate([[0], np.cumsum(np.bincount(owners, minlength=n))])
    return pa.ListArray.from_arrays(pa.array(offsets, pa.int32()), pa.array(values[order]))
