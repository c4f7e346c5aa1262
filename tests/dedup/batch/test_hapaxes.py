"""Bitmaps of hapaxes: what two of them say of the words that texts use once."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from dedup.batch.hapaxes import BITS, Overlap, bitmaps, overlaps
from dedup.hashing import word_hashes

EARLIER, LATER = np.array([0], dtype=np.uint32), np.array([1], dtype=np.uint32)


def beside(one: NDArray[np.uint64], other: NDArray[np.uint64]) -> Overlap:
    return overlaps(bitmaps([one, other]), EARLIER, LATER)


def test_a_word_that_occurs_twice_sets_no_bit() -> None:
    words = word_hashes(["the", "ferry", "to", "Mallaig", "and", "the", "ferry", "to", "Armadale"])
    once = word_hashes(["Mallaig", "and", "Armadale"])
    assert (bitmaps([words]) == bitmaps([once])).all()
    assert np.bitwise_count(bitmaps([words])).sum() == 3


def test_the_bit_of_a_word_is_that_of_its_hash() -> None:
    bits = bitmaps([np.array([5, BITS + 70, 2**63 + 1000], dtype=np.uint64)])[0]
    assert {place for place in range(BITS) if bits[place // 64] >> np.uint64(place % 64) & 1} == {
        5,
        70,
        1000,
    }


@pytest.mark.parametrize(("n_shared", "n_ours", "n_theirs"), [(60, 90, 110), (20, 180, 30)])
def test_estimates_are_near_the_truth(n_shared: int, n_ours: int, n_theirs: int) -> None:
    """Collisions of bits are known by their number only, so within a few hundredths."""
    drawn = np.random.default_rng(5)
    found = []
    for _ in range(200):
        words = drawn.integers(0, 2**64, n_shared + n_ours + n_theirs, dtype=np.uint64)
        overlap = beside(
            words[: n_shared + n_ours], np.roll(words, n_theirs)[: n_shared + n_theirs]
        )
        found.append((overlap.resemblance[0], overlap.containment[0]))
    truth = n_shared / len(words), n_shared / (n_shared + min(n_ours, n_theirs))
    assert np.abs(np.mean(found, axis=0) - truth).max() < 0.01
    assert np.std(found, axis=0).max() < 0.06


def test_the_same_text_is_wholly_the_same() -> None:
    words = np.random.default_rng(1).integers(0, 2**64, 300, dtype=np.uint64)
    overlap = beside(words, words)
    assert overlap.resemblance[0] == overlap.containment[0] == 1


def test_texts_without_hapaxes_have_nothing_in_common() -> None:
    words = word_hashes(["again", "again"])
    overlap = beside(words, words)
    assert overlap.resemblance[0] == overlap.containment[0] == 0


def test_a_text_that_sets_all_bits_still_has_an_estimate() -> None:
    words = np.arange(4 * BITS, dtype=np.uint64)
    overlap = beside(words, words[:100])
    assert np.isfinite(overlap.resemblance).all()
    assert overlap.containment[0] == pytest.approx(1)
