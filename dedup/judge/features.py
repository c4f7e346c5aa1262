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

from dedup.compare import Comparison, Profile
from dedup.compare.alignment import SentencePair, content_in_order
from dedup.compare.comparison import in_runs, unquoted

WORD_FOR_WORD: Final = 0.95
"""Identity from which an aligned sentence counts as kept: one word in twenty may differ."""

REWORDED: Final = (0.4, 0.9)
"""Identity of aligned sentences that say the same in other words. Measured on the seeds and
the English round trips: .62-.86; same-event sentences that align by chance: below .4."""

RARE: Final = 0.9
"""Weight from which a word counts as a name: rarer than one word in a million."""

UNSEEN: Final = 2
"""Figures, or names, that are taken to be kept before any is looked at: of none or one
nothing can be said."""

PASSAGE_GAP: Final = 2
"""Sentences that a passage may step over on either side, from one aligned pair to the next:
sentences are merged, split and dropped."""


@dataclass(frozen=True, slots=True)
class Pairs:
    """Aligned pairs of sentences as columns; p of them.

    Attributes:
        identity: float64 (p,).
        similarity: float64 (p,).
        mutual: bool (p,).
        words: float64 (p,): how much each counts.
    """

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

    @property
    def spread(self) -> float:
        """Standard deviation of identity over words: low where all is reworded alike."""
        return float(np.sqrt(self.mean((self.identity - self.mean(self.identity)) ** 2)))

    @property
    def word_for_word(self) -> float:
        """Share of the words in sentences that are kept as they are."""
        return self.share(self.identity >= WORD_FOR_WORD)

    @property
    def reworded(self) -> float:
        """Share of the words in sentences that say the same in other words."""
        low, high = REWORDED
        return self.share((self.identity >= low) & (self.identity < high))


@dataclass(frozen=True, slots=True)
class SharedPassage:
    """The longest stretch of either text whose sentences are aligned one after another.

    Sentences that are alike by chance rarely stand beside others that are, in both texts.

    Attributes:
        query_words: Words of the query from its first aligned sentence to its last.
        candidate_words: Likewise of the candidate.
        aligned_words: Words of both in aligned sentences.
        pairs: The aligned sentences.
        runs: Lengths of the exact runs inside it, in words.
    """

    query_words: int
    candidate_words: int
    aligned_words: int
    pairs: Pairs
    runs: tuple[int, ...]

    @property
    def words(self) -> int:
        """Words of the shorter side."""
        return min(self.query_words, self.candidate_words)


@dataclass(frozen=True, slots=True)
class Sides:
    """One comparison, seen from either article, with what several features need.

    Attributes:
        one: As it was made.
        other: Mirrored.
        pairs: The best pair of every aligned sentence, both articles' together.
        passage: The longest aligned passage.
        unquoted: bool (n_query,): words of the one that not both quote, where they stand in
            a run.
        plain: bool (n_query,): words of the one that neither quotes, where they stand in a run.
        in_order: Share of either text's content words that stand in both in the same order.
        content: Weight of the distinct content terms of either, and of those they share.
    """

    one: Comparison
    other: Comparison
    pairs: Pairs
    passage: SharedPassage
    unquoted: NDArray[np.bool_]
    plain: NDArray[np.bool_]
    in_order: tuple[float, float]
    content: tuple[float, float, float]


def _sides(comparison: Comparison) -> Sides:
    mirrored = comparison.mirrored
    ours, _ = unquoted(comparison.query, comparison.candidate, comparison.runs)
    return Sides(
        one=comparison,
        other=mirrored,
        pairs=_columns(
            [
                (pair, float(lengths[sentence]))
                for side in (comparison, mirrored)
                for lengths in (np.diff(side.query.bounds),)
                for sentence, pair in side.alignment.best.items()
            ]
        ),
        passage=_shared_passage(comparison),
        unquoted=ours,
        plain=_plain(comparison),
        in_order=content_in_order(comparison.query, comparison.candidate),
        content=_content(comparison.query, comparison.candidate),
    )


def _columns(rows: Sequence[tuple[SentencePair, float]]) -> Pairs:
    return Pairs(
        identity=np.array([pair.identity for pair, _ in rows]),
        similarity=np.array([pair.similarity for pair, _ in rows]),
        mutual=np.array([pair.mutual for pair, _ in rows], dtype=bool),
        words=np.array([words for _, words in rows]),
    )


def _shared_passage(comparison: Comparison) -> SharedPassage:
    chain = _longest_chain(comparison)
    if not chain:
        return SharedPassage(0, 0, 0, _columns([]), ())
    query, candidate = comparison.query, comparison.candidate
    our_lengths, their_lengths = np.diff(query.bounds), np.diff(candidate.bounds)
    start, end = query.bounds[chain[0].query], query.bounds[chain[-1].query + 1]
    other_start = candidate.bounds[chain[0].candidate]
    other_end = candidate.bounds[chain[-1].candidate + 1]
    runs = []
    for run in comparison.runs:
        before = max(start - run.query, other_start - run.candidate, 0)
        after = min(end - run.query, other_end - run.candidate, run.length)
        if after > before:
            runs.append(int(after - before))
    return SharedPassage(
        query_words=int(end - start),
        candidate_words=int(other_end - other_start),
        aligned_words=sum(int(our_lengths[i]) for i in {pair.query for pair in chain})
        + sum(int(their_lengths[j]) for j in {pair.candidate for pair in chain}),
        pairs=_columns(
            [
                (pair, float(our_lengths[pair.query] + their_lengths[pair.candidate]))
                for pair in chain
            ]
        ),
        runs=tuple(runs),
    )


def _longest_chain(comparison: Comparison) -> list[SentencePair]:
    """The pairs, each a step of at most ``PASSAGE_GAP`` on, that hold the most words.

    Dynamic programming over the pairs in the order of the query; a sentence that is in two
    pairs counts once.
    """
    our_lengths = np.diff(comparison.query.bounds).tolist()
    their_lengths = np.diff(comparison.candidate.bounds).tolist()
    steps = range(PASSAGE_GAP + 1)
    held: dict[tuple[int, int], int] = {}
    before: dict[tuple[int, int], tuple[int, int] | None] = {}
    for pair in comparison.alignment.pairs:
        i, j = place = pair.query, pair.candidate
        most, last = 0, None
        for previous in ((i - down, j - right) for down in steps for right in steps):
            if previous == place or previous not in held:
                continue
            counted_twice = our_lengths[i] * (previous[0] == i)
            counted_twice += their_lengths[j] * (previous[1] == j)
            if held[previous] - counted_twice > most:
                most, last = held[previous] - counted_twice, previous
        held[place] = most + our_lengths[i] + their_lengths[j]
        before[place] = last
    by_place = {(pair.query, pair.candidate): pair for pair in comparison.alignment.pairs}
    chain: list[SentencePair] = []
    place_or_none = max(held, key=held.__getitem__, default=None)
    while place_or_none is not None:
        chain.append(by_place[place_or_none])
        place_or_none = before[place_or_none]
    return chain[::-1]


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


def _longest_run(sides: Sides) -> float:
    return float(np.log1p(max((run.length for run in sides.one.runs), default=0)))


def _longest_unquoted_run(sides: Sides) -> float:
    return _longest_run_in(sides.one, sides.unquoted)


def _longest_plain_run(sides: Sides) -> float:
    return _longest_run_in(sides.one, sides.plain)


def _longest_run_in(comparison: Comparison, counts: NDArray[np.bool_]) -> float:
    stretches = [
        _longest_stretch(counts[run.query : run.query + run.length]) for run in comparison.runs
    ]
    return float(np.log1p(max(stretches, default=0)))


def _longest_stretch(chosen: NDArray[np.bool_]) -> int:
    edges = np.flatnonzero(np.diff(np.concatenate(([False], chosen, [False])).astype(np.int8)))
    return int((edges[1::2] - edges[::2]).max(initial=0))


def _shared_unquoted_words(sides: Sides) -> float:
    return _shared_words_in(sides.one, sides.unquoted)


def _shared_plain_words(sides: Sides) -> float:
    return _shared_words_in(sides.one, sides.plain)


def _shared_words_in(comparison: Comparison, counts: NDArray[np.bool_]) -> float:
    return float(np.log1p((in_runs(comparison.query, comparison.runs) & counts).sum()))


def _plain(comparison: Comparison) -> NDArray[np.bool_]:
    plain = ~comparison.query.quoted
    for run in comparison.runs:
        in_candidate = slice(run.candidate, run.candidate + run.length)
        plain[run.query : run.query + run.length] &= ~comparison.candidate.quoted[in_candidate]
    return plain


def _kept(sides: Sides) -> float:
    """Share of an article's words that stand in the other, verbatim or not, in order."""
    return max(side.scores.aligned * side.scores.identity for side in (sides.one, sides.other))


def _texture(sides: Sides) -> float:
    """How much of what is kept stands in long runs: high for copies, low for rewording."""
    verbatim = max(sides.one.scores.verbatim, sides.other.scores.verbatim)
    return verbatim / max(_kept(sides), 0.05)


def _figures_kept(sides: Sides) -> float:
    """Share of the figures in aligned sentences that their counterparts have too.

    A translator keeps figures and names. Two reports in one template (results, quarters,
    quakes) align as well and have others.
    """
    return _kept_words(sides, lambda document: document.figures)


def _names_kept(sides: Sides) -> float:
    """Likewise of the rare words: names, mostly."""
    return _kept_words(sides, lambda document: document.weights >= RARE)


def _kept_words(sides: Sides, choose: Callable[[Profile], NDArray[np.bool_]]) -> float:
    kept = total = UNSEEN
    for side in (sides.one, sides.other):
        query, candidate = side.query, side.candidate
        chosen = choose(query)
        for sentence, pair in side.alignment.best.items():
            start, end = query.bounds[sentence], query.bounds[sentence + 1]
            words = query.terms[start:end][chosen[start:end]]
            if not len(words):
                continue
            start, end = candidate.bounds[pair.candidate], candidate.bounds[pair.candidate + 1]
            there = set(candidate.terms[start:end].tolist())
            kept += sum(word in there for word in words.tolist())
            total += len(words)
    return kept / total


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


def _content(query: Profile, candidate: Profile) -> tuple[float, float, float]:
    ours, weights = query.distinct_terms
    theirs, their_weights = candidate.distinct_terms
    shared = np.isin(ours, theirs, assume_unique=True)
    return float(weights.sum()), float(their_weights.sum()), float(weights[shared].sum())


def _content_resemblance(sides: Sides) -> float:
    ours, theirs, shared = sides.content
    return shared / max(ours + theirs - shared, 1.0)


def _content_containment(sides: Sides) -> float:
    ours, theirs, shared = sides.content
    return shared / max(min(ours, theirs), 1.0)


def _passage_shares(sides: Sides) -> tuple[float, float]:
    return (
        sides.passage.query_words / max(sides.one.query.n_words, 1),
        sides.passage.candidate_words / max(sides.one.candidate.n_words, 1),
    )


def _passage_density(sides: Sides) -> float:
    """Share of the passage in aligned sentences: the rest are those stepped over."""
    passage = sides.passage
    return passage.aligned_words / max(passage.query_words + passage.candidate_words, 1)


def _passage_verbatim(sides: Sides) -> float:
    return sum(sides.passage.runs) / max(sides.passage.words, 1)


def _verbatim_elsewhere(sides: Sides) -> float:
    """Words in exact runs outside of the passage."""
    return float(np.log1p(sum(run.length for run in sides.one.runs) - sum(sides.passage.runs)))


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
        "identity_spread": lambda sides: sides.pairs.spread,
        "word_for_word": lambda sides: sides.pairs.word_for_word,
        "reworded": lambda sides: sides.pairs.reworded,
        "similarity": lambda sides: sides.pairs.mean(sides.pairs.similarity),
        "mutual": lambda sides: sides.pairs.share(sides.pairs.mutual),
        "order": _high("order"),
        "kept": _kept,
        "texture": _texture,
        "quotes_kept": _quotes_kept,
        "quotes_reworded": _quotes_reworded,
        "figures_kept": _figures_kept,
        "names_kept": _names_kept,
        "content_resemblance": _content_resemblance,
        "content_containment": _content_containment,
        "in_order_high": lambda sides: max(sides.in_order),
        "in_order_low": lambda sides: min(sides.in_order),
        "length": lambda sides: float(np.log1p(_shorter(sides))),
        "length_ratio": _length_ratio,
        "passage_words": lambda sides: float(np.log1p(sides.passage.words)),
        "passage_share_high": lambda sides: max(_passage_shares(sides)),
        "passage_share_low": lambda sides: min(_passage_shares(sides)),
        "passage_density": _passage_density,
        "passage_identity": lambda sides: sides.passage.pairs.mean(sides.passage.pairs.identity),
        "passage_spread": lambda sides: sides.passage.pairs.spread,
        "passage_similarity": lambda sides: sides.passage.pairs.mean(
            sides.passage.pairs.similarity
        ),
        "passage_word_for_word": lambda sides: sides.passage.pairs.word_for_word,
        "passage_reworded": lambda sides: sides.passage.pairs.reworded,
        "passage_mutual": lambda sides: sides.passage.pairs.share(sides.passage.pairs.mutual),
        "passage_verbatim": _passage_verbatim,
        "passage_longest_run": lambda sides: float(np.log1p(max(sides.passage.runs, default=0))),
        "verbatim_elsewhere": _verbatim_elsewhere,
    }
)
"""Every feature by name. Counts of words enter as log(1 + n): the tenth word says more than
the hundredth."""

WHOLE: Final[tuple[str, ...]] = tuple(
    name for name in FEATURES if not name.startswith("passage_") and name != "verbatim_elsewhere"
)
"""What two articles are judged by as wholes."""

PASSAGE: Final[tuple[str, ...]] = (
    *(name for name in FEATURES if name not in WHOLE),
    "verbatim_high",
    "verbatim_low",
    "longest_run",
    "longest_unquoted_run",
    "longest_plain_run",
    "shared_unquoted_words",
    "aligned_high",
    "aligned_low",
    "quotes_kept",
    "figures_kept",
    "names_kept",
    "content_resemblance",
    "in_order_high",
    "in_order_low",
    "length",
    "length_ratio",
)
"""What they are judged by where they share a passage and little else."""


def features(comparison: Comparison) -> dict[str, float]:
    """The features of a pair by name, in the order of ``FEATURES``; of the mirrored pair too."""
    sides = _sides(comparison.canonical)
    return {name: feature(sides) for name, feature in FEATURES.items()}
