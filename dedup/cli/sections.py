"""Which part of one article comes with which part of another, one on a line."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Console

from dedup.cli.excerpts import excerpt
from dedup.cli.screen import share
from dedup.cli.verdicts import table
from dedup.model import Article, Section

MOST_LISTED = 12
"""Sections listed at most; a long essay from many places may have more."""

EXCERPT = 26
"""Code points of the beginning of a section that are shown of either text."""


def print_sections(
    console: Console, query: Article, candidate: Article, sections: Sequence[Section]
) -> None:
    """Print where each section begins in either text, its words, and how many are the same.

    Args:
        console: Where to.
        query: The article that the sections are told of.
        candidate: The other one.
        sections: What they share.
    """
    if not sections:
        return
    rows = table("section of A", "in B", "words", "word for word")
    for section in sections[:MOST_LISTED]:
        rows.add_row(
            excerpt(query, section.query, EXCERPT),
            excerpt(candidate, section.candidate, EXCERPT),
            str(section.words),
            share(section.verbatim),
        )
    console.print(rows)
    unlisted = len(sections) - MOST_LISTED
    if unlisted > 0:
        console.print(f"… and {unlisted} more.")
    console.print()
