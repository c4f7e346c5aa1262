"""Words as arrays: looked up once, remembered, forgotten when there are too many."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from article_cases import ARTICLE, compare_texts
from hypothesis import given
from hypothesis import strategies as st
from native_cases import TEXTS

from dedup.compare import words as lexicons
from dedup.compare.numbers import is_telling, numbers, telling_numbers
from dedup.compare.word_table import ReferenceTable
from dedup.compare.words import CONTENT, FIGURE, FIRST_PERSON, NAME, Words
from dedup.hashing import word_hashes
from dedup.judge.features import FEATURES, LazyFeatures, features
from dedup.terms import vocabulary
from dedup.tokens import tokenize

pytestmark = pytest.mark.native

MANY = " ".join(f"word{number}" for number in range(3000))


@pytest.fixture(autouse=True)
def nothing_remembered():
    lexicons._lexicon.cache_clear()
    yield
    lexicons._lexicon.cache_clear()


def lists(words):
    return [getattr(words, field).tolist() for field in ("hashes", "terms", "weights", "kinds")]


def test_a_word_is_its_hash_its_stem_its_weight_and_its_kind():
    words = Words.of(tokenize("The volcanologist: G20, we, the"), "en")
    assert (
        words.hashes.tolist() == word_hashes(["the", "volcanologist", "g20", "we", "the"]).tolist()
    )
    assert words.terms[1] == word_hashes([vocabulary("en").stem("volcanologist")])[0]
    assert words.weights.tolist()[:2] == [0, 1]
    assert words.kinds.tolist() == [0, CONTENT | NAME, CONTENT | NAME | FIGURE, FIRST_PERSON, 0]


def test_words_are_the_same_when_they_are_known():
    tokens = tokenize(MANY)
    assert lists(Words.of(tokens, "en")) == lists(Words.of(tokens, "en"))


def test_words_are_the_same_after_all_were_forgotten(monkeypatch):
    monkeypatch.setattr(lexicons, "REMEMBERED_WORDS", 10)
    before = Words.of(tokenize(MANY), "en")
    Words.of(tokenize(ARTICLE), "en")
    after = Words.of(tokenize(MANY), "en")
    assert lists(after) == lists(before)


@given(TEXTS, st.sampled_from(["en", "ar", "ja", "ur", "und"]))
def test_words_are_the_same_without_a_compiler(text, lang):
    tokens = tokenize(text)
    reference = lexicons._Lexicon(lang)
    reference._known = ReferenceTable(10)
    native = lexicons._Lexicon(lang)
    for _ in range(2):
        assert lists(reference.words(tokens)) == lists(native.words(tokens))


def test_threads_that_look_up_the_same_words_find_the_same(monkeypatch):
    """And forget them beside each other."""
    monkeypatch.setattr(lexicons, "REMEMBERED_WORDS", 1000)
    expected = lists(Words.of(tokenize(MANY), "en"))
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: lists(Words.of(tokenize(MANY), "en")), range(8)))
    assert found == [expected] * 8


@given(st.text(st.sampled_from("A_ 1205,.:-é٣\u0301約½"), max_size=30), st.data())
def test_telling_numbers_are_those_of_all_that_begin_with_a_word(text, data):
    tokens = tokenize(text)
    words = zip(tokens.words, tokens.starts.tolist(), strict=True)
    starts = [start for word, start in words if any(map(str.isdigit, word))]
    chosen = [start for start in starts if data.draw(st.booleans())]
    expected = {
        number.value
        for number in numbers(text)
        if number.span.start in chosen and is_telling(number.value)
    }
    assert telling_numbers(text, chosen) == expected


def test_features_made_one_by_one_are_those_made_at_once():
    comparison = compare_texts(ARTICLE, ARTICLE.replace("iron", "steel"))
    lazy = LazyFeatures(comparison.mirrored)
    assert list(lazy) == list(FEATURES)
    assert len(lazy) == len(FEATURES)
    assert dict(lazy) == features(comparison)
