"""The head and the foot of a text, where it speaks about itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

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


def around(
    words: Sequence[str], text: str, zones: Sequence[Span], before: int, after: int
) -> list[Span]:
    """Stretches around some words in some zones of a text, within their lines, merged, in order.

    Finding a fixed word is far cheaper than trying a pattern at every character, and most
    texts hold none of the words that a rule needs.

    Args:
        words: What to look for.
        text: Where.
        zones: The parts of the text that are looked at.
        before: Characters that are kept before a word.
        after: Characters that are kept from its beginning on.
    """
    find, found = text.find, []
    for zone in zones:
        for word in words:
            at = find(word, zone.start, zone.end)
            while at >= 0:
                found.append(_stretch(text, zone, at, before, after))
                at = find(word, at + len(word), zone.end)
    merged: list[Span] = []
    for span in sorted(found):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def _stretch(text: str, zone: Span, at: int, before: int, after: int) -> Span:
    start, end = max(zone.start, at - before), min(zone.end, at + after)
    line_end = text.find("\n", at, end)
    return Span(
        max(start, text.rfind("\n", start, at) + 1),
        line_end if line_end >= 0 else end,
    )


def search(pattern: re.Pattern[str], text: str, *zones: Span) -> Iterator[re.Match[str]]:
    """Matches of a pattern in some stretches of a text."""
    for zone in zones:
        yield from pattern.finditer(text, zone.start, zone.end)
