"""The content family's elements: what a text is about, in terms that survive translation.

1. A **term** is the stem of a word. In a script without spaces, where a token is one
   character, a term is some neighbouring characters: two in Han and kana, four where a
   character is a letter (Thai, Lao, Khmer, Burmese); it weighs as much as they do on
   average. A shorter stretch is one term. Single characters are shared by all texts
   (Japanese: two unrelated articles have 14 % of them in common, but 2 % of the pairs).
2. A term enters the set as one, two or three **copies**: one if it weighs at least
   ``CONTENT_WEIGHT``, one more from ``TELLING_WEIGHT``, one more if it occurs twice or more.
   So Jaccard of the sets approximates the weighted Jaccard of the texts, and a plain
   MinHash of it needs neither floats nor logarithms.
3. Copy number c (0, 1, 2) of a term whose stem has the 64-bit hash x is the element

       fmix64(x + c M  mod 2^64) >> 32

   with the odd multiplier M of ``dedup.fingerprint.mixing``.

Measured on 1,710 English re-translations among 11,956 articles (``docs/fingerprints.md``):
finer steps of weight gain nothing; the third copy takes a tenth of the unrelated
candidates away at no loss.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import reduce
from operator import add
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dedup.fingerprint.mixing import element_hashes
from dedup.hashing import MULTIPLIER, reference_word_hashes
from dedup.terms import Term, Vocabulary
from dedup.tokens import SOLO, Tokens, code_point_classes

CONTENT_WEIGHT: Final = 0.25
"""Least weight of a term that counts. In English the stem is then rarer than "court" or
"announce". Lower finds more (0.17: misses .0016 instead of .0026 of re-translations) among
more unrelated candidates (489 instead of 291 of 11,956)."""

TELLING_WEIGHT: Final = 0.5
"""Least weight of a term that counts twice."""


WIDE_CHARACTERS: Final = 2
"""Characters per term in Han and kana. Japanese, two translations of one article: one
character finds all of them among 68 % of the unrelated ones, two .9994 among 5 %."""

NARROW_CHARACTERS: Final = 4
"""Characters per term in other scripts without spaces, about a short word. Not measured:
no labelled text at hand."""


def content_hashes(tokens: Tokens, vocabulary: Vocabulary) -> NDArray[np.uint32]:
    """Hash the weighted content terms of a text.

    Returns:
        uint32, shape (n_elements,): one element per copy of a term, terms in the order of
        their first occurrence.
    """
    copies = {
        term.stem: 1 + (term.weight >= TELLING_WEIGHT) + (occurrences > 1)
        for term, occurrences in Counter(_terms(tokens, vocabulary)).items()
        if term.weight >= CONTENT_WEIGHT
    }
    counts = np.fromiter(copies.values(), dtype=np.int64, count=len(copies))
    firsts = np.repeat(np.cumsum(counts) - counts, counts)
    numbers = (np.arange(len(firsts)) - firsts).astype(np.uint64)
    hashes = np.repeat(reference_word_hashes(tuple(copies)), counts)
    return element_hashes(hashes + numbers * MULTIPLIER)


def characters_per_term(word: str) -> int:
    """How many words in a row make a term where they touch; 0 if a word is a term by itself.

    >>> characters_per_term("東"), characters_per_term("ก"), characters_per_term("skye")
    (2, 4, 0)
    """
    first = word[0]
    if code_point_classes()[ord(first)] != SOLO:
        return 0
    is_wide = unicodedata.east_asian_width(first) in {"W", "H"}
    return WIDE_CHARACTERS if is_wide else NARROW_CHARACTERS


def _terms(tokens: Tokens, vocabulary: Vocabulary) -> Iterator[Term]:
    """All terms of a text, with repetitions."""
    touches = tokens.starts[1:] == tokens.ends[:-1]
    if not touches.any():  # written with spaces throughout
        return map(vocabulary.term, tokens.words)
    return _terms_of_mixed_text(tokens.words, touches.tolist(), vocabulary)


def _terms_of_mixed_text(
    words: Sequence[str], touches: Sequence[bool], vocabulary: Vocabulary
) -> Iterator[Term]:
    """The same where some words touch, which only characters without spaces do.

    ``touches[i]`` says whether word i ends where the next one starts.
    """
    stretch: list[str] = []
    for word, touches_next in zip(words, (*touches, False), strict=True):
        if not characters_per_term(word):
            yield from _character_terms(stretch, vocabulary)
            stretch = []
            yield vocabulary.term(word)
            continue
        stretch.append(word)
        if not touches_next:
            yield from _character_terms(stretch, vocabulary)
            stretch = []


def _character_terms(stretch: Sequence[str], vocabulary: Vocabulary) -> Iterator[Term]:
    """Terms of an unbroken stretch of characters, of which each is a word to the tokenizer."""
    if not stretch:
        return
    size = characters_per_term(stretch[0])
    characters = [vocabulary.term(character) for character in stretch]
    for start in range(max(1, len(characters) - size + 1)):
        window = characters[start : start + size]
        stem = "".join(character.stem for character in window)
        # Not sum(): from Python 3.12 on it rounds otherwise, and kernels must agree.
        weight = reduce(add, [character.weight for character in window])
        yield Term(stem, weight / len(window))
