"""A client for the address of a server or a cluster, and how commands are sent to either.

    redis://[user:password@]host:port[/database]        one server
    rediss://...                                        the same over TLS
    unix:///path[?db=0]                                 one server on this machine
    redis+cluster://[user:password@]host:port,...       a cluster, by some of its nodes
    rediss+cluster://...                                the same over TLS

Behind a ``?`` stand redis-py's options, above all ``ssl_ca_certs``, ``ssl_certfile`` and
``ssl_keyfile``: paths of the authority's certificate, of ours, and of its key.

No client tries a command again that may have been carried out: a put that is sent again
takes a new number. On a cluster ``MOVED`` and ``TRYAGAIN`` are followed, for such a command
was not carried out. ``ASK`` is not: it says that a slot is being moved key by key, while the
names of the buckets that a script touches depend on its data. On either side the script
would find only some of them, and "no duplicates" would be the wrong answer.

What redis-py's own pipeline for clusters does otherwise, hence ``Cluster.send``: it asks the
server for the keys of each EVAL, one round trip each, and sends again what a broken
connection may have carried out already.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

import redis
from redis.backoff import NoBackoff
from redis.cluster import ClusterNode, PipelineCommand
from redis.connection import parse_url
from redis.exceptions import MovedError, RedisClusterException, TryAgainError
from redis.retry import Retry

from dedup.errors import StoreError

CONNECT_SECONDS = 2.0
READ_SECONDS = 5.0
"""A command of ours takes milliseconds; a server that needs this long is in trouble."""

HEALTH_CHECK_SECONDS = 30
"""A connection that was idle longer is tested before it is used."""

DEFAULT_PORT = 6379

REDIRECTIONS = 5
"""How often a command is sent on. One is normal while a slot moves, two if it moves on."""

TRY_AGAIN_SECONDS = 0.05
"""Before keys that are just being moved are asked for again (as long as redis-py waits)."""

CLUSTER_SCHEMES = ("redis+cluster", "rediss+cluster")

REDIRECTED = (MovedError, TryAgainError)

KEY_POSITIONS = {"EVAL": 3, "MEMORY": 2}
"""Where a command has its first key, if not right behind its name."""


class Cluster:
    """A client of a cluster.

    The cluster is looked for when it is first asked, and again, by the nodes of the address,
    when none of its nodes known last answers.

    Args:
        nodes: Host and port of each node of the address.
        options: For redis-py's ``RedisCluster``.
    """

    def __init__(self, nodes: Sequence[tuple[str, int]], options: dict[str, Any]) -> None:
        self._nodes = tuple(nodes)
        self._options = options
        self._client: Any = None  # A RedisCluster, which ships without types.

    @property
    def address(self) -> str:
        """The nodes of the address, without a password."""
        return "the cluster " + ",".join(f"{host}:{port}" for host, port in self._nodes)

    def call(self, command: Sequence[Any], nodes: str | None = None) -> Any:  # noqa: ANN401
        """The reply of one command, sent to the node of its key, or to all ``nodes``."""
        with self._client_at_hand() as client:
            return client.execute_command(*command, target_nodes=nodes)

    def call_each(self, command: Sequence[Any]) -> list[Any]:
        """The replies of all nodes that take writes."""
        with self._client_at_hand() as client:
            return [
                client.get_redis_connection(node).execute_command(*command)
                for node in client.get_primaries()
            ]

    def scan(self, pattern: str, count: int) -> Iterator[list[bytes]]:
        """See ``scan``."""
        with self._client_at_hand() as client:
            for node in client.get_primaries():
                yield from _scan(client.get_redis_connection(node), pattern, count)

    def send(self, commands: Sequence[Sequence[Any]]) -> list[Any]:
        """See ``send``: one round trip per node, to all at the same time."""
        stack: list[Any] = [
            PipelineCommand(tuple(command), position=position)  # type: ignore[no-untyped-call]
            for position, command in enumerate(commands)
        ]
        waiting = stack
        with self._client_at_hand() as client:
            for _ in range(1 + REDIRECTIONS):
                _send_once(client, waiting)
                waiting = [sent for sent in waiting if isinstance(sent.result, REDIRECTED)]
                if not waiting:
                    break
                _learn(client, [sent.result for sent in waiting])
        return [sent.result for sent in stack]

    def close(self) -> None:
        """Close all connections. The next command opens new ones."""
        client, self._client = self._client, None
        if client is not None:
            client.close()

    @contextmanager
    def _client_at_hand(self) -> Iterator[Any]:
        # Threads that come first together make one each; the last is kept.
        client = self._client
        try:
            if client is None:
                nodes = [ClusterNode(*node) for node in self._nodes]  # type: ignore[no-untyped-call]
                client = redis.RedisCluster(startup_nodes=nodes, **self._options)
                self._client = client
            yield client
        except RedisClusterException:
            self._client = None
            raise


Client = redis.Redis | Cluster

T = TypeVar("T")


def connect(url: str) -> Client:
    """A client for an address. Nothing is sent yet.

    Raises:
        StoreError: The address cannot be read.
    """
    try:
        if urlsplit(url).scheme in CLUSTER_SCHEMES:
            return _connect_cluster(url)
        return _connect_server(url)
    except ValueError as error:
        raise StoreError(
            f"the index's address cannot be read: {error}. It begins with redis://, rediss:// "
            "or unix://; for a cluster with redis+cluster:// or rediss+cluster://"
        ) from error


def call(client: Client, *command: object) -> Any:  # noqa: ANN401  # as the command has it
    """The reply of one command.

    Raises:
        redis.RedisError: As redis-py has them.
    """
    if isinstance(client, Cluster):
        return client.call(command)
    return client.execute_command(*command)  # type: ignore[no-untyped-call]


def call_each(client: Client, *command: object) -> list[Any]:
    """The replies to one command of the server, or of each node that takes writes.

    Raises:
        redis.RedisError: As redis-py has them.
    """
    if isinstance(client, Cluster):
        return client.call_each(command)
    return [call(client, *command)]


def scan(client: Client, pattern: str, count: int) -> Iterator[list[bytes]]:
    """The keys of a pattern, page by page; some of them may come twice.

    Args:
        client: Of the server, or of a cluster, all of whose nodes are gone through.
        pattern: As ``SCAN`` has it.
        count: Keys looked at per page, those of others too.
    """
    if isinstance(client, Cluster):
        yield from client.scan(pattern, count)
    else:
        yield from _scan(client, pattern, count)


def ping(client: Client) -> None:
    """Have the server answer, or every node of a cluster that takes writes."""
    if isinstance(client, Cluster):
        client.call(("PING",), nodes=redis.RedisCluster.PRIMARIES)
    else:
        client.ping()


def send(client: Client, commands: Sequence[Sequence[Any]]) -> list[Any]:
    """Send commands in one round trip, or one per node at the same time.

    Returns:
        Their replies; of a command that the server refused, its error.

    Raises:
        redis.ConnectionError: A connection broke: any of the commands may have been carried
            out. On one server these are the first of them, on a cluster the first per node.
    """
    if isinstance(client, Cluster):
        return client.send(commands)
    with client.pipeline(transaction=False) as pipeline:
        for command in commands:
            pipeline.execute_command(*command)  # type: ignore[no-untyped-call]
        replies: list[Any] = pipeline.execute(raise_on_error=False)
        return replies


def send_in_order(
    client: Client, commands: Sequence[Sequence[Any]], last: Sequence[Any]
) -> list[Any]:
    """As ``send``, and ``last`` is not carried out before all the others were sent through.

    One round trip on one server, which keeps the order. Two on a cluster, whose nodes know
    nothing of each other; there ``last`` is not sent at all if one of the others was refused,
    and has its error as its reply.
    """
    if not isinstance(client, Cluster):
        return send(client, [*commands, last])
    replies = client.send(commands)
    refused = [reply for reply in replies if isinstance(reply, Exception)]
    return [*replies, *(refused[:1] or client.send([last]))]


def together(client: Client, parts: Iterable[T]) -> list[list[T]]:
    """Parts of an index by the calls that may touch them: one slot's on a cluster, else all.

    Sixteen calls in one round trip cost .3 ms more than one that does the work of all.
    """
    listed = list(parts)
    if isinstance(client, Cluster):
        return [[part] for part in listed]
    return [listed] if listed else []


def checked(replies: list[Any]) -> list[Any]:
    """The replies, none of which is an error; the first that is one is raised."""
    for reply in replies:
        if isinstance(reply, Exception):
            raise reply
    return replies


def address_of(client: Client) -> str:
    """What a client is connected to, in words for people; never with a password."""
    if isinstance(client, Cluster):
        return client.address
    where = client.connection_pool.connection_kwargs
    server = f"{where.get('host', 'localhost')}:{where.get('port', DEFAULT_PORT)}"
    return str(where.get("path", server))


def _scan(client: redis.Redis, pattern: str, count: int) -> Iterator[list[bytes]]:
    cursor = 0
    while True:
        cursor, names = client.scan(cursor, match=pattern, count=count)
        if names:
            yield cast("list[bytes]", names)
        if cursor == 0:
            return


def _options() -> dict[str, Any]:
    return {
        "protocol": 2,
        "retry": Retry(NoBackoff(), 0),
        "socket_connect_timeout": CONNECT_SECONDS,
        "socket_timeout": READ_SECONDS,
        "health_check_interval": HEALTH_CHECK_SECONDS,
        "driver_info": None,  # Saves two commands per connection, and a right to them.
    }


def _connect_server(url: str) -> redis.Redis:
    parts = urlsplit(url)
    database = parts.path.strip("/")
    if parts.scheme != "unix" and database and not database.isdecimal():
        # redis-py would take database 0 without a word.
        raise ValueError(f"{database!r} is no number of a database")
    return redis.Redis.from_url(url, **_options())


def _connect_cluster(url: str) -> Cluster:
    parts = urlsplit(url)
    user, at, hosts = parts.netloc.rpartition("@")
    secure = parts.scheme.startswith("rediss")
    # redis-py reads addresses of one host, so each host gets one.
    addresses = [
        parts._replace(scheme="redis", netloc=f"{user}{at}{host}").geturl()
        for host in hosts.split(",")
    ]
    read = [parse_url(address) for address in addresses]  # type: ignore[no-untyped-call]
    if not all("host" in options for options in read):
        raise ValueError("a host is missing; write redis+cluster://host:port,host:port")
    nodes = [(options.pop("host"), options.pop("port", DEFAULT_PORT)) for options in read]
    if read[0].pop("db", 0) != 0:
        raise ValueError("a cluster has no numbered databases")
    # A slot that nobody serves is told by the server when it is asked for.
    options = {**_options(), "require_full_coverage": False, "ssl": secure, **read[0]}
    return Cluster(nodes, options)


def _send_once(client: Any, stack: Sequence[Any]) -> None:  # noqa: ANN401  # a RedisCluster
    for command in stack:
        key = command.args[KEY_POSITIONS.get(command.args[0], 1)]
        command.options["target_nodes"] = client.get_node_from_key(key)
    with client.pipeline() as pipeline:
        pipeline.send_cluster_commands(stack, raise_on_error=False, allow_redirections=False)
    for command in stack:
        if isinstance(command.result, (redis.ConnectionError, redis.TimeoutError)):
            client.nodes_manager.initialize()  # A replica may have taken over.
            raise command.result


def _learn(client: Any, errors: Sequence[Exception]) -> None:  # noqa: ANN401  # a RedisCluster
    """Take note of where slots are now; wait a moment for keys that are on their way."""
    for error in errors:
        if isinstance(error, MovedError):
            client.nodes_manager.move_slot(error)
    if any(isinstance(error, TryAgainError) for error in errors):
        time.sleep(TRY_AGAIN_SECONDS)
