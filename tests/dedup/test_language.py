"""One golden case a language and script, then what must hold for any text."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from dedup.language import UNKNOWN, detect_language, parse_tag
from dedup.model import Language

CASES = Path(__file__).parent.parent / "cases" / "language" / "cases.toml"
TABLE = {case["lang"]: case["text"] for case in tomllib.loads(CASES.read_text("utf-8"))["case"]}
ENGLISH, GERMAN = TABLE["en"], TABLE["de"]


@pytest.mark.parametrize(("code", "text"), TABLE.items(), ids=TABLE.keys())
def test_language_of_a_sentence(code: str, text: str) -> None:
    found = detect_language(text)
    assert found.code == code
    assert found.confidence is not None
    assert 0 < found.confidence <= 1


@pytest.mark.parametrize("code", ["en", "de", "ru", "ar", "ur", "hi", "zh", "ja", "ko", "th"])
def test_language_of_a_headline(code: str) -> None:
    """Some 30 to 40 letters, and a dozen characters in scripts of their own."""
    text = TABLE[code]
    headline = text[:12] if code in {"zh", "ja", "ko", "th"} else text[: text.index(" ", 50)]
    assert detect_language(headline).code == code


def test_declared_language_is_trusted() -> None:
    assert detect_language(ENGLISH, "de-AT") == Language("de", None, "declared")


@pytest.mark.parametrize("declared", [None, "", "und", "english", "x-private", "\ud800", "en\x00"])
def test_a_declaration_that_names_no_language_is_passed_over(declared: str | None) -> None:
    assert detect_language(GERMAN, declared).code == "de"


@pytest.mark.parametrize(
    ("tag", "code"),
    [
        ("en", "en"),
        ("EN-us", "en"),
        ("en_GB", "en"),
        (" de ", "de"),
        ("deu", "de"),
        ("ger", "de"),
        ("de-1996", "de"),
        ("sr-Latn-RS", "sr"),
        ("zh", "zh"),
        ("zh-CN", "zh"),
        ("cmn-Hans", "zh"),
        ("zh-Hans-HK", "zh"),
        ("zh-cmn-Hant", "zh-Hant"),
        ("zh-TW", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-Hant", "zh-Hant"),
        ("nb", "no"),
        ("nn", "nn"),
        ("iw", "he"),
        ("fil", "tl"),
        ("arb", "ar"),
        ("ceb", "ceb"),
        ("und", None),
        ("mul", None),
        ("zxx", None),
        ("english", None),
        ("e", None),
        ("en--us", None),
        ("x-klingon", None),
        ("*", None),
        ("", None),
        ("\ud800", None),
        ("a" * 10_000, None),
    ],
)
def test_tag_names_this_language(tag: str, code: str | None) -> None:
    assert parse_tag(tag) == code


@given(st.text())
def test_a_tag_is_read_or_refused_without_error(tag: str) -> None:
    code = parse_tag(tag)
    assert code is None or parse_tag(code) == code


@given(st.text())
@example("\x00\ufffe\ufdd0\ud800 text \U0010ffff")
@example("\ufffd" * 50)
@settings(max_examples=50)  # langdetect takes milliseconds a text
def test_any_text_gives_a_language_or_nobody_knows(text: str) -> None:
    found = detect_language(text)
    assert (found == UNKNOWN) == (found.code == "und")
    assert found.confidence is None or 0 <= found.confidence <= 1
    assert detect_language(text) == found


@pytest.mark.parametrize("text", ["", " \n", "12.345,67 € – 2020", "😀😀😀", "\ud800", "\x00" * 99])
def test_a_text_without_letters_has_no_language(text: str) -> None:
    assert detect_language(text) == UNKNOWN


@pytest.mark.parametrize("text", ["a", "Hola", "Peter Müller"])
def test_a_few_letters_are_not_guessed_at(text: str) -> None:
    assert detect_language(text) == UNKNOWN


def test_unreadable_characters_do_not_hide_the_language() -> None:
    assert detect_language(f"\x00\ufffe\ud800{GERMAN}\x01\ufffd").code == "de"


def test_banners_at_both_ends_do_not_decide() -> None:
    banner = f"{ENGLISH}\n" * 4
    assert detect_language(banner + f"{GERMAN}\n" * 30 + banner).code == "de"


def test_detection_costs_the_same_for_a_book() -> None:
    """Only an excerpt is read: the middle of a long text decides alone."""
    assert detect_language("x" * 2_000_000 + GERMAN * 40 + "x" * 2_000_000).code == "de"


def test_another_process_gives_the_same_answers() -> None:
    """What langdetect draws at random and reads in the order of the folder stays the same."""
    texts = [text[:40] for text in TABLE.values()]
    here = [repr(detect_language(text)) for text in texts]
    program = (
        "import json, sys\n"
        "from dedup.language import detect_language\n"
        "print(json.dumps([repr(detect_language(text)) for text in json.load(sys.stdin)]))"
    )
    there = subprocess.run(
        [sys.executable, "-c", program],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(there.stdout) == here
