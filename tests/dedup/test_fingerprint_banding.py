from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from test_fingerprint_shingle import plain_fmix64

from dedup.fingerprint.banding import CONTENT, WORDING, band_keys


def plain_band_keys(signature: list[int], rows: int, family: int) -> list[int]:
    """As the module's docstring says."""
    keys = []
    for band in range(len(signature) // rows):
        values = signature[band * rows : (band + 1) * rows]
        key = plain_fmix64((family << 32) + band + 1)
        for first in range(0, rows, 2):
            low, high = (*values[first : first + 2], 0)[:2]
            key = plain_fmix64(key ^ (high << 32 | low))
        keys.append(key)
    return keys


@given(
    signature=arrays(np.uint32, 24),
    rows=st.integers(1, 9),
    family=st.sampled_from([WORDING, CONTENT]),
)
def test_keys_are_those_of_the_specification(
    signature: NDArray[np.uint32], rows: int, family: int
) -> None:
    keys = band_keys(signature[np.newaxis], rows, family)
    assert keys.dtype == np.uint64
    assert keys[0].tolist() == plain_band_keys(signature.tolist(), rows, family)


@pytest.mark.parametrize("rows", [1, 2, 4])
def test_equal_rows_in_other_bands_or_families_have_other_keys(rows: int) -> None:
    alike = np.full((1, 128), 7, dtype=np.uint32)
    keys = np.concatenate([band_keys(alike, rows, family)[0] for family in (WORDING, CONTENT)])
    assert len(set(keys.tolist())) == 2 * (128 // rows)


@pytest.mark.parametrize("rows", [2, 4])
def test_a_change_in_any_row_changes_the_key_of_its_band_alone(rows: int) -> None:
    signature = np.arange(8, dtype=np.uint32)
    before = band_keys(signature[np.newaxis], rows, CONTENT)[0]
    for changed in range(8):
        other = signature.copy()
        other[changed] += 1
        after = band_keys(other[np.newaxis], rows, CONTENT)[0]
        assert np.flatnonzero(before != after).tolist() == [changed // rows]


@pytest.mark.parametrize("shift", [0, 24, 47])
def test_any_bits_of_a_key_spread_over_groups_evenly(shift: int) -> None:
    """Signatures are minima, small numbers all; chi-squared within 5 standard deviations."""
    groups, n_sets = 256, 2000
    small = np.random.default_rng(1).integers(0, 1 << 20, (n_sets, 64), dtype=np.uint32)
    keys = band_keys(small, 2, CONTENT).ravel()
    counts = np.bincount((keys >> np.uint64(shift)) % np.uint64(groups), minlength=groups)
    expected = len(keys) / groups
    chi_squared = ((counts - expected) ** 2 / expected).sum()
    assert abs(chi_squared - (groups - 1)) < 5 * np.sqrt(2 * (groups - 1))
