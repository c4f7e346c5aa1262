"""Which candidate pairs are worth a comparison, and which of them most.

In an index some thirty candidates of an article are compared; a batch run has time for about one.
So a pair must show in its numbers alone that it may be more than two articles on one subject:

- its **hapaxes** are alike (``dedup.batch.hapaxes``): copies and re-translations of whole texts;
- it shares a **passage**, and the rarer that is, the less of the hapaxes need be the same: excerpts,
  and articles that took some sentences;
- of two languages, or in one whose texts are judged by tables of their own, words tell little:
  there alike **content** is enough.

What that finds and what it loses: ``docs/batch.md``, "Which pairs are compared".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dedup.batch.hapaxes import Overlap
from dedup.batch.sums import Shared
from dedup.hashing import word_hash
from dedup.judge.model import OWN_TABLES

CONTENT_SCORE: Final = 0.8
"""What a shared content key adds to a score, about: .78 in a full bucket, .95 in one of two."""

LEAST_PASSAGE_SCORE: Final = 1.57
"""What a shared passage adds to a score at least: one in a full bucket. At most it is 2."""


@dataclass(frozen=True, slots=True)
class Gate:
    """What a pair must show to be compared. Chosen by ``benchmarks/batch_gate.py``.

    Attributes:
        floor: Resemblance of content, estimated from sketches, below which shared content keys
            are taken for chance: of 592 pairs an article in newswire 150 lie above. So do all
            labelled re-translations in one language, and .98 of those into another.
        hapaxes: Resemblance of hapaxes from which a pair is compared. .145 keeps .998 of
            English re-translations; .16 would keep .996 and save a fifth of the comparisons.
        passage_weight: What the score of shared passages counts beside the containment of
            hapaxes.
        passages: Sum of these two from which a pair with a shared passage is compared. One
            passage that only these two have weighs .38, one in a full bucket .31. Each
            .02 less finds .006 to .015 more of what the judge calls derived, for half as many
            more comparisons.
    """

    floor: float = 0.10
    hapaxes: float = 0.145
    passage_weight: float = 0.2
    passages: float = 0.58

    def passes(
        self, shared: Shared, overlap: Overlap, is_told_by_words: NDArray[np.bool_]
    ) -> NDArray[np.bool_]:
        """Which pairs show enough: bool, shape (n_pairs,).

        Args:
            shared: What they have in common, content keys only from the floor on.
            overlap: Of their hapaxes.
            is_told_by_words: bool, shape (n_pairs,): see ``are_told_by_words``.
        """
        alike = overlap.resemblance >= self.hapaxes
        weighed = overlap.containment + self.passage_weight * _passage_score(shared)
        quoting = (shared.passages > 0) & (weighed >= self.passages)
        return np.where(is_told_by_words, alike | quoting, (shared.content > 0) | quoting)


DEFAULT: Final = Gate()

THOROUGH: Final = Gate(floor=0.0, hapaxes=0.0, passages=0.0)
"""All candidates that an index would name, so that their number alone is limited
(``Limits.max_compared``): some fifty comparisons an article."""


def tongues(languages: Sequence[str]) -> NDArray[np.uint32]:
    """A number for each language that texts can be told apart in by their words: uint32.

    Args:
        languages: Of each text a code (``Language.code``).

    Returns:
        uint32, shape (n_texts,); 0 for a language with tables of its own. Two languages have one
        number with a probability of 2^-32; then their texts need more in common.
    """
    numbers = [0 if code in OWN_TABLES else word_hash(code) for code in languages]
    return np.array(numbers, dtype=np.uint64).astype(np.uint32)


def are_told_by_words(
    numbers: NDArray[np.uint32], earlier: NDArray[np.uint32], later: NDArray[np.uint32]
) -> NDArray[np.bool_]:
    """Which pairs are in one language that their words tell apart: bool, shape (n_pairs,).

    Args:
        numbers: uint32, shape (n_texts,): ``tongues`` of all texts.
        earlier: uint32, shape (n_pairs,): of each pair one text.
        later: uint32, shape (n_pairs,): the other.
    """
    told: NDArray[np.bool_] = (numbers[earlier] == numbers[later]) & (numbers[earlier] != 0)
    return told


def strength(shared: Shared, resemblance: NDArray[np.float64]) -> NDArray[np.float64]:
    """By what pairs are ranked where not all can be compared, the best highest: float64.

    Args:
        shared: What they have in common.
        resemblance: float64, shape (n_pairs,): of content, or of hapaxes.
    """
    return shared.score + resemblance


def _passage_score(shared: Shared) -> NDArray[np.float64]:
    """What of a score is passages', within what so many of them can have."""
    rest = shared.score - CONTENT_SCORE * shared.content
    scored: NDArray[np.float64] = np.clip(
        rest, LEAST_PASSAGE_SCORE * shared.passages, 2.0 * shared.passages
    )
    return scored
