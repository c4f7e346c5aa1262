"""What an index tells of itself, and what follows from it for whoever runs it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dedup.model import ArticleKeys, Family

DEFAULT_COMPACT_ENTRIES: Final = 128
"""Entries that a sorted set may have in the compact encoding, if a server is not told."""

WANTED_COMPACT_ENTRIES: Final = 512
"""The same as docs/index.md recommends it, and as the embedded server has it."""

NEAR: Final = 0.8
"""Share of a limit from which it is near: an index that grows evenly has then a fifth of its
articles to go."""

GROWTH: Final = 2
"""How many times the present articles an index should be rebuilt for."""


@dataclass(frozen=True, slots=True)
class Spread:
    """How a count is spread over what was counted; all 0 where nothing was."""

    p50: int = 0
    p90: int = 0
    p99: int = 0
    most: int = 0

    @classmethod
    def of(cls, counts: NDArray[np.int64]) -> Spread:
        """Of counts, int64, any number of them."""
        if not len(counts):
            return cls()
        # Each is a count that was seen, not one between two.
        return cls(*map(int, np.percentile(counts, (50, 90, 99, 100), method="inverted_cdf")))


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket of very many articles.

    Attributes:
        entries: Its length. Of a full one the index keeps both ends only.
        articles: Those of the entries whose article is stored and has not expired.
        article_id: The first of them; None if there is none.
        family: Of the key; None if the article has none there: another key's rest is the same.
        passage: The words that the key stands for, folded, where it is a passage.
    """

    entries: int
    articles: int
    article_id: str | None
    family: Family | None
    passage: str | None


@dataclass(frozen=True, slots=True)
class Node:
    """A server, or one of a cluster's that take writes.

    Attributes:
        server: Name and version.
        used_memory: Bytes, of all that it holds.
        max_memory: Bytes; 0 is no limit of its own.
        eviction: What it does at that limit (``maxmemory-policy``).
        append_only: It writes an append-only file.
        fsync: When that is synced (``appendfsync``); None if it may not be asked.
        compact_entries: Entries that a sorted set may have in the compact encoding; None if
            it may not be asked.
    """

    server: str
    used_memory: int
    max_memory: int
    eviction: str
    append_only: bool
    fsync: str | None
    compact_entries: int | None


@dataclass(frozen=True, slots=True)
class IndexStats:
    """How large an index is, what fills it, and what it stands on.

    Articles are counted; all else is estimated from samples.

    Attributes:
        articles: Stored, those included that are due.
        expiring: Those that will expire.
        due: Those that have expired and are still to be forgotten.
        bytes_by_part: Bytes of the server's memory: ``postings``, ``ids``, ``records``,
            ``links``, ``expiries``, ``notes``.
        postings_by_family: The bytes of the postings, shared among the families by how many
            keys of each the articles have.
        buckets: Entries per bucket.
        full_share: Share of the entries that stand in full buckets, in [0, 1].
        longest: The longest buckets seen, longest first.
        groups: Entries per group that has any.
        followers: Articles kept with an article as taken from it.
        nodes: The server, or those of a cluster that take writes.
        format: Version of the layout.
        generation: Of the postings.
        digest: Of the settings that keys are made with.
        families: Families of keys.
        group_bits: log2 of the number of groups.
        time_to_live: How long articles are kept that say nothing themselves; None is for good.
    """

    articles: int
    expiring: int
    due: int
    bytes_by_part: Mapping[str, int]
    postings_by_family: Mapping[Family, int]
    buckets: Spread
    full_share: float
    longest: Sequence[Bucket]
    groups: Spread
    followers: Spread
    nodes: Sequence[Node]
    format: int
    generation: str
    digest: str
    families: Sequence[Family]
    group_bits: int
    time_to_live: timedelta | None

    @property
    def compact_entries(self) -> int:
        """Entries that a group may have in the compact encoding, on every node.

        The default is assumed of a server that may not be asked.
        """
        return min(node.compact_entries or DEFAULT_COMPACT_ENTRIES for node in self.nodes)

    @property
    def compact_entries_assumed(self) -> bool:
        """Whether a server may not be asked for them."""
        return any(node.compact_entries is None for node in self.nodes)


@dataclass(frozen=True, slots=True)
class Indexed:
    """What a stored article is indexed under.

    Attributes:
        keys: Those made of its text.
        words: Of its text, which the passages among its keys count.
    """

    keys: ArticleKeys
    words: Sequence[str]


def advice(stats: IndexStats) -> tuple[str, ...]:
    """What should be done about an index, in sentences; none if all is well."""
    told = [*_on_groups(stats)]
    for node in stats.nodes:
        told.extend(sentence for sentence in _on_node(node) if sentence not in told)
    return tuple(told)


def _on_groups(stats: IndexStats) -> list[str]:
    limit, filled = stats.compact_entries, stats.groups.p99
    if filled <= NEAR * limit:
        return []
    how = "more than" if filled > limit else "nearly"
    assumed = " (assumed: the server may not be asked)" if stats.compact_entries_assumed else ""
    rebuild = (
        f"Groups hold up to {filled:,} entries, {how} the {limit} that the server keeps "
        f"compact{assumed}; beyond, they take several times the memory. Rebuild the index for "
        f"more articles: secondhand index reindex --expect {GROWTH * stats.articles}"
    )
    if limit >= WANTED_COMPACT_ENTRIES:
        return [rebuild]
    allow = (
        f"Set zset-max-listpack-entries {WANTED_COMPACT_ENTRIES} on the server "
        "(zset-max-ziplist-entries before Redis 7)."
    )
    return [allow, rebuild]


def _on_node(node: Node) -> list[str]:
    told = []
    # The volatile policies evict what has an expiry on the server; nothing of an index has.
    if node.max_memory and node.eviction.startswith("allkeys"):
        told.append(
            f"The server may evict parts of the index (maxmemory-policy {node.eviction}), and "
            "articles would be missed without a word: set noeviction."
        )
    if node.max_memory and node.used_memory > NEAR * node.max_memory:
        told.append(
            f"The server's memory is {node.used_memory / node.max_memory:.0%} full: raise its "
            "maxmemory, or delete articles."
        )
    if not node.append_only:
        told.append(
            "The server writes no append-only file: when it is restarted, what its last "
            "snapshot does not hold is gone. Set appendonly yes."
        )
    return told
