from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.fingerprint.shingle import shingle_hashes

MASK = (1 << 64) - 1

word_hashes = st.lists(st.integers(0, MASK), max_size=40)
sizes = st.integers(1, 8)


def plain_fmix64(value: int) -> int:
    """MurmurHash3's finalizer in Python's own numbers."""
    for multiplier in (0xFF51AFD7ED558CCD, 0xC4CEB9FE1A85EC53):
        value = (value ^ value >> 33) * multiplier & MASK
    return value ^ value >> 33


def plain_shingle_hashes(words: list[int], size: int) -> list[int]:
    """As the module's docstring says."""
    shingles = [words[start : start + size] for start in range(len(words) - size + 1)]
    polynomials = [
        sum(word * 0x9E3779B97F4A7C15 ** (size - 1 - place) for place, word in enumerate(shingle))
        for shingle in shingles
    ]
    return [plain_fmix64(polynomial & MASK) >> 32 for polynomial in polynomials]


@given(words=word_hashes, size=sizes)
def test_hashes_are_those_of_the_specification(words: list[int], size: int) -> None:
    hashes = shingle_hashes(np.array(words, dtype=np.uint64), size)
    assert hashes.dtype == np.uint32
    assert hashes.tolist() == plain_shingle_hashes(words, size)


def test_the_words_stay_as_they_were() -> None:
    words = np.arange(10, dtype=np.uint64)
    shingle_hashes(words, 5)
    assert words.tolist() == list(range(10))


def test_a_text_shorter_than_a_shingle_has_none() -> None:
    assert shingle_hashes(np.arange(4, dtype=np.uint64), 5).tolist() == []


def test_the_order_of_words_within_a_shingle_counts() -> None:
    forward = np.arange(1, 6, dtype=np.uint64)
    assert shingle_hashes(forward, 5) != shingle_hashes(forward[::-1], 5)


@given(words=st.lists(st.integers(0, MASK), min_size=5, max_size=40), size=st.integers(1, 5))
def test_a_text_written_twice_adds_only_the_shingles_across_the_seam(
    words: list[int], size: int
) -> None:
    once = np.array(words, dtype=np.uint64)
    added = set(shingle_hashes(np.tile(once, 2), size).tolist())
    added -= set(shingle_hashes(once, size).tolist())
    assert len(added) <= size - 1
