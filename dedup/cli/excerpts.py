"""The beginnings of parts of an article, for tables."""

from __future__ import annotations

from dataclasses import replace

from dedup.cli.screen import visible
from dedup.model import Article, Span
from dedup.normalize import read


def excerpt(article: Article, span: Span, most: int) -> str:
    """The beginning of a part of an article, on one line; of a page, as a reader sees it.

    Args:
        article: As submitted.
        span: In its text.
        most: Code points that are shown.
    """
    part = replace(article, text=article.text[slice(*span)])
    words = visible(" ".join(read(part).text.split()))
    return words if len(words) <= most else f"{words[:most]}…"
