"""The outputs on Spark: tasks write part files as those of the other engine are written."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import pyarrow as pa
from pyspark import TaskContext
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812  # what all users of Spark call it

from dedup.batch.articles import Shelf
from dedup.batch.files import written_whole
from dedup.batch.schema import ARTIFACTS, CLUSTERS, MATCHES, OUTPUTS, READ, VERDICTS
from dedup.batch.showing import articles_of, artifacts_of
from dedup.batch.sources import Inputs
from dedup.batch.spark.arrow import Batches, conformed, mapped
from dedup.batch.spark.reading import rejects
from dedup.batch.spark.units import n_blocks
from dedup.batch.work import Work
from dedup.batch.writing import part_path, write_part
from dedup.model import Span

PART_ROWS: Final = 50_000
"""Rows of an output file, about: 80 MB of articles. A billion articles make 20,000 files."""

WRITTEN: Final = pa.schema([("rows", pa.int64())])

PLACED: Final = pa.schema([*ARTIFACTS, ("place", pa.int32())])
"""Findings, with the place of each among those of its article."""


def write_articles(work: Work, library: DataFrame, inputs: Inputs) -> None:
    """Write the table of articles, of rows of ``schema.READ``."""
    paths = library.sparkSession.sparkContext.broadcast([file.path for file in inputs.files])

    def shown(batches: Batches) -> Batches:
        files = pa.array(paths.value, pa.string())
        for batch in batches:
            yield articles_of(Shelf(conformed(batch, READ)), files)

    _write(work, "articles", library, ["number"], shown)
    paths.destroy()


def write_artifacts(work: Work, library: DataFrame, spans: DataFrame) -> None:
    """Write the table of findings, of rows of ``schema.READ`` and what ``boilerplate.spans`` gives."""
    found = mapped(library.join(spans, "number", "left"), _findings, PLACED)
    _write(work, "artifacts", found, ["number", "place"], _as_are(ARTIFACTS))


def write_verdicts(work: Work, verdicts: DataFrame, members: DataFrame) -> None:
    """Write the table of verdicts.

    Args:
        work: Where.
        verdicts: Rows of ``deciding.ORIGINS``.
        members: Rows of ``schema.CLUSTERS``.
    """
    belongs = members.select("number", "cluster")
    flat = verdicts.select("verdict.*").drop("cluster").join(belongs, "number", "left")
    _write(work, "verdicts", flat, ["number"], _as_are(VERDICTS))


def write_matches(work: Work, decided: DataFrame) -> None:
    """Write the table of matches, of rows of ``deciding.DECIDED``."""
    matches = decided.select(F.posexplode("matches").alias("place", "match"))
    flat = matches.select("place", "match.*")
    _write(work, "matches", flat, ["number", "place"], _as_are(MATCHES))


def write_clusters(work: Work, members: DataFrame) -> None:
    """Write the table of families, of rows of ``schema.CLUSTERS``."""
    _write(work, "clusters", members, ["cluster", "place"], _as_are(CLUSTERS))


def write_rejects(work: Work, rows: DataFrame, left_out: DataFrame) -> None:
    """Write the rejects among what was read, one after the other; then those pairs left out."""
    with written_whole(work.out / "rejects.jsonl") as part, part.open("wb") as file:
        for told in (rejects(rows), left_out.orderBy("reject")):
            for row in told.toLocalIterator():
                file.write(f"{row['reject']}\n".encode())


def _write(
    work: Work,
    table: str,
    rows: DataFrame,
    order: list[str],
    shown: Callable[[Batches], Batches],
) -> None:
    """Write a table in the order of some columns; what is told of one article in one file."""

    def write(batches: Batches) -> Batches:
        context = TaskContext.get()
        number = context.partitionId() if context else 0
        path = part_path(work.out, table, number, "parquet")
        write_part(path, OUTPUTS[table], shown(batches), "parquet")
        yield pa.record_batch([pa.array([1], pa.int64())], schema=WRITTEN)

    parts = n_blocks(rows.count(), PART_ROWS)
    ordered = rows.repartitionByRange(parts, order[0]).sortWithinPartitions(*order)
    mapped(ordered, write, WRITTEN).agg(F.sum("rows")).collect()
    first = part_path(work.out, table, 0, "parquet")
    if not first.exists():
        write_part(
            first, OUTPUTS[table], [pa.RecordBatch.from_pylist([], OUTPUTS[table])], "parquet"
        )


def _as_are(schema: pa.Schema) -> Callable[[Batches], Batches]:
    def shown(batches: Batches) -> Batches:
        return (conformed(batch, schema) for batch in batches)

    return shown


def _findings(batches: Batches) -> Batches:
    for batch in batches:
        boilerplate = {
            number: [Span(span["start"], span["end"]) for span in spans]
            for number, spans in zip(
                batch.column("number").to_pylist(),
                batch.column("blocks").to_pylist(),
                strict=True,
            )
            if spans
        }
        in_order = batch.sort_by("number")
        found = artifacts_of(Shelf(conformed(in_order, READ)), boilerplate)
        yield pa.record_batch(
            [*found.columns, pa.array(range(len(found)), pa.int32())], schema=PLACED
        )
