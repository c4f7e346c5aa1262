"""What one call of the index costs, and what one article takes.

    python benchmarks/index_roundtrips.py --articles 10000
    python benchmarks/index_roundtrips.py --articles 10000 --group-bits 13

Runs the product's index on its embedded server in a temporary directory. Keys are random,
as many per article as the default settings make, none shared. Texts are the seeds', in turn.
An index grows into its groups: 2**13 groups hold of 10,000 articles what the default 2**17 hold
of 160,000. Prints Markdown tables; nothing else should run on the machine meanwhile.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import numpy as np
import redis
from numpy.typing import NDArray

from dedup.config import Settings
from dedup.index import scripts
from dedup.index.base import Stored
from dedup.index.embedded import start
from dedup.index.figures import Indexed
from dedup.index.keys import SHARDS, Keys
from dedup.index.postings import pack_entries, pack_ranges, place
from dedup.index.redis_index import RedisIndex
from dedup.model import CONTENT, Article, ArticleKeys, Language

SEEDS = Path(__file__).parent.parent / "seeds"
SETTINGS = Settings()
N_KEYS = SETTINGS.fingerprint.content_bands + 24  # passages of an article of 600 words
COMPARED = SETTINGS.limits.max_compared
ASKED = 2000
SHARD_COUNTS = (1, 4, SHARDS, 64)

AllKeys = NDArray[np.uint64]


def main() -> None:
    """Fill an index and time each call; then the scripts alone over other shard counts."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--articles", type=int, default=10_000)
    parser.add_argument("--group-bits", type=int, default=SETTINGS.index.group_bits)
    wanted = parser.parse_args()
    group_bits = wanted.group_bits
    settings = replace(SETTINGS, index=replace(SETTINGS.index, group_bits=group_bits))
    generator = np.random.default_rng(1)
    keys = generator.integers(0, 2**64, (wanted.articles, N_KEYS), dtype=np.uint64)
    asked = generator.integers(0, wanted.articles, ASKED).tolist()
    with (
        tempfile.TemporaryDirectory() as directory,
        start(Path(directory)) as server,
        redis.Redis.from_url(server.url) as client,
        closing(RedisIndex.connect(server.url, settings)) as index,
    ):
        print(f"{wanted.articles:,} articles, {N_KEYS} keys each, 2**{group_bits} groups\n")
        measure_calls(index, client, keys, asked)
        print("\n| shards | insert p50 ms | query p50 ms | with EVALSHA |\n|---|---|---|---|")
        for shards in SHARD_COUNTS:
            client.flushall()
            measure_shards(client, shards, group_bits, keys, asked)


def measure_calls(index: RedisIndex, client: redis.Redis, keys: AllKeys, asked: list[int]) -> None:
    """Print what the index's own calls cost, and its size."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(SEEDS.glob("*.txt"))]
    numbers: list[int] = []

    def put(n: int) -> None:
        article = Article(f"article-{n}", texts[n % len(texts)])
        numbers.append(index.put(article, Language("en", None, "declared"), keys[n]).stored.number)

    index.ping()
    empty = client.info("memory")["used_memory"]
    print("| call | p50 ms | p99 ms | server CPU µs |\n|---|---|---|---|")
    row(client, "put", put, range(len(keys)))
    full = client.info("memory")["used_memory"]
    row(client, "candidates", lambda n: index.nearby(content_keys(keys[n]), COMPARED), asked)
    row(client, f"fetch {COMPARED}", lambda n: index.fetch(numbers[n : n + COMPARED]), asked)
    row(client, "find", lambda n: index.find(f"article-{n}"), asked)
    stats = index.stats(lambda stored: Indexed(content_keys(keys[_number(stored)]), ()))
    print("\n| bytes per article | |\n|---|---|")
    for part, size in stats.bytes_by_part.items():
        print(f"| {part} (estimated) | {size / stats.articles:,.0f} |")
    print(f"| all, as the server counts | {(full - empty) / stats.articles:,.0f} |")
    print(f"| text as submitted | {np.mean([len(text.encode()) for text in texts]):,.0f} |")


def content_keys(keys: NDArray[np.uint64]) -> ArticleKeys:
    """Keys as if all were of the content family."""
    families = np.full(len(keys), CONTENT, dtype=np.uint8)
    return ArticleKeys(keys, families, np.full(len(keys), -1, dtype=np.int32))


def _number(stored: Stored) -> int:
    return int(stored.article.id.removeprefix("article-"))


def measure_shards(
    client: redis.Redis, shards: int, group_bits: int, keys: AllKeys, asked: list[int]
) -> None:
    """Print what writing and reading postings alone costs over so many shards."""
    names = Keys(SETTINGS.index.prefix)
    digest = client.script_load(scripts.SEARCH)

    def send(command: str, script: str, packed: Iterable[tuple[int, bytes]], *rest: int) -> None:
        with client.pipeline(transaction=False) as pipeline:
            for shard, argument in packed:
                pipeline.execute_command(command, script, 1, names.groups(shard), argument, *rest)
            pipeline.execute()

    def insert(n: int) -> None:
        send("EVAL", scripts.ADD, pack_entries(place(keys[n], group_bits, shards), n))

    def query(n: int, command: str = "EVAL", script: str = scripts.SEARCH) -> None:
        send(command, script, pack_ranges(place(keys[n], group_bits, shards)), COMPARED)

    times = (
        timed(insert, range(len(keys))),
        timed(query, asked),
        timed(lambda n: query(n, "EVALSHA", digest), asked),
    )
    print(f"| {shards} |", " | ".join(f"{np.median(each) * 1e3:.2f}" for each in times), "|")


def row(
    client: redis.Redis, name: str, call: Callable[[int], object], arguments: Iterable[int]
) -> None:
    """Print a call's wall time, and the server's CPU time in it."""
    before = cpu_seconds(client)
    seconds = timed(call, arguments)
    server = (cpu_seconds(client) - before) / len(seconds) * 1e6
    p50, p99 = np.percentile(seconds, [50, 99]) * 1e3
    print(f"| {name} | {p50:.2f} | {p99:.2f} | {server:.0f} |", flush=True)


def timed(call: Callable[[int], object], arguments: Iterable[int]) -> list[float]:
    """Seconds of each call."""
    seconds = []
    for argument in arguments:
        began = time.perf_counter()
        call(argument)
        seconds.append(time.perf_counter() - began)
    return seconds


def cpu_seconds(client: redis.Redis) -> float:
    """CPU time that the server has used."""
    used = client.info("cpu")
    return float(used["used_cpu_user"] + used["used_cpu_sys"])


if __name__ == "__main__":
    main()
