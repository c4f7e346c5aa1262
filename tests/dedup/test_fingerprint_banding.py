from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from test_fingerprint_shingle import plain_fmix64

from dedup.fingerprint.banding import band_keys, passage_keys
from dedup.model import CONTENT, PASSAGES, WORDING


def plain_band_keys(signature: list[int], rows: int, family: int) -> list[int]:
    """As the module's docstring says, of all bands that there is room for."""
    size = len(signature)
    starts = list(range(0, size, rows))
    across = [start + rows // 2 for start in starts] if rows > 1 else []
    keys = []
    for band, start in enumerate([*starts, *across[0::2], *across[1::2]]):
        values = [signature[(start + row) % size] for row in range(rows)]
        key = plain_fmix64((family << 32) + band + 1)
        for first in range(0, rows, 2):
            low, high = (*values[first : first + 2], 0)[:2]
            key = plain_fmix64(key ^ (high << 32 | low))
        keys.append(key)
    return keys


@given(
    signature=arrays(np.uint32, 24),
    rows=st.sampled_from([1, 2, 3, 4, 6, 8, 12, 24]),
    family=st.sampled_from([WORDING, CONTENT]),
    data=st.data(),
)
def test_keys_are_those_of_the_specification(
    signature: NDArray[np.uint32], rows: int, family: int, data: st.DataObject
) -> None:
    expected = plain_band_keys(signature.tolist(), rows, family)
    n_bands = data.draw(st.integers(1, len(expected)))
    keys = band_keys(signature[np.newaxis], rows, n_bands, family)
    assert keys.dtype == np.uint64
    assert keys[0].tolist() == expected[:n_bands]


@given(hashes=arrays(np.uint64, st.integers(0, 9)))
def test_a_passage_has_the_key_of_a_band_of_its_own(hashes: NDArray[np.uint64]) -> None:
    first = plain_fmix64((PASSAGES << 32) + 1)
    expected = [plain_fmix64(first ^ each) for each in hashes.tolist()]
    assert passage_keys(hashes).tolist() == expected


@pytest.mark.parametrize("rows", [2, 4])
def test_equal_rows_in_other_bands_or_families_have_other_keys(rows: int) -> None:
    alike, n_bands = np.full((1, 128), 7, dtype=np.uint32), 256 // rows
    keys = [band_keys(alike, rows, n_bands, family)[0] for family in (WORDING, CONTENT)]
    passage = passage_keys(np.array([7 << 32 | 7], dtype=np.uint64))
    assert len(set(np.concatenate([*keys, passage]).tolist())) == 2 * n_bands + 1


@pytest.mark.parametrize("rows", [2, 4])
def test_a_change_in_any_row_changes_the_keys_of_its_two_bands_alone(rows: int) -> None:
    """One of those side by side, and one of those across."""
    signature, side_by_side = np.arange(16, dtype=np.uint32), 16 // rows
    before = band_keys(signature[np.newaxis], rows, 2 * side_by_side, CONTENT)[0]
    for changed in range(16):
        other = signature.copy()
        other[changed] += 1
        after = band_keys(other[np.newaxis], rows, 2 * side_by_side, CONTENT)[0]
        beside, across = np.flatnonzero(before != after).tolist()
        assert beside == changed // rows
        assert across >= side_by_side


@pytest.mark.parametrize("shift", [0, 24, 47])
def test_any_bits_of_a_key_spread_over_groups_evenly(shift: int) -> None:
    """Signatures are minima, small numbers all; chi-squared within 5 standard deviations."""
    groups, n_sets = 256, 2000
    small = np.random.default_rng(1).integers(0, 1 << 20, (n_sets, 64), dtype=np.uint32)
    keys = band_keys(small, 2, 32, CONTENT).ravel()
    counts = np.bincount((keys >> np.uint64(shift)) % np.uint64(groups), minlength=groups)
    expected = len(keys) / groups
    chi_squared = ((counts - expected) ** 2 / expected).sum()
    assert abs(chi_squared - (groups - 1)) < 5 * np.sqrt(2 * (groups - 1))
