"""Sentence alignment: which sentences of two texts say the same thing.

Sentences are compared by the weight of the content terms they share, and a term counts
for less the more sentences of the two texts hold it: the name of the town that the
article is about tells no two sentences apart.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.compare import reference
from dedup.compare.kernel import kernel
from dedup.compare.profile import MAX_SENTENCES, Profile
from dedup.lazy import lazy

MIN_SIMILARITY = 0.36
"""Least weighted overlap (Dice) of two aligned sentences. Measured on English pairs of the
development sets, at .30, .36, .45: of unrelated articles .32, .24, .17 have a sentence aligned
somewhere; of re-translations .89, .85, .77 of the words are aligned. The judge learns around
it: from .31 to .41 its macro-F1 moves by less than .003."""

MIN_CONTAINMENT = 0.62
"""Least share of a short sentence's weight inside a longer one, for sentences that were
merged or split; with fewer than ``MIN_SHARED_WEIGHT`` shared it means nothing. Measured as
above, at .50, .62, .75: unrelated .25, .24, .23; words of re-translations .85 each."""

MIN_SHARED_WEIGHT = 0.9
"""Least weight shared by aligned sentences: about two names that few sentences hold."""

MAX_SEQUENCE = 10_000
"""Words of a text, or of a sentence, that are put in order with the other's. Bounds the cost on
very long texts to some 10 ms, and to 12 MB where the order itself is kept; news has fewer. A
text without a full stop is one sentence, of 250,000 words where each character is one."""


class SentencePair(NamedTuple):
    """Two sentences that say the same thing.

    Attributes:
        query: Sentence of the query.
        candidate: Sentence of the candidate.
        similarity: Weighted overlap of content terms (Dice), in (0, 1].
        identity: Share of words that stand in both in the same order, in [0, 1]:
            longest common subsequence over the mean length.
        mutual: Each is the other's best partner.
    """

    query: int
    candidate: int
    similarity: float
    identity: float
    mutual: bool


@dataclass(frozen=True)
class Alignment:
    """The aligned sentences of two texts, in the order of the query."""

    pairs: tuple[SentencePair, ...]

    @lazy
    def order(self) -> float:
        """How monotone the mutual pairs are: longest increasing chain over their number.

        1.0 when fewer than two sentences are aligned: nothing is out of order.
        """
        places = [place for _, place, _, _, mutual in self.pairs if mutual]
        if len(places) < 2:
            return 1.0
        if places == sorted(places):
            return 1.0
        tails: list[int] = []
        for place in places:
            at = bisect_left(tails, place)
            tails[at : at + 1] = [place]
        return len(tails) / len(places)

    @lazy
    def mirrored(self) -> Alignment:
        """The same, in the order of the candidate."""
        return Alignment(
            tuple(
                sorted(
                    [
                        SentencePair(j, i, similarity, identity, mutual)
                        for i, j, similarity, identity, mutual in self.pairs
                    ]
                )
            )
        )

    @lazy
    def best(self) -> list[SentencePair]:
        """The best pair of each aligned sentence of the query, in their order."""
        return kernel.best_pairs(self.pairs)


def align(query: Profile, candidate: Profile) -> Alignment:
    """Give every sentence its best partner in the other text, where there is one."""
    return Alignment(
        kernel.align(
            SentencePair,
            query.sentence_terms,
            candidate.sentence_terms,
            (MIN_SIMILARITY, MIN_CONTAINMENT, MIN_SHARED_WEIGHT),
            (MAX_SEQUENCE, MAX_SENTENCES),
        )
    )


def content_in_order(query: Profile, candidate: Profile) -> tuple[float, float]:
    """Share of either text's content words that stand in both in the same order.

    The longest common subsequence of the whole texts: it asks for no sentences, so it holds
    where they are merged, split, or not found.
    """
    words, others = query.content_words, candidate.content_words
    n_words, n_others = min(len(words), MAX_SEQUENCE), min(len(others), MAX_SEQUENCE)
    common = kernel.n_in_order((words, 0, n_words), (others, 0, n_others))
    return common / max(n_words, 1), common / max(n_others, 1)


def similarities(
    query: Profile, candidate: Profile
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """How alike all sentences are: Dice, and containment of the smaller one.

    Returns:
        Two float32 (s_query, s_candidate), of the first ``MAX_SENTENCES`` of either text. A
        containment on less than ``MIN_SHARED_WEIGHT`` is 0.
    """
    return reference.similarities(
        query.sentence_terms,
        candidate.sentence_terms,
        MIN_SHARED_WEIGHT,
        MAX_SENTENCES,
    )
