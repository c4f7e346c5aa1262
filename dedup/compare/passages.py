"""Shared passages: what to show of a comparison, in places of the texts as submitted.

No word of the query stands in two passages. A sentence with a counterpart in other words is
shown whole, beside the whole counterpart, with the runs inside it: a reader who looks for
what was changed wants both sentences. What is left of the runs is shown as they are.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.compare.alignment import MAX_SEQUENCE
from dedup.compare.comparison import Comparison
from dedup.compare.kernel import kernel
from dedup.compare.runs import MIN_RUN_WORDS, Run
from dedup.model import Passage, PassageType

MOSTLY: Final = 0.5
"""Share of a passage's words between quotation marks from which it counts as quotation; and of
a sentence's words in runs from which these tell its counterpart."""

MIN_IDENTITY: Final = 0.25
"""Identity below which an aligned sentence is not shown: it is on the same fact, in words
that have nothing but names in common. Of a sentence with a run in it, what the run leaves is
asked the same; else the run alone is shown, and not the sentence that was made around it."""

MIN_SENTENCE_WORDS: Final = 4
"""Shortest sentence that is shown on its own, as of a quotation: "Business" and "Read more" stand
in many texts. The price is a headline of three words."""

NEARLY_ALL: Final = 0.75
"""Share of a sentence's words in runs, and of its counterpart's, from which the rest are words
that were changed, whatever they are."""

MAX_DANGLING: Final = 2
"""Words of a run beyond the end or the beginning of a sentence, in both texts, that are not
shown: the next sentences begin alike by chance. Three are wording."""


class _Stretch(NamedTuple):
    """Words ``[start, end)`` of the query that answer to ``[start, end)`` of the candidate."""

    start: int
    end: int
    candidate_start: int
    candidate_end: int
    is_verbatim: bool


def passages(comparison: Comparison) -> tuple[Passage, ...]:
    """Verbatim runs, and the sentences that are reworded, in the query's order."""
    reworded = list(_reworded(comparison))
    whole = [stretch for stretch in reworded if not stretch.is_verbatim]
    verbatim = list(_verbatim(comparison, whole))
    # A sentence too short for a run may be kept word for word too.
    told = np.zeros(comparison.query.n_words, dtype=bool)
    for stretch in verbatim:
        told[stretch.start : stretch.end] = True
    short = [
        stretch
        for stretch in reworded
        if stretch.is_verbatim and not told[stretch.start : stretch.end].any()
    ]
    return tuple(_passage(comparison, stretch) for stretch in sorted([*whole, *verbatim, *short]))


def _reworded(comparison: Comparison) -> Iterator[_Stretch]:
    """Aligned sentences that are shown whole, those that were merged or split as one."""
    query, candidate = comparison.query, comparison.candidate
    starts = [run.query for run in comparison.runs]
    bounds, candidate_bounds = query.bounds.tolist(), candidate.bounds.tolist()
    for block in _blocks(comparison):
        start, end = bounds[block.first], bounds[block.last + 1]
        there, there_end = (
            candidate_bounds[block.counterpart[0]],
            candidate_bounds[block.counterpart[1] + 1],
        )
        ours, theirs = query.words[start:end], candidate.words[there:there_end]
        is_verbatim = ours.tobytes() == theirs.tobytes()
        stretch = _Stretch(start, end, there, there_end, is_verbatim)
        first = max(bisect_right(starts, start) - 1, 0)
        if _is_told(comparison, stretch, comparison.runs[first : bisect_left(starts, end)]):
            yield stretch


@dataclass(slots=True)
class _Block:
    """Sentences ``first`` to ``last`` of the query and those of their counterpart, inclusive."""

    first: int
    last: int
    counterpart: tuple[int, int]


def _blocks(comparison: Comparison) -> Iterator[_Block]:
    """The counterpart of each sentence that has one, in the order of the query.

    Sentences that have the same counterpart are one block.
    """
    aligned = _aligned(comparison)
    by_runs = _by_runs(comparison, aligned.keys())
    last: _Block | None = None
    for i, (first, stop) in sorted({**aligned, **by_runs}.items()):
        if last and last.last + 1 == i and last.counterpart == (first, stop):
            last.last = i
            continue
        if last:
            yield last
        last = _Block(i, i, (first, stop))
    if last:
        yield last


def _aligned(comparison: Comparison) -> dict[int, tuple[int, int]]:
    """Aligned sentence -> the first and the last of its counterpart.

    That is the best one, with those next to it that are aligned with no other: the sentence
    was split.
    """
    pairs = [pair for pair in comparison.alignment.pairs if pair.identity >= MIN_IDENTITY]
    partners = Counter(pair.candidate for pair in pairs)
    own = {(pair.query, pair.candidate) for pair in pairs if partners[pair.candidate] == 1}
    found = {}
    for i, pair in comparison.alignment.best.items():
        if pair.identity >= MIN_IDENTITY:
            first = last = pair.candidate
            while (i, first - 1) in own:
                first -= 1
            while (i, last + 1) in own:
                last += 1
            found[i] = first, last
    return found


def _by_runs(comparison: Comparison, aligned: Container[int]) -> dict[int, tuple[int, int]]:
    """Likewise for sentences that are not aligned, and stand in runs for the most part.

    Their words may be too common to tell sentences apart: "as soon as possible".
    """
    query, candidate = comparison.query, comparison.candidate
    found: dict[int, list[Run]] = {}
    for run in comparison.runs:
        first, last = query.sentence[[run.query, run.query + run.length - 1]].tolist()
        for i in range(first, last + 1):
            if i not in aligned:
                part = _cut(run, int(query.bounds[i]), int(query.bounds[i + 1]))
                found.setdefault(i, []).append(part)
    return {
        i: (
            int(candidate.sentence[min(part.candidate for part in parts)]),
            int(candidate.sentence[max(part.candidate + part.length for part in parts) - 1]),
        )
        for i, parts in found.items()
        if sum(part.length for part in parts) >= MOSTLY * int(query.bounds[i + 1] - query.bounds[i])
    }


def _is_told(comparison: Comparison, stretch: _Stretch, runs: Iterable[Run]) -> bool:
    """Whether the sentences are shown whole, and not only the runs in them.

    Args:
        comparison: Of the two texts.
        stretch: The sentences.
        runs: All that hold a word of the query's, and perhaps others.
    """
    ours = stretch.end - stretch.start
    theirs = stretch.candidate_end - stretch.candidate_start
    if min(ours, theirs) < MIN_SENTENCE_WORDS:
        return False
    inside = elsewhere = 0
    for run in runs:
        there = _cut(run, stretch.start, stretch.end)
        if there.length <= 0:
            continue
        before = max(stretch.candidate_start - there.candidate, 0)
        after = max(there.candidate + there.length - stretch.candidate_end, 0)
        within = max(there.length - before - after, 0)
        if within == min(ours, theirs) != max(ours, theirs):
            return False  # one of the two is a part of the other
        inside += within
        elsewhere += there.length - within
    if elsewhere > inside:
        return False
    if not inside or inside >= NEARLY_ALL * max(ours, theirs):
        return True
    rest = ours + theirs - 2 * inside
    return 2 * (_common(comparison, stretch) - inside) >= MIN_IDENTITY * rest


def _common(comparison: Comparison, stretch: _Stretch) -> int:
    """Words that stand on both sides in the same order."""
    start, there = stretch.start, stretch.candidate_start
    return kernel.n_in_order(
        (comparison.query.words, start, min(stretch.end, start + MAX_SEQUENCE)),
        (comparison.candidate.words, there, min(stretch.candidate_end, there + MAX_SEQUENCE)),
    )


def _verbatim(comparison: Comparison, reworded: list[_Stretch]) -> Iterator[_Stretch]:
    """The runs, but for what stands in sentences that are shown whole."""
    query, candidate = comparison.query, comparison.candidate
    shown = np.zeros(query.n_words + 1, dtype=bool)
    for stretch in reworded:
        shown[stretch.start : stretch.end] = True
    starts = set(query.bounds.tolist())
    candidate_starts = set(candidate.bounds.tolist())
    for run in comparison.runs:
        hidden = np.flatnonzero(shown[run.query : run.query + run.length]) + run.query
        edges = [run.query - 1, *hidden.tolist(), run.query + run.length]
        for before, after in pairwise(edges):
            piece = _cut(run, before + 1, after)
            if piece.length <= 0:
                continue
            ends = piece.query + piece.length
            if piece.length < run.length:
                # What is left beside a reworded sentence is of use as a sentence, or a run.
                is_sentence = piece.query in starts and ends in starts
                is_sentence &= piece.length >= MIN_SENTENCE_WORDS
                if piece.length < MIN_RUN_WORDS and not is_sentence:
                    continue
            piece = _trimmed(piece, starts, candidate_starts)
            yield _Stretch(
                piece.query,
                piece.query + piece.length,
                piece.candidate,
                piece.candidate + piece.length,
                is_verbatim=True,
            )


def _trimmed(run: Run, starts: set[int], candidate_starts: set[int]) -> Run:
    """The run without the few words that it holds of one more sentence."""
    first, last = run.query, run.query + run.length
    shift = run.candidate - run.query
    for words in range(1, MAX_DANGLING + 1):
        if last - first - words < MIN_RUN_WORDS:
            break
        begins, ends = first + words, last - words
        if first not in starts and begins in starts and begins + shift in candidate_starts:
            return _trimmed(_cut(run, begins, last), starts, candidate_starts)
        if last not in starts and ends in starts and ends + shift in candidate_starts:
            return _trimmed(_cut(run, first, ends), starts, candidate_starts)
    return run


def _cut(run: Run, start: int, end: int) -> Run:
    """The part of a run within ``[start, end)`` of the query; of no length if there is none."""
    first, last = max(run.query, start), min(run.query + run.length, end)
    return Run(first, run.candidate + first - run.query, last - first)


def _passage(comparison: Comparison, stretch: _Stretch) -> Passage:
    query, candidate = comparison.query, comparison.candidate
    return Passage(
        query=query.submitted(stretch.start, stretch.end),
        candidate=candidate.submitted(stretch.candidate_start, stretch.candidate_end),
        type=_type(comparison, stretch),
        quotation=_is_quotation(query.quoted[stretch.start : stretch.end]),
    )


def _type(comparison: Comparison, stretch: _Stretch) -> PassageType:
    if stretch.is_verbatim:
        return "verbatim"
    return "reworded" if comparison.is_in_one_language else "translated"


def _is_quotation(quoted: NDArray[np.bool_]) -> bool:
    return bool(quoted.mean() >= MOSTLY)
