"""Lines and paragraphs: which line breaks mean something."""

from __future__ import annotations

from dedup.model import Span
from dedup.paragraphs.kernel import kernel
from dedup.paragraphs.wrapping import unwrap

__all__ = ["find_paragraphs", "unwrap"]


def find_paragraphs(text: str) -> tuple[Span, ...]:
    """Spans of the paragraphs, trimmed, in order; every non-space character is in one."""
    return kernel.paragraphs(Span, unwrap(text))
