"""The table of words in C answers as the one in Python does."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup._native import WordTable
from dedup.compare.word_table import ReferenceTable

pytestmark = pytest.mark.native

HASHES = st.one_of(st.integers(0, 2**64 - 1), st.integers(0, 20), st.just(2**64 - 1))
"""Small ones begin to be looked for at one place of the table, the largest at its end."""

TEXTS_OF_HASHES = st.lists(HASHES, max_size=30)


def what_is_known(words):
    """Another thing of each word."""
    words = np.array(words, dtype=np.uint64)
    return words, ~words, (words % np.uint64(7) / 8).astype(np.float32), (words % 5).astype("u1")


def looked_up(table, words):
    dtypes = (np.uint64, np.float32, np.uint8, np.int32)
    found = table.look_up(np.array(words, dtype=np.uint64))
    return [np.frombuffer(part, dtype).tolist() for part, dtype in zip(found, dtypes, strict=True)]


@given(st.lists(st.tuples(st.booleans(), TEXTS_OF_HASHES), max_size=12), st.integers(1, 40))
def test_a_table_knows_what_the_reference_knows(steps, most_words):
    native, reference = WordTable(most_words), ReferenceTable(most_words)
    for is_added, words in steps:
        if is_added:
            native.add(*what_is_known(words))
            reference.add(*what_is_known(words))
        assert looked_up(native, words) == looked_up(reference, words)
        assert len(native) == len(reference)


def test_a_table_grows_with_its_words():
    words = np.random.default_rng(5).integers(0, 2**64, 10_000, dtype=np.uint64)
    table = WordTable(len(words))
    for some in np.split(words, 100):
        table.add(*what_is_known(some))
    expected = [part.tolist() for part in what_is_known(words)[1:]]
    assert looked_up(table, words) == [*expected, []]


@pytest.mark.parametrize("table", [WordTable, ReferenceTable])
def test_a_word_that_is_known_stays_what_it_is(table):
    known = table(10)
    known.add(*what_is_known([3]))
    known.add(np.array([3], "u8"), np.array([1], "u8"), np.array([1], "f4"), np.array([1], "u1"))
    assert looked_up(known, [3]) == [part.tolist() for part in what_is_known([3])[1:]] + [[]]


@pytest.mark.parametrize("table", [WordTable, ReferenceTable])
def test_all_are_forgotten_when_there_are_too_many(table):
    known = table(3)
    known.add(*what_is_known([1, 2]))
    known.add(*what_is_known([3, 4]))
    assert len(known) == 2
    assert looked_up(known, [1, 3])[-1] == [0]


def test_arrays_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="room for one"):
        WordTable(0)
    with pytest.raises(ValueError, match="hashes of 8 bytes"):
        WordTable(1).look_up(np.zeros(3, dtype=np.uint8))
    with pytest.raises(TypeError):
        WordTable(1).look_up("word")
    words, terms, weights, kinds = what_is_known([1, 2])
    for wrong in (
        (words[:1], terms, weights, kinds),
        (words, terms[:1], weights, kinds),
        (words, terms, weights[:1], kinds),
        (words, terms, weights, kinds[:1]),
    ):
        with pytest.raises(ValueError, match="as many terms"):
            WordTable(10).add(*wrong)
