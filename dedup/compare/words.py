"""The words of a text as arrays: what they are, what they stand for, what they weigh."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dedup.first_person import first_person
from dedup.hashing import word_hash
from dedup.terms import vocabulary

REMEMBERED_WORDS: Final = 1 << 16
"""Distinct words remembered per language, some 10 MB when full; then all are forgotten, and looked
up again, which takes 2 µs a word. Of the distinct words of an article .97 are among them after a
thousand articles of news."""

FIRST_ROWS: Final = 1 << 10
"""Words that there is room for at first."""

CONTENT: Final = 1
"""A word that weighs ``CONTENT_WEIGHT`` and more."""
FIGURE: Final = 2
"""A word that has a digit."""
NAME: Final = 4
"""A word that weighs ``NAME_WEIGHT`` and more."""
FIRST_PERSON: Final = 8
"""A pronoun of the first person."""

CONTENT_WEIGHT: Final = 0.1
"""Weight from which a word says something of its own. Below stand function words and the
commonest verbs and nouns ("say", "people"): whatever takes their place is no news."""

NAME_WEIGHT: Final = 0.9
"""Weight from which a word counts as a name: rarer than one word in a million."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text's tokens as arrays; n tokens.

    Attributes:
        hashes: uint64 (n,): one per folded word (``dedup.hashing``).
        terms: uint64 (n,): one per stem.
        weights: float32 (n,): in [0, 1], 0 for function words, 1 for rare words and names.
        kinds: uint8 (n,): what it is: ``CONTENT``, ``FIGURE``, ``NAME``, ``FIRST_PERSON``, or
            several of these, or none.
    """

    hashes: NDArray[np.uint64]
    terms: NDArray[np.uint64]
    weights: NDArray[np.float32]
    kinds: NDArray[np.uint8]

    @classmethod
    def of(cls, words: Sequence[str], lang: str) -> Words:
        """Look up what is known of each word, which most are since an earlier text.

        Args:
            words: Folded, in text order.
            lang: Their language.
        """
        return _lexicon(vocabulary(lang).lang).words(words)


class _Lexicon:
    """What is known of the words of one language, a row for each. Safe for threads.

    A row is written before its word can be found, and rows are only ever added.
    """

    def __init__(self, lang: str) -> None:
        self._look_up = vocabulary(lang).term
        self._first_person = frozenset(first_person(lang).tolist())
        self._rows = _Rows(self._add)
        self._lock = Lock()
        self._hashes = np.zeros(FIRST_ROWS, dtype=np.uint64)
        self._terms = np.zeros(FIRST_ROWS, dtype=np.uint64)
        self._weights = np.zeros(FIRST_ROWS, dtype=np.float32)
        self._kinds = np.zeros(FIRST_ROWS, dtype=np.uint8)

    def __len__(self) -> int:
        return len(self._rows)

    def words(self, words: Sequence[str]) -> Words:
        """Some words as arrays."""
        at = np.fromiter(map(self._rows.__getitem__, words), dtype=np.intp, count=len(words))
        return Words(self._hashes[at], self._terms[at], self._weights[at], self._kinds[at])

    def _add(self, word: str) -> int:
        stem, says = self._look_up(word)
        number, weight = word_hash(word), np.float32(says)
        kind = (weight >= np.float32(CONTENT_WEIGHT)) * CONTENT
        kind += (weight >= np.float32(NAME_WEIGHT)) * NAME
        kind += (not word.isalpha() and any(map(str.isdigit, word))) * FIGURE
        kind += (number in self._first_person) * FIRST_PERSON
        with self._lock:
            row = len(self._rows)
            if row == len(self._hashes):
                self._grow()
            self._hashes[row] = number
            self._terms[row] = word_hash(stem)
            self._weights[row] = weight
            self._kinds[row] = kind
            return self._rows.setdefault(word, row)

    def _grow(self) -> None:
        self._hashes = np.concatenate((self._hashes, np.zeros_like(self._hashes)))
        self._terms = np.concatenate((self._terms, np.zeros_like(self._terms)))
        self._weights = np.concatenate((self._weights, np.zeros_like(self._weights)))
        self._kinds = np.concatenate((self._kinds, np.zeros_like(self._kinds)))


class _Rows(dict[str, int]):
    """The row of each word; a word without one is added."""

    def __init__(self, add: Callable[[str], int]) -> None:
        super().__init__()
        self._add = add

    def __missing__(self, word: str) -> int:
        return self._add(word)


_lexicons: dict[str, _Lexicon] = {}


def _lexicon(lang: str) -> _Lexicon:
    """What is known of a language, begun again when there is too much of it."""
    known = _lexicons.get(lang)
    if known is None or len(known) > REMEMBERED_WORDS:
        known = _lexicons[lang] = _Lexicon(lang)
    return known
