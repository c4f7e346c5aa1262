"""Which full buckets are boilerplate, and where it stands: ``dedup.batch.boilerplate`` on Spark."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812  # what all users of Spark call it

from dedup.batch.articles import Shelf
from dedup.batch.blocks import Finder
from dedup.batch.boilerplate import MOST_LOOKED_AT, RELATED_RESEMBLANCE, oldest_others, what_joins
from dedup.batch.kernel import agreeing
from dedup.batch.schema import BLOCKS, READ
from dedup.batch.sketches import resemblance
from dedup.batch.spark.arrow import Batches, cogrouped, conformed, mapped
from dedup.batch.spark.buckets import bytes_of, chunks, columns_of
from dedup.batch.spark.units import blocked, n_blocks
from dedup.batch.tables import as_batch
from dedup.index.ranking import COPIED_SHARE, Boilerplate

NEIGHBOURS: Final = pa.schema([("key", pa.int64()), ("earlier", pa.int64()), ("later", pa.int64())])
"""Ranks of two that stand beside each other in a bucket."""

JOINED: Final = pa.schema(
    [
        ("earlier", pa.int64()),
        ("later", pa.int64()),
        ("copied", pa.float64()),
        ("related", pa.float64()),
    ]
)
"""Neighbours, and what joins them (``what_joins``)."""

PLACES: Final = pa.schema(
    [("number", pa.int64()), ("start", pa.int32()), ("witnesses", pa.list_(pa.int64()))]
)
"""Where boilerplate stands: an article, the place among its words, and others that have it."""

SUSPECTS: Final = 500
"""Articles in which boilerplate is looked for together, about; they are in memory at once."""


def boilerplate(full: DataFrame, roll: DataFrame) -> DataFrame:
    """Which keys of full buckets are boilerplate: columns ``key`` and ``boilerplate``.

    Args:
        full: Rows of ``meetings.ENTRIES``.
        roll: All articles: ``rank``, ``sketch``, ``passages``.
    """
    ordered = full.repartition("key").sortWithinPartitions("key", "rank", "start")
    neighbours = mapped(ordered, _neighbours, NEIGHBOURS)
    counted = neighbours.groupBy("earlier", "later").count()
    about = ("sketch", "passages")
    beside = counted.join(_of(roll, "earlier", about), "earlier").join(
        _of(roll, "later", about), "later"
    )
    joined = mapped(beside, _what_joins, JOINED)
    known = neighbours.join(joined, ["earlier", "later"]).groupBy("key")
    # No more than MOST_LOOKED_AT values a key.
    medians = known.agg(_median("copied"), _median("related"))
    found = (F.col("copied") < COPIED_SHARE) & (F.col("related") < RELATED_RESEMBLANCE)
    return medians.select("key", found.alias("boilerplate"))


def places(full: DataFrame) -> DataFrame:
    """Where the passages of some full buckets stand: rows of ``PLACES``."""
    ordered = full.repartition("key").sortWithinPartitions("key", "rank", "start")
    return mapped(ordered, _places, PLACES)


def spans(found: DataFrame, library: DataFrame) -> DataFrame:
    """How far the boilerplate of articles reaches, of those that have any.

    Args:
        found: Rows of ``PLACES``.
        library: Rows of ``schema.READ``.

    Returns:
        Columns ``number`` and ``blocks``: a list of ``start`` and ``end``, as submitted.
    """
    suspects = found.groupBy("number").agg(
        F.sort_array(F.collect_list(F.struct("start", "witnesses"))).alias("places")
    )
    total = n_blocks(suspects.count(), SUSPECTS)
    block = F.pmod(F.xxhash64("number"), F.lit(total)).alias("block")
    suspects = suspects.select(block, "number", "places")
    read = suspects.select("block", "number").unionByName(
        suspects.select("block", F.explode("places.witnesses").alias("some")).select(
            "block", F.explode("some").alias("number")
        )
    )
    texts = blocked(library, read)
    blocks = cogrouped(suspects, texts, lambda: F.col("block"), _find_spans, BLOCKS)
    listed = F.sort_array(F.collect_list(F.struct("start", "end"))).alias("blocks")
    return blocks.groupBy("number").agg(listed)


def _of(roll: DataFrame, side: str, names: tuple[str, ...]) -> DataFrame:
    return roll.select(
        F.col("rank").alias(side), *(F.col(name).alias(f"{side}_{name}") for name in names)
    )


def _median(name: str) -> Column:
    """The lower one."""
    ordered = F.sort_array(F.collect_list(name))
    return F.element_at(ordered, ((F.count(name) + 1) / 2).cast("int")).alias(name)


def _neighbours(batches: Batches) -> Batches:
    for chunk in chunks(columns_of(batches)):
        keys, ranks = chunk.rows["key"], chunk.rows["rank"]
        first = np.searchsorted(keys, keys)
        place = np.arange(len(keys)) - first
        place[(first == 0) & (np.arange(len(keys)) >= chunk.met)] += chunk.skipped
        place[: chunk.met] = 0  # has been told before
        later = np.flatnonzero((place > 0) & (place < MOST_LOOKED_AT))
        columns = [pa.array(keys[later]), pa.array(ranks[later - 1]), pa.array(ranks[later])]
        yield pa.record_batch(columns, schema=NEIGHBOURS)


def _what_joins(batches: Batches) -> Batches:
    for batch in batches:
        sketches = np.concatenate(
            [bytes_of(batch.column(f"{side}_sketch")) for side in ("earlier", "later")]
        )
        n = len(batch)
        agree = agreeing(
            sketches, np.arange(n, dtype=np.uint32), np.arange(n, 2 * n, dtype=np.uint32)
        )
        copied, related = what_joins(
            batch.column("count").to_numpy(),
            resemblance(agree, sketches.shape[1]),
            *(batch.column(f"{side}_passages").to_numpy() for side in ("earlier", "later")),
        )
        columns = [batch.column("earlier"), batch.column("later"), copied, related]
        yield pa.record_batch(
            [column if isinstance(column, pa.Array) else pa.array(column) for column in columns],
            schema=JOINED,
        )


def _places(batches: Batches) -> Batches:
    for chunk in chunks(columns_of(batches)):
        buckets, _ = chunk.buckets()
        number_of = chunk.of_ranks("number")
        witnesses = number_of[oldest_others(buckets)][chunk.met :]
        columns = [
            pa.array(number_of[buckets.ranks][chunk.met :]),
            pa.array(buckets.starts[chunk.met :]),
            pa.array(list(witnesses), pa.list_(pa.int64())),
        ]
        yield pa.record_batch(columns, schema=PLACES)


def _find_spans(suspects: pa.Table, texts: pa.Table) -> pa.Table:
    shelf = Shelf(conformed(as_batch(texts.sort_by("number")), READ))
    places = (
        (row["number"], [Boilerplate(one["start"], one["witnesses"]) for one in row["places"]])
        for row in suspects.sort_by("number").to_pylist()
    )
    return pa.Table.from_batches([Finder(shelf).blocks(places)])
