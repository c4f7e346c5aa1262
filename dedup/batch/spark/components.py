"""Connected components of a graph, by large stars and small stars (Kiveris et al., SoCC 2014).

Every node is tied to the least it knows of. In a *large star* a node ties all its larger neighbours
to the least of its neighbours and itself; in a *small star* it ties its smaller ones and itself to
the least of these. The two by turns lead to a star for each component, with its least node in the
middle, in a number of rounds that grows as the logarithm of the nodes squared at most; in practice
it is the logarithm. Nothing of a node's neighbours is ever gathered in memory.
"""

from __future__ import annotations

from collections.abc import Callable

from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812  # what all users of Spark call it

Keep = Callable[[int, DataFrame], DataFrame]
"""Writes the edges of a round, and reads them back: what they were made from is forgotten."""


def components(edges: DataFrame, keep: Keep) -> DataFrame:
    """Find which nodes hang together.

    Args:
        edges: Columns ``one`` and ``other``, in any order, repeated or not.
        keep: Is called after each round.

    Returns:
        Columns ``node`` and ``component``, the least node that it hangs together with. Nodes
        without an edge to another one are not in it.
    """
    ordered = edges.select(
        F.greatest("one", "other").alias("node"), F.least("one", "other").alias("least")
    )
    current = keep(0, ordered.where(F.col("node") != F.col("least")).distinct())
    before, now, number = None, _state(current), 0
    while before != now:
        number += 1
        current = keep(number, _small_star(_large_star(current)))
        before, now = now, _state(current)
    component = F.col("least").alias("component")
    middles = current.select(F.col("least").alias("node"), component).distinct()
    return current.select("node", component).unionByName(middles)


def _large_star(edges: DataFrame) -> DataFrame:
    """Edges between the larger neighbours of each node and the least of it and all neighbours."""
    both = edges.unionByName(
        edges.select(F.col("least").alias("node"), F.col("node").alias("least"))
    )
    least = both.groupBy("node").agg(F.least(F.min("least"), F.col("node")).alias("middle"))
    larger = both.where(F.col("least") > F.col("node")).join(least, "node")
    return larger.select(F.col("least").alias("node"), F.col("middle").alias("least")).distinct()


def _small_star(edges: DataFrame) -> DataFrame:
    """Edges between the smaller neighbours of each node, and itself, and the least of these."""
    least = edges.groupBy("node").agg(F.min("least").alias("middle"))
    smaller = edges.join(least, "node").where(F.col("least") != F.col("middle"))
    return (
        smaller.select(F.col("least").alias("node"), F.col("middle").alias("least"))
        .unionByName(least.select("node", F.col("middle").alias("least")))
        .distinct()
    )


def _state(edges: DataFrame) -> tuple[int, int]:
    """How many edges there are, and a digest of them."""
    digest = F.bit_xor(F.xxhash64("node", "least"))
    (row,) = edges.agg(F.count("node").alias("count"), digest.alias("digest")).collect()
    return row["count"], row["digest"] or 0
