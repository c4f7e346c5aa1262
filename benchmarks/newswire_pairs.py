"""What is said of the pairs that an index proposes among many articles nobody has labelled.

    python benchmarks/newswire_pairs.py --data FILE[.zst] --out RELATED
        [--asked 2000] [--processes 2]

FILE is JSON lines (id, text, lang), ``.zst`` or not. All its articles go into one index, in the
order of the file: an in-memory join over the keys that the product makes, with its buckets,
ranking, boilerplate and choice of candidates. Each article is asked about at the moment it is
put, so every pair is judged once, by the later article; ``--asked`` takes so many of them,
evenly over the file. They are asked in random order: what is written so far is a sample of the
whole. The sieve rules out what the product rules out before it judges (``dedup.judge.sieve``).
One JSON line per related pair is written to RELATED, for a person to read beside the articles;
counts and costs are printed. All pairs of 40,000 articles take twenty minutes of CPU for the comparisons and
4 GB per process. OPENBLAS_NUM_THREADS=1, or each process starts threads of its own.

What the in-memory index leaves out: articles that others name as their source, and the limit
on members of one large family (``dedup.relatives``).
"""

from __future__ import annotations

import argparse
import json
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache, lru_cache
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from candidate_recall import KeyIndex, key_rows, read_lines, show
from numpy.typing import NDArray

from dedup.boilerplate import Blocks, find_blocks
from dedup.compare import Comparison, Profile, Sketch, compare, profile, sketch
from dedup.config import Settings
from dedup.document import read_document
from dedup.fingerprint import fingerprint
from dedup.index.postings import BUCKET_END, BUCKET_LIMIT, Found
from dedup.index.ranking import Nearby, rank
from dedup.judge import Judged, is_hardly_aligned, is_plainly_unrelated, judge, seen
from dedup.judge.beside import UNRELATED
from dedup.language import detect_language
from dedup.model import Article, ArticleKeys, Candidate
from dedup.pipeline import worth_comparing

SETTINGS = Settings()

PROFILES = 10_000
"""Articles that a process keeps ready for comparison, some .3 MB each once compared."""

CHUNK = 50
"""Asked articles that a process takes at a time."""

SEED = 4
"""Of the order in which articles are asked about."""

BINS = (0.5, 0.7, 0.8, 0.9, 0.95, 0.99)
"""Lower bounds of the bins of confidence but the first."""


class Newswire(KeyIndex):
    """All articles, with their keys.

    Args:
        articles: In the order in which they arrive.
    """

    def __init__(self, articles: Sequence[Article]) -> None:
        self.articles = articles
        self.lang = articles[0].lang or ""
        texts = (article.text for article in articles)
        self.rows = list(key_rows(texts, self.lang, SETTINGS.fingerprint))
        super().__init__(self.rows)

    def nearby(self, number: int, keys: ArticleKeys) -> Nearby:
        """What the index names for some keys at the moment an article is put.

        Args:
            number: The article's.
            keys: Of its text, or of what remains without its boilerplate.
        """
        _, first = np.unique(keys.keys, return_index=True)
        documents, places = self.entries(keys.keys[first])
        arrived = documents <= number
        documents, places = documents[arrived], places[arrived]
        sizes = np.bincount(places, minlength=len(first))
        within = np.arange(len(places)) - (np.cumsum(sizes) - sizes)[places]
        lengths = np.where(sizes < BUCKET_LIMIT, sizes, _cut(sizes))
        is_kept = (within < BUCKET_END) | (within >= (sizes - lengths + BUCKET_END)[places])
        read = np.zeros(len(keys), dtype=np.int64)
        read[first] = lengths
        found = Found(read, first[places[is_kept]], documents[is_kept].astype(np.uint64))
        return rank(keys, found, SETTINGS.limits.max_compared, number)

    @lru_cache(maxsize=PROFILES)  # noqa: B019 - there is one for the whole run
    def read(self, number: int) -> Profile:
        """An article ready for comparison."""
        return profile(read_document(self.articles[number]))

    @cache  # noqa: B019 - there is one for the whole run
    def sketch(self, number: int) -> Sketch:
        """An article ready to be ruled out."""
        article = self.articles[number]
        return sketch(article, detect_language(article.text, article.lang))


def _cut(sizes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Entries left in buckets that were cut each time they had ``BUCKET_LIMIT``."""
    ends = 2 * BUCKET_END
    return ends + (sizes - BUCKET_LIMIT) % (BUCKET_LIMIT - ends)


@dataclass
class Tally:
    """Counts of one or more asked articles.

    Attributes:
        asked: Articles.
        proposed: Pairs that share a key and are among the best.
        compared: Pairs worth comparing, those that the sieve rules out among them.
        judged: Pairs that it leaves to the judge.
        with_boilerplate: Asked articles with boilerplate.
        relations: (relation, kind or ""), bin of confidence -> pairs.
        seconds: CPU of sieving, comparing and judging.
        related: The related pairs as they are written.
    """

    asked: int = 0
    proposed: int = 0
    compared: int = 0
    judged: int = 0
    with_boilerplate: int = 0
    relations: Counter[tuple[str, str, int]] = field(default_factory=Counter)
    seconds: float = 0.0
    related: list[dict[str, object]] = field(default_factory=list)

    def add(self, other: Tally) -> None:
        """Count what another one counted; its pairs are not kept."""
        self.asked += other.asked
        self.proposed += other.proposed
        self.compared += other.compared
        self.judged += other.judged
        self.with_boilerplate += other.with_boilerplate
        self.relations += other.relations
        self.seconds += other.seconds


def ask(newswire: Newswire, number: int) -> Tally:
    """Judge an article against those before it, as it is when it is put."""
    nearby = newswire.nearby(number, newswire.rows[number])
    blocks = find_blocks(
        newswire.read(number),
        nearby.boilerplate,
        lambda numbers: {other: newswire.read(int(other)) for other in numbers},
    )
    if blocks.spans:
        rest = fingerprint([blocks.rest], [newswire.lang], SETTINGS.fingerprint)
        nearby = newswire.nearby(number, rest.article_keys(0))
    tally = Tally(asked=1, proposed=len(nearby.candidates), with_boilerplate=bool(blocks.spans))
    query = blocks.strip(blocks.query)
    for candidate in worth_comparing(nearby, SETTINGS.limits):
        start = time.process_time()
        pair = _side_by_side(newswire, blocks, query, candidate.number)
        tally.seconds += time.process_time() - start
        tally.compared += 1
        if pair is not None:
            _count(*pair, candidate, tally)
    return tally


def _side_by_side(
    newswire: Newswire, blocks: Blocks, query: Profile, number: int
) -> tuple[Comparison, Judged] | None:
    """A pair compared and judged; None if the sieve rules it out."""
    if is_plainly_unrelated(query.sketch, newswire.sketch(number)):
        return None
    comparison = compare(query, blocks.strip(newswire.read(number)))
    if is_hardly_aligned(comparison):
        return None
    return comparison, judge(comparison, SETTINGS.limits)


def _count(comparison: Comparison, judged: Judged, candidate: Candidate, tally: Tally) -> None:
    kind = None
    tally.judged += 1
    if judged.relation not in UNRELATED:
        match = seen(comparison, judged, None, None)
        kind = match.kind
        tally.related.append(
            {
                "query": comparison.query.document.article.id,
                "candidate": match.other.id,
                "relation": match.relation,
                "kind": kind,
                "confidence": match.confidence,
                "collisions": candidate.collisions,
                "score": round(candidate.score, 3),
                "scores": match.scores._asdict(),
                "quotes": asdict(match.quotes),
                "features": {name: round(value, 4) for name, value in judged.values.items()},
            }
        )
    place = int(np.searchsorted(BINS, judged.confidence or 0.0, "right"))
    tally.relations[judged.relation, kind or "", place] += 1


@cache
def _newswire(path: Path) -> Newswire:
    """The articles of a file, read once, before the processes are forked."""
    return Newswire(
        [
            Article(id=str(line["id"]), text=str(line["text"]), lang=str(line["lang"]))
            for line in read_lines(path)
        ]
    )


def _ask_some(part: tuple[Path, Sequence[int]]) -> Tally:
    path, numbers = part
    tally = Tally()
    for number in numbers:
        one = ask(_newswire(path), number)
        tally.add(one)
        tally.related += one.related
    return tally


def measure(path: Path, asked: int | None, processes: int, out: Path) -> Tally:
    """Ask about articles of a file, and write down the pairs that are related."""
    size = len(_newswire(path).articles)
    chosen = np.unique(np.linspace(0, size - 1, min(asked or size, size)).astype(int))
    numbers = np.random.default_rng(SEED).permutation(chosen).tolist()
    parts = [(path, numbers[start : start + CHUNK]) for start in range(0, len(numbers), CHUNK)]
    total = Tally()
    with get_context("fork").Pool(processes) as pool, out.open("w", encoding="utf-8") as file:
        for tally in pool.imap(_ask_some, parts):
            total.add(tally)
            file.writelines(json.dumps(pair) + "\n" for pair in tally.related)
    return total


def report(tally: Tally) -> None:
    """Print counts and costs."""
    print(
        f"{tally.asked:,} articles asked about, {tally.with_boilerplate:,} of them with "
        f"boilerplate: {tally.proposed:,} pairs proposed, {tally.compared:,} compared, "
        f"{tally.judged:,} of them judged; {1000 * tally.seconds / max(tally.compared, 1):.2f} ms "
        "of CPU for each that is compared"
    )
    bins = zip(["", *BINS], [*BINS, 1], strict=True)
    head = ["relation", "kind", "pairs", *(f"{low}–{high}" for low, high in bins)]
    show(head, _rows(tally.relations))


def _rows(relations: Counter[tuple[str, str, int]]) -> Iterator[tuple[object, ...]]:
    for relation, kind in sorted({(relation, kind) for relation, kind, _ in relations}):
        counts = [relations[relation, kind, place] for place in range(len(BINS) + 1)]
        yield relation, kind, f"{sum(counts):,}", *(f"{count:,}" for count in counts)


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--data", type=Path, required=True, help="articles: JSON lines, .zst or not")
    add("--out", type=Path, required=True, help="related pairs, JSON lines")
    add("--asked", type=int, help="articles asked about (default: all)")
    add("--processes", type=int, default=1, help="processes that compare (default: 1)")
    options = parser.parse_args()
    start = time.perf_counter()
    newswire = _newswire(options.data)
    print(f"{newswire.size:,} articles, keys made in {time.perf_counter() - start:.0f} s")
    report(measure(options.data, options.asked, options.processes, options.out))
    print(f"\n{time.perf_counter() - start:.0f} s in all")


if __name__ == "__main__":
    main()
