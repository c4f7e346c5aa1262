"""The look at each line of a text in C agrees with the one in Python."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from native_cases import SINGLE

from dedup.model import Span
from dedup.paragraphs import _native, reference
from dedup.paragraphs.kernel import kernel

pytestmark = pytest.mark.native

BREAKS = st.sampled_from([*"\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029", "\r\n", "\n\n", "\r\r\n"])
ENDINGS = st.sampled_from([*".!?…:;。！？：；؟۔।'\"”’»)]）」』,“ \t\u00a0\x1f"])
PIECES = st.one_of(BREAKS, ENDINGS, st.sampled_from(["word", "A", "東", "😀", "\ud800"]), SINGLE)
TEXTS = st.one_of(st.text(), st.lists(PIECES, max_size=60).map("".join))


def test_the_one_in_c_is_used() -> None:
    assert kernel is _native


@given(TEXTS)
def test_lines_that_are_not_blank(text: str) -> None:
    assert _native.paragraphs(Span, text) == reference.paragraphs(Span, text)


@given(TEXTS)
def test_whether_a_line_breaks_off(text: str) -> None:
    assert _native.breaks_off(text) is reference.breaks_off(text)


def test_a_paragraph_is_a_span() -> None:
    (only,) = _native.paragraphs(Span, " one line \n")
    assert (type(only), only.start, only.end) == (Span, 1, 9)


@pytest.mark.parametrize("arguments", [(Span,), (Span, b"text"), (int, "text"), ("Span", "text")])
def test_what_is_of_another_kind_is_refused(arguments: tuple[object, ...]) -> None:
    with pytest.raises(TypeError):
        _native.paragraphs(*arguments)  # type: ignore[arg-type]


def test_only_a_text_breaks_off() -> None:
    with pytest.raises(TypeError, match="a text is a str"):
        _native.breaks_off(b"text")  # type: ignore[arg-type]
