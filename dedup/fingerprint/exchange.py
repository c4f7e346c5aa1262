"""Signatures to datasketch and back, for those who have an index of it, or want one.

Kept apart from ``signature``, because importing datasketch costs .7 s and 60 MB.
"""

from __future__ import annotations

import numpy as np
from datasketch import MinHash
from numpy.typing import NDArray

from dedup.config import FingerprintSettings

SCHEME = "affine32"
"""The scheme of datasketch 2 that our signatures are bit-identical to."""


def to_minhash(signature: NDArray[np.uint32], settings: FingerprintSettings) -> MinHash:
    """A signature as a ``MinHash``, to query or fill a ``MinHashLSH`` with.

    Args:
        signature: uint32, shape (permutations,), of either family.
        settings: Those it was made with.
    """
    return MinHash(
        num_perm=settings.permutations,
        seed=settings.seed,
        hashvalues=signature,
        scheme=SCHEME,
    )


def from_minhash(minhash: MinHash, settings: FingerprintSettings) -> NDArray[np.uint32]:
    """The signature in a ``MinHash``: uint32, shape (permutations,).

    Raises:
        ValueError: It was made with other permutations, so it must not be compared.
    """
    made = (minhash.num_perm, minhash.seed, minhash.scheme)
    wanted = (settings.permutations, settings.seed, SCHEME)
    if made != wanted:
        raise ValueError(f"a MinHash of {made} cannot be compared with signatures of {wanted}")
    signature: NDArray[np.uint32] = minhash.hashvalues.astype(np.uint32)
    return signature
