"""Which generation of postings each shard reads and writes, and how all come to another.

The generation that an index has stands in ``meta``, and changes there in one step. But a
process asks for ``meta`` once per connection. So each shard knows it too (its ``generations``,
see ``rebuild_scripts``), and refuses whoever still has another: a search of one that is not
*read*, a write of one that is not *written*. Who is refused asks for ``meta`` again, and brings
all shards to what it says (``follow``), first ``read`` everywhere, then ``write``. So nobody
stores anything in a generation as long as any shard is read in the one before; and whoever
switches may crash at any time: the next that comes along does the rest.

Before ``meta`` changes, all that is stored must be in the new generation: for that moment the
shards are *closed*, and nothing is stored. That is for a limited time. ``meta`` changes only in
the first half of it, by the clock of its own node, on which nothing can be late; in the other
half the clocks of nodes may drift apart. Who finds a shard still closed after that time reads
``meta`` and opens it: if ``meta`` has not changed by then, it does not any more.

A number is handed out long before it is used. Where it must be known that a number without
a record will never have one, the *floor* is raised to it: whoever comes to store something
under it, or under a smaller one, is told to take another.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from dedup.index import rebuild_scripts as scripts
from dedup.index.exchange import Exchange
from dedup.index.keys import SHARDS
from dedup.index.layout import Layout

MICROSECONDS: Final = 1_000_000


def raise_floor(exchange: Exchange, sequence: int) -> None:
    """See to it that nothing new is stored under this sequence number or a smaller one."""
    exchange.write_shards(scripts.FLOOR, sequence * SHARDS + SHARDS - 1)


def close(exchange: Exchange, seconds: float) -> int:
    """Have nothing stored for that time; until when ``meta`` may change.

    Returns:
        By the clock of the node of ``meta``, microseconds.
    """
    span = round(seconds * MICROSECONDS)
    (now,) = exchange.read([("EVAL", scripts.NOW, 1, exchange.keys.meta)])
    exchange.write_shards(scripts.CLOSE, span)
    return int(now) + span // 2


def advance(exchange: Exchange, generation: str, lapsed: list[bytes] | None = None) -> None:
    """Bring all shards to the generation that ``meta`` names.

    Args:
        exchange: With the server.
        generation: Read from ``meta`` after ``lapsed`` was found.
        lapsed: For each shard until when it was closed, if that time was over, else ``b""``.
    """
    over = lapsed or [b""] * SHARDS
    for field in ("read", "write"):
        exchange.write(
            [
                (
                    "EVAL", scripts.ADVANCE, 1, exchange.keys.generations(shard),
                    field, generation, over[shard],
                )
                for shard in range(SHARDS)
            ]
        )  # fmt: skip


def follow(exchange: Exchange, made: Callable[[], Layout]) -> None:
    """Go on after a shard has refused a generation.

    Args:
        exchange: With the server.
        made: Asks for ``meta``.
    """
    lapsed = exchange.read_shards(scripts.LAPSED)
    advance(exchange, made().generation, lapsed)


def mark_building(exchange: Exchange, generation: str | None) -> None:
    """Tell the shards which generation is being built, so that nobody takes it for debris."""
    exchange.write_shards(scripts.BUILDING, generation or "")
