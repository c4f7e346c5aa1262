"""The head and the foot of a text, where it speaks about itself."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dedup.model import Span

HEAD = 1_000
"""Characters of the head: title, byline, photo credit, first sentence."""
FOOT = 1_000
"""Characters of the foot: credits, notices, corrections."""


def head_and_foot(text: str) -> tuple[Span, ...]:
    """The head and the foot, cut at line ends where there are any; one span if they meet."""
    if len(text) <= HEAD + FOOT:
        return (Span(0, len(text)),)
    foot = text.find("\n", len(text) - FOOT)
    return Span(0, HEAD), Span(len(text) - FOOT if foot < 0 else foot + 1, len(text))


def search(pattern: re.Pattern[str], text: str, *zones: Span) -> Iterator[re.Match[str]]:
    """Matches of a pattern in some stretches of a text."""
    for zone in zones:
        yield from pattern.finditer(text, zone.start, zone.end)
