"""What only some kinds of servers can do to an index: nodes that fail, rights that are missing."""

from __future__ import annotations

import os
import signal
from contextlib import closing

import pytest
import servers
from index_cases import N_KEYS, ask, keys_left, keys_of, replace, visible, write

from dedup.errors import IndexFullError, IndexUnavailableError, StoreError
from dedup.index.redis_index import RedisIndex

NAMES = [f"article {n}" for n in range(40)]


def answered(call):
    """Whether a call is answered, and not with an error that asks to try again."""
    try:
        return call() or True
    except IndexUnavailableError:
        return False


def test_a_cluster_whose_node_fails_serves_again_when_its_replica_has_taken_over(
    tmp_path, settings
):
    with (
        servers.cluster(tmp_path, primaries=3, replicas=1) as cluster,
        closing(RedisIndex.connect(cluster.url, settings)) as index,
        servers.patient(cluster.ports[0]) as failing,
    ):
        stored = {name: replace(index, name, name).stored for name in NAMES}
        servers.until(lambda: failing.execute_command("WAIT", 1, 1000), "replicating")
        os.kill(cluster.pids[0], signal.SIGKILL)
        with pytest.raises(IndexUnavailableError, match="the cluster"):
            ask(index, keys_of("any"), 10)  # which takes all nodes
        servers.until(lambda: answered(lambda: [index.find(name) for name in NAMES]), "taking over")
        assert {name: index.find(name) for name in NAMES} == stored
        for name in NAMES:
            assert visible(index, name) == [(stored[name], N_KEYS)]
        assert replace(index, NAMES[0], "again").replaced == (stored[NAMES[0]].number,)


def test_a_put_that_one_node_has_no_memory_for_leaves_nothing(cluster, settings):
    with (
        closing(RedisIndex.connect(cluster.url, settings)) as index,
        servers.patient(cluster.ports[1]) as full,
        cluster.open() as looking,
    ):
        index.ping()
        full.config_set("maxmemory", 1)
        try:
            for name in NAMES:
                with pytest.raises(IndexFullError, match="raise its maxmemory"):
                    write(index, name, name)
                assert index.find(name) is None
        finally:
            full.config_set("maxmemory", 0)
        assert keys_left(looking, settings.index.prefix) == []


def test_an_index_in_a_cluster_is_spread_over_its_nodes(cluster, settings):
    with closing(RedisIndex.connect(cluster.url, settings)) as index:
        for name in NAMES:
            write(index, name, name)
    for port in cluster.ports:
        with servers.patient(port) as node:
            assert keys_left(node, settings.index.prefix)


@pytest.mark.parametrize("right", ["eval", "mget", "zadd"])
def test_a_user_without_a_right_is_told_where_they_are_listed(tls, settings, right):
    def use():
        number = write(index, "x", "text").stored.number
        index.fetch([number])

    with tls.open() as admin, closing(RedisIndex.connect(tls.url, settings)) as index:
        admin.execute_command("ACL SETUSER", servers.USER, f"-{right}")
        try:
            with pytest.raises(StoreError, match=r"docs/index\.md lists the rights"):
                use()
        finally:
            admin.execute_command("ACL SETUSER", servers.USER, f"+{right}")
        use()


def test_keys_of_another_prefix_are_out_of_a_users_reach(tls, settings):
    with tls.open() as admin:
        admin.execute_command("ACL SETUSER", servers.USER, "resetkeys", "~else:*", "~{else:*")
        try:
            with (
                closing(RedisIndex.connect(tls.url, settings)) as index,
                pytest.raises(StoreError, match=r"access one of the keys.*docs/index\.md"),
            ):
                ask(index, keys_of("text"), 10)
        finally:
            rights = servers.documented_rights("test-*")
            admin.execute_command("ACL SETUSER", servers.USER, "resetkeys", *rights[:2])


def test_a_server_with_tls_answers_nobody_without_the_certificate(tls, settings):
    with (
        closing(RedisIndex.connect(tls.url.split("?")[0], settings)) as index,
        pytest.raises(IndexUnavailableError, match="certificate verify failed"),
    ):
        index.ping()
