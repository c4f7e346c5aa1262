"""When a write counts as done: when the server has it, or a replica too.

``WAIT`` travels behind the write, in the same round trip. It vouches for what its own
connection wrote. A call that is made again may find nothing left to write, while what it
wrote the first time, over another connection, is not confirmed yet. So there is always a
write of no effect before it: then it vouches for all that the server had before.

There is no waiting for the disk: ``WAITAOF`` does not keep what it promises (see "What an
acknowledged write means" in ``docs/index.md``).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import redis

from dedup.config import Acknowledge
from dedup.errors import IndexUnavailableError, StoreError
from dedup.index.connection import Client, Cluster, address_of, checked, send, send_in_order

CONFIRM_MS = 3_000
"""How long is waited. A replica that is in order needs milliseconds; and the reply must be
there before the connection is given up (``connection.READ_SECONDS``)."""

CONFIRMATION = ("WAIT", 1, CONFIRM_MS)

PROBE = ("WAIT", 0, CONFIRM_MS)
"""Asks for the right to wait only: there may be no replica at the moment."""


class Writer:
    """Sends what writes, and returns when it is where it is to be.

    Args:
        client: Whose server is written to.
        acknowledge: What must have a write.
        counter: Key of an integer on that server.
    """

    def __init__(self, client: Client, acknowledge: Acknowledge, counter: str) -> None:
        self._client = client
        self._waits = acknowledge == "replica"
        self._no_effect = ("INCRBY", counter, 0)

    def require(self) -> None:
        """Ask the server for a confirmation once.

        Raises:
            StoreError: It gives none.
        """
        if not self._waits:
            return
        if isinstance(self._client, Cluster):
            raise self._refusal("a cluster confirms no writes to this program")
        try:
            checked(send(self._client, [PROBE]))
        except redis.ResponseError as error:
            raise self._refusal(str(error)) from error

    def call(self, *command: object) -> Any:  # noqa: ANN401  # as the command has it
        """The reply of one command that writes; errors as ``write``, and the server's own."""
        (reply,) = checked(self.write([command]))
        return reply

    def write(self, commands: Sequence[Sequence[Any]]) -> list[Any]:
        """As ``connection.send``.

        Raises:
            IndexUnavailableError: It was carried out, but not confirmed in time.
        """
        if not self._waits:
            return send(self._client, commands)
        return self._confirmed(send(self._client, self._with_confirmation(commands)))

    def write_in_order(self, commands: Sequence[Sequence[Any]], last: Sequence[Any]) -> list[Any]:
        """As ``connection.send_in_order``; errors as ``write``."""
        if not self._waits:
            return send_in_order(self._client, commands, last)
        return self.write([*commands, last])  # There is one server, which keeps the order.

    def _with_confirmation(self, commands: Sequence[Sequence[Any]]) -> list[Sequence[Any]]:
        return [*commands, self._no_effect, CONFIRMATION]

    def _confirmed(self, replies: list[Any]) -> list[Any]:
        """The replies to the commands themselves."""
        *carried_out, _, confirmation = replies
        if any(isinstance(reply, Exception) for reply in carried_out):
            return carried_out
        (reached,) = checked([confirmation])
        if not reached:
            raise IndexUnavailableError(
                f"the index's server ({address_of(self._client)}) has carried out the write, but "
                f"it was not confirmed to be on a replica within {CONFIRM_MS // 1000} s. See that "
                "a replica is there and keeps up. The write may be made again, which changes "
                "nothing if it was done; readers may see it already"
            )
        return carried_out

    def _refusal(self, reason: str) -> StoreError:
        return StoreError(
            f"the index's server ({address_of(self._client)}) cannot confirm that a replica "
            f"has a write (acknowledge=replica): {reason}. Use acknowledge=server and set "
            "`appendonly yes` and `appendfsync always` on the server, which then answers when a "
            "write is on its disk"
        )
