"""How large an index is, and what fills it, asked of its server in a bounded time.

The server is never scanned: groups have known names, and versions are drawn at random.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import redis

from dedup.index.base import Reader, Stored, has_expired
from dedup.index.connection import Client, call_each, checked, send
from dedup.index.figures import Bucket, Indexed, IndexStats, Node, Spread
from dedup.index.keys import FORMAT, SHARDS, Keys
from dedup.index.layout import Layout
from dedup.index.postings import place
from dedup.index.records import unpack_record
from dedup.index.survey import LongBucket, groups_of, spread_groups, survey
from dedup.model import FAMILIES, Family

SAMPLED_IDS: Final = 32
"""Per shard. Texts differ in length by a factor of 2 or so: 512 of them give 5 %."""

READ_EACH: Final = 4
"""Of the articles drawn every fourth is read, to see what keys it has: 128 take half a second."""

SAMPLED_FIELDS: Final = 500
"""Of a hash or sorted set of the index whose memory is asked for. The server's own 5 are few
for ids, of which some are numbers and some addresses."""


@dataclass(frozen=True, slots=True)
class Sample:
    """Versions drawn at random.

    Attributes:
        numbers: Theirs.
        read: What some of them are indexed under.
        articles: How many there are in the index.
    """

    numbers: Sequence[int]
    read: Sequence[Indexed]
    articles: int

    @property
    def scale(self) -> float:
        """Articles in the index per number drawn."""
        return self.articles / max(1, len(self.numbers))

    @property
    def keys(self) -> float:
        """Keys of an article, on average."""
        return sum(len(one.keys) for one in self.read) / max(1, len(self.read))


def measure(client: Client, keys: Keys, layout: Layout, read: Reader) -> IndexStats:
    """Count articles exactly; estimate everything else from samples."""
    articles, expiring, due = _count(client, keys)
    sample = _draw(client, keys, articles, read)
    settings = layout.settings
    bits = settings.index.group_bits
    everything = len(sample.read) == articles
    seen = survey(
        client, keys, layout,
        groups_of([one.keys.keys for one in sample.read], bits)
        if everything
        else spread_groups(articles * sample.keys, bits),
        complete=everything,
    )  # fmt: skip
    return IndexStats(
        articles=articles,
        expiring=expiring,
        due=due,
        bytes_by_part={"postings": seen.size, **_sizes(client, keys, sample)},
        postings_by_family=_shared(seen.size, sample.read, settings.fingerprint.families),
        buckets=Spread.of(seen.lengths),
        full_share=seen.full_share,
        longest=[_describe(client, keys, layout, read, bucket) for bucket in seen.longest],
        groups=Spread.of(seen.groups),
        followers=_followers(client, keys, sample.numbers),
        nodes=_nodes(client),
        format=FORMAT,
        generation=layout.generation,
        digest=settings.fingerprint.digest,
        families=settings.fingerprint.families,
        group_bits=bits,
        time_to_live=settings.index.time_to_live,
    )


def _count(client: Client, keys: Keys) -> tuple[int, int, int]:
    """Articles, those that will expire, and those that have."""
    now = time.time_ns() // 1000
    shards = range(SHARDS)
    stored = sum(_replies(client, [("HLEN", keys.ids(shard)) for shard in shards]))
    expiring = sum(_replies(client, [("ZCARD", keys.expiries(shard)) for shard in shards]))
    due = sum(_replies(client, [("ZCOUNT", keys.expiries(shard), "-inf", now) for shard in shards]))
    return stored, expiring - due, due


def _draw(client: Client, keys: Keys, articles: int, read: Reader) -> Sample:
    commands = [
        ("HRANDFIELD", keys.ids(shard), SAMPLED_IDS, "WITHVALUES") for shard in range(SHARDS)
    ]
    named = [value for reply in _replies(client, commands) for value in reply[1::2]]
    numbers = [number for number in (int(value.split(b",")[0]) for value in named) if number]
    few = numbers if articles <= SAMPLED_IDS * SHARDS // READ_EACH else numbers[::READ_EACH]
    return Sample(numbers, [read(stored) for stored in _fetch(client, keys, few)], articles)


def _sizes(client: Client, keys: Keys, sample: Sample) -> dict[str, int]:
    shards = range(SHARDS)
    return {
        "ids": _bytes(client, map(keys.ids, shards)),
        "records": round(sample.scale * _bytes(client, map(keys.record, sample.numbers))),
        "links": round(sample.scale * _bytes(client, map(keys.links, sample.numbers))),
        "expiries": _bytes(client, map(keys.expiries, shards)),
        "notes": _bytes(client, [keys.notes]),
    }


def _shared(size: int, read: Sequence[Indexed], families: Sequence[Family]) -> Mapping[Family, int]:
    """A size, shared among families by how many keys of each there are."""
    numbers = [number for one in read for number in one.keys.families.tolist()]
    counts = Counter(FAMILIES[number] for number in numbers)
    return {family: round(size * counts[family] / max(1, len(numbers))) for family in families}


def _describe(
    client: Client, keys: Keys, layout: Layout, read: Reader, bucket: LongBucket
) -> Bucket:
    present = [
        stored for stored in _fetch(client, keys, bucket.numbers) if not has_expired(stored.expires)
    ]
    entries, articles = len(bucket.numbers), len(present)
    if not present:
        return Bucket(entries, 0, None, None, None)
    example = present[0]
    indexed = read(example)
    places = place(indexed.keys.keys, layout.settings.index.group_bits)
    (here,) = np.nonzero((places.groups == bucket.group) & (places.rests == bucket.rest))
    if not len(here):
        return Bucket(entries, articles, example.article.id, None, None)
    key = int(places.which[here[0]])
    start = int(indexed.keys.starts[key])
    words = indexed.words[start : start + layout.settings.fingerprint.shingle_words]
    return Bucket(
        entries=entries,
        articles=articles,
        article_id=example.article.id,
        family=FAMILIES[int(indexed.keys.families[key])],
        passage=" ".join(words) if start >= 0 else None,
    )


def _followers(client: Client, keys: Keys, numbers: Sequence[int]) -> Spread:
    replies = _replies(client, [("HKEYS", keys.links(number)) for number in numbers])
    counts = [sum(field.startswith(b"+") for field in fields) for fields in replies]
    return Spread.of(np.array(counts, dtype=np.int64))


def _nodes(client: Client) -> list[Node]:
    infos = call_each(client, "INFO")
    synced = _settings(client, "appendfsync", len(infos))
    compact = _settings(client, "zset-max-*-entries", len(infos))
    return [
        _node(info, fsync, entries)
        for info, fsync, entries in zip(infos, synced, compact, strict=True)
    ]


def _node(info: Mapping[str, Any], fsync: str | None, compact: str | None) -> Node:
    name = str(info.get("server_name", "redis"))
    version = info.get(f"{name}_version", info.get("redis_version", "unknown"))
    return Node(
        server=f"{name} {version}",
        used_memory=int(info["used_memory"]),
        max_memory=int(info["maxmemory"]),
        eviction=str(info["maxmemory_policy"]),
        append_only=bool(info["aof_enabled"]),
        fsync=fsync,
        compact_entries=None if compact is None else int(compact),
    )


def _settings(client: Client, pattern: str, nodes: int) -> list[str | None]:
    """A setting of each node; None where a user may not ask, or nobody may."""
    try:
        replies = call_each(client, "CONFIG GET", pattern)
    except redis.ResponseError:
        return [None] * nodes
    return [next(iter(reply.values()), None) for reply in replies]


def _fetch(client: Client, keys: Keys, numbers: Sequence[int]) -> list[Stored]:
    """Those versions of several that are stored, expired ones too."""
    replies = _replies(client, [("GET", keys.record(number)) for number in numbers])
    return [
        unpack_record(number, record)
        for number, record in zip(numbers, replies, strict=True)
        if record is not None
    ]


def _bytes(client: Client, names: Iterable[str]) -> int:
    commands = [("MEMORY", "USAGE", name, "SAMPLES", SAMPLED_FIELDS) for name in names]
    return sum(size or 0 for size in _replies(client, commands))


def _replies(client: Client, commands: Sequence[Sequence[Any]]) -> list[Any]:
    return checked(send(client, commands)) if commands else []
