"""The stage that compares: pairs of articles to what they are to each other, from both sides.

Pairs come with all those of one query in a row, and with queries whose candidates are the same
near each other, so that an article is made ready for comparison once, and not once a pair.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter, itemgetter
from typing import Final

import pyarrow as pa

from dedup.batch.articles import Known, Library
from dedup.batch.faults import OF_THE_MACHINE, reason_of
from dedup.batch.nested import record_batch
from dedup.batch.schema import RELATED, SCORES, file_and_row
from dedup.batch.sources import Reject
from dedup.boilerplate import Blocks
from dedup.compare import Profile, Sketch, profile
from dedup.config import Limits
from dedup.judge import Beside, seen
from dedup.model import Article, Language, Match, Span

MOST_OF_ALL: Final = 0.25
"""Largest part of the memory for articles that one may take; a longer one is not kept."""

_scores: Final = attrgetter(*(field.name for field in SCORES))
"""The values of scores, in the order of their fields in tables."""

_both_numbers: Final = itemgetter(*map(RELATED.get_field_index, ("number", "other_number")))
"""The two articles of a row of ``schema.RELATED``."""

NO_BLOCKS: Final[Mapping[int, tuple[Span, ...]]] = {}


class Readings:
    """Articles ready for comparison, without their boilerplate; those asked for last are kept.

    Args:
        library: Gives the articles.
        characters: Of the texts that are kept ready, at most.
        boilerplate: Where it stands in articles that have any, as submitted.
    """

    def __init__(
        self,
        library: Library,
        characters: int,
        boilerplate: Mapping[int, tuple[Span, ...]] = NO_BLOCKS,
    ) -> None:
        self._library = library
        self._boilerplate = boilerplate
        self._most = characters
        self._characters = 0
        self._kept: OrderedDict[int, Reading] = OrderedDict()

    def __getitem__(self, number: int) -> Reading:
        """An article."""
        kept = self._kept.get(number)
        if kept is not None:
            self._kept.move_to_end(number)
            return kept
        made = Reading(self._library[number], self._boilerplate.get(number, ()))
        size = len(made.article.text)
        if size <= self._most * MOST_OF_ALL:
            self._kept[number] = made
            self._characters += size
            while self._characters > self._most:
                _, oldest = self._kept.popitem(last=False)
                self._characters -= len(oldest.article.text)
        return made


class Reading:
    """One article, read no further than it is asked for, and that once.

    Args:
        known: The article.
        boilerplate: Where it stands, as submitted.
    """

    def __init__(self, known: Known, boilerplate: tuple[Span, ...]) -> None:
        self.known = known
        self._boilerplate = boilerplate
        self._profile: Profile | None = None

    @property
    def article(self) -> Article:
        """As submitted."""
        return self.known.article

    @property
    def language(self) -> Language:
        """Of its text."""
        return self.known.language

    def sketch(self) -> Sketch:
        """Ready to be ruled out. Few are, of those that a join proposes: so it is read at once."""
        return self.read().sketch

    def read(self) -> Profile:
        """Ready for comparison."""
        if self._profile is None:
            whole = profile(self.known.document())
            self._profile = Blocks.at(whole, self._boilerplate).strip(whole)
        return self._profile


@dataclass(frozen=True, slots=True)
class Seen:
    """What one article of a pair is to the other.

    Attributes:
        known: The article.
        other: The other one's number.
        match: The pair, seen from the article.
    """

    known: Known
    other: int
    match: Match


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A pair that a fault of ours was met at.

    Attributes:
        query: The one article.
        candidate: The other one.
        reason: Which fault.
    """

    query: Known
    candidate: Known
    reason: str

    def as_reject(self, files: Sequence[str]) -> Reject:
        """The pair, told at the place of the later one of its articles that stand in the inputs.

        Args:
            files: Paths of the inputs.
        """
        one, other = sorted((self.query, self.candidate), key=lambda known: -known.number)
        file, row = file_and_row(one.number)
        reason = f"not compared with {other.article.id!r}: {self.reason}"
        return Reject(files[file], row, reason, kept=True)


def compare_pairs(
    pairs: pa.RecordBatch,
    readings: Readings,
    limits: Limits,
    left_out: list[LeftOut] | None = None,
) -> pa.RecordBatch:
    """Compare and judge pairs.

    Args:
        pairs: Rows of ``schema.PAIRS``; those of one query in a row.
        readings: Gives the articles.
        limits: What cannot be judged.
        left_out: Gets the pairs that a fault of ours is met at; without, it is raised.

    Returns:
        Rows of ``schema.RELATED``, two for each pair that is related, in order of number, then
        of the other's.
    """
    found = [
        _fields(one)
        for query, candidates in _by_query(pairs)
        for one in _related(query, candidates, readings, limits, left_out)
    ]
    found.sort(key=_both_numbers)
    return record_batch(RELATED, found)


def _by_query(pairs: pa.RecordBatch) -> Iterator[tuple[int, list[int]]]:
    both = zip(
        pairs.column("query").to_pylist(), pairs.column("candidate").to_pylist(), strict=True
    )
    for query, group in groupby(both, key=itemgetter(0)):
        yield query, [candidate for _, candidate in group]


def _related(
    query: int,
    candidates: Sequence[int],
    readings: Readings,
    limits: Limits,
    left_out: list[LeftOut] | None,
) -> Iterator[Seen]:
    """Both sides of those pairs of a query that are related."""
    one = readings[query]
    beside: Beside | None = None
    for candidate in candidates:
        other = readings[candidate]
        try:
            # Either is read without its own boilerplate: there is nothing left to take out of both.
            beside = beside or Beside(one.read(), lambda other: other, limits)
            related = beside.judge(other)
        except OF_THE_MACHINE:
            raise
        except Exception as error:
            if left_out is None:
                raise
            left_out.append(LeftOut(one.known, other.known, reason_of(error)))
            continue
        if related is not None:
            comparison, judged = related
            sides = one.known.side, other.known.side
            yield Seen(one.known, candidate, seen(comparison, judged, *sides))
            yield Seen(other.known, query, seen(comparison.mirrored, judged, *reversed(sides)))
            comparison.part()


def _fields(one: Seen) -> tuple[object, ...]:
    """A match as a row of ``schema.RELATED``."""
    match = one.match
    return (
        one.known.number,
        one.known.article.id,
        one.other,
        match.other.id,
        match.relation,
        match.kind,
        match.confidence,
        match.direction,
        match.direction_reason,
        match.direction_confidence,
        _scores(match.scores),
        _scores(match.scores_unquoted),
        (match.quotes.total, match.quotes.shared, match.quotes.reworded),
        [
            (*passage.query, *passage.candidate, passage.type, passage.quotation)
            for passage in match.passages
        ],
        match.reasons,
        match.since,
        match.arrived,
    )
