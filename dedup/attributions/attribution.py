"""What is told of a speaker, and where a quotation ends."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from dedup.model import Quotation, Span

CLOSING: Final = re.compile(r"\s*(?:[”“„\"«»‹›’‘'」』]|'')+")


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who a text says has said a quotation.

    Attributes:
        name: As printed.
        role: Words beside the name that say who that is ("mayor of Springfield"), if any.
        span: Where the name stands in the clean text.
    """

    name: str
    role: str | None
    span: Span


def end_with_mark(text: str, quotation: Quotation) -> int:
    """Where the closing mark of a quotation ends."""
    closing = CLOSING.match(text, quotation.span.end) if quotation.closed else None
    return closing.end() if closing else quotation.span.end
