"""What a run on Spark found, in numbers, for its summary."""

from __future__ import annotations

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F  # noqa: N812  # what all users of Spark call it

from dedup.batch.schema import ROW_BITS
from dedup.batch.spark.comparing import left_out, related
from dedup.batch.spark.reading import articles
from dedup.batch.summary import LARGEST, Found, Occurrences
from dedup.boilerplate import RULE as BOILERPLATE


def count(
    *,
    rows: DataFrame,
    spans: DataFrame,
    pairs: DataFrame,
    compared: DataFrame,
    decided: DataFrame,
    members: DataFrame,
) -> Found:
    """Count what the stages have left.

    Args:
        rows: What was read: rows of ``reading.ROWS``.
        spans: What ``boilerplate.spans`` gives.
        pairs: Rows of ``schema.PAIRS``.
        compared: Rows of ``comparing.COMPARED``.
        decided: Rows of ``deciding.DECIDED``.
        members: Rows of ``schema.CLUSTERS``.
    """
    read = articles(rows)
    notes = rows.where(F.col("kept").isNotNull()).groupBy("kept").count().collect()
    passed = rows.select(F.explode("passed").alias("reason", "rows"))
    passed_rows = passed.groupBy("reason").agg(F.sum("rows").alias("rows")).collect()
    kinds = decided.groupBy("verdict.verdict", "verdict.kind").count().collect()
    verdicts: dict[str, dict[str, int]] = {}
    for row in kinds:
        verdicts.setdefault(row["verdict"], {})[row["kind"]] = row["count"]
    sizes = members.groupBy("cluster").count()
    (total,) = sizes.agg(F.count("count").alias("n"), F.sum("count").alias("members")).collect()
    return Found(
        files={int(file): n for file, n in _counts(read, F.shiftright("number", ROW_BITS)).items()},
        rejects={row["kept"]: row["count"] for row in notes},
        passed={row["reason"]: row["rows"] for row in passed_rows},
        languages=_counts(read, F.col("language")),
        verdicts=verdicts,
        candidates=pairs.count(),
        left_out=left_out(compared).count(),
        related={
            relation: n // 2
            for relation, n in _counts(related(compared), F.col("relation")).items()
        },
        families=total["n"],
        members=total["members"] or 0,
        largest=[row["count"] for row in sizes.orderBy(F.desc("count")).take(LARGEST)],
        rules=_rules(read, spans),
    )


def _rules(read: DataFrame, spans: DataFrame) -> dict[str, Occurrences]:
    """What was seen in articles, boilerplate with it."""
    findings = read.select("number", F.explode("findings.rule").alias("rule"))
    blocks = spans.select("number", F.explode("blocks"), F.lit(BOILERPLATE).alias("rule"))
    each = findings.unionByName(blocks.select("number", "rule")).groupBy("rule")
    counted = each.agg(F.count("*").alias("findings"), F.countDistinct("number").alias("articles"))
    return {row["rule"]: Occurrences(row["findings"], row["articles"]) for row in counted.collect()}


def _counts(rows: DataFrame, value: Column) -> dict[str, int]:
    found = rows.groupBy(value.alias("value")).count().collect()
    return {row["value"]: row["count"] for row in found}
