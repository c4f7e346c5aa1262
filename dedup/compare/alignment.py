"""Sentence alignment: which sentences of two texts say the same thing.

Sentences are compared by the weight of the content terms they share, and a term counts
for less the more sentences of the two texts hold it: the name of the town that the
article is about tells no two sentences apart.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq

from dedup.compare.profile import MAX_SENTENCES, Profile, SentenceTerms

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


BLAS_ALONE = 1 << 18
"""Multiplications of a matrix product that OpenBLAS does without waking its threads, which
takes longer than the whole product where all processors are busy."""

WORTH_WAKING = 1 << 26
"""Multiplications from which they are woken: the product of two texts of 20,000 words takes
.15 s with them and .9 s row by row, on idle processors; on busy ones ten times as long."""

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

    @cached_property
    def order(self) -> float:
        """How monotone the mutual pairs are: longest increasing chain over their number.

        1.0 when fewer than two sentences are aligned: nothing is out of order.
        """
        places = [pair.candidate for pair in self.pairs if pair.mutual]
        if len(places) < 2:
            return 1.0
        tails: list[int] = []
        for place in places:
            at = bisect_left(tails, place)
            tails[at : at + 1] = [place]
        return len(tails) / len(places)

    @cached_property
    def mirrored(self) -> Alignment:
        """The same, in the order of the candidate."""
        return Alignment(
            tuple(
                sorted(
                    SentencePair(j, i, similarity, identity, mutual)
                    for i, j, similarity, identity, mutual in self.pairs
                )
            )
        )

    @cached_property
    def best(self) -> dict[int, SentencePair]:
        """The best pair of each aligned sentence of the query."""
        best: dict[int, SentencePair] = {}
        for pair in self.pairs:
            known = best.get(pair.query)
            if known is None or (pair.mutual, pair.identity) > (known.mutual, known.identity):
                best[pair.query] = pair
        return best


def align(query: Profile, candidate: Profile) -> Alignment:
    """Give every sentence its best partner in the other text, where there is one."""
    if not query.n_sentences or not candidate.n_sentences:
        return Alignment(())
    dice, contained = similarities(query, candidate)
    # A contained sentence ranks below an equally good whole one.
    score = np.maximum(
        np.where(dice >= MIN_SIMILARITY, dice, 0.0),
        np.where(contained >= MIN_CONTAINMENT, contained * MIN_SIMILARITY, 0.0),
    )
    pairs: dict[tuple[int, int], bool] = {}
    best_candidate, best_query = score.argmax(axis=1), score.argmax(axis=0)
    for i, j in enumerate(best_candidate):
        if score[i, j] > 0:
            pairs[i, int(j)] = bool(best_query[j] == i)
    for j, i in enumerate(best_query):
        if score[i, j] > 0:
            pairs.setdefault((int(i), j), False)
    return Alignment(
        tuple(
            SentencePair(i, j, float(dice[i, j]), _identity(query, i, candidate, j), mutual)
            for (i, j), mutual in sorted(pairs.items())
        )
    )


def content_in_order(query: Profile, candidate: Profile) -> tuple[float, float]:
    """Share of either text's content words that stand in both in the same order.

    The longest common subsequence of the whole texts: it asks for no sentences, so it holds
    where they are merged, split, or not found.
    """
    words = query.content_words[:MAX_SEQUENCE]
    others = candidate.content_words[:MAX_SEQUENCE]
    common = LCSseq.similarity(words, others)
    return common / max(len(words), 1), common / max(len(others), 1)


def similarities(
    query: Profile, candidate: Profile
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """How alike all sentences are: Dice, and containment of the smaller one.

    Returns:
        Two float32 (s_query, s_candidate), of the first ``MAX_SENTENCES`` of either text. A
        containment on less than ``MIN_SHARED_WEIGHT`` is 0.
    """
    ours, theirs = query.sentence_terms, candidate.sentence_terms
    _, at_ours, at_theirs = np.intersect1d(
        ours.terms, theirs.terms, assume_unique=True, return_indices=True
    )
    frequency = np.maximum(ours.frequency[at_ours], theirs.frequency[at_theirs])
    # Both texts agree on the weight of a term that they share, even if one language's
    # list knows it and the other's does not.
    heavier = np.maximum(ours.weights[at_ours], theirs.weights[at_theirs])
    weights = (heavier / np.sqrt(frequency)).astype(np.float32)
    our_total, our_matrix = _weighted(query, ours, at_ours, weights)
    their_total, their_matrix = _weighted(candidate, theirs, at_theirs, weights)
    shared = _product(our_matrix * weights, their_matrix.T)
    tiny = np.float32(1e-6)
    sum_of_both = np.maximum(our_total[:, None] + their_total, tiny)
    smaller = np.maximum(np.minimum(our_total[:, None], their_total), tiny)
    dice = 2 * shared / sum_of_both
    contained = shared / smaller
    contained[shared < MIN_SHARED_WEIGHT] = 0.0
    return dice.astype(np.float32, copy=False), contained.astype(np.float32, copy=False)


def _product(one: NDArray[np.float32], other: NDArray[np.float32]) -> NDArray[np.float32]:
    """The matrix product, a small one made on this processor: float32 (m, k), (k, n) to (m, n)."""
    if len(one) * other.size > WORTH_WAKING:
        return one @ other
    rows = max(BLAS_ALONE // max(other.size, 1), 1)
    return np.concatenate([one[at : at + rows] @ other for at in range(0, len(one), rows)])


def _weighted(
    document: Profile,
    held: SentenceTerms,
    at: NDArray[np.int64],
    shared_weights: NDArray[np.float32],
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Weight of each sentence, and which shared terms it holds.

    Args:
        document: One of the two.
        held: Its terms.
        at: int64 (k,): places of the shared terms in ``held.terms``.
        shared_weights: float32 (k,): what they weigh for this pair.

    Returns:
        float32 (s,) and float32 (s, k) of zeros and ones.
    """
    n_sentences = min(document.n_sentences, MAX_SENTENCES)
    weights = held.scaled_weights.copy()
    weights[at] = shared_weights
    total = np.bincount(held.sentence, weights=weights[held.term], minlength=n_sentences)
    column = np.full(len(held.terms), -1)
    column[at] = np.arange(len(at))
    columns = column[held.term]
    is_shared = np.flatnonzero(columns >= 0)
    matrix = np.zeros((n_sentences, len(at)), dtype=np.float32)
    matrix[held.sentence[is_shared], columns[is_shared]] = 1.0
    return total.astype(np.float32), matrix


def _identity(query: Profile, i: int, candidate: Profile, j: int) -> float:
    words = query.sentence_words[i][:MAX_SEQUENCE]
    others = candidate.sentence_words[j][:MAX_SEQUENCE]
    common = LCSseq.similarity(words, others)
    return 2 * common / (len(words) + len(others))
