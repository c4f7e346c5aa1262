"""Building new postings beside the old from the stored texts, and switching over to them.

Records, ids, links and expiries stay where they are; only postings are made anew, as another
generation, while the index is read and written as before:

1. *Plan.* What is being built is noted, so that a later call goes on with it.
2. *Fill.* All versions are taken in the order of their numbers, and those that an id names are
   put into the new postings. First the floor is raised to the last number handed out: what is
   stored later has a greater one. So each round knows where to begin and where to end, and
   leaves only what was stored meanwhile to the next.
3. *Switch.* When little is left, the shards are closed for a moment, the rest is taken, ``meta``
   names the new generation, and all shards follow (``dedup.index.generations``).
4. *Tidy.* Postings of versions that were removed after they had been put in are taken out: all
   whose number is under the floor and has no record. The old generation is dropped.

Each step may be done again, so a rebuild that was cut off goes on where it was noted last, at
most a batch before. Until ``meta`` changes the old postings are complete, from then on the new
ones. Each process that works on a rebuild owns it; a second one takes it over, and the first
one ends at its next note.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Literal, NoReturn, cast

import numpy as np
from numpy.typing import NDArray

from dedup.config import FingerprintSettings, Settings
from dedup.errors import IndexFormatError, StoreError
from dedup.index import rebuild_scripts, scripts
from dedup.index.base import Stored, has_expired
from dedup.index.exchange import Command, Exchange, Progress, batches
from dedup.index.generations import advance, close, mark_building, raise_floor
from dedup.index.keys import FIRST_GENERATION, FORMAT, SHARDS
from dedup.index.layout import write_layout
from dedup.index.orphans import Told, drop_generation, remove_orphans
from dedup.index.postings import BUCKET_END, BUCKET_LIMIT, pack_entries, pack_ranges, place
from dedup.index.records import unpack_record
from dedup.index.sizing import group_bits_for
from dedup.model import Family

READABLE: Final = ("1", str(FORMAT))
"""Formats whose records can be read."""

NO_GENERATION: Final = ""
"""How format 1 names the only one it has."""

BATCH: Final = 128
"""Numbers taken at once: half a megabyte of records, and .2 s until the next note."""

FEW: Final = 4 * BATCH
"""Numbers that may be left when the shards are closed: for less than a second, if all of them
have been used."""

CLOSED_SECONDS: Final = 10.0
"""How long the shards are closed at most. Half of it is for what is left, the other half for
clocks that drift apart. If it was too short, it is twice as long the next time."""

CUT_EVERY: Final = 8
"""Of how many articles one looks whether its buckets are full: all would take the server .5 ms
each. Buckets of many copies are a few dozen entries longer for it, until they are first read."""

IDLE_SECONDS: Final = 60
"""After which a rebuild counts as abandoned. Its process is seen several times a second, but a
batch of long pages may take some seconds."""

State = Literal["building", "discarded", "switched"]

KeysOf = Callable[[Sequence[Stored], Settings], Sequence[NDArray[np.uint64]]]
"""Derives the keys of stored versions by given settings."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an index is to be rebuilt with; None is as it has been, or as was begun.

    Attributes:
        families: Families of keys.
        group_bits: log2 of the number of groups.
        expect: How many articles the groups are to hold in the end; instead of ``group_bits``.
        restart: Throw away what was begun.
    """

    families: tuple[Family, ...] | None = None
    group_bits: int | None = None
    expect: int | None = None
    restart: bool = False

    def bits(self, fingerprint: FingerprintSettings, otherwise: int) -> int:
        """log2 of the number of groups, for keys made with these settings."""
        if self.expect is not None:
            return group_bits_for(self.expect, fingerprint)
        return otherwise if self.group_bits is None else self.group_bits


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What a rebuild made.

    Attributes:
        articles: Whose postings were made, in all calls that it took; those twice that were
            under way when it was cut off.
        removed: Postings that were taken out again: of articles removed meanwhile.
        generation: What the new postings are called.
        families: Families of keys.
        group_bits: log2 of the number of groups.
        resumed: An earlier call had begun it.
    """

    articles: int
    removed: int
    generation: str
    families: tuple[Family, ...]
    group_bits: int
    resumed: bool


@dataclass(frozen=True, slots=True)
class Plan:
    """A rebuild under way, as the server keeps it.

    Attributes:
        state: How far it is.
        generation: The one that is built.
        families: Its families.
        group_bits: log2 of the number of its groups.
        digest: Of the settings that its keys are made with.
        replaced: The generation that it takes the place of.
        replaced_bits: log2 of the number of that one's groups.
        filled: The sequence number up to which versions have been put in.
        articles: How many.
    """

    state: State
    generation: str
    families: tuple[Family, ...]
    group_bits: int
    digest: str
    replaced: str
    replaced_bits: int
    filled: int = 0
    articles: int = 0

    def write(self) -> dict[str, str]:
        """As fields of a hash."""
        return {
            "state": self.state,
            "generation": self.generation,
            "families": ",".join(self.families),
            "group_bits": str(self.group_bits),
            "digest": self.digest,
            "replaced": self.replaced,
            "replaced_bits": str(self.replaced_bits),
            "filled": str(self.filled),
            "articles": str(self.articles),
        }

    @classmethod
    def read(cls, fields: Mapping[str, str]) -> Plan:
        """From the fields of a hash."""
        return cls(
            state=cast("State", fields["state"]),
            generation=fields["generation"],
            families=_families(fields["families"]),
            group_bits=int(fields["group_bits"]),
            digest=fields["digest"],
            replaced=fields["replaced"],
            replaced_bits=int(fields["replaced_bits"]),
            filled=int(fields["filled"]),
            articles=int(fields["articles"]),
        )


def is_idle(exchange: Exchange) -> bool:
    """Whether no process has been at the rebuild for a minute."""
    (seconds,) = exchange.read([("EVAL", rebuild_scripts.IDLE, 1, exchange.keys.rebuild)])
    return bool(seconds >= IDLE_SECONDS)


def plan_under_way(exchange: Exchange) -> Plan | None:
    """The rebuild that was begun and not finished, if there is one."""
    fields = _hash(exchange, exchange.keys.rebuild)
    return Plan.read(fields) if fields else None


def rebuild(
    exchange: Exchange, settings: Settings, wanted: Wanted, keys_of: KeysOf, progress: Progress
) -> Rebuilt:
    """Rebuild an index from its stored texts, or go on with a rebuild that was begun.

    Args:
        exchange: With the index's server.
        settings: The program's.
        wanted: What to build.
        keys_of: Derives keys from texts.
        progress: Is told how far it is.

    Raises:
        IndexFormatError: The records cannot be read, or something else is being built.
        StoreError: There is no index; or another process has taken the rebuild over.
    """
    owner = secrets.token_hex(8)
    under_way = plan_under_way(exchange)
    if under_way is not None and under_way.state == "switched":
        # What is left of it is to be done first, whatever is wanted now.
        left = _Rebuild(exchange, settings, owner, _claim(exchange, owner, under_way))
        finished = left.tidy(progress, resumed=True)
        if not wanted.restart and _agree(wanted, under_way, settings):
            return finished
        under_way = None
    if under_way is not None and (wanted.restart or under_way.state == "discarded"):
        clear(exchange, under_way, progress)
        under_way = None
    plan = _plan(exchange, settings, wanted, under_way)
    build = _Rebuild(exchange, settings, owner, _claim(exchange, owner, plan))
    build.fill(keys_of, progress)
    build.switch(keys_of, progress)
    return build.tidy(progress, resumed=under_way is not None)


def clear(exchange: Exchange, plan: Plan, progress: Progress) -> None:
    """End a rebuild: do the rest if its postings are read already, else throw them away.

    A process that works on it ends with an error.
    """
    owner = secrets.token_hex(8)
    work = _Rebuild(exchange, Settings(), owner, _claim(exchange, owner, plan))
    if plan.state == "switched":
        work.tidy(progress, resumed=True)
    else:
        work.discard(progress)


def _plan(exchange: Exchange, settings: Settings, wanted: Wanted, under_way: Plan | None) -> Plan:
    """What to build, given what the index is and what was begun."""
    meta = _hash(exchange, exchange.keys.meta)
    if not meta:
        raise StoreError(
            f"there is no index under the prefix {exchange.keys.prefix!r}: nothing to rebuild"
        )
    if meta.get("format") not in READABLE:
        raise IndexFormatError(
            f"the index {exchange.keys.prefix!r} has format {meta.get('format')}, which a newer "
            f"version of secondhand wrote; this one reads {' and '.join(READABLE)}"
        )
    replaced = meta.get("generation", NO_GENERATION)
    before = under_way.families if under_way else _families(meta.get("families", ""))
    families = wanted.families or before or settings.fingerprint.families
    fingerprint = replace(settings.fingerprint, families=families)
    bits = under_way.group_bits if under_way else int(meta["group_bits"])
    plan = Plan(
        state="building",
        # Shards know of none before the first, so that is not to be switched to.
        generation=str(int(replaced or FIRST_GENERATION) + 1),
        families=families,
        group_bits=wanted.bits(fingerprint, bits),
        digest=fingerprint.digest,
        replaced=replaced,
        replaced_bits=int(meta["group_bits"]),
    )
    if under_way is not None and _made_with(plan) != _made_with(under_way):
        raise IndexFormatError(
            f"a rebuild of the index {exchange.keys.prefix!r} was begun with "
            f"{_spell(under_way)}, and not with {_spell(plan)}: finish it with the same options "
            "and the same version of secondhand, or throw it away with --restart"
        )
    return plan


class _Rebuild:
    """The work on a rebuild that this process owns."""

    def __init__(self, exchange: Exchange, settings: Settings, owner: str, plan: Plan) -> None:
        self._exchange = exchange
        self._owner = owner
        self._plan = plan
        self._settings = replace(
            settings,
            fingerprint=replace(settings.fingerprint, families=plan.families),
            index=replace(settings.index, group_bits=plan.group_bits),
        )

    def fill(self, keys_of: KeysOf, progress: Progress) -> None:
        """Put in all that is stored, until little is left or no less is left than before."""
        mark_building(self._exchange, self._plan.generation)
        self._exchange.move_counter(self._exchange.counter_behind())
        left = self._left()
        while True:
            self._catch_up(keys_of, progress)
            left, before = self._left(), left
            if left <= FEW or left >= before:
                return

    def switch(self, keys_of: KeysOf, progress: Progress) -> None:
        """Have the new postings read and written, and no others."""
        seconds = CLOSED_SECONDS
        while not self._switched(seconds, keys_of, progress):
            self.fill(keys_of, progress)
            seconds *= 2
        advance(self._exchange, self._plan.generation)

    def tidy(self, progress: Progress, *, resumed: bool) -> Rebuilt:
        """Remove what is not needed any more."""
        plan = self._plan
        advance(self._exchange, plan.generation)
        sequence = self._exchange.counter()
        raise_floor(self._exchange, sequence)
        floor = sequence * SHARDS + SHARDS - 1
        removed = remove_orphans(
            self._exchange, plan.generation, plan.group_bits, floor,
            self._told("looking for postings of removed articles", progress),
        )  # fmt: skip
        self._drop("dropping the old postings", plan.replaced, plan.replaced_bits, progress)
        self._end()
        return Rebuilt(
            articles=plan.articles,
            removed=removed,
            generation=plan.generation,
            families=plan.families,
            group_bits=plan.group_bits,
            resumed=resumed,
        )

    def discard(self, progress: Progress) -> None:
        """Drop what was built."""
        self._note(state="discarded")
        plan = self._plan
        self._drop("dropping what was begun", plan.generation, plan.group_bits, progress)
        self._end()

    def _switched(self, seconds: float, keys_of: KeysOf, progress: Progress) -> bool:
        deadline = close(self._exchange, seconds)
        self._catch_up(keys_of, progress)
        meta = write_layout(self._settings, self._plan.generation)
        lifetime = meta.pop("time_to_live")
        fields = [text for field in meta.items() for text in field]
        (answer,) = self._exchange.write(
            [
                (
                    "EVAL", rebuild_scripts.SWITCH, 2, self._exchange.keys.meta,
                    self._exchange.keys.rebuild, self._owner, deadline, lifetime, *fields,
                )
            ]
        )  # fmt: skip
        if answer == 0:
            self._taken_over()
        return bool(answer == 1)

    def _left(self) -> int:
        """How many numbers have been handed out that were not gone through."""
        return self._exchange.counter() - self._plan.filled

    def _catch_up(self, keys_of: KeysOf, progress: Progress) -> None:
        """Put in the versions with the numbers that have been handed out so far."""
        goal = self._exchange.counter()
        # Before the numbers are gone through: none of them is used any more behind us.
        raise_floor(self._exchange, goal)
        for first in batches(self._plan.filled + 1, goal, BATCH):
            last = min(goal, first + BATCH - 1)
            versions = self._versions(first, last)
            if versions:
                self._add(versions, keys_of(versions, self._settings))
            self._plan = replace(
                self._plan, filled=last, articles=self._plan.articles + len(versions)
            )
            self._note(filled=last, articles=self._plan.articles)
            progress("indexing", last, goal)

    def _versions(self, first: int, last: int) -> list[Stored]:
        """The current versions with these sequence numbers, that have not expired."""
        keys = self._exchange.keys
        replies = self._exchange.read(
            [
                (
                    "EVAL", rebuild_scripts.VERSIONS, 2, keys.ids(shard), keys.records(shard),
                    first * SHARDS + shard, last * SHARDS + shard, SHARDS,
                )
                for shard in range(SHARDS)
            ]
        )  # fmt: skip
        found = [
            unpack_record(int(number), record)
            for reply in replies
            for number, record in zip(reply[::2], reply[1::2], strict=True)
        ]
        return [stored for stored in found if not has_expired(stored.expires)]

    def _add(self, versions: Sequence[Stored], keys: Sequence[NDArray[np.uint64]]) -> None:
        """Put versions into the new postings, and keep buckets short."""
        entries: dict[int, list[bytes]] = {}
        ranges: dict[int, list[bytes]] = {}
        for stored, of_one in zip(versions, keys, strict=True):
            places = place(of_one, self._plan.group_bits)
            for shard, packed in pack_entries(places, stored.number):
                entries.setdefault(shard, []).append(packed)
            if stored.number // SHARDS % CUT_EVERY == 0:
                for shard, packed in pack_ranges(places):
                    ranges.setdefault(shard, []).append(packed)
        commands: list[Command] = []
        for shard, parts in entries.items():
            groups = self._exchange.keys.groups(shard, self._plan.generation)
            commands.append(("EVAL", scripts.ADD, 1, groups, b"".join(parts)))
        for shard, parts in ranges.items():
            groups = self._exchange.keys.groups(shard, self._plan.generation)
            limits = (BUCKET_LIMIT, BUCKET_END)
            commands.append(("EVAL", rebuild_scripts.CUT, 1, groups, *limits, b"".join(parts)))
        if commands:
            self._exchange.write(commands)

    def _drop(self, what: str, generation: str, group_bits: int, progress: Progress) -> None:
        drop_generation(
            self._exchange,
            generation,
            group_bits,
            self._told(what, progress),
        )

    def _told(self, what: str, progress: Progress) -> Told:
        """Tells how far it is, and that somebody is at it."""

        def told(done: int, groups: int) -> None:
            self._note()
            progress(what, done, groups)

        return told

    def _note(self, **fields: object) -> None:
        given = [text for field in fields.items() for text in field]
        self._owned(rebuild_scripts.NOTE, *given)

    def _end(self) -> None:
        mark_building(self._exchange, None)
        self._owned(rebuild_scripts.END)

    def _owned(self, script: str, *arguments: object) -> None:
        command = ("EVAL", script, 1, self._exchange.keys.rebuild, self._owner, *arguments)
        (owned,) = self._exchange.write([command])
        if not owned:
            self._taken_over()

    def _taken_over(self) -> NoReturn:
        raise StoreError(
            f"another process has taken over the rebuild of {self._exchange.keys.prefix!r}; "
            "nothing is lost, it goes on from where this one was"
        )


def _claim(exchange: Exchange, owner: str, plan: Plan) -> Plan:
    """Make this process the owner of the rebuild under way, or of a new one by this plan."""
    fields = [text for field in plan.write().items() for text in field]
    seen = plan.generation if plan.state == "switched" else plan.replaced
    (reply,) = exchange.write(
        [
            (
                "EVAL", rebuild_scripts.CLAIM, 2, exchange.keys.meta, exchange.keys.rebuild,
                owner, seen, *fields,
            )
        ]
    )  # fmt: skip
    claimed = None if reply is None else Plan.read(_texts(reply))
    if claimed is None or _made_with(claimed) != _made_with(plan):
        raise StoreError(
            f"another process has just rebuilt {exchange.keys.prefix!r}, or begun to; look at it "
            "with `secondhand index stats` before it is rebuilt once more"
        )
    return claimed


def _hash(exchange: Exchange, name: str) -> dict[str, str]:
    (fields,) = exchange.read([("HGETALL", name)])
    return {field.decode(): value.decode() for field, value in fields.items()}


def _texts(reply: Sequence[Any]) -> dict[str, str]:
    texts = iter(text.decode() for text in reply)
    return dict(zip(texts, texts, strict=True))


def _families(spelled: str) -> tuple[Family, ...]:
    return cast("tuple[Family, ...]", tuple(filter(None, spelled.split(","))))


def _agree(wanted: Wanted, plan: Plan, settings: Settings) -> bool:
    families = wanted.families or plan.families
    fingerprint = replace(settings.fingerprint, families=families)
    return (families, wanted.bits(fingerprint, plan.group_bits), fingerprint.digest) == (
        plan.families,
        plan.group_bits,
        plan.digest,
    )


def _made_with(plan: Plan) -> tuple[object, ...]:
    return plan.digest, plan.families, plan.group_bits


def _spell(plan: Plan) -> str:
    return f"digest {plan.digest}, families {','.join(plan.families)}, group_bits {plan.group_bits}"
