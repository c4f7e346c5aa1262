"""What a write waits for, on real servers with a replica that stops."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from dataclasses import replace as altered

import pytest
import servers
from index_cases import forget, replace, visible, write

from dedup.errors import IndexUnavailableError, StoreError
from dedup.index.base import Links
from dedup.index.redis_index import RedisIndex


@contextmanager
def opened(server, settings, acknowledge):
    wanted = altered(settings, index=altered(settings.index, acknowledge=acknowledge))
    with closing(RedisIndex.connect(server.url, wanted)) as index:
        yield index


@pytest.fixture
def primary(tmp_path):
    with servers.single(tmp_path, "--repl-diskless-sync-delay", "0") as started:
        yield started


@pytest.fixture
def replica(primary, tmp_path):
    directory = tmp_path / "replica"
    directory.mkdir()
    option = ("--replicaof", servers.HOST, str(primary.ports[0]))
    with servers.single(directory, *option) as started:
        with primary.open() as client:
            servers.until(lambda: client.execute_command("WAIT", 1, 100), "replicating")
        yield started


@contextmanager
def paused(server):
    """The server's process, stopped for a while."""
    os.kill(server.pids[0], signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(server.pids[0], signal.SIGCONT)


def test_what_a_replica_has_confirmed_is_there_when_the_primary_is_gone(primary, replica, settings):
    with opened(primary, settings, "replica") as index:
        stored = [replace(index, str(n), f"text {n}").stored for n in range(20)]
        os.kill(primary.pids[0], signal.SIGKILL)
    with replica.open() as client:
        client.replicaof("NO", "ONE")
    with opened(replica, settings, "server") as index:
        assert [index.find(str(n)) for n in range(20)] == stored
        assert all(visible(index, f"text {n}") for n in range(20))


def test_a_write_that_no_replica_has_is_not_acknowledged_but_may_be_made_again(
    primary, replica, settings
):
    with opened(primary, settings, "replica") as index:
        write(index, "x", "text")
        with (
            paused(replica),
            pytest.raises(IndexUnavailableError, match=r"carried out.*not confirmed.*replica"),
        ):
            write(index, "x", "new text")
        cut_off = index.find("x")
        assert cut_off.article.text == "new text"
        again = replace(index, "x", "new text")
        assert cut_off.number in again.replaced
        assert [stored for stored, _ in visible(index, "new text")] == [again.stored]


def test_a_call_that_has_nothing_left_to_write_still_waits_for_what_was_written_before(
    primary, replica, settings
):
    """Over a connection that has written nothing itself."""
    with (
        opened(primary, settings, "server") as hasty,
        opened(primary, settings, "replica") as careful,
    ):
        number = write(careful, "x", "text").stored.number
        with paused(replica):
            hasty.link([(number, 7, b"pair")])
            with pytest.raises(IndexUnavailableError, match="not confirmed"):
                careful.link([(number, 7, b"pair")])
        careful.link([(number, 7, b"pair")])


def test_every_call_that_writes_waits(primary, replica, settings):
    with (
        opened(primary, settings, "server") as hasty,
        opened(primary, settings, "replica") as careful,
        paused(replica),
    ):
        number = write(hasty, "x", "text").stored.number
        versions = hasty.unname("x")
        calls = [
            lambda: careful.unname("x"),
            lambda: careful.unlink([(number, 7)]),
            lambda: careful.settle(number, Links(0, {}, None), b"state"),
            lambda: careful.remember("name", b"note"),
            lambda: forget(careful, versions),
        ]
        with ThreadPoolExecutor(len(calls)) as threads:
            errors = [done.exception() for done in [threads.submit(call) for call in calls]]
    assert all("not confirmed" in str(error) for error in errors)
    assert {type(error) for error in errors} == {IndexUnavailableError}


def test_readers_wait_for_nobody(primary, replica, settings):
    with opened(primary, settings, "replica") as index:
        stored = write(index, "x", "text").stored
        with paused(replica):
            assert index.find("x") == stored
            assert index.fetch([stored.number]) == (stored,)
            assert [found for found, _ in visible(index, "text")] == [stored]


def test_a_user_without_the_right_to_wait_is_refused_with_the_way_out(tls, settings):
    with (
        opened(tls, settings, "replica") as index,
        pytest.raises(StoreError, match=r"acknowledge=replica.*appendonly.*appendfsync always"),
    ):
        index.ping()


def test_a_cluster_is_refused_with_the_way_out(cluster, settings):
    with (
        opened(cluster, settings, "replica") as index,
        pytest.raises(StoreError, match=r"cluster.*appendfsync always"),
    ):
        index.ping()
