"""Finds what a crash can leave on an index's server, a bounded piece at a time, and mends it.

It runs beside writers. What makes that safe:

- Records, ids, links and expiries of an article lie in one slot, and are written together by
  one script. So what contradicts itself there never passes by itself; whatever is mended is
  looked at again by the script that mends it.
- A put has its postings in before its record. A number without a record may be that of a put
  under way, until the floor is raised to it: from then on nothing is stored under it any more
  (``dedup.index.generations``). Only then are postings removed, after another look.
- Postings are removed before a record is dropped, and before that the id names another version,
  or none. So an article lacks postings only if its id still names it after they were looked
  for. Those that are put in are taken out again if by then it does not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from dedup.index import audit_scripts, scripts
from dedup.index.base import Stored
from dedup.index.exchange import PAGE, Exchange, batches
from dedup.index.generations import raise_floor
from dedup.index.keys import GROUP_DIGITS, SHARDS
from dedup.index.layout import Layout
from dedup.index.orphans import (
    GROUPS_AT_ONCE,
    Entries,
    orphans,
    remove_entries,
    without_record,
)
from dedup.index.postings import ENTRY_BYTES, pack_entries, pack_ranges, place, unpack_entries
from dedup.index.ranking import FULL
from dedup.index.records import unpack_record

Standing = Literal["current", "replaced", "deleted", "unnamed"]
"""What a stored version is to its id: the one that it names; one before that; one before a
deletion; or none of those that it knows of."""

ENTRY_WIDTH: Final = GROUP_DIGITS + ENTRY_BYTES
"""Bytes of a group's digits and an entry, as ``pack_entries`` has them."""

Scan = Callable[[str], Iterator[Sequence[bytes]]]
"""Yields the names of all keys of a pattern, some at a time."""


@dataclass(frozen=True, slots=True)
class Version:
    """A stored version, and what it is to its id."""

    stored: Stored
    standing: Standing


@dataclass(frozen=True, slots=True)
class Stretch:
    """What is stored under some numbers.

    Attributes:
        versions: In no particular order.
        stray_links: Numbers that have links and no record.
    """

    versions: tuple[Version, ...]
    stray_links: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Lacking:
    """Postings that an article should have: by shard, packed as for ``ADD``."""

    packed: Mapping[int, bytes]

    def __len__(self) -> int:
        return sum(map(len, self.packed.values())) // ENTRY_WIDTH


class Audit:
    """Looks at an index, and mends.

    Args:
        exchange: With its server.
        layout: What made it.
        scan: Goes through its keys.
    """

    def __init__(self, exchange: Exchange, layout: Layout, scan: Scan) -> None:
        self._exchange = exchange
        self._keys = exchange.keys
        self._layout = layout
        self._scan = scan
        self._floor = 0

    @property
    def exchange(self) -> Exchange:
        """With the server."""
        return self._exchange

    @property
    def layout(self) -> Layout:
        """What makes the index."""
        return self._layout

    # Records, ids, links, expiries

    def stretch(self, first: int, last: int) -> Stretch:
        """What is stored under the sequence numbers ``first`` to ``last``, both included."""
        commands = [
            (
                "EVAL", audit_scripts.STRETCH, 3, self._keys.ids(shard), self._keys.records(shard),
                self._keys.all_links(shard), first * SHARDS + shard, last * SHARDS + shard, SHARDS,
            )
            for shard in range(SHARDS)
        ]  # fmt: skip
        return _read_stretch(self._exchange.read(commands))

    def standing(self, numbers: Sequence[int]) -> dict[int, Standing]:
        """What versions are to their ids now; without those that are gone."""
        commands = [
            (
                "EVAL", audit_scripts.STRETCH, 3, self._keys.ids(number % SHARDS),
                self._keys.records(number % SHARDS), self._keys.all_links(number % SHARDS),
                number, number, SHARDS,
            )
            for number in numbers
        ]  # fmt: skip
        versions = _read_stretch(self._exchange.read(commands) if commands else []).versions
        return {version.stored.number: version.standing for version in versions}

    def drop_links(self, numbers: Sequence[int]) -> None:
        """Drop the links of numbers that have no record."""
        self._exchange.write(
            [
                (
                    "EVAL", audit_scripts.DROP_LINKS, 2,
                    self._keys.record(number), self._keys.links(number),
                )
                for number in numbers
            ]
        )  # fmt: skip

    def named_without_record(self) -> Iterator[list[tuple[bytes, int]]]:
        """Ids with numbers that they name and that have no record, a page at a time."""
        for shard in range(SHARDS):
            keys = (self._keys.ids(shard), self._keys.records(shard))
            for found in self._pages(audit_scripts.NAMED, keys):
                yield [
                    (name, int(number))
                    for name, number in zip(found[::2], found[1::2], strict=True)
                ]

    def unname(self, found: Sequence[tuple[bytes, int]]) -> None:
        """Have ids name numbers no more that have no record."""
        self._exchange.write(
            [
                (
                    "EVAL", audit_scripts.UNNAME_NUMBER, 2, self._keys.ids(number % SHARDS),
                    self._keys.records(number % SHARDS), name, number,
                )
                for name, number in found
            ]
        )  # fmt: skip

    def expiring_without_record(self) -> Iterator[list[int]]:
        """Numbers that expire and have no record, a page at a time."""
        for shard in range(SHARDS):
            keys = (self._keys.expiries(shard), self._keys.records(shard))
            for found in self._pages(audit_scripts.EXPIRING, keys):
                yield [int(number) for number in found]

    def drop_expiries(self, numbers: Sequence[int]) -> None:
        """Forget when numbers expire that have no record."""
        self._exchange.write(
            [
                (
                    "EVAL", audit_scripts.DROP_EXPIRY, 2, self._keys.expiries(number % SHARDS),
                    self._keys.record(number), number,
                )
                for number in numbers
            ]
        )  # fmt: skip

    # Postings

    def orphans(self) -> Iterator[tuple[int, Entries]]:
        """Postings whose number has no record just now: of the groups up to a number of them."""
        groups = 1 << self._layout.settings.index.group_bits
        for first in batches(0, groups - 1, GROUPS_AT_ONCE):
            end = min(groups, first + GROUPS_AT_ONCE)
            yield end, orphans(self._exchange, self._layout.generation, first, end - 1)

    def remove_orphans(self, found: Entries) -> int:
        """Remove postings whose numbers have no record and will have none; how many."""
        if not self._floor:
            sequence = self._exchange.counter()
            raise_floor(self._exchange, sequence)
            self._floor = sequence * SHARDS + SHARDS - 1
        dead = without_record(self._exchange, found.numbers)
        dead = dead[dead <= np.uint64(self._floor)]
        chosen = found.select(np.isin(found.numbers, dead))
        remove_entries(self._exchange, self._layout.generation, chosen)
        return len(chosen.numbers)

    def without_record(self, numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
        """Those of the numbers that have no record, uint64."""
        return without_record(self._exchange, numbers)

    def lacking(
        self, versions: Sequence[Stored], keys: Sequence[NDArray[np.uint64]]
    ) -> dict[int, Lacking]:
        """By number the postings that current versions lack, though there is room for them.

        A full bucket keeps its ends only, so one may have been taken out of it.
        """
        entries: dict[int, list[bytes]] = {}
        ranges: dict[int, list[bytes]] = {}
        for stored, of_one in zip(versions, keys, strict=True):
            places = place(of_one, self._layout.settings.index.group_bits)
            for shard, packed in pack_entries(places, stored.number):
                entries.setdefault(shard, []).append(packed)
            for shard, packed in pack_ranges(places):
                ranges.setdefault(shard, []).append(packed)
        asked = {shard: b"".join(parts) for shard, parts in entries.items()}
        generation = self._layout.generation
        commands = [
            (
                "EVAL", audit_scripts.LACKING, 2, self._keys.groups(shard, generation),
                self._keys.generations(shard), generation, FULL, joined, b"".join(ranges[shard]),
            )
            for shard, joined in asked.items()
        ]  # fmt: skip
        replies = self._exchange.read(commands) if commands else []
        found: dict[int, dict[int, list[bytes]]] = {}
        for (shard, joined), lacking in zip(asked.items(), replies, strict=True):
            for at in lacking:
                posting = joined[ENTRY_WIDTH * at : ENTRY_WIDTH * (at + 1)]
                _, (number,) = unpack_entries(posting[GROUP_DIGITS:])
                found.setdefault(int(number), {}).setdefault(shard, []).append(posting)
        standing = self.standing(list(found))
        return {
            number: Lacking({shard: b"".join(of_shard) for shard, of_shard in of_one.items()})
            for number, of_one in found.items()
            if standing.get(number) == "current"
        }

    def add_lacking(self, lacking: Mapping[int, Lacking]) -> None:
        """Put postings in that current versions lack."""
        self._write_postings(scripts.ADD, lacking.values())
        standing = self.standing(list(lacking))
        gone = [found for number, found in lacking.items() if standing.get(number) != "current"]
        self._write_postings(scripts.REMOVE, gone)

    # Generations

    def unused_groups(self) -> Iterator[list[tuple[int, str, bytes]]]:
        """Groups of generations that are not in use: shard, generation and key, some at a time."""
        shape = re.compile(self._keys.group_pattern.encode())
        for names in self._scan(self._keys.group_glob):
            used = [set(found) for found in self._exchange.read_shards(audit_scripts.USED)]
            matches = filter(None, map(shape.fullmatch, names))
            found = ((int(m["shard"]), m["generation"], m[0]) for m in matches)
            yield [
                (shard, generation.decode(), name)
                for shard, generation, name in found
                if generation not in used[shard]
            ]

    def drop_groups(self, found: Sequence[tuple[int, str, bytes]]) -> int:
        """Drop groups of generations that are not in use; how many."""
        together: dict[tuple[int, str], list[bytes]] = {}
        for shard, generation, name in found:
            together.setdefault((shard, generation), []).append(name)
        commands = [
            (
                "EVAL", audit_scripts.DROP_GROUPS, 1 + len(names),
                self._keys.generations(shard), *names, generation,
            )
            for (shard, generation), names in together.items()
        ]  # fmt: skip
        return sum(self._exchange.write(commands)) if commands else 0

    def _pages(self, script: str, keys: tuple[str, ...]) -> Iterator[list[Any]]:
        # A cursor holds for one process of a server. If that is restarted meanwhile, some may
        # be missed: the next check finds them.
        cursor = b"0"
        while True:
            ((cursor, found),) = self._exchange.read(
                [("EVAL", script, len(keys), *keys, cursor, PAGE)]
            )
            if found:
                yield found
            if cursor == b"0":
                return

    def _write_postings(self, script: str, lacking: Iterable[Lacking]) -> None:
        commands = [
            ("EVAL", script, 1, self._keys.groups(shard, self._layout.generation), packed)
            for found in lacking
            for shard, packed in found.packed.items()
        ]
        if commands:
            self._exchange.write(commands)


def _read_stretch(replies: Sequence[Sequence[Any]]) -> Stretch:
    versions: list[Version] = []
    links: list[int] = []
    for reply in replies:
        for number, standing, record in zip(reply[::3], reply[1::3], reply[2::3], strict=True):
            if standing == b"links":
                links.append(int(number))
            else:
                stored = unpack_record(int(number), record)
                versions.append(Version(stored, standing.decode()))
    return Stretch(tuple(versions), tuple(links))
