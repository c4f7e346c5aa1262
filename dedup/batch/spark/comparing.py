"""The stage that compares, on Spark: blocks of pairs, each with the texts of its articles."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Final

import pyarrow as pa
from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F  # noqa: N812  # what all users of Spark call it

from dedup.batch.articles import Shelf
from dedup.batch.comparing import LeftOut, Readings, compare_pairs
from dedup.batch.schema import PAIRS, READ, RELATED
from dedup.batch.spark.arrow import cogrouped, conformed, nullable
from dedup.batch.spark.units import READY, blocked, n_blocks
from dedup.batch.tables import as_batch
from dedup.config import Limits
from dedup.model import Span

BLOCK_PAIRS: Final = 512
"""Pairs of a block, about: a second's work, and at most a thousand texts."""

TOGETHER: Final = 64
"""Articles with the same earliest candidate that stay in one block, where that candidate is made
ready once. Of a family of a million the first is made ready in 16,000 blocks."""


COMPARED: Final = pa.schema([*nullable(RELATED), ("reject", pa.string())])
"""What a related pair is, seen from one side; or of a pair that a fault was met at nothing but a line
of ``rejects.jsonl``."""


def related(compared: DataFrame) -> DataFrame:
    """Rows of ``schema.RELATED``, two for each pair that is related."""
    return compared.where(F.col("reject").isNull()).drop("reject")


def left_out(compared: DataFrame) -> DataFrame:
    """Lines on pairs that a fault was met at."""
    return compared.where(F.col("reject").isNotNull()).select("reject")


def compare(
    pairs: DataFrame, library: DataFrame, spans: DataFrame, limits: Limits, files: Sequence[str]
) -> DataFrame:
    """Compare all pairs: rows of ``COMPARED``.

    Args:
        pairs: Rows of ``schema.PAIRS``.
        library: Rows of ``schema.READ``.
        spans: What ``boilerplate.spans`` gives.
        limits: What cannot be judged.
        files: Paths of the inputs.
    """
    cut = _cut(pairs)
    wanted = cut.select("block", F.explode(F.array("query", "candidate")).alias("number"))
    texts = blocked(library, wanted).join(spans, "number", "left")
    return cogrouped(cut, texts, lambda: F.col("block"), _comparer(limits, files), COMPARED)


def _cut(pairs: DataFrame) -> DataFrame:
    """Pairs with their blocks: those of a query together, and those of a family near each other."""
    queries = pairs.groupBy("query").agg(F.min("candidate").alias("anchor"))
    among = Window.partitionBy("anchor").orderBy("query")
    unit = F.floor((F.row_number().over(among) - 1) / TOGETHER)
    total = F.lit(n_blocks(pairs.count(), BLOCK_PAIRS))
    placed = queries.select("query", F.pmod(F.xxhash64("anchor", unit), total).alias("block"))
    return pairs.join(placed, "query").select("block", *PAIRS.names)


def _comparer(limits: Limits, files: Sequence[str]) -> Callable[[pa.Table, pa.Table], pa.Table]:
    def compare_block(pairs: pa.Table, texts: pa.Table) -> pa.Table:
        texts = texts.sort_by("number")
        shelf = Shelf(conformed(as_batch(texts), READ))
        both = zip(texts["number"].to_pylist(), texts["blocks"].to_pylist(), strict=True)
        boilerplate = {
            number: tuple(Span(span["start"], span["end"]) for span in spans)
            for number, spans in both
            if spans
        }
        readings = Readings(shelf, READY, boilerplate)
        ordered = pairs.sort_by([("query", "ascending"), ("candidate", "ascending")])
        block = conformed(as_batch(ordered), PAIRS)
        failed: list[LeftOut] = []
        found = compare_pairs(block, readings, limits, failed)
        lines = [json.dumps(one.as_reject(files).as_json(), ensure_ascii=False) for one in failed]
        return _as_compared(found, lines)

    return compare_block


def _as_compared(found: pa.RecordBatch, lines: list[str]) -> pa.Table:
    columns = [
        pa.concat_arrays([column, pa.nulls(len(lines), column.type)]) for column in found.columns
    ]
    rejects = pa.concat_arrays([pa.nulls(len(found), pa.string()), pa.array(lines, pa.string())])
    return pa.table([*columns, rejects], schema=COMPARED)
