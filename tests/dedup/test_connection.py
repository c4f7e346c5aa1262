from __future__ import annotations

import os
import signal
from contextlib import closing, contextmanager

import pytest
import redis
import servers
from redis.exceptions import AskError

from dedup.errors import StoreError
from dedup.index.connection import address_of, call, connect, ping, send, send_in_order

SETS = [("EVAL", "return redis.call('SET', KEYS[1], ARGV[1])", 1, f"n{n}", n) for n in range(50)]
GETS = [("MGET", f"n{n}") for n in range(50)]


@pytest.fixture
def client(cluster):
    with closing(connect(cluster.url)) as opened:
        yield opened


@contextmanager
def paused(pid):
    os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(pid, signal.SIGCONT)


# Addresses


@pytest.mark.parametrize(
    "url",
    [
        "localhost:6379",
        "http://localhost",
        "cluster://localhost:7000",
        "redis+cluster://",
        "redis+cluster://a:7000,,b:7000",
        "redis+cluster://a:port",
        "redis+cluster://a:7000/1",
        "redis://a?socket_timeout=long",
        "redis://a/one",
    ],
)
def test_an_address_that_cannot_be_read_is_refused(url):
    with pytest.raises(StoreError, match="address cannot be read"):
        connect(url)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://me:secret@example.org/2", "example.org:6379"),
        ("rediss://me:secret@example.org:1/0?ssl_ca_certs=/ca.pem", "example.org:1"),
        ("unix:///run/my%20redis.sock", "/run/my redis.sock"),
        ("redis+cluster://me:secret@a:1,b", "the cluster a:1,b:6379"),
        ("rediss+cluster://me:se%2Ccret@[::1]:7000,a:1/0", "the cluster ::1:7000,a:1"),
    ],
)
def test_a_client_says_where_its_server_is_but_no_password(url, shown):
    with closing(connect(url)) as client:  # which sends nothing yet: nobody is there
        assert address_of(client) == shown


def test_a_cluster_is_found_by_any_node_that_answers(cluster):
    nobody = servers.free_port()
    url = f"redis+cluster://127.0.0.1:{nobody},127.0.0.1:{cluster.ports[2]}"
    with closing(connect(url)) as client:
        ping(client)


def test_a_cluster_that_was_not_there_is_looked_for_again(tmp_path):
    port = servers.free_port()
    with closing(connect(f"redis+cluster://127.0.0.1:{port}")) as client:
        with pytest.raises(redis.exceptions.RedisClusterException):
            ping(client)
        with (
            servers.process(tmp_path, "--port", str(port), "--cluster-enabled", "yes"),
            servers.patient(port) as node,
        ):
            node.execute_command("CLUSTER ADDSLOTSRANGE", 0, servers.SLOTS - 1)
            servers.until(lambda: node.cluster("INFO")["cluster_state"] == "ok", "the cluster")
            ping(client)


# Sending


def test_commands_for_many_nodes_are_answered_in_their_order(client):
    assert send(client, SETS) == [b"OK"] * 50
    assert send(client, GETS) == [[b"%d" % n] for n in range(50)]


def test_a_command_that_is_refused_has_its_error_as_its_reply(client):
    replies = send(client, [("EVAL", "return nosuch()", 1, "a"), ("MGET", "nobody")])
    assert isinstance(replies[0], redis.ResponseError)
    assert replies[1] == [None]


def test_the_last_command_is_not_sent_if_one_before_was_refused(client):
    call(client, "DEL", "last")
    last = ("EVAL", "return redis.call('SET', KEYS[1], 1)", 1, "last")
    replies = send_in_order(client, [*SETS, ("EVAL", "return nosuch()", 1, "a")], last)
    assert replies[:50] == [b"OK"] * 50
    assert isinstance(replies[-1], redis.ResponseError)
    assert call(client, "EXISTS", "last") == 0
    assert send_in_order(client, SETS, last)[-1] == b"OK"


def test_what_may_have_been_carried_out_is_not_sent_again(cluster, client):
    """The node reads the command only after it was given up."""
    call(client, "DEL", "counter")
    with closing(connect(f"{cluster.url}?socket_timeout=0.2")) as hasty, cluster.open() as looking:
        ping(hasty)
        at = looking.get_node_from_key("counter").port
        with (
            paused(cluster.pids[cluster.ports.index(at)]),
            pytest.raises(redis.TimeoutError),
        ):
            send(hasty, [("EVAL", "return redis.call('INCR', KEYS[1])", 1, "counter"), *GETS])
        ping(hasty)
    servers.until(lambda: call(client, "GET", "counter") == b"1", "the command")


# Slots that move


@contextmanager
def moving_key_by_key(cluster, key):
    """The slot of a key is under way from its node to the next one, as `redis-cli` does it."""
    with cluster.open() as looking:
        source = looking.get_node_from_key(key)
        target = next(node for node in looking.get_primaries() if node != source)
        slot = looking.keyslot(key)
        one, other = (looking.get_redis_connection(node) for node in (source, target))
        ids = [str(node.execute_command("CLUSTER MYID"), "ascii") for node in (one, other)]
        other.execute_command("CLUSTER SETSLOT", slot, "IMPORTING", ids[0])
        one.execute_command("CLUSTER SETSLOT", slot, "MIGRATING", ids[1])
        try:
            yield
        finally:
            for node in (one, other):
                node.execute_command("CLUSTER SETSLOT", slot, "STABLE")


def test_a_slot_that_is_moved_key_by_key_is_not_asked_on_either_side(cluster, client):
    with moving_key_by_key(cluster, "nobody"):
        (reply,) = send(client, [("MGET", "nobody")])
    assert isinstance(reply, AskError)
    assert send(client, [("MGET", "nobody")]) == [[None]]


def test_a_slot_that_has_moved_is_followed(cluster, client):
    send(client, SETS)
    with cluster.open() as looking:
        for key in ("n1", "n2", "n3"):
            move(looking, key)
    assert send(client, GETS) == [[b"%d" % n] for n in range(50)]
    assert send(client, SETS) == [b"OK"] * 50


def move(looking, key):
    """Move the slot of a key as a whole; known to all nodes when this returns."""
    source = looking.get_node_from_key(key)
    target = next(node for node in looking.get_primaries() if node != source)
    slot = looking.keyslot(key)
    nodes = [looking.get_redis_connection(node) for node in looking.get_primaries()]
    own_id = looking.get_redis_connection(target).execute_command("CLUSTER MYID")
    looking.get_redis_connection(source).execute_command(
        "CLUSTER", "MIGRATESLOTS", "SLOTSRANGE", slot, slot, "NODE", own_id
    )
    servers.until(lambda: all(owner(node, slot) == target.port for node in nodes), "moving a slot")


def owner(node, slot):
    """The port of a slot's primary, as a node knows it."""
    return next(
        primary[1]
        for first, last, primary, *_ in node.execute_command("CLUSTER", "SLOTS")
        if first <= slot <= last
    )
