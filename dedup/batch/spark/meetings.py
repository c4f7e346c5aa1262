"""What articles share, bucket by bucket: the steps of ``dedup.batch.join`` on sorted partitions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray
from pyspark.sql import DataFrame
from pyspark.sql import functions as F  # noqa: N812  # what all users of Spark call it

from dedup.batch.buckets import Buckets
from dedup.batch.gate import DEFAULT
from dedup.batch.kernel import add_up, collide
from dedup.batch.reference import Likeness, Wording
from dedup.batch.sketches import least_agreeing
from dedup.batch.spark.arrow import Batches, mapped
from dedup.batch.spark.buckets import Chunk, chunks, columns_of
from dedup.batch.sums import CONTENT_WORTH, PASSAGE_WORTH, earlier_of, later_of
from dedup.index.ranking import FULL

MEETINGS: Final = pa.schema([("earlier", pa.int64()), ("later", pa.int64()), ("sum", pa.int64())])
"""Ranks of two articles, and what they share by some keys (``dedup.batch.sums``)."""

ENTRIES: Final = pa.schema(
    [("key", pa.int64()), ("rank", pa.int64()), ("number", pa.int64()), ("start", pa.int32())]
)
"""An article in the bucket of a passage."""

PASSAGES: Final = pa.schema([*MEETINGS, *ENTRIES])
"""A row is a meeting, or an entry of a full bucket."""


def content(keyed: DataFrame) -> DataFrame:
    """What articles share by content keys, of those alike enough: ``MEETINGS``.

    Args:
        keyed: Articles with ``rank`` and ``reading.KEYS``.
    """
    entries = keyed.select(
        F.explode("content_keys").alias("key"), "rank", "sketch", "hapaxes", "tongue"
    )
    return mapped(_in_buckets(entries, "rank"), _meet_content, MEETINGS)


def passages(keyed: DataFrame) -> DataFrame:
    """What articles share by passages, and full buckets aside: ``PASSAGES``.

    Args:
        keyed: Articles with ``rank``, ``number`` and ``reading.KEYS``.
    """
    both = F.explode(F.arrays_zip("passage_keys", "passage_starts")).alias("passage")
    entries = keyed.select("rank", "number", both).select(
        F.col("passage.passage_keys").alias("key"),
        "rank",
        "number",
        F.col("passage.passage_starts").alias("start"),
    )
    return mapped(_in_buckets(entries, "rank", "start"), _meet_in_small, PASSAGES)


def honest(full: DataFrame) -> DataFrame:
    """What articles share by full buckets that are not boilerplate: ``MEETINGS``."""
    return mapped(_in_buckets(full, "rank", "start"), _meet_in_full, MEETINGS)


def _in_buckets(entries: DataFrame, *order: str) -> DataFrame:
    return entries.repartition("key").sortWithinPartitions("key", *order)


def _meet_content(batches: Batches) -> Batches:
    for chunk in chunks(columns_of(batches)):
        sketches = np.ascontiguousarray(chunk.of_ranks("sketch"))
        marked = np.ascontiguousarray(chunk.of_ranks("hapaxes")).view(np.uint64)
        tongues = chunk.of_ranks("tongue").astype(np.uint32)
        least = least_agreeing(DEFAULT.floor, sketches.shape[1])
        alike = Likeness(sketches, least, Wording(marked, tongues, DEFAULT.hapaxes))
        buckets, ranks = chunk.buckets()
        yield from _meetings(buckets, chunk.met, ranks, CONTENT_WORTH, alike)


def _meet_in_full(batches: Batches) -> Batches:
    for chunk in chunks(columns_of(batches)):
        buckets, ranks = chunk.buckets()
        yield from _meetings(buckets, chunk.met, ranks, PASSAGE_WORTH, _anyone(ranks))


def _meet_in_small(batches: Batches) -> Batches:
    for chunk in chunks(columns_of(batches)):
        buckets, ranks = chunk.buckets()
        is_small = buckets.lengths <= FULL
        is_small[: chunk.met > 0] = False  # it was full when it was met, and was cut to its ends
        small = buckets.only(is_small)
        for found in _meetings(small, 0, ranks, PASSAGE_WORTH, _anyone(ranks)):
            yield _beside(found, ENTRIES)
        yield _beside(_full(chunk), MEETINGS)


def _full(chunk: Chunk) -> pa.RecordBatch:
    """The entries of full buckets that have not been met yet."""
    keys = chunk.rows["key"]
    _, place, counts = np.unique(keys, return_inverse=True, return_counts=True)
    chosen = counts[place] > FULL
    chosen[: chunk.met] = False
    columns = [pa.array(chunk.rows[field.name][chosen]) for field in ENTRIES]
    return pa.record_batch(columns, schema=ENTRIES)


def _meetings(
    buckets: Buckets,
    met: int,
    ranks: NDArray[np.int64],
    worth: NDArray[np.uint64],
    likeness: Likeness,
) -> Iterator[pa.RecordBatch]:
    """What all but the first, which have met, share with those before them; each pair once."""
    if len(buckets.entries) <= met:
        return
    pairs, sums = collide(buckets, range(met, len(buckets.entries)), worth, likeness)
    n_pairs = add_up(pairs, sums)
    columns = [
        pa.array(ranks[earlier_of(pairs[:n_pairs])]),
        pa.array(ranks[later_of(pairs[:n_pairs])]),
        pa.array(sums[:n_pairs].view(np.int64)),
    ]
    yield pa.record_batch(columns, schema=MEETINGS)


def _anyone(ranks: NDArray[np.int64]) -> Likeness:
    return Likeness(np.zeros((len(ranks), 1), dtype=np.uint8), 0)


def _beside(found: pa.RecordBatch, others: pa.Schema) -> pa.RecordBatch:
    """Rows of ``PASSAGES``, of which the columns of one kind are empty."""
    missing = {field.name: pa.nulls(len(found), field.type) for field in others}
    columns = [
        missing[field.name] if field.name in missing else found.column(field.name)
        for field in PASSAGES
    ]
    return pa.record_batch(columns, schema=PASSAGES)
