"""A check finds what crashes leave, mends that, and touches nothing else."""

from __future__ import annotations

import itertools
import json
import threading
from contextlib import closing
from dataclasses import dataclass
from dataclasses import replace as changed
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import redis
from click.testing import CliRunner
from index_cases import keys_left

from dedup.cli import main
from dedup.cli.exits import DONE, REFUSED
from dedup.errors import IndexUnavailableError, UnknownArticleError
from dedup.index.keys import SHARDS, Keys, encode_id, number_of
from dedup.index.orphans import read_groups
from dedup.index.postings import BUCKET_LIMIT, pack_entries, place
from dedup.index.rebuild import Wanted, plan_under_way
from dedup.index.redis_index import RedisIndex
from dedup.maintenance import KINDS, check, keys_of_stored, reindex
from dedup.model import Article
from dedup.pipeline import Detector

SEEDS = {
    path.stem[:3]: path.read_text(encoding="utf-8")
    for path in sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))
}
SOURCE, COPY, *REST = SEEDS
FEW_BITS = 6
"""64 groups, so that a test does not spend its time on 131,072."""


@pytest.fixture
def settings(settings):
    return changed(settings, index=changed(settings.index, group_bits=FEW_BITS))


@dataclass(frozen=True)
class Held:
    """An index with five articles, some of them related, and ways to look at it and harm it."""

    index: RedisIndex
    detector: Detector
    client: redis.Redis | redis.RedisCluster
    keys: Keys


@pytest.fixture
def held(index, settings, server):
    detector = Detector(index, settings)
    for name, text in SEEDS.items():
        detector.put(Article(name, text))
    with server.open() as client:
        yield Held(index, detector, client, Keys(settings.index.prefix))


def silent(_what, _done, _of):
    pass


def look(index, **options):
    """The kinds found, and those mended."""
    checked = check(index, silent, patience=0.0, **options)
    found = {kind: count for kind, count in checked.found.items() if count}
    mended = {kind: count for kind, count in checked.mended.items() if count}
    assert checked.is_sound == (found == mended)
    return found, mended


def contents(held):
    """All that an index has on its server, but for what only grows."""
    names = keys_left(held.client, held.keys.prefix)
    values = {name: read(held.client, name) for name in names}
    for name, value in values.items():
        if b":l:" in name:
            value.pop(b"sequence", None)
        if name.endswith(b":generations"):
            value.pop(b"floor", None)
    return {name: value for name, value in values.items() if value}


def read(client, name):
    match client.type(name):
        case b"string":
            return client.get(name)
        case b"hash":
            return client.hgetall(name)
        case b"zset":
            return client.zrange(name, 0, -1, withscores=True)


def postings_of(index, number):
    """Group and entry of each posting of a number."""
    entries = read_groups(index.audit().exchange, index.audit().layout.generation, 0, 63)
    chosen = entries.select(entries.numbers == number)
    return [
        (int(group), packed.tobytes())
        for group, packed in zip(chosen.groups, chosen.packed, strict=True)
    ]


def new_number(held, article_id):
    return number_of(held.client.incrby(held.keys.sequence, 16), article_id)


# Nothing amiss


@pytest.mark.every_server
def test_nothing_is_amiss_in_an_index_that_was_used_and_nothing_is_touched(held):
    put = held.detector.put
    put(Article(COPY, SEEDS[COPY] + " It was the third this year."))
    put(Article("gone", SEEDS[REST[0]]))
    put(Article("fleeting", SEEDS[REST[1]], expires=datetime.now(UTC) + timedelta(days=1)))
    held.detector.delete("gone")
    held.detector.delete(SOURCE)
    before = contents(held)
    assert look(held.index) == ({}, {})
    assert look(held.index, repair=True) == ({}, {})
    assert contents(held) == before
    assert check(held.index, silent, quick=True).articles == len(SEEDS)


def test_postings_that_a_full_bucket_has_let_go_are_not_missed(index, settings):
    language = Detector(index, settings).put(Article("0", SEEDS[SOURCE])).report.language
    (first,) = index.fetch([index.find("0").number])
    (of_text,) = keys_of_stored([first], settings)
    for n in range(1, 2 * BUCKET_LIMIT):
        index.put(Article(str(n), SEEDS[SOURCE]), language, of_text)
    Detector(index, settings).check(Article("query", SEEDS[SOURCE]))  # cuts the buckets
    assert not all(postings_of(index, index.find(str(n)).number) for n in range(2 * BUCKET_LIMIT))
    assert look(index) == ({}, {})


# What a crash leaves


def cut_put(held):
    """The postings of a put that did not come to its record."""
    number = new_number(held, "never")
    (of_text,) = keys_of_stored([held.index.find(SOURCE)], held.index.settings)
    for shard, packed in pack_entries(place(of_text, FEW_BITS), number):
        for at in range(0, len(packed), 13):
            group = held.keys.groups(shard, "1") + packed[at : at + 6].decode()
            held.client.zadd(group, {packed[at + 6 : at + 13]: 0})
    return {"stray_postings": len(of_text)}


def lost_postings(held):
    for group, entry in postings_of(held.index, held.index.find(COPY).number)[:7]:
        held.client.zrem(held.keys.group(group, "1"), entry)
    return {"missing_postings": 7}


def copied_record(held):
    number = new_number(held, COPY)
    held.client.set(
        held.keys.record(number), held.client.get(held.keys.record(held.index.find(COPY).number))
    )
    return {"unnamed_versions": 1}


def dangling_number(held):
    current = held.index.find(COPY).number
    lost = new_number(held, COPY)
    held.client.hset(held.keys.ids(current % SHARDS), encode_id(COPY), f"{current},{lost}")
    nobody = new_number(held, "nobody")
    held.client.hset(held.keys.ids(nobody % SHARDS), encode_id("nobody"), f"0,{nobody}")
    return {"dangling_ids": 2}


def links_alone(held):
    held.client.hset(
        held.keys.links(new_number(held, "never")), mapping={"17": b"x", "state": b"y"}
    )
    return {"stray_links": 1}


def expiry_alone(held):
    number = new_number(held, "never")
    held.client.zadd(held.keys.expiries(number % SHARDS), {str(number): 2e15})
    return {"stray_expiries": 1}


def pair_with_a_number_that_is_gone(held):
    copy, source = held.index.find(COPY).number, held.index.find(SOURCE).number
    gone = new_number(held, SOURCE)
    held.client.hset(
        held.keys.links(copy), str(gone), held.client.hget(held.keys.links(copy), str(source))
    )
    return {"hidden_pairs": 1}


def groups_of_old_generations(held):
    for generation, group in itertools.product(("", "0", "7"), (3, 4, 5)):
        held.client.zadd(held.keys.group(group, generation), {b"\0" * 7: 0})
    return {"unused_groups": 9}


def begun_rebuild(held):
    def end_here(_versions, _settings):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        held.index.rebuild(Wanted(), end_here, silent)
    held.client.hset(held.keys.rebuild, "seen", 0)
    return {"abandoned_rebuild": 1}


DAMAGES = (
    cut_put,
    lost_postings,
    copied_record,
    dangling_number,
    links_alone,
    expiry_alone,
    pair_with_a_number_that_is_gone,
    groups_of_old_generations,
    begun_rebuild,
)


@pytest.mark.every_server
@pytest.mark.parametrize("damage", DAMAGES)
def test_damage_is_found_and_mended_and_nothing_else_is_touched(damage, held):
    before = contents(held)
    expected = damage(held)
    damaged = contents(held)
    assert damaged != before
    assert look(held.index) == (expected, {})
    assert contents(held) == damaged
    assert look(held.index, repair=True) == (expected, expected)
    assert contents(held) == before
    assert look(held.index) == ({}, {})


def test_all_damages_together_are_mended_by_one_check(held):
    before = contents(held)
    expected = {}
    for damage in DAMAGES:
        expected |= damage(held)
    assert KINDS.keys() - expected == {"left_versions", "used_numbers"}  # each has its own test
    assert look(held.index, repair=True) == (expected, expected)
    assert contents(held) == before


def test_a_version_that_its_writer_did_not_forget_is_replaced_everywhere(held):
    source = held.index.find(SOURCE)
    article = changed(source.article, text="Nothing of it is left but these words. " * 20)
    (of_text,) = keys_of_stored([changed(source, article=article)], held.index.settings)
    held.index.put(article, source.language, of_text)  # and then the writer is killed
    assert look(held.index) == ({"left_versions": 1}, {})
    assert look(held.index, repair=True) == ({"left_versions": 1}, {"left_versions": 1})
    assert held.index.fetch([source.number]) == (None,)
    assert held.index.find(SOURCE).article == article
    assert not postings_of(held.index, source.number)
    matches = held.detector.report(COPY).matches
    assert SOURCE not in [match.other.id for match in matches]
    assert look(held.index) == ({}, {})


def test_a_deletion_that_was_cut_short_is_completed_and_verdicts_keep_the_id(held):
    source = held.index.find(SOURCE)
    held.index.unname(SOURCE)  # and then the writer is killed
    assert look(held.index, repair=True) == ({"left_versions": 1}, {"left_versions": 1})
    assert held.index.fetch([source.number]) == (None,)
    assert not postings_of(held.index, source.number)
    matches = held.detector.report(COPY).matches
    assert [match.removed for match in matches if match.other.id == SOURCE] == [True]
    with pytest.raises(UnknownArticleError):
        held.detector.delete(SOURCE)


def test_pairs_with_a_text_whose_id_has_another_one_now_are_removed(held):
    held.detector.delete(SOURCE)
    other = "Something else altogether, of enough words to be judged by itself. " * 9
    held.detector.put(Article(SOURCE, other))
    answers = [held.detector.report(name) for name in SEEDS]
    found, mended = look(held.index, repair=True)
    assert found == mended
    assert found.keys() == {"hidden_pairs"}
    assert [held.detector.report(name) for name in SEEDS] == answers
    assert look(held.index) == ({}, {})


def test_a_counter_that_a_crash_has_set_back_is_put_forward(held):
    last = max(held.index.find(name).number for name in SEEDS) // SHARDS
    held.client.set(held.keys.sequence, last - 3)
    assert look(held.index) == ({"used_numbers": 3}, {})
    assert look(held.index, repair=True) == ({"used_numbers": 3}, {"used_numbers": 3})
    assert int(held.client.get(held.keys.sequence)) == last


def test_a_rebuild_that_ended_after_the_switch_is_done_to_its_end(held):
    def end_after_the_switch(what, _done, _of):
        if what != "indexing":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        reindex(held.index, Wanted(), end_after_the_switch)
    held.client.hset(held.keys.rebuild, "seen", 0)
    assert look(held.index, repair=True)[1] == {"abandoned_rebuild": 1}
    assert plan_under_way(held.index.audit().exchange) is None
    assert not [name for name in contents(held) if b":g1:" in name]
    assert held.detector.check(Article("query", SEEDS[SOURCE])).verdict.source.id == SOURCE


def test_a_rebuild_that_a_process_is_at_is_left_alone(held):
    begun_rebuild(held)
    held.client.hset(held.keys.rebuild, "seen", int(datetime.now(UTC).timestamp()))
    assert look(held.index, repair=True) == ({}, {})
    assert reindex(held.index, Wanted(), silent).resumed


# Beside writers


def test_a_put_whose_number_was_given_up_by_a_check_takes_another(held):
    given_up = set(held.index._numbers)
    assert given_up
    cut_put(held)
    look(held.index, repair=True)
    outcome = held.detector.put(Article("late", SEEDS[SOURCE]))
    assert outcome.report.verdict.source.id == SOURCE
    assert held.index.find("late").number // SHARDS not in given_up
    assert is_whole(held.index, "late")
    assert look(held.index) == ({}, {})


def is_whole(index, name):
    """Whether a stored article has all its postings."""
    stored = index.find(name)
    (of_text,) = keys_of_stored([stored], index.settings)
    return len(postings_of(index, stored.number)) == len(of_text)


class Writers:
    """Put and delete articles of their own each, until they are told to end."""

    def __init__(self, url, settings):
        self.url, self.settings = url, settings
        self.over = threading.Event()
        self.stored = {}
        self.failures = []

    def work(self, which):
        try:
            index = RedisIndex.connect(self.url, self.settings)
            with closing(Detector(index, self.settings)) as detector:
                for turn in itertools.count():
                    if self.over.is_set():
                        return
                    self.put_or_delete(detector, which, turn)
        except Exception as error:  # noqa: BLE001  # told by the test
            self.failures.append(error)

    def put_or_delete(self, detector, which, turn):
        name, text = f"{which}-{turn % 5}", SEEDS[REST[turn % len(REST)]]
        self.stored[name] = detector.put(Article(name, f"{text} {which} {turn}")).report.article
        if turn % 3 == 2:
            detector.delete(name)
            del self.stored[name]


def test_articles_come_and_go_while_an_index_is_checked_and_mended(server, index, settings):
    writers = Writers(server.url, settings)
    threads = [threading.Thread(target=writers.work, args=(which,)) for which in range(3)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(25):
            check(index, silent, repair=True, patience=0.0)
    finally:
        writers.over.set()
        for thread in threads:
            thread.join()
    assert writers.failures == []
    assert writers.stored
    for name, article in writers.stored.items():
        assert index.find(name).article == article
        assert is_whole(index, name)
    found, _ = look(index, repair=True)
    # A pair may be recorded on what is replaced in the same moment.
    assert found.keys() <= {"hidden_pairs"}
    assert look(index) == ({}, {})


def test_an_article_that_is_deleted_while_it_is_looked_at_lacks_nothing(held):
    audit = held.index.audit()
    versions = [held.index.find(COPY)]
    keys = keys_of_stored(versions, held.index.settings)
    held.detector.delete(COPY)
    assert audit.lacking(versions, keys) == {}


def test_an_article_that_is_deleted_while_it_is_mended_leaves_no_posting(held):
    stored = held.index.find(COPY)
    lost_postings(held)
    audit = held.index.audit()
    lacking = audit.lacking([stored], keys_of_stored([stored], held.index.settings))
    assert len(lacking[stored.number]) == 7
    held.detector.delete(COPY)
    audit.add_lacking(lacking)
    assert not postings_of(held.index, stored.number)


def test_a_check_that_began_before_a_switch_takes_nothing_for_missing(held, server, settings):
    audit = held.index.audit()
    with closing(RedisIndex.connect(server.url, settings)) as other:
        reindex(other, Wanted(), silent)
    versions = [held.index.find(name) for name in SEEDS]
    with pytest.raises(IndexUnavailableError, match="GENERATION 1 is not read any more"):
        audit.lacking(versions, keys_of_stored(versions, settings))


# The command


def test_the_command_tells_what_it_found_and_whether_it_is_mended(held, server):
    place = ("--redis", server.url, "--key-prefix", held.keys.prefix)

    def run(*options):
        return CliRunner().invoke(main, ("index", "check", *options, *place))

    sound = run()
    assert (sound.exit_code, sound.stdout) == (DONE, "5 articles looked at\nnothing is amiss\n")
    lost_postings(held)
    assert run("--quick").exit_code == DONE
    found = run()
    assert found.exit_code == REFUSED
    assert "missing postings  7      0" in found.stdout
    assert "--repair" in found.stdout
    mended = run("--repair", "--json")
    assert mended.exit_code == DONE
    assert json.loads(mended.stdout)["mended"]["missing_postings"] == 7
    assert run().exit_code == DONE
