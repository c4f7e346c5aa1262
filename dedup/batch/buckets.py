"""Buckets: the articles that share a key.

An *entry* is an article in a bucket: ``rank << 32 | start``. The rank is the article's place in
the order of time; the start is where a passage begins among its words, 0 of content keys. So
sorted entries stand in the order of time.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

RANK_BITS: Final = np.uint64(32)
"""Bits of a rank. A corpus of more than 4 billion articles is for many machines."""


@dataclass(frozen=True, slots=True)
class Buckets:
    """Some buckets.

    Attributes:
        entries: uint64, shape (n_entries,): bucket after bucket, in each ascending.
        firsts: int64, shape (n_buckets + 1,): where each bucket begins; ``n_entries`` last.
    """

    entries: NDArray[np.uint64]
    firsts: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.firsts) - 1

    @property
    def ranks(self) -> NDArray[np.uint32]:
        """uint32, shape (n_entries,): of the articles."""
        return (self.entries >> RANK_BITS).astype(np.uint32)

    @property
    def starts(self) -> NDArray[np.int32]:
        """int32, shape (n_entries,): where their passages begin."""
        return self.entries.astype(np.uint32).view(np.int32)

    @property
    def lengths(self) -> NDArray[np.int64]:
        """int64, shape (n_buckets,): entries in each."""
        return np.diff(self.firsts)

    @property
    def places(self) -> NDArray[np.int64]:
        """int64, shape (n_entries,): the place of each entry's bucket among all."""
        return np.repeat(np.arange(len(self)), self.lengths)

    def only(self, chosen: NDArray[np.bool_]) -> Buckets:
        """Some of them: bool, shape (n_buckets,)."""
        lengths = self.lengths
        entries = self.entries[np.repeat(chosen, lengths)]
        return Buckets(entries, np.cumsum(np.concatenate([[0], lengths[chosen]])))


def shared(keys: NDArray[np.uint64], entries: NDArray[np.uint64]) -> Buckets:
    """The buckets of two entries and more.

    Args:
        keys: uint64, shape (n_entries,), ascending.
        entries: uint64, shape (n_entries,): of one key ascending.
    """
    begins = np.concatenate([[True], keys[1:] != keys[:-1], [True]])
    firsts = np.flatnonzero(begins[: len(keys) + 1])
    return Buckets(entries, firsts).only(np.diff(firsts) > 1)
