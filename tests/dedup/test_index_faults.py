"""What is left of a write when something breaks, and who wins when many write at once."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import pytest
import redis
from fault_proxy import CuttingProxy
from index_cases import (
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
from redis.backoff import NoBackoff
from redis.retry import Retry

from dedup.errors import IndexFullError, IndexUnavailableError, StoreError
from dedup.index import open_index
from dedup.index.embedded import start
from dedup.index.redis_index import RedisIndex

LONGER_THAN_A_PUT = 12_000  # bytes on the wire, the first check of the format included
STEP = 67  # bytes between two cuts: each command of a put is cut in several places


@pytest.fixture
def proxy(server, tmp_path):
    upstream = redis.connection.parse_url(server.url)["path"]
    with CuttingProxy(tmp_path / "proxy.sock", upstream) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, args=(0.01,))
        thread.start()
        yield proxy
        proxy.shutdown()
        thread.join()


@pytest.fixture
def own_server(tmp_path):
    """A server that a test may break."""
    with start(tmp_path / "data") as server:
        yield server


def run_in_threads(n, task):
    """Run ``task(0)`` to ``task(n - 1)`` as simultaneously as threads can."""
    together = threading.Barrier(n)

    def run(which):
        together.wait()
        return task(which)

    with ThreadPoolExecutor(n) as threads:
        return list(threads.map(run, range(n)))


# Cut connections


CUTS = [
    *({"requests": passed} for passed in range(0, LONGER_THAN_A_PUT, STEP)),
    *({"replies": passed} for passed in range(0, 300, 7)),
]


def test_a_put_cut_anywhere_is_whole_or_invisible(index, proxy, settings):
    outcomes = set()
    for number, cut in enumerate(CUTS):
        name, text = str(number), f"text {number}"
        if number % 2:
            replace(index, name, "before")
        proxy.cut(2, **cut)  # the first try and the second
        with closing(RedisIndex.connect(proxy.url, settings)) as cut_off:
            try:
                write(cut_off, name, text)
                outcomes.add("stored")
            except IndexUnavailableError:
                outcomes.add("refused")
        found = index.find(name)
        seen = visible(index, text)
        assert all(collisions == N_KEYS for _, collisions in seen), cut
        if seen:
            outcomes.add("stored, but not known to be")
            assert found in [stored for stored, _ in seen], cut
        else:
            assert found is None or found.article.text == "before", cut
        again = replace(index, name, text).stored
        assert visible(index, text) == [(again, N_KEYS)], cut
        assert index.find(name) == again, cut
        forget(index, index.unname(name))
    assert outcomes == {"stored", "refused", "stored, but not known to be"}


def test_a_put_cut_once_is_stored_once(index, proxy, settings, server):
    for number, cut in enumerate(CUTS):
        proxy.cut(1, **cut)
        with closing(RedisIndex.connect(proxy.url, settings)) as cut_off:
            receipt = write(cut_off, str(number), f"text {number}")
        assert receipt.replaced == (), cut
        assert visible(index, f"text {number}") == [(receipt.stored, N_KEYS)], cut
        assert delete(index, str(number)) == 1, cut
    with server.open() as client:
        left = keys_left(client, settings.index.prefix)
    assert all(b":g1:" in key for key in left)  # postings of numbers without a record


# Many at once


@pytest.mark.every_server
def test_many_threads_on_one_id_leave_one_version(index):
    receipts = run_in_threads(
        8, lambda which: [replace(index, "x", f"{which} {n}") for n in range(20)]
    )
    numbers = {receipt.stored.number for many in receipts for receipt in many}
    assert len(numbers) == 160
    current = index.find("x")
    remaining = [
        stored
        for which in range(8)
        for n in range(20)
        for stored, _ in visible(index, f"{which} {n}")
    ]
    assert remaining == [current]


@pytest.mark.every_server
def test_puts_and_deletions_of_one_id_leave_all_or_nothing(index, server, settings):
    def work(which):
        for n in range(20):
            if which % 2:
                replace(index, "x", f"{which} {n}")
            else:
                delete(index, "x")

    run_in_threads(8, work)
    delete(index, "x")
    with server.open() as client:
        assert keys_left(client, settings.index.prefix) == []


def replace_many(url, settings, which):
    with closing(RedisIndex.connect(url, settings)) as index:
        for n in range(20):
            replace(index, "x", f"{which} {n}")


@pytest.mark.every_server
def test_many_processes_on_one_id_leave_one_version(index, server, settings):
    with multiprocessing.get_context("spawn").Pool(3) as processes:
        processes.starmap(replace_many, [(server.url, settings, which) for which in range(3)])
    current = index.find("x")
    assert visible(index, current.article.text) == [(current, N_KEYS)]
    assert delete(index, "x") == 1
    with server.open() as client:
        assert keys_left(client, settings.index.prefix) == []


@pytest.mark.every_server
def test_of_two_copies_put_at_once_one_sees_the_other(index):
    for round_ in range(10):
        text = f"text {round_}"

        def put_then_ask(which, text=text):
            number = write(index, f"{text} {which}", text).stored.number
            return number, {stored.number for stored, _ in visible(index, text)}

        seen = dict(run_in_threads(6, put_then_ask))
        for query, seen_by_query in seen.items():
            for other, seen_by_other in seen.items():
                assert query in seen_by_other or other in seen_by_query


@pytest.mark.every_server
def test_a_fork_hands_out_numbers_of_its_own(index):
    receipts = [write(index, "parent 0", "text")]
    reader, writer = multiprocessing.Pipe(duplex=False)

    def child():
        writer.send([write(index, f"child {n}", "text").stored.number for n in range(20)])

    process = multiprocessing.get_context("fork").Process(target=child)
    process.start()
    receipts += [write(index, f"parent {n}", "text") for n in range(1, 20)]
    of_child = reader.recv()
    process.join()
    of_parent = [receipt.stored.number for receipt in receipts]
    assert len({*of_parent, *of_child}) == 40


@pytest.mark.every_server
def test_a_number_that_a_crash_hands_out_twice_is_not_used_twice(index, server, settings):
    first = write(index, "x", "first").stored
    with server.open() as client:
        client.delete(f"{settings.index.prefix}:1:sequence")
    with closing(RedisIndex.connect(server.url, settings)) as other:
        second = write(other, "x", "second")
    assert second.stored.number != first.number
    assert second.replaced == (first.number,)
    assert index.fetch([first.number]) == (first,)


# A server in trouble


def server_info(client, section, name):
    return client.info(section)[name]


def test_a_full_server_stores_whole_articles_or_none(own_server, settings):
    with (
        closing(RedisIndex.connect(own_server.url, settings)) as index,
        redis.Redis.from_url(own_server.url) as client,
    ):
        replace(index, "kept", "kept")
        stored = refused = 0
        for number in range(120):
            name, text = str(number), f"text {number}"
            limit = server_info(client, "memory", "used_memory") + 200 * number
            client.config_set("maxmemory", limit)
            try:
                write(index, name, text)
                stored += 1
                expected = [N_KEYS]
            except IndexFullError:
                refused += 1
                expected = []
            assert [collisions for _, collisions in visible(index, text)] == expected
            assert (index.find(name) is not None) == bool(expected)
        assert stored
        assert refused
        client.config_set("maxmemory", 1)
        with pytest.raises(IndexFullError, match="raise its maxmemory"):
            write(index, "kept", "again")
        assert index.find("kept").article.text == "kept"
        assert delete(index, "kept") == 1
        client.config_set("maxmemory", 0)
        for number in range(120):
            delete(index, str(number))
        assert keys_left(client, settings.index.prefix) == []


def test_a_killed_embedded_server_is_revived_by_the_next_call(tmp_path, settings):
    with closing(open_index(data_dir=tmp_path, redis_url=None, settings=settings)) as index:
        for number in range(3):
            index.ping()
            with redis.Redis(unix_socket_path=str(tmp_path / "server.sock")) as client:
                # Else the server may answer before it has handed a write to the system.
                client.config_set("appendfsync", "always")
            write(index, str(number), "text")
            os.kill(int((tmp_path / "server.pid").read_text()), signal.SIGKILL)
            assert index.find(str(number)) is not None
        assert len(visible(index, "text")) == 3


def test_a_server_that_is_back_serves_the_next_call(tmp_path, settings):
    server = start(tmp_path)
    with closing(RedisIndex.connect(server.url, settings)) as index:
        write(index, "x", "text")
        server.stop()
        for _ in range(2):
            with pytest.raises(IndexUnavailableError, match=r"server\.sock"):
                index.find("x")
        with start(tmp_path):
            assert index.find("x") is not None
            assert write(index, "x", "new").replaced


def test_a_read_only_replica_is_unavailable_for_writing(own_server, settings):
    with (
        closing(RedisIndex.connect(own_server.url, settings)) as index,
        redis.Redis.from_url(own_server.url) as client,
    ):
        write(index, "x", "text")
        client.replicaof("127.0.0.1", 1)
        assert index.find("x") is not None
        with pytest.raises(IndexUnavailableError, match="read only replica"):
            write(index, "y", "text")
        client.replicaof("NO", "ONE")
        assert write(index, "y", "text")


def test_a_missing_password_is_said(own_server, settings):
    with redis.Redis.from_url(own_server.url) as client:
        client.config_set("requirepass", "open sesame")
        try:
            with (
                closing(RedisIndex.connect(own_server.url, settings)) as index,
                pytest.raises(IndexUnavailableError, match=r"[Aa]uthentication required"),
            ):
                index.ping()
        finally:
            client.config_set("requirepass", "")


def test_a_server_that_hangs_is_given_up(own_server, settings):
    no_retry = Retry(NoBackoff(), 0)
    with redis.Redis.from_url(own_server.url, socket_timeout=0.1, retry=no_retry) as hasty:
        index = RedisIndex(hasty, settings)
        index.ping()
        with redis.Redis.from_url(own_server.url) as client:
            client.client_pause(500)
            with pytest.raises(IndexUnavailableError, match="Timeout"):
                index.find("x")
            client.ping()  # answered when the pause is over
        assert index.find("x") is None


@pytest.mark.every_server
def test_foreign_data_under_our_keys_is_an_error_not_an_answer(index, server, settings):
    with server.open() as client:
        for shard in range(16):
            client.set(f"{{{settings.index.prefix}:1:{shard}}}:ids", "not a hash")
    with pytest.raises(StoreError, match="WRONGTYPE"):
        index.find("x")
    assert ask(index, keys_of("x"), 10) == ()
