"""Posts of social networks that a page embeds: quotations without quotation marks.

A site that shows a post prints its text, and below or behind it who posted it and when:
"— Jane Doe (@janedoe) March 3, 2019" (what Twitter's embedding code leaves in the text of a
page), "A post shared by Jane Doe (@janedoe)" (Instagram's). Everybody who writes about the
post shows it, so it is no more their own prose than what stands between quotation marks.

The price: a sentence of the article that stands on one line with the post counts as the
post's, where it is within a post's length of the signature.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from typing import Final

from dedup.model import Quotation, Span

LONGEST: Final = 320
"""Characters of a post before its signature: 280 may be typed, and a link or two."""

_SIGNATURE = re.compile(
    r"""
    (?: (?:[—–]|--)[ \u00a0]?[^\n—–(]{2,60}\(@\w{1,30}\)
      | (?i:a\ post\ shared\ by)\ [^\n(]{2,60}\(@[\w.]{1,30}\) )
    (?: [ \u00a0]{1,2}(?:on[ ])?[^\W\d_]{3,12}\.?[ ]\d{1,2},[ ]\d{4} )?  # March 3, 2019
    """,
    re.VERBOSE,
)


def find_posts(text: str) -> tuple[Quotation, ...]:
    r"""Find embedded posts, each with its signature.

    Args:
        text: Clean text.

    Returns:
        In text order, not overlapping.

    >>> text = "She tweeted.\n\nWe won. Thank you!\n— Jane Doe (@janedoe) March 3, 2019"
    >>> [text[post.span.start : post.span.end] for post in find_posts(text)]
    ['We won. Thank you!\n— Jane Doe (@janedoe) March 3, 2019']
    """
    return tuple(_posts(text)) if "(@" in text else ()


def find_signatures(text: str) -> Iterator[Span]:
    """Where posts are signed, which is no part of what they say."""
    if "(@" in text:
        yield from (Span(*found.span()) for found in _SIGNATURE.finditer(text))


def _posts(text: str) -> Iterator[Quotation]:
    behind = 0
    for signature in _SIGNATURE.finditer(text):
        start = max(_line_start(text, signature.start()), behind)
        if not text[start : signature.start()].strip():
            # The signature has a line to itself: the post is the line before it.
            above = len(text[:start].rstrip())
            start = max(_line_start(text, above), behind)
        start = _within_reach(text, start, signature.start())
        yield Quotation(Span(start, signature.end()), closed=True)
        behind = signature.end()


def _line_start(text: str, place: int) -> int:
    return text.rfind("\n", 0, place) + 1


def _within_reach(text: str, start: int, end: int) -> int:
    """The start, or the first word within a post's length of the end, past white space."""
    if end - start > LONGEST:
        start = max(text.find(" ", end - LONGEST, end), end - LONGEST)  # no space: a long word
    while start < end and text[start].isspace():
        start += 1
    return start


def with_posts(
    quotations: Sequence[Quotation], posts: Sequence[Quotation]
) -> tuple[Quotation, ...]:
    """Quotations and posts in text order; what stands between marks inside a post is the post's."""
    if not posts:
        return tuple(quotations)
    starts, ends = [post.span.start for post in posts], [post.span.end for post in posts]
    apart = [
        quotation
        for quotation in quotations
        # The posts that begin before it ends are those that end before it begins.
        if bisect_left(starts, quotation.span.end) == bisect_right(ends, quotation.span.start)
    ]
    return tuple(sorted([*apart, *posts], key=lambda quotation: quotation.span))
