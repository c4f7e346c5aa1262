"""What decides about ends of sentences in C agrees with what does so in Python."""

from __future__ import annotations

from itertools import product
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from native_cases import SINGLE

from dedup.sentences import _native, fullstops, reference
from dedup.sentences.breaks import Breaks, Class, breaks
from dedup.sentences.conventions import conventions
from dedup.sentences.fullstops import FullStops, full_stops
from dedup.sentences.kernel import kernel

pytestmark = pytest.mark.native

# What the rules look at, few of each, so that random texts are hard ones.
MARKS = st.sampled_from([*"...!?…:,;()[]{}“”‘’\"'«»‹›„。「」《؟۔।"])
SPACES = st.sampled_from([*"   \n\t\u00a0\u2028\x1f\x85", "  ", "\r\n"])
NUMBERS = st.sampled_from([*"1½²V", "12", "123", "1234", "2016", "٣٠", "3.6", "1,000", "5%", "XIV"])
ABBREVIATIONS = st.sampled_from(
    ["Mr.", "Inc.", "U.S.", "p.m.", "No.", "Art.", "Nr.", "z.", "Ph.D.", "A.", "art.", "т."]
)
WORDS = st.sampled_from(
    [
        *"Жİ_😀𝐁\ufffd",
        "the",
        "The",
        "he's",
        "It’s",
        "word",
        "WORD",
        "Über",
        "éa",
        "жж",
        "東京",
        "_a",
    ]
)
LONG_WORDS = st.sampled_from(["a" * 39, "B" * 41, "a." * 25, "Mr" * 30])
PIECES = st.one_of(MARKS, SPACES, NUMBERS, ABBREVIATIONS, WORDS, LONG_WORDS)

TEXTS = st.one_of(
    st.lists(PIECES, max_size=60).map("".join),
    st.lists(st.one_of(WORDS, ABBREVIATIONS, NUMBERS, MARKS), max_size=40).map(" ".join),
    st.lists(st.one_of(PIECES, SINGLE), max_size=40).map("".join),
    st.text(max_size=40),
)
LANGUAGES = st.sampled_from(["en", "de", "el", "fr", "ru", "hi", "hu", "und"])

REPRESENTATIVES = "\r\n\u2028.!, )\u0301aAא5€"
"""Of every class, separators of each kind."""


def test_the_one_in_c_is_used() -> None:
    assert kernel is _native


@given(TEXTS, LANGUAGES)
def test_sentences(text: str, lang: str) -> None:
    arguments = text, breaks(lang), full_stops(lang)
    assert tuple(map(bytes, _native.sentences(*arguments))) == reference.sentences(*arguments)


def test_a_long_text_has_many_sentences() -> None:
    text = "He said so. The U.S. Inc. 😀 left in 2016. 12 people… “Went.” " * 2000
    arguments = text, breaks("en"), full_stops("en")
    assert tuple(map(bytes, _native.sentences(*arguments))) == reference.sentences(*arguments)


@given(TEXTS, LANGUAGES)
def test_segments_end_where_icu_says(text: str, lang: str) -> None:
    assert _native.segment_ends(text, breaks(lang)) == reference.segment_ends(text, breaks(lang))


@pytest.mark.parametrize("lang", ["en", "el"])
def test_segments_of_characters_of_all_classes_in_every_order(lang: str) -> None:
    text = "\n".join(map("".join, product(REPRESENTATIVES, repeat=4)))
    assert _native.segment_ends(text, breaks(lang)) == reference.segment_ends(text, breaks(lang))


def test_there_is_a_representative_of_every_class() -> None:
    assert {breaks("en").classes[ord(each)] for each in REPRESENTATIVES} == set(Class)


@given(st.text(), st.text())
def test_a_class_is_that_of_the_character_alone(text: str, more: str) -> None:
    one, other = Breaks("en"), Breaks("en")
    one.learn(text + more)
    for character in more + text:
        other.learn(character)
    assert one.classes == other.classes


@pytest.mark.parametrize(
    ("text", "rules", "error"),
    [
        (b"Aa.", Breaks("en"), TypeError),
        ("Aa.", None, AttributeError),
        ("Aa.", SimpleNamespace(classes="Aa"), TypeError),
        ("Aa.", SimpleNamespace(classes=b"\x01"), ValueError),
        ("Aaʼ.", SimpleNamespace(classes=bytes(0x110000)), AttributeError),
    ],
)
def test_a_text_or_rules_of_another_kind_are_refused(
    text: str, rules: Breaks, error: type[Exception]
) -> None:
    with pytest.raises(error):
        _native.segment_ends(text, rules)
    with pytest.raises(error):
        _native.sentences(text, rules, full_stops("en"))


def test_a_text_without_classes_is_read_to_its_end() -> None:
    """They decide nothing then, but no loop goes by them for ever, or beyond the text."""
    rules = SimpleNamespace(classes=bytes(0x110000))
    assert _native.segment_ends("Aa. ", rules) == [1, 2, 3, 4]  # type: ignore[arg-type]


def test_full_stops_of_another_kind_are_refused() -> None:
    rules = breaks("en")
    for stops in (None, {"Aa": "ends"}, {"Aa": -1}, {"Aa": fullstops.ASKS}, {}):
        with pytest.raises((TypeError, ValueError, AttributeError, KeyError)):
            _native.sentences("Aa. B", rules, stops)  # type: ignore[arg-type]


def test_functions_take_as_many_arguments_as_they_do() -> None:
    for function in (_native.segment_ends, _native.sentences, _native.words_by_sentence):
        with pytest.raises(TypeError, match=f"{function.__name__} takes"):
            function("Aa.")  # type: ignore[call-arg, arg-type]


PLACES = st.lists(st.integers(0, 50), max_size=40).map(sorted)


@given(PLACES, PLACES)
def test_words_by_sentence(begins: list[int], places: list[int]) -> None:
    arrays = np.array(begins, dtype=np.int32), np.array(places, dtype=np.int32)
    in_c = tuple(map(bytes, _native.words_by_sentence(*arrays)))
    assert in_c == reference.words_by_sentence(*arrays)


NUMBER = np.zeros(1, dtype=np.int32)


@pytest.mark.parametrize(
    "arguments", [(NUMBER, [2]), (b"1234", NUMBER), (NUMBER, NUMBER.astype(np.int64))]
)
def test_places_that_are_no_array_of_their_kind_are_refused(arguments: tuple[object, ...]) -> None:
    with pytest.raises(TypeError):
        _native.words_by_sentence(*arguments)  # type: ignore[arg-type]


def test_words_are_remembered_up_to_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fullstops, "REMEMBERED_WORDS", 1)
    stops = FullStops(conventions("en"))
    assert [stops["a" * 41], stops["Mr"], stops["left"]] == [fullstops.ENDS, 0, fullstops.ENDS]
    assert list(stops) == ["Mr"]
