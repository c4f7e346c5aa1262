"""Articles with keys to put into an index, and what must hold of it whatever happens."""

from __future__ import annotations

import zlib

import numpy as np
import redis
from numpy.typing import NDArray

from dedup.index.base import Receipt, Stored
from dedup.index.redis_index import RedisIndex
from dedup.model import CONTENT, Article, ArticleKeys, Candidate, Language

N_KEYS = 96

ENGLISH = Language("en", 0.98, "pycld2")


def keys_of(text: str) -> NDArray[np.uint64]:
    """Keys as random as fingerprints are, the same for the same text."""
    generator = np.random.default_rng(zlib.crc32(text.encode()))
    return generator.integers(0, 2**64, N_KEYS, dtype=np.uint64)


def write(index: RedisIndex, article_id: str, text: str) -> Receipt:
    """Put without forgetting what is replaced: as far as a writer gets that then crashes."""
    return index.put(Article(article_id, text), ENGLISH, keys_of(text))


def replace(index: RedisIndex, article_id: str, text: str) -> Receipt:
    """Put as the pipeline does: and forget what is replaced."""
    receipt = write(index, article_id, text)
    forget(index, index.fetch(receipt.replaced))
    return receipt


def delete(index: RedisIndex, article_id: str) -> int:
    versions = index.unname(article_id)
    forget(index, versions)
    return len(versions)


def forget(index: RedisIndex, versions: tuple[Stored | None, ...]) -> None:
    for stored in versions:
        if stored is not None:
            index.forget(stored.number, keys_of(stored.article.text))


def ask(
    index: RedisIndex, keys: NDArray[np.uint64], limit: int, exclude: int | None = None
) -> tuple[Candidate, ...]:
    """The candidates of keys that are all of one family."""
    return index.nearby(of_one_family(keys), limit, exclude).candidates


def of_one_family(keys: NDArray[np.uint64]) -> ArticleKeys:
    """Content keys: those of this family are never boilerplate."""
    families = np.full(len(keys), CONTENT, dtype=np.uint8)
    return ArticleKeys(keys, families, np.full(len(keys), -1, dtype=np.int32))


def visible(index: RedisIndex, text: str) -> list[tuple[Stored, int]]:
    """The versions that a query for this text comes to see, with their collisions."""
    candidates = ask(index, keys_of(text), 100)
    found = index.fetch([candidate.number for candidate in candidates])
    return [
        (stored, candidate.collisions)
        for stored, candidate in zip(found, candidates, strict=True)
        if stored is not None
    ]


def keys_left(client: redis.Redis | redis.RedisCluster, prefix: str) -> list[bytes]:
    """The server's keys of an index, but for its two counters."""
    counters = {f"{prefix}:meta".encode(), f"{prefix}:1:sequence".encode()}
    patterns = (f"{prefix}:*", f"{{{prefix}:*")
    found = {key for pattern in patterns for key in client.scan_iter(pattern, count=10_000)}
    return sorted(found - counters)
