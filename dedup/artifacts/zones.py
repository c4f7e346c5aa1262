"""The head and the foot of a text, where it speaks about itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

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
    places: Iterable[Span], text: str, zones: Sequence[Span], before: int, after: int
) -> list[Span]:
    """Stretches around some places in some zones of a text, within their lines, merged, in order.

    Finding fixed words is far cheaper than trying a pattern at every character, and most
    texts hold none of the words that a rule needs.

    Args:
        places: Where words stand.
        text: Where.
        zones: The parts of the text that are looked at; a word must stand in one of them.
        before: Characters that are kept before a word.
        after: Characters that are kept from its beginning on.
    """
    found = sorted(
        _stretch(text, zone, at, before, after)
        for at, end in places
        for zone in zones
        if zone[0] <= at and end <= zone[1]
    )
    merged: list[Span] = []
    reached = -1
    for start, end in found:
        if start > reached:
            merged.append(Span(start, end))
            reached = end
        elif end > reached:
            merged[-1] = Span(merged[-1].start, end)
            reached = end
    return merged


def _stretch(text: str, zone: Span, at: int, before: int, after: int) -> tuple[int, int]:
    """Where it begins and ends; no record, since most of them are merged at once."""
    start, end = max(zone[0], at - before), min(zone[1], at + after)
    line_start, line_end = text.rfind("\n", start, at) + 1, text.find("\n", at, end)
    return line_start or start, line_end if line_end >= 0 else end


def search(pattern: re.Pattern[str], text: str, *zones: Span) -> Iterator[re.Match[str]]:
    """Matches of a pattern in some stretches of a text."""
    for zone in zones:
        yield from pattern.finditer(text, zone.start, zone.end)


class Anchored:
    """A pattern that matches only at certain strings, or right behind others.

    Finding these is far cheaper than trying the pattern at every character.

    Args:
        pattern: What to look for.
        flags: Of the regular expression.
        at: Every match begins with one of these,
        behind: or right behind one of these, or with the text. One character each.
    """

    def __init__(
        self,
        pattern: str,
        flags: re.RegexFlag = re.NOFLAG,
        *,
        at: Sequence[str] = (),
        behind: Sequence[str] = (),
    ) -> None:
        self.pattern: Final = re.compile(pattern, flags)
        self._at = at
        self._behind = behind

    def search(self, text: str, *zones: Span) -> Iterator[re.Match[str]]:
        """Its matches in some stretches of a text: those of ``search``, in less time."""
        for zone in zones:
            starts = [0] if self._behind and zone.start == 0 else []
            for string in self._at:
                starts += _occurrences(string, text, zone.start, zone.end)
            for character in self._behind:
                first = max(zone.start - 1, 0)
                starts += [at + 1 for at in _occurrences(character, text, first, zone.end)]
            yield from self.matches(text, zone, sorted(starts))

    def matches(self, text: str, zone: Span, starts: Iterable[int]) -> Iterator[re.Match[str]]:
        """Its matches that begin at some places of a stretch, ascending, and do not overlap."""
        end = zone.start
        for start in starts:
            match = self.pattern.match(text, start, zone.end) if start >= end else None
            if match:
                yield match
                end = match.end()


LINE_START: Final = ("\n",)
"""What a pattern that begins with ``^`` matches behind."""


def _occurrences(string: str, text: str, start: int, end: int) -> list[int]:
    found = []
    at = text.find(string, start, end)
    while at >= 0:
        found.append(at)
        at = text.find(string, at + 1, end)
    return found
