"""Stable 64-bit hashes of words and runs of words: the same in every process and machine."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import xxhash
from numpy.typing import NDArray

try:
    from dedup import _native
except ImportError:  # installed without a compiler
    HAS_NATIVE = False
else:
    HAS_NATIVE = True

MULTIPLIER: Final = np.uint64(0x9E3779B97F4A7C15)
"""2^64 / golden ratio, made odd (Knuth, TAOCP 3, 6.4): its multiples and its powers spread
evenly over the 64-bit numbers."""


def word_hash(word: str) -> int:
    """XXH3-64 of a word's UTF-8 (lone surrogates as their three bytes), seed 0.

    Two of a million distinct words collide with a probability of 3e-8, so equal hashes are
    taken for equal words.
    """
    return xxhash.xxh3_64_intdigest(word.encode("utf-8", "surrogatepass"))


def word_hashes(words: Sequence[str]) -> NDArray[np.uint64]:
    """The hash of each word.

    Returns:
        uint64, shape (len(words),).
    """
    if HAS_NATIVE:
        return np.frombuffer(_native.hash_words(words), dtype=np.uint64)
    return reference_word_hashes(words)


def reference_word_hashes(words: Sequence[str]) -> NDArray[np.uint64]:
    """The same in plain Python; each distinct word is hashed once."""
    known = {word: word_hash(word) for word in set(words)}
    return np.fromiter((known[word] for word in words), dtype=np.uint64, count=len(words))


def window_hashes(words: NDArray[np.uint64], size: int) -> NDArray[np.uint64]:
    """Hash every window of ``size`` consecutive words.

    With the words' hashes ``x[0] … x[k-1]`` and the multiplier M, a window has the hash
    ``x[0] M^(k-1) + x[1] M^(k-2) + … + x[k-1]  mod 2^64``: a polynomial, so that a native
    kernel can roll it along the text, where one word enters and one leaves.

    Args:
        words: uint64, shape (n_words,), in text order.
        size: Words per window.

    Returns:
        uint64, shape (max(0, n_words - size + 1),), in text order, with repetitions.
    """
    n_windows = max(0, len(words) - size + 1)
    hashes = words[:n_windows].copy()
    for offset in range(1, size):
        hashes *= MULTIPLIER
        hashes += words[offset : offset + n_windows]
    return hashes
