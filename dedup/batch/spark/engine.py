"""The engine for many machines: stage after stage, each a table in the work directory.

    read ──► names, ──► content, passages ──► pairs ──► related ──► decided ──► families ──► outputs
             ranks      boilerplate

A stage whose table is there is not made again. All machines must see the inputs and the directory
of the outputs under the same paths. The driver holds numbers of partitions and files, and nothing
else that grows with the corpus, but for the page for people.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import pyspark
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812  # what all users of Spark call it

from dedup import __version__
from dedup.batch.articles import Shelf
from dedup.batch.files import write_json
from dedup.batch.local import REJECTS_SHOWN, Progress, Watch
from dedup.batch.outputs import Outputs
from dedup.batch.page import write_page
from dedup.batch.page.render import Rejected
from dedup.batch.schema import READ
from dedup.batch.sources import Inputs
from dedup.batch.spark import (
    boilerplate,
    comparing,
    counting,
    deciding,
    families,
    meetings,
    ordering,
    pairing,
    reading,
    writing,
)
from dedup.batch.spark.arrow import conformed
from dedup.batch.spark.session import partition
from dedup.batch.spark.stages import Stages
from dedup.batch.summary import as_summary
from dedup.batch.tables import as_batch
from dedup.batch.work import Work, begin, check_place, clear, finished, locked, unchanged
from dedup.config import Settings
from dedup.model import Article


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be done.

    Attributes:
        inputs: The files.
        out: Directory of the outputs, which are Parquet.
        resume: Go on with a run that was cut off.
        keep_work: Leave the work directory there.
        report: Write a page for people, too; made by the driver, which holds some columns of all
            articles for it.
    """

    inputs: Inputs
    out: Path
    resume: bool = False
    keep_work: bool = False
    report: bool = True


@dataclass(frozen=True, slots=True)
class _Tables:
    """What the outputs are written from.

    Attributes:
        rows: What was read (``reading.ROWS``).
        library: The articles (``schema.READ``).
        spans: Where boilerplate stands (``boilerplate.spans``).
        verdicts: With origins (``deciding.ORIGINS``).
        decided: What is said of articles (``deciding.DECIDED``).
        members: Of families (``schema.CLUSTERS``).
        left_out: Pairs that were not compared (``comparing.left_out``).
    """

    rows: DataFrame
    library: DataFrame
    spans: DataFrame
    verdicts: DataFrame
    decided: DataFrame
    members: DataFrame
    left_out: DataFrame


@dataclass(slots=True)
class _Engine:
    """A run under way."""

    job: Job
    settings: Settings
    stages: Stages
    watch: Watch
    times: dict[str, dict[str, float]] = field(default_factory=dict)

    @property
    def work(self) -> Work:
        return self.stages.work

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Time what is done in the block."""
        self.watch(Progress(name, "articles", 0))
        began = time.monotonic()
        yield
        self.times[name] = {"wall": round(time.monotonic() - began, 3)}


def run_spark(job: Job, settings: Settings, spark: SparkSession, watch: Watch) -> Mapping[str, Any]:
    """Do all of a run that is not done.

    Returns:
        What ``summary.json`` says.

    Raises:
        InputError: The directory is not such as to begin or to go on.
        BatchError: Another run is at work there.
    """
    work = Work(job.out)
    record = _record(job, settings)
    known = finished(work, record) if job.resume else None
    if known is not None:
        return known
    check_place(work, resume=job.resume)
    began = time.monotonic()
    with locked(work):
        resumed = begin(work, record)
        partition(spark, job.inputs.size)
        engine = _Engine(job, settings, Stages(spark, work), watch)
        summary = _run(engine)
        wall = time.monotonic() - began
        timing = {
            "resumed": resumed,
            "wall": round(wall, 3),
            "articles_per_second": round(summary["articles"] / wall, 1),
            "stages": engine.times,
        }
        write_json(job.out / "timing.json", timing)
        if not job.keep_work:
            clear(work)
    return summary


def _record(job: Job, settings: Settings) -> dict[str, Any]:
    """What must be the same for a run to go on."""
    return {
        "version of secondhand": __version__,
        "engine": f"spark {pyspark.__version__}",
        "fingerprints": settings.fingerprint.digest,
        "limits": asdict(settings.limits),
        "inputs": [unchanged(file) for file in job.inputs.files],
    }


def _run(engine: _Engine) -> Mapping[str, Any]:
    job, limits, table = engine.job, engine.settings.limits, engine.stages.table
    with engine.stage("read"):
        rows = table("read", lambda: reading.read(engine.stages.spark, job.inputs, engine.settings))
    articles = reading.articles(rows)
    with engine.stage("order"):
        names = table("names", lambda: ordering.names(articles))
        ordered = table("ordered", lambda: ordering.in_order(articles))
        library = _library(articles, names)
        roll = table("roll", lambda: _roll(library, ordered))
    with engine.stage("join"):
        spans, pairs = _join(engine, articles, roll, library)
    with engine.stage("compare"):
        files = [file.path for file in job.inputs.files]
        compared = table(
            "compared", lambda: comparing.compare(pairs, library, spans, limits, files)
        )
        related, left_out = comparing.related(compared), comparing.left_out(compared)
    with engine.stage("decide"):
        listed = deciding.listed(related, limits)
        decided = table("decided", lambda: deciding.decide(library, listed, limits))
        sources = table("sources", lambda: deciding.sources(decided))
        verdicts = deciding.verdicts(decided, sources)
    with engine.stage("families"):

        def keep(number: int, edges: DataFrame) -> DataFrame:
            kept = table(f"components-{number}", lambda: edges)
            engine.stages.remove(f"components-{number - 2}")
            return kept

        members = table("families", lambda: families.families(related, decided, roll, keep))
    with engine.stage("write"):
        _write(engine, _Tables(rows, library, spans, verdicts, decided, members, left_out))
        found = counting.count(
            rows=rows,
            spans=spans,
            pairs=pairs,
            compared=compared,
            decided=decided,
            members=members,
        )
        summary = as_summary(found, job.inputs, engine.settings)
        write_json(job.out / "summary.json", summary)
    if job.report:
        with engine.stage("report"):
            _report(job, library, rows, summary)
    return summary


def _library(articles: DataFrame, names: DataFrame) -> DataFrame:
    """Articles as rows of ``schema.READ``, each under an id that no other one has."""
    renamed = names.withColumnRenamed("id", "renamed")
    called = articles.join(renamed, "number", "left").withColumn("id", F.coalesce("renamed", "id"))
    return called.select(*reading.ROWS.names)


def _roll(library: DataFrame, ordered: DataFrame) -> DataFrame:
    """What is known of all articles but their texts."""
    known = library.select(
        "number", "id", F.size("passage_keys").alias("passages"), "sketch", "hapaxes", "tongue"
    )
    return known.join(ordering.ranked(ordered), "number")


def _join(
    engine: _Engine, articles: DataFrame, roll: DataFrame, library: DataFrame
) -> tuple[DataFrame, DataFrame]:
    """Where boilerplate stands, and the pairs to compare."""
    table = engine.stages.table
    ranks = roll.select("number", "rank")
    keys = [column.name for column in reading.KEYS]
    keyed = articles.select("number", *keys).join(ranks, "number")
    content = table("content", lambda: meetings.content(keyed))
    both = table("passages", lambda: meetings.passages(keyed))
    shared = both.where(F.col("key").isNull()).select(*meetings.MEETINGS.names)
    full = both.where(F.col("key").isNotNull()).select(*meetings.ENTRIES.names)
    which = table("boilerplate", lambda: boilerplate.boilerplate(full, roll))
    known = full.join(which, "key")
    places = boilerplate.places(known.where(F.col("boilerplate")).drop("boilerplate"))
    honest = meetings.honest(known.where(~F.col("boilerplate")).drop("boilerplate"))
    found = table("places", lambda: places)
    spans = table("spans", lambda: boilerplate.spans(found, library))
    met = content.unionByName(shared).unionByName(honest)
    passed = table("passed", lambda: pairing.passed(met, roll))
    return spans, table("pairs", lambda: pairing.kept(passed, engine.settings.limits.max_compared))


def _write(engine: _Engine, tables: _Tables) -> None:
    """Write all outputs but the summary."""
    work, once = engine.work, engine.stages.once
    read = tables.library.select(*READ.names)
    once("articles", lambda: writing.write_articles(work, read, engine.job.inputs))
    once("artifacts", lambda: writing.write_artifacts(work, read, tables.spans))
    once("verdicts", lambda: writing.write_verdicts(work, tables.verdicts, tables.members))
    once("matches", lambda: writing.write_matches(work, tables.decided))
    once("clusters", lambda: writing.write_clusters(work, tables.members))
    once("rejects", lambda: writing.write_rejects(work, tables.rows, tables.left_out))


def _report(job: Job, library: DataFrame, rows: DataFrame, summary: Mapping[str, Any]) -> None:
    """Write the page for people."""

    def submitted(numbers: Sequence[int]) -> dict[int, Article]:
        some = library.where(F.col("number").isin(list(numbers))).select(*READ.names).toArrow()
        shelf = Shelf(conformed(as_batch(some.sort_by("number")), READ))
        return {known.number: known.article for known in shelf}

    lost = reading.rejects(rows.where(~F.col("kept"))).limit(REJECTS_SHOWN).collect()
    told = [json.loads(row["reject"]) for row in lost]
    shown = tuple((reject["file"], reject["row"], reject["reason"]) for reject in told)
    write_page(
        job.out / "report.html",
        Outputs(job.out),
        submitted,
        [file.path for file in job.inputs.files],
        Rejected(summary["rejected"], shown),
    )
