"""What the server's errors mean to a caller of the index."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import redis

from dedup.errors import IndexFullError, IndexUnavailableError, StoreError
from dedup.index.connection import Client, address_of

AWAY = (
    redis.ConnectionError,  # also: loading its data, wrong password
    redis.TimeoutError,
    redis.exceptions.ClusterError,
    redis.exceptions.ReadOnlyError,
    redis.exceptions.RedisClusterException,
    redis.exceptions.TryAgainError,
    redis.exceptions.AskError,  # also: moved, and moved on faster than it could be followed
)

GENERATION = "GENERATION"
"""Said by our scripts when the index has been rebuilt, or is just being switched over."""

AWAY_WORDS = (
    *("READONLY", "CLUSTERDOWN", "MASTERDOWN", "MISCONF", "NOREPLICAS", "BUSY "),
    GENERATION,
)
"""Error codes of a server that may answer later; in the text where a script ran into them."""

FULL_WORDS = "OOM command not allowed"
"""What a script says that ran into the memory limit, before Redis 7."""

FORBIDDEN_WORDS = "The user executing the script"
"""What a script says that ran into a missing right."""


@contextmanager
def store_errors(client: Client) -> Iterator[None]:
    """Turn the client's errors into those of ``dedup.errors``."""
    try:
        yield
    except (redis.RedisError, redis.exceptions.RedisClusterException) as error:
        raise _store_error(error, client) from error


def _store_error(error: Exception, client: Client) -> StoreError:
    text = str(error)
    if isinstance(error, redis.OutOfMemoryError) or FULL_WORDS in text:
        return IndexFullError(
            "the index's server has reached its memory limit and refused the write: "
            "raise its maxmemory, or delete articles; then try again"
        )
    if isinstance(error, AWAY) or any(word in text for word in AWAY_WORDS):
        return IndexUnavailableError(
            f"the index's server ({address_of(client)}) cannot answer now: "
            f"{text.removesuffix('.')}. Check that "
            "it runs and that this is its address; then try again"
        )
    if isinstance(error, redis.exceptions.NoPermissionError) or FORBIDDEN_WORDS in text:
        text += ". docs/index.md lists the rights that an index's user needs"
    return StoreError(f"the index's server ({address_of(client)}) refused a command: {text}")
