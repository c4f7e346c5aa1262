"""Shared sections: what a reader means by "this part comes from there".

A passage is a run or a sentence; a section is the whole stretch of two texts in which such
passages follow one another. It is found in the manner of text alignment at PAN (seeds,
extension, validation; Sanchez-Perez, Sidorov and Gelbukh 2014), with the last two decided by
likelihood instead of fixed thresholds:

1. **Seeds** are exact runs, and pairs of sentences that are alike, weaker ones than those
   that are aligned: chance seeds stand alone.
2. Seeds near each other on both sides are a **cluster**; what it spans is a box of two
   stretches of words. A cluster that does not hold is taken apart, with half the gap.
3. **Borders** are moved until each side is the likeliest, given the other: a word that the
   other side has speaks for the section, one that it lacks against, by how much more often
   words of the section have a counterpart than other words of the text do. So a verbatim
   section ends with its last word, a loose one runs over a strange sentence.
4. A box **holds** if enough of its words stand in both in the same order. Less is enough
   where there is more evidence; reports on one event share words too, in no order.
5. Of boxes that overlap the one with most evidence stays; reworded ones that follow each
   other in one text are one section, a summary of what stands further apart in the other.

Constants were chosen on one half of the PAN 2013 pairs (``benchmarks/plagdet.py --half a``),
and on samples of news for what they let through between independent articles.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from math import log
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq

from dedup.compare.alignment import MAX_SEQUENCE, MIN_CONTAINMENT, similarities
from dedup.compare.comparison import Comparison, in_runs
from dedup.compare.profile import Profile
from dedup.compare.runs import Run
from dedup.model import Section

SEED_SIMILARITY: Final = 0.25
"""Least weighted overlap (Dice) of two sentences that are a seed; a sentence contained in another
is one as in an alignment. At .20 plagdet is the same, at .30 it loses .008."""

MAX_SEEDS: Final = 2000
"""Seeds that are clustered, the strongest ones. Bounds the work on texts of like lines; an
article against its copy has some hundred."""

MAX_GAP: Final = 60
"""Words between two seeds of a cluster, on either side: two or three sentences. Also how far
a border may move outwards. At 40 plagdet loses .006, for summaries in pieces; at 80 it
is the same."""

MIN_GAP: Final = 5
"""Gap at which a cluster that does not hold is given up."""

MIN_WEIGHT: Final = 2.0
"""Least weight of the terms that both sides of a cluster have, to be looked at any further:
two names that stand nowhere else. Two thirds of the clusters between independent articles
have less. At 1 plagdet is the same, at 3 it loses .016."""

PRIOR_WORDS: Final = 10.0
"""Weight of words that stands for the rest of a text where there is little or none. At 5 and 20
plagdet moves by .001."""

PRIOR_CHANCE: Final = 0.1
"""Share of unrelated words, by weight, that happen to stand in a stretch of a text too. At .06
and .15 plagdet loses less than .001."""

CHANCES: Final = (0.3, 0.97)
"""Least and largest share of a section's words that are taken to have a counterpart: nothing
is certain, or one strange word would end a section."""

HOLDS: Final = 0.63
"""Least order plus ``PER_EVIDENCE`` times the log of the evidence. At .60 and .66
plagdet gains .002 and loses .007. Of the words of independent articles on one event 2-8 % stand
in sections that are neither quotations nor runs for the most part, in five sets of news."""

PER_EVIDENCE: Final = 0.13
"""Order that a factor e of evidence makes up for: logistic regression of true sections (PAN,
re-translated news) against those between independent articles on one event. The two together
tell these apart with an area under the curve of .971, order alone with .956."""

ENOUGH: Final = 15.0
"""Evidence, in nats, beyond which more makes up for nothing. Whole articles on one event have
any amount of it: without a bound .115 of the words of such articles, instead of .07, stand in
sections; plagdet is the same."""

MAX_STRAY: Final = 6
"""Words at either end of a sentence that are taken in with the rest of it. At 4 and 8 plagdet
moves by .002 and less."""

VERBATIM: Final = 0.9
"""Share of the shorter side in exact runs from which these are the section, to the word: plagdet
of verbatim cases .991 instead of .965. At .80 and .95 the same."""

MIN_BOX_WORDS: Final = 8
"""Words of the shorter side of what may still become a part of a section; as of a run."""

MIN_WORDS: Final = 25
"""Words of the shorter side of a section: one long sentence. Shorter stretches are passages; at
20 granularity grows, for summaries in pieces."""

MAX_OVERLAP: Final = 0.5
"""Share of a box that a better one may hold on one side: the other text tells it twice. At .8
plagdet gains .004, for overlapping sections that nobody can read."""

SUMMARY_GAP: Final = 20
"""Words between two parts of a summary, in the summary: a sentence. At 10 granularity grows by
.002."""

SUMMARY_REACH: Final = 400
"""Words between them in the other text. At 200 summaries lose .15, at 800
they gain .03 and random edits lose .003."""

SUMMARY_ORDER: Final = 0.9
"""Order up to which a part counts as reworded; verbatim paragraphs between which others were
left out are sections of their own."""

ROUNDS: Final = 3
"""Times that the borders of either side are moved. Of one alone plagdet loses .007; a fourth and
fifth change nothing."""

Words = NDArray[np.int64]
Weights = NDArray[np.float64]
Flags = NDArray[np.bool_]


class _Box(NamedTuple):
    """Words ``[start, end)`` of the query and ``[candidate_start, candidate_end)``."""

    start: int
    end: int
    candidate_start: int
    candidate_end: int

    @property
    def mirrored(self) -> _Box:
        return _Box(self.candidate_start, self.candidate_end, self.start, self.end)

    @property
    def words(self) -> int:
        """Of the shorter side."""
        return min(self.end - self.start, self.candidate_end - self.candidate_start)


@dataclass(frozen=True, slots=True)
class _Held:
    """A box that holds; ordered by evidence.

    Attributes:
        evidence: Log-likelihood ratio, in nats, that it is no chance, of the side that is more
            certain: in one text at least, a passage from elsewhere stands out.
        order: Share of the words that stand in both in the same order, by their stems.
        box: Where it is.
    """

    evidence: float
    order: float
    box: _Box


def sections(comparison: Comparison) -> tuple[Section, ...]:
    """The shared sections of two documents, in the query's order.

    Of a section neither side is shorter than ``MIN_WORDS``; no two overlap on both sides.
    """
    canonical = comparison.canonical
    boxes: Iterable[_Box] = _Search(canonical).boxes()
    if canonical is not comparison:
        boxes = (box.mirrored for box in boxes)
    covered = in_runs(comparison.query, comparison.runs)
    return tuple(
        Section(
            query=comparison.query.submitted(box.start, box.end),
            candidate=comparison.candidate.submitted(box.candidate_start, box.candidate_end),
            words=box.end - box.start,
            verbatim=float(covered[box.start : box.end].mean()),
        )
        for box in sorted(boxes)
    )


class _Side:
    """One text, its words as numbers that both texts share."""

    def __init__(self, document: Profile, ids: Words, weight: Weights) -> None:
        self.document = document
        self.ids = ids
        self.weights = weight[ids]
        self._total = float(self.weights.sum())
        self._n_ids = len(weight)

    def held(self, start: int, end: int) -> Flags:
        """Which words of the vocabulary stand there: bool (n_ids,)."""
        held = np.zeros(self._n_ids, dtype=bool)
        held[self.ids[start:end]] = True
        return held

    def likeliest(self, start: int, end: int, there: Flags) -> tuple[int, int]:
        """The stretch about ``[start, end)`` that most likely goes with the other side."""
        first, last = max(start - MAX_GAP, 0), min(end + MAX_GAP, len(self.ids))
        matched = there[self.ids]
        kept, lost, *_ = self._odds(start, end, matched)
        near = slice(first, last)
        score = np.where(matched[near], kept, lost) * self.weights[near]
        begin, stop = _best_stretch(score)
        return first + begin, first + stop

    def evidence(self, start: int, end: int, there: Flags) -> float:
        """Log-likelihood ratio of the stretch: belongs together, or shares words by chance."""
        kept, lost, matched, unmatched = self._odds(start, end, there[self.ids])
        return matched * kept + unmatched * lost

    def _odds(self, start: int, end: int, matched: Flags) -> tuple[float, float, float, float]:
        """What a word that has a counterpart says, and one that has none; weight of either."""
        inside = self.weights[start:end]
        total = float(inside.sum())
        here = float(inside[matched[start:end]].sum())
        everywhere = float(self.weights[matched].sum())
        least, most = CHANCES
        chance = min(max((here + 0.5) / (total + 1), least), most)
        elsewhere = (everywhere - here + PRIOR_WORDS * PRIOR_CHANCE) / (
            self._total - total + PRIOR_WORDS
        )
        # Where the rest is as much alike, a counterpart says little; never the contrary.
        elsewhere = min(elsewhere, 0.8 * chance)
        kept, lost = log(chance / elsewhere), log((1 - chance) / (1 - elsewhere))
        return kept, lost, here, total - here

    def to_sentence(self, start: int, end: int) -> tuple[int, int]:
        """The stretch with the few words that its first and last sentence lack."""
        bounds = self.document.bounds
        first = int(bounds[np.searchsorted(bounds, start, side="right") - 1])
        last = int(bounds[np.searchsorted(bounds, end)])
        return (
            first if start - first <= MAX_STRAY else start,
            last if last - end <= MAX_STRAY else end,
        )


class _Search:
    """The search for the sections of one comparison."""

    def __init__(self, comparison: Comparison) -> None:
        self._runs = comparison.runs
        self._seeds = _seeds(comparison)
        self._query, self._candidate, self._weight = _sides(comparison.query, comparison.candidate)

    def boxes(self) -> list[_Box]:
        """Where the sections are."""
        if not len(self._seeds):
            return []
        best_first = sorted(self._held(self._seeds, MAX_GAP), key=lambda held: -held.evidence)
        return [held.box for held in _summaries(_apart(best_first)) if held.box.words >= MIN_WORDS]

    def _held(
        self, seeds: NDArray[np.int64], gap: int, *, is_judged: bool = False
    ) -> Iterator[_Held]:
        """What holds of the clusters of seeds, where all of them as one may be known not to."""
        for cluster in _clusters(seeds, gap):
            held = None
            if not is_judged or len(cluster) < len(seeds):
                low, high = cluster.min(axis=0).tolist(), cluster.max(axis=0).tolist()
                held = self._judged(_Box(low[0], high[1], low[2], high[3]))
            may_be_parted = len(cluster) > 1 and gap > MIN_GAP
            if held is not None and not (may_be_parted and self._has_moved(held.box)):
                yield held
            elif may_be_parted:
                yield from self._held(cluster, gap // 2, is_judged=True)

    def _judged(self, rough: _Box) -> _Held | None:
        """The box with its best borders, if it holds."""
        if self._shared_weight(rough) < MIN_WEIGHT and not self._long_runs(rough):
            return None
        box = self._bordered(rough)
        if box.words < MIN_BOX_WORDS:
            return None
        evidence = max(
            self._query.evidence(
                box.start, box.end, self._candidate.held(box.candidate_start, box.candidate_end)
            ),
            self._candidate.evidence(
                box.candidate_start, box.candidate_end, self._query.held(box.start, box.end)
            ),
        )
        order = self._order(box)
        holds = evidence > 0 and order + PER_EVIDENCE * log(min(evidence, ENOUGH)) >= HOLDS
        return _Held(evidence, order, box) if holds else None

    def _shared_weight(self, box: _Box) -> float:
        ours = self._query.held(box.start, box.end)
        theirs = self._candidate.held(box.candidate_start, box.candidate_end)
        return float(self._weight[ours & theirs].sum())

    def _bordered(self, box: _Box) -> _Box:
        for _ in range(ROUNDS):
            before = box
            there = self._candidate.held(box.candidate_start, box.candidate_end)
            start, end = self._query.likeliest(box.start, box.end, there)
            there = self._query.held(start, end)
            box = _Box(
                start,
                end,
                *self._candidate.likeliest(box.candidate_start, box.candidate_end, there),
            )
            if box == before or not box.words:
                break
        if not box.words:
            return box
        box, verbatim = _with_runs(box, self._runs)
        if verbatim >= VERBATIM * box.words:
            return box
        return _Box(
            *self._query.to_sentence(box.start, box.end),
            *self._candidate.to_sentence(box.candidate_start, box.candidate_end),
        )

    def _has_moved(self, box: _Box) -> bool:
        """Whether long runs in the box have changed places: moved paragraphs, not one section."""
        places = [run.candidate for run in self._long_runs(box)]
        return places != sorted(places)

    def _long_runs(self, box: _Box) -> list[Run]:
        """The runs in the box that are long enough for a section of their own."""
        return [
            run
            for run in self._runs
            if run.length >= MIN_WORDS
            and box.start <= run.query < box.end
            and box.candidate_start <= run.candidate < box.candidate_end
        ]

    def _order(self, box: _Box) -> float:
        ours = self._query.ids[box.start : box.end][:MAX_SEQUENCE].tolist()
        theirs = self._candidate.ids[box.candidate_start : box.candidate_end]
        others = theirs[:MAX_SEQUENCE].tolist()
        return float(2 * LCSseq.similarity(ours, others) / (len(ours) + len(others)))


def _sides(query: Profile, candidate: Profile) -> tuple[_Side, _Side, Weights]:
    """Both texts with their terms numbered alike, and the weight of each.

    A term counts for less the more often it stands in either text (``compare.alignment``).
    """
    terms, ids = np.unique(np.concatenate((query.terms, candidate.terms)), return_inverse=True)
    ours, theirs = ids[: query.n_words], ids[query.n_words :]
    often = np.maximum(
        np.bincount(ours, minlength=len(terms)), np.bincount(theirs, minlength=len(terms))
    )
    weight = np.zeros(len(terms))
    weight[ours] = query.weights
    weight[theirs] = np.maximum(weight[theirs], candidate.weights)
    weight /= np.sqrt(often)
    return _Side(query, ours, weight), _Side(candidate, theirs, weight), weight


def _seeds(comparison: Comparison) -> NDArray[np.int64]:
    """Boxes of what may belong to a section, one a row: int64 (n, 4)."""
    runs = np.array(
        [
            (run.query, run.query + run.length, run.candidate, run.candidate + run.length)
            for run in comparison.runs
        ],
        dtype=np.int64,
    ).reshape(-1, 4)
    query, candidate = comparison.query, comparison.candidate
    if not query.n_sentences or not candidate.n_sentences:
        return runs
    dice, contained = similarities(query, candidate)
    at, there = np.nonzero((dice >= SEED_SIMILARITY) | (contained >= MIN_CONTAINMENT))
    if len(at) > MAX_SEEDS:
        strongest = np.argsort(-dice[at, there], kind="stable")[:MAX_SEEDS]
        at, there = at[strongest], there[strongest]
    alike = np.column_stack(
        (
            query.bounds[at],
            query.bounds[at + 1],
            candidate.bounds[there],
            candidate.bounds[there + 1],
        )
    )
    return np.concatenate((runs, alike))


def _clusters(seeds: NDArray[np.int64], gap: int) -> Iterator[NDArray[np.int64]]:
    """Seeds that a chain of steps of at most ``gap`` words on both sides connects."""
    start, end, candidate_start, candidate_end = seeds.T
    near = (start[:, None] - end <= gap) & (candidate_start[:, None] - candidate_end <= gap)
    near &= near.T
    unseen = np.ones(len(seeds), dtype=bool)
    while unseen.any():
        reached = np.zeros(len(seeds), dtype=bool)
        reached[unseen.argmax()] = True
        border = reached
        while border.any():
            border = near[border].any(axis=0) & ~reached
            reached |= border
        unseen &= ~reached
        yield seeds[reached]


def _best_stretch(score: Weights) -> tuple[int, int]:
    """The stretch with the largest sum, the shortest of several (Kadane)."""
    sums = np.concatenate(([0.0], np.cumsum(score)))
    lowest = np.minimum.accumulate(sums)
    end = int((sums - lowest).argmax())
    return int(np.flatnonzero(sums[: end + 1] == lowest[end])[-1]), end


def _with_runs(box: _Box, runs: tuple[Run, ...]) -> tuple[_Box, int]:
    """The box with all of the exact runs that it holds a part of on both sides.

    Where the shorter side is little else, the box ends with the runs on the longer one too.

    Returns:
        The box, and how many words of either side stand in these runs.
    """
    held = [
        run
        for run in (
            _Box(run.query, run.query + run.length, run.candidate, run.candidate + run.length)
            for run in runs
        )
        if _shared(box, run).words > 0
    ]
    words = sum(run.words for run in held)
    whole = _hull([box, *held])
    return (_hull(held) if held and words >= VERBATIM * whole.words else whole), words


def _hull(boxes: Iterable[_Box]) -> _Box:
    """The smallest box that holds all of these."""
    start, end, candidate_start, candidate_end = zip(*boxes, strict=True)
    return _Box(min(start), max(end), min(candidate_start), max(candidate_end))


def _shared(one: _Box, other: _Box) -> _Box:
    """What two boxes share; of negative length on the sides where they are apart."""
    return _Box(
        max(one.start, other.start),
        min(one.end, other.end),
        max(one.candidate_start, other.candidate_start),
        min(one.candidate_end, other.candidate_end),
    )


def _apart(best_first: Iterable[_Held]) -> list[_Held]:
    """Those that no better one overlaps."""
    kept: list[_Held] = []
    for held in best_first:
        if not any(_overlaps(held.box, better.box) for better in kept):
            kept.append(held)
    return kept


def _overlaps(box: _Box, better: _Box) -> bool:
    shared = _shared(box, better)
    if shared.words > 0:
        return True
    return shared.end - shared.start > MAX_OVERLAP * (box.end - box.start) or (
        shared.candidate_end - shared.candidate_start
        > MAX_OVERLAP * (box.candidate_end - box.candidate_start)
    )


def _summaries(parts: list[_Held]) -> list[_Held]:
    """Join reworded parts that follow each other in one of the texts."""
    parts = list(parts)
    while (pair := next(filter(_are_one, combinations(parts, 2)), None)) is not None:
        one, other = pair
        parts.remove(one)
        parts.remove(other)
        parts.append(
            _Held(
                one.evidence + other.evidence,
                max(one.order, other.order),
                _hull((one.box, other.box)),
            )
        )
    return parts


def _are_one(parts: tuple[_Held, _Held]) -> bool:
    one, other = parts
    if max(one.order, other.order) > SUMMARY_ORDER:
        return False
    shared = _shared(one.box, other.box)
    near, far = sorted((shared.start - shared.end, shared.candidate_start - shared.candidate_end))
    return near <= SUMMARY_GAP and far <= SUMMARY_REACH
