"""Where a rewritten text came from: edits, and the map that undoes them for a span."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from dedup.model import Span


class Edit(NamedTuple):
    """Replace ``[start, end)`` of a text by ``text``; ``step`` says why."""

    start: int
    end: int
    text: str
    step: str


@dataclass(frozen=True, slots=True)
class OffsetMap:
    """What became of each stretch that one rewriting replaced; the rest only moved.

    Segment k says: ``[starts[k], ends[k])`` of the new text stands for
    ``[source_starts[k], source_ends[k])`` of the old one. Segments are in order and do not
    overlap; between two of them the texts are equal, character by character.
    """

    starts: Sequence[int]
    ends: Sequence[int]
    source_starts: Sequence[int]
    source_ends: Sequence[int]

    def source(self, span: Span) -> Span:
        """Where a span of the new text stood in the old one.

        A character inside a replaced stretch stands for the whole of it: a replacement
        cannot be shown in part.
        """
        start = self._source_of(span.start)[0]
        if span.end <= span.start:
            return Span(start, start)
        return Span(start, self._source_of(span.end - 1)[1])

    def _source_of(self, position: int) -> tuple[int, int]:
        k = bisect_right(self.starts, position) - 1
        if k < 0:
            return position, position + 1
        if position < self.ends[k]:
            return self.source_starts[k], self.source_ends[k]
        moved = position + self.source_ends[k] - self.ends[k]
        return moved, moved + 1


def rewrite(text: str, edits: Sequence[Edit]) -> tuple[str, OffsetMap]:
    """Apply edits, which are in order and do not overlap, all at once."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    copied = length = 0
    for edit in edits:
        pieces += (text[copied : edit.start], edit.text)
        starts.append(length + edit.start - copied)
        length = starts[-1] + len(edit.text)
        ends.append(length)
        copied = edit.end
    pieces.append(text[copied:])
    sources = [edit.start for edit in edits], [edit.end for edit in edits]
    return "".join(pieces), OffsetMap(starts, ends, *sources)


def narrow(edit: Edit, old: str) -> Edit:
    """Leave out what an edit of ``old`` does not change at its two ends."""
    new = edit.text
    shorter = min(len(old), len(new))
    head = next((i for i in range(shorter) if old[i] != new[i]), shorter)
    rest = shorter - head
    tail = next((i for i in range(rest) if old[-1 - i] != new[-1 - i]), rest)
    return Edit(edit.start + head, edit.end - tail, new[head : len(new) - tail], edit.step)
