"""Keys of articles as entries of sorted sets, packed shard by shard for the scripts.

A uint64 key is mixed, and then cut: its highest ``group_bits`` bits name a *group* of
buckets, its lowest 20 bits (the *rest*) a bucket in it. An entry of a group is 7 bytes,
big-endian: the rest, then the article's 36-bit number. All scores are 0, so the set is
ordered by these bytes: a bucket is one range of it, smallest number first.

A bucket is no longer than it is worth reading. Whoever finds ``BUCKET_LIMIT`` entries in one
takes out all but the oldest and the newest ``BUCKET_END``: the oldest because the first of
a family of thousands is among them, the newest because news is copied soon. So neither memory
nor a query grows with what everybody writes about. What that loses: docs/fingerprints.md.

What the cut costs: two keys of one group with equal rests are taken for one. In a group of
100 entries that is one false collision in 10,000 keys asked, .01 per article of 96 keys;
it can lift an unrelated article into the candidates, where the comparison drops it. Each
byte more would cost 96 bytes per article.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from dedup.index.keys import GROUP_DIGITS, NUMBER_BITS, SHARDS

ENTRY_BYTES = 7
REST_BITS = 8 * ENTRY_BYTES - NUMBER_BITS

BUCKET_END = 10
"""Entries kept at either end of a bucket that was full. Of English re-translations .9982 are
found among 54,299 articles, as many as with all entries (benchmarks/candidate_recall.py)."""

BUCKET_LIMIT = 32
"""Entries from which a bucket is cut to its ends. Half as many again as the ends, so that
only one write in twelve to a full bucket cuts it."""

_NIBBLES = np.arange(4 * (GROUP_DIGITS - 1), -1, -4, dtype=np.uint64)
_HEX = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)
_NUMBER_MASK = np.uint64((1 << NUMBER_BITS) - 1)


@dataclass(frozen=True, slots=True)
class Places:
    """Where an article's distinct keys belong.

    Attributes:
        which: int64, shape (n_keys,): the key's place among those given, the first one's if
            it is repeated.
        shards: int64, shape (n_keys,), ascending.
        groups: uint64, shape (n_keys,).
        rests: uint64, shape (n_keys,): below ``2**REST_BITS``.
    """

    which: NDArray[np.int64]
    shards: NDArray[np.int64]
    groups: NDArray[np.uint64]
    rests: NDArray[np.uint64]


def place(keys: NDArray[np.uint64], group_bits: int, shards: int = SHARDS) -> Places:
    """Find each distinct key's group and bucket.

    Args:
        keys: uint64, shape (n_keys,); repeated keys count once.
        group_bits: log2 of the number of groups, 1 to 24.
        shards: Parts of the index.
    """
    distinct, which = np.unique(keys, return_index=True)
    mixed = _mix(distinct)
    groups = mixed >> np.uint64(64 - group_bits)
    of_shards = (groups % np.uint64(shards)).astype(np.int64)
    order = np.argsort(of_shards)
    rests = mixed & np.uint64((1 << REST_BITS) - 1)
    return Places(which[order], of_shards[order], groups[order], rests[order])


def pack_entries(places: Places, number: int) -> Iterator[tuple[int, bytes]]:
    """The argument of ``ADD`` and ``REMOVE`` per shard: group digits and entry, repeated."""
    entries = (places.rests << np.uint64(NUMBER_BITS)) | np.uint64(number)
    return _per_shard(places, [_big_endian(entries, ENTRY_BYTES)])


def pack_ranges(places: Places) -> Iterator[tuple[int, bytes]]:
    """The argument of ``SEARCH`` per shard: group digits, lowest and highest entry, repeated.

    Both with the ``[`` before them that makes ``ZRANGEBYLEX`` include them.
    """
    lowest = places.rests << np.uint64(NUMBER_BITS)
    highest = lowest | _NUMBER_MASK
    bracket = np.full((len(lowest), 1), ord("["), dtype=np.uint8)
    bounds = (_big_endian(bound, ENTRY_BYTES) for bound in (lowest, highest))
    return _per_shard(places, [column for bound in bounds for column in (bracket, bound)])


@dataclass(frozen=True, slots=True)
class Found:
    """What stands in the buckets of an article's keys.

    Attributes:
        lengths: int64, shape (n_keys,): entries read from each key's bucket, in the order of
            the keys given to ``place``; 0 for a repeated key.
        keys: int64, shape (n_entries,): of each entry, the place of its key.
        numbers: uint64, shape (n_entries,): of each entry, the article's number.
    """

    lengths: NDArray[np.int64]
    keys: NDArray[np.int64]
    numbers: NDArray[np.uint64]


def read_buckets(replies: Iterable[Sequence[bytes]], places: Places, n_keys: int) -> Found:
    """Read the replies of ``SEARCH``, in the order of shards.

    Args:
        replies: Per shard the lengths of its buckets, a byte each, and their entries.
        places: Those asked for.
        n_keys: Keys given to ``place``.
    """
    counted, listed = zip(*replies, strict=True) if len(places.which) else ((), ())
    counts = np.frombuffer(b"".join(counted), dtype=np.uint8).astype(np.int64)
    lengths = np.zeros(n_keys, dtype=np.int64)
    lengths[places.which] = counts
    return Found(
        lengths=lengths,
        keys=np.repeat(places.which, counts),
        numbers=unpack_entries(b"".join(listed))[1],
    )


def unpack_entries(packed: bytes) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Rests and numbers, uint64 each, of entries one after another."""
    entries = np.frombuffer(packed, dtype=np.uint8).reshape(-1, ENTRY_BYTES)
    padded = np.zeros((len(entries), 8), dtype=np.uint8)
    padded[:, 8 - ENTRY_BYTES :] = entries
    values = padded.view(">u8").ravel().astype(np.uint64)
    return values >> np.uint64(NUMBER_BITS), values & _NUMBER_MASK


def _mix(keys: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Spread keys evenly over 64 bits (the finalizer of splitmix64, a bijection).

    Whatever a fingerprint family leaves in the high bits of its keys, groups fill evenly.
    """
    mixed = (keys ^ (keys >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return mixed ^ (mixed >> np.uint64(31))


def _per_shard(places: Places, columns: list[NDArray[np.uint8]]) -> Iterator[tuple[int, bytes]]:
    digits = _HEX[(places.groups[:, np.newaxis] >> _NIBBLES) & np.uint64(15)]
    table = np.concatenate([digits, *columns], axis=1)
    packed, width = table.tobytes(), table.shape[1]
    first_rows = np.flatnonzero(np.diff(places.shards, prepend=-1))
    ends = pairwise([*(width * first_rows).tolist(), len(packed)])
    for shard, (start, end) in zip(places.shards[first_rows].tolist(), ends, strict=True):
        yield shard, packed[start:end]


def _big_endian(values: NDArray[np.uint64], width: int) -> NDArray[np.uint8]:
    """The lowest ``width`` bytes of each value, shape (n, width)."""
    return values.astype(">u8").view(np.uint8).reshape(-1, 8)[:, 8 - width :]
