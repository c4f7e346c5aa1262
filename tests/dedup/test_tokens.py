"""Golden cases by script; laws; and a slow, plain version that the fast one must equal."""

from __future__ import annotations

import sys
import tomllib
import unicodedata
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from native_cases import LETTERS, MARKS, NUMBERS, OTHERS, TEXTS

from dedup.hashing import reference_word_hashes
from dedup.tokens import (
    CASELESS,
    MARK,
    SEPARATOR,
    SOLO,
    WORD,
    Tokens,
    code_point_classes,
    reference_tokenize,
    spellings,
    tokenize,
)

pytestmark = pytest.mark.native

CASES = Path(__file__).parent.parent / "cases" / "tokens" / "cases.toml"

MIXED_TEXTS = st.lists(st.one_of(LETTERS, MARKS, NUMBERS, OTHERS)).map("".join)


def cases() -> list[object]:
    table = tomllib.loads(CASES.read_text("utf-8"))
    return [pytest.param(case["text"], case["words"], id=case["label"]) for case in table["case"]]


FIRST_HEBREW = "\u0590"
"""Letters without case before it stand in Latin words, as in "1º"."""


def plain_class(character: str) -> int:
    """The class of a code point, by the rule in the docstring of `dedup.tokens`."""
    major = unicodedata.category(character)[0]
    if character in "ʻʼ":
        return SEPARATOR
    if major == "M" or character in "\u200d\u0640":
        return MARK
    if major == "L" and is_of_unspaced_script(character):
        return SOLO
    if unicodedata.category(character) == "Lo" and character >= FIRST_HEBREW:
        return CASELESS
    return WORD if major in "LN" else SEPARATOR


UNSPACED_NAMES = (
    *("CJK ", "IDEOGRAPHIC ", "VERTICAL IDEOGRAPHIC ", "HIRAGANA ", "HENTAIGANA ", "KATAKANA"),
    *("VERTICAL KANA ", "MASU MARK", "THAI ", "LAO ", "KHMER ", "MYANMAR "),
)


def is_of_unspaced_script(character: str) -> bool:
    """By name, not by block: another source than the table's."""
    name = unicodedata.name(character, "").removeprefix("HALFWIDTH ")
    return name.startswith(UNSPACED_NAMES)


def plain_tokenize(text: str) -> list[tuple[str, int, int]]:
    tokens: list[tuple[int, int]] = []
    kind = SEPARATOR
    for place, character in enumerate(text):
        cls = plain_class(character)
        if cls == SOLO or (cls in {WORD, CASELESS} and kind != cls):
            tokens.append((place, place))
        if cls != MARK:
            kind = cls
        if kind != SEPARATOR:
            tokens[-1] = (tokens[-1][0], place + 1)
    return [(plain_fold(text[start:end]), start, end) for start, end in tokens]


def plain_fold(word: str) -> str:
    """Folded character by character, with the table of other spellings."""
    return "".join((spellings().get(ord(c), c) or "").casefold() for c in word)


def as_list(tokens: Tokens) -> list[tuple[str, int, int]]:
    places = zip(tokens.starts.tolist(), tokens.ends.tolist(), strict=True)
    return [(word, start, end) for word, (start, end) in zip(tokens.words, places, strict=True)]


@pytest.mark.parametrize(("text", "words"), cases())
def test_words_of_every_script(text: str, words: str) -> None:
    assert list(tokenize(text).words) == words.split(" ") * bool(words)


@pytest.mark.parametrize("tokenizer", [tokenize, reference_tokenize])
@given(text=st.one_of(MIXED_TEXTS, TEXTS))
@example(text="\u0301a")
@example(text="İ I ß")
def test_tokens_equal_the_plain_version(tokenizer: Callable[[str], Tokens], text: str) -> None:
    tokens, expected = tokenizer(text), plain_tokenize(text)
    assert as_list(tokens) == expected
    hashes = reference_word_hashes([word for word, _, _ in expected])
    assert tokens.hashes.tolist() == hashes.tolist()


def test_every_code_point_is_folded_as_the_table_says() -> None:
    """Each after a letter, so that marks have something to stand on."""
    text = "".join(f"a{chr(code_point)}\n" for code_point in range(sys.maxunicode + 1))
    expected = [word for word, _, _ in plain_tokenize(text)]
    hashes = reference_word_hashes(expected).tolist()
    for tokenizer in (tokenize, reference_tokenize):
        tokens = tokenizer(text)
        assert list(tokens.words) == expected
        assert tokens.hashes.tolist() == hashes


def test_every_assigned_code_point_has_the_class_of_the_plain_rule() -> None:
    classes = code_point_classes()
    wrong = [
        f"U+{code_point:04X}"
        for code_point in range(len(classes))
        if classes[code_point] != plain_class(chr(code_point))
    ]
    assert wrong == []


@given(st.one_of(MIXED_TEXTS, st.text()))
def test_places_are_those_of_the_words(text: str) -> None:
    tokens = tokenize(text)
    assert len(tokens) == len(tokens.starts) == len(tokens.ends)
    assert tokens.starts.dtype == tokens.ends.dtype == np.int32
    assert all(tokens.words)
    assert np.all(tokens.starts < tokens.ends)
    assert np.all(tokens.ends[:-1] <= tokens.starts[1:])


@given(st.one_of(MIXED_TEXTS, st.text()), st.data())
def test_some_words_of_a_text_are_those_chosen(text: str, data: st.DataObject) -> None:
    tokens = tokenize(text)
    kept = data.draw(st.lists(st.booleans(), min_size=len(tokens), max_size=len(tokens)))
    chosen = [token for token, is_kept in zip(as_list(tokens), kept, strict=True) if is_kept]
    places = np.flatnonzero(np.array(kept, dtype=np.bool_))
    assert as_list(tokens[places]) == chosen
    assert tokens.words_at(places) == [word for word, _, _ in chosen]
    assert tokens[places].hashes.tolist() == tokens.hashes[places].tolist()


@given(MIXED_TEXTS, MIXED_TEXTS)
def test_texts_apart_have_the_words_of_both(first: str, second: str) -> None:
    together = tokenize(f"{first} {second}").words
    assert together == tokenize(first).words + tokenize(second).words


@given(st.text(alphabet=st.characters(max_codepoint=0x7F)))
def test_apostrophes_are_spaces(text: str) -> None:
    spaced = tokenize(text.replace("'", " ")).words
    assert all(tokenize(text.replace("'", mark)).words == spaced for mark in "'’‘ʼʻ´`")


@pytest.mark.parametrize("text", ["", " ", "\ud800", "…", "\u0301"])
def test_a_text_without_words_has_none(text: str) -> None:
    tokens = tokenize(text)
    assert len(tokens) == 0
    assert tokens.starts.shape == tokens.ends.shape == (0,)
