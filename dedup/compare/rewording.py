"""How two texts word what both say: words put one for one in place of others, function words.

Two numbers for every comparison; ``dedup.compare.differences`` says which words those are, and
takes ten times as long.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Final

from rapidfuzz.distance import LCSseq

from dedup.compare.alignment import MAX_SEQUENCE
from dedup.compare.comparison import Comparison
from dedup.compare.profile import Profile

CONTENT_WEIGHT: Final = 0.1
"""Weight from which a word says something of its own. Below stand function words and the
commonest verbs and nouns ("say", "people"): whatever takes their place is no news."""

LOOSE_FRAME: Final = 0.4
"""Word identity from which two sentences say the same, so that what differs in them is other
wording. Of reports of the same event by two reporters nine in ten have no word in place of
another from here on; at .3 they have up to one in a hundred."""

FEW_WORDS: Final = 400
"""Words of both articles below which the rate is taken as if there were so many: one word in
two aligned sentences says nothing."""


@dataclass(frozen=True, slots=True)
class Rewording:
    """How the sentences that say the same differ in their words; the same for both articles.

    Attributes:
        words: Of both articles in such sentences.
        substituted: Places where a content word of one stands for another one of the other.
        function_words: Of both articles in such sentences.
        function_words_kept: Those that stand in both in the same order.
    """

    words: int
    substituted: int
    function_words: int
    function_words_kept: int

    @property
    def rate(self) -> float:
        """Words with another one in their place, per 100.

        A translator puts them all over a text; an editor changes a few; reporters who tell
        the same event share hardly a sentence in which they could stand. Measured at the 10th,
        50th and 90th percentile: re-translations .3, 1.6, 3.3; copies 0, 0, .2; partial copies
        0, 0, .5; reports of the same event 0, 0, .1; revised school essays 0, 0, 1.8.
        """
        return 200 * self.substituted / max(self.words, FEW_WORDS)

    @property
    def function_words_changed(self) -> float:
        """Share of the function words that do not stand in both in the same order, in [0, 1]."""
        return 1 - self.function_words_kept / self.function_words if self.function_words else 0.0


def rewording(comparison: Comparison) -> Rewording:
    """Count what differs in the words of sentences that are each other's best counterpart."""
    comparison = comparison.canonical
    words = substituted = function_words = kept = 0
    alike = [p for p in comparison.alignment.pairs if p.mutual and p.identity >= LOOSE_FRAME]
    if not alike:
        return Rewording(words, substituted, function_words, kept)
    ours, theirs = _Words(comparison.query), _Words(comparison.candidate)
    for pair in alike:
        mine = _bounded(*comparison.query.sentence_ranges[pair.query])
        other = _bounded(*comparison.candidate.sentence_ranges[pair.candidate])
        words += mine[1] - mine[0] + other[1] - other[0]
        function_words += ours.function_words(*mine) + theirs.function_words(*other)
        blocks = [
            (at + mine[0], there + other[0], size)
            for at, there, size in _blocks(ours.terms[slice(*mine)], theirs.terms[slice(*other)])
        ]
        kept += sum(2 * ours.function_words(at, at + size) for at, _, size in blocks)
        query_terms = comparison.query.term_sets[pair.query]
        candidate_terms = comparison.candidate.term_sets[pair.candidate]
        substituted += sum(
            ours.says(at)
            and theirs.says(there)
            and ours.terms[at] not in candidate_terms
            and theirs.terms[there] not in query_terms
            for at, there in _single(blocks, mine[0], other[0])
        )
    return Rewording(words, substituted, function_words, kept)


def _bounded(start: int, end: int) -> tuple[int, int]:
    """The words of a sentence that are put in order with another's."""
    return start, min(end, start + MAX_SEQUENCE)


def _blocks(ours: list[int], theirs: list[int]) -> Iterable[tuple[int, int, int]]:
    """What stands in both in the same order: place here, place there, and how much."""
    if ours == theirs:  # as most sentences of a copy are; to align them would cost more than all
        return [(0, 0, len(ours))]
    return (
        (block.a, block.b, block.size)
        for block in LCSseq.editops(ours, theirs).as_matching_blocks()
    )


def _single(blocks: list[tuple[int, int, int]], at: int, there: int) -> Iterator[tuple[int, int]]:
    """Where one word of either text stands between words that both have."""
    for start, other_start, size in blocks:
        if start - at == other_start - there == 1:
            yield at, there
        at, there = start + size, other_start + size


class _Words:
    """A document's words as lists: a number at a time, they are faster than arrays."""

    def __init__(self, document: Profile) -> None:
        content = document.weights >= CONTENT_WEIGHT
        self.terms: list[int] = document.terms.tolist()
        self._says = (content & ~document.figures).tolist()
        self._functions: list[int] = list(accumulate((~content).tolist(), initial=0))

    def says(self, at: int) -> bool:
        """Whether a word says something of its own, and is no number."""
        return bool(self._says[at])

    def function_words(self, start: int, end: int) -> int:
        """How many there are in a stretch of words."""
        return self._functions[end] - self._functions[start]
