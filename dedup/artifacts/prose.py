"""What of a text is furniture, and not its prose: its words are not compared.

Bylines, credits, captions, links, calls to the reader: two articles of one house have them in
common, and two prints of one article differ in them. Boilerplate (``dedup.boilerplate``) is
what very many articles are *seen* to share; furniture is known by its form, in the first
article already.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

import numpy as np

from dedup.artifacts.detect import RULES
from dedup.model import Finding, Span
from dedup.normalize import CleanText
from dedup.tokens import Tokens

MOST: Final = 0.5
"""Share of a text's words in captions and links from which these are what it consists of: a
gallery is its captions, a list of links its links, and copies of either are copies. Such texts
are rare: of 7,224 pages of news none has that much, two have a third."""


def find_furniture(
    clean: CleanText, tokens: Tokens, findings: Iterable[Finding]
) -> tuple[Span, ...]:
    """Where the furniture of a text stands.

    Args:
        clean: The text.
        tokens: Its words.
        findings: What the artifact rules saw in it.

    Returns:
        Spans of the clean text, in order; they may overlap.
    """
    always: list[Span] = []
    unless_most: list[Span] = []
    for finding in findings:
        kind = RULES[finding.rule].furniture
        if kind != "no":
            (always if kind == "yes" else unless_most).append(clean.located(finding.span))
    if unless_most and _words_in(unless_most, tokens) > MOST * len(tokens):
        return tuple(always)
    return tuple(sorted(always + unless_most))


def _words_in(spans: Sequence[Span], tokens: Tokens) -> int:
    """How many words begin in the spans, each counted once."""
    inside = np.zeros(len(tokens), dtype=bool)
    for begin, end in tokens.within(spans):
        inside[begin:end] = True
    return int(np.count_nonzero(inside))
