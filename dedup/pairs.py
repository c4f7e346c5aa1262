"""Pair records: a match as the index keeps it.

Positions, numbers, times and reasons are kept, and no word of the other text; the other
article is kept by its number and id, and its metadata are read when they are shown. So there
is nothing to take out of the records of others when an article is deleted or expires: its id
is left, how the texts compared, and the times by which they are in order.
"""

from __future__ import annotations

import json
from dataclasses import astuple, dataclass
from datetime import datetime
from typing import Any, Final

from dedup.model import ArticleRef, Match, Passage, QuoteCounts, Scores, Span

REMOVED: Final = "the other article has been removed since"
EXPIRED: Final = "the other article has expired since"
"""Said in place of a direction's reason, which may tell the dates of both."""


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
            "direction_confidence": match.direction_confidence,
            "since": None if match.since is None else match.since.isoformat(),
            "arrived": None if match.arrived is None else match.arrived.isoformat(),
            "expires": None if match.expires is None else match.expires.isoformat(),
            "scores": match.scores,
            "scores_unquoted": match.scores_unquoted,
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
        direction_reason=REMOVED if other is None else fields["direction_reason"],
        direction_confidence=fields.get("direction_confidence"),  # Format 1 knew none.
        since=_time(fields["since"]),
        arrived=_time(fields["arrived"]),
        expires=_time(fields.get("expires")),  # Format 1 knew none.
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


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


@dataclass(frozen=True, slots=True)
class State:
    """The answer last settled on for a stored article, by which a change is noticed.

    Attributes:
        complete: The article has been linked with all that were near when it was stored.
        boilerplate: Where boilerplate was seen then, in the text as submitted.
    """

    verdict: str
    kind: str
    source: str | None
    revision: int
    complete: bool
    boilerplate: tuple[Span, ...] = ()

    def same_answer(self, other: State) -> bool:
        """Whether verdict, kind and source are the same."""
        return (self.verdict, self.kind, self.source) == (other.verdict, other.kind, other.source)

    def encode(self) -> bytes:
        """As compact UTF-8 JSON."""
        return json.dumps(astuple(self), ensure_ascii=False, separators=(",", ":")).encode()

    @classmethod
    def decode(cls, record: bytes) -> State:
        """The state of a record; format 1 knew no boilerplate."""
        verdict, kind, source, revision, complete, *seen = json.loads(record)
        boilerplate = tuple(Span(*span) for spans in seen for span in spans)
        return cls(verdict, kind, source, revision, complete, boilerplate)
