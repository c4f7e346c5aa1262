"""The loops that joins spend their time in: in C if that was built, else in numpy.

``dedup.batch.reference`` says what each does; both give the same.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedup.batch import reference
from dedup.batch.buckets import Buckets
from dedup.batch.hapaxes import BITS, WORD_BITS, bitmaps, elements
from dedup.batch.reference import Likeness, ShingleSets
from dedup.fingerprint.signature import Permutations
from dedup.index.postings import BUCKET_END

try:
    from dedup.batch import _native
except ImportError:  # no compiler was there
    NATIVE = False
else:
    NATIVE = True


SET_SIZES = elements(np.arange(BITS + 1))
"""How many hapaxes set so many bits, about."""


def sort(keys: NDArray[np.uint64], values: NDArray[np.uint64]) -> None:
    """See ``dedup.batch.reference.sort``."""
    if NATIVE:
        _native.sort(keys, values)
    else:
        reference.sort(keys, values)


def add_up(keys: NDArray[np.uint64], values: NDArray[np.uint64]) -> int:
    """See ``dedup.batch.reference.add_up``."""
    return _native.add_up(keys, values) if NATIVE else reference.add_up(keys, values)


def agreeing(
    sketches: NDArray[np.uint8], earlier: NDArray[np.uint32], later: NDArray[np.uint32]
) -> NDArray[np.uint8]:
    """See ``dedup.batch.reference.agreeing``."""
    if not NATIVE:
        return reference.agreeing(sketches, earlier, later)
    counts = np.empty(len(earlier), dtype=np.uint8)
    _native.agreeing(sketches, sketches.shape[1], earlier, later, counts)
    return counts


def collide(
    buckets: Buckets,
    part: range,
    worth: NDArray[np.uint64],
    likeness: Likeness,
    reach: int = BUCKET_END,
) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """See ``dedup.batch.reference.collide``."""
    if not NATIVE:
        return reference.collide(buckets, part, worth, likeness, reach)
    pairs, counted = np.empty((2, _most(buckets, part, reach)), dtype=np.uint64)
    wording = likeness.wording
    n_pairs = _native.collide(
        buckets.entries,
        buckets.firsts,
        part.start,
        part.stop,
        reach,
        worth,
        likeness.sketches,
        likeness.sketches.shape[1],
        likeness.least,
        None if wording is None else wording.bitmaps,
        BITS // WORD_BITS,
        None if wording is None else wording.tongues,
        SET_SIZES,
        1.0 if wording is None else wording.resemblance,
        pairs,
        counted,
    )
    return pairs[:n_pairs], counted[:n_pairs]


def hapaxes(words: NDArray[np.uint64], offsets: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Mark the hapaxes of texts (``dedup.batch.hapaxes.bitmaps``).

    Args:
        words: uint64, shape (n_words,): hashes of the words, text after text.
        offsets: int64, shape (n_texts + 1,): text i stands from ``offsets[i]`` to
            ``offsets[i + 1]``.
    """
    if not NATIVE:
        return bitmaps(np.split(words, offsets[1:-1]) if len(offsets) > 1 else [])
    marked = np.zeros((len(offsets) - 1, BITS // WORD_BITS), dtype=np.uint64)
    _native.hapaxes(words, offsets, BITS, marked)
    return marked


def shingle_sets(words: NDArray[np.uint64], offsets: NDArray[np.int64], size: int) -> ShingleSets:
    """See ``dedup.batch.reference.shingle_sets``."""
    if not NATIVE:
        return reference.shingle_sets(words, offsets, size)
    elements, bounds = np.empty_like(words), np.empty_like(offsets)
    n_elements = _native.shingle_sets(words, offsets, size, elements, bounds)
    return ShingleSets(elements[:n_elements], bounds)


def minhash(sets: ShingleSets, drawn: Permutations) -> NDArray[np.uint32]:
    """See ``dedup.batch.reference.minhash``."""
    if not NATIVE:
        return reference.minhash(sets, drawn)
    signed = np.empty((len(sets), len(drawn.multipliers)), dtype=np.uint32)
    _native.minhash(sets.elements, sets.bounds, drawn.multipliers, drawn.increments, signed)
    return signed


def common(
    sets: ShingleSets, one: NDArray[np.int64], other: NDArray[np.int64]
) -> NDArray[np.int64]:
    """See ``dedup.batch.reference.common``."""
    if not NATIVE:
        return reference.common(sets, one, other)
    counts = np.empty_like(one)
    _native.common(sets.elements, sets.bounds, one, other, counts)
    return counts


def _most(buckets: Buckets, part: range, reach: int) -> int:
    """How many pairs there are if all are alike."""
    place = np.arange(part.start, part.stop)
    bucket = np.searchsorted(buckets.firsts, place, side="right") - 1
    return int(np.minimum(place - buckets.firsts[bucket], 2 * reach).sum())
