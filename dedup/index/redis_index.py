"""The index on a Redis or Valkey server, 6.2 or newer, alone or in a cluster.

Why a write is whole or invisible, whatever is cut or crashes in between
------------------------------------------------------------------------
A put takes a number that no other version has (a counter on the server, handed out in
blocks of 16, each to one process) and sends the postings of all keys, then ``COMMIT``, one
script in the slot of the article's id that writes the record and puts the number in front
of the id's list of numbers. On one server that is one pipeline; on a cluster, whose nodes
know nothing of each other, ``COMMIT`` is sent when the postings are in. Postings without a record are ignored by
``fetch``; so nothing of the version is visible before ``COMMIT``, and all of it is after.

- *Cut or crash before COMMIT*: some postings of a number that never gets a record. They
  cost memory and change no answer. The id still names what it named.
- *Cut after COMMIT, before the reply*: the version is stored, but its writer does not know.
  The put is sent once more, under a new number (never the same: another writer may be
  dropping that already), and learns of the first as of any version it replaces.
- *Crash of the writer before it has forgotten what it replaced*: the old number is still
  in the id's list, so the next put or ``unname`` of the id returns it again.
- *put against put on one id*: ``COMMIT`` is atomic, so one is first. Each later one is
  told all earlier numbers; each is forgotten at least once, and forgetting is idempotent.
  One version remains. ``forget`` refuses to drop a version that is current.
- *put against unname*: unname puts 0 in front of the list. A later put comes before it, an
  earlier one is among the versions to forget.
- *link or settle of a version that was just forgotten*: ignored by their scripts, so no
  links outlive a record.
- *A number handed out twice* (the server lost the counter's last second in a crash):
  ``COMMIT`` refuses a number that has a record, and the put takes another. The postings
  that were already written now point to the other article. They are left there: a
  candidate that shares no text is dropped by the comparison, but removing them could
  remove its own. The same holds for those of a cut put: its number may be another's by now.
- *The index is rebuilt meanwhile*: ``COMMIT`` and ``SEARCH`` refuse postings of a generation
  that is written, or read, no more. The call is made again with those of the new one.
- *A number that may not be used any more* (``dedup.index.generations``): nobody else has it
  either, so the postings are taken back, and the put takes another.
- *Memory full*: any command of the pipeline may be refused. Unless all went through, the
  version is withdrawn (deleting needs no memory) and ``IndexFullError`` raised.

Insert first, then query: when a put returns, all its postings are in. Of two copies put at
the same moment, the one that returns last finds the other.
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import chain
from typing import Any, Self, TypeVar, cast

import numpy as np
import redis
from numpy.typing import NDArray

from dedup.config import Settings
from dedup.errors import StoreError
from dedup.index import scripts
from dedup.index.acknowledgement import Writer
from dedup.index.audit import Audit
from dedup.index.base import Links, Reader, Receipt, Stored, has_expired
from dedup.index.compaction import compact
from dedup.index.compression import FRAME_MAGIC, compress, decompress
from dedup.index.connection import Client, call, checked, connect, ping, scan, send, together
from dedup.index.embedded import EmbeddedServer
from dedup.index.exchange import Command, Exchange, Progress
from dedup.index.failures import GENERATION, store_errors
from dedup.index.figures import IndexStats
from dedup.index.generations import follow
from dedup.index.keys import SHARDS, Keys, encode_id, number_of, shard_of_id
from dedup.index.layout import Layout, read_layout, write_layout, write_lifetime
from dedup.index.listing import list_versions
from dedup.index.postings import (
    BUCKET_END,
    BUCKET_LIMIT,
    pack_entries,
    pack_ranges,
    place,
    read_buckets,
)
from dedup.index.ranking import NOTHING_NEARBY, Nearby, rank
from dedup.index.rebuild import KeysOf, Rebuilt, Wanted, rebuild
from dedup.index.records import pack_record, read_stamp, unpack_record, write_stamp
from dedup.index.statistics import measure
from dedup.model import Article, ArticleKeys, Language

FOLLOWER = "+"
"""Before the number of a follower in a hash of links (``scripts.LINK`` counts by it)."""

BLOCK = 16
"""Numbers taken at once: one round trip in 16 puts. A full bucket keeps its smallest numbers,
so writers must not be far apart, or copies that one of them stores could take the place of
the original stored by another."""

SWEPT = 2
"""Expired versions that a put names for its caller to forget: more than it adds, so that an
index in which everything expires does not grow."""

SCANNED = 1000
"""Keys that the server goes through at a time, which nobody else is served meanwhile: .3 ms."""

T = TypeVar("T")


class RedisIndex:
    """An index under one prefix of a server.

    Nothing is sent before the first call; that call checks the index's format once.
    Safe for threads, and after a fork in both processes.

    Args:
        client: Without retries of its own: a put that is sent again takes a new number.
        settings: Those the index was, or is to be, made with.
        server: The embedded server behind the client: revived when it is gone, let go by
            ``close``.
    """

    def __init__(
        self, client: Client, settings: Settings, server: EmbeddedServer | None = None
    ) -> None:
        self._client = client
        self._settings = settings
        self._server = server
        self._keys = Keys(settings.index.prefix)
        self._writer = Writer(client, settings.index.acknowledge, self._keys.sequence)
        self._layout: Layout | None = None
        self._closed = False
        self._numbers: deque[int] = deque()
        self._owner = os.getpid()

    @classmethod
    def connect(cls, url: str, settings: Settings, server: EmbeddedServer | None = None) -> Self:
        """An index at an address as ``connection`` describes them.

        Raises:
            StoreError: The address cannot be read.
        """
        return cls(connect(url), settings, server)

    @property
    def settings(self) -> Settings:
        """See ``Index.settings``."""
        return self._call(lambda: self._made().settings)

    # Articles

    def put(
        self,
        article: Article,
        language: Language,
        keys: NDArray[np.uint64],
        received: datetime | None = None,
    ) -> Receipt:
        """See ``Index.put``."""
        tried: list[int] = []

        def write() -> tuple[datetime | None, list[bytes]]:
            expires = article.expires or self._default_expiry()
            record = pack_record(article, language, expires)
            times = _stamp(received), _stamp(expires)
            while True:
                tried.append(self._next_number(article.id))
                reply = self._write(tried[-1], article.id, record, keys, times)
                if reply is not None:
                    return expires, reply
                tried.pop()
                self._numbers.clear()

        expires, (stamp, named, *due) = self._call(write)
        *cut_off, number = tried
        earlier = [int(name) for name in named.split(b",") if name not in (b"", b"0")]
        for committed in set(earlier).intersection(cut_off):
            self.forget(committed, keys)
        return Receipt(
            stored=Stored(number, article, language, read_stamp(stamp), expires),
            replaced=tuple(other for other in earlier if other not in cut_off),
            due=tuple(map(int, due)),
        )

    def find(self, article_id: str) -> Stored | None:
        """See ``Index.find``."""
        shard = shard_of_id(article_id)
        keys = (self._keys.ids(shard), self._keys.records(shard))
        reply = self._call(
            lambda: call(self._client, "EVAL", scripts.FIND, 2, *keys, encode_id(article_id))
        )
        found = None if reply is None else unpack_record(int(reply[0]), reply[1])
        return None if found is None or has_expired(found.expires) else found

    def fetch(self, numbers: Sequence[int], *, expired: bool = False) -> tuple[Stored | None, ...]:
        """See ``Index.fetch``."""
        shards: dict[int, list[int]] = {}
        for number in dict.fromkeys(numbers):
            shards.setdefault(number % SHARDS, []).append(number)
        asked = [list(chain(*part)) for part in together(self._client, shards.values())]
        replies = self._pipeline(("MGET", *map(self._keys.record, part)) for part in asked)
        found = {
            number: unpack_record(number, record)
            for part, records in zip(asked, replies, strict=True)
            for number, record in zip(part, records, strict=True)
            if record is not None
        }
        if not expired:
            found = {number: one for number, one in found.items() if not has_expired(one.expires)}
        return tuple(found.get(number) for number in numbers)

    def nearby(self, keys: ArticleKeys, limit: int, exclude: int | None = None) -> Nearby:
        """See ``Index.nearby``."""
        if not len(keys):
            return NOTHING_NEARBY

        def search() -> Nearby:
            layout = self._made()
            places = place(keys.keys, layout.settings.index.group_bits)
            searches = [
                (
                    "EVAL", scripts.SEARCH, 2 * len(part),
                    *(key for shard, _ in part for key in self._searched(shard, layout)),
                    layout.generation, BUCKET_LIMIT, BUCKET_END, *(packed for _, packed in part),
                )
                for part in together(self._client, pack_ranges(places))
            ]  # fmt: skip
            replies = checked(send(self._client, searches))
            return rank(keys, read_buckets(replies, places, len(keys)), limit, exclude)

        return self._call(search)

    def due(self, limit: int) -> tuple[Stored, ...]:
        """See ``Index.due``."""
        per_shard = -(-limit // SHARDS)
        replies = self._write_all(
            (
                "EVAL", scripts.DUE, 2, self._keys.expiries(shard), self._keys.records(shard),
                per_shard,
            )
            for shard in range(SHARDS)
        )  # fmt: skip
        numbers = [int(number) for reply in replies for number in reply]
        return tuple(stored for stored in self.fetch(numbers, expired=True) if stored is not None)

    def forget(self, number: int, keys: NDArray[np.uint64], *, current: bool = False) -> None:
        """See ``Index.forget``."""

        def write() -> None:
            layout = self._made()
            postings = self._postings(layout, scripts.REMOVE, number, keys)
            drop = self._drop(layout, number, "ends" if current else "stays")
            *_, stays = checked(self._writer.write_in_order(postings, drop))
            if stays:
                # A server that lost its last second names again what had been replaced.
                checked(self._writer.write(self._postings(layout, scripts.ADD, number, keys)))

        self._call(write)

    def unname(self, article_id: str) -> tuple[Stored, ...]:
        """See ``Index.unname``."""
        shard = shard_of_id(article_id)
        keys = (self._keys.ids(shard), self._keys.records(shard))
        reply = self._call(
            lambda: self._writer.call("EVAL", scripts.UNNAME, 2, *keys, encode_id(article_id))
        )
        return tuple(
            unpack_record(int(number), record)
            for number, record in zip(reply[::2], reply[1::2], strict=True)
        )

    # Links and verdicts

    def link(
        self,
        pairs: Sequence[tuple[int, int, bytes]],
        followers: Sequence[tuple[int, int, bytes]] = (),
        max_followers: int = 0,
    ) -> Mapping[int, bytes | None]:
        """See ``Index.link``."""
        arguments: dict[int, list[int | str | bytes]] = {}
        for number, other, record in pairs:
            arguments.setdefault(number, [max_followers]).extend((other, _pack_pair(record)))
        for number, other, record in followers:
            field = f"{FOLLOWER}{other}"
            arguments.setdefault(number, [max_followers]).extend((field, _pack_pair(record)))
        replies = self._write_all(
            ("EVAL", scripts.LINK, 2, self._keys.record(number), self._keys.links(number), *rest)
            for number, rest in arguments.items()
        )
        return {
            number: reply[0]
            for number, reply in zip(arguments, replies, strict=True)
            if reply is not None
        }

    def unlink(self, pairs: Sequence[tuple[int, int]], *, more: bool = False) -> None:
        """See ``Index.unlink``."""
        arguments: dict[int, list[int]] = {}
        for number, other in pairs:
            arguments.setdefault(number, [int(more)]).append(other)
        self._write_all(
            ("EVAL", scripts.UNLINK, 1, self._keys.links(number), *others)
            for number, others in arguments.items()
        )

    def links(self, numbers: Sequence[int]) -> tuple[Links, ...]:
        """See ``Index.links``."""
        replies = self._pipeline(("HGETALL", self._keys.links(number)) for number in numbers)
        return tuple(_read_links(fields) for fields in replies)

    def states(self, numbers: Sequence[int]) -> tuple[bytes | None, ...]:
        """See ``Index.states``."""
        return tuple(
            self._pipeline(("HGET", self._keys.links(number), "state") for number in numbers)
        )

    def settle(self, number: int, seen: Links, state: bytes) -> bool:
        """See ``Index.settle``."""
        keys = (self._keys.record(number), self._keys.links(number))
        before = (seen.sequence, seen.state or b"", state)
        return bool(
            self._call(lambda: self._writer.call("EVAL", scripts.SETTLE, 2, *keys, *before))
        )

    # Notes

    def recall(self, names: Sequence[str]) -> tuple[bytes | None, ...]:
        """See ``Index.recall``."""
        if not names:
            return ()
        (notes,) = self._pipeline([("HMGET", self._keys.notes, *names)])
        return tuple(notes)

    def remember(self, name: str, note: bytes) -> None:
        """See ``Index.remember``."""
        self._call(lambda: self._writer.call("HSET", self._keys.notes, name, note))

    # The index as a whole

    def create(self) -> bool:
        """See ``Index.create``."""
        fields = [text for field in write_layout(self._settings).items() for text in field]
        return bool(
            self._tried(
                lambda: self._writer.call("EVAL", scripts.CREATE, 1, self._keys.meta, *fields)
            )
        )

    def versions(self) -> NDArray[np.uint64]:
        """See ``Index.versions``."""
        return self._call(lambda: list_versions(self._client, self._keys))

    def stats(self, read: Reader) -> IndexStats:
        """See ``Index.stats``. Bytes are estimated from samples, in a bounded time."""
        return self._call(lambda: measure(self._client, self._keys, self._made(), read))

    def keep_for(self, lifetime: timedelta | None) -> None:
        """See ``Index.keep_for``."""
        field = ("time_to_live", write_lifetime(lifetime))
        self._call(lambda: self._writer.call("HSET", self._keys.meta, *field))
        self._layout = None

    def compact(self) -> None:
        """See ``Index.compact``."""
        self._call(lambda: compact(self._client))

    def rebuild(self, wanted: Wanted, keys_of: KeysOf, progress: Progress) -> Rebuilt:
        """Make the postings anew from the stored texts (``dedup.index.rebuild``).

        Also of an index of another format, or made with other settings. It serves meanwhile.

        Args:
            wanted: What to build.
            keys_of: Derives keys from texts.
            progress: Is told how far it is.

        Raises:
            IndexFormatError: The records cannot be read, or something else is being built.
            StoreError: There is no index; or another process has taken the rebuild over.
        """
        made = rebuild(self._exchange(), self._settings, wanted, keys_of, progress)
        self._layout = None
        return made

    def audit(self) -> Audit:
        """A look at what a crash can have left (``dedup.index.audit``)."""
        layout = self._call(self._made_anew)
        return Audit(self._exchange(), layout, self._scan)

    def ping(self) -> None:
        """See ``Index.ping``."""
        self._call(lambda: ping(self._client))

    def close(self) -> None:
        """See ``Index.close``."""
        self._closed = True
        self._client.close()
        if self._server is not None:
            self._server.stop()

    # Talking to the server

    def _call(self, operation: Callable[[], T]) -> T:
        """Do it, and once more if the connection broke; checks the index's format first."""

        def checked_first() -> T:
            self._made()
            return operation()

        return self._tried(checked_first)

    def _tried(self, operation: Callable[[], T]) -> T:
        """Do it, and once more if the connection broke or the index was just rebuilt."""
        self._require_open()
        with store_errors(self._client):
            try:
                return operation()
            except redis.ConnectionError:
                self._require_open()  # It may have been closed under this call.
                self._layout = None
                self._numbers.clear()
                if self._server is not None:
                    self._server.ensure()
            except redis.ResponseError as error:
                if GENERATION not in str(error):
                    raise
                follow(self._exchange_once(), self._made_anew)
            return operation()

    def _require_open(self) -> None:
        # A late caller would bring back a server that its last user has let go of.
        if self._closed:
            raise StoreError("the index is closed")

    def _exchange(self) -> Exchange:
        """For maintenance, which looks at the index's format itself."""
        return Exchange(
            self._keys,
            read=lambda commands: self._tried(lambda: checked(send(self._client, commands))),
            write=lambda commands: self._tried(lambda: checked(self._writer.write(commands))),
        )

    def _scan(self, pattern: str) -> Iterator[list[bytes]]:
        with store_errors(self._client):
            yield from scan(self._client, pattern, SCANNED)

    def _exchange_once(self) -> Exchange:
        def once(commands: Sequence[Command]) -> list[Any]:
            return checked(send(self._client, commands))

        return Exchange(self._keys, read=once, write=once)

    def _pipeline(self, commands: Iterable[Sequence[Any]]) -> list[Any]:
        wanted = list(commands)
        if not wanted:
            return []
        return self._call(lambda: checked(send(self._client, wanted)))

    def _write_all(self, commands: Iterable[Sequence[Any]]) -> list[Any]:
        wanted = list(commands)
        if not wanted:
            return []
        return self._call(lambda: checked(self._writer.write(wanted)))

    def _made(self) -> Layout:
        """What made the index; asked once per connection that holds."""
        layout = self._layout
        if layout is None:
            ours = [text for field in write_layout(self._settings).items() for text in field]
            stored = call(self._client, "EVAL", scripts.OPEN, 1, self._keys.meta, *ours)
            texts = iter(text.decode() for text in stored)
            layout = read_layout(dict(zip(texts, texts, strict=True)), self._settings)
            self._writer.require()
            self._layout = layout
        return layout

    def _made_anew(self) -> Layout:
        self._layout = None
        return self._made()

    def _default_expiry(self) -> datetime | None:
        lifetime = self._made().settings.index.time_to_live
        return None if lifetime is None else datetime.now(UTC) + lifetime

    # Writing

    def _next_number(self, article_id: str) -> int:
        if self._owner != os.getpid():
            self._numbers, self._owner = deque(), os.getpid()
        try:
            sequence = self._numbers.popleft()
        except IndexError:
            last = call(self._client, "INCRBY", self._keys.sequence, BLOCK)
            sequence, *rest = range(last - BLOCK + 1, last + 1)
            self._numbers.extend(rest)
        return number_of(sequence, article_id)

    def _write(
        self,
        number: int,
        article_id: str,
        record: bytes,
        keys: NDArray[np.uint64],
        times: tuple[bytes, bytes],
    ) -> list[bytes] | None:
        """Send a version, its postings before its record; None if its number is taken."""
        shard, layout = shard_of_id(article_id), self._made()
        commit = (
            "EVAL", scripts.COMMIT, 4, self._keys.ids(shard), self._keys.record(number),
            self._keys.expiries(shard), self._keys.generations(shard),
            encode_id(article_id), number, record, *times, layout.generation, SWEPT,
        )  # fmt: skip
        postings = self._postings(layout, scripts.ADD, number, keys)
        replies = self._writer.write_in_order(postings, commit)
        committed: list[bytes] | Exception | None = replies[-1]
        if committed is None:
            return None
        is_stored = bool(committed) and not isinstance(committed, Exception)
        if not is_stored or any(isinstance(reply, Exception) for reply in replies):
            # Take back what went through; not the record if it may be another's.
            drop = [self._drop(layout, number, "withdrawn")] if is_stored else []
            send(self._client, [*drop, *self._postings(layout, scripts.REMOVE, number, keys)])
        checked(replies)
        return cast("list[bytes]", committed) or None

    def _postings(
        self, layout: Layout, script: str, number: int, keys: NDArray[np.uint64]
    ) -> list[tuple[Any, ...]]:
        places = place(keys, layout.settings.index.group_bits)
        return [
            (
                "EVAL", script, len(part),
                *(self._keys.groups(shard, layout.generation) for shard, _ in part),
                *(packed for _, packed in part),
            )
            for part in together(self._client, pack_entries(places, number))
        ]  # fmt: skip

    def _searched(self, shard: int, layout: Layout) -> tuple[str, str]:
        return self._keys.groups(shard, layout.generation), self._keys.generations(shard)

    def _drop(self, layout: Layout, number: int, current: str) -> tuple[Any, ...]:
        shard = number % SHARDS
        keys = (
            self._keys.ids(shard), self._keys.record(number), self._keys.links(number),
            self._keys.expiries(shard), self._keys.generations(shard),
        )  # fmt: skip
        return ("EVAL", scripts.DROP, 5, *keys, number, current, layout.generation)


def _read_links(fields: dict[bytes, bytes]) -> Links:
    sequence = int(fields.pop(b"sequence", 0))
    state = fields.pop(b"state", None)
    more = fields.pop(b"more", None) is not None
    # Of a follower the field is its number with a plus sign.
    pairs = {int(field): _unpack_pair(record) for field, record in fields.items()}
    followers = frozenset(int(field) for field in fields if field.startswith(FOLLOWER.encode()))
    return Links(sequence, pairs, state, followers, more)


def _pack_pair(record: bytes) -> bytes:
    # Half of a record is reasons, in English: with these words it takes 45 % of its bytes, and
    # 50 % without any.
    return compress(record, "en")


def _unpack_pair(packed: bytes) -> bytes:
    # Format 1 kept records as they are.
    return decompress(packed) if packed.startswith(FRAME_MAGIC) else packed


def _stamp(time: datetime | None) -> bytes:
    return b"" if time is None else write_stamp(time)
