"""Articles put together from others: each gave a part, and together they gave nearly all.

Beside any one of its sources such an article looks like a text of its own that shares some
passages. Only all of them together show that nothing of its own is left.

The price: a news agency's summary that repeats its own earlier stories word for word is one,
and rightly so; so is a column of unrelated briefs, if all of them are known.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.compare import Profile
from dedup.model import Match, Span

NEARLY_ALL: Final = 0.8
"""Share of an article's words in passages that its parts' sources have. The rest are joints:
a new first sentence, a transition. One report with passages from two others stays below: of
the derived articles of the development sets 90 % share less than .6 with all others."""

PART: Final = 0.15
"""Share of the words that only this source has, to count as one: two sentences of a short
article. Less is what agencies repeat in all their stories on a subject."""

MOST_SOURCES: Final = 8
"""Sources that are named at most; a text of more parts is a list of briefs."""


class Part(NamedTuple):
    """What one source gave.

    Attributes:
        match: The source.
        share: Share of the article's words that no part named before gave, in [0, 1].
    """

    match: Match
    share: float


def parts(query: Profile, matches: Sequence[Match]) -> tuple[Part, ...]:
    """The sources that an article was put together from.

    The fewest that give the most: the one that covers most words first, then again and
    again the one that adds most.

    Args:
        query: The article, as it is compared.
        matches: Its matches. Those that were taken from it, and those whose own relation
            says it all (copies, re-translations), are no parts.

    Returns:
        Two at least, the largest first; none if the article is no composite.
    """
    possible = [
        match
        for match in matches
        if match.relation == "derived" and match.direction != "copied_by" and not match.removed
    ]
    if len(possible) < 2 or sum(match.scores.aligned for match in possible) < NEARLY_ALL:
        return ()
    starts = _submitted_starts(query)
    covers = [(match, _covered(starts, match)) for match in possible]
    covered = np.zeros(len(starts), dtype=bool)
    found: list[Part] = []
    while covers and len(found) < MOST_SOURCES:
        match, most = max(covers, key=lambda cover: int((cover[1] & ~covered).sum()))
        share = float((most & ~covered).mean())
        if share < PART:
            break
        covered |= most
        found.append(Part(match, share))
    if len(found) < 2 or covered.mean() < NEARLY_ALL:
        return ()
    return tuple(found)


def _submitted_starts(query: Profile) -> list[int]:
    """Where each word stands in the text as submitted."""
    tokens, clean = query.document.tokens, query.document.clean
    places = zip(tokens.starts.tolist(), tokens.ends.tolist(), strict=True)
    return [clean.submitted(Span(start, end)).start for start, end in places]


def _covered(starts: Sequence[int], match: Match) -> NDArray[np.bool_]:
    covered = np.zeros(len(starts), dtype=bool)
    for passage in match.passages:
        span = passage.query
        covered[bisect_left(starts, span.start) : bisect_left(starts, span.end)] = True
    return covered
