"""The verdict on one article, from its matches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final, Literal

from dedup.config import Limits
from dedup.judge.composite import Part
from dedup.judge.reasons import count, percent
from dedup.model import Match, Report, Verdict

NEAR: Final = 0.9
"""Share of the best match's kept words from which another match may be the source just as
well; the earliest of these is named. In a chain of copies each resembles all before it."""

LIKELY_BELOW: Final = 0.9
"""Confidence below which a verdict is only likely, and says so: of such answers one in ten or
more is wrong."""

SECOND_HAND: Final[tuple[Literal["copy", "retranslation"], ...]] = ("copy", "retranslation")
"""Relations that make a verdict of their own name, the stronger one first."""

DOES: Final = {
    "copy": "is a copy of",
    "retranslation": "is a re-translation of",
    "derived": "shares passages with",
}
"""What an article that was taken from another is said to do, before the other's name."""

FOLLOWERS_NAMED: Final = 3
"""Followers that the reason of a first article names; of a hundred nobody reads them all."""

_LATEST: Final = datetime.max.replace(tzinfo=UTC)


def decide(
    n_words: int, matches: Sequence[Match], limits: Limits, parts: Sequence[Part] = ()
) -> tuple[Verdict, tuple[Match, ...]]:
    """The verdict, and the matches, nearest first.

    A function of the matches alone: in whatever order they were found, the answer is the
    same.

    Args:
        n_words: Of the prose.
        matches: Related articles.
        limits: What cannot be judged.
        parts: Of the matches, those that the article was put together from
            (``dedup.judge.composite``).
    """
    ordered = tuple(sorted(matches, key=_nearness))
    if n_words < limits.min_words:
        return _undetermined(n_words, limits), ordered
    if parts:
        return _composite(parts), ordered
    taken = [match for match in ordered if match.direction != "copied_by"]
    for name in SECOND_HAND:
        sources = [match for match in taken if match.relation == name]
        if sources:
            return _second_hand(name, _earliest(sources)), ordered
    return _independent(ordered, taken), ordered


def telling(matches: Sequence[Match], most: int) -> tuple[Match, ...]:
    """The matches that an answer needs most: all that could name its source, then the nearest.

    A further match can only name the source if it is known for longer than all nearer ones,
    now or when nearer ones are found. So ``decide`` says the same of these as of all.

    Args:
        matches: Related articles.
        most: Matches kept at most.
    """
    earliest: dict[tuple[str, str], tuple[datetime, datetime, int]] = {}
    first, rest = [], []
    for match in sorted(matches, key=_nearness):
        alike, age = (match.relation, match.direction), _age(match)[:3]
        if alike not in earliest or age < earliest[alike]:
            earliest[alike] = age
            first.append(match)
        else:
            rest.append(match)
    return (*first, *rest)[:most]


def going_back(report: Report, origin: Match) -> Report:
    """The answer, with the article that its source was taken from in turn.

    Args:
        report: One that names a source.
        origin: The match with that article, from which this one was taken too.
    """
    verdict = report.verdict
    reasons = (*verdict.reasons, goes_back(verdict.source.id if verdict.source else "", origin))
    return replace(report, verdict=replace(verdict, reasons=reasons), origin=origin.other)


def goes_back(source: str, origin: Match) -> str:
    """The reason for an origin.

    Args:
        source: Id of the article's source.
        origin: As in ``going_back``.
    """
    return (
        f"{source} goes back to {origin.other.id}, and so does this article, which "
        f"{DOES[origin.relation]} {origin.other.id}: {origin.direction_reason}."
    )


def is_likely(confidence: float | None) -> bool:
    """Whether an answer of this confidence is only likely; not where nothing was weighed."""
    return confidence is not None and confidence < LIKELY_BELOW


def kept(match: Match) -> float:
    """Share of the article's words that stand in the other one, in order: in [0, 1]."""
    return match.scores.aligned * match.scores.identity


_RANK: Final = {"copy": 0, "retranslation": 1, "derived": 2, "same_story": 3, "unrelated": 4}


def _nearness(match: Match) -> tuple[int, float, str]:
    return (_RANK[match.relation], -kept(match), match.other.id)


def _earliest(sources: Sequence[Match]) -> Match:
    """The source to name: of those nearly as near as the nearest, the earliest one.

    By its date, or its arrival if that was earlier; of the same day, by arrival, or by its
    place in an archive.
    """
    least = NEAR * max(kept(match) for match in sources)
    near = [match for match in sources if kept(match) >= least]
    return min(near, key=_age)


def _age(match: Match) -> tuple[datetime, datetime, int, tuple[int, float, str]]:
    return (
        match.since or _LATEST,
        match.arrived or _LATEST,
        match.place or 0,
        _nearness(match),
    )


def _second_hand(name: Literal["copy", "retranslation"], match: Match) -> Verdict:
    return Verdict(
        verdict=name,
        kind=match.kind or "",
        confidence=match.confidence,
        source=match.other,
        reasons=(
            f"It {_does(match)} {match.other.id}: {match.direction_reason}.",
            *match.reasons,
        ),
        likely=is_likely(match.confidence),
    )


def _composite(parts: Sequence[Part]) -> Verdict:
    """No confidence: nothing labelled says how often such an article is one."""
    largest = parts[0].match
    others = [f"{percent(part.share)} in {part.match.other.id}" for part in parts[1:]]
    return Verdict(
        verdict="copy",
        kind="composite",
        confidence=None,
        source=largest.other,
        reasons=(
            (
                f"It is put together from {count(len(parts), 'article')}: "
                f"{percent(parts[0].share)} of its words stand in {largest.other.id}, "
                f"{', '.join(others)}. "
                f"Of the largest part: {largest.direction_reason}."
            ),
            *largest.reasons,
        ),
    )


def _independent(ordered: Sequence[Match], taken: Sequence[Match]) -> Verdict:
    derived = [match for match in taken if match.relation == "derived"]
    if derived:
        sources = [match for match in derived if match.direction == "copied_from"]
        source = _earliest(sources) if sources else None
        best = source or derived[0]
        return Verdict(
            verdict="independent",
            kind="derived",
            confidence=best.confidence,
            source=source.other if source else None,
            reasons=(_derived_reason(best), *best.reasons),
            likely=is_likely(best.confidence),
        )
    followers = [
        match
        for match in ordered
        if match.direction == "copied_by" and match.relation != "same_story"
    ]
    if followers:
        return Verdict(
            verdict="independent",
            kind="unmatched",
            confidence=None,
            source=None,
            reasons=(f"It is the first of its family: {_followers(followers)}.",),
        )
    if taken:
        best = taken[0]
        on = "likely on" if is_likely(best.confidence) else "on"
        return Verdict(
            verdict="independent",
            kind="same_story",
            confidence=best.confidence,
            source=None,
            reasons=(
                f"It is {on} the same story as {best.other.id}, in its own words.",
                *best.reasons,
            ),
            likely=is_likely(best.confidence),
        )
    return Verdict(
        verdict="independent",
        kind="unmatched",
        confidence=None,
        source=None,
        reasons=("No known article is near it.",),
    )


def _derived_reason(match: Match) -> str:
    within = "what is likely a" if is_likely(match.confidence) else "a"
    return (
        f"It shares passages with {match.other.id}, within {within} text of its own: "
        f"{match.direction_reason}."
    )


def _does(match: Match) -> str:
    """What the copy is said to do, with the doubt there is."""
    does = DOES[match.relation]
    return does.replace("is a ", "is likely a ") if is_likely(match.confidence) else does


def _followers(matches: Sequence[Match]) -> str:
    named = [_follower(match) for match in matches[:FOLLOWERS_NAMED]]
    unnamed = len(matches) - len(named)
    if unnamed:
        named.append(f"of {unnamed} more of the matches the same is true")
    return "; ".join(named)


def _follower(match: Match) -> str:
    return f"{match.other.id} {_does(match)} it, since {match.direction_reason}"


def _undetermined(n_words: int, limits: Limits) -> Verdict:
    if not n_words:
        kind, reason = "no_text", "There is no text to judge."
    else:
        kind = "too_short"
        reason = (
            f"It has {count(n_words, 'word')} of prose; at least {limits.min_words} are needed to tell a "
            "shared sentence from a shared article."
        )
    return Verdict("undetermined", kind, confidence=None, source=None, reasons=(reason,))
