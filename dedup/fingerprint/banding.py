"""Keys to index a signature under: one per band, so that alike sets share some of them.

A signature is cut into bands of r rows. Two sets of Jaccard J share a given band's key with
probability J^r, and at least one of b keys with 1 - (1 - J^r)^b (Leskovec, Rajaraman and
Ullman, Mining of Massive Datasets, 3.4).

The key of band i of family f, whose rows are packed two by two (the first in the low half,
zero if missing) into 64-bit words ``w[0], w[1], …``, is made by

    key = fmix64(f 2^32 + i + 1);   for each word w:  key = fmix64(key xor w)

So equal rows in different bands or families have different keys, two rows or fewer in one
band have the same key only if they are equal, and all bits of a key are equally good: an
index may take any of them for its groups.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from dedup.fingerprint.mixing import fmix64

WORDING: Final = 0
CONTENT: Final = 1
"""The numbers of the families, in keys and in the columns of ``Fingerprints.valid``."""


def band_keys(signatures: NDArray[np.uint32], rows: int, family: int) -> NDArray[np.uint64]:
    """Keys of all bands of many signatures.

    Args:
        signatures: uint32, shape (n_sets, n_permutations).
        rows: Rows per band; rows that fill no band at the end are left out.
        family: ``WORDING`` or ``CONTENT``.

    Returns:
        uint64, shape (n_sets, n_permutations // rows).
    """
    n_bands = signatures.shape[1] // rows
    values = signatures[:, : n_bands * rows].reshape(-1, n_bands, rows).astype(np.uint64)
    bands = np.arange(1, n_bands + 1, dtype=np.uint64) + np.uint64(family << 32)
    keys = np.broadcast_to(fmix64(bands), values.shape[:2])
    for row in range(0, rows, 2):
        words = values[:, :, row]
        if row + 1 < rows:
            words = words | (values[:, :, row + 1] << np.uint64(32))
        keys = fmix64(keys ^ words)
    return keys
