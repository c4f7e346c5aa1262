"""Who said each quotation of a text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from dedup.attributions.attribution import Attribution, end_with_mark
from dedup.attributions.cased import CasedReader
from dedup.attributions.uncased import UncasedReader
from dedup.model import Quotation, Span
from dedup.reporting import reporting

MAX_CLAUSE: Final = 200
"""Code points beside a quotation that are searched. Longer reporting clauses are rare, and what
they say between name and verb is harder to read right."""

_SIGNED: Final = re.compile(r"(?:[—–]|--)[ \u00a0]?(?P<name>[^\s—–(][^\n—–(]{1,58}[^\s(]) \(@\w")


def attribute(
    text: str, quotations: Sequence[Quotation], lang: str
) -> tuple[Attribution | None, ...]:
    """Find who said each quotation.

    Args:
        text: Clean text.
        quotations: As found in it, in order.
        lang: ISO 639-1 code of the text.

    Returns:
        One for each quotation; None where the text does not say, or not clearly.
    """
    signed = [_signed(text, quotation) for quotation in quotations]
    words = reporting(lang)
    if words is None:
        return tuple(signed)
    reader = CasedReader(text, words) if words.has_capitals else UncasedReader(text, words)
    speakers: list[Attribution | None] = []
    for place, quotation in enumerate(quotations):
        previous = quotations[place - 1] if place else None
        following = quotations[place + 1] if place + 1 < len(quotations) else None
        begin = max(
            quotation.span.start - MAX_CLAUSE, end_with_mark(text, previous) if previous else 0
        )
        end = min(quotation.span.end + MAX_CLAUSE, following.span.start if following else len(text))
        speakers.append(reader.speaker(quotation, begin, end))
    joined = _joined(text, quotations, speakers)
    return tuple(own or speaker for own, speaker in zip(signed, joined, strict=True))


def _signed(text: str, quotation: Quotation) -> Attribution | None:
    """Who posted an embedded post, by its signature."""
    found = _SIGNED.search(text, *quotation.span)
    return Attribution(found["name"], None, Span(*found.span("name"))) if found else None


def _joined(
    text: str, quotations: Sequence[Quotation], speakers: list[Attribution | None]
) -> list[Attribution | None]:
    """Give the pieces of one quotation the speaker that one of them has."""
    first = 0
    for place, quotation in enumerate(quotations):
        following = quotations[place + 1].span.start if place + 1 < len(quotations) else None
        if following is not None and not quotation.closed:
            is_apart = re.search(r"\w", text[quotation.span.end : following])
            if not is_apart:
                continue
        named = {speaker.name: speaker for speaker in speakers[first : place + 1] if speaker}
        if len(named) == 1:
            speakers[first : place + 1] = [*named.values()] * (place + 1 - first)
        first = place + 1
    return speakers
