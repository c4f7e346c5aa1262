"""Pages in whatever encoding they were served."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.normalize.charset import decode_page

RUSSIAN = "<p>Министр сообщил в понедельник, что мост будет закрыт на две недели.</p>"


@pytest.mark.parametrize(
    ("page", "declared"),
    [
        (RUSSIAN.encode(), None),
        (RUSSIAN.encode(), "windows-1251"),  # a server that is wrong
        (RUSSIAN.encode("utf-8-sig"), None),
        (RUSSIAN.encode("utf-16"), None),
        (RUSSIAN.encode("windows-1251"), "windows-1251"),
        (RUSSIAN.encode("koi8-r"), "KOI8-R"),
        (RUSSIAN.encode("windows-1251"), None),  # guessed
        (RUSSIAN.encode("windows-1251"), "no-such-encoding"),
    ],
)
def test_a_page_is_read_in_its_encoding(page: bytes, declared: str | None) -> None:
    assert decode_page(page, declared) == RUSSIAN


def test_the_page_itself_says_its_encoding() -> None:
    page = f"<meta charset=koi8-r>{RUSSIAN}"
    assert decode_page(page.encode("koi8-r")) == page


def test_escapes_of_iso_2022_are_not_taken_for_ascii() -> None:
    page = "<p>橋は二週間閉鎖される</p>"
    assert decode_page(page.encode("iso-2022-jp"), "iso-2022-jp") == page


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=50))
def test_utf_8_is_read_as_it_is(text: str) -> None:
    assert decode_page(f"<p>{text}".encode()).startswith("<p>")


@given(st.binary(max_size=200), st.sampled_from([None, "utf-8", "shift_jis", "x-user-defined"]))
def test_any_bytes_give_unicode_text(page: bytes, declared: str | None) -> None:
    decode_page(page, declared).encode()
