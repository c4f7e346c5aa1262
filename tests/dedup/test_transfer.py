from __future__ import annotations

import threading
from contextlib import closing
from dataclasses import replace as altered
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
import redis
from article_cases import SEEDS
from conftest import new_settings
from index_cases import ENGLISH, keys_of, replace

from dedup.config import FingerprintSettings
from dedup.index.embedded import start
from dedup.index.keys import Keys, shard_of_id
from dedup.index.listing import PAGE, list_pages
from dedup.index.redis_index import RedisIndex
from dedup.index.sizing import group_bits_for
from dedup.model import Article, Report
from dedup.pipeline import Detector
from dedup.transfer import BATCH, Entry, Importer, export

WEEK = timedelta(days=7)


@pytest.fixture
def target(embedded):
    """An empty index on another server than most."""
    with closing(RedisIndex.connect(embedded.url, new_settings())) as opened:
        yield opened


def story(n: int) -> str:
    """Four stories of made up sentences, each in five versions that differ by a sentence."""
    generator = np.random.default_rng(n % 4)
    words = np.array([f"{a}{b}{c}" for a in "bdfgklmnprst" for b in "aeiou" for c in "lnrst"])
    sentences = [" ".join(generator.choice(words, 14)).capitalize() + "." for _ in range(12)]
    return "\n\n".join([*sentences[:9], f"Version {n} of this story has a sentence of its own."])


def articles() -> list[Article]:
    seeds = [Article(name, text, source="somebody") for name, text in SEEDS.items()]
    stories = [
        Article(
            f"https://example.org/größe/{n}",
            f"<p>{story(n)}</p>" if n % 3 == 0 else story(n),
            media="html" if n % 3 == 0 else "text",
            title=f"Story\u2028{n}",
            url=f"https://example.org/{n}",
            published=datetime(2020, 2, n, tzinfo=UTC) if n % 5 == 0 and n else None,
            lang=None if n % 6 == 0 else "en",
        )
        for n in range(20)
    ]
    return seeds + stories


def answer(report: Report) -> dict[str, object]:
    """All of a verdict that must be the same elsewhere; revisions count anew."""
    return {
        "verdict": report.verdict,
        "origin": report.origin,
        "matches": report.matches,
        "article": report.article,
        "language": report.language,
    }


def copy(source: RedisIndex, target: RedisIndex) -> list[str]:
    """Take all entries over; what became of each."""
    importer = Importer(target)
    return [importer.take(entry) for entry in export(source)]


# There and elsewhere


@pytest.mark.every_server
def test_an_index_is_the_same_on_another_server_and_back(index, target, open_new):
    detector = Detector(index)
    for article in articles():
        detector.put(article)
    taken = [detector.report(article.id).verdict for article in articles()]
    assert sum(verdict.source is not None for verdict in taken) > len(taken) / 2
    with open_new() as back:
        for source, moved in ((index, target), (target, back)):
            assert set(copy(source, moved)) == {"stored"}
            there = Detector(moved)
            for article in articles():
                stored = there.stored(article.id)
                assert stored.article == article
                assert stored.received == detector.stored(article.id).received
                assert answer(there.report(article.id)) == answer(detector.report(article.id))


@pytest.mark.every_server
def test_an_entry_holds_when_its_article_goes_by_whatever_rule(index, target, settings, server):
    own = datetime.now(UTC) + WEEK
    index.put(Article("own", "text", expires=own), ENGLISH, keys_of("own"))
    index.put(Article("never", "text"), ENGLISH, keys_of("never"))
    kept_shortly = altered(settings, index=altered(settings.index, time_to_live=WEEK))
    with closing(RedisIndex.connect(server.url, new_prefix(kept_shortly))) as shortly:
        due = shortly.put(Article("default", "text"), ENGLISH, keys_of("default")).stored.expires
        assert [entry.article.expires for entry in export(shortly)] == [due]
        assert copy(shortly, target) == ["stored"]
        assert copy(shortly, target) == ["known"]
    assert {entry.article.id: entry.article.expires for entry in export(index)} == {
        "own": own,
        "never": None,
    }
    assert target.find("default").expires == due


def new_prefix(settings):
    return altered(settings, index=altered(settings.index, prefix=new_settings().index.prefix))


def test_entries_come_in_the_order_in_which_they_came(index):
    now = datetime.now(UTC)
    for days in (3, 1, 2):
        index.put(Article(str(days), "text"), ENGLISH, keys_of(""), now - timedelta(days=days))
    assert [entry.article.id for entry in export(index)] == ["3", "2", "1"]


def test_an_empty_index_has_no_entries(index):
    assert list(export(index)) == []


def test_it_is_announced_how_many_there_will_be(index):
    for n in range(3):
        replace(index, str(n), "text")
    announced = []
    assert len(list(export(index, announced.append))) == 3
    assert announced == [3]


# While others write


@pytest.mark.every_server
def test_an_article_that_is_replaced_meanwhile_is_there_all_the_same(index):
    for n in range(100):
        replace(index, str(n), f"text {n}")
    found = export(index)
    seen = {next(found).article.id}
    for n in range(100):
        replace(index, str(n), f"new text {n}")
    later = list(found)
    assert seen | {entry.article.id for entry in later} == {str(n) for n in range(100)}
    assert sum(entry.article.text.startswith("new") for entry in later) >= 100 - 2 * BATCH


def test_articles_that_stay_are_exported_while_writers_come_and_go(index, server, settings):
    stay = {f"stays {n}" for n in range(2000)}
    for name in stay:
        index.put(Article(name, name), ENGLISH, np.zeros(0, dtype=np.uint64))
    done = threading.Event()

    def write() -> None:
        with closing(RedisIndex.connect(server.url, settings)) as writer:
            n = 0
            while not done.is_set():
                n += 1
                replace(writer, f"comes {n}", "text")
                replace(writer, f"stays {n % 2000}", f"text {n}")

    thread = threading.Thread(target=write)
    thread.start()
    found = {entry.article.id for entry in export(index)}
    done.set()
    thread.join()
    assert stay <= found


def test_a_shard_is_begun_again_where_the_server_was_restarted(tmp_path, settings):
    """Another process orders its hashes anew, so a cursor of the old one may pass over some."""
    in_one_shard = [name for name in map(str, range(16 * 3 * PAGE)) if not shard_of_id(name)]
    with start(tmp_path) as server, closing(RedisIndex.connect(server.url, settings)) as index:
        for name in in_one_shard:
            index.put(Article(name, "text"), ENGLISH, np.zeros(0, dtype=np.uint64))
        with redis.Redis.from_url(server.url) as client:
            pages = list_pages(client, Keys(settings.index.prefix), 0)
            seen = [next(pages)]
            client.shutdown(save=True)
            server.ensure()
            seen.extend(pages)
        found = np.concatenate(seen)[:, 1]
        assert len(seen[0]) < len(in_one_shard)
        assert set(found.tolist()) == set(index.versions().tolist())


# Again, and into an index that is in use


def test_the_same_entries_again_change_nothing(index, target):
    for name, text in SEEDS.items():
        Detector(index).put(Article(name, text))
    assert copy(index, target) == ["stored"] * 5
    numbers = target.versions().tolist()
    assert copy(index, target) == ["known"] * 5
    assert target.versions().tolist() == numbers


def test_an_entry_whose_import_was_cut_short_is_finished(index, target):
    article = Article("x", SEEDS["000"])
    Detector(index).put(article)
    target.put(article, ENGLISH, keys_of(""), index.find("x").received)
    assert copy(index, target) == ["stored"]
    assert copy(index, target) == ["known"]


def test_a_text_that_came_later_is_not_replaced_by_an_older_one(index, target):
    Detector(index).put(Article("x", SEEDS["000"]))
    Detector(target).put(Article("x", SEEDS["001"]))
    assert copy(index, target) == ["older"]
    assert target.find("x").article.text == SEEDS["001"]
    assert copy(target, index) == ["stored"]
    assert index.find("x") == altered(target.find("x"), number=index.find("x").number)


def test_of_a_text_that_both_have_the_earlier_time_stays(index, target):
    Detector(index).put(Article("x", SEEDS["000"]))
    Detector(target).put(Article("x", SEEDS["000"]))
    came = index.find("x").received
    assert copy(target, index) == ["known"]
    assert copy(index, target) == ["stored"]
    assert index.find("x").received == target.find("x").received == came


def test_an_entry_that_nobody_knows_the_age_of_came_now(target):
    before = datetime.now(UTC)
    assert Importer(target).take(Entry(Article("x", SEEDS["000"]), None)) == "stored"
    assert target.find("x").received > before - timedelta(seconds=1)


def test_what_has_expired_is_not_taken(target):
    gone = Article("x", SEEDS["000"], expires=datetime.now(UTC) - WEEK)
    assert Importer(target).take(Entry(gone, None)) == "expired"
    assert len(target.versions()) == 0


# Making an index


@pytest.mark.every_server
def test_an_index_is_made_once(server, settings):
    own = altered(
        settings,
        fingerprint=altered(settings.fingerprint, families=("content",)),
        index=altered(settings.index, group_bits=9, time_to_live=WEEK),
    )
    with (
        closing(RedisIndex.connect(server.url, own)) as first,
        closing(RedisIndex.connect(server.url, settings)) as second,
    ):
        assert first.create()
        assert not second.create()
        assert first.settings == second.settings == own


def test_a_larger_index_has_more_groups():
    bits = [group_bits_for(10**n, FingerprintSettings()) for n in range(10)]
    assert bits == sorted(bits)
    assert (bits[0], bits[-1]) == (1, 24)
    fewer = FingerprintSettings(families=("passages",))
    assert group_bits_for(10**6, fewer) < group_bits_for(10**6, FingerprintSettings())
