"""The verdict as a small picture: crisp at any size, readable without seeing it."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from html import escape
from typing import Final
from urllib.parse import urlsplit

from dedup.model import ArticleRef, Report

LABEL: Final = "provenance"
MAX_NAME: Final = 32
"""Longest name of a source on a badge, in characters; the rest is cut with an ellipsis."""

HEIGHT: Final = 20
PADDING: Final = 6
"""Pixels left and right of each text."""

NARROW: Final = frozenset("fijlrtI.,:;!|'()[] -")
BROAD: Final = frozenset("mwMWGOQ@%&")
NARROW_WIDTH: Final = 4.2
WIDTH: Final = 6.7
BROAD_WIDTH: Final = 9.5
WIDE_WIDTH: Final = 12.0
"""Pixels per character of Verdana at 11 pixels, as the mean over each group; ``textLength``
makes the text fit where another font stands in."""

# Each colour has a contrast of at least 4.5 to white text (WCAG 2.2, 1.4.3).
GREY: Final = "#595959"
COLOURS: Final = {
    "copy": "#a3460a",
    "retranslation": "#9c2c77",
    "independent": "#1a6b3c",
    "undetermined": "#5f6b7a",
}


@dataclass(frozen=True, slots=True)
class Badge:
    """What a badge says.

    Attributes:
        message: The short text on it.
        description: The sentence behind it, for those who hover or listen.
        colour: Of the half that holds the message.
    """

    message: str
    description: str
    colour: str


def badge(report: Report) -> Badge:
    """What the badge of an article says."""
    verdict = report.verdict
    return Badge(
        message=_message(report),
        description=_visible(verdict.reasons[0]),
        colour=COLOURS[verdict.verdict],
    )


def _message(report: Report) -> str:
    verdict = report.verdict
    match verdict.verdict:
        case "copy" if verdict.kind == "revision":
            return "newer version"
        case "copy":
            return f"copy of {_name(verdict.source)}" if verdict.source else "syndicated copy"
        case "retranslation":
            return "machine re-translation"
        case "independent" if verdict.kind == "derived":
            return "independent, shares passages"
        case "independent":
            return "independent reporting"
        case "undetermined":
            return "undetermined"


def _name(source: ArticleRef) -> str:
    host = urlsplit(source.url).hostname if source.url else None
    name = source.source or host or source.title or source.id
    shown = _visible(name)
    return shown if len(shown) <= MAX_NAME else shown[: MAX_NAME - 1].rstrip() + "…"


def _visible(text: str) -> str:
    """Leave out control and format characters.

    XML bears few of the former; the latter could turn the direction of what follows.
    """
    return "".join(c for c in text if not unicodedata.category(c).startswith("C"))


def text_width(text: str) -> float:
    """About how wide a text is, in pixels."""
    return sum(map(_width, text))


def _width(character: str) -> float:
    if character in NARROW:
        return NARROW_WIDTH
    if character in BROAD:
        return BROAD_WIDTH
    if unicodedata.east_asian_width(character) in {"W", "F"}:
        return WIDE_WIDTH
    return WIDTH


def to_svg(shown: Badge) -> str:
    """A badge as an SVG document; presentation attributes only, so that no policy hides it."""
    label, message = escape(LABEL), escape(shown.message)
    label_text, message_text = text_width(LABEL), text_width(shown.message)
    left = label_text + 2 * PADDING
    width = left + message_text + 2 * PADDING
    title = escape(f"{LABEL}: {shown.message}")
    return f"""\
<svg xmlns="http://www.w3.org/2000/svg" width="{width:g}" height="{HEIGHT}" role="img" \
aria-labelledby="badge-title badge-description">
<title id="badge-title">{title}</title>
<desc id="badge-description">{escape(shown.description)}</desc>
<clipPath id="badge-round"><rect width="{width:g}" height="{HEIGHT}" rx="3"/></clipPath>
<g clip-path="url(#badge-round)">
<rect width="{left:g}" height="{HEIGHT}" fill="{GREY}"/>
<rect x="{left:g}" width="{width - left:g}" height="{HEIGHT}" fill="{shown.colour}"/>
</g>
<g fill="#fff" font-family="Verdana,DejaVu Sans,Geneva,sans-serif" font-size="11" aria-hidden="true">
<text x="{PADDING}" y="14" textLength="{label_text:g}">{label}</text>
<text x="{left + PADDING:g}" y="14" textLength="{message_text:g}">{message}</text>
</g>
</svg>
"""
