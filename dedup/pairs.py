"""Pair records: a match as the index keeps it, with no word of either text.

Positions, numbers and reasons are kept; the other article is kept by its number and id,
and its metadata are read when they are shown. So a deleted article leaves its id behind
in the verdicts that named it, and nothing more.
"""

from __future__ import annotations

import json
from dataclasses import astuple, dataclass
from typing import Any

from dedup.model import ArticleRef, Match, Passage, QuoteCounts, Scores, Span


def encode(match: Match) -> bytes:
    """A match as compact UTF-8 JSON; equal matches give equal bytes."""
    return json.dumps(
        {
            "id": match.other.id,
            "relation": match.relation,
            "kind": match.kind,
            "confidence": match.confidence,
            "direction": match.direction,
            "direction_reason": match.direction_reason,
            "scores": astuple(match.scores),
            "scores_unquoted": astuple(match.scores_unquoted),
            "quotes": astuple(match.quotes),
            "passages": [
                (*passage.query, *passage.candidate, passage.type, passage.quotation)
                for passage in match.passages
            ],
            "reasons": match.reasons,
        },
        ensure_ascii=False,
        separators=(",", ":"),
    ).encode()


def decode(record: bytes, other: ArticleRef | None) -> Match:
    """The match of a record.

    Args:
        record: What ``encode`` gave.
        other: The other article as it is now; None if it has been removed.
    """
    fields: dict[str, Any] = json.loads(record)
    return Match(
        other=ArticleRef(fields["id"]) if other is None else other,
        relation=fields["relation"],
        kind=fields["kind"],
        confidence=fields["confidence"],
        direction=fields["direction"],
        direction_reason=fields["direction_reason"],
        scores=Scores(*fields["scores"]),
        scores_unquoted=Scores(*fields["scores_unquoted"]),
        quotes=QuoteCounts(*fields["quotes"]),
        passages=tuple(
            Passage(Span(a, b), Span(c, d), kind, quotation)
            for a, b, c, d, kind, quotation in fields["passages"]
        ),
        reasons=tuple(fields["reasons"]),
        removed=other is None,
    )


@dataclass(frozen=True, slots=True)
class State:
    """The answer last settled on for a stored article, by which a change is noticed."""

    verdict: str
    kind: str
    source: str | None
    revision: int

    def encode(self) -> bytes:
        """As compact UTF-8 JSON."""
        return json.dumps(astuple(self), ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def decode(cls, record: bytes) -> State:
        """The state of a record."""
        return cls(*json.loads(record))
