"""What it costs to compare and judge two articles, kind of pair by kind of pair, in µs of CPU.

    python benchmarks/comparison_cost.py --corpus FILE[.zst] [--data DIR] [--pairs N]
        [--kind NAME ...] [--out FILE]

From the articles of FILE (JSON lines: id, text, lang) pairs are made by a script: the same text
again; words edited all over it, few and many; cut down; with other articles' paragraphs before
and behind it; and two articles drawn at random. From the labelled sets in DIR come the pairs of
people: N of every label of every set. Articles are read beforehand; what is measured is

- **profile**: of one article;
- **parts**: what is made of a profile when a comparison first asks for it, of both articles;
- **sieve**, **compare**, **judge**, **seen** (from both sides): of a pair whose articles are
  known. Pairs that the sieve rules out end there.

``--out`` writes the features, to the last bit, and both matches of every pair: a change that
is only to be faster leaves that file as it is.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import re
import statistics
import time
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import IO, TypeVar

from candidate_recall import read_lines

from dedup.compare import Profile, compare, profile
from dedup.config import Limits
from dedup.document import Document, read_document
from dedup.evaluate import read_set, set_folders
from dedup.judge import Side, is_hardly_aligned, is_plainly_unrelated, judge, seen
from dedup.judge.beside import UNRELATED
from dedup.model import Article
from dedup.report import match_to_json
from dedup.sentences import split_sentences

WORD = re.compile(r"\w+")

SEED = 7
"""Of all that is drawn, so that two runs see the same pairs."""

FEW, MANY = (0.01, 0.1), (0.1, 0.5)
"""Least and largest share of the words that are edited."""

CUT = (0.3, 0.8)
"""Least and largest share of the sentences that an excerpt keeps."""

AROUND = 3
"""Paragraphs of another article before an extended copy, and behind it."""

ROUNDS = 3
"""Times that each pair is measured; the least counts, as the machine has other work."""

KEPT_DOCUMENTS = 2000

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
SIDES = Side(BEGIN, 1), Side(BEGIN + timedelta(hours=1), 2)
"""When the two articles of a pair arrived."""

T = TypeVar("T")

Made = Callable[[Article, Article, random.Random], Article]


def edited(least: float, most: float) -> Made:
    """Words deleted, doubled or replaced by another article's, all over the text."""

    def make(article: Article, other: Article, chance: random.Random) -> Article:
        rate, words = chance.uniform(least, most), WORD.findall(other.text)

        def edit(match: re.Match[str]) -> str:
            if chance.random() >= rate:
                return match[0]
            return chance.choice(("", f"{match[0]} {chance.choice(words)}", chance.choice(words)))

        return replace(article, text=WORD.sub(edit, article.text))

    return make


def cut(article: Article, _: Article, chance: random.Random) -> Article:
    """Its first sentences, a few words edited."""
    document = read_document(article)
    sentences = split_sentences(document.clean.text, document.language.code)
    kept = max(round(len(sentences) * chance.uniform(*CUT)), 1)
    shortened = replace(article, text=document.clean.text[: sentences[kept - 1].end])
    return edited(0, FEW[1])(shortened, article, chance)


def extended(article: Article, other: Article, chance: random.Random) -> Article:
    """With another article's paragraphs around it, a few words edited."""
    paragraphs = [part for part in other.text.split("\n") if part.strip()]
    inside = edited(0, FEW[1])(article, other, chance)
    text = "\n\n".join([*paragraphs[:AROUND], inside.text, *paragraphs[-AROUND:]])
    return replace(article, text=text)


KINDS: dict[str, Made] = {
    "the same text": lambda article, _, __: article,
    "few words edited": edited(*FEW),
    "many words edited": edited(*MANY),
    "cut": cut,
    "extended": extended,
    "two at random": lambda _, other, __: other,
}


@dataclass
class Costs:
    """µs of CPU of every pair, by stage."""

    stages: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def add(self, spent: dict[str, float]) -> None:
        """Note what one pair took."""
        for stage, seconds in spent.items():
            self.stages[stage].append(1e6 * seconds)

    def row(self, name: str) -> str:
        """Means, a column a stage."""
        columns = [f"{statistics.fmean(self.stages.get(stage) or [0.0]):8.0f}" for stage in STAGES]
        pairs = len(self.stages["sieve"])
        judged = len(self.stages["judge"])
        return f"{name:40} {pairs:6} {judged:6} {' '.join(columns)}"


STAGES = ("profile", "parts", "sieve", "compare", "judge", "seen", "mirrored", "pair")
"""``pair`` is the sum from the sieve on."""


def main() -> None:
    """Make pairs, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--corpus", type=Path, help="articles: JSON lines, .zst or not")
    add("--data", type=Path, help="a labelled set, or a folder of sets")
    add("--pairs", type=int, default=60, help="of every kind (default: 60)")
    add("--kind", action="append", help="only kinds whose name holds this")
    add("--out", type=Path, help="where features and matches are written")
    add("--rounds", type=int, default=ROUNDS, help="times that each pair is measured")
    options = parser.parse_args()
    columns = " ".join(f"{stage:>8}" for stage in STAGES)
    print(f"{'µs of CPU, mean':40} {'pairs':>6} {'judged':>6} {columns}")
    kept = options.out.open("w", encoding="utf-8") if options.out else None
    for name, pairs in kinds(options.corpus, options.data, options.pairs):
        if options.kind and not any(part in name for part in options.kind):
            continue
        costs = Costs()
        for query, candidate in pairs:
            costs.add(measured(query, candidate, options.rounds))
            if kept:
                write(kept, name, query, candidate)
        print(costs.row(name), flush=True)
    if kept:
        kept.close()
        print(hashlib.sha256(options.out.read_bytes()).hexdigest())


def kinds(
    corpus: Path | None, data: Path | None, most: int
) -> Iterator[tuple[str, Iterator[tuple[Document, Document]]]]:
    """The pairs of every kind, each read when it is asked for."""
    if corpus:
        lines = list(islice(read_lines(corpus), 5 * most))
        articles = [
            Article(id=str(line["id"]), text=str(line["text"]), lang=str(line["lang"]))
            for line in lines
        ]
        for name, made in KINDS.items():
            yield name, made_pairs(articles, made, most)
    for path in set_folders(data) if data else ():
        labelled = read_set(path)
        read = lru_cache(maxsize=KEPT_DOCUMENTS)(whole)
        labels = sorted({pair.label for pair in labelled.pairs})
        for label in labels:
            chosen = [pair for pair in labelled.pairs if pair.label == label]
            random.Random(SEED).shuffle(chosen)  # noqa: S311 - the same pairs every time
            yield (
                f"{labelled.name}: {label}",
                (
                    (read(labelled.articles[pair.query]), read(labelled.articles[pair.candidate]))
                    for pair in chosen[:most]
                ),
            )


def made_pairs(
    articles: Sequence[Article], made: Made, most: int
) -> Iterator[tuple[Document, Document]]:
    """An article and what is made of it."""
    chance = random.Random(SEED)  # noqa: S311 - the same pairs every time
    for _ in range(most):
        article, other = chance.sample(articles, 2)
        copy = replace(made(article, other, chance), id=f"{article.id}/made")
        yield whole(article), whole(copy)


def whole(article: Article) -> Document:
    """An article read, with all that is made of it when it is asked for."""
    document = read_document(article)
    _ = document.sentence_starts, document.quotations, document.furniture
    return document


def measured(query: Document, candidate: Document, rounds: int) -> dict[str, float]:
    """Seconds by stage: of ``rounds`` times the least."""
    least: dict[str, float] = {}
    for _ in range(rounds):
        for stage, seconds in measured_once(query, candidate).items():
            least[stage] = min(seconds, least.get(stage, seconds))
    return {**least, "parts": least["parts"] - least["pair"]}


def measured_once(query: Document, candidate: Document) -> dict[str, float]:
    """Seconds by stage of a pair nothing of which is known; ``parts`` holds those of the pair."""
    made: dict[str, float] = {}
    one = timed(made, "profile", lambda: profile(query))
    other = timed(made, "profile", lambda: profile(candidate))
    first, again = measured_pair(one, other), measured_pair(one, other)
    return {
        "profile": made["profile"] / 2,
        "parts": sum(first.values()),
        "pair": sum(again.values()),
        **again,
    }


def measured_pair(query: Profile, candidate: Profile) -> dict[str, float]:
    """Seconds by stage from the sieve on."""
    spent: dict[str, float] = {}
    if timed(spent, "sieve", lambda: is_plainly_unrelated(query.sketch, candidate.sketch)):
        return spent
    comparison = timed(spent, "compare", lambda: compare(query, candidate))
    if timed(spent, "sieve", lambda: is_hardly_aligned(comparison)):
        return spent
    judged = timed(spent, "judge", lambda: judge(comparison, Limits()))
    if judged.relation not in UNRELATED:
        timed(spent, "seen", lambda: seen(comparison, judged, *SIDES))
        timed(spent, "mirrored", lambda: seen(comparison.mirrored, judged, *SIDES[::-1]))
    return spent


def timed(spent: dict[str, float], stage: str, call: Callable[[], T]) -> T:
    """Do it and add what it took."""
    start = time.process_time()
    result = call()
    spent[stage] = spent.get(stage, 0.0) + time.process_time() - start
    return result


def write(file: IO[str], name: str, query: Document, candidate: Document) -> None:
    """All that is said of a pair."""
    comparison = compare(profile(query), profile(candidate))
    judged = judge(comparison, Limits())
    matches = [seen(comparison, judged, *SIDES), seen(comparison.mirrored, judged, *SIDES[::-1])]
    row = {
        "kind": name,
        "articles": [query.article.id, candidate.article.id],
        "hardly_aligned": is_hardly_aligned(comparison),
        "features": {name: value.hex() for name, value in judged.values.items()},
        "matches": [match_to_json(match) for match in matches],
    }
    file.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
