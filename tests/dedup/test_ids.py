import pytest

from dedup.errors import BadIdError
from dedup.ids import MAX_ID_BYTES, check_id


@pytest.mark.parametrize(
    "article_id",
    [
        "1",
        "a b",
        "https://example.com/news/1?page=2#top",
        "/begins/and/ends/with/slashes/",
        "größe",
        "日本語の記事",
        "مقاله\u200cها",  # a zero-width non-joiner is part of Persian spelling
        "क्\u200dष",
        "🗞",
        "x" * MAX_ID_BYTES,
    ],
)
def test_any_printable_text_names_an_article(article_id: str) -> None:
    check_id(article_id)


@pytest.mark.parametrize(
    ("article_id", "said"),
    [
        ("", "empty"),
        ("x" * (MAX_ID_BYTES + 1), "513 bytes"),
        ("é" * (MAX_ID_BYTES // 2 + 1), "514 bytes"),
        (" x", "white space"),
        ("x ", "white space"),
        ("a\x00b", "U+0000 at position 1"),
        ("a\nb", "U+000A"),
        ("a\tb", "U+0009"),
        ("a\x7f", "U+007F"),
        ("\ud800", "U+D800 at position 0"),
        ("\u202etxt.exe", "U+202E"),
        ("a\u200bb", "U+200B"),
        ("a\u00a0b", "U+00A0"),
        ("\ufeffa", "U+FEFF"),
        ("a\u2028b", "U+2028"),
    ],
)
def test_what_cannot_be_seen_or_kept_is_refused(article_id: str, said: str) -> None:
    with pytest.raises(BadIdError, match=said.replace("+", r"\+")) as refused:
        check_id(article_id)
    assert refused.value.field == "id"
