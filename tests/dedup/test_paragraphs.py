"""Laws of line breaks; the cases stand with the sentences (``tests/cases/sentences/lines.toml``)."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.paragraphs import find_paragraphs, unwrap
from dedup.paragraphs.reference import is_broken_off
from dedup.paragraphs.wrapping import MAX_WRAP_COLUMNS

LINES = st.sampled_from(
    [
        "",
        " ",
        "A heading",
        "goes on",
        "- item",
        "LOS",
        "ANGELES Authorities say",
        "It ends.",
        "x " * 29,
    ]
)
BREAKS = st.sampled_from(["\n", "\n\n", "\r\n", "\u2028", "\x85"])
TEXTS = st.one_of(st.text(), st.lists(st.one_of(LINES, BREAKS)).map("".join))


@given(TEXTS)
def test_unwrapping_changes_line_breaks_only(text: str) -> None:
    unwrapped = unwrap(text)
    assert len(unwrapped) == len(text)
    assert all(
        now == before or (now == " " and before.isspace())
        for now, before in zip(unwrapped, text, strict=True)
    )


@given(TEXTS)
def test_paragraphs_are_trimmed_ordered_and_cover_all_but_white_space(text: str) -> None:
    position = 0
    for start, end in find_paragraphs(text):
        assert position <= start < end
        assert text[position:start].strip() == ""
        assert text[start:end] == text[start:end].strip()
        position = end
    assert text[position:].strip() == ""


def test_lines_longer_than_any_wrap_are_paragraphs() -> None:
    line = "Word " * (MAX_WRAP_COLUMNS // 5 + 1) + "and"
    assert len(find_paragraphs("\n".join([line] * 4))) == 4


@pytest.mark.parametrize("end", ["：", "；", "？）"])
def test_a_line_of_han_may_end_in_a_mark_of_full_width(end: str) -> None:
    assert not is_broken_off(f"部长说{end}")


def test_a_block_is_read_apart_from_its_neighbours() -> None:
    wrapped = "the end of a line\nthat goes on"
    assert unwrap(f"Heading\nAnother\n\n{wrapped}\n\nHeading\nAnother").count("\n") == 6
