"""Rewriting a server's append-only file, so that what was removed is not on its disk either.

The file lists what was written, in order. A deletion is one more entry; the text stays in
the file until the server writes it anew from what it holds, which it does by itself
whenever the file has doubled, and here when asked.
"""

from __future__ import annotations

import time

import redis

from dedup.errors import StoreError
from dedup.index.connection import Client, address_of, call_each

POLL_SECONDS = 0.05
"""Between two looks at whether a rewrite is over, which a server gives no notice of. It takes
a second or so per hundred thousand articles."""

ALREADY = "already in progress"
"""What a server that is rewriting says of another rewrite."""


def compact(client: Client) -> None:
    """Have the server, or all nodes that take writes, rewrite the append-only file.

    Returns when that is done. What was removed before the call is then in the file no more.

    Raises:
        StoreError: A server keeps no such file, or could not rewrite it.
    """
    if not _all(client, "aof_enabled", 1):
        raise StoreError(
            f"the index's server ({address_of(client)}) keeps no append-only file to rewrite. "
            "If it keeps snapshots, its next one (SAVE, BGSAVE) is without what was removed"
        )
    while not _begun(client):
        # That one may have begun before what is to be left out was removed.
        _wait(client)
    _wait(client)
    if not _all(client, "aof_last_bgrewrite_status", "ok"):
        raise StoreError(
            f"the index's server ({address_of(client)}) could not rewrite its append-only file; "
            "its log says why. A full disk is the usual reason: a rewrite needs room for a "
            "second file"
        )


def _begun(client: Client) -> bool:
    try:
        call_each(client, "BGREWRITEAOF")
    except redis.ResponseError as error:
        if ALREADY not in str(error):
            raise
        return False
    return True


def _wait(client: Client) -> None:
    while not (
        _all(client, "aof_rewrite_in_progress", 0) and _all(client, "aof_rewrite_scheduled", 0)
    ):
        time.sleep(POLL_SECONDS)


def _all(client: Client, field: str, value: int | str) -> bool:
    return all(state[field] == value for state in call_each(client, "INFO", "persistence"))
