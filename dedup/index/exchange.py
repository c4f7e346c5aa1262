"""How maintenance talks with an index's server.

Whatever it sends may be sent twice, because a connection that breaks is tried once more:
each command or script leaves the same behind however often it is carried out. (Only the
counter moves on twice; it may.)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from dedup.index.keys import SHARDS, Keys
from dedup.index.rebuild_scripts import HIGHEST

PAGE: Final = 1000
"""Ids looked at per call of a script, which nobody else is served meanwhile: a millisecond."""

Command = Sequence[Any]
Send = Callable[[Sequence[Command]], list[Any]]

Progress = Callable[[str, int, int], None]
"""Is told what is being done, how far it is, and how far there is to go."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A server with an index on it.

    Attributes:
        keys: Of the index.
        read: Sends commands in one round trip; an error among the replies is raised.
        write: The same for what writes: returns when that is where it is to be.
    """

    keys: Keys
    read: Send
    write: Send

    def counter(self) -> int:
        """The last sequence number handed out."""
        (last,) = self.read([("GET", self.keys.sequence)])
        return int(last or 0)

    def counter_behind(self) -> int:
        """By how much the counter is behind numbers that are in use; normally 0.

        It is if a node of a cluster lost its last second, and others did not.
        """
        highest = 0
        for shard in range(SHARDS):
            cursor = b"0"
            while True:
                page = ("EVAL", HIGHEST, 1, self.keys.ids(shard), cursor, PAGE)
                ((cursor, seen),) = self.read([page])
                highest = max(highest, int(seen) // SHARDS)
                if cursor == b"0":
                    break
        return max(0, highest - self.counter())

    def move_counter(self, by: int) -> None:
        """Have the next number handed out be greater by so many."""
        self.write([("INCRBY", self.keys.sequence, by)])

    def read_shards(self, script: str, *arguments: object) -> list[Any]:
        """The replies of a script on the state of each shard's generations."""
        return self.read(self._on_shards(script, arguments))

    def write_shards(self, script: str, *arguments: object) -> None:
        """Run a script on the state of each shard's generations."""
        self.write(self._on_shards(script, arguments))

    def _on_shards(self, script: str, arguments: tuple[object, ...]) -> list[Command]:
        return [
            ("EVAL", script, 1, self.keys.generations(shard), *arguments) for shard in range(SHARDS)
        ]


def batches(first: int, last: int, size: int) -> range:
    """Where batches of ``size`` begin in ``first`` to ``last``, both included."""
    return range(first, last + 1, size)
