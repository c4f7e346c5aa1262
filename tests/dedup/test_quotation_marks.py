"""Marks are found in C as in Python, and quotations the short way as the long way."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.paragraphs import find_paragraphs
from dedup.quotations import _native, reference
from dedup.quotations.marks import FAMILIES, FAMILY, SINGLE, Habits, Mark
from dedup.quotations.pairing import pair_up

pytestmark = pytest.mark.native

MARKS = st.sampled_from(sorted(FAMILY))
BESIDE = st.sampled_from(
    [*"s5aÀא说ก가 \n\n([<-–/…:¿.,;!?。：；)؟।_", "\u00a0", "\u2028", "\ud800", "😀"]
)
WORDS = st.sampled_from(["We won", "said", "l’", "d'", "6'2", "’90s ", "'tis ", "rock 'n' roll "])
TEXTS = st.lists(st.one_of(MARKS, BESIDE, WORDS, st.characters())).map("".join)
HABITS = st.builds(Habits, st.booleans(), st.booleans(), st.booleans())
LANGUAGES = st.sampled_from(["en", "fr", "de", "sv", "ur", "zh", "ja", "he", "und", ""])

MOST = Habits(is_reversed=False, is_unspaced=False, opens_with_closing_mark=False)
OWN = Habits(is_reversed=True, is_unspaced=False, opens_with_closing_mark=True)
UNSPACED = Habits(is_reversed=False, is_unspaced=True, opens_with_closing_mark=False)

# All in which a mark's neighbours are told apart, and some of each later script.
CHARACTERS = "".join(
    map(chr, [*range(0x3100), *range(0xFF00, 0x10000), *range(0x3100, 0x110000, 997)])
)


def assert_same(text: str, paragraphs: tuple[tuple[int, int], ...], habits: Habits) -> None:
    for paragraph in paragraphs:
        found = _native.find_marks(Mark, text, paragraph, habits)
        assert found == reference.find_marks(Mark, text, paragraph, habits)
        assert all(type(mark) is Mark for mark in found)
    plain = _native.plain_quotations(text, paragraphs, habits)
    assert plain == reference.plain_quotations(text, paragraphs, habits)


@given(TEXTS, HABITS)
def test_marks_are_the_same_in_c_as_in_python(text: str, habits: Habits) -> None:
    assert_same(text, find_paragraphs(text), habits)
    assert _native.has_marks(text) == reference.has_marks(text)


@given(TEXTS, st.integers(0, 9), HABITS)
def test_a_paragraph_may_be_any_part_of_a_text(text: str, start: int, habits: Habits) -> None:
    for end in range(start, len(text) + 1):
        assert_same(text, ((start, end),), habits)


@pytest.mark.parametrize("mark", ['"', "'", "’", "״", "«", "''"])
def test_every_character_beside_a_mark_does_the_same_in_c_as_in_python(mark: str) -> None:
    for pattern in ("5{}{}\t", " {}{}a\t", "b{1}{0}a\t"):
        text = "".join(pattern.format(mark, character) for character in CHARACTERS)
        assert_same(text, ((0, len(text)),), MOST)


def clipped_words() -> Iterator[str]:
    """Words cut short, with every character that may be taken for one of their letters."""
    for word in ("tis", "twas", "em", "n", "cause", "til", "bout", "90", "90s"):
        for place, letter in enumerate(word):
            like = [
                c for c in CHARACTERS if letter in (c.lower()[:1], c.upper().lower(), c.casefold())
            ]
            for other, behind in product([*like, letter, "x", "٣"], ["", " ", "s", "_", "'", "é"]):
                yield f"a '{word[:place]}{other}{word[place + 1 :]}{behind}"


@pytest.mark.parametrize("habits", [MOST, OWN])
def test_words_cut_short_are_the_same_in_c_as_in_python(habits: Habits) -> None:
    for text in clipped_words():
        assert_same(text, ((0, len(text)),), habits)


@pytest.mark.parametrize("habits", [MOST, OWN, UNSPACED])
def test_every_mark_between_any_two_is_the_same_in_c_as_in_python(habits: Habits) -> None:
    beside = ["", *FAMILY, "a", " "]
    text = "\n".join(
        f"x {before}{mark}{after} y" for before, mark, after in product(beside, repeat=3)
    )
    assert_same(text, find_paragraphs(text), habits)


@given(TEXTS, LANGUAGES, st.sampled_from([None, *FAMILIES]))
def test_plain_quotations_are_those_that_pairs_of_marks_enclose(
    text: str, lang: str, reopened: str | None
) -> None:
    """A paragraph that begins inside a quotation in single marks aside."""
    paragraphs, habits = find_paragraphs(text), Habits.of(lang)
    found = _native.plain_quotations(text, paragraphs, habits)
    for paragraph, plain in zip(paragraphs, found, strict=True):
        pairs = pair_up(_native.find_marks(Mark, text, paragraph, habits), reopened)
        enclosed = [
            text[opening.end : closing.start].strip() if closing else None
            for opening, closing in pairs
            if opening
        ]
        strays = [closing.family for opening, closing in pairs if closing and not opening]
        assert plain is None or set(strays) <= {SINGLE}
        assert plain is None or [text[slice(*span)] for span in plain] == [*filter(None, enclosed)]


@pytest.mark.parametrize("kernel", [_native, reference])
@pytest.mark.parametrize("paragraph", [(-1, 2), (0, 4), (2, 1)])
def test_a_paragraph_outside_the_text_is_refused(
    kernel: ModuleType, paragraph: tuple[int, int]
) -> None:
    with pytest.raises(IndexError, match="not in the text"):
        kernel.find_marks(Mark, "“a”", paragraph, MOST)
    with pytest.raises(IndexError, match="not in the text"):
        kernel.plain_quotations("“a”", [(0, 3), paragraph], MOST)


@pytest.mark.parametrize(
    "arguments",
    [
        (dict, "“a”", (0, 3), MOST),
        (Mark, b"a", (0, 1), MOST),
        (Mark, "“a”", (0, 1, 2), MOST),
        (Mark, "“a”", ("0", 1), MOST),
        (Mark, "“a”", (0, 3), (True, False)),
    ],
)
def test_what_is_no_paragraph_with_marks_is_refused(arguments: tuple[object, ...]) -> None:
    _, text, paragraph, habits = arguments
    with pytest.raises(TypeError):
        _native.find_marks(*arguments)  # type: ignore[arg-type]
    if arguments[0] is Mark:
        with pytest.raises(TypeError):
            _native.plain_quotations(text, [paragraph], habits)  # type: ignore[arg-type, list-item]


@pytest.mark.parametrize("paragraphs", [3, [3], [[0, 1]]])
def test_paragraphs_are_where_each_begins_and_ends(paragraphs: object) -> None:
    with pytest.raises(TypeError):
        _native.plain_quotations("“a”", paragraphs, MOST)  # type: ignore[arg-type]


def test_bytes_have_no_marks_to_look_for() -> None:
    with pytest.raises(TypeError, match="a text is a str, not bytes"):
        _native.has_marks(b"'")  # type: ignore[arg-type]
