"""MinHash signatures of sets of 32-bit hashes, and the resemblance they estimate.

Value k of a signature is ``min(a[k] * fmix32(h) + b[k] mod 2^32)`` over all elements h of the
set. That is the scheme "affine32" of datasketch 2: signatures are bit-identical to
``datasketch.MinHash(num_perm, seed, scheme="affine32")`` fed with the same hashes, and may be
taken there and back (a test holds it). The permutations are drawn here all the same, because
importing datasketch costs 0.7 s and 60 MB (scipy, redis and asyncio with it);
``exchange`` does it for who asks.
"""

from __future__ import annotations

from functools import cache
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.fingerprint.mixing import fmix32

EMPTY: Final = np.uint32(0xFFFFFFFF)
"""Every value of the signature of an empty set (datasketch's, too)."""

BLOCK_ELEMENTS: Final = 1 << 12
"""Elements permuted at once: with 128 permutations 2 MB, which stays in the second-level
cache."""


class Permutations(NamedTuple):
    """Bijections of the 32-bit numbers, ``h -> multiplier * h + increment``.

    Attributes:
        multipliers: uint32, shape (n_permutations, 1), odd.
        increments: uint32, shape (n_permutations, 1).
    """

    multipliers: NDArray[np.uint32]
    increments: NDArray[np.uint32]


@cache
def permutations(number: int, seed: int) -> Permutations:
    """The permutations that datasketch 2 draws for its scheme "affine32"."""
    # The legacy generator, whose stream NumPy has frozen: signatures must outlive releases.
    generator = np.random.RandomState(seed)
    halves = generator.randint(0, 1 << 31, number, dtype=np.uint32)
    increments = generator.randint(0, 1 << 32, number, dtype=np.uint32)
    multipliers = halves * np.uint32(2) + np.uint32(1)
    return Permutations(multipliers[:, np.newaxis], increments[:, np.newaxis])


def signatures(
    elements: NDArray[np.uint32], sizes: NDArray[np.intp], drawn: Permutations
) -> NDArray[np.uint32]:
    """Sign many sets at once, in bounded memory.

    Args:
        elements: uint32, shape (sum of sizes,): the sets' hashes, set after set;
            repetitions change nothing.
        sizes: shape (n_sets,): number of elements of each set.
        drawn: The permutations.

    Returns:
        uint32, shape (n_sets, n_permutations); ``EMPTY`` throughout for an empty set.
    """
    signed = np.full((len(sizes), len(drawn.multipliers)), EMPTY, dtype=np.uint32)
    owners = np.repeat(np.arange(len(sizes)), sizes)
    mixed = fmix32(elements)
    for start in range(0, len(mixed), BLOCK_ELEMENTS):
        block = slice(start, start + BLOCK_ELEMENTS)
        sets, firsts = np.unique(owners[block], return_index=True)
        permuted = mixed[block] * drawn.multipliers
        permuted += drawn.increments
        minima = np.minimum.reduceat(permuted, firsts, axis=1).T
        signed[sets] = np.minimum(signed[sets], minima)
    return signed


def resemblance(query: NDArray[np.uint32], candidate: NDArray[np.uint32]) -> float:
    """Estimate the Jaccard of two sets from their signatures.

    Its standard error is ``sqrt(J (1 - J) / n_permutations)``: .044 at most with 128.

    Args:
        query: uint32, shape (n_permutations,).
        candidate: The same, made with the same permutations.

    Raises:
        ValueError: The signatures differ in length, or one is that of an empty set, of
            which nothing can be said.
    """
    if query.shape != candidate.shape:
        raise ValueError(f"signatures of shapes {query.shape} and {candidate.shape}")
    if (query == EMPTY).all() or (candidate == EMPTY).all():
        raise ValueError("the signature of an empty set resembles nothing")
    return float(np.mean(query == candidate))
