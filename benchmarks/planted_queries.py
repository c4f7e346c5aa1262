"""Queries made from articles by a script, so that what an index must find for them is known.

Of one article: some of its words replaced by another article's, a third or a half cut off, 60 to
120 words of it set into another article, 200 words of boilerplate put before it. Of two: the first
half of the one before the second half of the other; both are sought.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from dedup.hashing import window_hashes, word_hashes
from dedup.tokens import tokenize

WORD = re.compile(r"\w+")

RATES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5)
"""Shares of the words that are replaced."""

CUTS = (0.3, 0.5)
"""Shares of the words that are cut off, before, after, or some of both."""

EXCERPT = (60, 120)
"""Words of an excerpt, at least and at most."""

BOILERPLATE = 200
"""Words put before an article."""

SHORTEST, LONGEST = 60, 3000
"""Words of an article that queries are made of."""

HOST = 200
"""Words at least of an article that an excerpt is set into."""

EDITS, NEARNESS = "planted", "true Jaccard"
LENGTH = "true Jaccard, words of the original"
"""Tables."""

JACCARDS = (0.0, 0.2, 0.5, 0.8)
LENGTHS = (0, 150, 300, 600, 1200)
"""Lower ends of the classes by true Jaccard of 5-word shingles, and by words of the original."""


class Row(NamedTuple):
    """A row of a table of results."""

    table: str
    name: str


@dataclass(frozen=True)
class Planted:
    """One query.

    Attributes:
        text: Its text.
        sought: Documents that must be found.
        hosts: Documents that may be found: a part of the query is theirs, too.
        rows: Where it counts.
    """

    text: str
    sought: tuple[int, ...]
    hosts: tuple[int, ...]
    rows: tuple[Row, ...]


class Planter:
    """Makes queries from the documents of a corpus.

    Args:
        texts: All documents.
        fit: Numbers of those that may be used.
        boilerplate: What is put before an article.
        seed: The same queries every time.
    """

    def __init__(
        self, texts: Sequence[str], fit: Sequence[int], boilerplate: str, seed: int = 1
    ) -> None:
        self._texts = texts
        self._boilerplate = boilerplate
        self._chance = random.Random(seed)  # noqa: S311 - no secret
        self._fit = [n for n in fit if SHORTEST <= len(WORD.findall(texts[n])) <= LONGEST]
        self._hosts = [n for n in self._fit if len(WORD.findall(texts[n])) >= HOST]

    def plant(self, most: int) -> Iterator[Planted]:
        """At most ``most`` queries of each kind."""
        kinds: list[Callable[[int], Planted]] = [
            *(lambda n, rate=rate: self._replaced(n, rate) for rate in RATES),
            *(lambda n, share=share: self._cut(n, share) for share in CUTS),
            self._after_boilerplate,
            self._excerpt,
            self._halves,
        ]
        for kind in kinds:
            for number in self._chance.sample(self._fit, min(most, len(self._fit))):
                yield kind(number)

    def _other(self, number: int, among: Sequence[int]) -> int:
        while (other := self._chance.choice(among)) == number:
            pass
        return other

    def _replaced(self, number: int, rate: float) -> Planted:
        words = WORD.findall(self._texts[self._other(number, self._fit)])
        text = WORD.sub(
            lambda word: self._chance.choice(words) if self._chance.random() < rate else word[0],
            self._texts[number],
        )
        return self._edited(number, text, f"{rate:.0%} of the words replaced")

    def _cut(self, number: int, share: float) -> Planted:
        spans = [word.span() for word in WORD.finditer(self._texts[number])]
        kept = round(len(spans) * (1 - share))
        first = self._chance.randint(0, len(spans) - kept)
        text = self._texts[number][spans[first][0] : spans[first + kept - 1][1]]
        return self._edited(number, text, f"{share:.0%} cut off")

    def _after_boilerplate(self, number: int) -> Planted:
        text = f"{self._boilerplate}\n\n{self._texts[number]}"
        return self._edited(number, text, f"{BOILERPLATE} words of boilerplate before it")

    def _edited(self, number: int, text: str, name: str) -> Planted:
        original = self._texts[number]
        near = _class_of(jaccard(original, text), JACCARDS)
        length = f"{_class_of(len(tokenize(original)), LENGTHS)} words"
        rows = (
            Row(EDITS, name),
            Row(NEARNESS, near),
            Row(LENGTH, f"{near}, {length}"),
        )
        return Planted(text, (number,), (), rows)

    def _excerpt(self, number: int) -> Planted:
        host = self._other(number, self._hosts)
        spans = [word.span() for word in WORD.finditer(self._texts[number])]
        size = min(self._chance.randint(*EXCERPT), len(spans))
        first = self._chance.randint(0, len(spans) - size)
        excerpt = self._texts[number][spans[first][0] : spans[first + size - 1][1]]
        around = self._texts[host]
        cut = self._chance.choice([word.start() for word in WORD.finditer(around)])
        text = f"{around[:cut]}\n\n{excerpt}.\n\n{around[cut:]}"
        name = f"excerpt of {EXCERPT[0]} to {EXCERPT[1]} words in another article"
        return Planted(text, (number,), (host,), (Row(EDITS, name),))

    def _halves(self, number: int) -> Planted:
        other = self._other(number, self._fit)
        first, second = self._texts[number], self._texts[other]
        text = f"{first[: len(first) // 2]}\n\n{second[len(second) // 2 :]}"
        return Planted(
            text, (number, other), (), (Row(EDITS, "halves of two articles, both found"),)
        )


def jaccard(query: str, candidate: str, size: int = 5) -> float:
    """The true Jaccard of two texts' shingles."""
    ours, theirs = (
        np.unique(window_hashes(word_hashes(tokenize(text).words), size))
        for text in (query, candidate)
    )
    shared = len(np.intersect1d(ours, theirs, assume_unique=True))
    return shared / max(1, len(ours) + len(theirs) - shared)


def _class_of(value: float, lower_ends: Sequence[float]) -> str:
    """The name of the class of a value: ``.5 to .8``, ``1200 and more``."""
    names = [re.sub(r"^0\.", ".", f"{end:g}") for end in lower_ends]
    place = sum(value >= end for end in lower_ends) - 1
    if place + 1 < len(names):
        return f"{names[place]} to {names[place + 1]}"
    return f"{names[place]} and more"
