"""How two texts word what both say: words put one for one in place of others, function words.

Two numbers for every comparison; ``dedup.compare.differences`` says which words those are, and
takes ten times as long.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dedup.compare.alignment import MAX_SEQUENCE
from dedup.compare.comparison import Comparison
from dedup.compare.kernel import kernel

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
    query, candidate = comparison.query, comparison.candidate
    alike = [p for p in comparison.alignment.pairs if p.mutual and p.identity >= LOOSE_FRAME]
    if not alike:
        return Rewording(0, 0, 0, 0)
    return Rewording(
        *kernel.count_rewording(
            query.wording,
            candidate.wording,
            alike,
            MAX_SEQUENCE,
        )
    )
