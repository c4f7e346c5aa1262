"""All articles of an index, while others write to it.

The server's own cursors promise that whatever is there from the first page to the last is
on one of them. They hold for one process of a server only: another one orders its hashes
anew. So each page is asked which process it comes from, and a shard is begun again if that
is another than of the page before.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dedup.index import scripts
from dedup.index.connection import Client, call
from dedup.index.keys import SHARDS, Keys

PAGE: Final = 1000
"""Ids looked at per call of a script, which nobody else is served meanwhile: 2 ms."""


def list_versions(client: Client, keys: Keys) -> NDArray[np.uint64]:
    """Numbers of all current versions, uint64, in the order in which their texts came.

    An article that is there from the beginning to the end is among them, under a number
    that it had in between. Takes 70 bytes of memory each, to sort them.
    """
    pages = [page for shard in range(SHARDS) for page in list_pages(client, keys, shard)]
    # An id may be on two pages: the server's hash has grown in between.
    versions = np.unique(np.concatenate(pages), axis=0)
    return versions[:, 1].copy()


def list_pages(client: Client, keys: Keys, shard: int) -> Iterator[NDArray[np.uint64]]:
    """When a text came, microseconds, and its version's number: uint64, shape (n, 2) a page."""
    names = keys.ids(shard), keys.records(shard)
    first: bytes | None = None
    cursor = b"0"
    while True:
        process, after, versions = call(client, "EVAL", scripts.LIST, 2, *names, cursor, PAGE)
        if first not in (None, process):
            first, cursor = None, b"0"
            continue
        yield np.array(versions.split(), dtype=bytes).astype(np.uint64).reshape(-1, 2)
        if after == b"0":
            return
        first, cursor = process, after
