"""The numbers that the relation of two texts is judged by.

Each is symmetric: it is the same whichever of the two is asked about. ``high`` and ``low``
are the larger and the smaller of the two sides' shares: an excerpt is wholly contained in
its source (high) and holds a part of it (low).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dedup.compare import Comparison
from dedup.compare.comparison import best_partners, in_runs, unquoted

WORD_FOR_WORD: Final = 0.95
"""Identity from which an aligned sentence counts as kept: one word in twenty may differ."""

REWORDED: Final = (0.4, 0.9)
"""Identity of aligned sentences that say the same in other words. Measured on the seeds and
the English round trips: .62-.86; same-event sentences that align by chance: below .4."""

BLOCK_GAP: Final = 2
"""Sentences that may be skipped inside a block of aligned sentences, on either side."""


@dataclass(frozen=True, slots=True)
class Sides:
    """One comparison, seen from either article, with what several features need.

    Attributes:
        one: As it was made.
        other: Mirrored.
        identity: float64 (p,): of every aligned sentence's best pair, both articles' together.
        similarity: float64 (p,): likewise.
        mutual: bool (p,): likewise.
        words: float64 (p,): how long the sentence is.
    """

    one: Comparison
    other: Comparison
    identity: NDArray[np.float64]
    similarity: NDArray[np.float64]
    mutual: NDArray[np.bool_]
    words: NDArray[np.float64]

    def share(self, chosen: NDArray[np.bool_]) -> float:
        """Share of the words in aligned sentences that stand in the chosen ones."""
        return self.mean(chosen.astype(np.float64))

    def mean(self, values: NDArray[np.float64]) -> float:
        """Mean over aligned sentences, weighted by their words; 0 if nothing is aligned."""
        return float((values * self.words).sum() / max(self.words.sum(), 1.0))


def _sides(comparison: Comparison) -> Sides:
    mirrored = comparison.mirrored()
    rows = [
        (pair.identity, pair.similarity, pair.mutual, float(lengths[sentence]))
        for side in (comparison, mirrored)
        for lengths in (np.diff(side.query.bounds),)
        for sentence, pair in best_partners(side.alignment).items()
    ]
    identity, similarity, mutual, words = (
        np.array(rows, dtype=np.float64).reshape(-1, 4).T if rows else np.zeros((4, 0))
    )
    return Sides(comparison, mirrored, identity, similarity, mutual > 0, words)


def _high(score: str, *, quoted: bool = True) -> Callable[[Sides], float]:
    return lambda sides: max(_both(sides, score, quoted=quoted))


def _low(score: str, *, quoted: bool = True) -> Callable[[Sides], float]:
    return lambda sides: min(_both(sides, score, quoted=quoted))


def _mean(score: str, *, quoted: bool = True) -> Callable[[Sides], float]:
    return lambda sides: sum(_both(sides, score, quoted=quoted)) / 2


def _both(sides: Sides, score: str, *, quoted: bool) -> tuple[float, float]:
    scores = "scores" if quoted else "scores_unquoted"
    one, other = getattr(sides.one, scores), getattr(sides.other, scores)
    return getattr(one, score), getattr(other, score)


def _spread(sides: Sides) -> float:
    """Standard deviation of identity over aligned words: low where all is reworded alike."""
    return float(np.sqrt(sides.mean((sides.identity - sides.mean(sides.identity)) ** 2)))


def _reworded(sides: Sides) -> float:
    low, high = REWORDED
    return sides.share((sides.identity >= low) & (sides.identity < high))


def _longest_run(sides: Sides) -> float:
    return float(np.log1p(max((run.length for run in sides.one.runs), default=0)))


def _longest_unquoted_run(sides: Sides) -> float:
    ours, _ = unquoted(sides.one.query, sides.one.candidate, sides.one.runs)
    lengths = [
        _longest_stretch(ours[run.query : run.query + run.length]) for run in sides.one.runs
    ]
    return float(np.log1p(max(lengths, default=0)))


def _longest_stretch(chosen: NDArray[np.bool_]) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate(([False], chosen, [False])).astype(np.int8)))
    return int((edges[1::2] - edges[::2]).max(initial=0))


def _shared_unquoted_words(sides: Sides) -> float:
    one = sides.one
    ours, _ = unquoted(one.query, one.candidate, one.runs)
    return float(np.log1p((in_runs(one.query, one.runs) & ours).sum()))


def _kept(sides: Sides) -> float:
    """Share of an article's words that stand in the other, verbatim or not, in order."""
    return max(
        side.scores.aligned * side.scores.identity for side in (sides.one, sides.other)
    )


def _texture(sides: Sides) -> float:
    """How much of what is kept stands in long runs: high for copies, low for rewording."""
    verbatim = max(sides.one.scores.verbatim, sides.other.scores.verbatim)
    return verbatim / max(_kept(sides), 0.05)


def _quotes(sides: Sides) -> tuple[int, int, int]:
    one, other = sides.one.quotes, sides.other.quotes
    return (
        one.total + other.total,
        one.shared + other.shared,
        one.reworded + other.reworded,
    )


def _quotes_kept(sides: Sides) -> float:
    total, shared, _ = _quotes(sides)
    return shared / max(total, 1)


def _quotes_reworded(sides: Sides) -> float:
    total, _, reworded = _quotes(sides)
    return reworded / max(total, 1)


def _content(sides: Sides) -> tuple[float, float, float]:
    """Weight of the distinct content terms of either text, and of those they share."""
    one, other = sides.one.query, sides.other.query
    ours, at_ours = np.unique(one.terms, return_index=True)
    theirs, at_theirs = np.unique(other.terms, return_index=True)
    shared = np.isin(ours, theirs, assume_unique=True)
    weights = one.weights[at_ours]
    return (
        float(weights.sum()),
        float(other.weights[at_theirs].sum()),
        float(weights[shared].sum()),
    )


def _content_resemblance(sides: Sides) -> float:
    ours, theirs, shared = _content(sides)
    return shared / max(ours + theirs - shared, 1.0)


def _content_containment(sides: Sides) -> float:
    ours, theirs, shared = _content(sides)
    return shared / max(min(ours, theirs), 1.0)


def _block(sides: Sides) -> tuple[int, float]:
    """Words and mean identity of the longest block of sentences aligned one after another."""
    one = sides.one
    lengths = np.diff(one.query.bounds)
    best_words, best_identity = 0, 0.0
    words, same, previous = 0, 0.0, None
    for pair in one.alignment.pairs:
        if not pair.mutual:
            continue
        follows = previous is not None and (
            pair.query - previous.query <= BLOCK_GAP
            and 0 < pair.candidate - previous.candidate <= BLOCK_GAP
        )
        if not follows:
            words, same = 0, 0.0
        words += int(lengths[pair.query])
        same += int(lengths[pair.query]) * pair.identity
        if words > best_words:
            best_words, best_identity = words, same / words
        previous = pair
    return best_words, best_identity


def _shorter(sides: Sides) -> int:
    return min(sides.one.query.n_words, sides.one.candidate.n_words)


def _length_ratio(sides: Sides) -> float:
    lengths = sides.one.query.n_words + 1, sides.one.candidate.n_words + 1
    return float(np.log(max(lengths) / min(lengths)))


FEATURES: Final[Mapping[str, Callable[[Sides], float]]] = MappingProxyType(
    {
        "resemblance": _high("resemblance"),
        "containment_high": _high("containment_in"),
        "containment_low": _low("containment_in"),
        "containment_unquoted_high": _high("containment_in", quoted=False),
        "verbatim_high": _high("verbatim"),
        "verbatim_low": _low("verbatim"),
        "verbatim_unquoted_high": _high("verbatim", quoted=False),
        "verbatim_unquoted_low": _low("verbatim", quoted=False),
        "longest_run": _longest_run,
        "longest_unquoted_run": _longest_unquoted_run,
        "shared_unquoted_words": _shared_unquoted_words,
        "aligned_high": _high("aligned"),
        "aligned_low": _low("aligned"),
        "aligned_unquoted_high": _high("aligned", quoted=False),
        "identity": _mean("identity"),
        "identity_unquoted": _mean("identity", quoted=False),
        "identity_spread": _spread,
        "word_for_word": lambda sides: sides.share(sides.identity >= WORD_FOR_WORD),
        "reworded": _reworded,
        "similarity": lambda sides: sides.mean(sides.similarity),
        "mutual": lambda sides: sides.share(sides.mutual),
        "order": _high("order"),
        "kept": _kept,
        "texture": _texture,
        "quotes_kept": _quotes_kept,
        "quotes_reworded": _quotes_reworded,
        "content_resemblance": _content_resemblance,
        "content_containment": _content_containment,
        "block_words": lambda sides: float(np.log1p(_block(sides)[0])),
        "block_identity": lambda sides: _block(sides)[1],
        "block_share": lambda sides: _block(sides)[0] / max(_shorter(sides), 1),
        "length": lambda sides: float(np.log1p(_shorter(sides))),
        "length_ratio": _length_ratio,
    }
)
"""Every feature by name, in the order of the model's table. Counts of words enter as
log(1 + n): the tenth word says more than the hundredth."""


def features(comparison: Comparison) -> NDArray[np.float64]:
    """The features of a pair: float64 (len(FEATURES),); the same for the mirrored pair."""
    sides = _sides(comparison)
    return np.array([feature(sides) for feature in FEATURES.values()])
