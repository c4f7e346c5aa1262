"""Work cut into blocks, each with the texts that it needs: so large that a task can hold it."""

from __future__ import annotations

from typing import Final

from pyspark.sql import DataFrame

READY: Final = 4_000_000
"""Characters of texts kept ready for comparison by a task, 1,250 articles: 480 MB at most
(``dedup.batch.budget.READY_BYTES``)."""


def n_blocks(total: int, size: int) -> int:
    """How many blocks of about a size there are."""
    return max(1, -(-total // size))


def blocked(library: DataFrame, wanted: DataFrame) -> DataFrame:
    """The articles that blocks need, each once in a block.

    Args:
        library: Rows of ``schema.READ``.
        wanted: Columns ``block`` and ``number``.
    """
    return wanted.distinct().join(library, "number")
