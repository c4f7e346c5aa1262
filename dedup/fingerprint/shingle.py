"""The wording family's elements: one 32-bit hash per shingle of consecutive words.

A shingle of k words with the 64-bit hashes ``x[0] … x[k-1]`` (``dedup.hashing``) has the hash

    fmix64(x[0] M^(k-1) + x[1] M^(k-2) + … + x[k-1]  mod 2^64) >> 32

with the odd multiplier M of ``dedup.hashing``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedup.fingerprint.mixing import element_hashes
from dedup.hashing import window_hashes


def shingle_hashes(words: NDArray[np.uint64], size: int) -> NDArray[np.uint32]:
    """Hash every shingle of a text.

    A text of fewer than ``size`` words has none: one shingle of all its words would let
    two captions agree in full, and they are too short to be judged anyway.

    Args:
        words: uint64, shape (n_words,): the words' hashes in text order.
        size: Words per shingle.

    Returns:
        uint32, shape (max(0, n_words - size + 1),), in text order, with repetitions.
    """
    return element_hashes(window_hashes(words, size))
