"""Sketches estimate what the signatures that they are cut from estimate."""

from __future__ import annotations

import numpy as np
import pytest

from dedup.batch.sketches import CHANCE, least_agreeing, resemblance, sketches_of

PERMUTATIONS = 128_000
"""So many that chance plays no part: the standard error of a share is .0014 at most."""


def signatures_alike(share: float) -> np.ndarray:
    """Two signatures of minima, as small as those of sets of 200, of which a share is equal."""
    drawn = np.random.default_rng(7).integers(0, 2**25, (2, PERMUTATIONS), dtype=np.uint32)
    n_equal = round(share * PERMUTATIONS)
    drawn[1, :n_equal] = drawn[0, :n_equal]
    return drawn


@pytest.mark.parametrize("share", [0.0, 0.2, 0.9, 1.0])
def test_sketches_tell_what_share_of_the_signatures_is_equal(share: float) -> None:
    one, other = sketches_of(signatures_alike(share))
    agreeing = np.array([np.count_nonzero(one == other)])
    assert abs(resemblance(agreeing, PERMUTATIONS)[0] - share) < 0.003


def test_sketches_of_unlike_sets_agree_by_chance() -> None:
    one, other = sketches_of(signatures_alike(0.0))
    assert abs(np.mean(one == other) - CHANCE) < 0.001


@pytest.mark.parametrize("floor", [0.05, 0.1, 0.17, 0.5, 1.0])
def test_the_least_that_agree_are_those_that_reach_the_floor(floor: float) -> None:
    least = least_agreeing(floor, 128)
    below, reached = resemblance(np.array([least - 1, least], dtype=np.uint8), 128)
    assert below < floor <= reached + 1e-12
