from __future__ import annotations

from contextlib import closing
from dataclasses import replace as altered
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from article_cases import SEEDS
from conftest import new_settings
from index_cases import ENGLISH, N_KEYS, delete, keys_left, keys_of, of_one_family, replace
from servers import single

from dedup.document import read_document
from dedup.index.figures import Indexed, Node, Spread, advice
from dedup.index.keys import FORMAT
from dedup.index.redis_index import RedisIndex
from dedup.index.survey import MOST_GROUPS, spread_groups
from dedup.inventory import inventory
from dedup.model import CONTENT, PASSAGES, Article, ArticleKeys
from dedup.pipeline import Detector

CALM = Node(
    server="valkey 9.0.0",
    used_memory=10**6,
    max_memory=0,
    eviction="noeviction",
    append_only=True,
    fsync="everysec",
    compact_entries=512,
)


def read(stored):
    """What the articles of these tests are indexed under."""
    return Indexed(of_one_family(keys_of(stored.article.text)), ())


def fill(index, articles):
    return [replace(index, str(n), f"text {n} " * 100).stored.number for n in range(articles)]


@pytest.fixture
def stats(index):
    """Of an index with a few articles."""
    fill(index, 3)
    return index.stats(read)


# What is counted, and what is estimated


@pytest.mark.every_server
def test_articles_are_counted_and_bytes_are_estimated(index, settings):
    assert index.stats(read).articles == 0
    numbers = fill(index, 300)
    index.link([(number, 1, b"x" * 100) for number in numbers])
    index.remember("note", b"x")
    replace(index, "1", "new text")
    delete(index, "2")
    stats = index.stats(read)
    assert stats.articles == 299
    assert (stats.format, stats.generation) == (FORMAT, "1")
    assert stats.digest == settings.fingerprint.digest
    assert stats.families == settings.fingerprint.families
    assert set(stats.bytes_by_part) == {"postings", "ids", "records", "links", "expiries", "notes"}
    for part in ("postings", "records", "links"):
        assert 50 < stats.bytes_by_part[part] / 299 < 20_000


@pytest.mark.every_server
def test_a_single_article_has_postings(index):
    replace(index, "x", "text")
    stats = index.stats(read)
    assert stats.groups == Spread(1, 1, 1, 1)
    assert stats.bytes_by_part["postings"] > 50 * N_KEYS


def test_bytes_of_postings_are_near_what_the_server_counts(index, server, settings):
    fill(index, 200)
    estimated = index.stats(read).bytes_by_part["postings"]
    with server.open() as client:
        names = [name for name in keys_left(client, settings.index.prefix) if b":g1:" in name]
        with client.pipeline(transaction=False) as pipeline:
            for name in names:
                pipeline.memory_usage(name)
            counted = sum(pipeline.execute())
    # 9,600 of 19,200 entries are seen, each in a group of its own: 1 % either way.
    assert estimated == pytest.approx(counted, rel=0.05)


@pytest.mark.every_server
def test_articles_that_expire_are_counted(index):
    for name, days in (("gone", -1), ("soon", 1), ("later", 100), ("stays", None)):
        expires = None if days is None else datetime.now(UTC) + timedelta(days=days)
        index.put(Article(name, name, expires=expires), ENGLISH, keys_of(name))
    stats = index.stats(read)
    assert (stats.articles, stats.expiring, stats.due) == (4, 2, 1)
    assert stats.bytes_by_part["expiries"] > 0


@pytest.mark.every_server
def test_followers_are_told_from_other_links(index):
    first, second, third = fill(index, 3)
    index.link([(second, first, b"pair")], [(first, second, b"pair"), (first, third, b"pair")], 9)
    assert index.stats(read).followers == Spread(0, 2, 2, 2)


def test_groups_to_look_at_are_all_different_and_of_all_shards():
    for bits, entries in ((1, 0), (10, 100), (17, 10**8), (24, 10**5)):
        groups = spread_groups(entries, bits)
        assert len(np.unique(groups)) == len(groups)
        assert groups.max() < 1 << bits
        assert len(np.unique(groups % 16)) == min(16, 1 << bits)
        assert len(groups) <= MOST_GROUPS


# What fills it


NEWSLETTER = ("he", "said", "sign", "up", "for", "our", "newsletter", "now")


def with_newsletter(name):
    """What an article is indexed under that ends as many others do."""
    keys = np.append(keys_of(name)[:3], np.uint64(1 << 60))
    families = np.array([CONTENT, CONTENT, CONTENT, PASSAGES], dtype=np.uint8)
    starts = np.array([-1, -1, -1, NEWSLETTER.index("sign")], dtype=np.int32)
    return Indexed(ArticleKeys(keys, families, starts), NEWSLETTER)


@pytest.mark.every_server
def test_the_longest_bucket_is_told_with_an_article_and_its_passage(index):
    for n in range(24):
        index.put(Article(str(n), "text"), ENGLISH, with_newsletter(str(n)).keys.keys)
    (gone,) = index.unname("3")
    index.forget(gone.number, np.zeros(0, dtype=np.uint64))
    stats = index.stats(lambda stored: with_newsletter(stored.article.id))
    (longest,) = stats.longest
    assert (longest.entries, longest.articles, longest.family) == (24, 23, "passages")
    assert longest.passage == "sign up for our newsletter"
    assert index.find(longest.article_id) is not None
    assert stats.buckets == Spread(1, 1, 24, 24)
    assert stats.full_share == pytest.approx(24 / (24 + 23 * 3))


@pytest.mark.every_server
def test_bytes_are_shared_among_families_by_their_keys(index):
    for n in range(5):
        index.put(Article(str(n), "text"), ENGLISH, with_newsletter(str(n)).keys.keys)
    stats = index.stats(lambda stored: with_newsletter(stored.article.id))
    content, passages = stats.postings_by_family["content"], stats.postings_by_family["passages"]
    assert content == pytest.approx(3 * passages, abs=3)
    assert content + passages == pytest.approx(stats.bytes_by_part["postings"], abs=1)


@pytest.fixture
def crowded(server, settings):
    """An index of two groups."""
    of_two = altered(settings, index=altered(settings.index, group_bits=1))
    with closing(RedisIndex.connect(server.url, of_two)) as opened:
        yield opened


def test_a_bucket_that_its_article_has_no_key_for_is_told_without_one(crowded):
    shared, other = keys_of("shared")[:1], keys_of("other")
    for name in ("first", "second"):
        crowded.put(Article(name, name), ENGLISH, shared)
    (longest,) = crowded.stats(lambda _: Indexed(of_one_family(other), ())).longest
    assert (longest.entries, longest.articles, longest.article_id) == (2, 2, "first")
    assert (longest.family, longest.passage) == (None, None)


def test_an_inventory_shows_the_words_of_a_passage(index):
    for name in ("first", "second"):
        assert Detector(index).put(Article(name, SEEDS["000"])).created
    stats = inventory(index)
    assert set(stats.postings_by_family) == {"content", "passages"}
    assert all(size > 0 for size in stats.postings_by_family.values())
    assert {bucket.entries for bucket in stats.longest} == {2}
    words = " ".join(read_document(Article("x", SEEDS["000"])).tokens.words)
    assert all(bucket.passage is None or bucket.passage in words for bucket in stats.longest)


# What it stands on


@pytest.mark.every_server
def test_each_node_is_told_with_what_its_user_may_ask(index, server):
    nodes = index.stats(read).nodes
    assert len(nodes) == max(1, len(server.ports))
    restricted = server.url.startswith("rediss:")
    for node in nodes:
        assert node.server.split()[0] in {"valkey", "redis"}
        assert node.used_memory > 0
        assert (node.max_memory, node.eviction) == (0, "noeviction")
        assert node.compact_entries == (None if restricted else 512)
        assert node.fsync == (None if restricted else "everysec")


def test_a_server_that_may_evict_or_forget_is_told_from_one_that_may_not(tmp_path):
    options = ("--maxmemory", "100mb", "--maxmemory-policy", "allkeys-lru")
    with single(tmp_path, *options) as server, server.open() as client:
        index = RedisIndex.connect(server.url, new_settings())
        told = advice(index.stats(read))
        assert any("allkeys-lru" in sentence for sentence in told)
        assert any("appendonly yes" in sentence for sentence in told)
        client.config_set("maxmemory-policy", "noeviction")
        client.config_set("appendonly", "yes")
        assert advice(index.stats(read)) == ()
        index.close()


# What follows from it


@pytest.mark.parametrize(
    ("node", "says"),
    [
        (altered(CALM, max_memory=10**9, eviction="allkeys-lfu"), "allkeys-lfu"),
        (altered(CALM, max_memory=1_100_000), "91% full"),
        (altered(CALM, append_only=False), "appendonly yes"),
    ],
)
def test_what_a_server_may_lose_is_said_once(stats, node, says):
    (told,) = advice(altered(stats, nodes=[node, node]))
    assert says in told


@pytest.mark.parametrize(
    "node",
    [
        CALM,
        altered(CALM, eviction="allkeys-lru"),
        altered(CALM, max_memory=10**9, eviction="volatile-lru"),
        altered(CALM, max_memory=10**9),
    ],
    ids=["unlimited", "nothing to evict at", "no key expires", "far from full"],
)
def test_a_server_that_loses_nothing_needs_no_advice(stats, node):
    assert advice(altered(stats, nodes=[node])) == ()


@pytest.mark.parametrize(
    ("compact", "fullest", "sentences"),
    [(512, 400, 0), (512, 450, 1), (512, 600, 1), (128, 100, 0), (128, 120, 2), (None, 120, 2)],
)
def test_groups_near_the_compact_limit_call_for_a_rebuild(stats, compact, fullest, sentences):
    filled = Spread(fullest, fullest, fullest, fullest)
    nodes = [CALM, altered(CALM, compact_entries=compact)]
    told = advice(altered(stats, articles=1000, groups=filled, nodes=nodes))
    assert len(told) == sentences
    assert all("reindex --expect 2000" in sentence for sentence in told[-1:])
    assert ("assumed" in " ".join(told)) == (compact is None)


def test_groups_that_have_left_the_compact_encoding_are_seen(crowded):
    fill(crowded, 12)
    stats = crowded.stats(read)
    assert stats.groups.most > stats.compact_entries
    assert "more than the 512" in advice(stats)[0]


def test_a_spread_is_of_counts_that_were_seen():
    assert Spread.of(np.array([5, 1, 9])) == Spread(5, 9, 9, 9)
    assert Spread.of(np.zeros(0, dtype=np.int64)) == Spread(0, 0, 0, 0)
