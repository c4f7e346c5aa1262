"""Whom a text names as the source of its words, from what the rules found."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from dedup.model import Credit, Finding

_NAMED_IN: Final = ("agencies", "outlet", "source")
"""Where a finding's ``data`` holds names. Of agencies there may be several, with commas."""


def find_credits(findings: Iterable[Finding]) -> tuple[Credit, ...]:
    """Everybody whom a text credits for its words, each once, in the order of the text.

    Pictures are credited otherwise (``photo_credit``). Who is credited for all of the text is
    not named again for a part of it.

    Args:
        findings: What the artifact rules saw, in text order.
    """
    found = [credit for finding in findings for credit in _of(finding)]
    found.sort(key=lambda credit: credit.gives)  # "all" before "part"; else in text order
    first: dict[str, Credit] = {}
    for credit in found:
        first.setdefault(credit.name, credit)
    return tuple(sorted(first.values(), key=lambda credit: credit.span))


def _of(finding: Finding) -> Iterator[Credit]:
    gives = finding.data.get("gives")
    if gives is None:
        return
    for key in _NAMED_IN:
        named = finding.data.get(key)
        if named:
            for name in named.split(", ") if key == "agencies" else (named,):
                yield Credit(
                    name, "part" if gives == "part" else "all", finding.span, finding.excerpt
                )
