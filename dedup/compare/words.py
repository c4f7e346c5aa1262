"""The words of a text as arrays: what they are, what they stand for, what they weigh."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.hashing import word_hash
from dedup.terms import vocabulary

CACHED_WORDS: Final = 1 << 15
"""Distinct words remembered per language, some 10 MB when full: of the distinct words
of an article .97 are among them after a thousand articles of news, and take a tenth of the time."""


@dataclass(frozen=True, slots=True)
class Words:
    """A text's tokens as arrays; n tokens.

    Attributes:
        hashes: uint64 (n,): one per folded word (``dedup.hashing``).
        terms: uint64 (n,): one per stem.
        weights: float32 (n,): in [0, 1], 0 for function words, 1 for rare words and names.
        figures: bool (n,): whether it has a digit.
    """

    hashes: NDArray[np.uint64]
    terms: NDArray[np.uint64]
    weights: NDArray[np.float32]
    figures: NDArray[np.bool_]

    @classmethod
    def of(cls, words: Sequence[str], lang: str) -> Words:
        """Look up each distinct word once.

        Args:
            words: Folded, in text order.
            lang: Their language.
        """
        known = _known(vocabulary(lang).lang)
        place = {word: number for number, word in enumerate(dict.fromkeys(words))}
        entries = [known(word) for word in place]
        at = np.fromiter(map(place.__getitem__, words), dtype=np.intp, count=len(words))
        hashes, terms, weights, figures = zip(*entries, strict=True) if entries else ((),) * 4
        return cls(
            hashes=np.array(hashes, dtype=np.uint64)[at],
            terms=np.array(terms, dtype=np.uint64)[at],
            weights=np.array(weights, dtype=np.float32)[at],
            figures=np.array(figures, dtype=bool)[at],
        )


class _Word(NamedTuple):
    hash: int
    term: int
    weight: float
    has_digit: bool


@cache
def _known(lang: str) -> Callable[[str], _Word]:
    """What is known of the words of a language: made once a word."""
    lexicon = vocabulary(lang)

    def look_up(word: str) -> _Word:
        stem, weight = lexicon.term(word)
        return _Word(word_hash(word), word_hash(stem), weight, any(map(str.isdigit, word)))

    return lru_cache(maxsize=CACHED_WORDS)(look_up)
