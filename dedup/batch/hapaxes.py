"""Words that occur once in a text, as a bitmap: what tells a retold text from its subject.

A *hapax* is a word that occurs exactly once in its text. Two articles on one subject share names
and terms, which both repeat; the words that each uses once are mostly its writer's choice. A
re-translation keeps half of them, and so does a copy that was edited: of English re-translations
.998 have a Jaccard of hapaxes of .145 and more, and so have 0.6 pairs an article of unrelated
newswire. Where as many are found by the resemblance of content terms, there are 16
(``docs/batch.md``).

A text sets bit ``h mod BITS`` for each of its hapaxes, h being the word's hash. A set of n elements
sets about m (1 - exp(-n / m)) of m bits, whence its size; so the union's, from the bits that
either has, and the intersection's (linear counting: Whang, Vander-Zanden and Taylor, TODS 1990).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

BITS: Final = 1024
"""Bits of a bitmap, 128 bytes a text. Articles of news have some 200 hapaxes, of 85 to 350; with
2048 bits no fewer pairs pass for as many re-translations. From some 5,000 words on most bits are
set, and the estimate says little: such texts are found by their passages."""

WORD_BITS: Final = 64

BLOCK_PAIRS: Final = 1 << 14
"""Pairs laid side by side at once: 4 MB, which stays in the cache."""


@dataclass(frozen=True, slots=True)
class Overlap:
    """How much of the hapaxes of two texts is the same, estimated; p pairs.

    Attributes:
        resemblance: float64, shape (p,): Jaccard, in [0, 1].
        containment: float64, shape (p,): share of those of the text that has fewer.
    """

    resemblance: NDArray[np.float64]
    containment: NDArray[np.float64]


def bitmaps(texts: Sequence[NDArray[np.uint64]]) -> NDArray[np.uint64]:
    """Mark the hapaxes of each text.

    Args:
        texts: Of each the hashes of its words (``dedup.hashing``): uint64, shape (n_words,).

    Returns:
        uint64, shape (n_texts, BITS // 64): bit b is bit ``b mod 64`` of word ``b // 64``.
    """
    marked = np.zeros((len(texts), BITS), dtype=bool)
    for row, words in zip(marked, texts, strict=True):
        distinct, counts = np.unique(words, return_counts=True)
        row[distinct[counts == 1] % np.uint64(BITS)] = True
    packed: NDArray[np.uint64] = np.packbits(marked, axis=1, bitorder="little").view("<u8")
    return packed.astype(np.uint64)


def overlaps(
    marked: NDArray[np.uint64], earlier: NDArray[np.uint32], later: NDArray[np.uint32]
) -> Overlap:
    """Estimate how much of their hapaxes pairs of texts have in common.

    Args:
        marked: uint64, shape (n_texts, BITS // 64): ``bitmaps`` of all texts.
        earlier: uint32, shape (n_pairs,): of each pair one text.
        later: uint32, shape (n_pairs,): the other.
    """
    set_bits = np.bitwise_count(marked).sum(axis=1, dtype=np.int64)
    shared = np.empty(len(earlier), dtype=np.int64)
    for start in range(0, len(earlier), BLOCK_PAIRS):
        block = slice(start, start + BLOCK_PAIRS)
        both = marked[earlier[block]] & marked[later[block]]
        shared[block] = np.bitwise_count(both).sum(axis=1, dtype=np.int64)
    one, other = set_bits[earlier], set_bits[later]
    ours, theirs, union = elements(one), elements(other), elements(one + other - shared)
    common = np.maximum(ours + theirs - union, 0)
    return Overlap(common / np.maximum(union, 1), common / np.maximum(np.minimum(ours, theirs), 1))


def elements(set_bits: NDArray[np.int64]) -> NDArray[np.float64]:
    """How many elements set so many bits, about; of a full bitmap as of one with a bit free."""
    sizes: NDArray[np.float64] = -BITS * np.log1p(-np.minimum(set_bits, BITS - 1) / BITS)
    return sizes
