"""How tests get an index: a real one.

One embedded server runs per test session, in a temporary directory. Each test that asks for
``index`` gets an empty index under a prefix of its own, so tests neither see each other nor
clean up. A test about faults (kills, full memory) starts a server of its own.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing
from dataclasses import replace

import pytest

from dedup.config import IndexSettings, Settings
from dedup.index.embedded import EmbeddedServer, start
from dedup.index.redis_index import RedisIndex

_counter = itertools.count()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedServer]:
    with start(tmp_path_factory.mktemp("server")) as started:
        yield started


@pytest.fixture
def settings() -> Settings:
    return new_settings()


@pytest.fixture
def index(server: EmbeddedServer, settings: Settings) -> Iterator[RedisIndex]:
    with closing(RedisIndex.connect(server.url, settings)) as opened:
        yield opened


@pytest.fixture(scope="session")
def open_new(server: EmbeddedServer) -> Callable[[], AbstractContextManager[RedisIndex]]:
    """Opens one more empty index, for examples within a test."""
    return lambda: closing(RedisIndex.connect(server.url, new_settings()))


def new_settings() -> Settings:
    """The defaults, under a prefix that nothing else uses."""
    return replace(Settings(), index=IndexSettings(prefix=f"test-{next(_counter)}"))
