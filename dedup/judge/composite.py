"""Articles put together from others: each gave a part, and together they gave nearly all.

Beside any one of its sources such an article looks like a text of its own that shares some
passages. Only all of them together show that nothing of its own is left.

The price: a news agency's summary that repeats its own earlier stories word for word is one,
and rightly so; so is a column of unrelated briefs, if all of them are known.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from dedup.model import Match, Span

NEARLY_ALL: Final = 0.8
"""Share of an article's words in passages that its parts' sources have. The rest are joints:
a new first sentence, a transition. If one source has as much alone, it is the source."""

PART: Final = 0.15
"""Share of the words that only this source has, to count as one: two sentences of a short
article. Less is what agencies repeat in all their stories on a subject."""

OWN: Final = 0.5
"""Share of what a source has of the article that no larger part gave. Two versions of one
story have mostly the same of it: the second is not another part."""

MOST_SOURCES: Final = 8
"""Sources that are named at most; a text of more parts is a list of briefs."""


GIVES: Final = ("copy", "derived")
"""Relations to a source of a part."""


class Prose(Protocol):
    """The words of an article that are compared."""

    @property
    def n_words(self) -> int:
        """How many they are."""
        ...

    def words_at(self, submitted: Span) -> Span:
        """Which of them begin inside a span of the text as submitted."""
        ...


class Part(NamedTuple):
    """What one source gave.

    Attributes:
        match: The source.
        share: Share of the article's words that no part named before gave, in [0, 1].
    """

    match: Match
    share: float


def may_be_composite(matches: Sequence[Match]) -> bool:
    """Whether the matches of an article could have given nearly all of it, two at least.

    So many are not that it pays to ask before the article is read.
    """
    return len(_possible(matches)) > 0


def parts(query: Prose, matches: Sequence[Match]) -> tuple[Part, ...]:
    """The sources that an article was put together from.

    The fewest that give the most: the one that covers most words first, then again and
    again the one that adds most.

    Args:
        query: The article, as it is compared.
        matches: Its matches. Those that were taken from it are no parts.

    Returns:
        Two at least, the largest first; none if the article is no composite.
    """
    possible = _possible(matches)
    in_order = sorted(possible, key=lambda match: match.other.id)  # whoever was found first
    covers = [(match, _covered(query, match)) for match in in_order]
    covered = np.zeros(query.n_words, dtype=bool)
    found: list[Part] = []
    while len(found) < MOST_SOURCES:
        added = [(int((cover & ~covered).sum()), cover, match) for match, cover in covers]
        own = [part for part in added if part[0] >= OWN * max(part[1].sum(), 1)]
        words, cover, match = max(own, key=lambda part: part[0], default=(0, covered, None))
        if match is None or words < PART * query.n_words:
            break
        covered |= cover
        found.append(Part(match, words / query.n_words))
    if len(found) < 2 or found[0].share >= NEARLY_ALL or covered.mean() < NEARLY_ALL:
        return ()
    return tuple(found)


def _possible(matches: Sequence[Match]) -> list[Match]:
    """The matches that may be sources of parts; none if together they cannot give enough."""
    possible = [
        match
        for match in matches
        if match.relation in GIVES and match.direction != "copied_by" and not match.removed
    ]
    enough = len(possible) > 1 and sum(match.scores.aligned for match in possible) >= NEARLY_ALL
    return possible if enough else []


def _covered(query: Prose, match: Match) -> NDArray[np.bool_]:
    """Which words of the query stand in passages of a match: bool (n,)."""
    covered = np.zeros(query.n_words, dtype=bool)
    for passage in match.passages:
        start, end = query.words_at(passage.query)
        covered[start:end] = True
    return covered
