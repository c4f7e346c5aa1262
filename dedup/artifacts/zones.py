"""The head and the foot of a text, where it speaks about itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

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


def lines_with(words: Iterable[str], text: str, *zones: Span) -> list[Span]:
    """Lines of some stretches of a text that hold any of some words, each once, in order.

    Finding a fixed word is far cheaper than trying a pattern at every character; most texts
    hold none of the words that a rule needs.
    """
    found: set[Span] = set()
    for start, end in zones:
        zone = text[start:end]
        for word in words:
            at = zone.find(word) if word in zone else -1
            while at >= 0:
                line_start = zone.rfind("\n", 0, at) + 1
                line_end = zone.find("\n", at)
                stop = line_end if line_end >= 0 else len(zone)
                found.add(Span(start + line_start, start + stop))
                at = zone.find(word, stop)
    return sorted(found)


def search(pattern: re.Pattern[str], text: str, *zones: Span) -> Iterator[re.Match[str]]:
    """Matches of a pattern in some stretches of a text."""
    for zone in zones:
        yield from pattern.finditer(text, zone.start, zone.end)
