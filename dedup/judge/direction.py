"""Which of two related articles has it from the other, and how we know.

The kinds of evidence are asked in the order of a table; the first that says something
decides. Each looks at what stands on one side and not on the other, so that the answer
about either article agrees with the answer about the other.

A reason is kept with the article that it is said of, longer than the other one may be
kept. So it quotes no word of the other one: what is named stands in this article too.

For copies and re-translations the last word has time, and time is one order of all
articles: of a family of copies one is the first, whatever is known of the others.

A text that says that it revises an earlier version comes after those of its outlet that do not,
unless dates more than a day apart speak against it. That, too, is one order: of dated articles it
is as if those that say so were a day younger; of undated ones they come last. A family goes round
in a circle only where a crawler met the revision before the version that it revises, and between
the two, in time, an article of another outlet or, of articles that are not all dated, a dated one.

Between an original and its re-translation the texts speak before it (``translationese``): a
crawler may meet the re-translation first. They do not speak against dates that are further
apart than clocks and time zones account for. What they say of a pair is nearly a difference of
what could be said of either text alone, so of many versions they go round in circles only
where they say little; there time decides.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from dedup.artifacts import agency, find_credits
from dedup.compare import Comparison
from dedup.document import Document
from dedup.judge.translationese import reading
from dedup.judge.versions import one_revises, revises
from dedup.model import Article, Direction, Finding, Relation


@dataclass(frozen=True, slots=True, order=True)
class Side:
    """When an article reached the index, or where it stands in an archive.

    Attributes:
        received: UTC; None in an archive, whose articles have come all at once.
        number: Decides between two of the same moment; in an archive, those not told apart by
            their dates. Of two articles, the one with the smaller number was there first. In
            an archive, numbers below 0 are those of articles that were known before.
    """

    received: datetime | None
    number: int

    @property
    def is_in_archive(self) -> bool:
        """Whether it stands in an archive and has no time of arrival."""
        return self.received is None

    @property
    def was_known(self) -> bool:
        """Whether it was known before the archive that it is compared with."""
        return self.number < 0


_END: Final = datetime.max.replace(tzinfo=UTC)

LATEST: Final = Side(_END, 0)
"""The side of an article that is checked and not stored: after all that are."""


@dataclass(frozen=True, slots=True)
class Way:
    """Which of two articles has it from the other, and how we know.

    Attributes:
        direction: Seen from the query.
        reason: The evidence, a clause.
        confidence: Share of such pairs in which it is right, in [.5, 1]; None where that is not
            measured.
    """

    direction: Direction
    reason: str
    confidence: float | None = None


APART: Final = Way("unknown", "neither was taken from the other")

UNKNOWN: Final = "nothing in either text or in their dates says which came first"

SURE: Final = 0.8
"""Confidence from which the reading of two texts goes before the time of their arrival. At .8, .85
and .9 it says nothing of .05, .07 and .09 of the round trips by engines that it has not seen, and
is right about .986, .990 and .993 of the others (benchmarks/train_direction.py)."""

DAY: Final = timedelta(days=1)

MIDNIGHT: Final = time()

Evidence = Callable[[Document, Document], Way | None]


def direction(
    comparison: Comparison,
    relation: Relation,
    query_side: Side | None,
    candidate_side: Side | None,
) -> Way:
    """Whether the query was taken from the candidate, or the other way round, and why.

    Args:
        comparison: The two articles, seen from the one asked about.
        relation: What the two are to each other.
        query_side: When the query arrived; None if there is no index.
        candidate_side: When the candidate arrived; None if there is no index.
    """
    if relation in ("same_story", "unrelated"):
        return APART
    if relation == "undetermined":
        return Way("unknown", "there is too little text to tell")
    query, candidate = comparison.query.document, comparison.candidate.document
    for evidence in OF_TEXTS:
        answer = evidence(query, candidate)
        if answer is not None:
            return answer
    if relation == "derived":
        # Not by arrival: two articles that share passages have them from a third as often
        # as not.
        return dates(query, candidate) or shared_credit(query, candidate) or Way("unknown", UNKNOWN)
    if relation == "retranslation":
        of_texts = distant_dates(query, candidate) or translated(comparison)
    else:
        # Not where passages are shared: of 33 such pairs of newswire that were read, with one such
        # notice, a fifth at most are versions of one story. Nor of translations, which lose it.
        of_texts = later_version(query, candidate)
    return of_texts or _by_time(query, candidate, query_side, candidate_side)


def debris(query: Document, candidate: Document) -> Way | None:
    """Strong debris on one side only: originals are not scraped or machine-translated."""
    return _one_sided(
        _strong(query.findings),
        _strong(candidate.findings),
        "only {article} article carries debris of machine processing ({what})",
    )


def named_source(query: Document, candidate: Document) -> Way | None:
    """One article credits the publisher of the other: "By Reuters", "first appeared on …"."""
    named = _names_publisher(candidate.findings, query.article)
    return _one_sided(
        _names_publisher(query.findings, candidate.article),
        (query.article.source or "").strip() if named else "",
        "{article} article says that it comes from {what}",
    )


def later_version(query: Document, candidate: Document) -> Way | None:
    """One says that it revises an earlier version; the other does not, and may be that version."""
    if not one_revises(query, candidate) or distant_dates(query, candidate) is not None:
        return None
    says = "only {} article says of itself that it revises an earlier version"
    if revises(query):
        return Way("copied_from", says.format("this"))
    return Way("copied_by", says.format("the other"))


def dates(query: Document, candidate: Document) -> Way | None:
    """Both are dated, differently."""
    ours, theirs = _dated(query), _dated(candidate)
    if ours is None or theirs is None or ours == theirs:
        return None
    says = f"this article is dated {_date(query)}, the other one {_date(candidate)}"
    return Way("copied_from" if ours > theirs else "copied_by", says)


def distant_dates(query: Document, candidate: Document) -> Way | None:
    """Both are dated, more than a day apart: no mistake of a clock or a time zone."""
    ours, theirs = _dated(query), _dated(candidate)
    if ours is None or theirs is None or abs(ours - theirs) <= DAY:
        return None
    return dates(query, candidate)


def translated(comparison: Comparison) -> Way | None:
    """One of two texts reads like a translation of the other."""
    read = reading(comparison)
    if read is None or read.confidence < SURE:
        return None
    one, other = ("this", "the other") if read.of_query else ("the other", "this")
    return Way(
        "copied_from" if read.of_query else "copied_by",
        f"{one} article reads like a translation of {other} one: where they differ it has "
        f"{read.differences}; where one of two is the original, such a reading is right in "
        f"{100 * read.confidence:.0f} of 100 cases",
        read.confidence,
    )


def shared_credit(query: Document, candidate: Document) -> Way | None:
    """One article says that it was written with the help of agencies, the other does not."""
    ours, theirs = _helpers(query.findings), _helpers(candidate.findings)
    if ours and not theirs:
        return Way("copied_from", f"only this article credits others for its text ({ours})")
    if theirs and not ours:
        return Way("copied_by", "only the other article credits others for its text")
    return None


def _one_sided(ours: str, theirs: str, says: str) -> Way | None:
    """What second-hand texts show, where one side shows it and the other does not."""
    if ours and not theirs:
        return Way("copied_from", says.format(article="this", what=ours))
    if theirs and not ours:
        return Way("copied_by", says.format(article="the other", what=theirs))
    return None


OF_TEXTS: Final[tuple[Evidence, ...]] = (debris, named_source)
"""What the texts themselves say, most reliable first."""


def known_since(document: Document, side: Side | None) -> datetime | None:
    """The moment from which an article is known to have existed; None if nothing says.

    Its date, or its arrival if that was earlier. A date without a time counts from the end
    of its day: by then the article was there, whatever the hour.
    """
    dated = _dated(document)
    if side is None or side.received is None or side == LATEST:
        return dated
    return side.received if dated is None else min(dated, side.received)


def _by_time(
    query: Document, candidate: Document, query_side: Side | None, candidate_side: Side | None
) -> Way:
    """Who is known for longer: weak, since a crawler may meet the copy first, but total."""
    by_dates = dates(query, candidate)
    if query_side is None or candidate_side is None:
        return by_dates or Way("unknown", UNKNOWN)
    ours, theirs = _age(query, query_side), _age(candidate, candidate_side)
    way: Direction = "copied_from" if ours > theirs else "copied_by"
    if by_dates is not None and by_dates.direction == way:
        return by_dates
    first = "the other" if way == "copied_from" else "this"
    if not (query_side.is_in_archive and candidate_side.is_in_archive):
        return Way(way, f"{first} article is known for longer; nothing else tells")
    if ours[0] == theirs[0]:
        if query_side.was_known != candidate_side.was_known:
            return Way(way, f"{first} article was known before; nothing else tells")
        return Way(way, f"{first} article stands first in the input; nothing else tells")
    return Way(way, f"only {first} article is dated; nothing else tells")


def _age(document: Document, side: Side) -> tuple[datetime, datetime, int]:
    """Of two articles the one that has the lesser was there first."""
    return known_since(document, side) or _END, side.received or _END, side.number


def _strong(findings: tuple[Finding, ...]) -> str:
    """Names of the rules that found strong debris."""
    rules = sorted({finding.rule for finding in findings if finding.weight == "strong"})
    return ", ".join(rule.replace("_", " ") for rule in rules)


def _names_publisher(findings: tuple[Finding, ...], other: Article) -> str:
    """The agency or outlet that a text credits, if it is the other's publisher."""
    if not other.source:
        return ""
    publisher = agency(other.source) or other.source.strip()
    named = (credit.name for credit in find_credits(findings))
    return next((name for name in named if name.casefold() == publisher.casefold()), "")


def _helpers(findings: tuple[Finding, ...]) -> str:
    """Agencies that the text says it was written with the help of."""
    helped = [f.data["agencies"] for f in findings if f.data.get("gives") == "part"]
    return ", ".join(dict.fromkeys(helped))


def _dated(document: Document) -> datetime | None:
    """The moment by which it had appeared, as submitted, else as the text's head prints it."""
    published = document.article.published
    if published is None:
        printed = _printed(document)
        return None if printed is None else _midnight(printed) + DAY
    return published + DAY if _is_day(published) else published


def _is_day(published: datetime) -> bool:
    """Midnight to the microsecond in UTC is how a date without a time is submitted."""
    return published.astimezone(UTC).time() == MIDNIGHT


def _printed(document: Document) -> date | None:
    days = [f.data["date"] for f in document.findings if f.rule == "dateline_date"]
    return date.fromisoformat(days[0]) if days else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, MIDNIGHT, tzinfo=UTC)


def _date(document: Document) -> str:
    """The date as a reader would write it."""
    published = document.article.published
    if published is None or _is_day(published):
        return str(published.astimezone(UTC).date() if published else _printed(document))
    return published.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
