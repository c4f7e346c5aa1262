"""What the gate of a batch run lets pass, and what it loses.

    python benchmarks/batch_gate.py --data DIR --newswire FILE[.zst] --related RELATED
        [--planted 200]

DIR holds labelled sets (``dedup.evaluate``), FILE articles (id, text, lang), RELATED the pairs of
these that the judge calls related (``newswire_pairs.py --out``). All are put into one join, in
random order, without a floor, with as many planted articles of each kind of edit
(``planted_queries.py``) as ``--planted`` says. Of the pairs that the join brings together and that an
index would compare however many others there are (score above 1) it is told

- by set, and relation that the judge gives: how many some gates let pass;
- of newswire: how many pairs an article pass that are related by no more than one story;
- of derived pairs of newswire also the share by shared words of the writers' own: what a reader
  would see.

It takes 4 minutes of CPU and 4 GB.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import expm1
from pathlib import Path

import numpy as np
from candidate_recall import read_lines, show
from numpy.typing import NDArray
from planted_queries import Planter

from dedup.batch.buckets import RANK_BITS, shared
from dedup.batch.gate import DEFAULT, THOROUGH, Gate, are_told_by_words, tongues
from dedup.batch.hapaxes import bitmaps, overlaps
from dedup.batch.kernel import add_up, agreeing, collide, sort
from dedup.batch.reference import Likeness
from dedup.batch.sketches import resemblance, sketches_of
from dedup.batch.sums import (
    CONTENT_WORTH,
    PASSAGE_WORTH,
    Shared,
    earlier_of,
    later_of,
    read_sums,
)
from dedup.compare import compare
from dedup.config import Limits, Settings
from dedup.evaluate import read_set, reader, set_folders
from dedup.fingerprint import CONTENT, PASSAGES, fingerprint
from dedup.hashing import word_hashes
from dedup.judge import is_hardly_aligned, is_plainly_unrelated, judge
from dedup.language import detect_language
from dedup.normalize import normalize
from dedup.tokens import tokenize

SEED = 5
BATCH = 500
AT_ONCE = 1 << 15
"""Texts that are fingerprinted, and entries that meet, in one call."""

BOILERPLATE_CHARACTERS = 1200
"""Of the first article: some 200 words, put before planted ones."""

TAKEN = ("copy", "retranslation", "derived")
"""Relations that a run should find."""

GATES = {
    "as an index": THOROUGH,
    "hapaxes .13": replace(DEFAULT, hapaxes=0.13),
    "hapaxes .16": replace(DEFAULT, hapaxes=0.16),
    "passages .54": replace(DEFAULT, passages=0.54),
    "passages .62": replace(DEFAULT, passages=0.62),
    "default": DEFAULT,
}


@dataclass(frozen=True)
class Corpus:
    """All texts in the order of time, with what the gate looks at."""

    n_texts: int
    keys: NDArray[np.uint64]
    families: NDArray[np.uint8]
    owners: NDArray[np.uint64]
    sketches: NDArray[np.uint8]
    hapaxes: NDArray[np.uint64]
    tongues: NDArray[np.uint32]


@dataclass(frozen=True)
class Pairs:
    """Pairs that share a key: ``earlier << 32 | later``, ascending, and what they share."""

    numbers: NDArray[np.uint64]
    sums: NDArray[np.uint64]

    def places(self, wanted: NDArray[np.uint64]) -> NDArray[np.int64]:
        """Where some pairs stand; -1 where they share nothing."""
        places = np.searchsorted(self.numbers, wanted)
        places = np.minimum(places, len(self.numbers) - 1)
        return np.where(self.numbers[places] == wanted, places, -1)


def read_corpus(texts: Sequence[tuple[str, str]]) -> Corpus:
    """Fingerprint texts, each with its language."""
    parts = []
    for begin in range(0, len(texts), BATCH):
        some = texts[begin : begin + BATCH]
        clean = [normalize(text).text for text, _ in some]
        codes = [lang for _, lang in some]
        prints = fingerprint(clean, codes, Settings().fingerprint)
        parts.append(
            (
                prints.keys,
                prints.families,
                np.repeat(np.arange(begin, begin + len(some)), np.diff(prints.offsets)),
                sketches_of(prints.signatures["content"]),
                bitmaps([word_hashes(tokenize(text).words) for text in clean]),
                tongues(codes),
            )
        )
    keys, families, owners, *rest = (np.concatenate(column) for column in zip(*parts, strict=True))
    return Corpus(len(texts), keys, families, owners.astype(np.uint64), *rest)


def join(corpus: Corpus) -> Pairs:
    """Bring together all that share a key, as in ``dedup.batch.join``, with no floor."""
    anyone = Likeness(corpus.sketches, 0)
    numbers, sums = [], []
    for family, worth in ((CONTENT, CONTENT_WORTH), (PASSAGES, PASSAGE_WORTH)):
        own = corpus.families == family
        keys, entries = corpus.keys[own], corpus.owners[own] << RANK_BITS
        sort(keys, entries)
        buckets = shared(keys, entries)
        for begin in range(0, len(buckets.entries), AT_ONCE):
            part = range(begin, min(begin + AT_ONCE, len(buckets.entries)))
            met, counted = collide(buckets, part, worth, anyone)
            numbers.append(met)
            sums.append(counted)
    everything = np.concatenate(numbers), np.concatenate(sums)
    n_pairs = add_up(*everything)
    return Pairs(everything[0][:n_pairs], everything[1][:n_pairs])


def passed(corpus: Corpus, pairs: Pairs, gate: Gate) -> NDArray[np.bool_]:
    """Which pairs pass a gate: bool, shape (n_pairs,)."""
    chosen = np.zeros(len(pairs.numbers), dtype=bool)
    for begin in range(0, len(chosen), 1 << 20):
        part = slice(begin, begin + (1 << 20))
        one, other = earlier_of(pairs.numbers[part]), later_of(pairs.numbers[part])
        common = read_sums(pairs.sums[part])
        alike = resemblance(agreeing(corpus.sketches, one, other), corpus.sketches.shape[1])
        counts = alike >= gate.floor
        content = np.where(counts, common.content, 0)
        score = np.where(counts, common.score, np.minimum(common.score, 2.0 * common.passages))
        seen = (content > 0) | (common.passages > 0)
        told = are_told_by_words(corpus.tongues, one, other)
        shares = Shared(content, common.passages, score)
        chosen[part] = seen & gate.passes(shares, overlaps(corpus.hapaxes, one, other), told)
    return chosen


def judged(data: Path) -> Iterator[tuple[str, str, str, str, str]]:
    """Labelled pairs: set, both ids, whether in one language, and what the judge says."""
    for folder in set_folders(data):
        labelled = read_set(folder)
        read = reader(labelled)
        for pair in labelled.pairs:
            query, candidate = read(pair.query), read(pair.candidate)
            if is_plainly_unrelated(query.sketch, candidate.sketch):
                continue
            comparison = compare(query, candidate)
            if is_hardly_aligned(comparison):
                continue
            relation = judge(comparison, Limits()).relation
            across = "" if comparison.is_in_one_language else " across languages"
            yield labelled.name, pair.query, pair.candidate, across, relation


class Collected:
    """Texts and pairs of all sets, as they are read."""

    def __init__(self) -> None:
        self.texts: list[tuple[str, str]] = []
        self.wanted: defaultdict[tuple[str, str], list[tuple[int, int]]] = defaultdict(list)
        self.weights: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
        self._places: dict[tuple[str, str], int] = {}

    def add_newswire(self, articles: Path, related: Path) -> None:
        """Articles, and their pairs that the judge has called related."""
        for line in read_lines(articles):
            self._add(("newswire", str(line["id"])), str(line["text"]), str(line["lang"]))
        with related.open(encoding="utf-8") as lines:
            for pair in map(json.loads, lines):
                if pair["relation"] in TAKEN:
                    row = "newswire", pair["relation"]
                    self._want(row, pair["query"], pair["candidate"])
                    own_words = expm1(pair["features"]["shared_reporting_words"])
                    self.weights[row].append(own_words)

    def add_planted(self, most: int) -> None:
        """Articles made of those that are there."""
        originals = [text for text, _ in self.texts]
        boilerplate = originals[0][:BOILERPLATE_CHARACTERS]
        planter = Planter(originals, range(len(originals)), boilerplate, SEED)
        for number, planted in enumerate(planter.plant(most)):
            place = self._add(("planted", str(number)), planted.text, "en")
            kind = planted.rows[0].name
            self.wanted["planted", kind] += [(place, sought) for sought in planted.sought]

    def add_labelled(self, data: Path) -> None:
        """Labelled sets; what a pair is, the judge says."""
        for folder in set_folders(data):
            for article in read_set(folder).articles.values():
                code = detect_language(article.text, article.lang).code
                self._add((folder.name, article.id), article.text, code)
        for name, query, candidate, across, relation in judged(data):
            if relation in TAKEN:
                self._want((name, f"{relation}{across}"), query, candidate)

    def _add(self, name: tuple[str, str], text: str, lang: str) -> int:
        place = self._places[name] = len(self.texts)
        self.texts.append((text, lang))
        return place

    def _want(self, row: tuple[str, str], query: str, candidate: str) -> None:
        self.wanted[row].append((self._places[row[0], query], self._places[row[0], candidate]))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--data", type=Path, required=True, help="folder of folders with labelled sets")
    add("--newswire", type=Path, required=True, help="articles: JSON lines, .zst or not")
    add("--related", type=Path, required=True, help="related pairs of these, JSON lines")
    add("--planted", type=int, default=200, help="planted articles per kind of edit")
    options = parser.parse_args()
    collected = Collected()
    collected.add_newswire(options.newswire, options.related)
    n_newswire = len(collected.texts)
    collected.add_planted(options.planted)
    collected.add_labelled(options.data)
    order = list(range(len(collected.texts)))
    random.Random(SEED).shuffle(order)  # noqa: S311 - so that texts of every set are of any age
    corpus = read_corpus([collected.texts[place] for place in order])
    pairs = join(corpus)
    print(f"{corpus.n_texts:,} texts, {len(pairs.numbers):,} pairs share a key")
    report(corpus, pairs, collected, Order(np.argsort(order), n_newswire))


@dataclass(frozen=True)
class Order:
    """The texts in the order of time.

    Attributes:
        rank: int64, shape (n_texts,): of each its place in it.
        n_newswire: The first so many are newswire.
    """

    rank: NDArray[np.int64]
    n_newswire: int

    def pairs(self, listed: Sequence[tuple[int, int]]) -> NDArray[np.uint64]:
        """Pairs of texts as the join names them."""
        ends = np.sort(self.rank[np.array(listed)], axis=1).astype(np.uint64)
        numbers: NDArray[np.uint64] = ends[:, 0] << RANK_BITS | ends[:, 1]
        return numbers

    def of_newswire(self, pairs: Pairs) -> NDArray[np.bool_]:
        """Which pairs are of two articles of newswire."""
        newswire = np.zeros(len(self.rank), dtype=bool)
        newswire[self.rank[: self.n_newswire]] = True
        chosen: NDArray[np.bool_] = (
            newswire[earlier_of(pairs.numbers)] & newswire[later_of(pairs.numbers)]
        )
        return chosen


def report(corpus: Corpus, pairs: Pairs, collected: Collected, order: Order) -> None:
    """Print a row for each set and relation, and what the gates cost on newswire."""
    gates = {name: passed(corpus, pairs, gate) for name, gate in GATES.items()}
    score = read_sums(pairs.sums).score
    others = order.of_newswire(pairs)
    rows: list[tuple[str, ...]] = []
    for row, listed in sorted(collected.wanted.items()):
        places = pairs.places(order.pairs(listed))
        found = (places >= 0) & (score[places] > 1)
        columns = [chosen[places[found]] for chosen in gates.values()]
        rows.append((*row, f"{found.sum():,}", *(f"{own.mean():.4f}" for own in columns)))
        if row in collected.weights:
            words = np.array(collected.weights[row])[found]
            shares = (words[own].sum() / words.sum() for own in columns)
            rows.append((row[0], f"{row[1]}, by words", "", *(f"{share:.4f}" for share in shares)))
            others[places[places >= 0]] = False
    costs = (f"{(chosen & others).sum() / order.n_newswire:.2f}" for chosen in gates.values())
    rows.append(("newswire", "others, an article", "", *costs))
    show(["set", "relation", "pairs", *gates], rows)


if __name__ == "__main__":
    main()
