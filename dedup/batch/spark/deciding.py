"""The stage that decides, on Spark, and what the sources of articles go back to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F  # noqa: N812  # what all users of Spark call it

from dedup.batch.articles import Shelf
from dedup.batch.deciding import Decided, decide_articles, matches_of
from dedup.batch.origins import with_origins
from dedup.batch.schema import KIN, MATCHES, READ, RELATED, VERDICTS
from dedup.batch.spark.arrow import Batches, cogrouped, conformed, flattened, mapped, nullable
from dedup.batch.spark.units import n_blocks
from dedup.batch.tables import as_batch
from dedup.config import Limits
from dedup.families import MOST_STEPS
from dedup.judge import SECOND_HAND, telling

DECIDED: Final = pa.schema(
    [
        ("number", pa.int64()),
        ("verdict", pa.struct(nullable(VERDICTS))),
        ("matches", pa.list_(pa.struct(nullable(MATCHES)))),
        ("kin", pa.struct(nullable(KIN))),
    ]
)
"""What is said of an article; its matches nearest first."""

ORIGINS: Final = pa.schema([("number", pa.int64()), ("verdict", pa.struct(nullable(VERDICTS)))])

DECIDED_TOGETHER: Final = 500
"""Articles decided on together, about: with their texts and matches in memory at once."""

MOST_TELLING: Final = 4
"""Times ``Limits.max_compared`` of the matches that a verdict may need are kept, of any number.
Of so many, ``telling`` chooses what it would of all: it wants those that are known for longer than
all nearer ones, a dozen or two of a million, and the nearest."""

COPIED_BY: Final = "copied_by"


def listed(related: DataFrame, limits: Limits) -> DataFrame:
    """Of all related pairs those that ``decide_articles`` looks at, and one more where there are.

    The first of a family may be related to any part of the corpus.

    Args:
        related: Rows of ``schema.RELATED``.
        limits: How much is listed.
    """
    first = Window.partitionBy("number").orderBy("other_number")
    followers = (
        related.where(F.col("direction") == COPIED_BY)
        .withColumn("place", F.row_number().over(first))
        .where(F.col("place") <= limits.max_followers + 1)
        .drop("place")
    )
    others = related.where(F.col("direction") != COPIED_BY)
    ordered = others.repartition("number").sortWithinPartitions("number", "other_number")
    return followers.unionByName(
        mapped(ordered, _most_telling(MOST_TELLING * limits.max_compared), RELATED)
    )


def decide(library: DataFrame, related: DataFrame, limits: Limits) -> DataFrame:
    """Decide on all articles: rows of ``DECIDED``.

    Args:
        library: Rows of ``schema.READ``.
        related: What ``listed`` has left.
        limits: What cannot be judged, and how much is listed.
    """
    total = n_blocks(library.count(), DECIDED_TOGETHER)

    def block() -> Column:
        return F.pmod(F.xxhash64("number"), F.lit(total))

    return cogrouped(library, related, block, _decider(limits), DECIDED)


def sources(decided: DataFrame) -> DataFrame:
    """What copies and re-translations were taken from: columns ``number`` and ``source``."""
    found = F.col("verdict.verdict").isin(*SECOND_HAND)
    source = F.col("verdict.source_number").alias("source")
    return decided.where(found).select("number", source).where(F.col("source").isNotNull())


def verdicts(decided: DataFrame, taken_from: DataFrame) -> DataFrame:
    """All verdicts, with what their sources go back to: rows of ``ORIGINS``.

    Args:
        decided: Rows of ``DECIDED``.
        taken_from: Rows of ``sources``.
    """
    chains = decided.select("number", F.col("verdict.source_number").alias("step0")).where(
        F.col("step0").isNotNull()
    )
    for step in range(MOST_STEPS):
        further = taken_from.select(
            F.col("number").alias(f"step{step}"), F.col("source").alias(f"step{step + 1}")
        )
        chains = chains.join(further, f"step{step}", "left" if step else "inner")
    steps = F.array(*(f"step{step}" for step in range(MOST_STEPS + 1))).alias("steps")
    chains = chains.select("number", steps)
    far = mapped(decided.join(chains, "number"), _with_origins, ORIGINS)
    return far.unionByName(decided.join(chains, "number", "anti").select("number", "verdict"))


def _most_telling(most: int) -> Callable[[Batches], Batches]:
    def cut(batches: Batches) -> Batches:
        """Of sorted rows those that each article needs."""
        last = RELATED.empty_table()
        for batch in batches:
            rows = pa.concat_tables([last, pa.Table.from_batches([conformed(batch, RELATED)])])
            numbers = rows["number"].to_numpy()
            if len(numbers):
                begin = int(np.searchsorted(numbers, numbers[-1]))
                yield from _cut(rows[:begin], most).to_batches()
                last = _cut(rows[begin:], most)
        yield from last.to_batches()

    return cut


def _cut(rows: pa.Table, most: int) -> pa.Table:
    """At most so many rows of each article, those that tell most."""
    numbers = rows["number"].to_numpy()
    firsts = np.flatnonzero(np.diff(numbers, prepend=-1))
    sizes = np.diff(firsts, append=len(numbers))
    if not (sizes > most).any():
        return rows
    chosen = np.ones(len(numbers), dtype=bool)
    for first, size in zip(firsts.tolist(), sizes.tolist(), strict=True):
        if size > most:
            own = matches_of(as_batch(rows[first : first + size]))
            kept = {match.place for match in telling(own, most)}
            chosen[first : first + size] = [match.place in kept for match in own]
    return rows.filter(pa.array(chosen))


def _decider(limits: Limits) -> Callable[[pa.Table, pa.Table], pa.Table]:
    def decide_block(articles: pa.Table, related: pa.Table) -> pa.Table:
        shelf = Shelf(conformed(as_batch(articles.sort_by("number")), READ))
        order = [("number", "ascending"), ("other_number", "ascending")]
        pairs = conformed(as_batch(related.sort_by(order)), RELATED)
        return pa.Table.from_batches([_rows(decide_articles(shelf, pairs, limits))])

    return decide_block


def _rows(decided: Decided) -> pa.RecordBatch:
    """Rows of ``DECIDED``."""
    numbers = decided.verdicts.column("number")
    bounds = np.searchsorted(decided.matches.column("number"), numbers)
    offsets = pa.array(np.append(bounds, len(decided.matches)), pa.int32())
    matches = pa.ListArray.from_arrays(offsets, decided.matches.to_struct_array())
    kin = pc.index_in(numbers, decided.kin.column("number"))
    columns = [
        numbers,
        decided.verdicts.to_struct_array(),
        matches,
        decided.kin.to_struct_array().take(kin),
    ]
    typed = [column.cast(field.type) for column, field in zip(columns, DECIDED, strict=True)]
    return pa.record_batch(typed, schema=DECIDED)


def _with_origins(batches: Batches) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        further = {
            number: source
            for steps in batch.column("steps").to_pylist()
            for number, source in pairwise(steps)
            if number is not None and source is not None
        }
        found = with_origins(
            flattened(batch.column("verdict"), VERDICTS),
            flattened(batch.column("matches").flatten(), MATCHES),
            further.get,
        )
        verdict = found.to_struct_array().cast(ORIGINS.field("verdict").type)
        yield pa.record_batch([batch.column("number"), verdict], schema=ORIGINS)
