from __future__ import annotations

from collections import Counter
from contextlib import closing
from dataclasses import replace as altered
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
import redis
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from index_cases import (
    ENGLISH,
    N_KEYS,
    ask,
    delete,
    forget,
    keys_left,
    keys_of,
    replace,
    visible,
    write,
)
from servers import until

from dedup.config import FingerprintSettings
from dedup.errors import IndexFormatError, IndexUnavailableError, StoreError
from dedup.index import open_index
from dedup.index.base import Links
from dedup.index.keys import SHARDS, Keys
from dedup.index.postings import BUCKET_END, BUCKET_LIMIT
from dedup.index.ranking import RARITY_SCALE
from dedup.index.redis_index import SWEPT, RedisIndex
from dedup.model import Article, Language

pytestmark = pytest.mark.every_server

NO_KEYS = np.zeros(0, dtype=np.uint64)


@pytest.fixture
def client(server):
    with server.open() as opened:
        yield opened


# Articles under their ids


def test_an_article_is_found_as_it_was_submitted(index):
    article = Article(
        id="größe/§1",
        text="<p>Ein Text</p>",
        media="html",
        title="Titel",
        url="https://example.org/?a=1&b=2",
        source="example.org",
        published=datetime(2020, 2, 9, 10, 47, 48, tzinfo=UTC),
        lang="de-AT",
    )
    receipt = index.put(article, Language("de", None, "declared"), NO_KEYS)
    found = index.find("größe/§1")
    assert found == receipt.stored
    assert found.article == article
    assert found.language == Language("de", None, "declared")
    assert receipt.replaced == ()


def test_an_unknown_id_names_nothing(index):
    assert index.find("nobody") is None
    assert index.unname("nobody") == ()


def test_the_time_of_arrival_is_the_servers(index, client):
    before = client.time()
    received = write(index, "x", "text").stored.received
    after = client.time()
    moments = [datetime.fromtimestamp(s, UTC).replace(microsecond=us) for s, us in (before, after)]
    assert moments[0] <= received <= moments[1]


def test_a_new_version_replaces_the_old_one(index):
    old = write(index, "x", "old text").stored
    receipt = replace(index, "x", "new text")
    assert receipt.replaced == (old.number,)
    assert index.find("x") == receipt.stored
    assert index.fetch([old.number]) == (None,)
    assert visible(index, "old text") == []


def test_a_version_that_a_crashed_writer_left_is_named_again(index):
    first = write(index, "x", "one").stored
    second = write(index, "x", "two").stored
    assert write(index, "x", "three").replaced == (second.number, first.number)


def test_a_deletion_that_was_cut_short_can_be_made_again(index, client, settings):
    stored = write(index, "x", "text").stored
    assert index.unname("x") == (stored,)
    assert index.find("x") is None
    assert index.unname("x") == (stored,)
    assert delete(index, "x") == 1
    assert index.unname("x") == ()
    assert keys_left(client, settings.index.prefix) == []


def test_an_article_put_during_its_deletion_stays(index):
    write(index, "x", "old")
    versions = index.unname("x")
    stored = write(index, "x", "new").stored
    forget(index, versions)
    assert index.find("x") == stored
    assert delete(index, "x") == 1


def test_a_current_version_is_not_dropped_by_mistake(index):
    stored = write(index, "x", "text").stored
    index.forget(stored.number, keys_of("text"))
    assert index.find("x") == stored
    assert visible(index, "text") == [(stored, N_KEYS)]


def test_forgetting_twice_is_forgetting_once(index):
    replace(index, "y", "other")
    write(index, "x", "text")
    versions = index.unname("x")
    forget(index, versions)
    forget(index, versions)
    assert [stored.article.id for stored, _ in visible(index, "other")] == ["y"]


def test_everything_put_and_deleted_leaves_nothing(index, client, settings):
    for round_ in range(2):
        for name in "abcdefgh":
            stored = replace(index, name, f"{name} {round_}").stored
            index.link([(stored.number, 1, b"pair")])
            index.settle(stored.number, Links(1, {}, None), b"state")
    assert sum(delete(index, name) for name in "abcdefgh") == 8
    assert keys_left(client, settings.index.prefix) == []


def test_articles_without_keys_are_stored_but_no_candidates(index):
    stored = index.put(Article("x", "too short"), Language("und", None, "nobody"), NO_KEYS).stored
    assert index.find("x") == stored
    assert ask(index, NO_KEYS, 10) == ()
    assert index.unname("x") == (stored,)
    index.forget(stored.number, NO_KEYS)
    assert index.fetch([stored.number]) == (None,)


def test_many_versions_are_fetched_in_the_order_asked(index):
    numbers = [write(index, str(n), f"text {n}").stored.number for n in range(40)]
    asked = [*reversed(numbers), 999_999, numbers[3]]
    found = index.fetch(asked)
    assert [stored and stored.number for stored in found] == [
        *reversed(numbers),
        None,
        numbers[3],
    ]
    assert index.fetch([]) == ()


# Candidates


def test_candidates_come_by_collisions_then_by_number(index):
    query = keys_of("query")
    strange = keys_of("strange")
    shared = {"three": 3, "all": N_KEYS, "none": 0, "three again": 3, "fifty": 50}
    numbers = {
        name: index.put(
            Article(name, name), ENGLISH, np.r_[query[:count], strange[count:]]
        ).stored.number
        for name, count in shared.items()
    }
    threes = sorted([numbers["three"], numbers["three again"]])
    expected = [numbers["all"], numbers["fifty"], *threes]
    assert [c.number for c in ask(index, query, 10)] == expected
    assert [c.collisions for c in ask(index, query, 10)] == [N_KEYS, 50, 3, 3]
    assert [c.number for c in ask(index, query, 2)] == expected[:2]
    assert [c.number for c in ask(index, query, 2, numbers["all"])] == expected[1:3]


def test_a_repeated_key_counts_once(index):
    keys = keys_of("text")
    stored = index.put(Article("x", "text"), ENGLISH, np.r_[keys, keys]).stored
    (candidate,) = ask(index, np.r_[keys, keys], 10)
    assert candidate[:2] == (stored.number, N_KEYS)


def test_a_full_bucket_keeps_its_oldest_and_its_newest_only(index, client, settings):
    key = np.array([12345], dtype=np.uint64)
    numbers = []
    for n in range(200):
        numbers.append(index.put(Article(str(n), "text"), ENGLISH, key).stored.number)
        seen = {candidate.number for candidate in ask(index, key, 100)}
        assert {*sorted(numbers)[:BUCKET_END], *sorted(numbers)[-BUCKET_END:]} <= seen
        assert len(seen) < BUCKET_LIMIT
    (group,) = [name for name in keys_left(client, settings.index.prefix) if b":g1:" in name]
    assert client.zcard(group) < BUCKET_LIMIT


def test_a_bucket_that_was_filled_and_never_read_is_cut_by_its_first_reader(index):
    key = np.array([12345], dtype=np.uint64)
    numbers = [index.put(Article(str(n), "text"), ENGLISH, key).stored.number for n in range(100)]
    ends = [*sorted(numbers)[:BUCKET_END], *sorted(numbers)[-BUCKET_END:]]
    assert sorted(candidate.number for candidate in ask(index, key, 100)) == ends


KEY_SETS = st.lists(
    st.lists(st.integers(0, 30).map(lambda key: key * 0x9E3779B97F4A7C15 % 2**64), max_size=12),
    min_size=1,
    max_size=8,
)


@hypothesis_settings(max_examples=30)
@given(stored=KEY_SETS, query=KEY_SETS.map(lambda sets: sets[0]), limit=st.integers(1, 9))
def test_candidates_are_those_of_a_plain_count(open_new, stored, query, limit):
    with open_new() as index:
        numbers = [
            index.put(Article(str(n), "text"), ENGLISH, as_keys(keys)).stored.number
            for n, keys in enumerate(stored)
        ]
        found = [candidate[:2] for candidate in ask(index, as_keys(query), limit)]
    shared = Counter(
        {
            number: len(set(keys) & set(query))
            for number, keys in zip(numbers, stored, strict=True)
            if set(keys) & set(query)
        }
    )
    weight = {
        key: 1 - np.log(sum(key in other for other in stored) or 1) / np.log(RARITY_SCALE)
        for key in set(query)
    }
    score = {
        number: sum(weight[key] for key in set(keys) & set(query))
        for number, keys in zip(numbers, stored, strict=True)
    }
    plain = sorted(shared.items(), key=lambda item: (-round(score[item[0]], 9), item[0]))
    assert sorted(found) == sorted(plain) if limit >= len(plain) else set(found) <= set(plain)
    assert [round(score[number], 9) for number, _ in found] == [
        round(score[number], 9) for number, _ in plain[:limit]
    ]


def as_keys(keys):
    return np.array(keys, dtype=np.uint64)


# Links and verdicts


def test_links_grow_their_sequence_with_each_change_only(index):
    number = write(index, "x", "text").stored.number
    (before,) = index.links([number])
    assert (before.sequence, before.pairs, before.state) == (0, {}, None)
    index.link([(number, 7, b"one"), (number, 8, b"two")])
    index.link([(number, 7, b"one")])
    assert index.links([number])[0].sequence == 1
    index.link([(number, 7, b"other")])
    assert index.links([number])[0].sequence == 2
    index.unlink([(number, 9)])
    assert index.links([number])[0].sequence == 2
    index.unlink([(number, 7)])
    (after,) = index.links([number])
    assert (after.sequence, after.pairs) == (3, {8: b"two"})


def test_links_of_many_are_read_and_written_at_once(index):
    numbers = [write(index, str(n), f"text {n}").stored.number for n in range(20)]
    index.link([(number, other, b"%d" % other) for number in numbers for other in (1, 2)])
    for links in index.links(numbers):
        assert links.pairs == {1: b"1", 2: b"2"}
    index.link([])
    index.unlink([])
    assert index.links([]) == ()


def test_a_version_keeps_the_first_followers_and_notes_that_there_are_more(index):
    number = write(index, "x", "text").stored.number
    followers = [(number, other, b"%d" % other) for other in (4, 2, 9)]
    for follower in followers[:2]:
        assert index.link([], [follower], max_followers=2) == {number: None}
    assert not index.links([number])[0].more
    assert index.link([], [followers[2]], max_followers=2) == {}
    index.link([(number, 7, b"seven")], [(number, 2, b"again")], max_followers=2)
    (links,) = index.links([number])
    assert (links.pairs, links.followers) == ({4: b"4", 2: b"again", 7: b"seven"}, {4, 2})
    assert (links.more, links.sequence) == (True, 3)
    index.unlink([(number, 4)])
    assert index.link([], [followers[2]], max_followers=2) == {number: None}
    assert index.links([number])[0].followers == {2, 9}


def test_pairs_that_were_removed_to_keep_a_bound_are_missed(index):
    number = write(index, "x", "text").stored.number
    index.link([(number, other, b"pair") for other in (1, 2, 3)])
    index.unlink([(number, 1)])
    assert not index.links([number])[0].more
    index.unlink([(number, 2)], more=True)
    (links,) = index.links([number])
    assert (links.more, list(links.pairs)) == (True, [3])


def test_linking_tells_what_has_changed_and_the_verdicts_there(index):
    one, two, three = (write(index, str(n), f"text {n}").stored.number for n in range(3))
    index.link([(one, 7, b"pair")])
    index.settle(two, index.links([two])[0], b"state")
    changed = index.link([(number, 7, b"pair") for number in (one, two, three)])
    assert changed == {two: b"state", three: None}
    assert index.states([three, two, one]) == (None, b"state", None)


def test_a_verdict_is_settled_on_the_links_it_was_made_from(index):
    number = write(index, "x", "text").stored.number
    (fresh,) = index.links([number])
    assert index.settle(number, fresh, b"first")
    assert not index.settle(number, fresh, b"as if nobody had settled")
    (settled,) = index.links([number])
    index.link([(number, 7, b"pair")])
    assert not index.settle(number, settled, b"stale")
    assert index.links([number])[0].state == b"first"
    (linked,) = index.links([number])
    assert index.settle(number, linked, b"second")
    assert index.links([number])[0].state == b"second"


def test_a_text_keeps_the_time_it_was_first_received(index):
    first = write(index, "x", "text").stored
    again = index.put(
        Article("x", "text", title="A title"), ENGLISH, keys_of("text"), first.received
    )
    assert again.stored.received == first.received
    assert index.find("x").received == first.received


def test_a_closed_index_answers_nothing(server, settings):
    index = RedisIndex.connect(server.url, settings)
    index.ping()
    index.close()
    with pytest.raises(StoreError, match="closed"):
        index.ping()


def test_a_forgotten_version_takes_no_links_and_no_verdict(index, client, settings):
    number = write(index, "x", "text").stored.number
    delete(index, "x")
    index.link([(number, 7, b"pair")])
    assert index.settle(number, Links(0, {}, None), b"state")
    index.unlink([(number, 7)])
    assert keys_left(client, settings.index.prefix) == []


# Round trips


class CountingConnection(redis.UnixDomainSocketConnection):
    """A real connection that counts how often something is sent."""

    sent = 0

    def send_packed_command(self, *arguments, **options):
        CountingConnection.sent += 1
        super().send_packed_command(*arguments, **options)


@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("put", lambda index, _: write(index, "new", "text")),
        ("candidates", lambda index, _: ask(index, keys_of("text 3"), 50)),
        ("fetch", lambda index, n: index.fetch(n)),
        ("find", lambda index, _: index.find("3")),
        ("links", lambda index, n: index.links(n)),
        ("link", lambda index, n: index.link([(x, 1, b"pair") for x in n])),
        ("forget", lambda index, n: index.forget(n[3], keys_of("text 3"))),
        ("unname", lambda index, _: index.unname("3")),
        ("settle", lambda index, n: index.settle(n[3], Links(0, {}, None), b"state")),
    ],
)
def test_each_call_is_one_round_trip(embedded, settings, name, call):
    path = redis.connection.parse_url(embedded.url)["path"]
    pool = redis.ConnectionPool(connection_class=CountingConnection, path=path)
    index = RedisIndex(redis.Redis(connection_pool=pool), settings)
    numbers = [write(index, str(n), f"text {n}").stored.number for n in range(10)]
    write(index, "3", "a new text, so that its first version may be forgotten")
    CountingConnection.sent = 0
    call(index, numbers)
    assert CountingConnection.sent == 1, name
    index.close()
    pool.close()


# Opening


def test_an_index_made_with_other_settings_is_refused_with_the_way_out(index, server, settings):
    write(index, "x", "text")
    ours = settings.fingerprint
    other = altered(settings, fingerprint=FingerprintSettings(shingle_words=ours.shingle_words + 1))
    with closing(RedisIndex.connect(server.url, other)) as stranger:
        with pytest.raises(IndexFormatError, match="index reindex") as refused:
            ask(stranger, keys_of("text"), 10)
        assert ours.digest in str(refused.value)
        assert other.fingerprint.digest in str(refused.value)


def test_what_an_index_has_of_its_own_is_adopted(index, server, settings):
    lasting = altered(settings.index, group_bits=10, time_to_live=timedelta(days=90))
    few = altered(settings.fingerprint, families=("passages",))
    maker = altered(settings, index=lasting, fingerprint=few)
    with closing(RedisIndex.connect(server.url, maker)) as made:
        made.ping()
        write(made, "x", "text")
    assert index.settings == maker
    assert visible(index, "text")[0][0].article.id == "x"


def test_an_index_of_another_format_is_refused(index, client, settings):
    client.hset(f"{settings.index.prefix}:meta", mapping={"format": 99})
    with pytest.raises(IndexFormatError, match="format 99"):
        index.ping()


def test_two_prefixes_are_two_indexes(index, open_new):
    write(index, "x", "text")
    with open_new() as other:
        assert other.find("x") is None
        assert ask(other, keys_of("text"), 10) == ()


def test_a_prefix_that_would_break_a_hash_tag_is_refused(server, settings):
    broken = altered(settings, index=altered(settings.index, prefix="a}b"))
    with pytest.raises(StoreError, match="prefix"):
        RedisIndex.connect(server.url, broken)


@pytest.mark.parametrize(
    ("url", "error", "says"),
    [
        ("http://localhost", StoreError, "address cannot be read"),
        ("redis://127.0.0.1:1/0", IndexUnavailableError, "127.0.0.1:1"),
        ("unix:///nowhere/redis.sock", IndexUnavailableError, "/nowhere/redis.sock"),
        ("redis://:secret@127.0.0.1:1/0", IndexUnavailableError, "127.0.0.1:1"),
    ],
)
def test_a_server_that_is_not_there_is_named(settings, url, error, says):
    with pytest.raises(error, match=says) as raised:
        open_index(data_dir=None, redis_url=url, settings=settings).ping()
    assert "secret" not in str(raised.value)
    assert ".." not in str(raised.value)


def test_an_index_needs_a_place(settings):
    with pytest.raises(StoreError, match="data directory"):
        open_index(data_dir=None, redis_url=None, settings=settings)


def test_an_index_in_a_directory_keeps_its_articles(tmp_path, settings):
    for _ in range(2):
        opened = open_index(data_dir=tmp_path / "data", redis_url=None, settings=settings)
        known = opened.find("x")
        opened.put(Article("x", "text"), ENGLISH, keys_of("text"))
        opened.close()
    assert known is not None


# Articles that expire


SOON = timedelta(seconds=0.2)


def put_until(index, name, expires):
    return index.put(Article(name, name, expires=expires), ENGLISH, keys_of(name)).stored


def test_an_expired_article_is_as_if_it_were_not_there(index):
    stored = put_until(index, "x", datetime.now(UTC) + SOON)
    assert index.find("x") == stored
    until(lambda: index.find("x") is None, "the expiry")
    assert index.fetch([stored.number]) == (None,)
    assert index.fetch([stored.number], expired=True) == (stored,)
    assert visible(index, "x") == []


def test_expired_articles_are_named_until_they_are_forgotten(index, client, settings):
    past = datetime.now(UTC) - timedelta(days=1)
    gone = {put_until(index, str(n), past).number: str(n) for n in range(40)}
    put_until(index, "stays", datetime.now(UTC) + timedelta(days=1))
    while due := index.due(5):
        for stored in due:
            assert gone.pop(stored.number) == stored.article.id
            index.forget(stored.number, keys_of(stored.article.text), current=True)
    assert gone == {}
    assert delete(index, "stays") == 1
    assert keys_left(client, settings.index.prefix) == []


def test_expiries_without_a_record_hide_no_expired_article(index, client, settings):
    past = datetime.now(UTC) - timedelta(days=1)
    stored = put_until(index, "x", past)
    expiries = Keys(settings.index.prefix).expiries(stored.number % SHARDS)
    strays = {str(SHARDS * n + stored.number % SHARDS): n for n in range(10_000, 10_009)}
    client.zadd(expiries, strays)
    found = [one for _ in range(len(strays) + 1) for one in index.due(SHARDS)]
    assert found[-1] == stored
    assert client.zcard(expiries) == 1


def test_a_put_names_expired_articles_of_its_shard(index):
    past = datetime.now(UTC) - timedelta(days=1)
    for n in range(60):
        put_until(index, str(n), past)
    receipts = [write(index, f"new {n}", "text") for n in range(30)]
    assert all(len(receipt.due) <= SWEPT for receipt in receipts)
    assert any(receipt.due for receipt in receipts)
    found = index.fetch([number for receipt in receipts for number in receipt.due], expired=True)
    assert all(stored.expires == past for stored in found)


def test_an_id_whose_article_expired_can_be_used_again(index):
    old = put_until(index, "x", datetime.now(UTC) - timedelta(days=1))
    receipt = write(index, "x", "new")
    assert receipt.replaced == (old.number,)
    assert index.find("x") == receipt.stored


def test_an_index_keeps_an_article_for_its_own_time_unless_the_article_says_another(
    server, settings
):
    week = altered(settings, index=altered(settings.index, time_to_live=timedelta(days=7)))
    with closing(RedisIndex.connect(server.url, week)) as index:
        before = datetime.now(UTC)
        usual = write(index, "x", "text").stored
        assert before <= usual.expires - timedelta(days=7) <= datetime.now(UTC)
        assert index.find("x") == usual
        said = datetime(2100, 1, 1, tzinfo=UTC)
        assert put_until(index, "y", said).expires == said


def test_an_id_whose_article_expired_does_not_name_an_earlier_version(index):
    """Not even one that a crash kept from being forgotten."""
    write(index, "x", "text")
    stored = put_until(index, "x", datetime.now(UTC) - timedelta(days=1))
    index.forget(stored.number, keys_of("x"), current=True)
    assert index.find("x") is None
    assert [left.article.text for left in index.unname("x")] == ["text"]
