"""The index side by side with datasketch's ``MinHashLSH`` on the same server, in one run.

    python benchmarks/index.py --corpus FILE --articles 10000,100000,1000000

For each size both are filled; then they take turns, 50 calls each, over articles that neither has
seen. Our keys are those of the default settings (96 content bands, about 23 passages); datasketch
has 25 bands of 5 rows, what it chooses itself for a threshold of .5 and 128 permutations.

**Articles.** FILE holds JSON lines with an English ``text`` each, .zst or not. Those asked about
are in it. Beyond as many as it holds, the index is filled with keys drawn such that buckets
grow as measured (``index_growth``); without FILE all are drawn. Their signatures for datasketch are
random: no two of them share a bucket there.

**Filling.** Without the server's append-only file, and without records: postings and ids by the
product's own script. datasketch is filled by its ``insertion_session``, with ``--datasketch``
articles at most; its calls take the same time whatever it holds. Timed calls are whole: ``put``
stores the text too, and the file is written, synced every second, as the embedded server has it.

**Counting.** A round trip is what is sent to the socket at once. Client CPU is this process's,
server CPU what ``INFO`` tells, bytes are differences of its ``used_memory``.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from itertools import chain, islice, repeat
from pathlib import Path

import numpy as np
import redis
from candidate_recall import BATCH, read_lines, show
from datasketch import MinHash, MinHashLSH
from index_cost import Call, Cost, Traffic, counted, take_turns, unwritten, used_memory
from index_growth import N_BANDS, Population, article_id, fill, grow
from numpy.typing import NDArray

from dedup.config import Settings
from dedup.fingerprint import fingerprint
from dedup.fingerprint.exchange import to_minhash
from dedup.index.connection import connect
from dedup.index.embedded import start
from dedup.index.keys import SHARDS, Keys
from dedup.index.ranking import Nearby
from dedup.index.redis_index import RedisIndex
from dedup.index.sizing import group_bits_for
from dedup.model import CONTENT, WORDING, Article, ArticleKeys, Language
from dedup.normalize import normalize

SEED_TEXTS = sorted((Path(__file__).parent.parent / "seeds").glob("*.txt"))
SETTINGS = Settings()
COMPARED = SETTINGS.limits.max_compared
PRINTS = replace(SETTINGS.fingerprint, families=("wording", "content", "passages"))
"""Wording for datasketch: bit-identical to the signature of its own ``MinHash``."""

SIGNATURE_BYTES = 4 * PRINTS.permutations
THRESHOLD = 0.5
ENGLISH = Language("en", None, "declared")

COPIES = (20, 10_000)
CARRIERS = 1_000
"""Articles that share a block of boilerplate."""

BLOCK_WORDS = 200
ASKED_AGAIN = 1_000
"""Times that one article is asked about."""


@dataclass(frozen=True)
class Articles:
    """Articles with what either side indexes them under."""

    texts: list[str]
    keys: list[ArticleKeys]
    signatures: NDArray[np.uint32]

    def __getitem__(self, chosen: slice) -> Articles:
        return Articles(self.texts[chosen], self.keys[chosen], self.signatures[chosen])

    def __len__(self) -> int:
        return len(self.texts)


class Bench:
    """A server with a client of either side, both of which count what they send."""

    def __init__(self, url: str) -> None:
        self.server = redis.Redis.from_url(url)
        self.ours, self.theirs = Traffic(), Traffic()
        client = connect(url)
        if not isinstance(client, redis.Redis):
            raise SystemExit("datasketch works on one server only, not on a cluster")
        counted(client.connection_pool, self.ours)
        self._client = client
        self._pool = counted(redis.ConnectionPool.from_url(url), self.theirs)

    def index(self, articles: int, prefix: str) -> RedisIndex:
        """An index laid out for so many articles."""
        group_bits = group_bits_for(articles, SETTINGS.fingerprint)
        laid_out = replace(SETTINGS.index, prefix=prefix, group_bits=group_bits)
        return RedisIndex(self._client, replace(SETTINGS, index=laid_out))

    def datasketch(self) -> MinHashLSH:
        """Datasketch's index, as it chooses it itself."""
        storage = {"connection_pool": self._pool}
        return MinHashLSH(
            threshold=THRESHOLD,
            num_perm=PRINTS.permutations,
            storage_config={"type": "redis", "basename": b"datasketch", "redis": storage},
        )

    def close(self) -> None:
        """Close all connections."""
        self._client.close()
        self._pool.close()
        self.server.close()


def main() -> None:
    """Measure every size; then copies of one article, and boilerplate."""
    options = read_options()
    articles = read_articles(options.corpus, options.asked)
    asked, known = articles[: options.asked], articles[options.asked :]
    for size in options.articles:
        with bench_at(options.redis) as bench:
            measure_size(bench, size, asked, known, options.datasketch)
    with bench_at(options.redis) as bench:
        measure_copies(bench, asked)
        if known.texts:
            measure_boilerplate(bench, [*asked.texts, *known.texts])


@contextmanager
def bench_at(url: str | None) -> Iterator[Bench]:
    """The server named, emptied, or an embedded one in a temporary directory."""
    if url is None:
        with (
            tempfile.TemporaryDirectory() as directory,
            start(Path(directory)) as server,
            closing(Bench(server.url)) as bench,
        ):
            yield bench
    else:
        with closing(Bench(url)) as bench:
            bench.server.flushall()
            yield bench


# Articles


def read_articles(corpus: Path | None, asked: int) -> Articles:
    """Those of a file in random order, or ``asked`` drawn ones with the seeds' texts."""
    if corpus is None:
        seeds = [path.read_text(encoding="utf-8") for path in SEED_TEXTS]
        population = grow([], asked)
        keys = [population.of(n) for n in range(asked)]
        return Articles([seeds[n % len(seeds)] for n in range(asked)], keys, random(asked))
    texts = [str(line["text"]) for line in read_lines(corpus)]
    return fingerprinted([texts[n] for n in np.random.default_rng(1).permutation(len(texts))])


def fingerprinted(texts: Sequence[str]) -> Articles:
    """Texts that have keys of every content band, with all that is made of them."""
    kept, rows, signatures = [], [], []
    for first in range(0, len(texts), BATCH):
        batch = texts[first : first + BATCH]
        prints = fingerprint([normalize(text).text for text in batch], ["en"] * len(batch), PRINTS)
        for n, text in enumerate(batch):
            keys = prints.article_keys(n)
            if len(keys.select(CONTENT)) == N_BANDS:
                kept.append(text)
                rows.append(without_wording(keys))
                signatures.append(prints.signatures["wording"][n])
    return Articles(kept, rows, np.array(signatures))


def without_wording(keys: ArticleKeys) -> ArticleKeys:
    """The keys of the default families."""
    ours = keys.families != WORDING
    return ArticleKeys(keys.keys[ours], keys.families[ours], keys.starts[ours])


def random(articles: int) -> NDArray[np.uint32]:
    """Signatures of articles that have nothing in common: uint32, shape (articles, permutations)."""
    shape = (articles, PRINTS.permutations)
    return np.random.default_rng(1).integers(0, 2**32, shape, dtype=np.uint32)


# Size and calls


def measure_size(bench: Bench, size: int, asked: Articles, known: Articles, most: int) -> None:
    """Fill both sides with ``size`` articles, print what they take, and what calls cost."""
    prefix = SETTINGS.index.prefix
    index, lsh = bench.index(size, prefix), bench.datasketch()
    group_bits = index.settings.index.group_bits
    drawn = max(0, size - len(known))
    print(f"\n{size:,} articles, {drawn:,} of them drawn, in 2^{group_bits} groups")
    with unwritten(bench.server):
        show(
            ["bytes per article", "ours", "datasketch"],
            [
                *weigh_ours(bench, grow(known.keys, size), Keys(prefix), group_bits),
                *weigh_theirs(bench, lsh, known, min(size, most)),
            ],
        )
    measure_calls(bench, index, lsh, asked)


def weigh_ours(
    bench: Bench, population: Population, keys: Keys, group_bits: int
) -> Iterator[tuple[str, ...]]:
    """Fill our index; rows of what an article takes."""
    before = used_memory(bench.server)
    entries = fill(bench.server, keys, population, group_bits)
    size = len(population)
    taken = used_memory(bench.server) - before
    ids = sum(bench.server.memory_usage(keys.ids(n), samples=0) or 0 for n in range(SHARDS))
    for family, count in entries.items():
        # An entry takes the same room whatever its family is.
        postings = (taken - ids) * count / sum(entries.values())
        yield f"{family}, {count / size:.0f} entries", f"{postings / size:,.0f}", ""
    yield "id", f"{ids / size:,.0f}", ""
    yield "all (ours needs no signature)", f"{taken / size:,.0f}", ""
    yield "all and a signature", f"{taken / size + SIGNATURE_BYTES:,.0f}", ""


def weigh_theirs(
    bench: Bench, lsh: MinHashLSH, known: Articles, size: int
) -> Iterator[tuple[str, ...]]:
    """Fill datasketch's index; rows of what an article takes."""
    before = used_memory(bench.server)
    drawn = random(max(0, size - len(known)))
    with lsh.insertion_session() as session:
        for n, signature in enumerate(islice(chain(known.signatures, drawn), size)):
            session.insert(article_id(n), minhash(signature), check_duplication=False)
    taken = (used_memory(bench.server) - before) / size
    name = f"{lsh.b} bands of {lsh.r} rows, {size:,} articles"
    yield name, "", f"{taken:,.0f}"
    yield f"{name}, and a signature", "", f"{taken + SIGNATURE_BYTES:,.0f}"


def minhash(signature: NDArray[np.uint32]) -> MinHash:
    """A signature for datasketch."""
    return to_minhash(signature, PRINTS)


def measure_calls(bench: Bench, index: RedisIndex, lsh: MinHashLSH, asked: Articles) -> None:
    """Let both sides take turns, call by call, and print what they cost."""
    minhashes = [minhash(signature) for signature in asked.signatures]
    numbers: list[int] = []

    def put(n: int) -> None:
        article = Article(f"asked-{n}", asked.texts[n])
        numbers.append(index.put(article, ENGLISH, asked.keys[n].keys).stored.number)

    def delete(n: int) -> None:
        for version in index.unname(f"asked-{n}"):
            index.forget(version.number, asked.keys[n].keys)

    ours: dict[str, Callable[[int], object]] = {
        "insert": put,
        "query": lambda n: index.nearby(asked.keys[n], COMPARED, numbers[n]),
        f"fetch of {COMPARED}": lambda n: index.fetch(numbers[n : n + COMPARED]),
        "delete": delete,
    }
    theirs: dict[str, Callable[[int], object]] = {
        "insert": lambda n: lsh.insert(f"asked-{n}", minhashes[n]),
        "query": lambda n: lsh.query(minhashes[n]),
        "delete": lambda n: lsh.remove(f"asked-{n}"),
    }
    rows: list[tuple[str, ...]] = []
    for name, does in ours.items():
        calls = {"ours": Call(does, bench.ours)}
        if name in theirs:
            calls["datasketch"] = Call(theirs[name], bench.theirs)
        costs = take_turns(bench.server, calls, range(len(asked)))
        rows += [(f"{name}, {side}", *cost.cells()) for side, cost in costs.items()]
        if name in theirs:
            rows.append(("datasketch / ours", *costs["datasketch"].over(costs["ours"])))
    show(["", *Cost.HEAD], rows)


# Buckets that are full


def measure_copies(bench: Bench, asked: Articles) -> None:
    """Ask a family of thousands and one of twenty for the same article."""
    keys = asked.keys[0]
    indexes = {copies: bench.index(max(COPIES), f"of-{copies}") for copies in COPIES}
    firsts = {copies: put_all(of, repeat(keys, copies))[0] for copies, of in indexes.items()}
    calls = {
        f"{copies:,} copies": Call(lambda _, of=of: of.nearby(keys, COMPARED), bench.ours)
        for copies, of in indexes.items()
    }
    costs = take_turns(bench.server, calls, range(ASKED_AGAIN))
    few, many = costs.values()
    rows = [(name, *cost.cells()) for name, cost in costs.items()]
    show(["query", *Cost.HEAD], [*rows, ("many / few", *many.over(few))])
    for copies, of in indexes.items():
        candidates = of.nearby(keys, COMPARED).candidates
        named = firsts[copies] in [candidate.number for candidate in candidates]
        print(f"of {copies:,} copies {len(candidates)} are candidates, the first one: {named}")


def measure_boilerplate(bench: Bench, texts: Sequence[str]) -> None:
    """Ask for articles that share a block with a thousand others, with and without it."""
    block = " ".join(max((p.read_text() for p in SEED_TEXTS), key=len).split()[:BLOCK_WORDS])
    plain = texts[: 2 * CARRIERS]
    carriers = fingerprinted([f"{block}\n\n{text}" for text in plain])
    index = bench.index(CARRIERS, "carriers")
    put_all(index, carriers.keys[:CARRIERS])
    show(
        ["query", *Cost.HEAD, "passages told as boilerplate", "candidates scoring > 1"],
        [
            ask_carriers(bench, index, "without the block", fingerprinted(plain).keys[CARRIERS:]),
            ask_carriers(bench, index, "with it", carriers.keys[CARRIERS:]),
        ],
    )


def ask_carriers(
    bench: Bench, index: RedisIndex, name: str, asked: Sequence[ArticleKeys]
) -> tuple[str, ...]:
    """Ask for articles; a row of what it costs and finds."""
    found: list[Nearby] = []
    call = Call(lambda n: found.append(index.nearby(asked[n], COMPARED)), bench.ours)
    cost = take_turns(bench.server, {name: call}, range(len(asked)))[name]
    passages = np.mean([len(each.boilerplate) for each in found])
    compared = np.mean([sum(one.score > 1 for one in each.candidates) for each in found])
    return name, *cost.cells(), f"{passages:.1f}", f"{compared:.1f}"


def put_all(index: RedisIndex, keys: Iterable[ArticleKeys]) -> list[int]:
    """Put articles as the product does, each with a query after it; their numbers."""
    numbers = []
    for n, each in enumerate(keys):
        stored = index.put(Article(article_id(n), "text"), ENGLISH, each.keys).stored
        index.nearby(each, COMPARED, stored.number)
        numbers.append(stored.number)
    return numbers


def read_options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    add = parser.add_argument
    sizes = "articles in the index, several sizes separated by commas (default: 10,000)"
    add("--articles", type=numbers_in, default=[10_000], help=sizes)
    add("--corpus", type=Path, help="English articles: JSON lines, .zst or not (default: drawn)")
    add("--asked", type=int, default=1_000, help="articles asked about (default: %(default)s)")
    add("--datasketch", type=int, default=100_000, help="most articles in it (default: 100,000)")
    add("--redis", help="address of a server, which is EMPTIED (default: an embedded one)")
    return parser.parse_args()


def numbers_in(listed: str) -> list[int]:
    """``10000,100000`` as numbers."""
    return [int(number) for number in listed.split(",")]


if __name__ == "__main__":
    main()
