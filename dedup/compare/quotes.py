"""What became of one text's quotations in the other.

Whoever reports the same speech keeps the words between the quotation marks; whoever
translates a report rewords them with all the rest. So each quotation is followed into the
other text and found there *kept*, *reworded* or *absent*.

Where it may have gone is known without a search of the whole text: into a run that was found
already, to places where four of its words stand in a row, or into sentences aligned with its
own. There its words are put in order with the other text's (longest common subsequence), so
"he said" in the middle, an ellipsis, or a word in brackets costs no more than itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from dedup.compare.alignment import Alignment
from dedup.compare.kernel import kernel
from dedup.compare.profile import MIN_QUOTE_WORDS, QUOTE_WINDOW, Profile
from dedup.compare.runs import Run
from dedup.model import QuoteCounts, QuoteStatus

QUOTE_KEPT: Final = 0.95
"""Share of a quotation's words, in order in the other text, from which it counts as kept word
for word: of twenty words a house style may change one ("per cent"). Measured at .90, .95, 1:
of the quotations of round trips .26, .15, .13 are kept, of those of other reports of the same
event .24, .22, .20."""

MIN_SHARED_TERMS: Final = 0.3
"""Least share of the weight of a quotation's terms in the place it may have gone to, without
which that is another quotation, or none."""

MIN_SIMILAR: Final = 0.4
"""Word identity (over the mean length) from which that says the same all the same: short
quotations have few terms that weigh anything."""

MAX_QUOTE_WORDS: Final = 1_000
"""Words of a quotation that are compared; bounds the cost on texts that are one quotation."""


class Quote(NamedTuple):
    """A quotation of the query, and what became of it.

    Attributes:
        start: Its first word.
        end: Behind its last word.
        candidate_start: First word of its counterpart; -1 if it has none.
        candidate_end: Behind the last word of its counterpart; -1 if it has none.
        status: What became of it.
        identity: Share of its words that stand in the counterpart in the same order.
    """

    start: int
    end: int
    candidate_start: int
    candidate_end: int
    status: QuoteStatus
    identity: float


_BOUNDS: Final = (
    (QUOTE_KEPT, MIN_SHARED_TERMS, MIN_SIMILAR),
    (QUOTE_WINDOW, MIN_QUOTE_WORDS, MAX_QUOTE_WORDS),
)


def follow_quotes(
    query: Profile, candidate: Profile, runs: tuple[Run, ...], alignment: Alignment
) -> tuple[Quote, ...]:
    """Find what became of each of the query's quotations that is long enough to tell.

    Of the places in the candidate where one may have gone the best is taken. A quotation there
    that is made of its words alone is the same, shortened.

    Args:
        query: Whose quotations.
        candidate: Where they are looked for.
        runs: Exact runs, in the order of the query.
        alignment: Aligned sentences.
    """
    if not query.told_quotations:
        return ()
    found = (runs, alignment.pairs)
    return kernel.follow_quotes(Quote, query.quoting, candidate.quoting, found, _BOUNDS)


def count_quotes(quotes: Sequence[Quote]) -> QuoteCounts:
    """How many there are, are kept and are reworded."""
    return QuoteCounts(
        total=len(quotes),
        shared=len([quote for quote in quotes if quote.status == "kept"]),
        reworded=len([quote for quote in quotes if quote.status == "reworded"]),
    )
