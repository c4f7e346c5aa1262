"""What stands in some groups of buckets: how large they are, how long the buckets."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from dedup.index import scripts
from dedup.index.connection import Client, checked, send
from dedup.index.keys import GROUP_DIGITS, SHARDS, Keys
from dedup.index.layout import Layout
from dedup.index.postings import REST_BITS, place, unpack_entries
from dedup.index.ranking import FULL

FEWEST_GROUPS: Final = 1024
"""Groups looked at, at least. They fill evenly, so estimates are within a few percent."""

SEEN_ENTRIES: Final = 32_768
"""Entries that should be seen: in a large index with few articles that takes more groups."""

MOST_GROUPS: Final = 65_536
"""Groups looked at, at most. An empty one costs the server a microsecond."""

GROUPS_AT_ONCE: Final = 32
"""Groups per call of a script, which nobody else is served meanwhile: 5 ms if each has 1,000
entries."""

STRIDE: Final = 0x9E3779B1
"""Odd, so that its multiples meet every group once; near the golden ratio of 2**32, so that the
first of them are spread evenly, over the shards too."""

LONGEST: Final = 5
"""Buckets told in particular, of those that more than one article is in."""


@dataclass(frozen=True, slots=True)
class LongBucket:
    """A bucket, by its place, with the numbers in it, smallest first."""

    group: int
    rest: int
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Survey:
    """What was seen.

    Attributes:
        size: Bytes of memory of all groups, seen or not.
        groups: int64, shape (n_groups,): entries of each group seen that has any.
        lengths: int64, shape (n_buckets,): of the buckets in them.
        full_share: Share of the entries that stand in full buckets, in [0, 1].
        longest: The longest of the buckets, longest first.
    """

    size: int
    groups: NDArray[np.int64]
    lengths: NDArray[np.int64]
    full_share: float
    longest: tuple[LongBucket, ...]


def groups_of(keys: Sequence[NDArray[np.uint64]], group_bits: int) -> NDArray[np.uint64]:
    """The groups of some articles, uint64, given their keys."""
    if not keys:
        return np.zeros(0, dtype=np.uint64)
    return np.unique(place(np.concatenate(keys), group_bits).groups)


def spread_groups(entries: float, group_bits: int) -> NDArray[np.uint64]:
    """Groups to look at, uint64, spread over all.

    Args:
        entries: How many there are in all groups, about.
        group_bits: log2 of the number of groups.
    """
    groups = 1 << group_bits
    wanted = SEEN_ENTRIES * groups / max(1.0, entries)
    number = min(groups, max(FEWEST_GROUPS, min(MOST_GROUPS, round(wanted))))
    return np.arange(number, dtype=np.uint64) * np.uint64(STRIDE) % np.uint64(groups)


def survey(
    client: Client, keys: Keys, layout: Layout, groups: NDArray[np.uint64], *, complete: bool
) -> Survey:
    """Look at groups.

    Args:
        client: Of the index's server.
        keys: Spells the groups' names.
        layout: Of the index.
        groups: Those to look at, uint64, shape (n,).
        complete: No others have any entry.
    """
    looked = list(_look(client, keys, layout.generation, groups))
    packed = [entries for _, _, entries in looked]
    rests, numbers = unpack_entries(b"".join(packed))
    sizes = np.array([len(unpack_entries(entries)[0]) for entries in packed], dtype=np.int64)
    which = np.repeat(np.arange(len(looked), dtype=np.uint64), sizes)
    # A bucket is one run of equal rests in one group.
    _, first, lengths = np.unique(
        (which << np.uint64(REST_BITS)) | rests, return_index=True, return_counts=True
    )
    scale = 1.0 if complete else (1 << layout.settings.index.group_bits) / len(groups)
    return Survey(
        size=round(scale * sum(size for _, size, _ in looked)),
        groups=sizes,
        lengths=lengths,
        full_share=float(lengths[lengths >= FULL].sum() / max(1, len(numbers))),
        longest=tuple(
            LongBucket(
                group=looked[int(which[start])][0],
                rest=int(rests[start]),
                numbers=tuple(numbers[start : start + length].tolist()),
            )
            for start, length in (
                (first[at], lengths[at]) for at in np.argsort(-lengths, kind="stable")[:LONGEST]
            )
            if length > 1
        ),
    )


def _look(
    client: Client, keys: Keys, generation: str, groups: NDArray[np.uint64]
) -> Iterator[tuple[int, int, bytes]]:
    """Of each group that has any entries itself, its bytes of memory, and its entries."""
    of_shards = [groups[groups % np.uint64(SHARDS) == shard].tolist() for shard in range(SHARDS)]
    most = max(map(len, of_shards))
    for start in range(0, most, GROUPS_AT_ONCE):
        asked = [of_shard[start : start + GROUPS_AT_ONCE] for of_shard in of_shards]
        commands: list[tuple[Any, ...]] = [
            ("EVAL", scripts.SURVEY, 1, keys.groups(shard, generation), _digits(some))
            for shard, some in enumerate(asked)
            if some
        ]
        for found in checked(send(client, commands)):
            yield from zip(
                (int(digits, 16) for digits in found[::3]), found[1::3], found[2::3], strict=True
            )


def _digits(groups: Sequence[int]) -> str:
    return "".join(f"{group:0{GROUP_DIGITS}x}" for group in groups)
