"""Opening an index, wherever it is."""

from __future__ import annotations

from pathlib import Path

from dedup.config import Settings
from dedup.errors import StoreError
from dedup.index.embedded import start
from dedup.index.redis_index import RedisIndex


def open_index(*, data_dir: Path | None, redis_url: str | None, settings: Settings) -> RedisIndex:
    """Open the index on a server that runs, or on the embedded one in a directory.

    Args:
        data_dir: Directory of the embedded server; made if it is missing.
        redis_url: Of a server or a cluster (``connection``); goes before ``data_dir``.
        settings: Those the index was, or is to be, made with.

    Raises:
        StoreError: The embedded server cannot start, or the address cannot be read. A
            server elsewhere is asked for the first time by the first call.
    """
    if redis_url is not None:
        return RedisIndex.connect(redis_url, settings)
    if data_dir is None:
        raise StoreError("an index needs a data directory or a server's address")
    server = start(data_dir)
    return RedisIndex.connect(server.url, settings, server)
