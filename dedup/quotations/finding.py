"""Stretches between quotation marks.

What a mark does is told by what stands beside it, since the same character opens in one
language and closes in another (”, “, », «). It *opens* after white space, an opening
bracket, a colon or a dash and before anything else; it *closes* after anything else and
before white space, punctuation or the end. Where this does not tell (Chinese, French
« spaced » marks, glued sentences), the character does what it does in most languages; and a
straight mark opens if no quotation is open.

Marks pair within their family ("double", "single", guillemets, corner brackets ...), since
typists and content systems mix “ " „ at will. Outermost pairs count. A mark that opens
while one of its family is open is nested if the paragraph has as many closing as opening
marks; otherwise the first one was a stray.

Machine translation sets straight marks with the space on the wrong side ("We won, "she
said). Where the straight marks of a paragraph do not add up by their sides but are even in
number, they open and close by turns, strays left out.

Pairs are looked for within a paragraph, so a stray mark never swallows more than the rest
of its own. A quotation over several paragraphs, each re-opened without the one before being
closed, as newspapers print it, gives one piece for each; so does one that the next
paragraph closes without re-opening. The same holds where the line breaks were lost, if the
quotation began a sentence or followed a comma or colon, and re-opens behind a full stop.

Without marks, a line is speech that begins with a dash and has a reporting clause between
dashes (— Vamos —dijo ella—. Ya.), in the languages whose reporting verbs are known and that
print it so. Lines of an interview without such a clause are not: a list begins with dashes, too.

Not taken for quotations: 《titles》; apostrophes; feet and inches. The prices: a possessive
plural ('the players' union') ends a single-quoted stretch unless another mark follows that
can; a navigation line "« back | next »" is a quotation.
"""

from __future__ import annotations

import functools
import itertools
import re
from collections.abc import Iterator

from dedup.model import Quotation, Span
from dedup.paragraphs import find_paragraphs
from dedup.quotations.kernel import kernel
from dedup.quotations.marks import FAMILY, SINGLE, Habits, Mark
from dedup.quotations.pairing import Pair, pair_up
from dedup.reporting import Reporting, reporting

# Speech between dashes: a line begins with one; in it they stand beside white space.
_DIALOGUE = re.compile(r"^[ \t]*[-–—―]{1,2}[ \u00a0]?(?:[^\W\d_]|[¿¡])", re.MULTILINE)
_DASH = re.compile(r"(?:^|(?<=\s)|(?<=^[ \t]))[-–—―]{1,2}|[–—―](?=[\s.,;:])", re.MULTILINE)

# A stretch that nothing closes or re-opens is dropped if it is longer: in US news 99 % of
# closed quotations have at most 505 characters, and some texts are one single paragraph.
MAX_STRAY_CHARACTERS = 600


def find_quotations(text: str, lang: str) -> tuple[Quotation, ...]:
    """Find what stands between quotation marks, the outermost ones where they are nested.

    Args:
        text: Clean text; any `str` is accepted.
        lang: ISO 639-1 code of the text; ``"und"`` if unknown.

    Returns:
        In text order, not overlapping, trimmed and never empty, however short: whoever
        wants no scare quotes goes by length. ``closed`` is False where the paragraph ended
        first.

    >>> text = "“We won’t go,” she said, “not ‘today’.”"
    >>> [text[found.span.start : found.span.end] for found in find_quotations(text, "en")]
    ['We won’t go,', 'not ‘today’.']
    """
    words = _set_off_by_dashes(lang)
    if not kernel.has_marks(text) and not (words and _DIALOGUE.search(text)):
        return ()
    quotations: list[Quotation] = []
    left_open: str | None = None
    paragraphs, habits = find_paragraphs(text), Habits.of(lang)
    for place, plain in enumerate(kernel.plain_quotations(text, paragraphs, habits)):
        if plain is not None and left_open != SINGLE and (plain or not words):
            quotations.extend([Quotation(Span(*span), closed=True) for span in plain])
            left_open = None
            continue
        paragraph = paragraphs[place]
        marks = kernel.find_marks(Mark, text, paragraph, habits)
        following = paragraphs[place + 1] if place + 1 < len(paragraphs) else None
        reopened = _family_at(text, following.start) if following else None
        pairs = pair_up(marks, reopened)
        quotations.extend(_quotations(text, pairs, paragraph, left_open, reopened))
        left_open = _left_open(pairs)
        if words and not marks:
            quotations.extend(_dialogue(text, paragraph, words))
    return tuple(quotations)


def _set_off_by_dashes(lang: str) -> Reporting | None:
    """The reporting clauses of a language that sets them off by dashes; None for others."""
    words = reporting(lang)
    return words if words is not None and words.inverts else None


def _dialogue(text: str, paragraph: Span, words: Reporting) -> Iterator[Quotation]:
    """What is said in a paragraph that dashes divide into speech and reporting clauses."""
    if not _DIALOGUE.match(text, paragraph.start):
        return
    dashes = [*_DASH.finditer(text, paragraph.start, paragraph.end)]
    pieces = [
        Span(dash.end(), following.start() if following else paragraph.end)
        for dash, following in itertools.zip_longest(dashes, dashes[1:])
    ]
    clause = _clause(words)
    is_clause = [clause.match(text, piece.start, piece.end) is not None for piece in pieces]
    if is_clause[0] or not any(is_clause[1:2]):
        return
    for piece, is_said in zip(pieces, (not found for found in is_clause), strict=True):
        said = text[piece.start : piece.end]
        start = piece.end - len(said.lstrip(" \u00a0,.;:"))
        end = piece.start + len(said.rstrip(" \u00a0,"))
        if is_said and start < end:
            yield Quotation(Span(start, end), closed=True)


@functools.cache
def _clause(words: Reporting) -> re.Pattern[str]:
    """How a reporting clause between dashes begins."""
    verbs, auxiliaries = "|".join(words.verbs), "|".join(words.auxiliaries)
    return re.compile(rf"[\s,]*(?:(?:{auxiliaries})\s)?(?:{verbs})\b")


def _family_at(text: str, position: int) -> str | None:
    """The family of the mark that a paragraph begins with; None if there is none."""
    return FAMILY.get(text[position : position + 2]) or FAMILY.get(text[position])


def _quotations(
    text: str, pairs: list[Pair], paragraph: Span, left_open: str | None, reopened: str | None
) -> Iterator[Quotation]:
    """What the pairs of one paragraph enclose.

    Args:
        text: The whole text.
        pairs: Of the paragraph.
        paragraph: Its span.
        left_open: The family of the quotation that the paragraph before left open.
        reopened: The family of the mark that the next paragraph begins with.
    """
    for index, (opening, closing) in enumerate(pairs):
        if opening is None and (index or closing is None or closing.family != left_open):
            continue  # a closing mark that nothing opened
        start = opening.end if opening else paragraph.start
        end = closing.start if closing else paragraph.end
        piece = text[start:end]
        stripped = piece.strip()
        closed = closing is not None and closing.role != "opens"
        is_stray = (
            not closed
            and opening is not None
            and not (closing is None and opening.family == reopened)
        )
        if stripped and not (is_stray and len(stripped) > MAX_STRAY_CHARACTERS):
            start += len(piece) - len(piece.lstrip())
            yield Quotation(Span(start, start + len(stripped)), closed=closed)


def _left_open(pairs: list[Pair]) -> str | None:
    """The family of the quotation that a paragraph leaves open."""
    if not pairs or pairs[-1][1] is not None:
        return None
    opening = pairs[-1][0]
    return opening.family if opening else None
