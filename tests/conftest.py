"""How tests get an index: a real one.

One embedded server runs per test session, in a temporary directory. Each test that asks for
``index`` gets an empty index under a prefix of its own, so tests neither see each other nor
clean up. A test about faults (kills, full memory) starts a server of its own.

What is marked ``every_server`` holds whatever server stands behind an index, and runs on
each kind of them: the embedded one, one with TLS and a user that has the documented rights
and no more, and a cluster. One of each per session, started by the first test that needs it.
"""

from __future__ import annotations

import itertools
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import replace

import hypothesis
import pytest
import servers
from servers import Server

from dedup.config import IndexSettings, Settings
from dedup.index.embedded import EmbeddedServer, start
from dedup.index.redis_index import RedisIndex

SERVERS = ("embedded", "tls", "cluster")

PREFIX = "test-"

_counter = itertools.count()


def pytest_configure() -> None:
    """Let drawn examples take their time; let what tests start be interrupted.

    An example that takes longer on a busy machine is no failure. And a shell that runs the tests
    in the background has them ignore Ctrl-C, which every program that they start would inherit.
    """
    hypothesis.settings.register_profile("unhurried", deadline=None)
    hypothesis.settings.load_profile("unhurried")
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run tests that are marked ``every_server`` on every kind, if they use a server."""
    everywhere = metafunc.definition.get_closest_marker("every_server") is not None
    if everywhere and "server" in metafunc.fixturenames:
        metafunc.parametrize("server", SERVERS, indirect=True, scope="session")


@pytest.fixture(scope="session")
def embedded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    with start(tmp_path_factory.mktemp("server")) as started:
        yield started


@pytest.fixture(scope="session")
def tls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with servers.with_tls(tmp_path_factory.mktemp("tls"), f"{PREFIX}*") as started:
        yield started


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with servers.cluster(tmp_path_factory.mktemp("cluster")) as started:
        yield started


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> Server:
    started = request.getfixturevalue(getattr(request, "param", "embedded"))
    return servers.at(started.url) if isinstance(started, EmbeddedServer) else started


@pytest.fixture
def settings() -> Settings:
    return new_settings()


@pytest.fixture
def index(server: Server, settings: Settings) -> Iterator[RedisIndex]:
    with closing(RedisIndex.connect(server.url, settings)) as opened:
        yield opened


@pytest.fixture(scope="session")
def open_new(server: Server) -> Callable[[], AbstractContextManager[RedisIndex]]:
    """Opens one more empty index, for examples within a test."""
    return lambda: closing(RedisIndex.connect(server.url, new_settings()))


def new_settings() -> Settings:
    """The defaults, under a prefix that nothing else uses."""
    return replace(Settings(), index=IndexSettings(prefix=f"{PREFIX}{next(_counter)}"))
