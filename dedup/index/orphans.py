"""Groups of buckets as a whole: what stands in them, postings of nobody, dropping them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from dedup.index import rebuild_scripts, scripts
from dedup.index.exchange import Command, Exchange, batches
from dedup.index.keys import GROUP_DIGITS, SHARDS
from dedup.index.postings import ENTRY_BYTES, unpack_entries

GROUPS_AT_ONCE: Final = 16 * SHARDS
"""Groups read in one round trip, 16 of each shard: with 200 entries in each 360 KB, and no script
keeps the server from others for a millisecond."""

DROPPED_AT_ONCE: Final = 256 * SHARDS
"""Groups dropped in one round trip; their memory is given back in the background."""


Told = Callable[[int, int], None]
"""Is told how many groups have been gone through, of how many."""


@dataclass(frozen=True, slots=True)
class Entries:
    """What stands in some groups.

    Attributes:
        groups: int64, shape (n_entries,): of each entry, its group.
        numbers: uint64, shape (n_entries,): of each entry, the article's number.
        packed: uint8, shape (n_entries, ENTRY_BYTES): the entries themselves.
    """

    groups: NDArray[np.int64]
    numbers: NDArray[np.uint64]
    packed: NDArray[np.uint8]

    def select(self, chosen: NDArray[np.bool_]) -> Entries:
        """Some of them."""
        return Entries(self.groups[chosen], self.numbers[chosen], self.packed[chosen])


def read_groups(exchange: Exchange, generation: str, first: int, last: int) -> Entries:
    """What stands in the groups ``first`` to ``last``, both included."""
    of_shards = _by_shard(range(first, last + 1))
    replies = exchange.read(
        [
            (
                "EVAL", rebuild_scripts.ENTRIES, 1, exchange.keys.groups(shard, generation),
                "".join(f"{group:0{GROUP_DIGITS}x}" for group in groups),
            )
            for shard, groups in of_shards.items()
        ]
    )  # fmt: skip
    packed = b"".join(entries for entries, *_ in replies)
    lengths = [length for _, *lengths in replies for length in lengths]
    groups = [group for groups in of_shards.values() for group in groups]
    return Entries(
        groups=np.repeat(np.array(groups, dtype=np.int64), lengths),
        numbers=unpack_entries(packed)[1],
        packed=np.frombuffer(packed, dtype=np.uint8).reshape(-1, ENTRY_BYTES),
    )


def without_record(exchange: Exchange, numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Those of the numbers under which nothing is stored, uint64, ascending."""
    distinct = np.unique(numbers)
    commands: list[Command] = []
    for shard in range(SHARDS):
        of_shard = distinct[distinct % np.uint64(SHARDS) == shard].tolist()
        if of_shard:
            records = exchange.keys.records(shard)
            commands.append(("EVAL", rebuild_scripts.GONE, 1, records, *of_shard))
    gone = [
        int(number) for reply in (exchange.read(commands) if commands else ()) for number in reply
    ]
    return np.array(sorted(gone), dtype=np.uint64)


def orphans(exchange: Exchange, generation: str, first: int, last: int) -> Entries:
    """Entries of the groups ``first`` to ``last`` whose numbers have no record just now."""
    entries = read_groups(exchange, generation, first, last)
    return entries.select(np.isin(entries.numbers, without_record(exchange, entries.numbers)))


def remove_entries(exchange: Exchange, generation: str, entries: Entries) -> None:
    """Take entries out of their groups."""
    commands: list[Command] = []
    for shard in range(SHARDS):
        chosen = np.flatnonzero(entries.groups % SHARDS == shard).tolist()
        packed = b"".join(
            b"%0*x" % (GROUP_DIGITS, entries.groups[at]) + entries.packed[at].tobytes()
            for at in chosen
        )
        if packed:
            groups = exchange.keys.groups(shard, generation)
            commands.append(("EVAL", scripts.REMOVE, 1, groups, packed))
    if commands:
        exchange.write(commands)


def remove_orphans(
    exchange: Exchange, generation: str, group_bits: int, floor: int, told: Told
) -> int:
    """Remove all postings of numbers up to a floor that have no record.

    Args:
        exchange: With the server.
        generation: Whose postings.
        group_bits: log2 of the number of its groups.
        floor: A number up to which nothing new is stored (``generations.raise_floor``).
        told: Is told how far it is.

    Returns:
        How many were removed.
    """
    groups = 1 << group_bits
    removed = 0
    for first in batches(0, groups - 1, GROUPS_AT_ONCE):
        end = min(groups, first + GROUPS_AT_ONCE)
        found = orphans(exchange, generation, first, end - 1)
        found = found.select(found.numbers <= np.uint64(floor))
        remove_entries(exchange, generation, found)
        removed += len(found.numbers)
        told(end, groups)
    return removed


def drop_generation(exchange: Exchange, generation: str, group_bits: int, told: Told) -> None:
    """Drop all groups of a generation.

    Args:
        exchange: With the server.
        generation: The one to drop.
        group_bits: log2 of the number of its groups.
        told: Is told how far it is.
    """
    groups = 1 << group_bits
    for first in batches(0, groups - 1, DROPPED_AT_ONCE):
        end = min(groups, first + DROPPED_AT_ONCE)
        exchange.write(_unlink(exchange, generation, range(first, end)))
        told(end, groups)


def _unlink(exchange: Exchange, generation: str, groups: range) -> list[tuple[Any, ...]]:
    return [
        ("UNLINK", *(exchange.keys.group(group, generation) for group in of_shard))
        for of_shard in _by_shard(groups).values()
    ]


def _by_shard(groups: range) -> dict[int, Sequence[int]]:
    of_shards = {
        shard: [group for group in groups if group % SHARDS == shard] for shard in range(SHARDS)
    }
    return {shard: found for shard, found in of_shards.items() if found}
