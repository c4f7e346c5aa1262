"""The stage that decides: an article and its matches to a verdict.

What is listed of a large family is bounded, as in an index (``dedup.families``): of what was
taken from an article the first ``max_followers`` in order of the input, of all else the
``max_compared`` that its verdict needs most.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, starmap
from operator import itemgetter
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dedup.batch.articles import Shelf
from dedup.batch.nested import record_batch, records_of
from dedup.batch.rounding import rounded_column
from dedup.batch.schema import KIN, MATCHES, VERDICTS
from dedup.config import Limits
from dedup.document import Document
from dedup.judge import SECOND_HAND, Part, decide, may_be_composite, parts, telling
from dedup.model import ArticleRef, Match, Passage, QuoteCounts, Scores, Span, Verdict
from dedup.report import rounded

NO_SOURCE: Final = int(np.iinfo(np.int64).min)
"""Stands for the number of a source where there is none."""


@dataclass(frozen=True, slots=True)
class Decided:
    """What is said of some articles.

    Attributes:
        verdicts: Rows of ``schema.VERDICTS``, one per article, in order of number; origins,
            clusters and what is known are still to be told.
        matches: Rows of ``schema.MATCHES``, in order of number; of one article nearest first.
        kin: Rows of ``schema.KIN``, in order of number: of those that belong to a family.
    """

    verdicts: pa.RecordBatch
    matches: pa.RecordBatch
    kin: pa.RecordBatch


@dataclass(frozen=True, slots=True)
class _Answer:
    """What is said of one article.

    Attributes:
        places: Of its matches among the related pairs, nearest first.
        source: Number of the source.
        kin: What it is to its family; None if it has none.
        complete: No more articles are known to be related.
    """

    verdict: Verdict
    places: tuple[int, ...] = ()
    source: int | None = None
    kin: Match | None = None
    complete: bool = True


def decide_articles(shelf: Shelf, related: pa.RecordBatch, limits: Limits) -> Decided:
    """Say of every article where it has its text from.

    Args:
        shelf: The articles.
        related: Rows of ``schema.RELATED``: all that is known of these articles, in order of
            number, then of the other's.
        limits: What cannot be judged, and how much is listed.
    """
    matched = {
        number: [place for place, _ in group]
        for number, group in groupby(
            enumerate(related.column("number").to_pylist()), key=itemgetter(1)
        )
    }
    pairs = _Pairs(related)
    answers = [
        _answer(shelf, place, pairs, matched.get(number, ()), limits)
        for place, number in enumerate(shelf.numbers.tolist())
    ]
    return Decided(_verdicts(shelf, answers), _matches(related, answers), _kin(shelf, answers))


class _Pairs:
    """Related pairs as matches, without their passages, which few verdicts look at.

    Args:
        related: Rows of ``schema.RELATED``.
    """

    def __init__(self, related: pa.RecordBatch) -> None:
        self._passages = related.column("passages")
        self._matches = matches_of(related)

    def match(self, row: int) -> Match:
        """The match of a row."""
        return self._matches[row]

    def with_passages(self, row: int) -> Match:
        """The same, complete."""
        passages = tuple(map(passage_of, records_of(self._passages.slice(row, 1).flatten())))
        return replace(self._matches[row], passages=passages)


def _answer(
    shelf: Shelf, place: int, pairs: _Pairs, rows: Sequence[int], limits: Limits
) -> _Answer:
    n_words = shelf.prose(place)
    if not rows:
        verdict, _ = decide(n_words, (), limits)
        return _Answer(verdict)
    listed = _listed({row: pairs.match(row) for row in rows}, limits)
    row_of = {match.other.id: row for row, match in listed.items()}
    found = list(listed.values())
    given: Sequence[Part] = ()
    if may_be_composite(found):
        query = _Prose.of(shelf.at(place).document())
        given = parts(query, [pairs.with_passages(row) for row in listed])
    verdict, ordered = decide(n_words, found, limits, given)
    second_hand = sum(match.relation in SECOND_HAND for match in ordered)
    return _Answer(
        verdict=verdict,
        places=tuple(row_of[match.other.id] for match in ordered),
        source=listed[row_of[verdict.source.id]].place if verdict.source else None,
        kin=_closest(verdict, ordered),
        complete=len(listed) == len(rows) and second_hand < limits.enough_second_hand,
    )


@dataclass(frozen=True, slots=True)
class _Prose:
    """The words of an article that are compared: as much of its profile as tells where they stand.

    Attributes:
        document: The article.
        starts: int32, shape (n_words,): where each begins in the clean text.
    """

    document: Document
    starts: NDArray[np.int32]

    @classmethod
    def of(cls, document: Document) -> _Prose:
        return cls(document, document.tokens.starts[document.in_prose])

    @property
    def n_words(self) -> int:
        return len(self.starts)

    def words_at(self, submitted: Span) -> Span:
        clean = self.document.clean.located(submitted)
        return Span(*self.starts.searchsorted(clean).tolist())


def _listed(matches: dict[int, Match], limits: Limits) -> dict[int, Match]:
    """The matches that are listed, by their rows; both in order of the other's number."""
    followers = [row for row, match in matches.items() if match.direction == "copied_by"]
    others = [row for row, match in matches.items() if match.direction != "copied_by"]
    if len(others) > limits.max_compared:
        kept = telling([matches[row] for row in others], limits.max_compared)
        names = {match.other.id for match in kept}
        others = [row for row in others if matches[row].other.id in names]
    return {row: matches[row] for row in (*followers[: limits.max_followers], *others)}


def _closest(verdict: Verdict, ordered: Sequence[Match]) -> Match | None:
    """The match that ties an article to its family: with its source, if that is a member."""
    tied = [match for match in ordered if match.relation in SECOND_HAND]
    source = verdict.source.id if verdict.source else None
    for match in tied:
        if match.other.id == source:
            return match
    taken = (match for match in tied if match.direction == "copied_from")
    return next(taken, tied[0] if tied else None)


def matches_of(rows: pa.RecordBatch) -> list[Match]:
    """The matches that rows of ``schema.MATCHES`` or ``schema.RELATED`` tell, without passages."""

    def values(name: str) -> list[Any]:
        told: list[Any] = rows.column(name).to_pylist()
        return told

    def records(name: str) -> Iterator[tuple[Any, ...]]:
        return records_of(rows.column(name))

    nobody_says = [None] * len(rows)
    told: dict[str, Iterable[Any]] = {
        "other": map(ArticleRef, values("other")),
        "relation": values("relation"),
        "kind": values("kind"),
        "confidence": values("confidence"),
        "direction": values("direction"),
        "direction_reason": values("direction_reason"),
        "direction_confidence": values("direction_confidence"),
        "since": values("since") if "since" in rows.schema.names else nobody_says,
        "arrived": values("arrived") if "arrived" in rows.schema.names else nobody_says,
        "place": values("other_number"),
        "scores": starmap(Scores, records("scores")),
        "scores_unquoted": starmap(Scores, records("scores_without_quotations")),
        "quotes": starmap(QuoteCounts, records("quotes")),
        "passages": [()] * len(rows),
        "reasons": map(tuple, values("reasons")),
    }
    names = tuple(told)
    every = zip(*told.values(), strict=True)
    return [Match(**dict(zip(names, fields, strict=True))) for fields in every]


def passage_of(record: Iterable[Any]) -> Passage:
    """The passage that a record of ``schema.PASSAGE`` tells, by the values of its fields."""
    query_start, query_end, candidate_start, candidate_end, kind, quotation = record
    return Passage(
        query=Span(query_start, query_end),
        candidate=Span(candidate_start, candidate_end),
        type=kind,
        quotation=quotation,
    )


def _verdicts(shelf: Shelf, answers: Sequence[_Answer]) -> pa.RecordBatch:
    rows = [
        (
            number,
            name,
            answer.verdict.verdict,
            answer.verdict.kind,
            rounded(answer.verdict.confidence),
            answer.verdict.likely,
            answer.verdict.source.id if answer.verdict.source else None,
            answer.source,
            None,
            None,
            None,
            False,
            len(answer.places),
            answer.complete,
            answer.verdict.reasons,
            (),
        )
        for number, name, answer in zip(shelf.numbers.tolist(), shelf.ids(), answers, strict=True)
    ]
    verdicts = record_batch(VERDICTS, rows)
    place = VERDICTS.get_field_index("credits")
    return verdicts.set_column(place, VERDICTS.field(place), shelf.column("credits"))


def _kin(shelf: Shelf, answers: Sequence[_Answer]) -> pa.RecordBatch:
    rows = [
        (number, name, language, kin.relation, kin.kind, *_source(kin), kin.direction_reason)
        for number, name, language, kin in zip(
            shelf.numbers.tolist(),
            shelf.ids(),
            shelf.column("language").to_pylist(),
            (answer.kin for answer in answers),
            strict=True,
        )
        if kin is not None
    ]
    return record_batch(KIN, rows)


def kin_of_known(shelf: Shelf, members: NDArray[np.int64]) -> pa.RecordBatch:
    """Those of a shelf that belong to a family, though nothing is decided of them.

    Args:
        shelf: Known articles.
        members: int64, ascending: numbers of all that belong to a family.

    Returns:
        Rows of ``schema.KIN``, in order of number.
    """
    places = np.flatnonzero(np.isin(shelf.numbers, members))
    own = {
        "number": pa.array(shelf.numbers),
        "id": pa.array(shelf.ids(), pa.string()),
        "language": shelf.column("language"),
    }
    columns = [
        own[field.name].take(pa.array(places))
        if field.name in own
        else pa.nulls(len(places), field.type)
        for field in KIN
    ]
    return pa.record_batch(columns, schema=KIN)


def _source(match: Match) -> tuple[str | None, int | None]:
    """Id and number of the other article, if this one was taken from it."""
    return (match.other.id, match.place) if match.direction == "copied_from" else (None, None)


def _matches(related: pa.RecordBatch, answers: Sequence[_Answer]) -> pa.RecordBatch:
    """The listed rows, in their order, with numbers rounded as they are shown."""
    order = pa.array([row for answer in answers for row in answer.places], pa.int64())
    chosen = related.take(order).select(MATCHES.names)
    columns = [_shown(column) for column in chosen.columns]
    return pa.record_batch(columns, schema=MATCHES)


def _shown(column: pa.Array) -> pa.Array:
    if pa.types.is_floating(column.type):
        return rounded_column(column)
    if pa.types.is_struct(column.type):
        fields = [column.type.field(place) for place in range(column.type.num_fields)]
        return pa.StructArray.from_arrays(
            [_shown(child) for child in column.flatten()], fields=fields
        )
    return column


def sources_of(verdicts: pa.RecordBatch) -> NDArray[np.int64]:
    """Numbers of the articles that copies and re-translations were taken from, or ``NO_SOURCE``.

    int64, shape (n_verdicts,).
    """
    second_hand = pc.is_in(verdicts.column("verdict"), pa.array(SECOND_HAND))
    sources = pc.if_else(second_hand, verdicts.column("source_number"), NO_SOURCE)
    return np.asarray(pc.fill_null(sources, NO_SOURCE))
