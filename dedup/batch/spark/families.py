"""Families on Spark: what hangs together by copies and re-translations, and in which order."""

from __future__ import annotations

from typing import Final

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F  # noqa: N812  # what all users of Spark call it

from dedup.batch.schema import CLUSTERS
from dedup.batch.spark.components import Keep, components
from dedup.judge import SECOND_HAND

OF_KIN: Final = ("relation", "kind", "source", "source_number", "direction_reason")


def families(related: DataFrame, decided: DataFrame, roll: DataFrame, keep: Keep) -> DataFrame:
    """The members of all families: rows of ``schema.CLUSTERS``, in no order.

    Args:
        related: Rows of ``schema.RELATED``.
        decided: Rows of ``deciding.DECIDED``.
        roll: All articles: ``number``, ``id``, ``rank``.
        keep: See ``components``.
    """
    held = related.where(F.col("relation").isin(*SECOND_HAND))
    ties = held.where(F.col("number") < F.col("other_number")).select(
        F.col("number").alias("one"), F.col("other_number").alias("other")
    )
    taken = held.where(F.col("direction") == "copied_from").select("number").distinct()
    members = (
        components(ties, keep)
        .withColumnRenamed("node", "number")
        .join(roll.select("number", "id", "rank"), "number")
        .join(taken.withColumn("taken", F.lit(1)), "number", "left")
        .select("component", "number", "id", "rank", F.coalesce("taken", F.lit(0)).alias("taken"))
    )
    # Nobody's copies come first, then the earliest.
    firsts = members.groupBy("component").agg(
        F.min(F.struct("taken", "rank", "number", "id")).alias("first")
    )
    named = members.join(firsts, "component").select(
        F.col("first.number").alias("cluster"),
        F.col("first.id").alias("first"),
        "number",
        "id",
        "rank",
    )
    in_order = Window.partitionBy("cluster").orderBy(F.col("number") != F.col("cluster"), "rank")
    placed = named.withColumn("place", F.row_number().over(in_order) - 1)
    placed = placed.withColumn("known", F.lit(False))  # noqa: FBT003  # a column of it
    kin = decided.where(F.col("kin").isNotNull()).select(
        F.col("kin.number").alias("number"),
        F.col("kin.language").alias("language"),
        *(F.col(f"kin.{name}").alias(name) for name in OF_KIN),
    )
    told = placed.join(kin, "number", "left")
    return told.select(
        *(
            F.when(F.col("place") > 0, F.col(name)).alias(name) if name in OF_KIN else F.col(name)
            for name in CLUSTERS.names
        )
    )
