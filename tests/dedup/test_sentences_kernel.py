"""What decides about ends of sentences in C agrees with what does so in Python."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from icu4py.breakers import SentenceBreaker
from native_cases import SINGLE

from dedup.sentences import _native, fullstops, reference
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
).map(lambda text: text.encode(errors="replace").decode())
LANGUAGES = st.sampled_from(["en", "de", "el", "fr", "ru", "hi", "hu", "und"])


def assert_agree(text: str, segments: list[tuple[int, int]], lang: str) -> None:
    stops = full_stops(lang)
    arguments = (text, segments, stops, stops.is_opener)
    assert tuple(map(bytes, _native.sentences(*arguments))) == reference.sentences(*arguments)


def test_the_one_in_c_is_used() -> None:
    assert kernel is _native


@given(TEXTS, LANGUAGES)
def test_sentences_where_icu_finds_their_ends(text: str, lang: str) -> None:
    assert_agree(text, list(SentenceBreaker(text, "en").segments()), lang)


@given(TEXTS, LANGUAGES, st.data())
def test_sentences_that_may_end_anywhere(text: str, lang: str, data: st.DataObject) -> None:
    borders = [0]
    for character in text:
        borders.append(borders[-1] + 1 + (character > "\uffff"))
    inner = data.draw(st.sets(st.sampled_from(borders)))
    assert_agree(text, list(pairwise(sorted({0, borders[-1]} | inner))), lang)


def test_a_long_text_has_many_sentences() -> None:
    text = "He said so. The U.S. Inc. 😀 left in 2016. 12 people… “Went.” " * 2000
    assert_agree(text, list(SentenceBreaker(text, "en").segments()), "en")


PLACES = st.lists(st.integers(0, 50), max_size=40).map(sorted)


@given(PLACES, PLACES)
def test_words_by_sentence(begins: list[int], places: list[int]) -> None:
    arrays = np.array(begins, dtype=np.int32), np.array(places, dtype=np.int32)
    in_c = tuple(map(bytes, _native.words_by_sentence(*arrays)))
    assert in_c == reference.words_by_sentence(*arrays)


NUMBER = np.zeros(1, dtype=np.int32)


@pytest.mark.parametrize(
    "arguments", [(NUMBER,), (NUMBER, [2]), (b"1234", NUMBER), (NUMBER, NUMBER.astype(np.int64))]
)
def test_places_that_are_no_array_of_their_kind_are_refused(arguments: tuple[object, ...]) -> None:
    with pytest.raises(TypeError):
        _native.words_by_sentence(*arguments)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "segments", [[(0, 0)], [(0, 5)], [(0, -1)], [(0, 2**40)], [(0, 3), (3, 3)], [(0, 3), (0, 2)]]
)
@pytest.mark.parametrize("text", ["Aa. ", "A😀 "])
def test_segments_that_are_not_of_the_text_are_refused(
    text: str, segments: list[tuple[int, int]]
) -> None:
    with pytest.raises(ValueError, match="segments ascend and end in the text"):
        _native.sentences(text, segments, {}, bool)


@pytest.mark.parametrize(
    "arguments",
    [
        ("Aa.",),
        (b"Aa.", [(0, 3)], {}, bool),
        ("Aa.", ((0, 3),), {}, bool),
        ("Aa.", [3], {}, bool),
        ("Aa.", [(0, 3, 3)], {}, bool),
        ("Aa.", [(0, "3")], {}, bool),
        ("Aa. ", [(0, 4)], {"Aa": "ends"}, bool),
        ("Aa. ", [(0, 4)], {"Aa": fullstops.ASKS}, "is_opener"),
    ],
)
def test_what_is_of_another_kind_is_refused(arguments: tuple[object, ...]) -> None:
    with pytest.raises(TypeError):
        _native.sentences(*arguments)  # type: ignore[arg-type]


def test_an_error_of_those_that_are_asked_comes_through() -> None:
    with pytest.raises(KeyError, match="Aa"):
        _native.sentences("Aa. ", [(0, 4)], {}, bool)
    with pytest.raises(ZeroDivisionError):
        _native.sentences("Aa. ", [(0, 4)], {"Aa": fullstops.ASKS}, lambda _: 1 / 0 > 0)


def test_words_are_remembered_up_to_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fullstops, "REMEMBERED_WORDS", 1)
    stops = FullStops(conventions("en"))
    assert [stops["a" * 41], stops["Mr"], stops["left"]] == [fullstops.ENDS, 0, fullstops.ENDS]
    assert list(stops) == ["Mr"]
