"""Documents: what is made of an article, and when."""

from __future__ import annotations

from dedup.document import Document, read_document
from dedup.model import Article

TEXT = """By JANE ROE

The council closed the bridge on Monday after divers found cracks in two of its piers.
“We have no choice,” the mayor said. Repairs are to take until the autumn.

FILE PHOTO: The bridge over the harbour of Dorsten, seen in May. (Photo by John Doe/Getty Images)
"""


def read() -> Document:
    return read_document(Article("a", TEXT, lang="en"))


def test_only_text_and_language_are_made_before_more_is_asked_for() -> None:
    assert vars(read()).keys() == {"article", "clean", "language"}


def test_findings_need_neither_words_nor_sentences() -> None:
    document = read()
    assert document.findings
    assert vars(document).keys() == {"article", "clean", "language", "findings"}


def test_what_was_made_once_is_kept() -> None:
    document = read()
    assert document.sentence_starts is document.sentence_starts
    assert document.tokens is document.tokens


def test_what_was_made_goes_along_to_an_article_of_the_same_text() -> None:
    document = read()
    words = document.tokens
    other = document.of(Article("b", TEXT))
    assert other.article.id == "b"
    assert document.article.id == "a"
    assert other.tokens is words


def test_furniture_of_some_of_the_words_is_that_of_the_whole() -> None:
    """Of the caption's words alone, most are in the caption, which would be prose then."""
    document = read()
    is_caption = document.tokens.starts >= TEXT.index("FILE PHOTO")
    caption = document.tokens[is_caption]
    part = read().with_words(caption)
    assert part.tokens is caption
    assert part.furniture == document.furniture
    assert part.without_furniture().furniture == ()
    assert part.furniture
