"""How large an index is, asked of its server in a bounded time.

The server is never scanned: groups have known names, and versions are drawn at random.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from dedup.index.base import IndexStats
from dedup.index.connection import Client, call, checked, send
from dedup.index.keys import FORMAT, SHARDS, Keys
from dedup.index.layout import Layout

SAMPLED_GROUPS = 1024
"""Of the groups of buckets. They fill evenly, so the estimate is within a few percent."""

SAMPLED_IDS = 32
"""Per shard. Texts differ in length by a factor of 2 or so: 512 of them give 5 %."""


def measure(client: Client, keys: Keys, layout: Layout) -> IndexStats:
    """Count articles exactly; estimate bytes of memory from samples."""
    shards = range(SHARDS)
    articles = sum(_replies(client, [("HLEN", keys.ids(shard)) for shard in shards]))
    numbers = _sample_numbers(client, keys)
    scale = articles / len(numbers) if numbers else 0.0
    info: dict[str, Any] = call(client, "INFO", "server")
    name = str(info.get("server_name", "redis"))
    version = info.get(f"{name}_version", info.get("redis_version", "unknown"))
    return IndexStats(
        articles=articles,
        bytes_by_part={
            "postings": _postings_bytes(client, keys, layout),
            "ids": _bytes(client, map(keys.ids, shards)),
            "records": round(scale * _bytes(client, map(keys.record, numbers))),
            "links": round(scale * _bytes(client, map(keys.links, numbers))),
        },
        server=f"{name} {version}",
        format=FORMAT,
        digest=layout.settings.fingerprint.digest,
    )


def _postings_bytes(client: Client, keys: Keys, layout: Layout) -> int:
    groups = 1 << layout.settings.index.group_bits
    sampled = range(0, groups, max(1, groups // SAMPLED_GROUPS))
    names = (keys.group(group, layout.generation) for group in sampled)
    return round(groups / len(sampled) * _bytes(client, names))


def _sample_numbers(client: Client, keys: Keys) -> list[int]:
    commands = [
        ("HRANDFIELD", keys.ids(shard), SAMPLED_IDS, "WITHVALUES") for shard in range(SHARDS)
    ]
    named = [value for reply in _replies(client, commands) for value in reply[1::2]]
    return [int(value.split(b",")[0]) for value in named]


def _bytes(client: Client, names: Iterable[str]) -> int:
    return sum(
        size or 0 for size in _replies(client, [("MEMORY", "USAGE", name) for name in names])
    )


def _replies(client: Client, commands: Sequence[Sequence[Any]]) -> list[Any]:
    return checked(send(client, commands))
