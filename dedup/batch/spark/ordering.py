"""What articles are called, and where each stands in the order of time."""

from __future__ import annotations

from itertools import accumulate
from typing import Final

import numpy as np
from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F  # noqa: N812  # what all users of Spark call it

NEVER: Final = int(np.iinfo(np.int64).max)
"""After all times: nothing says when."""

ROW_BITS: Final = 33
"""Low bits of what ``monotonically_increasing_id`` gives: the place in the partition."""

NUMBERED: Final = r"^(.*)#([1-9][0-9]{0,8})$"
"""An id that another one may get by being repeated. Nobody repeats one a billion times."""


def names(articles: DataFrame) -> DataFrame:
    """Ids of articles whose id an earlier one has, as ``dedup.batch.naming`` makes them.

    The k-th repetition gets the k-th number from 2 on that no article brings along with the same
    id. Numbers that are brought along are laid among the repetitions, each where so many free
    ones lie below it; so how many stand before a repetition is what its number is higher by. No
    list of one id's articles is ever made.

    Args:
        articles: Columns ``number`` and ``id``.

    Returns:
        Columns ``number`` and ``id``: new ids.
    """
    ids = articles.select("number", "id")
    again = Window.partitionBy("id").orderBy("number")
    repeated = ids.select("id", "number", (F.row_number().over(again) - 1).alias("nth"))
    repeated = repeated.where(F.col("nth") > 0)
    split = ids.select(
        F.regexp_extract("id", f"(?s){NUMBERED}", 1).alias("base"),
        F.regexp_extract("id", f"(?s){NUMBERED}", 2).alias("taken"),
    )
    taken = (
        split.where(F.col("taken") != "")
        .select("base", F.col("taken").cast("long"))
        .where(F.col("taken") > 1)
        .distinct()
        .join(repeated.select(F.col("id").alias("base")).distinct(), "base", "semi")
    )
    ascending = Window.partitionBy("base").orderBy("taken")
    free_below = F.col("taken") - 1 - F.row_number().over(ascending)
    nobody = F.lit(None).cast("long")
    laid = taken.select(
        F.col("base").alias("id"),
        nobody.alias("number"),
        (2 * free_below + 1).alias("place"),
        F.lit(1).alias("one"),
    ).unionByName(
        repeated.select("id", "number", (2 * F.col("nth")).alias("place"), F.lit(0).alias("one"))
    )
    so_far = (
        Window.partitionBy("id")
        .orderBy("place", "one")
        .rowsBetween(Window.unboundedPreceding, Window.currentRow)
    )
    renamed = F.concat(
        "id", F.lit("#"), (F.col("place") / 2 + 1 + F.sum("one").over(so_far)).cast("long")
    )
    return laid.select("number", renamed.alias("id")).where(F.col("number").isNotNull())


def in_order(articles: DataFrame) -> DataFrame:
    """Articles in order of time: each one's place in its partition.

    Args:
        articles: Columns ``number``, ``published`` and ``captured``.

    Returns:
        Columns ``number``, ``partition`` and ``place``. To be written before it is read again.
    """
    known = F.coalesce(F.unix_micros(F.least("published", "captured")), F.lit(NEVER))
    ordered = (
        articles.select("number", known.alias("since"))
        .repartitionByRange("since", "number")
        .sortWithinPartitions("since", "number")
        .select("number", F.monotonically_increasing_id().alias("at"))
    )
    return ordered.select(
        "number",
        F.shiftright("at", ROW_BITS).alias("partition"),
        F.col("at").bitwiseAND((1 << ROW_BITS) - 1).alias("place"),
    )


def ranked(ordered: DataFrame) -> DataFrame:
    """The rank of every article: columns ``number`` and ``rank``, from 0."""
    sizes = sorted(ordered.groupBy("partition").count().collect())
    if not sizes:
        return ordered.select("number", F.col("place").alias("rank"))
    before = accumulate((size["count"] for size in sizes), initial=0)
    offsets = ordered.sparkSession.createDataFrame(
        [(size["partition"], first) for size, first in zip(sizes, before, strict=False)],
        "partition long, first long",
    )
    rank: Column = F.col("first") + F.col("place")
    return ordered.join(F.broadcast(offsets), "partition").select("number", rank.alias("rank"))
