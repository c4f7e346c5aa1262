"""Stretches between quotation marks.

Marks are read paragraph by paragraph, so that a stray mark never swallows more than its
own paragraph. What a mark does is told by what stands beside it, since the same character
opens in one language and closes in another (”, “, », «): it *opens* after white space, an
opening bracket or a dash and before anything else; it *closes* after anything else and
before white space, punctuation or the end. Where this does not tell (Chinese, French
« spaced » marks), the role that the character has in most languages counts.

A quotation over several paragraphs, each re-opened without the one before being closed,
gives one piece for each paragraph.

Not taken as quotations: 《titles》; apostrophes; inches and minutes after a digit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from dedup.model import Quotation, Span
from dedup.paragraphs import find_paragraphs

Role = Literal["opens", "closes", "either"]

# What each mark does in most languages, and what closes a quotation that it opens.
_USUAL_ROLE: dict[str, Role] = {
    **dict.fromkeys("“„‟‘‚«‹「『〝", "opens"),
    **dict.fromkeys("”’»›」』〞〟", "closes"),
    **dict.fromkeys("\"'＂", "either"),
    "``": "opens",
    "''": "closes",
}
_CLOSED_BY = {
    '"': '"”“＂',
    "＂": '＂"',
    "“": '”"“',
    "”": '”“"',
    "„": '“”"‟',
    "‟": '”"',
    "«": "»",
    "»": "«»",
    "‹": "›",
    "›": "‹›",
    "‘": "’'",
    "‚": "‘’",
    "'": "'’",
    "「": "」",
    "『": "』",
    "〝": "〞〟",
    "``": ("''", '"', "”"),
}
# Marks that are apostrophes as well: without a partner they mean nothing.
_SINGLES = frozenset("'‘’‚")

_MARK = re.compile(r"``|''|[\"“”„‟«»‹›「」『』〝〞〟＂‘‚]|(?<!\w)['’]|['’](?!\w)")
_BEFORE_OPENING = frozenset("([{<-–—―/…:¿¡")
_AFTER_CLOSING = frozenset(")]}>,.;:!?-–—―/…。，、；：！？）؟،۔।")
_MARK_CHARACTERS = frozenset("\"“”„‟«»‹›「」『』〝〞〟＂‘’‚'`")


@dataclass(frozen=True, slots=True)
class _Mark:
    start: int
    end: int
    text: str
    role: Role


def find_quotations(text: str, lang: str) -> tuple[Quotation, ...]:  # noqa: ARG001
    """Find what stands between quotation marks, the outermost ones where they are nested.

    Args:
        text: Clean text; any `str` is accepted.
        lang: ISO 639-1 code of the text.

    Returns:
        In text order, not overlapping, trimmed and never empty. A piece is not ``closed``
        if its paragraph ended first.

    >>> text = "“We won’t go,” she said, “not ‘today’.”"
    >>> [text[q.span.start : q.span.end] for q in find_quotations(text, "en")]
    ['We won’t go,', 'not ‘today’.']
    """
    quotations: list[Quotation] = []
    open_before: str | None = None
    for paragraph in find_paragraphs(text):
        marks = list(_marks(text, paragraph))
        pieces, open_before = _pair(marks, paragraph, open_before)
        quotations.extend(
            Quotation(span, closed) for piece, closed in pieces for span in _trimmed(text, piece)
        )
    return tuple(quotations)


def _marks(text: str, paragraph: Span) -> Iterator[_Mark]:
    for found in _MARK.finditer(text, paragraph.start, paragraph.end):
        role = _role(found.group(), _context(text, found.span(), paragraph))
        if role is not None:
            yield _Mark(found.start(), found.end(), found.group(), role)


def _context(text: str, mark: tuple[int, int], paragraph: Span) -> tuple[str, str]:
    """The characters beside a mark, other marks skipped; a space beyond the paragraph."""
    left, right = mark[0] - 1, mark[1]
    limit = 4  # marks in a row: more are not typography
    while left >= paragraph.start and text[left] in _MARK_CHARACTERS and mark[0] - left <= limit:
        left -= 1
    while right < paragraph.end and text[right] in _MARK_CHARACTERS and right - mark[1] < limit:
        right += 1
    before = text[left] if left >= paragraph.start else " "
    after = text[right] if right < paragraph.end else " "
    return before, after


def _role(mark: str, context: tuple[str, str]) -> Role | None:
    before, after = context
    can_open = (before.isspace() or before in _BEFORE_OPENING) and not after.isspace()
    can_close = not before.isspace() and (after.isspace() or after in _AFTER_CLOSING)
    if can_open and not can_close:
        return "opens"
    if can_close and not can_open:
        return "closes"
    usual = _USUAL_ROLE[mark]
    if usual == "either" and before.isalnum() and after.isalnum():
        return None
    return usual


def _pair(
    marks: list[_Mark], paragraph: Span, open_before: str | None
) -> tuple[list[tuple[Span, bool]], str | None]:
    """The quotations of one paragraph, and the mark that is still open at its end."""
    pieces: list[tuple[Span, bool]] = []
    opening: _Mark | None = None
    for index, mark in enumerate(marks):
        if opening is not None:
            if mark.role != "opens" and mark.text in _CLOSED_BY[opening.text]:
                pieces.append((Span(opening.end, mark.start), True))
                opening = None
        elif mark.role == "closes":
            if index == 0 and open_before is not None and mark.text in _CLOSED_BY[open_before]:
                pieces.append((Span(paragraph.start, mark.start), True))
        elif mark.text in _CLOSED_BY and (mark.text not in _SINGLES or _has_partner(marks, index)):
            opening = mark
    if opening is None:
        return pieces, None
    pieces.append((Span(opening.end, paragraph.end), False))
    return pieces, opening.text


def _has_partner(marks: list[_Mark], index: int) -> bool:
    closers = _CLOSED_BY[marks[index].text]
    return any(mark.role != "opens" and mark.text in closers for mark in marks[index + 1 :])


def _trimmed(text: str, span: Span) -> Iterator[Span]:
    piece = text[span.start : span.end]
    stripped = piece.strip()
    if stripped:
        start = span.start + len(piece) - len(piece.lstrip())
        yield Span(start, start + len(stripped))
