"""The faults, a round of each: writers at work, something breaks, and what is left is checked.

A round raises ``AssertionError`` if anything is half there, or if a write is lost that its
setting promises to keep. Its choices follow from its seed; when a fault strikes depends on
the machine.
"""

from __future__ import annotations

import os
import random
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import redis
from fault_book import Book, Entry, Write
from fault_desks import Desk, DetectorDesk, IndexDesk
from fault_load import WRITERS, processes_writing, threads_writing
from fault_proxy import Cut, CuttingProxy
from fault_server import BreakableServer
from fault_survey import mend, survey
from redis.backoff import NoBackoff
from redis.retry import Retry

from dedup.config import Settings
from dedup.errors import IndexFullError, IndexUnavailableError, StoreError
from dedup.index import open_index
from dedup.index.base import Index
from dedup.index.embedded import start
from dedup.index.redis_index import RedisIndex

SETTINGS = Settings()

ROOM = (300_000, 1_200_000)
"""Bytes that there are left, at least and at most, when memory or disk runs full: 30 to 130 writes."""


@dataclass(frozen=True, slots=True)
class Round:
    """What one round came to.

    Attributes:
        acknowledged: Writes acknowledged in it.
        lost: Of these, how many are gone.
        recovery: Seconds from the end of the fault (or from the kill, where secondhand itself
            mends it) to the first write begun and acknowledged after it.
        oldest_lost: Seconds between the acknowledgement of the first lost write and the
            fault; 0.0 if none is lost.
        refusals: Names of the errors that writers met.
    """

    acknowledged: int
    lost: int
    recovery: float
    oldest_lost: float
    refusals: frozenset[str]


def conclude(
    book: Book, recovery: float, lost: list[Entry] | None = None, struck: float = 0.0
) -> Round:
    """Sum up a round in which these writes were lost when the fault struck."""
    lost = lost or []
    oldest = min((entry.acknowledged or struck for entry in lost), default=struck)
    return Round(
        len(book.acknowledged), len(lost), recovery, struck - oldest, frozenset(book.refusals)
    )


def kinds(seed: int) -> tuple[type[IndexDesk | DetectorDesk], int]:
    """Which work is done in a round, and after how many writes the fault strikes."""
    chance = random.Random(seed)
    if seed % 2:
        return DetectorDesk, chance.randint(8, 24)
    return IndexDesk, chance.randint(50, 200)


# Rounds


def kill_server(directory: Path, seed: int, fsync: str) -> Round:
    """The embedded server's process is killed; the calls of its users start it again."""
    desk_kind, strike_after = kinds(seed)
    book = Book()
    with embedded(directory, fsync) as (index, client):
        desk = desk_kind(index, SETTINGS)
        with threads_writing(desk, book, f"kill {seed}"):
            book.wait_for_more(strike_after)
            sure = written(client, book)
            struck = time.monotonic()
            os.kill(int((directory / "server.pid").read_text()), signal.SIGKILL)
            recovery = book.wait_for_writes_since(struck, 2 * WRITERS)
        lost = survey(desk, book, None if fsync == "always" else sure + since(book, struck))
        mend(desk, book)
    return conclude(book, recovery, lost, struck)


def cut_power(directory: Path, seed: int, fsync: str) -> Round:
    """A server of one's own loses all, or a share, of what it had not forced to disk."""
    # It takes three seconds under ``everysec``, so there the slower kind of work is enough.
    desk_kind, strike_after = kinds(seed if fsync == "always" else 2 * seed + 1)
    share = random.Random(f"share {seed}").choice((0.0, random.Random(seed).random()))
    book = Book()
    with BreakableServer(directory, fsync, power=True) as server, connected(server.url) as index:
        desk = desk_kind(index, SETTINGS)
        with threads_writing(desk, book, f"power {seed}"):
            book.wait_for_more(strike_after)
            sure = list(book.acknowledged)
            struck = server.cut_power(share)
            server.start()
            recovery = book.wait_for_writes_since(struck, 2 * WRITERS)
        lost = survey(desk, book, None if fsync == "always" else sure + since(book, struck))
        mend(desk, book)
    return conclude(book, recovery, lost, struck)


def kill_workers(directory: Path, seed: int) -> Round:
    """Half of the processes that write are killed."""
    chance = random.Random(seed)
    book = Book()
    with embedded(directory) as (index, _):
        with processes_writing(directory, book, f"worker {seed}") as workers:
            book.wait_for_more(chance.randint(8, 24))
            struck = time.monotonic()
            for worker in chance.sample(workers, WRITERS // 2):
                worker.kill()
            recovery = book.wait_for_writes_since(struck, WRITERS)
        desk = DetectorDesk(index, SETTINGS)
        lost = survey(desk, book)
        mend(desk, book)
    return conclude(book, recovery, lost)


def fill_memory(directory: Path, seed: int) -> Round:
    """The server's memory limit is reached, and later raised."""
    chance = random.Random(seed)
    desk_kind, _ = kinds(seed)
    book = Book()
    with embedded(directory) as (index, client):
        desk = desk_kind(index, SETTINGS)
        limit = client.info("memory")["used_memory"] + chance.randrange(*ROOM)
        client.config_set("maxmemory", limit)
        with threads_writing(desk, book, f"memory {seed}", stubborn=False):
            book.wait_for(lambda: book.refused == WRITERS)
        assert book.refusals == {IndexFullError.__name__}
        lost = survey(desk, book)
        for article_id in list(book.by_id())[::2]:
            book.make(Write(article_id, None), desk.write)
        lost += survey(desk, book)
        client.config_set("maxmemory", 0)
        raised = time.monotonic()
        recovery = write_again(desk, book, f"more memory {seed}", raised)
        lost += survey(desk, book)
        mend(desk, book)
    return conclude(book, recovery, lost, raised)


def fill_disk(directory: Path, seed: int, fsync: str) -> Round:
    """The append-only file cannot grow, and later it can.

    Under ``everysec`` the server refuses writes meanwhile, under ``always`` it ends.
    """
    chance = random.Random(seed)
    desk_kind, _ = kinds(seed)
    book = Book()
    with BreakableServer(directory, fsync) as server, connected(server.url) as index:
        index.ping()
        desk = desk_kind(index, SETTINGS)
        server.limit_files(server.bytes_appended() + chance.randrange(*ROOM))
        with threads_writing(desk, book, f"disk {seed}", stubborn=False):
            book.wait_for(lambda: book.refused == WRITERS)
        assert book.refusals == {IndexUnavailableError.__name__}
        if fsync == "always":
            server.wait_for_end()
            room = time.monotonic()
            server.start()
        else:
            survey(desk, book)
            room = time.monotonic()
            server.limit_files(None)
        recovery = write_again(desk, book, f"more disk {seed}", room)
        server.shut_down()
        server.start()  # So what was answered from memory must be in the file.
        lost = survey(desk, book)
        mend(desk, book)
    return conclude(book, recovery, lost, room)


def cut_connections(directory: Path, seed: int) -> Round:
    """Each connection breaks after a random number of bytes, in mid-pipeline."""
    chance = random.Random(seed)
    desk_kind, cuts = kinds(seed)
    book = Book()
    with embedded(directory) as (index, client):
        path = client.connection_pool.connection_kwargs["path"]
        with proxied(directory, path) as proxy, connected(proxy.url) as cut_off:
            proxy.next_cut = lambda: chance.choice(
                (Cut(requests=chance.randrange(40_000)), Cut(replies=chance.randrange(4_000)))
            )
            with threads_writing(desk_kind(cut_off, SETTINGS), book, f"cut {seed}"):
                book.wait_for(lambda: proxy.cuts >= cuts)
                proxy.next_cut = Cut
                mended = time.monotonic()
                recovery = book.wait_for_writes_since(mended, 2 * WRITERS)
        desk = desk_kind(index, SETTINGS)
        lost = survey(desk, book)
        mend(desk, book)
    return conclude(book, recovery, lost, mended)


def restart_embedded(directory: Path, seed: int) -> Round:
    """The embedded server is shut down under its users, whose calls start it again."""
    desk_kind, strike_after = kinds(seed)
    book = Book()
    with embedded(directory) as (index, client):
        desk = desk_kind(index, SETTINGS)
        with threads_writing(desk, book, f"restart {seed}"):
            book.wait_for_more(strike_after)
            struck = time.monotonic()
            client.shutdown()
            recovery = book.wait_for_writes_since(struck, 2 * WRITERS)
        lost = survey(desk, book)
        mend(desk, book)
    return conclude(book, recovery, lost, struck)


def restart_server(directory: Path, seed: int) -> Round:
    """A server of one's own is shut down and started again."""
    desk_kind, strike_after = kinds(seed)
    book = Book()
    with BreakableServer(directory, "everysec") as server, connected(server.url) as index:
        desk = desk_kind(index, SETTINGS)
        with threads_writing(desk, book, f"restart {seed}"):
            book.wait_for_more(strike_after)
            struck = time.monotonic()
            server.shut_down()
            server.start()
            recovery = book.wait_for_writes_since(struck, 2 * WRITERS)
        lost = survey(desk, book)
        mend(desk, book)
    return conclude(book, recovery, lost, struck)


@dataclass(frozen=True, slots=True)
class Fault:
    """One row of the table in ``docs/index.md``.

    Attributes:
        name: What breaks.
        setting: Under which setting of the server.
        strike: Runs a round in a directory that is there, with a seed.
        keeps_all: Whether no acknowledged write may be lost.
        errors: What a call may end with meanwhile.
    """

    name: str
    setting: str
    strike: Callable[[Path, int], Round]
    keeps_all: bool = True
    errors: tuple[type[StoreError], ...] = (IndexUnavailableError,)


FAULTS = (
    Fault("server killed", "always", partial(kill_server, fsync="always")),
    Fault("server killed", "everysec", partial(kill_server, fsync="everysec"), keeps_all=False),
    Fault("power cut", "always", partial(cut_power, fsync="always")),
    Fault("power cut", "everysec", partial(cut_power, fsync="everysec"), keeps_all=False),
    Fault("half of the writing processes killed", "everysec", kill_workers),
    Fault("memory limit reached", "everysec", fill_memory, errors=(IndexFullError,)),
    Fault("disk full", "always", partial(fill_disk, fsync="always")),
    Fault("disk full", "everysec", partial(fill_disk, fsync="everysec")),
    Fault("connections cut", "everysec", cut_connections),
    Fault("embedded server shut down", "everysec", restart_embedded),
    Fault("server restarted", "everysec", restart_server),
)


# What rounds are made of


def written(client: redis.Redis, book: Book) -> list[Entry]:
    """Acknowledged writes that the kernel has, so that killing the server does not lose them.

    Under ``everysec`` a server that is just forcing its file to disk answers before it writes.
    """
    while True:
        known = list(book.acknowledged)
        if not client.info("persistence")["aof_buffer_length"]:
            return known


def since(book: Book, moment: float) -> list[Entry]:
    """Acknowledged writes that were begun after a moment."""
    return [entry for entry in book.acknowledged if entry.begun > moment]


def write_again(desk: Desk, book: Book, name: str, moment: float) -> float:
    """Have writers write; seconds until the first of them was through."""
    with threads_writing(desk, book, name):
        return book.wait_for_writes_since(moment, 2 * WRITERS)


@contextmanager
def embedded(directory: Path, fsync: str = "everysec") -> Iterator[tuple[Index, redis.Redis]]:
    """An index on the embedded server, and a connection that waits for nothing."""
    with (
        start(directory) as server,
        closing(open_index(data_dir=directory, redis_url=None, settings=SETTINGS)) as index,
        redis.Redis.from_url(server.url, retry=Retry(NoBackoff(), 0), protocol=2) as client,
    ):
        client.config_set("appendfsync", fsync)
        yield index, client


def connected(url: str) -> closing[RedisIndex]:
    """An index at an address."""
    return closing(RedisIndex.connect(url, SETTINGS))


@contextmanager
def proxied(directory: Path, upstream: str) -> Iterator[CuttingProxy]:
    """A proxy before a server."""
    with CuttingProxy(directory / "proxy.sock", upstream) as proxy:
        thread = threading.Thread(target=proxy.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield proxy
        finally:
            proxy.shutdown()
            thread.join()
