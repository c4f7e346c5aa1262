"""What a server, its dump and its files hold of articles, wherever it stands.

A value or a file is looked at as it is, and so is every zstd frame in it, unpacked: texts
are stored as frames. Compressed otherwise are the strings of a dump, unless the server is
told not to (``rdbcompression no``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import redis
import zstandard

from dedup.index.compression import FRAME_MAGIC, decompress
from dedup.index.keys import NUMBER_BITS
from dedup.index.postings import ENTRY_BYTES

Client = redis.Redis | redis.RedisCluster


def words_in(held: Iterable[bytes], words: Iterable[str]) -> set[str]:
    """Those of the words that stand in something that is held, in whatever case."""
    wanted = {word: word.casefold().encode() for word in words}
    found: set[str] = set()
    for seen in held:
        folded = seen.decode("utf-8", "replace").casefold().encode()
        found.update(word for word, spelled in wanted.items() if spelled in folded)
    return found


def on_server(client: Client, prefix: str) -> Iterator[bytes]:
    """All keys of an index, and what they hold."""
    for key in client.scan_iter(f"*{prefix}:*", count=10_000):
        yield key
        for value in _values(client, key):
            yield from unpacked(value)


def _values(client: Client, key: bytes) -> Iterator[bytes]:
    kind = client.type(key)
    if kind == b"string":
        yield client.get(key)
    elif kind == b"hash":
        for pair in client.hgetall(key).items():
            yield from pair
    else:
        assert kind == b"zset", kind
        yield from client.zrange(key, 0, -1)


def in_files(directory: Path) -> Iterator[bytes]:
    """All files below a directory."""
    for path in directory.rglob("*"):
        if path.is_file():
            yield from unpacked(path.read_bytes())


def unpacked(data: bytes) -> Iterator[bytes]:
    """Bytes, and every frame that begins in them."""
    yield data
    for frame in re.finditer(re.escape(FRAME_MAGIC), data):
        with suppress(zstandard.ZstdError):
            yield decompress(data[frame.start() :])


def numbers_without_record(client: Client, prefix: str) -> set[int]:
    """Numbers that postings of any family, links or expiries have, and no record."""
    with_record, named = set(), set()
    for key in client.scan_iter(f"{{{prefix}:*}}:*", count=10_000):
        _, _, name = key.decode().partition("}:")
        if name.startswith("n:"):
            with_record.add(int(name[2:]))
        elif name.startswith("l:"):
            named.add(int(name[2:]))
        elif name == "expiries":
            named.update(map(int, client.zrange(key, 0, -1)))
        elif client.type(key) == b"zset":
            named.update(map(_number, client.zrange(key, 0, -1)))
    return named - with_record


def _number(entry: bytes) -> int:
    assert len(entry) == ENTRY_BYTES
    return int.from_bytes(entry) % (1 << NUMBER_BITS)
