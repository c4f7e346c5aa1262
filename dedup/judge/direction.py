"""Which of two related articles has it from the other, and how we know.

The kinds of evidence are asked in the order of the table ``EVIDENCE``; the first that
says something decides. Each looks at what stands on one side and not on the other, so
that the answer about either article agrees with the answer about the other.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final

from dedup.document import Document
from dedup.model import Article, Direction, Finding, Relation


@dataclass(frozen=True, slots=True, order=True)
class Side:
    """When an article reached the index; the earlier side is the smaller one.

    Attributes:
        received: UTC.
        number: Decides between two of the same moment.
    """

    received: datetime
    number: int


Evidence = Callable[[Document, Document], tuple[Direction, str] | None]


def direction(
    query: Document,
    candidate: Document,
    relation: Relation,
    query_side: Side | None,
    candidate_side: Side | None,
) -> tuple[Direction, str]:
    """Whether the query was taken from the candidate, or the other way round, and why.

    Args:
        query: The article asked about.
        candidate: The other one.
        relation: What the two are to each other.
        query_side: When the query arrived; None if it is not stored.
        candidate_side: When the candidate arrived; None if it is not stored.
    """
    if relation in ("same_story", "unrelated"):
        return "unknown", "neither was taken from the other"
    for evidence in EVIDENCE:
        answer = evidence(query, candidate)
        if answer is not None:
            return answer
    if relation == "derived":
        # Two articles that share passages have them from a third as often as not.
        return "unknown", "nothing in either text or in their dates says which came first"
    return _arrival(query_side, candidate_side)


def debris(query: Document, candidate: Document) -> tuple[Direction, str] | None:
    """Strong debris on one side only: originals are not scraped or machine-translated."""
    return _one_sided(
        _strong(query.findings),
        _strong(candidate.findings),
        "only {article} article carries debris of machine processing ({what})",
    )


def named_source(query: Document, candidate: Document) -> tuple[Direction, str] | None:
    """One article says that it first appeared with the publisher of the other."""
    return _one_sided(
        _names_publisher(query.findings, candidate.article),
        _names_publisher(candidate.findings, query.article),
        "{article} article says that it comes from {what}",
    )


def dates(query: Document, candidate: Document) -> tuple[Direction, str] | None:
    """Dates of publication that differ; printed ones count by the day."""
    if query.article.published and candidate.article.published:
        ours, theirs = query.article.published, candidate.article.published
        if ours == theirs:
            return None
        says = f"this article is dated {_time(ours)}, the other one {_time(theirs)}"
        return ("copied_from" if ours > theirs else "copied_by"), says
    our_day, their_day = _day(query), _day(candidate)
    if our_day is None or their_day is None or our_day == their_day:
        return None
    says = f"this article is dated {our_day}, the other one {their_day}"
    return ("copied_from" if our_day > their_day else "copied_by"), says


def shared_credit(query: Document, candidate: Document) -> tuple[Direction, str] | None:
    """One article says that it was written with the help of agencies, the other does not."""
    return _one_sided(
        _helpers(query.findings),
        _helpers(candidate.findings),
        "only {article} article credits others for its text ({what})",
    )


def _one_sided(ours: str, theirs: str, says: str) -> tuple[Direction, str] | None:
    """What second-hand texts show, where one side shows it and the other does not."""
    if ours and not theirs:
        return "copied_from", says.format(article="this", what=ours)
    if theirs and not ours:
        return "copied_by", says.format(article="the other", what=theirs)
    return None


EVIDENCE: Final[tuple[Evidence, ...]] = (debris, named_source, dates, shared_credit)
"""Most reliable first."""


def _arrival(query: Side | None, candidate: Side | None) -> tuple[Direction, str]:
    """Who was here first: weak, since a crawler may meet the copy first, but never silent."""
    if query is None and candidate is None:
        return "unknown", "nothing in either text or in their dates says which came first"
    if query is None or (candidate is not None and candidate < query):
        return "copied_from", "the other article was known here first; nothing else tells"
    return "copied_by", "this article was known here first; nothing else tells"


def _strong(findings: tuple[Finding, ...]) -> str:
    """Names of the rules that found strong debris."""
    rules = sorted({finding.rule for finding in findings if finding.weight == "strong"})
    return ", ".join(rule.replace("_", " ") for rule in rules)


def _names_publisher(findings: tuple[Finding, ...], other: Article) -> str:
    """The outlet that a feed tail or a republication credit names, if it is the other's."""
    if not other.source:
        return ""
    publisher = other.source.strip().casefold()
    named = [finding.data.get("source") or finding.data.get("outlet") for finding in findings]
    return next((name for name in named if name and name.casefold() == publisher), "")


def _helpers(findings: tuple[Finding, ...]) -> str:
    """Agencies that the text says it was written with the help of."""
    helped = [f.data["agencies"] for f in findings if f.data.get("gives") == "part"]
    return ", ".join(dict.fromkeys(helped))


def _day(document: Document) -> date | None:
    """The day of publication: as declared, else as the text's head prints it."""
    if document.article.published:
        return document.article.published.astimezone(UTC).date()
    printed = [f.data["date"] for f in document.findings if f.rule == "dateline_date"]
    return date.fromisoformat(printed[0]) if printed else None


def _time(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")
