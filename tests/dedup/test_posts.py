"""Embedded posts."""

from __future__ import annotations

import pytest

from dedup.document import read_document
from dedup.model import Article, Quotation, Span
from dedup.posts import LONGEST, find_posts, with_posts


def posts(text: str) -> list[str]:
    return [text[post.span.start : post.span.end] for post in find_posts(text)]


@pytest.mark.parametrize(
    ("text", "post"),
    [
        (
            "He answered.\n\nNo deal! Sad. — Jon Roe (@jon_roe) May 1, 2018\n\nShares fell.",
            "No deal! Sad. — Jon Roe (@jon_roe) May 1, 2018",
        ),
        (
            "He answered.\nNo deal! Sad.\n\n— Jon Roe (@jon_roe) May 1, 2018\nShares fell.",
            "No deal! Sad.\n\n— Jon Roe (@jon_roe) May 1, 2018",
        ),
        ("Two words -- Jon Roe (@jon_roe)", "Two words -- Jon Roe (@jon_roe)"),
        (
            "Our new home.\nA post shared by Ann Lee (@ann.lee) on May 3, 2018\nShe moved.",
            "Our new home.\nA post shared by Ann Lee (@ann.lee) on May 3, 2018",
        ),
    ],
)
def test_a_post_reaches_from_its_line_to_its_signature(text: str, post: str) -> None:
    assert posts(text) == [post]


@pytest.mark.parametrize(
    "text",
    [
        "Jon Roe (@jon_roe) said on Monday that shares fell.",
        "Write to her on Twitter (@ann) or by mail.",
        "The minister — who spoke (briefly) — left.",
    ],
)
def test_a_handle_in_prose_is_no_post(text: str) -> None:
    assert not posts(text)


def test_two_posts_on_one_line_do_not_overlap() -> None:
    text = "One. — A Bee (@abee) May 1, 2018 Two. — C Dee (@cdee) May 2, 2018"
    assert posts(text) == ["One. — A Bee (@abee) May 1, 2018", "Two. — C Dee (@cdee) May 2, 2018"]


def test_a_long_line_before_a_signature_is_not_all_post() -> None:
    (post,) = posts("word " * 200 + "— Jon Roe (@jon_roe)")
    before = post.index("—")
    assert LONGEST - len("word ") <= before <= LONGEST
    assert post.startswith("word")


def test_a_long_line_without_spaces_before_a_signature_is_not_all_post() -> None:
    (post,) = posts("我们赢了" * 200 + "\n— Jon Roe (@jon_roe)")
    assert post.index("—") == LONGEST


def test_a_quotation_inside_a_post_is_part_of_it() -> None:
    text = 'Jon said "no". He said "yes" — A Bee (@abee)'
    inside = Quotation(Span(text.index('"no"') + 1, text.index('"no"') + 3), closed=True)
    apart = Quotation(Span(0, 3), closed=True)
    post = Quotation(Span(4, len(text)), closed=True)
    assert with_posts([apart, inside], [post]) == (apart, post)


def test_an_article_quotes_the_posts_it_embeds() -> None:
    text = (
        'She was "glad".\n\nWe won. Thank you!\n— Jane Doe (@janedoe) March 3, 2019\n\nOthers lost.'
    )
    document = read_document(Article("a", text))
    quoted = [document.clean.text[q.span.start : q.span.end] for q in document.quotations]
    assert quoted == ["glad", "We won. Thank you!\n— Jane Doe (@janedoe) March 3, 2019"]
