"""Which pairs are worth a comparison: what they share is added up, the gate decides."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa
from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F  # noqa: N812  # what all users of Spark call it

from dedup.batch.gate import DEFAULT, are_told_by_words, strength
from dedup.batch.hapaxes import overlaps
from dedup.batch.kernel import agreeing
from dedup.batch.schema import PAIRS
from dedup.batch.sketches import resemblance
from dedup.batch.spark.arrow import Batches, mapped
from dedup.batch.spark.buckets import bytes_of
from dedup.batch.sums import read_sums

STRONG: Final = pa.schema([*PAIRS, ("strength", pa.float64())])
"""Pairs that passed the gate, and by what they are ranked. The order of their articles in time
is not in it any more: ties go to the earlier one, so its rank stands beside."""

PASSED: Final = pa.schema([("earlier", pa.int64()), ("later", pa.int64()), *STRONG])

KNOWN: Final = ("number", "sketch", "hapaxes", "tongue")
"""What the gate looks at, of either article."""


def passed(meetings: DataFrame, roll: DataFrame) -> DataFrame:
    """The pairs that pass the gate: rows of ``PASSED``.

    Args:
        meetings: Rows of ``meetings.MEETINGS``, a pair as often as it met.
        roll: All articles: ``rank`` and ``KNOWN``.
    """
    summed = meetings.groupBy("earlier", "later").agg(F.sum("sum").alias("sum"))
    for side in ("earlier", "later"):
        known = (F.col(name).alias(f"{side}_{name}") for name in KNOWN)
        summed = summed.join(roll.select(F.col("rank").alias(side), *known), side)
    return mapped(summed, _pass, PASSED)


def kept(pairs: DataFrame, most: int) -> DataFrame:
    """The pairs that either of their articles keeps: rows of ``schema.PAIRS``.

    Args:
        pairs: Rows of ``PASSED``.
        most: Pairs that an article keeps, its strongest.
    """
    sides = [
        pairs.select(F.col(one).alias("article"), F.col(other).alias("other"), "strength", *ENDS)
        for one, other in (ENDS, ENDS[::-1])
    ]
    strongest = Window.partitionBy("article").orderBy(F.desc("strength"), "other")
    ranked = sides[0].unionByName(sides[1]).withColumn("place", F.row_number().over(strongest))
    chosen = ranked.where(F.col("place") <= most).select(*ENDS).distinct()
    return pairs.join(chosen, list(ENDS)).select(*PAIRS.names)


ENDS: Final = ("earlier", "later")


def _pass(batches: Batches) -> Batches:
    for batch in batches:
        n = len(batch)
        earlier, later = np.arange(n, dtype=np.uint32), np.arange(n, 2 * n, dtype=np.uint32)
        sketches, marked = (
            np.concatenate([bytes_of(batch.column(f"{side}_{name}")) for side in ENDS])
            for name in ("sketch", "hapaxes")
        )
        tongues = np.concatenate([batch.column(f"{side}_tongue").to_numpy() for side in ENDS])
        overlap = overlaps(marked.view(np.uint64), earlier, later)
        told = are_told_by_words(tongues.astype(np.uint32), earlier, later)
        shared = read_sums(batch.column("sum").to_numpy().view(np.uint64))
        alike = agreeing(sketches, earlier, later)
        columns = {
            "earlier": batch.column("earlier"),
            "later": batch.column("later"),
            "query": batch.column("later_number"),
            "candidate": batch.column("earlier_number"),
            "shared_content": pa.array(shared.content),
            "shared_passages": pa.array(shared.passages),
            "score": pa.array(shared.score),
            "resemblance": pa.array(resemblance(alike, sketches.shape[1])),
            "strength": pa.array(strength(shared, overlap.resemblance)),
        }
        chosen = pa.array(DEFAULT.passes(shared, overlap, told))
        yield pa.record_batch([columns[field.name] for field in PASSED], PASSED).filter(chosen)
