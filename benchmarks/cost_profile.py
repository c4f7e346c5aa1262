"""What one article costs at every stage, in µs.

    python benchmarks/cost_profile.py [--data DIR] [--articles N]

Takes the first N articles of the labelled sets in DIR, or the five seeds over and over, puts
them one by one through every stage and into an index on an embedded server, and compares
each with its best candidates: those that the sieve lets through, once before anything is kept
of either text and once more. At the end some are checked against the whole index, with
nothing in memory and once more. CPU time of this process (the server's is not in it), and wall
time where the server is waited for. ``comparison_cost.py`` measures pairs alone, kind by kind.
"""

from __future__ import annotations

import argparse
import itertools
import json
import statistics
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TypeVar

from dedup.compare import Profile, compare, profile, sketch
from dedup.config import Limits, Settings
from dedup.document import Document, read_document
from dedup.evaluate import read_set, set_folders
from dedup.fingerprint import fingerprint
from dedup.index import open_index
from dedup.index.base import Index, Stored
from dedup.judge import is_hardly_aligned, is_plainly_unrelated, judge, seen
from dedup.judge.beside import UNRELATED
from dedup.language import detect_language
from dedup.model import Article
from dedup.normalize import read
from dedup.pairs import encode
from dedup.pipeline import Detector, keys_of, worth_comparing
from dedup.tokens import tokenize

CHECKED = 60
"""Articles that are checked against the whole index, spread over it."""

T = TypeVar("T")


@dataclass
class Costs:
    """CPU and wall seconds of every call, by stage, in the order they were first met."""

    cpu: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    wall: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def of(self, stage: str, call: Callable[[], T]) -> T:
        """Do it and note what it took."""
        wall, cpu = time.perf_counter(), time.process_time()
        result = call()
        self.cpu[stage].append(time.process_time() - cpu)
        self.wall[stage].append(time.perf_counter() - wall)
        return result

    def print(self) -> None:
        """A row a stage."""
        print(f"{'stage':36} {'calls':>6} {'CPU median':>11} {'CPU mean':>9} {'wall median':>12}")
        for stage, spent in self.cpu.items():
            row = (statistics.median(spent), statistics.mean(spent))
            wall = statistics.median(self.wall[stage])
            print(
                f"{stage:36} {len(spent):6} {row[0] * 1e6:8.0f} µs {row[1] * 1e6:6.0f} µs "
                f"{wall * 1e6:9.0f} µs"
            )


def main() -> None:
    """Read, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, help="a set, or a folder of sets")
    parser.add_argument("--articles", type=int, default=300)
    arguments = parser.parse_args()
    articles = list(itertools.islice(_articles(arguments.data), arguments.articles))
    words = [len(tokenize(article.text)) for article in articles]
    print(f"{len(articles)} articles, {statistics.median(words):.0f} words at the median")
    settings, costs = Settings(), Costs()
    read_document(articles[0])  # tables and word lists are loaded once
    with tempfile.TemporaryDirectory(prefix="secondhand-") as directory:
        index = open_index(data_dir=Path(directory), redis_url=None, settings=settings)
        try:
            for article in articles:
                _one(article, index, settings, costs)
            for article in articles[:: max(len(articles) // CHECKED, 1)]:
                detector = Detector(index, settings)
                costs.of("verdict, nothing kept", partial(detector.check, article))
                costs.of("verdict, all kept", partial(detector.check, article))
        finally:
            index.close()
    costs.print()


def _articles(folder: Path | None) -> Iterator[Article]:
    if folder is None:
        seeds = sorted((Path(__file__).parents[1] / "seeds").glob("0*.txt"))
        for turn in itertools.count():
            for path in seeds:
                text = path.read_text(encoding="utf-8")
                yield Article(id=json.dumps([turn, path.stem]), text=text)
    else:
        for path in set_folders(folder):
            yield from read_set(path).articles.values()


def _one(article: Article, index: Index, settings: Settings, costs: Costs) -> None:
    clean = costs.of("normalize", lambda: read(article))
    language = costs.of("language", lambda: detect_language(clean.text, article.lang))
    document = Document(article, clean, language)
    for part in ("tokens", "sentences", "quotations", "findings", "furniture"):
        costs.of(part, partial(getattr, document, part))
    query = costs.of("profile", lambda: profile(document))
    if not query.n_words:
        return
    costs.of(
        "fingerprint", lambda: fingerprint([clean.text], [language.code], settings.fingerprint)
    )
    keys = keys_of(query, settings)
    stored = costs.of("index: put", lambda: index.put(article, language, keys.keys)).stored
    nearby = costs.of(
        "index: nearby", lambda: index.nearby(keys, settings.limits.max_compared, stored.number)
    )
    candidates = worth_comparing(nearby, settings.limits)
    numbers = [candidate.number for candidate in candidates]
    found = costs.of("index: fetch", lambda: index.fetch(numbers)) if numbers else ()
    for other in found:
        if other is not None:
            _pair(query, other, costs)


def _pair(query: Profile, other: Stored, costs: Costs) -> None:
    sketched = costs.of("candidate sketched", lambda: sketch(other.article, other.language))
    if costs.of("ruled out by words?", lambda: is_plainly_unrelated(query.sketch, sketched)):
        return
    candidate = costs.of(
        "candidate read", lambda: profile(read_document(other.article, other.language))
    )
    for known in ("", ", known texts"):
        comparison = costs.of(f"compare{known}", partial(compare, query, candidate))
        rule_out = partial(is_hardly_aligned, comparison)
        if costs.of(f"ruled out by alignment?{known}", rule_out):
            return
        judged = costs.of(f"judge{known}", partial(judge, comparison, Limits()))
    if judged.relation not in UNRELATED:
        match = costs.of("match", lambda: seen(comparison, judged, None, None))
        costs.of("match of the other", lambda: seen(comparison.mirrored, judged, None, None))
        costs.of("pair record", lambda: encode(match))


if __name__ == "__main__":
    main()
