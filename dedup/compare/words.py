"""The words of a text as arrays: what they are, what they stand for, what they weigh."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import starmap
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dedup.compare.word_table import WordTable
from dedup.first_person import first_person
from dedup.hashing import word_hashes
from dedup.terms import vocabulary
from dedup.tokens import Tokens

REMEMBERED_WORDS: Final = 1 << 18
"""Distinct words remembered per language, 12 MB when full; then all are forgotten, and looked up
again, which takes 4 µs a word. 40,000 articles of news have 95,000; after 10,000 articles, two of
the 280 that the next one has are new."""

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

_LEAST_CONTENT: Final = float(np.float32(CONTENT_WEIGHT))
_LEAST_NAME: Final = float(np.float32(NAME_WEIGHT))
"""The same as weights are kept, with fewer digits."""


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
    def of(cls, tokens: Tokens, lang: str) -> Words:
        """Look up what is known of each word, which most are since an earlier text.

        Args:
            tokens: The words.
            lang: Their language.
        """
        return _lexicon(vocabulary(lang).lang).words(tokens)


class _Lexicon:
    """What is known of the words of one language. Safe for threads."""

    def __init__(self, lang: str) -> None:
        self._look_up = vocabulary(lang).term
        self._first_person = frozenset(first_person(lang).tolist())
        self._known = WordTable(REMEMBERED_WORDS)

    def words(self, tokens: Tokens) -> Words:
        """A text's tokens as arrays."""
        terms, weights, kinds, unknown = self._known.look_up(tokens.hashes)
        words = Words(
            hashes=tokens.hashes,
            terms=np.frombuffer(terms, dtype=np.uint64),
            weights=np.frombuffer(weights, dtype=np.float32),
            kinds=np.frombuffer(kinds, dtype=np.uint8),
        )
        if len(unknown):
            places = np.frombuffer(unknown, dtype=np.int32)
            new = self._ask(tokens.words_at(places), tokens.hashes[places])
            words.terms[places], words.weights[places] = new.terms, new.weights
            words.kinds[places] = new.kinds
            self._known.add(new.hashes, new.terms, new.weights, new.kinds)
        return words

    def _ask(self, words: Sequence[str], hashes: NDArray[np.uint64]) -> Words:
        """What each word stands for and weighs, as its vocabulary says."""
        stems, says = zip(*map(self._look_up, words), strict=True)
        weights = np.array(says, dtype=np.float32)
        each = zip(words, hashes.tolist(), weights.tolist(), strict=True)
        kinds = np.array(list(starmap(self._kind, each)), dtype=np.uint8)
        return Words(hashes, word_hashes(stems), weights, kinds)

    def _kind(self, word: str, number: int, weight: float) -> int:
        kind = (weight >= _LEAST_CONTENT) * CONTENT + (weight >= _LEAST_NAME) * NAME
        if not word.isalpha() and any(map(str.isdigit, word)):
            kind += FIGURE
        return kind + (number in self._first_person) * FIRST_PERSON


@cache
def _lexicon(lang: str) -> _Lexicon:
    """What is known of a language: as long-lived as its vocabulary."""
    return _Lexicon(lang)
