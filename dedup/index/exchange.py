"""How maintenance talks with an index's server.

Whatever it sends may be sent twice, because a connection that breaks is tried once more:
each command or script leaves the same behind however often it is carried out.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from dedup.index.keys import SHARDS, Keys

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
