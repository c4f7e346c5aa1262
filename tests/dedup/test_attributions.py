"""Golden cases by what they prove, then laws on any text."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.attributions import attribute
from dedup.config import Limits
from dedup.quotations import find_quotations
from dedup.reporting import reporting

CASES = Path(__file__).parent.parent / "cases" / "attributions"
KNOWN_TO_FAIL = pytest.mark.xfail(reason="known to fail", strict=True)
LANGUAGES = ["ar", "de", "en", "es", "fr", "hi", "it", "ja", "nl", "pt", "ru", "ur", "zh"]

PIECES = st.sampled_from(
    [
        *'“”"«»「」.,:;?()—\n ',
        *["Jane Roe", "Roe", "said", "told", "he", "the mayor of", "according to", "for", "Dr."],
        *["sagte", "dijo", "сказал", "说", "は", "と述べ", "نے کہا", "قال", "\ud800"],
    ]
)
LONGEST = Limits().max_characters
HOSTILE = {
    "quotations": "“a” ",
    "clauses": "“a,” said Jane Roe. ",
    "names": "Jane Roe ",
    "one name": "Jane",
    "dashes": "— a — ",
    "said": "said ",
}


def cases(name: str, *marks: pytest.MarkDecorator) -> list[object]:
    table = tomllib.loads((CASES / f"{name}.toml").read_text("utf-8"))
    return [pytest.param(case, id=case["label"], marks=marks) for case in table["case"]]


def check_case(case: dict[str, Any]) -> None:
    quotations = find_quotations(case["text"], case["lang"])
    found = attribute(case["text"], quotations, case["lang"])
    assert [speaker.name if speaker else "" for speaker in found] == case["speakers"]
    if "roles" in case:
        assert [(speaker and speaker.role) or "" for speaker in found] == case["roles"]


@pytest.mark.parametrize("case", cases("told"))
def test_speaker_is_found(case: dict[str, Any]) -> None:
    check_case(case)


@pytest.mark.parametrize("case", cases("silent"))
def test_nothing_is_said_where_the_text_does_not_say_it_clearly(case: dict[str, Any]) -> None:
    check_case(case)


@pytest.mark.parametrize("case", cases("known_to_fail", KNOWN_TO_FAIL))
def test_known_to_fail(case: dict[str, Any]) -> None:
    check_case(case)


def test_every_language_has_a_case() -> None:
    table = tomllib.loads((CASES / "told.toml").read_text("utf-8"))
    assert sorted({case["lang"] for case in table["case"]}) == LANGUAGES
    assert all(reporting(lang) for lang in LANGUAGES)


@settings(deadline=None)  # a shared machine stalls
@given(st.lists(PIECES, max_size=40).map(" ".join), st.sampled_from([*LANGUAGES, "und"]))
def test_a_name_stands_in_the_text_outside_its_quotation(text: str, lang: str) -> None:
    quotations = find_quotations(text, lang)
    found = attribute(text, quotations, lang)
    assert len(found) == len(quotations)
    for speaker in found:
        if speaker is not None:
            assert text[speaker.span.start : speaker.span.end] == speaker.name
            assert not any(
                quotation.span.start < speaker.span.end and speaker.span.start < quotation.span.end
                for quotation in quotations
            )


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE.keys())
def test_longest_text_accepted_is_read_however_hostile(unit: str) -> None:
    """Work that grows with the square of the text would not end soon."""
    text = (unit * LONGEST)[:LONGEST]
    quotations = find_quotations(text, "en")
    assert len(attribute(text, quotations, "en")) == len(quotations)
