"""Main text of HTML pages, and the way back into their source.

The pages in ``cases/normalize/pages`` were written for these tests: a newspaper's page of
today, one of the year 2000 (tables, no closing tags), one in other scripts.
"""

from __future__ import annotations

import html
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from resiliparse.extract.html2text import extract_plain_text

from dedup.model import Article, Span
from dedup.normalize import read
from dedup.normalize.page import read_page

PAGES = {
    path.stem: path.read_text(encoding="utf-8")
    for path in (Path(__file__).parents[1] / "cases/normalize/pages").glob("*.html")
}


def read_html(source):
    return read(Article("page", source, "html"))


def source_of(clean, source, words):
    at = clean.text.index(words)
    return source[slice(*clean.submitted(Span(at, at + len(words))))]


def test_main_text_of_a_newspaper_page():
    clean = read_html(PAGES["newspaper"])
    assert clean.title == "Dockers end strike after a week | Harbour Post"
    for words in ("Dockers end strike", "By Jane Roe", "kept forty-two ships", "Editing by John"):
        assert words in clean.text
    for words in ("World", "cookies", "not text", "commented", "First!", "rights", "ADVERTISEMENT"):
        assert words not in clean.text


@pytest.mark.parametrize(
    ("words", "source"),
    [
        ("Dockers at the country’s", "Dockers at the country&#8217;s"),
        ("“We got what we asked for,”", "&ldquo;We got what we asked for,&rdquo;"),
        ("forty-two ships", "forty-two ships"),
        ("kept forty-two", "kept <b>forty-two"),
        ("back to work", "back to   work"),
        ("Saturday, ending", "Saturday,\n   ending"),
        ("Owners & unions", "Owners &amp; unions"),
        ("pay go", "pay</a> go"),
        ("1", "1"),
        ("harbour handles 1", "harbour handles 1"),
    ],
)
def test_words_lead_back_into_the_source(words, source):
    page = PAGES["newspaper"]
    assert source_of(read_html(page), page, words) == source


@pytest.mark.parametrize("name", PAGES)
def test_every_visible_character_leads_back_to_itself(name):
    page = read_page(PAGES[name])
    for position, char in enumerate(page.text):
        if not char.isspace():
            place = page.places.source(Span(position, position + 1))
            assert html.unescape(PAGES[name][slice(*place)]) == char


@pytest.mark.parametrize("name", PAGES)
def test_marking_nodes_does_not_change_what_is_extracted(name):
    plain = extract_plain_text(
        PAGES[name],
        preserve_formatting=True,
        main_content=True,
        list_bullets=False,
        alt_texts=False,
        comments=False,
    )
    assert read_page(PAGES[name]).text == plain


def test_findings_and_repairs_of_a_page_point_into_its_source():
    source = "<article><p>Syria&amp; # 39;s army took the town on Saturday.</p></article>"
    clean = read_html(source)
    assert clean.text == "Syria's army took the town on Saturday."
    assert source_of(clean, source, "'") == "&amp; # 39;"


@pytest.mark.parametrize(
    "source",
    [
        "",
        "   ",
        "<html></html>",
        "<script>var a = 1;</script>",
        "<!-- only this",
        "<p",
        "<img src=x>",
    ],
)
def test_a_page_without_text_is_empty(source):
    clean = read_html(source)
    assert clean.text.strip() == ""
    assert clean.title is None


def test_text_without_markup_is_read_as_a_page():
    assert read_html("The army &amp; the town; 3 < 4").text == "The army & the town; 3 < 4"


def test_characters_that_serve_as_marks_do_no_harm():
    source = "<p>The \U000f0000 army \U0010fffd moved\0 on \ud800Saturday.</p>"
    clean = read_html(source)
    assert source_of(clean, source, "Saturday") == "Saturday"


pieces = st.sampled_from(
    ["<p>", "</p>", "<div class='a>b'>", "</div>", "<b>", "</b>", "<br>", "&amp;", "&nbsp;", "&#39;", "&lt",
     "<!-- x -->", "<!--", "-->", "<script>", "</script>", "<title>", "</title>", "<", ">", "'", '"', "=",
     "one", "two ", " three\n", "<a href=\"x\">", "</a>", "<td>", "</table>", "<pre>", "<li>", "é", "中", "\xa0"]
)  # fmt: skip


@settings(deadline=None)  # a shared machine stalls
@given(st.lists(pieces | st.characters(), max_size=40).map("".join))
def test_any_markup_is_read_and_mapped_in_order(source):
    page = read_page(source)
    before = Span(0, 0)
    for position in range(len(page.text)):
        place = page.places.source(Span(position, position + 1))
        assert 0 <= place.start <= place.end <= len(source)
        assert before.start <= place.start
        assert before.end <= place.end
        before = place


@pytest.mark.parametrize(
    "source",
    [
        "<div>" * 100_000 + "x",
        "<b>" * 100_000 + "x",
        "<ul><li>x" * 20_000,
        "<a><b><i><u>x" * 10_000,
        "<p>x" * 100_000,
        "<" * 300_000,
        "<a" * 200_000,
        '<a b="' * 50_000,
        "<a b=" * 50_000,
        "<!--" * 100_000,
        "<script>" * 50_000,
        "</script" * 50_000,
        "&amp" * 100_000,
        "<p " + " ".join(f"a{i}=1" for i in range(50_000)) + ">x",
        "<p>x &nbsp;\n" * 30_000,
    ],
    ids=lambda source: source[:12],
)
def test_no_page_is_hard(source):
    """Each is read in linear time; a quadratic step would take minutes and hang the suite."""
    read_html(source)
