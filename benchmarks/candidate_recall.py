"""Which labelled pairs share index keys, how many others do, and how the collisions rank.

    python benchmarks/candidate_recall.py --data DIR [--background FILE] [--bucket-limit 64]

DIR holds one folder per labelled set, each with ``docs.jsonl`` (id, text, lang, article) and
``pairs.jsonl`` (a, b, label). All documents of the language go into one index, an in-memory
join over keys, and every document that is in a pair is asked about. ``--background`` makes
the index larger with documents that nobody asks about. Of a pair, each side is
found if it is among the ``--limit`` documents that share most keys with the other side; a
tie counts against it.

Versions of one article crowd each other out (130 translations of one text are all right
answers to each other). So recall is given twice: among all documents, and with the asked
one's other relatives left out. Relatives are documents of one ``article`` and those joined by
labels of derivation.
"""

from __future__ import annotations

import argparse
import io
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import zstandard
from numpy.typing import NDArray

from dedup.config import FingerprintSettings, IndexSettings
from dedup.fingerprint import fingerprint
from dedup.normalize import normalize

DERIVED = ("retranslation", "copy", "partial_copy")
DEPTHS = (1, 10, 20, 50)
CUT_OFFS = range(1, 9)
BATCH = 500
"""Texts per call."""


@dataclass(frozen=True)
class Pair:
    """A labelled pair, as positions in the corpus."""

    group: str
    label: str
    first: int
    second: int


@dataclass(frozen=True)
class Corpus:
    """All documents of one language, and the labelled pairs among them."""

    texts: list[str]
    articles: list[object]
    pairs: list[Pair]


@dataclass(frozen=True)
class KeyIndex:
    """Documents sorted by key: the columns of a join.

    Attributes:
        keys: uint64, shape (n_entries,), ascending.
        documents: int64, shape (n_entries,): whose key that is.
    """

    keys: NDArray[np.uint64]
    documents: NDArray[np.int64]

    @classmethod
    def of(cls, rows: Sequence[NDArray[np.uint64]]) -> KeyIndex:
        """Index the keys of documents: ``rows[i]`` are those of document i."""
        keys = np.concatenate(rows)
        documents = np.repeat(np.arange(len(rows)), [len(row) for row in rows])
        order = np.argsort(keys, kind="stable")
        return cls(keys[order], documents[order])

    def collisions(self, keys: NDArray[np.uint64], size: int) -> NDArray[np.int64]:
        """Shared keys with each of ``size`` documents: int64, shape (size,)."""
        bounds = zip(
            np.searchsorted(self.keys, keys, "left"),
            np.searchsorted(self.keys, keys, "right"),
            strict=True,
        )
        found = [self.documents[start:end] for start, end in bounds]
        return np.bincount(np.concatenate(found), minlength=size) if found else np.zeros(size, int)

    def bucket_sizes(self) -> NDArray[np.int64]:
        """Entries in each entry's bucket: int64, shape (n_entries,)."""
        _, counts = np.unique(self.keys, return_counts=True)
        return np.repeat(counts, counts)

    def newest(self, limit: int) -> KeyIndex:
        """The same with the last ``limit`` documents of each bucket only."""
        _, counts = np.unique(self.keys, return_counts=True)
        ends = np.repeat(np.cumsum(counts), counts)
        kept = np.arange(len(self.keys)) >= ends - limit
        return KeyIndex(self.keys[kept], self.documents[kept])


@dataclass(frozen=True)
class Hit:
    """One side of a labelled pair, sought from the other.

    Attributes:
        collisions: Keys that both share.
        rank: 1 + documents that share as many or more.
        fair_rank: The same without the query's other relatives.
    """

    collisions: int
    rank: int
    fair_rank: int


@dataclass(frozen=True)
class Results:
    """All hits by set and label, and how many unrelated documents collide.

    Attributes:
        hits: (set, label) -> hits.
        strangers: int64, shape (n_queries, len(CUT_OFFS)): documents, none of them a
            relative, with at least so many collisions.
        strangest: int64, shape (n_queries,): most collisions with such a document.
    """

    hits: dict[tuple[str, str], list[Hit]]
    strangers: NDArray[np.int64]
    strangest: NDArray[np.int64]


def read_corpus(data: Path, lang: str, background: Path | None) -> Corpus:
    """All labelled sets below a folder as one corpus, after the background if there is any."""
    texts = [str(line["text"]) for line in read_lines(background)] if background else []
    corpus = Corpus(texts, [("background", number) for number in range(len(texts))], [])
    for folder in sorted(path.parent for path in data.glob("*/pairs.jsonl")):
        numbers: dict[str, int] = {}
        for line in read_lines(folder / "docs.jsonl"):
            if line["lang"] == lang:
                numbers[str(line["id"])] = len(corpus.texts)
                corpus.texts.append(str(line["text"]))
                corpus.articles.append(line.get("article") or (folder.name, line["id"]))
        for line in read_lines(folder / "pairs.jsonl"):
            if line["a"] in numbers and line["b"] in numbers:
                first, second = numbers[str(line["a"])], numbers[str(line["b"])]
                corpus.pairs.append(Pair(folder.name, str(line["label"]), first, second))
    return corpus


def read_lines(path: Path) -> Iterable[dict[str, object]]:
    """The objects of a JSON lines file, compressed or not."""
    with path.open("rb") as file:
        is_compressed = path.suffix == ".zst"
        raw = zstandard.ZstdDecompressor().stream_reader(file) if is_compressed else file
        for line in io.TextIOWrapper(raw, encoding="utf-8"):
            yield json.loads(line)


def families(corpus: Corpus) -> NDArray[np.int64]:
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
        if pair.label in DERIVED:
            parents[root(pair.first)] = root(pair.second)
    return np.array([root(number) for number in range(len(parents))])


def key_rows(
    corpus: Corpus, lang: str, settings: FingerprintSettings
) -> dict[str, list[NDArray[np.uint64]]]:
    """The keys of every document, for each family and for both together."""
    rows = defaultdict(list)
    for start in range(0, len(corpus.texts), BATCH):
        texts = [normalize(text).text for text in corpus.texts[start : start + BATCH]]
        prints = fingerprint(texts, [lang] * len(texts), settings)
        split = settings.wording_bands
        for number, (has_shingle, has_term) in enumerate(prints.valid):
            rows["wording"].append(prints.keys[number, : split if has_shingle else 0])
            content = slice(split, None if has_term else split)
            rows["content"].append(prints.keys[number, content])
            rows["both"].append(prints.article_keys(number))
    return rows


def measure(corpus: Corpus, rows: Sequence[NDArray[np.uint64]], index: KeyIndex) -> Results:
    """Ask an index of all documents about every document in a pair."""
    family = families(corpus)
    asked = defaultdict(list)
    for pair in corpus.pairs:
        asked[pair.first].append((pair, pair.second))
        asked[pair.second].append((pair, pair.first))
    hits = defaultdict(list)
    strangers, strangest = [], []
    for query, sought in asked.items():
        shared = index.collisions(rows[query], len(rows))
        shared[query] = 0
        strange = shared[family != family[query]]
        strangers.append([(strange >= least).sum() for least in CUT_OFFS])
        strangest.append(strange.max())
        for pair, other in sought:
            count = int(shared[other])
            hit = Hit(count, int((shared >= count).sum()), 1 + int((strange >= count).sum()))
            hits[pair.group, pair.label].append(hit)
    return Results(dict(hits), np.array(strangers), np.array(strangest))


def show_recall(results: Results, limit: int) -> None:
    """Recall per set and label, by depth of the candidate list."""
    depths = sorted({*DEPTHS, limit})
    tops = "".join(f"{f'top {depth}':>8}" for depth in depths)
    print(f"{'set':18}{'label':15}{'sought':>6}{'found':>8}{tops}{f'fair {limit}':>9}  collisions")
    for (group, label), hits in derived(results):
        found = np.array([hit.collisions > 0 for hit in hits])
        ranks = np.array([hit.rank for hit in hits])
        fair = np.array([hit.fair_rank for hit in hits])
        shares = [found, *(found & (ranks <= depth) for depth in depths), found & (fair <= limit)]
        low, middle = np.quantile([hit.collisions for hit in hits], [0.01, 0.5])
        figures = "".join(f"{share.mean():8.4f}" for share in shares)
        print(f"{group:18}{label:15}{len(hits):6d}{figures}   p1 {low:.0f}, p50 {middle:.0f}")


def show_cut_offs(results: Results, limit: int) -> None:
    """What demanding more collisions keeps, and whom it spares the comparison."""
    print(f"\nfound in the fair top {limit} with at least so many collisions:")
    print(" " * 33 + "".join(f"{least:8d}" for least in CUT_OFFS))
    for (group, label), hits in derived(results):
        kept = [
            np.mean([hit.collisions >= least and hit.fair_rank <= limit for hit in hits])
            for least in CUT_OFFS
        ]
        print(f"{group:18}{label:15}" + "".join(f"{share:8.4f}" for share in kept))
    for name, counts in (
        ("strangers per document", results.strangers),
        (f"strangers among {limit}", np.minimum(results.strangers, limit)),
    ):
        print(f"{name:33}" + "".join(f"{mean:8.1f}" for mean in counts.mean(axis=0)))
    p50, p90, p99 = np.quantile(results.strangest, [0.5, 0.9, 0.99])
    print(f"most collisions with a stranger: p50 {p50:.0f}, p90 {p90:.0f}, p99 {p99:.0f}")


def derived(results: Results) -> list[tuple[tuple[str, str], list[Hit]]]:
    """The hits of pairs in which one text comes from the other, in order."""
    return [(key, hits) for key, hits in sorted(results.hits.items()) if key[1] in DERIVED]


def show_buckets(sizes: NDArray[np.int64]) -> None:
    """How full buckets are, seen from an entry."""
    p50, p90, p99 = np.quantile(sizes, [0.5, 0.9, 0.99])
    usual = IndexSettings().bucket_limit
    print(f"entries in an entry's bucket: p50 {p50:.0f}, p90 {p90:.0f}, p99 {p99:.0f}, ", end="")
    print(f"max {sizes.max()}; {np.mean(sizes > usual):.4f} in buckets of more than {usual}")


def main() -> None:
    """Measure and print."""
    options = read_options()
    corpus = read_corpus(options.data, options.lang, options.background)
    rows = key_rows(corpus, options.lang, FingerprintSettings())
    print(f"{len(corpus.texts)} documents, {len(corpus.pairs)} pairs")
    for name, family_rows in rows.items():
        print(f"\n== {name} keys")
        index = KeyIndex.of(family_rows)
        show_buckets(index.bucket_sizes())
        if options.bucket_limit:
            index = index.newest(options.bucket_limit)
        results = measure(corpus, family_rows, index)
        show_recall(results, options.limit)
        show_cut_offs(results, options.limit)


def read_options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="Measure candidate recall on labelled sets.")
    add = parser.add_argument
    add("--data", type=Path, required=True, help="folder of folders with labelled sets")
    add("--lang", default="en", help="language of the documents taken (default: en)")
    add("--limit", type=int, default=50, help="candidates compared per article (default: 50)")
    add("--background", type=Path, help="further documents, older: JSON lines, .zst or not")
    add("--bucket-limit", type=int, help="read no more than so many entries of a bucket")
    return parser.parse_args()


if __name__ == "__main__":
    main()
