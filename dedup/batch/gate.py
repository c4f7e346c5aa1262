"""Which candidate pairs are worth a comparison, and which of them most."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from dedup.batch.sums import Shared

FLOOR: Final = 0.15
"""Resemblance of two articles' content, estimated from their sketches, below which a shared
content key is taken for chance. Of unrelated articles it is .02 to .14."""

ENOUGH_PASSAGES: Final = 2
"""Shared passages that are worth a comparison, whatever the resemblance."""


def worth_comparing(shared: Shared, resemblance: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which pairs are worth a comparison: bool, shape (n_pairs,).

    Args:
        shared: What they have in common.
        resemblance: float64, shape (n_pairs,): of their content (``dedup.batch.sketches``).
    """
    return (resemblance >= FLOOR) | (shared.passages >= ENOUGH_PASSAGES)


def strength(shared: Shared, resemblance: NDArray[np.float64]) -> NDArray[np.float64]:
    """By what pairs are ranked where not all can be compared, the best highest: float64."""
    return shared.score + resemblance
