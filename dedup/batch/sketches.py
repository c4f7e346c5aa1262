"""Signatures cut to 8 bits a value, to tell at little cost which articles have little in common.

Two values that differ agree in one sketch of 256 all the same (Li and König, b-bit minwise
hashing, WWW 2010). The gain: four times as many fit a cache.
"""

from __future__ import annotations

import math
from typing import Final

import numpy as np
from numpy.typing import NDArray

CHANCE: Final = 1 / 256
"""Share of values that agree in sketches of sets without a common element."""


def sketches_of(signatures: NDArray[np.uint32]) -> NDArray[np.uint8]:
    """Cut signatures to the second lowest byte of each value.

    The minima of a set have few high bits, and the lowest byte of a value depends on no more
    than the lowest byte of its element. Sketches of two sets without elements agree throughout.

    Args:
        signatures: uint32, shape (n_sets, n_permutations).

    Returns:
        uint8, shape (n_sets, n_permutations).
    """
    return (signatures >> np.uint32(8)).astype(np.uint8)


def resemblance(agreeing: NDArray[np.uint8], n_permutations: int) -> NDArray[np.float64]:
    """Estimate Jaccard from how many values of two sketches agree; below 0 by chance, too.

    Args:
        agreeing: uint8, any shape.
        n_permutations: Values of a sketch.
    """
    shares: NDArray[np.float64] = agreeing / n_permutations
    return (shares - CHANCE) / (1 - CHANCE)


def standard_error(jaccard: float, n_permutations: int) -> float:
    """Of the estimate, for sets of some Jaccard."""
    agree = CHANCE + jaccard * (1 - CHANCE)
    return math.sqrt(agree * (1 - agree) / n_permutations) / (1 - CHANCE)


def least_agreeing(floor: float, n_permutations: int) -> int:
    """How many values agree at least where the estimated Jaccard reaches a floor."""
    return math.ceil(n_permutations * (CHANCE + floor * (1 - CHANCE)))
