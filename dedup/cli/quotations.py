"""What became of an article's quotations, one on a line."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from dedup.cli.excerpts import excerpt
from dedup.cli.screen import share, visible
from dedup.cli.verdicts import table
from dedup.model import Article, QuotationMatch, QuoteStatus

MOST_LISTED = 12
"""Quotations listed at most; an interview has a hundred."""

EXCERPT = 36
"""Code points of a quotation that are shown."""

LABELS: dict[QuoteStatus, str] = {
    "kept": "word for word",
    "reworded": "reworded",
    "absent": "not in B",
}


def print_quotations(
    console: Console, article: Article, quotations: Sequence[QuotationMatch]
) -> None:
    """Print each quotation with what became of it, how much is the same, and who said it.

    Args:
        console: Where to.
        article: As submitted.
        quotations: Its own.
    """
    if not quotations:
        return
    rows = table("quotation in A", "in B", "words kept", "said by")
    for quotation in quotations[:MOST_LISTED]:
        kept = share(quotation.identity) if quotation.candidate else ""
        speaker = visible(quotation.speaker or "")
        beginning = excerpt(article, quotation.query, EXCERPT)
        rows.add_row(beginning, LABELS[quotation.status], kept, speaker)
    console.print(rows)
    unlisted = len(quotations) - MOST_LISTED
    if unlisted > 0:
        console.print(f"… and {unlisted} more.")
