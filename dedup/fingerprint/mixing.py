"""How hashes are combined and spread: integer arithmetic that any language repeats bit for bit.

The finalizers are those of MurmurHash3 (Austin Appleby, 2011, public domain): bijections
that spread every input bit over all output bits. All arithmetic wraps around.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def fmix32(values: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """MurmurHash3's 32-bit finalizer, element by element; a new array."""
    mixed = values ^ (values >> np.uint32(16))
    mixed *= np.uint32(0x85EBCA6B)
    mixed ^= mixed >> np.uint32(13)
    mixed *= np.uint32(0xC2B2AE35)
    mixed ^= mixed >> np.uint32(16)
    return mixed


def fmix64(values: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """MurmurHash3's 64-bit finalizer, element by element; a new array."""
    mixed = values ^ (values >> np.uint64(33))
    mixed *= np.uint64(0xFF51AFD7ED558CCD)
    mixed ^= mixed >> np.uint64(33)
    mixed *= np.uint64(0xC4CEB9FE1A85EC53)
    mixed ^= mixed >> np.uint64(33)
    return mixed


def element_hashes(values: NDArray[np.uint64]) -> NDArray[np.uint32]:
    """The 32-bit hash by which a set's element enters MinHash: the high half of ``fmix64``."""
    return (fmix64(values) >> np.uint64(32)).astype(np.uint32)
