"""Tables between the stages, as Parquet in the work directory: each is made once."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass

from pyspark.sql import DataFrame, SparkSession

from dedup.batch.work import Work

DONE = "_SUCCESS"
"""What Spark writes into the directory of a table that is whole."""


@dataclass(frozen=True, slots=True)
class Stages:
    """The tables of a run.

    Attributes:
        spark: Makes them.
        work: Where they stand.
    """

    spark: SparkSession
    work: Work

    def table(self, name: str, make: Callable[[], DataFrame]) -> DataFrame:
        """A table; made if it is not there as a whole. What it was made of is not asked again."""
        path = self.work.file(name)
        if not (path / DONE).exists():
            make().write.mode("overwrite").parquet(str(path))
        return self.spark.read.parquet(str(path))

    def once(self, name: str, do: Callable[[], None]) -> None:
        """Do what leaves something elsewhere, unless it was done."""
        done = self.work.file(f"{name}.done")
        if not done.exists():
            do()
            done.touch()

    def remove(self, name: str) -> None:
        """Remove a table that is needed no more."""
        shutil.rmtree(self.work.file(name), ignore_errors=True)
