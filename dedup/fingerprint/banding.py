"""Keys to index signatures and passages under, so that texts with something in common share some.

A signature is cut into bands of r rows. Two sets of Jaccard J share a given band's key with
probability J^r, and at least one of b keys with 1 - (1 - J^r)^b if bands are independent
(Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, 3.4).

P permutations make P / r bands side by side. More bands cost no more permutations if they lie
*across* the borders of these, half a band further on: first across every other border (rows 1
and 2, 5 and 6, … of bands of two), then across the others (3 and 4, …; the last one takes the
first row again). A band across a border shares a half with each of two others, so they are
correlated; but it agrees where the second half of the one and the first half of the other do,
which neither tells. Of 64 content bands .0047 of the re-translations are missed, of 96 .0018
(``docs/fingerprints.md``).

The key of band i of family f, whose rows are packed two by two (the first in the low half,
zero if missing) into 64-bit words ``w[0], w[1], …``, is made by

    key = fmix64(f 2^32 + i + 1);   for each word w:  key = fmix64(key xor w)

The key of a passage with the hash w is that of band 0 of its family with the one word w.

So equal rows in different bands or families have different keys, two rows or fewer in one
band have the same key only if they are equal, and all bits of a key are equally good,
though signatures and passages are minima, and so small numbers: an index may take any of them
for its groups.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedup.fingerprint.mixing import fmix64
from dedup.model import PASSAGES


def band_keys(
    signatures: NDArray[np.uint32], rows: int, n_bands: int, family: int
) -> NDArray[np.uint64]:
    """Keys of all bands of many signatures.

    Args:
        signatures: uint32, shape (n_sets, n_permutations).
        rows: Rows per band, a divisor of n_permutations.
        n_bands: At most ``n_permutations // rows`` side by side, and as many across.
        family: The number of the family.

    Returns:
        uint64, shape (n_sets, n_bands).
    """
    places = band_rows(signatures.shape[1], rows, n_bands)
    keys = np.broadcast_to(first_keys(family, n_bands), (len(signatures), n_bands))
    for row in range(0, rows, 2):
        words = signatures[:, places[:, row]].astype(np.uint64)
        if row + 1 < rows:
            words |= signatures[:, places[:, row + 1]].astype(np.uint64) << np.uint64(32)
        keys = fmix64(keys ^ words)
    return keys


def passage_keys(hashes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Keys of passages, from the hashes of their shingles: uint64, shape (n_passages,)."""
    return fmix64(first_keys(PASSAGES, 1) ^ hashes)


def band_rows(n_permutations: int, rows: int, n_bands: int) -> NDArray[np.intp]:
    """The places of every band's rows in a signature: shape (n_bands, rows)."""
    half = rows // 2
    starts = np.concatenate(
        [
            np.arange(0, n_permutations, rows),
            np.arange(half, n_permutations, 2 * rows),
            np.arange(half + rows, n_permutations, 2 * rows),
        ]
    )
    return (starts[:n_bands, np.newaxis] + np.arange(rows)) % n_permutations


def first_keys(family: int, n_bands: int) -> NDArray[np.uint64]:
    """What the keys of a family's bands start as: uint64, shape (n_bands,)."""
    return fmix64(np.arange(1, n_bands + 1, dtype=np.uint64) + np.uint64(family << 32))
