"""A rebuild: nothing that is stored is lost by it, whoever writes meanwhile and whatever crashes."""

from __future__ import annotations

import itertools
import multiprocessing
import random
import threading
from collections import Counter
from contextlib import closing
from dataclasses import replace as changed
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from index_cases import N_KEYS, ask, delete, forget, keys_left, keys_of, replace, visible, write

from dedup.compare import profile
from dedup.document import read_document
from dedup.errors import IndexFormatError, IndexUnavailableError, StoreError
from dedup.index import rebuild_scripts
from dedup.index.base import Stored
from dedup.index.exchange import Exchange
from dedup.index.generations import advance, close
from dedup.index.keys import SHARDS, Keys, encode_id, shard_of_id
from dedup.index.orphans import read_groups
from dedup.index.postings import BUCKET_END, BUCKET_LIMIT, pack_entries, place
from dedup.index.rebuild import Wanted, plan_under_way, rebuild
from dedup.index.records import pack_record, write_stamp
from dedup.index.redis_index import RedisIndex
from dedup.maintenance import keys_of_stored, reindex
from dedup.model import Article, Language
from dedup.pipeline import Detector
from dedup.pipeline import keys_of as keys_by_pipeline

SEEDS = sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))
FEW_BITS = 6
"""64 groups, so that a test does not spend its time on 131,072."""

COMMANDS_BETWEEN_KILLS = 7
"""Most steps are 16 commands, one per shard: so they are cut before, within, and after."""

OTHER = Wanted(group_bits=FEW_BITS + 1)
NAMES = [f"article {n}" for n in range(40)]


class KilledError(Exception):
    """Where a process would have been killed."""


@pytest.fixture
def settings(settings):
    return changed(settings, index=changed(settings.index, group_bits=FEW_BITS))


@pytest.fixture
def client(server):
    with server.open() as opened:
        yield opened


@pytest.fixture
def exchange(client, settings):
    return exchange_on(client, settings)


def exchange_on(client, settings, most_commands=None):
    """An exchange with one server; the process is killed after writing so many commands."""
    left = [most_commands]

    def send(commands):
        with client.pipeline(transaction=False) as pipeline:
            for command in commands:
                pipeline.execute_command(*command)
            return pipeline.execute()

    def write(commands):
        if most_commands is None:
            return send(commands)
        written = commands[: left[0]]
        left[0] -= len(written)
        replies = send(written)
        if len(written) < len(commands):
            raise KilledError
        return replies

    return Exchange(Keys(settings.index.prefix), send, write)


def derive(versions, _settings=None):
    return [keys_of(stored.article.text) for stored in versions]


def silent(_what, _done, _of):
    pass


def rebuilt(index, wanted=OTHER, derived=derive):
    return index.rebuild(wanted, derived, silent)


def generation_of(index):
    return index._made().generation


def numbers_in(exchange, generation, group_bits):
    """How many postings each number has."""
    entries = read_groups(exchange, generation, 0, (1 << group_bits) - 1)
    return Counter(entries.numbers.tolist())


def seen_whole(index, stored):
    """Whether a version is found by all its keys; of others a key may be the same by chance."""
    found = {one.number: n for one, n in visible(index, stored.article.text)}
    return found.get(stored.number) == N_KEYS


@pytest.mark.every_server
def test_a_rebuilt_index_finds_all_that_it_found(index, settings, server):
    stored = [replace(index, name, name).stored for name in NAMES]
    made = rebuilt(index)
    assert (made.articles, made.removed, made.generation) == (len(NAMES), 0, "2")
    with closing(RedisIndex.connect(server.url, settings)) as fresh:
        for opened in (index, fresh):
            assert generation_of(opened) == "2"
            assert opened.settings.index.group_bits == OTHER.group_bits
            assert all(seen_whole(opened, one) for one in stored)
    with server.open() as client:
        names = keys_left(client, settings.index.prefix)
    assert not [name for name in names if b":g1:" in name or b"rebuild" in name]


@pytest.mark.every_server
def test_a_rebuilt_index_is_written_as_before(index):
    replace(index, "x", "before")
    rebuilt(index)
    again = replace(index, "x", "after")
    assert again.replaced
    assert seen_whole(index, again.stored)
    assert not visible(index, "before")
    delete(index, "x")
    assert not visible(index, "after")


def test_each_rebuild_is_another_generation(index):
    stored = replace(index, "x", "text").stored
    assert [rebuilt(index).generation for _ in range(3)] == ["2", "3", "4"]
    assert seen_whole(index, stored)


def test_who_has_not_noticed_a_switch_removes_from_the_new_postings(index, server, settings):
    with closing(RedisIndex.connect(server.url, settings)) as open_before:
        replace(open_before, "x", "text")
        rebuilt(index)
        delete(open_before, "x")
    assert not ask(index, keys_of("text"), 10)


def test_a_rebuild_leaves_out_what_its_id_names_no_more(index, exchange):
    crashed = write(index, "x", "first").stored
    current = write(index, "x", "second").stored
    deleted = write(index, "y", "third").stored
    index.unname("y")
    rebuilt(index)
    assert numbers_in(exchange, "2", OTHER.group_bits) == {current.number: N_KEYS}
    forget(index, (crashed, deleted))
    assert index.find("x") == current


def test_what_is_removed_during_a_rebuild_leaves_no_posting(index, exchange):
    for name in NAMES:
        replace(index, name, name)

    def derive_slowly(versions, settings):
        if index.find(NAMES[0]) is not None:
            # Read by the rebuild already, and put in by it when this returns.
            delete(index, NAMES[0])
            replace(index, NAMES[1], "another text")
        return derive(versions, settings)

    made = rebuilt(index, derived=derive_slowly)
    assert made.removed == 2 * N_KEYS
    named = {index.find(name).number: N_KEYS for name in NAMES[1:]}
    assert numbers_in(exchange, "2", OTHER.group_bits) == named


def test_a_family_of_many_copies_leaves_short_buckets(index, exchange):
    stored = [write(index, f"copy {n}", "text").stored for n in range(5 * BUCKET_LIMIT)]
    rebuilt(index)
    kept = numbers_in(exchange, "2", OTHER.group_bits)
    assert sum(kept.values()) < N_KEYS * 2 * BUCKET_LIMIT
    for one in (*stored[:BUCKET_END], *stored[-BUCKET_END:]):
        assert kept[one.number] == N_KEYS


# Other formats, other settings


def write_format_1(client, settings, texts):
    """An index as the first version of secondhand laid it out."""
    prefix = settings.index.prefix
    meta = {"format": "1", "digest": "0123456789abcdef", "group_bits": str(FEW_BITS)}
    client.hset(f"{prefix}:meta", mapping=meta)
    for name, text in texts.items():
        shard = shard_of_id(name)
        number = client.incrby(f"{prefix}:1:sequence", 16) * SHARDS + shard
        record = write_stamp(datetime.now(UTC)) + pack_record(
            Article(name, text), Language("en", None, "x")
        )
        client.set(f"{{{prefix}:1:{shard}}}:n:{number}", record)
        client.hset(f"{{{prefix}:1:{shard}}}:ids", encode_id(name), number)
        for of_shard, packed in pack_entries(place(keys_of(text), FEW_BITS), number):
            for at in range(0, len(packed), 13):
                group = packed[at : at + 6].decode()
                entry = packed[at + 6 : at + 13]
                client.zadd(f"{{{prefix}:1:{of_shard}}}:g:{group}", {entry: 0})


@pytest.mark.every_server
def test_an_index_of_format_1_is_refused_and_then_rebuilt(index, server, settings):
    with server.open() as client:
        write_format_1(client, settings, {name: name for name in NAMES})
        with pytest.raises(IndexFormatError, match="secondhand index reindex"):
            index.find(NAMES[0])
        made = rebuilt(index, Wanted())
        assert (made.articles, made.generation) == (len(NAMES), "2")
        assert made.families == settings.fingerprint.families
        for name in NAMES:
            assert seen_whole(index, index.find(name))
        assert not [name for name in keys_left(client, settings.index.prefix) if b":g:" in name]
    assert seen_whole(index, replace(index, NAMES[0], "new").stored)


def test_an_index_made_with_other_settings_is_rebuilt(index, server, settings):
    other = changed(settings, fingerprint=changed(settings.fingerprint, version=1))
    with closing(RedisIndex.connect(server.url, other)) as old:
        stored = replace(old, "x", "text").stored
        with pytest.raises(IndexFormatError, match="secondhand index reindex"):
            index.find("x")
        rebuilt(index)
        assert seen_whole(index, stored)
        with pytest.raises(IndexFormatError, match=f"digest {settings.fingerprint.digest}"):
            write(old, "y", "text")
        with pytest.raises(IndexFormatError):
            ask(old, keys_of("text"), 10)


def test_an_index_of_a_newer_format_is_not_rebuilt(index, client, settings):
    client.hset(f"{settings.index.prefix}:meta", mapping={"format": "3", "group_bits": "6"})
    with pytest.raises(IndexFormatError, match="newer"):
        rebuilt(index)


def test_where_there_is_no_index_there_is_nothing_to_rebuild(index, client, settings):
    with pytest.raises(StoreError, match="nothing to rebuild"):
        rebuilt(index)
    assert not client.exists(f"{settings.index.prefix}:meta")


def test_a_rebuild_keeps_the_time_to_live_and_the_families_of_the_index(server, settings):
    families = ("passages",)
    made_with = changed(
        settings,
        fingerprint=changed(settings.fingerprint, families=families),
        index=changed(settings.index, time_to_live=timedelta(days=3)),
    )
    with closing(RedisIndex.connect(server.url, made_with)) as old:
        old.ping()
    with closing(RedisIndex.connect(server.url, settings)) as index:
        assert rebuilt(index).families == families
        assert index.settings.index.time_to_live == timedelta(days=3)


def test_groups_are_chosen_for_the_articles_that_are_expected(index):
    index.ping()
    few = rebuilt(index, Wanted(expect=1000)).group_bits
    assert rebuilt(index, Wanted(expect=4000)).group_bits == few + 2


def test_keys_of_many_texts_are_those_of_each(settings):
    language = Language("en", None, "declared")
    articles = [
        *(Article(path.stem, path.read_text(encoding="utf-8")) for path in SEEDS),
        Article("short", "Too short to be judged."),
        Article("page", "<p>" + SEEDS[0].read_text(encoding="utf-8") + "</p>", media="html"),
    ]
    versions = [Stored(n, article, language, None) for n, article in enumerate(articles)]
    for stored, keys in zip(versions, keys_of_stored(versions, settings), strict=True):
        read = profile(read_document(stored.article, language))
        assert keys.tolist() == keys_by_pipeline(read, settings).keys.tolist()


def test_a_detector_that_was_open_before_goes_on_with_families_that_have_nothing_in_common(
    index, server, settings
):
    content = changed(settings, fingerprint=changed(settings.fingerprint, families=("content",)))
    texts = [path.read_text(encoding="utf-8") for path in SEEDS]
    with closing(Detector(RedisIndex.connect(server.url, content), content)) as open_before:
        open_before.put(Article("first", texts[0]))
        reindex(index, Wanted(families=("passages",), group_bits=FEW_BITS), silent)
        copy = open_before.check(Article("copy", texts[0]))
        assert copy.verdict.source.id == "first"
        open_before.put(Article("other", texts[1]))
        other = index.find("other")
        (keys,) = keys_of_stored([other], index.settings)
        candidates = {found.number: found.collisions for found in ask(index, keys, 10)}
        assert candidates[other.number] == len(keys)


# Crashes


def let_time_pass(client, settings):
    """As if every shard had been closed for a switch longer ago than it may be."""
    keys = Keys(settings.index.prefix)
    for shard in range(SHARDS):
        if client.hexists(keys.generations(shard), "closed"):
            client.hset(keys.generations(shard), "closed", "1")


def killed_after(client, settings, commands):
    """Begin a rebuild and be killed after so many commands; whether it came to that."""
    try:
        rebuild(exchange_on(client, settings, commands), settings, OTHER, derive, silent)
    except KilledError:
        return True
    return False


def test_a_rebuild_killed_anywhere_leaves_an_index_that_works_and_is_finished_by_the_next(
    server, client, settings
):
    resumed = Counter()
    for commands in itertools.count(0, COMMANDS_BETWEEN_KILLS):
        settings = changed(
            settings, index=changed(settings.index, prefix=f"{settings.index.prefix}-{commands}")
        )
        with (
            closing(RedisIndex.connect(server.url, settings)) as open_before,
            closing(RedisIndex.connect(server.url, settings)) as open_after,
        ):
            known = [replace(open_before, name, name).stored for name in NAMES[:5]]
            if not killed_after(client, settings, commands):
                break
            assert all(seen_whole(open_before, stored) for stored in known)
            let_time_pass(client, settings)
            known.append(replace(open_before, "new", "new").stored)
            known.append(replace(open_after, "newer", "newer").stored)
            for opened in (open_before, open_after):
                assert all(seen_whole(opened, stored) for stored in known)
            delete(open_before, NAMES[0])
            made = rebuilt(open_after, OTHER)
            resumed[made.resumed] += 1
            for opened in (open_before, open_after):
                assert all(seen_whole(opened, stored) for stored in known[1:])
            exchange = exchange_on(client, settings)
            assert numbers_in(exchange, made.generation, made.group_bits) == {
                stored.number: N_KEYS for stored in known[1:]
            }
            assert plan_under_way(exchange) is None
    assert resumed[False] == 1  # killed before anything was begun
    assert resumed[True] > 20


def test_nothing_is_written_in_a_generation_while_a_shard_is_read_in_the_one_before(
    client, settings
):
    keys = Keys(settings.index.prefix)
    for commands in range(2 * SHARDS):
        client.delete(*map(keys.generations, range(SHARDS)))
        with pytest.raises(KilledError):
            advance(exchange_on(client, settings, commands), "2")
        states = [client.hgetall(keys.generations(shard)) for shard in range(SHARDS)]
        read, written = ([state.get(field) for state in states] for field in (b"read", b"write"))
        assert read.count(b"2") == min(commands, SHARDS)
        assert written.count(b"2") == max(0, commands - SHARDS)


def test_nothing_is_stored_while_a_switch_is_due(index, exchange):
    stored = replace(index, "x", "text").stored
    close(exchange, 60.0)
    with pytest.raises(IndexUnavailableError):
        write(index, "y", "text")
    assert seen_whole(index, stored)  # nor is any posting left of it
    assert index.find("y") is None


def test_a_shard_that_was_closed_too_long_is_opened_by_the_next_writer(index, exchange, client):
    replace(index, "x", "text")
    close(exchange, 0.0)
    assert seen_whole(index, replace(index, "y", "another text").stored)
    generations = [exchange.keys.generations(shard) for shard in range(SHARDS)]
    assert not any(client.hexists(name, "closed") for name in generations)


def test_a_switch_that_comes_too_late_is_made_again(index, exchange, settings):
    known = [replace(index, name, name).stored for name in NAMES]
    late = itertools.count()

    def send_late(commands):
        if commands[0][1] == rebuild_scripts.SWITCH and next(late) == 0:
            (command,) = commands
            at_the_epoch = 1
            commands = [(*command[:6], at_the_epoch, *command[7:])]
        return exchange.write(commands)

    slow = changed(exchange, write=send_late)
    assert rebuild(slow, settings, OTHER, derive, silent).generation == "2"
    assert next(late) == 2
    assert all(seen_whole(index, stored) for stored in known)


def test_a_rebuild_that_was_begun_otherwise_is_neither_finished_nor_lost_without_a_word(
    index, client, exchange, settings
):
    stored = replace(index, "x", "text").stored
    assert killed_after(client, settings, 40)
    with pytest.raises(IndexFormatError, match=r"group_bits 7, and not with .*--restart"):
        rebuilt(index, Wanted(group_bits=FEW_BITS + 2))
    with pytest.raises(IndexFormatError, match=r"families content,passages.*families passages"):
        rebuilt(index, Wanted(families=("passages",)))
    made = rebuilt(index, Wanted(group_bits=FEW_BITS + 2, restart=True))
    assert (made.group_bits, made.resumed) == (FEW_BITS + 2, False)
    assert numbers_in(exchange, made.generation, made.group_bits) == {stored.number: N_KEYS}
    assert plan_under_way(exchange) is None


def test_a_rebuild_that_another_process_takes_over_ends(index, server, settings):
    for name in NAMES:
        replace(index, name, name)
    with closing(RedisIndex.connect(server.url, settings)) as other:

        def derive_late(versions, settings):
            rebuilt(other)
            return derive(versions, settings)

        with pytest.raises(StoreError, match="taken over"):
            rebuilt(index, derived=derive_late)
    assert all(seen_whole(index, index.find(name)) for name in NAMES)


def reindex_slowly(url, settings, begun):
    def derive_and_tell(versions, settings):
        begun.set()
        return derive(versions, settings)

    with closing(RedisIndex.connect(url, settings)) as index:
        rebuilt(index, Wanted(), derive_and_tell)


def test_a_rebuild_that_is_killed_again_and_again_is_finished(index, server, settings):
    stored = [write(index, f"article {n}", f"text {n}").stored for n in range(400)]
    processes = multiprocessing.get_context("fork")
    chance = random.Random(3)
    for _ in range(6):
        begun = processes.Event()
        child = processes.Process(target=reindex_slowly, args=(server.url, settings, begun))
        child.start()
        begun.wait(10)
        child.join(chance.uniform(0, 0.3))
        child.kill()
        child.join()
        assert all(seen_whole(index, one) for one in chance.sample(stored, 20))
    rebuilt(index, Wanted())
    assert all(seen_whole(index, one) for one in stored)


def test_articles_whose_numbers_the_counter_has_forgotten_are_rebuilt_too(index, client, settings):
    stored = [replace(index, name, name).stored for name in NAMES]
    client.set(Keys(settings.index.prefix).sequence, 1)  # as a node of a cluster may after a crash
    assert rebuilt(index).articles == len(NAMES)
    assert all(seen_whole(index, one) for one in stored)


# Under load


class Load:
    """Writers and readers that go on while an index is rebuilt."""

    def __init__(self, url, settings):
        self.url, self.settings = url, settings
        self.over = threading.Event()
        self.acknowledged = {}
        self.failures = []
        self.rounds = Counter()

    def run(self, task, which):
        try:
            with closing(RedisIndex.connect(self.url, self.settings)) as index:
                for turn in itertools.count():
                    if self.over.is_set():
                        return
                    task(index, which, turn)
                    self.rounds[task.__name__] += 1
        except Exception as error:  # noqa: BLE001  # told by the test
            self.failures.append(error)

    def write(self, index, which, turn):
        name = f"{which}-{turn % 30}"
        try:
            if turn % 7 == 6:
                self.acknowledged[name] = None
                delete(index, name)
            else:
                self.acknowledged[name] = None
                self.acknowledged[name] = replace(index, name, f"{name} {turn}").stored
        except IndexUnavailableError:
            self.rounds["refused"] += 1

    def ask(self, index, _which, turn):
        text = NAMES[turn % len(NAMES)]
        (nearest, collisions), *_ = visible(index, text)
        assert (nearest.article.id, collisions) == (text, N_KEYS)


def test_articles_come_go_and_are_found_while_an_index_is_rebuilt(index, server, settings):
    for name in NAMES:
        replace(index, name, name)
    load = Load(server.url, settings)
    threads = [
        threading.Thread(target=load.run, args=(task, which))
        for which, task in enumerate((load.write, load.write, load.ask, load.ask))
    ]
    for thread in threads:
        thread.start()
    try:
        for turn in range(8):
            rebuilt(index, Wanted(group_bits=FEW_BITS + turn % 3))
    finally:
        load.over.set()
        for thread in threads:
            thread.join()
    assert load.failures == []
    assert min(load.rounds["write"], load.rounds["ask"]) > 100
    left = {name: stored for name, stored in load.acknowledged.items() if stored is not None}
    assert left
    for name, stored in left.items():
        assert index.find(name) == stored
        assert seen_whole(index, stored)
    assert generation_of(index) == "9"
