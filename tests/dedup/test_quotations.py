"""Golden cases by what they prove, then laws on any text."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.config import Limits
from dedup.quotations import find_quotations

CASES = Path(__file__).parent.parent / "cases" / "quotations"
KNOWN_TO_FAIL = pytest.mark.xfail(reason="known to fail", strict=True)
MARKED = re.compile(r"\{([^}]*?)(~?)\}")

PIECES = st.sampled_from(
    [
        *"\"'“”„‘’‚«»‹›「」『』〝〟`״",
        *" \n.,:s5—(",
        "\n\n",
        "''",
        "``",
        "word",
        "Wort",
        "说",
        "\ud800",
    ]
)
HARD_TEXTS = st.one_of(st.text(), st.lists(PIECES).map("".join))
LANGUAGES = st.sampled_from(["en", "sv", "zh", "und", ""])

LONGEST = Limits().max_characters
HOSTILE = {
    "straight": '"',
    "straight words": '"a ',
    "closing words": 'a" ',
    "curly opening": "“a ",
    "curly closing": "a” ",
    "single opening": "'a ",
    "single closing": "s' a ",
    "feet": "6'2\" ",
    "paragraphs": "“a\n\n",
    "pairs": "“a” ",
    "nested": "“a ‘b’ “c” ” ",
    "backticks": "`",
    "spaces": '" ',
}


def cases(name: str, *marks: pytest.MarkDecorator) -> list[object]:
    table = tomllib.loads((CASES / f"{name}.toml").read_text("utf-8"))
    return [
        pytest.param(case["text"], case["lang"], id=case["label"], marks=marks)
        for case in table["case"]
    ]


def check_case(marked: str, lang: str) -> None:
    expected = [(found[1], not found[2]) for found in MARKED.finditer(marked)]
    text = MARKED.sub(r"\1", marked)
    found = [
        (text[quotation.span.start : quotation.span.end], quotation.closed)
        for quotation in find_quotations(text, lang)
    ]
    assert found == expected


@pytest.mark.parametrize(("marked", "lang"), cases("fires"))
def test_quotation_is_found(marked: str, lang: str) -> None:
    check_case(marked, lang)


@pytest.mark.parametrize(("marked", "lang"), cases("silent"))
def test_look_alike_is_no_quotation(marked: str, lang: str) -> None:
    check_case(marked, lang)


@pytest.mark.parametrize(("marked", "lang"), cases("paragraphs"))
def test_quotation_ends_with_its_paragraph(marked: str, lang: str) -> None:
    check_case(marked, lang)


@pytest.mark.parametrize(("marked", "lang"), cases("known_to_fail", KNOWN_TO_FAIL))
def test_known_to_fail(marked: str, lang: str) -> None:
    check_case(marked, lang)


@given(HARD_TEXTS, LANGUAGES)
def test_quotations_are_ordered_apart_trimmed_and_in_the_text(text: str, lang: str) -> None:
    position = 0
    for quotation in find_quotations(text, lang):
        start, end = quotation.span
        assert position <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()
        position = end


@given(HARD_TEXTS)
def test_a_text_without_marks_has_no_quotations(text: str) -> None:
    assert find_quotations(re.sub("[\"'“”„‟‘’‚«»‹›「」『』〝〞〟`״＂]", "", text), "en") == ()


@given(st.lists(PIECES).map("".join))
def test_a_quotation_behind_a_blank_line_is_found_whatever_stands_before(text: str) -> None:
    before = f"{text}\n\nPlain.\n\n"
    last = find_quotations(f"{before}She said: “We won.”", "en")[-1]
    assert last.span == (len(before) + 11, len(before) + 18)
    assert last.closed


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE.keys())
def test_longest_text_accepted_is_searched_however_hostile(unit: str) -> None:
    """Work that grows with the square of the text would not end soon."""
    text = (unit * LONGEST)[:LONGEST]
    places = [0, *(place for found in find_quotations(text, "en") for place in found.span)]
    assert places == sorted(places)
    assert places[-1] <= LONGEST
