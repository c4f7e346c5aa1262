"""Which labelled pairs an index brings together, by families of keys and by size of the index.

    python benchmarks/candidate_recall.py --data DIR [--background FILE]
        [--planted 500] [--emulate 1000000] [--bucket-limit 64]

DIR holds one folder per labelled set, each with ``docs.jsonl`` (id, text, lang, article) and
``pairs.jsonl`` (a, b, label). All documents of the language and the background go into one
index, an in-memory join over keys, and each side of a labelled pair is sought from the other.
``--planted`` seeks as many articles by each kind of edit besides (``planted_queries``).

**Ranking.** As in the index: a shared key weighs 1 - ln(l) / ln(2^20), with l entries in its
bucket, and a passage's twice that. The sought one is found if fewer than ``--limit`` others weigh
as much or more.

**Fairness.** 130 translations of one article are all right answers to each other. So other
relatives of the one asked about are left out of buckets and ranking. Relatives are documents of
one ``article``, those joined by labels of derivation, and those that share a third of a document's
passages (nobody has labelled all copies in newswire).

**Age.** Of a bucket with more entries than ``--bucket-limit`` the older and the newer half of
so many are read. Documents are shuffled, so the sought one is of any age.

**Size.** ``--emulate N`` tells what is found in an index of N articles that are like these: each
unrelated document then stands for s = N / documents of them, in buckets and in the ranking. Of the
(s - 1) m that a bucket of m has more, those are older than a document that are in proportion to
its age.
"""

from __future__ import annotations

import argparse
import io
import json
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

import numpy as np
import zstandard
from numpy.typing import NDArray
from planted_queries import BOILERPLATE, LENGTH, WORD, Planted, Planter, Row

from dedup.config import FingerprintSettings
from dedup.fingerprint import fingerprint
from dedup.index.postings import BUCKET_END
from dedup.index.ranking import PASSAGE_FACTOR, RARITY_SCALE
from dedup.model import CONTENT, FAMILIES, PASSAGES, WORDING, ArticleKeys
from dedup.normalize import normalize

DERIVED = ("retranslation", "copy", "partial_copy")
CUT_OFFS = (1, 2, 3, 4, 6, 8)
BATCH = 500
"""Texts per call."""

CARRIERS = 500
"""Documents that carry the boilerplate which planted queries have before them."""

SAME = 1 / 3
"""Share of a document's passages from which another one is the same article."""

SETTINGS = replace(FingerprintSettings(), families=FAMILIES, content_bands=128)
"""All keys that any profile below chooses from."""


@dataclass(frozen=True)
class Profile:
    """A choice of keys: bands of wording and content, with passages or without."""

    wording: int = 0
    content: int = 0
    passages: bool = False

    @property
    def name(self) -> str:
        """``content 96 + passages``."""
        parts = [f"wording {self.wording}"] * (self.wording > 0)
        parts += [f"content {self.content}"] * (self.content > 0)
        return " + ".join(parts + ["passages"] * self.passages)

    def chooses(self, keys: ArticleKeys) -> NDArray[np.bool_]:
        """Which of a text's keys: bool, shape (n_keys,)."""
        chosen = (keys.families == PASSAGES) & self.passages
        for family, n_bands in ((WORDING, self.wording), (CONTENT, self.content)):
            chosen[np.flatnonzero(keys.families == family)[:n_bands]] = True
        return chosen


USUAL = Profile(content=FingerprintSettings().content_bands, passages=True)
PROFILES = (
    Profile(wording=32),
    Profile(passages=True),
    Profile(content=64),
    Profile(content=96),
    Profile(content=64, passages=True),
    USUAL,
    Profile(content=128, passages=True),
    Profile(wording=32, content=96, passages=True),
)


@dataclass(frozen=True)
class Pair:
    """A labelled pair, as positions in the corpus."""

    group: str
    label: str
    first: int
    second: int


@dataclass(frozen=True)
class Corpus:
    """All documents of one language, oldest first, and the labelled pairs among them."""

    texts: list[str]
    articles: list[object]
    pairs: list[Pair]


@dataclass(frozen=True)
class Query:
    """What is asked.

    Attributes:
        keys: Its keys.
        sought: Documents that must all be found, with the row in which they count.
        relatives: Documents that are right answers, sought or not.
    """

    keys: ArticleKeys
    sought: Sequence[tuple[Row, tuple[int, ...]]]
    relatives: NDArray[np.int64]


@dataclass(frozen=True)
class Bound:
    """How much of a bucket is read, and how many documents each one stands for.

    Attributes:
        name: The row of the table.
        limit: Entries read from a bucket.
        scale: Size of the emulated index by that of the corpus.
    """

    name: str
    limit: int
    scale: float = 1.0

    def reads(
        self, places: NDArray[np.int64], sizes: NDArray[np.int64], ages: NDArray[np.float64]
    ) -> NDArray[np.bool_]:
        """Whether the entries of some documents are read.

        Args:
            places: Older strangers in the entry's bucket.
            sizes: All other strangers in it.
            ages: Share of all documents that are older.
        """
        older = places + (self.scale - 1) * sizes * ages
        newer = self.scale * sizes - older
        return (older < self.limit // 2) | (newer < self.limit - self.limit // 2)

    def weights(self, buckets: Buckets) -> NDArray[np.float64]:
        """What the key of each entry weighs: float64, shape (n_entries,)."""
        entries = np.minimum(self.scale * buckets.sizes + 1, self.limit)
        return buckets.factors * (1 - np.log(entries) / np.log(RARITY_SCALE))


@dataclass(frozen=True)
class Hit:
    """What became of one thing sought: the worst of its documents.

    Attributes:
        collisions: Keys that are shared, and read.
        rank: 1 + documents that weigh as much or more.
    """

    collisions: int
    rank: float


@dataclass
class Results:
    """What one profile finds under one bound.

    Attributes:
        hits: Row -> hits.
        strangers: Per query: documents, none of them a relative, by least collisions.
        ranked: The same among the ``limit`` best.
    """

    hits: dict[Row, list[Hit]]
    strangers: list[list[int]]
    ranked: list[list[int]]


class KeyIndex:
    """Documents sorted by key, then by age: the columns of a join."""

    def __init__(self, rows: Sequence[ArticleKeys]) -> None:
        keys = np.concatenate([row.keys for row in rows])
        documents = np.repeat(np.arange(len(rows), dtype=np.int32), [len(row) for row in rows])
        order = np.argsort(keys, kind="stable")
        self.families = np.concatenate([row.families for row in rows])[order]
        self.keys, self.documents = keys[order], documents[order]
        self.size = len(rows)

    def entries(self, keys: NDArray[np.uint64]) -> tuple[NDArray[np.int32], NDArray[np.int64]]:
        """The documents in the buckets of keys, and the place of the key of each."""
        starts = np.searchsorted(self.keys, keys, "left")
        sizes = np.searchsorted(self.keys, keys, "right") - starts
        places = np.repeat(np.arange(len(keys)), sizes)
        within = np.arange(sizes.sum()) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        return self.documents[starts[places] + within], places

    def same(self, passages: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Documents with so many of a document's passages that they are the same article."""
        documents, _ = self.entries(passages)
        return np.flatnonzero(np.bincount(documents, minlength=1) >= SAME * len(passages))


def read_corpus(data: Path, lang: str, background: Path | None, seed: int = 1) -> Corpus:
    """All labelled sets below a folder and the background as one corpus, shuffled."""
    texts = [str(line["text"]) for line in read_lines(background)] if background else []
    articles: list[object] = [("background", number) for number in range(len(texts))]
    pairs = []
    for folder in sorted(path.parent for path in data.glob("*/pairs.jsonl")):
        numbers: dict[str, int] = {}
        for line in read_lines(folder / "docs.jsonl"):
            if line["lang"] == lang:
                numbers[str(line["id"])] = len(texts)
                texts.append(str(line["text"]))
                articles.append(line.get("article") or (folder.name, line["id"]))
        for line in read_lines(folder / "pairs.jsonl"):
            if line["a"] in numbers and line["b"] in numbers and line["label"] in DERIVED:
                first, second = numbers[str(line["a"])], numbers[str(line["b"])]
                pairs.append(Pair(folder.name, str(line["label"]), first, second))
    order = np.random.default_rng(seed).permutation(len(texts))
    age = np.argsort(order)
    return Corpus(
        [texts[number] for number in order],
        [articles[number] for number in order],
        [replace(each, first=int(age[each.first]), second=int(age[each.second])) for each in pairs],
    )


def read_lines(path: Path) -> Iterable[dict[str, object]]:
    """The objects of a JSON lines file, compressed or not."""
    with path.open("rb") as file:
        is_compressed = path.suffix == ".zst"
        raw = zstandard.ZstdDecompressor().stream_reader(file) if is_compressed else file
        for line in io.TextIOWrapper(raw, encoding="utf-8"):
            yield json.loads(line)


def families_of(corpus: Corpus) -> NDArray[np.int64]:
    """A number per document, equal for relatives: int64, shape (n_documents,)."""
    parents = list(range(len(corpus.texts)))

    def root(number: int) -> int:
        while parents[number] != number:
            parents[number] = parents[parents[number]]
            number = parents[number]
        return number

    firsts: dict[object, int] = {}
    for number, article in enumerate(corpus.articles):
        parents[root(number)] = root(firsts.setdefault(article, number))
    for pair in corpus.pairs:
        parents[root(pair.first)] = root(pair.second)
    return np.array([root(number) for number in range(len(parents))])


def key_rows(
    texts: Iterable[str], lang: str, settings: FingerprintSettings = SETTINGS
) -> Iterator[ArticleKeys]:
    """The keys of every text, of all families unless the settings say otherwise."""
    remaining = iter(texts)
    while batch := list(islice(remaining, BATCH)):
        clean = [normalize(text).text for text in batch]
        prints = fingerprint(clean, [lang] * len(clean), settings)
        yield from (prints.article_keys(number) for number in range(len(clean)))


def labelled_queries(
    corpus: Corpus, rows: Sequence[ArticleKeys], index: KeyIndex
) -> Iterator[Query]:
    """Every document that is in a pair, which seeks the others of its pairs."""
    family = families_of(corpus)
    members = defaultdict(list)
    for number, root in enumerate(family.tolist()):
        members[root].append(number)
    sought = defaultdict(list)
    for pair in corpus.pairs:
        row = Row("labelled", f"{pair.group}, {pair.label}")
        sought[pair.first].append((row, (pair.second,)))
        sought[pair.second].append((row, (pair.first,)))
    for number, listed in sought.items():
        same = index.same(rows[number].select(PASSAGES).keys)
        yield Query(rows[number], listed, np.union1d(members[family[number]], same))


def planted_queries(
    planted: Sequence[Planted], lang: str, rows: Sequence[ArticleKeys], index: KeyIndex
) -> Iterator[Query]:
    """Planted queries, with all documents that repeat what they were made of."""
    made = key_rows((each.text for each in planted), lang)
    for each, keys in zip(planted, made, strict=True):
        parts = (*each.sought, *each.hosts)
        same = [index.same(rows[part].select(PASSAGES).keys) for part in parts]
        relatives = np.unique(np.concatenate([np.array(parts), *same]))
        yield Query(keys, [(row, each.sought) for row in each.rows], relatives)


def measure(
    queries: Iterable[Query],
    index: KeyIndex,
    profiles: Sequence[Profile],
    bounds: Sequence[Bound],
    limit: int,
) -> dict[tuple[Profile, Bound], Results]:
    """Ask the index all queries."""
    measured = {
        (profile, bound): Results(defaultdict(list), [], [])
        for profile in profiles
        for bound in bounds
    }
    for query in queries:
        for profile in profiles:
            chosen = profile.chooses(query.keys)
            keys, key_families = query.keys.keys[chosen], query.keys.families[chosen]
            buckets = Buckets.of(keys, key_families, query.relatives, index)
            for bound in bounds:
                _ask(buckets, query, bound, limit, measured[profile, bound])
    return measured


@dataclass(frozen=True)
class Buckets:
    """All entries of a query's buckets.

    Attributes:
        documents: int32, shape (n_entries,).
        keys: int64, shape (n_entries,): the place of the entry's key among the query's.
        is_stranger: bool, shape (n_entries,): its document is no relative of the query.
        places: int64, shape (n_entries,): older strangers in its bucket.
        sizes: int64, shape (n_entries,): strangers in its bucket.
        factors: float64, shape (n_entries,): of its key's family.
        ages: float64, shape (n_entries,): share of all documents that are older.
    """

    documents: NDArray[np.int32]
    keys: NDArray[np.int64]
    is_stranger: NDArray[np.bool_]
    places: NDArray[np.int64]
    sizes: NDArray[np.int64]
    factors: NDArray[np.float64]
    ages: NDArray[np.float64]

    @classmethod
    def of(
        cls,
        keys: NDArray[np.uint64],
        families: NDArray[np.uint8],
        relatives: NDArray[np.int64],
        index: KeyIndex,
    ) -> Buckets:
        """Look keys up."""
        documents, places = index.entries(keys)
        is_stranger = ~np.isin(documents, relatives)
        sizes = np.bincount(places[is_stranger], minlength=len(keys))
        before = np.cumsum(is_stranger) - is_stranger - (np.cumsum(sizes) - sizes)[places]
        factors = np.where(families == PASSAGES, PASSAGE_FACTOR, 1.0)
        ages = documents / index.size
        return cls(documents, places, is_stranger, before, sizes[places], factors[places], ages)


def _ask(buckets: Buckets, query: Query, bound: Bound, limit: int, results: Results) -> None:
    weights = bound.weights(buckets)
    others = buckets.sizes - buckets.is_stranger
    is_read = bound.reads(buckets.places, others, buckets.ages)
    read = buckets.is_stranger & is_read
    strangers, inverse, collisions = np.unique(
        buckets.documents[read], return_inverse=True, return_counts=True
    )
    sums = np.bincount(inverse, weights[read], minlength=len(strangers))
    order = np.argsort(sums)
    ascending = sums[order]
    results.strangers.append([int((collisions >= least).sum()) for least in CUT_OFFS])
    best = collisions[order[-limit:]]
    results.ranked.append([int((best >= least).sum()) for least in CUT_OFFS])
    for row, documents in query.sought:
        hits = []
        for document in documents:
            own = (buckets.documents == document) & is_read
            weight = weights[own].sum()
            # Sums of the same weights in another order are ties all the same.
            ahead = len(ascending) - np.searchsorted(ascending, weight - 1e-9)
            hits.append(Hit(int(own.sum()), 1 + ahead * bound.scale))
        results.hits[row].append(
            Hit(min(hit.collisions for hit in hits), max(hit.rank for hit in hits))
        )


def found(hits: Sequence[Hit], limit: float, least: int = 1) -> float:
    """Share of the hits among the ``limit`` best, with at least so many collisions."""
    return float(np.mean([hit.collisions >= least and hit.rank <= limit for hit in hits]))


def show(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a Markdown table."""
    print("\n| " + " | ".join(head) + " |\n|" + "---|" * len(head))
    for row in rows:
        print("| " + " | ".join(str(cell) for cell in row) + " |")


def figure(share: float) -> str:
    """``.9982``."""
    return f"{share:.4f}".removeprefix("0")


def show_profiles(
    measured: Mapping[tuple[Profile, Bound], Results], bound: Bound, limit: int
) -> None:
    """What each profile finds, row by row."""
    profiles = [profile for profile, other in measured if other == bound]
    print(f"\nAmong the {limit} best of {bound.name}:")
    for table, rows in tables(measured[profiles[0], bound]).items():
        cells = []
        for row in rows:
            columns = [measured[profile, bound].hits[row] for profile in profiles]
            shares = [figure(found(hits, limit)) for hits in columns]
            cells.append((row.name, f"{len(columns[0]):,}", *shares))
        show([table, "sought", *(profile.name for profile in profiles)], cells)


def show_sizes(
    measured: Mapping[tuple[Profile, Bound], Results], bounds: Sequence[Bound], limit: int
) -> None:
    """What the usual profile finds, by size of the index."""
    print(f"\nAmong the {limit} best, {USUAL.name}:")
    for table, rows in tables(measured[USUAL, bounds[0]]).items():
        if table != LENGTH:
            cells = [
                (
                    row.name,
                    *(figure(found(measured[USUAL, each].hits[row], limit)) for each in bounds),
                )
                for row in rows
            ]
            show([table, *(bound.name for bound in bounds)], cells)


def show_cut_offs(results: Results, limit: int) -> None:
    """What demanding more collisions keeps, and whom it spares the comparison."""
    print(f"\nFound among the {limit} best with at least so many shared keys, {USUAL.name}:")
    cells: list[tuple[str, ...]] = []
    for row in next(iter(tables(results).values())):
        hits = results.hits[row]
        p1, p50 = np.quantile([hit.collisions for hit in hits], [0.01, 0.5])
        shares = (figure(found(hits, limit, least)) for least in CUT_OFFS)
        cells.append((row.name, *shares, f"{p1:.0f} / {p50:.0f}"))
    for name, counts in (("strangers", results.strangers), (f"among {limit}", results.ranked)):
        cells.append((name, *(f"{mean:.1f}" for mean in np.mean(counts, axis=0)), ""))
    show(["", *map(str, CUT_OFFS), "shared, p1 / p50"], cells)


def tables(results: Results) -> dict[str, list[Row]]:
    """The rows of every table, in the order of their words and of the numbers in them."""

    def order(row: Row) -> list[str | float]:
        parts = re.split(r"(\.?\d+)", row.name)
        return [float(part) if place % 2 else part for place, part in enumerate(parts)]

    listed: dict[str, list[Row]] = defaultdict(list)
    for row in sorted(results.hits, key=order):
        listed[row.table].append(row)
    return dict(sorted(listed.items()))


def show_buckets(index: KeyIndex, limit: int) -> None:
    """How full buckets are, seen from an entry."""
    _, counts = np.unique(index.keys, return_counts=True)
    sizes = np.repeat(counts, counts)
    rows = []
    for number, name in enumerate(FAMILIES):
        own = sizes[index.families == number]
        p50, p90, p99 = np.quantile(own, [0.5, 0.9, 0.99])
        rows.append(
            (
                name,
                f"{len(own) / index.size:.1f}",
                f"{p50:.0f}",
                f"{p90:.0f}",
                f"{p99:.0f}",
                own.max(),
                figure(float(np.mean(own > limit))),
            )
        )
    head = ["keys per article", "p50", "p90", "p99", "max", f"in buckets of more than {limit}"]
    show(["entries in an entry's bucket", *head], rows)


def main() -> None:
    """Measure and print."""
    options = read_options()
    corpus = read_corpus(options.data, options.lang, options.background)
    n_documents = len(corpus.texts)
    planter = prepare(corpus) if options.planted else None
    rows = list(key_rows(corpus.texts, options.lang))
    index = KeyIndex(rows)
    print(f"{n_documents:,} documents, {len(corpus.pairs):,} pairs")
    show_buckets(index, options.bucket_limit)
    bounds = [Bound(f"{n_documents:,} documents, all read", 2 * n_documents)]
    bounds += [
        Bound(
            f"{size:,} documents, {options.bucket_limit} read",
            options.bucket_limit,
            size / n_documents,
        )
        for size in (n_documents, *options.emulate)
    ]
    asked = [list(labelled_queries(corpus, rows, index))]
    if planter:
        planted = list(planter.plant(options.planted))
        asked.append(list(planted_queries(planted, options.lang, rows, index)))
    for queries in asked:
        first = measure(queries, index, PROFILES, bounds[1:2], options.limit)
        show_profiles(first, bounds[1], options.limit)
        measured = measure(queries, index, (USUAL,), bounds, options.limit)
        show_sizes(measured, bounds, options.limit)
        show_cut_offs(measured[USUAL, bounds[1]], options.limit)


def prepare(corpus: Corpus) -> Planter:
    """Put boilerplate before some documents that are in no pair; queries are made of the others."""
    paired = {number for pair in corpus.pairs for number in (pair.first, pair.second)}
    free = [number for number in range(len(corpus.texts)) if number not in paired]
    origin = next(n for n in free if len(WORD.findall(corpus.texts[n])) >= BOILERPLATE)
    words = list(WORD.finditer(corpus.texts[origin]))
    boilerplate = corpus.texts[origin][: words[BOILERPLATE - 1].end()]
    carriers = [number for number in free if number != origin][:CARRIERS]
    for number in carriers:
        corpus.texts[number] = f"{boilerplate}\n\n{corpus.texts[number]}"
    unfit = {origin, *carriers}
    return Planter(corpus.texts, [number for number in free if number not in unfit], boilerplate)


def read_options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="Measure candidate recall on labelled sets.")
    add = parser.add_argument
    add("--data", type=Path, required=True, help="folder of folders with labelled sets")
    add("--lang", default="en", help="language of the documents taken (default: en)")
    add("--limit", type=int, default=50, help="candidates compared per article (default: 50)")
    add("--background", type=Path, help="further documents: JSON lines, .zst or not")
    add("--planted", type=int, default=0, help="queries per kind of edit (default: none)")
    add("--emulate", type=int, nargs="+", default=[], help="sizes of larger indexes")
    add(
        "--bucket-limit",
        type=int,
        default=2 * BUCKET_END,
        help="entries read of a bucket (default: %(default)s)",
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
