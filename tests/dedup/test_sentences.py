"""Golden cases by what they prove, then laws on any text."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.config import Limits
from dedup.sentences import split_sentences
from dedup.sentences.conventions import conventions

CASES = Path(__file__).parent.parent / "cases" / "sentences"
KNOWN_TO_FAIL = pytest.mark.xfail(reason="known to fail", strict=True)

# Pieces that decide about ends, so that random texts are hard ones.
PIECES = st.sampled_from(
    [
        *" \n\t.?!…:,-()[]“”‘’\"'«»„。？！」「、۔؟।0123456789",
        *["\r\n", "\u2028", "\x85", "...", "Mr.", "U.S.", "p.m.", "No. 5", "3.6", "A.", "z. B."],
        *["word", "Word", "WORD", "İ", "ß", "東京", "กรุง", "नहीं", "😀", "𝐁", "\ud800", "\x00"],
    ]
)
HARD_TEXTS = st.one_of(st.text(), st.lists(PIECES).map("".join))
LANGUAGES = st.sampled_from(["en", "de", "el", "fr", "zh-Hant", "und", "", "\ud800"])

LONGEST = Limits().max_characters
HOSTILE = {
    "full stops": ".",
    "initials": "A. ",
    "abbreviations": "Mr. ",
    "unclosed quotations": "“Aa. ",
    "opening marks": "(",
    "openers after stops": ".(",
    "closers after stops": ". )",
    "spaces": " ",
    "line breaks": "\n",
    "short lines": "a\n",
    "glued sentences": "aa.Bb ",
    "numbers": "word. 1 ",
    "ellipses": "… ",
    "no spaces": "他说。",
    "one word": "a",
    "dotted word": "a.",
}


def cases(name: str, *marks: pytest.MarkDecorator) -> list[object]:
    table = tomllib.loads((CASES / f"{name}.toml").read_text("utf-8"))
    return [
        pytest.param(case["text"], case["lang"], id=case["label"], marks=marks)
        for case in table["case"]
    ]


def check_case(marked: str, lang: str) -> None:
    pieces = marked.split("|")
    text = "".join(pieces)
    found = [text[start:end] for start, end in split_sentences(text, lang)]
    assert found == [piece.strip() for piece in pieces]


@pytest.mark.parametrize(("marked", "lang"), cases("fires"))
def test_sentence_ends(marked: str, lang: str) -> None:
    check_case(marked, lang)


@pytest.mark.parametrize(("marked", "lang"), cases("silent"))
def test_look_alike_does_not_end_a_sentence(marked: str, lang: str) -> None:
    check_case(marked, lang)


@pytest.mark.parametrize(("marked", "lang"), cases("lines"))
def test_line_break_means_what_it_should(marked: str, lang: str) -> None:
    check_case(marked, lang)


@pytest.mark.parametrize(("marked", "lang"), cases("known_to_fail", KNOWN_TO_FAIL))
def test_known_to_fail(marked: str, lang: str) -> None:
    check_case(marked, lang)


@given(HARD_TEXTS, LANGUAGES)
def test_sentences_are_trimmed_ordered_and_cover_all_but_white_space(text: str, lang: str) -> None:
    position = 0
    for start, end in split_sentences(text, lang):
        assert position <= start < end
        assert text[position:start].strip() == ""
        assert text[start:end] == text[start:end].strip()
        position = end
    assert text[position:].strip() == ""


@given(st.lists(PIECES).map("".join))
def test_paragraphs_are_cut_independently(text: str) -> None:
    paragraph = text.strip()
    apart = len(paragraph) + 2
    once = split_sentences(paragraph, "en")
    twice = split_sentences(f"{paragraph}\n\n{paragraph}", "en")
    assert twice == (*once, *((start + apart, end + apart) for start, end in once))


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE.keys())
def test_longest_text_accepted_is_cut_however_hostile(unit: str) -> None:
    """Work that grows with the square of the text would not end soon."""
    text = (unit * LONGEST)[:LONGEST]
    found = split_sentences(text, "en")
    assert sum(len("".join(text[slice(*span)].split())) for span in found) == len(
        "".join(text.split())
    )


def test_a_language_without_a_table_borrows_the_english_one() -> None:
    assert conventions("id") == conventions("en")
    assert conventions("hu").ordinal_point
    assert not conventions("en").ordinal_point
