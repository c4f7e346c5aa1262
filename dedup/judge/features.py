"""The numbers that the relation of two texts is judged by.

Each is symmetric: it is the same whichever of the two is asked about. ``high`` and ``low``
are the larger and the smaller of the two sides' shares: an excerpt is wholly contained in
its source (high) and holds a part of it (low).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dedup.compare import Comparison
from dedup.compare.alignment import SentencePair
from dedup.compare.comparison import best_partners, in_runs, unquoted

WORD_FOR_WORD: Final = 0.95
"""Identity from which an aligned sentence counts as kept: one word in twenty may differ."""

REWORDED: Final = (0.4, 0.9)
"""Identity of aligned sentences that say the same in other words. Measured on the seeds and
the English round trips: .62-.86; same-event sentences that align by chance: below .4."""

BLOCK_GAP: Final = 2
"""Sentences that may be skipped inside a block of aligned sentences, on either side."""


@dataclass(frozen=True, slots=True)
class Block:
    """Sentences that are aligned one after another.

    Attributes:
        sentences: Aligned pairs in it. Sentences that are alike by chance rarely stand
            beside others that are, in both texts.
        words: Words of the one article in them.
        identity: Mean identity, weighted by words.
        similarity: Mean similarity, weighted by words.
    """

    sentences: int = 0
    words: int = 0
    identity: float = 0.0
    similarity: float = 0.0


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
        block: The longest block of sentences aligned one after another.
    """

    one: Comparison
    other: Comparison
    identity: NDArray[np.float64]
    similarity: NDArray[np.float64]
    mutual: NDArray[np.bool_]
    words: NDArray[np.float64]
    block: Block

    def share(self, chosen: NDArray[np.bool_]) -> float:
        """Share of the words in aligned sentences that stand in the chosen ones."""
        return self.mean(chosen.astype(np.float64))

    def mean(self, values: NDArray[np.float64]) -> float:
        """Mean over aligned sentences, weighted by their words; 0 if nothing is aligned."""
        return float((values * self.words).sum() / max(self.words.sum(), 1.0))


def _sides(comparison: Comparison) -> Sides:
    mirrored = comparison.mirrored
    rows = [
        (pair.identity, pair.similarity, pair.mutual, float(lengths[sentence]))
        for side in (comparison, mirrored)
        for lengths in (np.diff(side.query.bounds),)
        for sentence, pair in best_partners(side.alignment).items()
    ]
    identity, similarity, mutual, words = (
        np.array(rows, dtype=np.float64).reshape(-1, 4).T if rows else np.zeros((4, 0))
    )
    return Sides(comparison, mirrored, identity, similarity, mutual > 0, words, _block(comparison))


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
    return _longest_run_in(sides.one, _unquoted(sides))


def _longest_plain_run(sides: Sides) -> float:
    return _longest_run_in(sides.one, _plain(sides))


def _longest_run_in(comparison: Comparison, counts: NDArray[np.bool_]) -> float:
    stretches = [
        _longest_stretch(counts[run.query : run.query + run.length]) for run in comparison.runs
    ]
    return float(np.log1p(max(stretches, default=0)))


def _longest_stretch(chosen: NDArray[np.bool_]) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate(([False], chosen, [False])).astype(np.int8)))
    return int((edges[1::2] - edges[::2]).max(initial=0))


def _shared_unquoted_words(sides: Sides) -> float:
    return _shared_words_in(sides.one, _unquoted(sides))


def _shared_plain_words(sides: Sides) -> float:
    return _shared_words_in(sides.one, _plain(sides))


def _shared_words_in(comparison: Comparison, counts: NDArray[np.bool_]) -> float:
    return float(np.log1p((in_runs(comparison.query, comparison.runs) & counts).sum()))


def _unquoted(sides: Sides) -> NDArray[np.bool_]:
    """Words of the one article that not both quote, where they stand in a run."""
    ours, _ = unquoted(sides.one.query, sides.one.candidate, sides.one.runs)
    return ours


def _plain(sides: Sides) -> NDArray[np.bool_]:
    """Words of the one article that neither quotes, where they stand in a run."""
    one = sides.one
    plain = ~one.query.quoted
    for run in one.runs:
        in_candidate = slice(run.candidate, run.candidate + run.length)
        plain[run.query : run.query + run.length] &= ~one.candidate.quoted[in_candidate]
    return plain


def _kept(sides: Sides) -> float:
    """Share of an article's words that stand in the other, verbatim or not, in order."""
    return max(side.scores.aligned * side.scores.identity for side in (sides.one, sides.other))


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


def _block(comparison: Comparison) -> Block:
    """The longest block, in words."""
    blocks: list[list[SentencePair]] = []
    for pair in comparison.alignment.pairs:
        if not pair.mutual:
            continue
        if blocks and _follows(blocks[-1][-1], pair):
            blocks[-1].append(pair)
        else:
            blocks.append([pair])
    measured = (_measured(block, comparison) for block in blocks)
    return max(measured, key=lambda block: block.words, default=Block())


def _measured(block: Sequence[SentencePair], comparison: Comparison) -> Block:
    lengths = np.diff(comparison.query.bounds)
    words = [int(lengths[pair.query]) for pair in block]
    return Block(
        len(block),
        sum(words),
        float(np.average([pair.identity for pair in block], weights=words)),
        float(np.average([pair.similarity for pair in block], weights=words)),
    )


def _follows(earlier: SentencePair, later: SentencePair) -> bool:
    return (
        later.query - earlier.query <= BLOCK_GAP
        and 0 < later.candidate - earlier.candidate <= BLOCK_GAP
    )


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
        "longest_plain_run": _longest_plain_run,
        "shared_unquoted_words": _shared_unquoted_words,
        "shared_plain_words": _shared_plain_words,
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
        "block_sentences": lambda sides: float(np.log1p(sides.block.sentences)),
        "block_words": lambda sides: float(np.log1p(sides.block.words)),
        "block_identity": lambda sides: sides.block.identity,
        "block_similarity": lambda sides: sides.block.similarity,
        "block_share": lambda sides: sides.block.words / max(_shorter(sides), 1),
        "length": lambda sides: float(np.log1p(_shorter(sides))),
        "length_ratio": _length_ratio,
    }
)
"""Every feature by name, in the order of the model's table. Counts of words enter as
log(1 + n): the tenth word says more than the hundredth."""


def features(comparison: Comparison) -> dict[str, float]:
    """The features of a pair by name, in the order of the table; of the mirrored pair too."""
    sides = _sides(comparison)
    return {name: feature(sides) for name, feature in FEATURES.items()}
