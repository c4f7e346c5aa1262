"""Keys of more articles than there are, drawn so that buckets fill as with real ones.

**How buckets grow.** The next article's key is one that is known, the more likely the more articles
have it, or a new one, the less likely the more there are: the urn of Pitman and Yor. After n
draws with k different keys the next one is new with probability (t + d k) / (t + n), and a key
drawn c times is it with (c - d) / (t + n). A content band is an urn of its own; all passages
share one. ``t`` and ``d`` were fitted to how many different keys the first eighth, quarter and half
and all of 40,000 articles of English newswire have, in random order: within 3 % for either family.

What the urns leave out: an article's keys are drawn independently of each other, so two reports
of one event share no more than any other two. Buckets are as full as they would be; the articles
in them are more, so there is more to rank.

**How buckets are cut.** In use every article is sought when it is put. So a bucket is cut to its
ends whenever it has reached ``BUCKET_LIMIT``: which of its entries are left is a matter of counting.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import redis
from numpy.typing import NDArray

from dedup.config import FingerprintSettings
from dedup.index import scripts
from dedup.index.keys import FIRST_GENERATION, SHARDS, Keys, encode_id, number_of, shard_of_id
from dedup.index.postings import BUCKET_END, BUCKET_LIMIT, pack_entries, place
from dedup.model import CONTENT, PASSAGES, ArticleKeys, Family


@dataclass(frozen=True)
class Growth:
    """How often something new is drawn.

    Attributes:
        concentration: t, in draws: while there are fewer, nearly all are new.
        discount: d, in [0, 1): new keys grow as n to this power in the end.
    """

    concentration: float
    discount: float


CONTENT_GROWTH = Growth(500, 0.68)
PASSAGE_GROWTH = Growth(30_000, 0.95)
N_BANDS = FingerprintSettings().content_bands
N_PASSAGES = 23
"""Passages of an article of the newswire, at the mean (16 to 36 at the 5th and 95th percentile)."""

FIRST_BLOCK = 500
BLOCK_SHARE = 20
"""Draws at once: one in so many of those made before, among which alone they choose."""

AT_ONCE = 200
"""Articles written by one call."""

NO_START = -1


class Urn:
    """Keys that are drawn one after another.

    Args:
        drawn: uint64, shape (n,): keys of real articles, oldest first.
        size: Keys drawn in the end.
        growth: How often a new one comes.
        seed: Of chance.
    """

    def __init__(self, drawn: NDArray[np.uint64], size: int, growth: Growth, seed: int) -> None:
        self._growth = growth
        self._chance = np.random.default_rng(seed)
        self._keys = np.zeros(max(size, len(drawn)), dtype=np.uint64)
        self._is_first = np.zeros(len(self._keys), dtype=bool)
        self._keys[: len(drawn)] = drawn
        self._is_first[np.unique(drawn, return_index=True)[1]] = True
        n = len(drawn)
        while n < size:
            n = self._draw(n, min(max(FIRST_BLOCK, n // BLOCK_SHARE), size - n))

    @property
    def keys(self) -> NDArray[np.uint64]:
        """uint64, shape (size,): the real ones first."""
        return self._keys

    def _draw(self, n: int, count: int) -> int:
        growth, chance, drawn = self._growth, self._chance, slice(n, n + count)
        different = int(self._is_first[:n].sum())
        rate = (growth.concentration + growth.discount * different) / (growth.concentration + n)
        is_new = chance.random(count) < rate
        known = np.flatnonzero(~is_new)
        self._keys[drawn][is_new] = chance.integers(0, 2**64, is_new.sum(), dtype=np.uint64)
        self._is_first[drawn] = is_new
        while len(known):
            chosen = chance.integers(0, n, len(known))
            # Of c draws of a key the first counts 1 - d only: c - d together.
            refused = self._is_first[chosen] & (chance.random(len(known)) < growth.discount)
            self._keys[drawn][known[~refused]] = self._keys[chosen[~refused]]
            known = known[refused]
        return n + count


@dataclass(frozen=True)
class Population:
    """The keys of many articles, oldest first.

    Attributes:
        content: uint64, shape (n_articles, N_BANDS).
        passages: uint64, shape (n_passages,).
        offsets: int64, shape (n_articles + 1,): where each article's passages begin.
    """

    content: NDArray[np.uint64]
    passages: NDArray[np.uint64]
    offsets: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.content)

    def first(self, n_articles: int) -> Population:
        """The oldest ones."""
        ends = self.offsets[: n_articles + 1]
        return Population(self.content[:n_articles], self.passages[: ends[-1]], ends)

    def of(self, article: int) -> ArticleKeys:
        """The keys of one article. Where its passages begin is told of none of them."""
        passages = self.passages[self.offsets[article] : self.offsets[article + 1]]
        keys = np.concatenate([self.content[article], np.unique(passages)])
        families = np.full(len(keys), PASSAGES, dtype=np.uint8)
        families[:N_BANDS] = CONTENT
        return ArticleKeys(keys, families, np.full(len(keys), NO_START, dtype=np.int32))


def grow(real: Sequence[ArticleKeys], n_articles: int, seed: int = 1) -> Population:
    """Real articles, and as many drawn ones as are missing.

    Args:
        real: Those there are, oldest first, each with ``N_BANDS`` content keys.
        n_articles: In the end.
        seed: Of chance.
    """
    real = real[:n_articles]
    bands = np.array([keys.select(CONTENT).keys for keys in real], dtype=np.uint64)
    content = np.empty((n_articles, N_BANDS), dtype=np.uint64)
    for band in range(N_BANDS):
        drawn = bands.reshape(-1, N_BANDS)[:, band]
        content[:, band] = Urn(drawn, n_articles, CONTENT_GROWTH, seed + band).keys
    passages = [keys.select(PASSAGES).keys for keys in real]
    sizes = [len(keys) for keys in passages] + [N_PASSAGES] * (n_articles - len(real))
    listed = np.concatenate([*passages, np.zeros(0, dtype=np.uint64)])
    urn = Urn(listed, sum(sizes), PASSAGE_GROWTH, seed + N_BANDS)
    return Population(content, urn.keys, np.cumsum([0, *sizes]))


def entries_left(keys: NDArray[np.uint64]) -> NDArray[np.bool_]:
    """Which entries are left of buckets that are cut as soon as they are full.

    Args:
        keys: uint64, shape (n,): each entry's key, oldest entry first.

    Returns:
        bool, shape (n,).
    """
    order = np.argsort(keys, kind="stable")
    _, starts, sizes = np.unique(keys[order], return_index=True, return_counts=True)
    place_in_bucket = np.arange(len(keys)) - np.repeat(starts, sizes)
    # A bucket that was cut fills up again with newer ones, and is cut again.
    newer = BUCKET_END + (sizes - BUCKET_LIMIT) % (BUCKET_LIMIT - 2 * BUCKET_END)
    newest = place_in_bucket >= np.repeat(sizes - newer, sizes)
    short = np.repeat(sizes < BUCKET_LIMIT, sizes)
    left = np.empty(len(keys), dtype=bool)
    left[order] = short | (place_in_bucket < BUCKET_END) | newest
    return left


def fill(
    client: redis.Redis, keys: Keys, population: Population, group_bits: int
) -> dict[Family, int]:
    """Write the postings and ids of articles, as if each had been put and sought.

    Without records, which would take most of the memory; ``fetch`` finds none.

    Returns:
        Entries written, by family.
    """
    groups = [keys.groups(shard, FIRST_GENERATION) for shard in range(SHARDS)]
    content, passages = _left(population)
    for first in range(0, len(population), AT_ONCE):
        packed: list[list[bytes]] = [[] for _ in groups]
        names: list[dict[bytes, int]] = [{} for _ in groups]
        for article in range(first, min(first + AT_ONCE, len(population))):
            own = slice(*population.offsets[article : article + 2])
            left = (
                population.content[article][content[article]],
                population.passages[own][passages[own]],
            )
            name = article_id(article)
            number = number_of(article + 1, name)
            for shard, entries in pack_entries(place(np.concatenate(left), group_bits), number):
                packed[shard].append(entries)
            names[shard_of_id(name)][encode_id(name)] = number
        with client.pipeline(transaction=False) as pipeline:
            pipeline.eval(scripts.ADD, SHARDS, *groups, *map(b"".join, packed))
            for shard, named in enumerate(names):
                if named:
                    pipeline.hset(keys.ids(shard), mapping=named)
            pipeline.execute()
    client.incrby(keys.sequence, len(population))
    return {"content": int(content.sum()), "passages": int(passages.sum())}


def article_id(article: int) -> str:
    """An id, as long as a short one of a news agency."""
    return f"article-{article}"


def _left(population: Population) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which content keys and which passages still have their article in the end."""
    content = np.empty(population.content.shape, dtype=bool)
    for band in range(N_BANDS):
        content[:, band] = entries_left(population.content[:, band])
    return content, entries_left(population.passages)
