"""Hashes are stable, and those of windows are the polynomial that the docstring states."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.hashing import MULTIPLIER, reference_word_hashes, window_hashes, word_hashes

pytestmark = pytest.mark.native

ANY_WORDS = st.lists(st.text(st.characters(exclude_categories=()), max_size=5))
NUMBERS = st.lists(st.integers(0, 2**64 - 1), max_size=20)


def test_hashes_are_those_of_xxh3() -> None:
    """Keys that are stored rest on them; the hash of nothing is published with the algorithm."""
    assert word_hashes([""]).tolist() == [0x2D06800538D394C2]


@given(ANY_WORDS)
def test_a_word_has_one_hash_wherever_it_stands(words: list[str]) -> None:
    hashes = word_hashes(words)
    assert hashes.dtype == np.uint64
    assert hashes.tolist() == [int(word_hashes([word])[0]) for word in words]


@given(ANY_WORDS)
def test_hashes_are_those_of_the_plain_version(words: list[str]) -> None:
    assert word_hashes(words).tolist() == reference_word_hashes(words).tolist()


@given(ANY_WORDS)
def test_distinct_words_have_distinct_hashes(words: list[str]) -> None:
    assert len(set(word_hashes(words).tolist())) == len(set(words))


@given(NUMBERS, st.integers(1, 6))
def test_window_hash_is_the_polynomial_of_its_words(numbers: list[int], size: int) -> None:
    expected = []
    for start in range(len(numbers) - size + 1):
        value = 0
        for number in numbers[start : start + size]:
            value = (value * int(MULTIPLIER) + number) % 2**64
        expected.append(value)
    assert window_hashes(np.array(numbers, dtype=np.uint64), size).tolist() == expected


def test_order_of_words_tells_windows_apart() -> None:
    words = word_hashes(["man", "bites", "dog"])
    assert window_hashes(words, 3) != window_hashes(words[::-1], 3)


def test_hashing_windows_leaves_the_words_alone() -> None:
    words = word_hashes(["a", "b", "c"])
    before = words.copy()
    window_hashes(words, 2)
    assert np.array_equal(words, before)
