"""How Spark is started: what must be set for the rows to be those of the other engine."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pyspark.errors import PySparkRuntimeError
from pyspark.sql import SparkSession

from dedup.errors import InputError

JAVA_MISSING: Final = (
    "Spark needs Java 17 or newer, which is not here: install it (Debian and Ubuntu: "
    "default-jre-headless) so that `java` is found or JAVA_HOME names it, or use --engine local"
)

NECESSARY: Final[Mapping[str, str]] = MappingProxyType(
    {
        # Times are UTC in all tables.
        "spark.sql.session.timeZone": "UTC",
        "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
        # A batch of the longest texts that are accepted would outgrow what Arrow addresses.
        "spark.sql.execution.arrow.maxBytesPerBatch": str(64 << 20),
        # A join with an article that a large part of all others was taken from is split.
        "spark.sql.adaptive.enabled": "true",
        "spark.sql.adaptive.skewJoin.enabled": "true",
        "spark.sql.parquet.compression.codec": "zstd",
    }
)
"""Settings of every run, whatever the cluster's are."""

AT_START: Final[Mapping[str, str]] = MappingProxyType(
    {
        # Parts are written by tasks under their final names, so one task at a time writes each.
        "spark.speculation": "false",
        # There are others.
        "spark.ui.showConsoleProgress": "false",
    }
)
"""Settings of a session that is not there yet."""

PARTITION_BYTES: Final = 16 << 20
"""Bytes of input per partition of a shuffle. The largest one, of keys with what tells chance
meetings, holds ten times the input: 160 MB. Spark puts small ones together by itself."""

MOST_PARTITIONS: Final = 20_000
"""Each task of a stage writes a block for each of the next. Of a billion articles they hold 80 KB
then; ten times as many would hold so little that finding them takes longer than reading them."""


def start(master: str | None, name: str = "secondhand batch") -> SparkSession:
    """Start Spark, or take the session that is there.

    Args:
        master: Where it runs (``local[4]``, ``spark://host:7077``, ``yarn``); None for what
            ``spark-submit`` says, else this machine.
        name: What it is called on the pages of the cluster.

    Raises:
        InputError: There is no Java, or what is there cannot be started.
    """
    begins = not is_running()
    builder = SparkSession.builder.appName(name).config(map=dict(AT_START))
    if master is not None:
        builder = builder.master(master)
    try:
        spark = builder.getOrCreate()
    except PySparkRuntimeError as error:
        if error.getCondition() == "JAVA_GATEWAY_EXITED" and not has_java():
            raise InputError(JAVA_MISSING) from error
        raise InputError(f"Spark cannot be started: {error}") from error
    except FileNotFoundError as error:
        raise InputError(JAVA_MISSING) from error
    if begins:
        spark.sparkContext.setLogLevel("ERROR")  # warnings of Spark's own plans are not for users
    for key, value in NECESSARY.items():
        spark.conf.set(key, value)
    if (spark.sparkContext.master or "").startswith("local"):
        # Elsewhere it is for the cluster to say which Python has this package (PYSPARK_PYTHON).
        spark.sparkContext.pythonExec = sys.executable
    return spark


def is_running() -> bool:
    """Whether there is a session that ``start`` would take."""
    return SparkSession.getActiveSession() is not None


def has_java() -> bool:
    """Whether a program ``java`` is found."""
    return shutil.which("java") is not None


def partition(spark: SparkSession, n_bytes: int) -> None:
    """Set into how many partitions the tables of an input of so many bytes are cut."""
    least = spark.sparkContext.defaultParallelism
    wanted = min(max(least, n_bytes // PARTITION_BYTES), MOST_PARTITIONS)
    spark.conf.set("spark.sql.shuffle.partitions", str(wanted))
