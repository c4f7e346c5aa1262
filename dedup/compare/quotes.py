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

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

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


def follow_quotes(
    query: Profile, candidate: Profile, runs: Sequence[Run], alignment: Alignment
) -> tuple[Quote, ...]:
    """Find what became of each of the query's quotations that is long enough to tell.

    Args:
        query: Whose quotations.
        candidate: Where they are looked for.
        runs: Exact runs, in the order of the query.
        alignment: Aligned sentences.
    """
    told = query.told_quotations
    if not told:
        return ()
    quotes = _in_runs(told, runs)
    sought = [place for place, quote in enumerate(quotes) if quote.status == "absent"]
    if not sought:
        return tuple(quotes)
    partners: dict[int, list[int]] = {}
    for sentence, partner, *_ in alignment.pairs:
        partners.setdefault(sentence, []).append(partner)
    hits = _hits(query, [told[place][:2] for place in sought], candidate)
    for place, where in zip(sought, hits, strict=True):
        start, end, own = told[place]
        aligned = [partner for sentence in own for partner in partners.get(sentence, ())]
        if where or aligned:
            quotes[place] = _followed(query, start, end, candidate, sorted({*where, *aligned}))
    return tuple(quotes)


def count_quotes(quotes: Sequence[Quote]) -> QuoteCounts:
    """How many there are, are kept and are reworded."""
    return QuoteCounts(
        total=len(quotes),
        shared=len([quote for quote in quotes if quote.status == "kept"]),
        reworded=len([quote for quote in quotes if quote.status == "reworded"]),
    )


def _in_runs(told: Iterable[tuple[int, int, range]], runs: Sequence[Run]) -> list[Quote]:
    """Quotations, kept if they stand in an exact run whole, else as if they were absent."""
    begins = [run.query for run in runs]
    quotes = []
    for start, end, _ in told:
        at = bisect_right(begins, start) - 1
        if at >= 0 and end <= begins[at] + runs[at].length:
            shift = runs[at].candidate - begins[at]
            quotes.append(Quote(start, end, start + shift, end + shift, "kept", 1.0))
        else:
            quotes.append(Quote(start, end, -1, -1, "absent", 0.0))
    return quotes


def _hits(
    query: Profile, stretches: Sequence[tuple[int, int]], candidate: Profile
) -> list[list[int]]:
    """The candidate's sentences that have some words of each quotation in a row."""
    return kernel.holders(query.words, stretches, candidate.words, candidate.sentence, QUOTE_WINDOW)


def _followed(
    query: Profile, start: int, end: int, candidate: Profile, where: Sequence[int]
) -> Quote:
    """What became of a quotation, of the sentences where it may stand the best taken."""
    end_of_words = min(end, start + MAX_QUOTE_WORDS)
    sought = _said(query, start, end_of_words)
    found = [_found(sought, candidate, *stretch) for stretch in _stretches(candidate, where)]
    best = found[0] if len(found) == 1 else max(found, key=lambda one: one.identity)
    if best.status == "reworded" and not _same_matter(query, start, end, candidate, best):
        return Quote(start, end, -1, -1, "absent", best.identity)
    return Quote(start, end, *best[2:])


def _stretches(candidate: Profile, where: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The words of sentences that stand together; one between them may be missing."""
    bounds = candidate.sentence_bounds
    first = last = where[0]
    for sentence in where[1:]:
        if sentence > last + 2:
            yield bounds[first], bounds[last + 1]
            first = sentence
        last = sentence
    yield bounds[first], bounds[last + 1]


def _found(words: NDArray[np.uint64], candidate: Profile, start: int, end: int) -> Quote:
    """A quotation in a stretch of the candidate, as if it stood there.

    A quotation there that is made of these words alone is the same, shortened.
    """
    end = min(end, start + MAX_QUOTE_WORDS)
    in_order = kernel.blocks_in_order((words, 0, len(words)), (candidate.words, start, end))
    blocks = [(at, size) for _, at, size in in_order]
    matched = sum([size for _, size in blocks])
    identity = matched / len(words)
    if identity >= QUOTE_KEPT:
        return Quote(0, 0, blocks[0][0], sum(blocks[-1]), "kept", identity)
    where, most = (start, end), matched / 2
    for a, b in _quotations_within(candidate, start, end):
        shared = [min(b, at + size) - max(a, at) for at, size in blocks if at < b and at + size > a]
        if max(shared, default=0) >= QUOTE_WINDOW:
            shortened = _share_in(words, candidate, a, b)
            if shortened >= QUOTE_KEPT:
                return Quote(0, 0, a, b, "kept", shortened)
        if sum(shared) > most:
            where, most = (a, b), sum(shared)
    return Quote(0, 0, *where, "reworded", identity)


def _share_in(words: NDArray[np.uint64], candidate: Profile, start: int, end: int) -> float:
    """Share of a quotation of the candidate, an editor's words aside, that has these words."""
    theirs = _said(candidate, start, end)
    return kernel.n_in_order((words, 0, len(words)), (theirs, 0, len(theirs))) / len(theirs)


def _said(document: Profile, start: int, end: int) -> NDArray[np.uint64]:
    """The words of a quotation that are the speaker's; all, where none are."""
    words = document.words[start:end]
    if document.inserted.find(1, start, end) < 0:
        return words
    said = np.frombuffer(document.inserted, dtype=np.uint8)[start:end] == 0
    return words[said] if said.any() else words


def _quotations_within(candidate: Profile, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The quotations that stand in a stretch of the candidate, or reach into it."""
    quotations = candidate.quotation_words
    at = max(bisect_right(quotations, (start, start)) - 1, 0)
    while at < len(quotations) and quotations[at][0] < end:
        if quotations[at][1] - quotations[at][0] >= MIN_QUOTE_WORDS:
            yield quotations[at]
        at += 1


def _same_matter(query: Profile, start: int, end: int, candidate: Profile, place: Quote) -> bool:
    """Whether a place says what a quotation says, in other words."""
    length = place.candidate_end - place.candidate_start
    if 2 * place.identity * (end - start) >= MIN_SIMILAR * (end - start + length):
        return True
    shared, total = kernel.shared_weight(
        query.terms[start:end],
        query.weights[start:end],
        candidate.terms[place.candidate_start : place.candidate_end],
    )
    return shared >= MIN_SHARED_TERMS * total > 0
