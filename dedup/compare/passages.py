"""Shared passages: what to show of a comparison, in places of the texts as submitted.

No word of the query stands in two passages. A sentence with a counterpart in other words is
shown whole, beside the whole counterpart, with the runs inside it: a reader who looks for
what was changed wants both sentences. What is left of the runs is shown as they are.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Final, NamedTuple

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
    told = _words_of(verbatim, comparison.query.n_words)
    short = [
        stretch
        for stretch in reworded
        if stretch.is_verbatim and told.find(1, stretch.start, stretch.end) < 0
    ]
    return tuple(_passages(comparison, sorted([*whole, *verbatim, *short])))


def _words_of(stretches: Iterable[_Stretch], n_words: int) -> bytearray:
    """Which words of the query stand in stretches: a byte each, 1 or 0."""
    words = bytearray(n_words)
    for start, end, *_ in stretches:
        words[start:end] = b"\1" * (end - start)
    return words


def _reworded(comparison: Comparison) -> Iterator[_Stretch]:
    """Aligned sentences that are shown whole, those that were merged or split as one."""
    query, candidate, runs = comparison.query, comparison.candidate, comparison.runs
    starts = [run.query for run in runs]
    bounds, candidate_bounds = query.sentence_bounds, candidate.sentence_bounds
    for first, last, counterpart, last_counterpart in _blocks(comparison):
        start, end = bounds[first], bounds[last + 1]
        there, there_end = candidate_bounds[counterpart], candidate_bounds[last_counterpart + 1]
        is_long = min(end - start, there_end - there) >= MIN_SENTENCE_WORDS
        begin = max(bisect_right(starts, start) - 1, 0)
        held = runs[begin : bisect_left(starts, end)]
        if _is_one_run(held, start, end, there, there_end):
            if is_long:
                yield _Stretch(start, end, there, there_end, is_verbatim=True)
            continue
        is_verbatim = (
            end - start == there_end - there
            and query.words[start:end].tobytes() == candidate.words[there:there_end].tobytes()
        )
        stretch = _Stretch(start, end, there, there_end, is_verbatim)
        if is_long and _is_told(comparison, stretch, held):
            yield stretch


def _is_one_run(runs: Sequence[Run], start: int, end: int, there: int, there_end: int) -> bool:
    """Whether two sentences answer to each other in one run, word for word; most of a copy do."""
    if not runs or end - start != there_end - there:
        return False
    at, counterpart, length = runs[0]
    return at <= start and end <= at + length and start - at == there - counterpart


class _Block(NamedTuple):
    """Sentences ``first`` to ``last`` of the query and those of their counterpart, inclusive."""

    first: int
    last: int
    counterpart: int
    last_counterpart: int


def _blocks(comparison: Comparison) -> Iterator[_Block]:
    """The counterpart of each sentence that has one, in the order of the query.

    Sentences that have the same counterpart are one block.
    """
    aligned = _aligned(comparison)
    counterparts = {**aligned, **_by_runs(comparison, aligned)}
    first = last = -1
    counterpart = (-1, -1)
    for i in sorted(counterparts):
        if last + 1 == i and counterpart == counterparts[i]:
            last = i
            continue
        if last >= 0:
            yield _Block(first, last, *counterpart)
        first = last = i
        counterpart = counterparts[i]
    if last >= 0:
        yield _Block(first, last, *counterpart)


def _aligned(comparison: Comparison) -> dict[int, tuple[int, int]]:
    """Aligned sentence -> the first and the last of its counterpart.

    That is the best one, with those next to it that are aligned with no other: the sentence
    was split.
    """
    alignment = comparison.alignment
    pairs = [(i, j) for i, j, _, identity, _ in alignment.pairs if identity >= MIN_IDENTITY]
    partners = Counter([j for _, j in pairs])
    own = {pair for pair in pairs if partners[pair[1]] == 1}
    found = {}
    for i, (_, j, _, identity, _) in alignment.best.items():
        if identity >= MIN_IDENTITY:
            first = last = j
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
    bounds, candidate_bounds = (
        comparison.query.sentence_bounds,
        comparison.candidate.sentence_bounds,
    )
    found: dict[int, list[Run]] = {}
    for run in comparison.runs:
        first = bisect_right(bounds, run.query) - 1
        last = bisect_left(bounds, run.query + run.length) - 1
        for i in range(first, last + 1):
            if i not in aligned:
                part = _cut(run, bounds[i], bounds[i + 1])
                found.setdefault(i, []).append(part)
    return {
        i: (
            bisect_right(candidate_bounds, min(part.candidate for part in parts)) - 1,
            bisect_left(candidate_bounds, max(part.candidate + part.length for part in parts)) - 1,
        )
        for i, parts in found.items()
        if sum(part.length for part in parts) >= MOSTLY * (bounds[i + 1] - bounds[i])
    }


def _is_told(comparison: Comparison, stretch: _Stretch, runs: Iterable[Run]) -> bool:
    """Whether the sentences are shown whole, and not only the runs in them.

    Args:
        comparison: Of the two texts.
        stretch: The sentences.
        runs: All that hold a word of the query's, and perhaps others.
    """
    start, end, there, there_end, _ = stretch
    shorter, longer = sorted((end - start, there_end - there))
    inside = elsewhere = 0
    for at, counterpart, length in runs:
        begins = max(start - at, 0)
        held = min(length, end - at) - begins
        if held <= 0:
            continue
        first = counterpart + begins
        within = min(first + held, there_end) - max(first, there)
        if within <= 0:
            elsewhere += held
            continue
        if within == shorter != longer:
            return False  # one of the two is a part of the other
        inside += within
        elsewhere += held - within
    if elsewhere > inside:
        return False
    if not inside or inside >= NEARLY_ALL * longer:
        return True
    rest = shorter + longer - 2 * inside
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
    shown = bytes(_words_of(reworded, query.n_words))
    starts, candidate_starts = set(query.sentence_bounds), set(candidate.sentence_bounds)
    for run in comparison.runs:
        at, _, length = run
        for first, last in _not_shown(shown, at, at + length):
            words = last - first
            # What is left beside a reworded sentence is of use as a sentence, or a run.
            if words < min(length, MIN_RUN_WORDS):
                is_sentence = first in starts and last in starts
                if words < MIN_SENTENCE_WORDS or not is_sentence:
                    continue
            start, there, words = _trimmed(_cut(run, first, last), starts, candidate_starts)
            yield _Stretch(start, start + words, there, there + words, is_verbatim=True)


def _not_shown(shown: bytes, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The stretches of words that are not shown."""
    while start < end:
        hidden = shown.find(1, start, end)
        if hidden < 0:
            hidden = end
        if start < hidden:
            yield start, hidden
        start = shown.find(0, hidden, end)
        if start < 0:
            return


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
    at, there, length = run
    first, last = max(at, start), min(at + length, end)
    return Run(first, there + first - at, last - first)


def _passages(comparison: Comparison, stretches: Iterable[_Stretch]) -> Iterator[Passage]:
    query, candidate = comparison.query, comparison.candidate
    reworded: PassageType = "reworded" if comparison.is_in_one_language else "translated"
    for start, end, there, there_end, is_verbatim in stretches:
        yield Passage(
            query=query.submitted(start, end),
            candidate=candidate.submitted(there, there_end),
            type="verbatim" if is_verbatim else reworded,
            quotation=query.unquoted.count(0, start, end) / (end - start) >= MOSTLY,
        )
