"""``batch --engine spark``: a run on a cluster."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from dedup.batch.local import Watch
from dedup.batch.sources import Inputs
from dedup.config import Settings
from dedup.errors import InputError

NEEDED: Final = ("pyspark", "pandas")


def run_on_spark(
    given: Inputs,
    out: Path,
    settings: Settings,
    watch: Watch,
    *,
    master: str | None,
    resume: bool,
    keep_work: bool,
    report: bool,
) -> Mapping[str, Any]:
    """Do a run with Spark; what ``summary.json`` says.

    Raises:
        InputError: PySpark or Java is missing, or a run cannot be begun there.
    """
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise InputError(
            f"--engine spark needs {' and '.join(missing)}, which is not installed here: "
            "pip install 'secondhand[spark]'"
        )
    # Not before it is asked for: it takes a second, and is installed only where it is wanted.
    from dedup.batch.spark.engine import Job, run_spark  # noqa: PLC0415
    from dedup.batch.spark.session import is_running, start  # noqa: PLC0415

    job = Job(given, out, resume=resume, keep_work=keep_work, report=report)
    own = not is_running()
    spark = start(master)
    try:
        return run_spark(job, settings, spark, watch)
    finally:
        if own:
            spark.stop()
