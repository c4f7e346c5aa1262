"""Words as arrays: looked up once, remembered, forgotten when there are too many."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from article_cases import ARTICLE, compare_texts
from hypothesis import given
from hypothesis import strategies as st

from dedup.compare import words as lexicons
from dedup.compare.numbers import is_telling, numbers, telling_numbers
from dedup.compare.words import CONTENT, FIGURE, FIRST_PERSON, FIRST_ROWS, NAME, Words
from dedup.hashing import word_hashes
from dedup.judge.features import FEATURES, LazyFeatures, features
from dedup.terms import vocabulary

MANY = [f"word{number}" for number in range(3 * FIRST_ROWS)]


@pytest.fixture(autouse=True)
def nothing_remembered(monkeypatch):
    monkeypatch.setattr(lexicons, "_lexicons", {})


def test_a_word_is_its_hash_its_stem_its_weight_and_its_kind():
    words = Words.of(["the", "volcanologist", "g20", "we", "the"], "en")
    assert (
        words.hashes.tolist() == word_hashes(["the", "volcanologist", "g20", "we", "the"]).tolist()
    )
    assert words.terms[1] == word_hashes([vocabulary("en").stem("volcanologist")])[0]
    assert words.weights.tolist()[:2] == [0, 1]
    assert words.kinds.tolist() == [0, CONTENT | NAME, CONTENT | NAME | FIGURE, FIRST_PERSON, 0]


def test_words_are_the_same_when_there_are_more_of_them_than_rows_at_first():
    whole, again = Words.of(MANY, "en"), Words.of(MANY, "en")
    assert whole.hashes.tolist() == word_hashes(MANY).tolist() == again.hashes.tolist()


def test_words_are_the_same_after_all_were_forgotten(monkeypatch):
    monkeypatch.setattr(lexicons, "REMEMBERED_WORDS", 10)
    before = Words.of(MANY, "en")
    after = Words.of(MANY[::-1], "en")
    assert after.terms.tolist() == before.terms.tolist()[::-1]
    assert after.weights.tolist() == before.weights.tolist()[::-1]


def test_threads_that_look_up_the_same_words_find_the_same():
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: Words.of(MANY, "en").hashes.tolist(), range(8)))
    assert found == [word_hashes(MANY).tolist()] * 8


@given(st.text(st.sampled_from("A_ 1205,.:é٣"), max_size=30))
def test_telling_numbers_are_those_of_all_numbers(text):
    starts = np.arange(0, len(text), 1, dtype=np.int32)
    expected = {number.value for number in numbers(text) if is_telling(number.value)}
    assert telling_numbers(text, starts) == expected


def test_features_made_one_by_one_are_those_made_at_once():
    comparison = compare_texts(ARTICLE, ARTICLE.replace("iron", "steel"))
    lazy = LazyFeatures(comparison.mirrored)
    assert list(lazy) == list(FEATURES)
    assert len(lazy) == len(FEATURES)
    assert dict(lazy) == features(comparison)
