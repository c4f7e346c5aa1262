"""Buckets out of a stream of sorted keys: of a bucket that goes on, only its two ends are kept.

A key may be shared by any part of the corpus, so a bucket may be larger than memory. But an article
meets no more than the ``BUCKET_END`` oldest of its bucket and as many right before it
(``dedup.batch.reference``). So these are what the next batch must know.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.batch.buckets import RANK_BITS, Buckets, shared
from dedup.index.postings import BUCKET_END
from dedup.index.ranking import FULL

Rows = Mapping[str, NDArray[Any]]
"""Columns of as many values each; one of bytes has two dimensions."""

KEY: Final = "key"


@dataclass(frozen=True, slots=True)
class Chunk:
    """Some buckets, of which the first may have begun before.

    Attributes:
        rows: Sorted by key, then rank, then start: columns ``key``, ``rank``, ``start`` and others.
        met: So many of the first rows have been in the chunk before.
        skipped: So many of the first bucket stand between its oldest and its newest of these.
    """

    rows: Rows
    met: int = 0
    skipped: int = 0

    def buckets(self) -> tuple[Buckets, NDArray[np.int64]]:
        """The buckets of two entries and more, in which ranks are places among those returned.

        Returns:
            The buckets, and int64, shape (n_ranks,): distinct ranks, ascending.
        """
        ranks, places = np.unique(self.rows["rank"], return_inverse=True)
        entries = places.astype(np.uint64) << RANK_BITS
        if "start" in self.rows:
            entries |= self.rows["start"].astype(np.uint64)
        return shared(self.rows[KEY].view(np.uint64), entries), ranks

    def of_ranks(self, name: str) -> NDArray[Any]:
        """A column with one row for each distinct rank, ascending."""
        _, firsts = np.unique(self.rows["rank"], return_index=True)
        return self.rows[name][firsts]


def chunks(batches: Iterable[Rows]) -> Iterator[Chunk]:
    """Cut sorted rows where a bucket ends; one that is full already goes on in the next chunk.

    A bucket that is not full yet waits for its end: what a key is worth hangs on how many have it.
    """
    last = Chunk({})
    for batch in batches:
        rows = _joined(last.rows, batch)
        begin = int(np.searchsorted(rows[KEY], rows[KEY][-1])) if len(rows[KEY]) else 0
        n_open = len(rows[KEY]) - begin
        continued = last if begin == 0 else Chunk({})
        if n_open > FULL:
            yield Chunk(rows, last.met, last.skipped)
            last = Chunk(
                _ends(rows, begin), 2 * BUCKET_END, continued.skipped + n_open - 2 * BUCKET_END
            )
        else:
            if begin > last.met:
                yield Chunk(_part(rows, slice(0, begin)), last.met, last.skipped)
            last = Chunk(_part(rows, slice(begin, None)), continued.met, continued.skipped)
    if last.rows and len(last.rows[KEY]) > last.met:
        yield last


def columns_of(batches: Iterable[pa.RecordBatch]) -> Iterator[Rows]:
    """Batches as arrays; those without a row are left out."""
    for batch in batches:
        if len(batch):
            yield {
                name: _array(column)
                for name, column in zip(batch.schema.names, batch.columns, strict=True)
            }


def _array(column: pa.Array) -> NDArray[Any]:
    if not pa.types.is_binary(column.type):
        return column.to_numpy()  # type: ignore[no-any-return]
    return bytes_of(column)


def bytes_of(column: pa.Array) -> NDArray[np.uint8]:
    """Values of as many bytes each: uint8, shape (n_rows, n_bytes)."""
    values = column.to_pylist()
    return np.frombuffer(b"".join(values), dtype=np.uint8).reshape(len(values), -1)


def _joined(before: Rows, batch: Rows) -> Rows:
    if not before:
        return batch
    return {name: np.concatenate([before[name], values]) for name, values in batch.items()}


def _part(rows: Rows, some: slice) -> Rows:
    return {name: values[some] for name, values in rows.items()}


def _ends(rows: Rows, begin: int) -> Rows:
    """The oldest and the newest of the bucket that begins there."""
    return {
        name: np.concatenate([values[begin : begin + BUCKET_END], values[-BUCKET_END:]])
        for name, values in rows.items()
    }
