"""The articles that one is related to: which of its candidates are compared, and what those name.

A family of thousands of copies gives more candidates than can be compared, and comparing all
would tell nothing new. So once enough copies are found, a further candidate is left out if
it was itself taken from one of them, or from what one of them was taken from: it is another
member of their family. And where members name a source that is not among the candidates,
that is compared too: so through any of its members the first of a family is found, however
large the family is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from dedup.boilerplate import Blocks
from dedup.compare import Comparison, Profile, Sketch, compare
from dedup.config import Limits
from dedup.index.base import Index, Stored
from dedup.judge import (
    SECOND_HAND,
    Beside,
    Judged,
    Side,
    seen,
)
from dedup.lazy import lazy
from dedup.model import Article, Language, Match
from dedup.pairs import State
from dedup.profiles import Profiles

MOST_FOLLOWED: Final = 4
"""Articles compared at most because others name them as their source. One is usual, the first
of the family; more are named while a family is new or its first has been replaced. Each
costs two round trips and a comparison."""


@dataclass(frozen=True)
class Relative:
    """A stored article that the query is related to.

    Attributes:
        stored: The article.
        comparison: Of the query with it.
        judged: What they are to each other.
        side: When the query arrived.
    """

    stored: Stored
    comparison: Comparison
    judged: Judged
    side: Side

    @lazy
    def match(self) -> Match:
        """The pair, seen from the query."""
        return seen(self.comparison, self.judged, self.side, side(self.stored))

    @lazy
    def mirrored(self) -> Match:
        """The pair, seen from the other article."""
        return seen(self.comparison.mirrored, self.judged, side(self.stored), self.side)


class Search:
    """Looks among stored articles for those that one is related to.

    Args:
        index: Where they are stored.
        profiles: Reads stored articles.
        limits: What can be judged, and how much is compared.
    """

    def __init__(self, index: Index, profiles: Profiles, limits: Limits) -> None:
        self._index = index
        self._profiles = profiles
        self._limits = limits

    def relatives(
        self,
        query: Blocks,
        query_side: Side,
        candidates: Sequence[Stored],
        may_compare: Callable[[Stored], bool],
    ) -> list[Relative]:
        """Compare an article with its candidates, and with what those name as their source.

        Args:
            query: The article, with its boilerplate, which is not compared.
            query_side: When it arrived.
            candidates: Nearest first.
            may_compare: Whether it may be compared with an article at all.
        """
        pairing = _Pairing(query, query_side, self._profiles, self._limits)
        others = [other for other in candidates if may_compare(other)]
        for other, state in zip(others, self._states(others), strict=True):
            if not pairing.has_enough_of(state):
                pairing.compare(other, state)
        for _ in range(MOST_FOLLOWED):
            name = pairing.next_named()
            source = None if name is None else self._index.find(name)
            if source is not None and may_compare(source):
                pairing.compare(source, *self._states([source]))
        return pairing.found

    def match(self, query: Blocks, query_side: Side, other: Stored) -> Match | None:
        """How an article relates to one other; None if not at all."""
        pairing = _Pairing(query, query_side, self._profiles, self._limits)
        pairing.compare(other, None)
        return next((relative.match for relative in pairing.found), None)

    def compare(self, query: Blocks, other: Stored) -> Comparison:
        """An article side by side with one other, its boilerplate left out."""
        return compare(query.strip(query.query), query.strip(self._profiles.read(other)))

    def _states(self, others: Iterable[Stored]) -> list[State | None]:
        records = self._index.states([other.number for other in others])
        return [None if record is None else State.decode(record) for record in records]


class _Pairing:
    """One article beside stored ones, and what these name as their source."""

    def __init__(self, query: Blocks, query_side: Side, profiles: Profiles, limits: Limits) -> None:
        self._beside = Beside(query.strip(query.query), query.strip, limits)
        self._side = query_side
        self._profiles = profiles
        self._limits = limits
        self._named: Counter[str] = Counter()
        self._met: set[str] = set()
        self._second_hand: set[str] = set()
        self.found: list[Relative] = []

    def has_enough_of(self, state: State | None) -> bool:
        """Whether so many were found that another member of their family tells nothing new."""
        if state is None or len(self._second_hand) < self._limits.enough_second_hand:
            return False
        return state.source in self._named or state.source in self._second_hand

    def compare(self, other: Stored, state: State | None) -> None:
        """Compare with one more; note what its verdict says it was taken from."""
        self._met.add(other.article.id)
        related = self._beside.judge(_Shelved(other, self._profiles))
        if related is None:
            return
        comparison, judged = related
        self.found.append(Relative(other, comparison, judged, self._side))
        if judged.relation in SECOND_HAND:
            self._second_hand.add(other.article.id)
        if judged.relation != "same_story" and state is not None and state.source is not None:
            self._named[state.source] += 1

    def next_named(self) -> str | None:
        """The source that most of those found name, of those not met before."""
        names = (name for name, _ in self._named.most_common() if name not in self._met)
        name = next(names, None)
        if name is not None:
            self._met.add(name)
        return name


@dataclass(frozen=True, slots=True)
class _Shelved:
    """A stored article, read no further than it is asked for."""

    stored: Stored
    profiles: Profiles

    @property
    def article(self) -> Article:
        return self.stored.article

    @property
    def language(self) -> Language:
        return self.stored.language

    def sketch(self) -> Sketch:
        return self.profiles.sketch(self.stored)

    def read(self) -> Profile:
        return self.profiles.read(self.stored)


def side(stored: Stored) -> Side:
    """When a stored article arrived."""
    return Side(stored.received, stored.number)
