from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
import xxhash
from hypothesis import given, settings
from hypothesis import strategies as st
from test_fingerprint_shingle import MASK, plain_fmix64

from dedup.fingerprint.content import content_hashes
from dedup.terms import vocabulary
from dedup.tokens import tokenize


def hashes(text: str, lang: str) -> set[int]:
    return set(content_hashes(tokenize(text), vocabulary(lang)).tolist())


def element(stem: str, copy: int) -> int:
    """As the module's docstring says."""
    digest = xxhash.xxh3_64_intdigest(stem.encode())
    return plain_fmix64(digest + copy * 0x9E3779B97F4A7C15 & MASK) >> 32


def plain_english_hashes(words: list[str]) -> list[int]:
    """The rule for scripts with spaces, word by word."""
    english = vocabulary("en")
    occurrences = Counter(english.stem(word) for word in words)
    elements = []
    for stem in occurrences:
        weight = next(english.weight(word) for word in words if english.stem(word) == stem)
        if weight >= 0.25:
            copies = 1 + (weight >= 0.5) + (occurrences[stem] >= 2)
            elements += [element(stem, copy) for copy in range(copies)]
    return elements


english_words = st.sampled_from(
    [
        "the",
        "of",
        "said",
        "police",
        "court",
        "announced",
        "announces",
        "volcano",
        "volcanoes",
        "erupted",
        "eruption",
        "2019",
        "42",
        "7",
        "skye",
        "brexit",
        "kilauea",
        "fagradalsfjall",
        "t",
        "s",
    ]
)


@settings(deadline=None)  # the first text loads the vocabulary
@given(words=st.lists(english_words, max_size=30))
def test_hashes_are_those_of_the_specification(words: list[str]) -> None:
    found = content_hashes(tokenize(" ".join(words)), vocabulary("en"))
    assert found.tolist() == plain_english_hashes(words)


@settings(deadline=None)
@given(
    text=st.text(),
    lang=st.sampled_from(["en", "et", "ja", "th", "und"]),
    seed=st.integers(0, 99),
)
def test_the_order_of_words_changes_nothing(text: str, lang: str, seed: int) -> None:
    words = list(tokenize(text).words)
    before = hashes(" ".join(words), lang)
    shuffled = np.random.default_rng(seed).permutation(words)
    assert hashes(" ".join(shuffled), lang) == before


def test_function_words_are_no_content() -> None:
    assert hashes("It is the one that you said was in it, and so they would.", "en") == set()


def test_inflection_is_no_difference() -> None:
    assert hashes("volcano eruption", "en") == hashes("Volcanoes, eruptions!", "en")


def test_a_term_that_recurs_weighs_more_but_only_once() -> None:
    once, twice, often = (hashes("Fagradalsfjall " * times, "en") for times in (1, 2, 9))
    assert once < twice == often


@pytest.mark.parametrize(
    ("lang", "text", "terms"),
    [
        ("zh", "火山爆炸", ["火山", "山爆", "爆炸"]),
        ("ja", "火山 爆", ["火山", "爆"]),
        ("th", "ภูเขาไฟ", ["ภูเขา", "เขาไ", "ขาไฟ"]),
        ("und", "ကချေသည်", ["ကချေသည်"]),
        ("zh", "2020年abc火山", ["2020", "年", "abc", "火山"]),
    ],
)
def test_characters_without_spaces_are_joined_into_terms(
    lang: str, text: str, terms: list[str]
) -> None:
    found = hashes(text, lang)
    assert found
    assert found <= {element(term, copy) for term in terms for copy in range(2)}


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("zh", "警方周三表示，火山爆发后有两名游客获救。"),
        ("ja", "火山の噴火で登山者２人が救助されたと警察が発表した。"),
        ("th", "ตำรวจกล่าวว่านักท่องเที่ยวสองคนได้รับการช่วยเหลือ"),
        ("ar", "قالت الشرطة إن سائحين أنقذا بعد ثوران البركان"),
        ("hi", "पुलिस ने कहा कि ज्वालामुखी फटने के बाद दो पर्यटकों को बचाया गया"),
        ("ko", "경찰은 화산 폭발 이후 관광객 두 명이 구조됐다고 밝혔다"),
    ],
)
def test_no_script_is_without_content(lang: str, text: str) -> None:
    """Nor without it when the language is not known."""
    assert len(hashes(text, lang)) >= 5
    assert len(hashes(text, "und")) >= 5
