"""Residue of the machinery that a text went through: minifiers, feeds, pages, widgets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dedup.artifacts.rule import Hit
from dedup.artifacts.scan import Scan, Words
from dedup.model import Span
from dedup.normalize import debris

MINIFY: Final = Words("MINIFYHTML")


def minify_marker(scan: Scan) -> Iterator[Hit]:
    """A place holder of an HTML minifier: ``%MINIFYHTML`` + 32 hex digits + a counter + ``%``.

    The page was scraped after its minifier (mrclay/minify) had put place holders in and before
    it took them out again, so the text comes from somebody else's rendered page: strong
    evidence. The digits are the MD5 of the second at which that page was rendered, which
    ``render_clock`` can find: the copy is younger than that. The same digits in two articles
    mean the same rendering. Spaces inside are tolerated. Newer versions hash otherwise: a
    fingerprint, but no clock.
    """
    for marker in debris.minify_markers(scan.text):
        says = f"place holder of an HTML minifier, rendering {marker.digest[:12]}…"
        data = {"digest": marker.digest}
        if marker.counter:
            data["counter"] = marker.counter
        yield Hit(marker.span, says, data)


def feed_tail(scan: Scan) -> Iterator[Hit]:
    """The line "The post X appeared first on Y.", with which WordPress ends a feed entry.

    The text was taken from the feed of Y: second-hand unless the article's own outlet is Y,
    so the evidence is weak by itself, and ``data`` names the source for whoever can compare.
    Known in ten languages. Must end its line, and leaves sentences alone in which something
    else "appeared first on" a stage or a market.
    """
    if not scan.clean.repaired("feed_tails"):
        return
    for tail in debris.feed_tails(scan.text):
        says = f"the text came through the feed of {tail.source}"
        yield Hit(tail.span, says, {"source": tail.source, "title": tail.title, "gives": "all"})


_TRUNCATED = re.compile(
    r"(?:\[ ?(?:…|\.{3}|&hellip;|&#8230;) ?\]|(?:…|\.{3}) ?\[\+\d{1,7} chars\]"
    r"|(?:…|\.{3}) ?(?:Read more|Continue reading|Read the full story)\b[^\n]{0,120})$"
)
TRUNCATION_MARKS: Final = Words("…", "...", "&hellip;", "&#8230;")
_LONGEST_END = 200  # characters: longer than any truncation mark with its link's words


def truncation(scan: Scan) -> Iterator[Hit]:
    """A mark of truncation at the very end: ``[…]``, ``[...]``, ``… [+2345 chars]``.

    Feeds and news interfaces cut texts like this: the text is an excerpt of a longer one.
    Weak: it shows how the text was obtained, not who wrote it. ``[…]`` inside the text, where
    it marks a cut quotation, is left alone; so is a plain ``…`` at the end. A feed tail may
    follow the mark.
    """
    end = len(scan.text.rstrip())
    for start, tail_end in reversed(scan.clean.repaired("feed_tails")):
        if tail_end >= end:
            end = len(scan.text[:start].rstrip())
    start = max(0, end - _LONGEST_END)
    if not any(place.start >= start for place in scan.places(TRUNCATION_MARKS)):
        return
    match = _TRUNCATED.search(scan.text, start, end)
    if match:
        yield Hit(Span(*match.span()), f"the text is cut off with {match[0][:40]!r}")


def caption_shortcode(scan: Scan) -> Iterator[Hit]:
    """A WordPress short code around a picture's caption: ``[caption id="…"]``, ``[/caption]``.

    The text was taken from the database or feed of a WordPress site without being rendered.
    Weak: it shows a scrape, but of what is not known. Ordinary words in brackets are left
    alone unless they begin with ``caption``.
    """
    for span in scan.clean.repaired("captions"):
        yield Hit(span, "a WordPress short code was not rendered")


def script_line(scan: Scan) -> Iterator[Hit]:
    """A line of JavaScript amid the text, as advertising and analytics leave it.

    Whoever took the text from a page took its scripts along. The scraper may as well be the
    one who asks here: weight none. Only lines that begin like such snippets and end like a
    statement count; quoted code inside a sentence is left alone.
    """
    for span in scan.clean.repaired("scripts"):
        yield Hit(span, "a line of script was taken for text")


def advertisement_line(scan: Scan) -> Iterator[Hit]:
    """A line that only marks the place of an advertisement: "ADVERTISEMENT", "Anzeige".

    The text was taken from a page as it stood there. The scraper may as well be the one who
    asks here: weight none. The word inside a sentence is left alone.
    """
    for span in scan.clean.repaired("advertisements"):
        line = scan.text[slice(*span)].strip()
        yield Hit(span, f"the line {line!r} marks the place of an advertisement")


def widget_banner(scan: Scan) -> Iterator[Hit]:
    """The banner of a translation widget for readers: "Powered by automated translation".

    The outlet offers its readers a translation; the text itself may be the original. It
    proves nothing: weight none.
    """
    for span in scan.clean.repaired("widget_banners"):
        yield Hit(span, "the outlet offers its readers a translation widget")
