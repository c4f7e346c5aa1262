"""Which stretches of two texts are shown beside each other: ``native/compare/passages.c`` in Python.

``dedup.compare.passages`` says which, and why; ``_native.pyi`` says what is given.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq

Array = NDArray[Any] | bytes | bytearray
SentenceText = tuple[Array, Array]
AlignedPair = tuple[int, int, float, float, bool]
PassageBounds = tuple[tuple[float, float, float], tuple[int, int, int, int]]


class _Run(NamedTuple):
    query: int
    candidate: int
    length: int


class _Stretch(NamedTuple):
    """Words ``[start, end)`` of the query that answer to ``[start, end)`` of the candidate."""

    start: int
    end: int
    candidate_start: int
    candidate_end: int
    is_verbatim: bool


def shown_stretches(
    query: SentenceText,
    candidate: SentenceText,
    pairs: Sequence[AlignedPair],
    runs: Sequence[tuple[int, int, int]],
    bounds: PassageBounds,
) -> list[tuple[int, int, int, int, bool]]:
    """The stretches of two texts that are shown beside each other, in the query's order."""
    search = _Search(query, candidate, pairs, runs, bounds)
    whole = list(search.whole())
    reworded = [stretch for stretch in whole if not stretch.is_verbatim]
    verbatim = list(search.verbatim(reworded))
    # A sentence too short for a run may be kept word for word too.
    told = search.words_of(verbatim)
    short = [
        stretch
        for stretch in whole
        if stretch.is_verbatim and told.find(1, stretch.start, stretch.end) < 0
    ]
    return list(map(tuple, sorted([*reworded, *verbatim, *short])))  # type: ignore[arg-type]


class _Search:
    """What is known of two texts, and the bounds (``dedup.compare.passages``)."""

    def __init__(
        self,
        query: SentenceText,
        candidate: SentenceText,
        pairs: Sequence[AlignedPair],
        runs: Sequence[tuple[int, int, int]],
        bounds: PassageBounds,
    ) -> None:
        self._words: list[int] = np.frombuffer(query[0], dtype=np.uint64).tolist()
        self._others: list[int] = np.frombuffer(candidate[0], dtype=np.uint64).tolist()
        self._bounds: list[int] = np.frombuffer(query[1], dtype=np.int32).tolist()
        self._other_bounds: list[int] = np.frombuffer(candidate[1], dtype=np.int32).tolist()
        self._pairs = pairs
        self._runs = [_Run(*run) for run in runs]
        (self._min_identity, self._mostly, self._nearly_all), sizes = bounds
        self._min_sentence, self._min_run, self._max_dangling, self._max_sequence = sizes

    def words_of(self, stretches: Iterable[_Stretch]) -> bytearray:
        """Which words of the query stand in stretches: a byte each, 1 or 0."""
        words = bytearray(len(self._words))
        for start, end, *_ in stretches:
            words[start:end] = b"\1" * (end - start)
        return words

    def whole(self) -> Iterator[_Stretch]:
        """Aligned sentences that are shown whole, those that were merged or split as one."""
        bounds, other_bounds = self._bounds, self._other_bounds
        for first, last, (counterpart, last_counterpart) in self._blocks():
            start, end = bounds[first], bounds[last + 1]
            there, there_end = other_bounds[counterpart], other_bounds[last_counterpart + 1]
            is_verbatim = self._words[start:end] == self._others[there:there_end]
            stretch = _Stretch(start, end, there, there_end, is_verbatim)
            if self._is_told(stretch):
                yield stretch

    def _blocks(self) -> Iterator[tuple[int, int, tuple[int, int]]]:
        """The counterpart of each sentence that has one, in the order of the query.

        Sentences that have the same counterpart are one block.
        """
        aligned = self._aligned()
        counterparts = {**aligned, **self._by_runs(aligned)}
        places = sorted(counterparts)
        for at, first in enumerate(places):
            if first - 1 in counterparts and counterparts[first - 1] == counterparts[first]:
                continue
            last = first
            for following in places[at + 1 :]:
                if following != last + 1 or counterparts[following] != counterparts[first]:
                    break
                last = following
            yield first, last, counterparts[first]

    def _aligned(self) -> dict[int, tuple[int, int]]:
        """Aligned sentence -> the first and the last of its counterpart.

        That is the best one, with those next to it that are aligned with no other: the sentence
        was split.
        """
        pairs = [(i, j) for i, j, _, identity, _ in self._pairs if identity >= self._min_identity]
        partners = Counter([j for _, j in pairs])
        own = {pair for pair in pairs if partners[pair[1]] == 1}
        best: dict[int, tuple[bool, float, int]] = {}
        for i, j, _, identity, mutual in self._pairs:
            if i not in best or (mutual, identity) > best[i][:2]:
                best[i] = mutual, identity, j
        found = {}
        for i, (_, identity, j) in best.items():
            if identity >= self._min_identity:
                first = last = j
                while (i, first - 1) in own:
                    first -= 1
                while (i, last + 1) in own:
                    last += 1
                found[i] = first, last
        return found

    def _by_runs(self, aligned: Container[int]) -> dict[int, tuple[int, int]]:
        """Likewise for sentences that are not aligned, and stand in runs for the most part.

        Their words may be too common to tell sentences apart: "as soon as possible".
        """
        bounds, other_bounds = self._bounds, self._other_bounds
        found: dict[int, list[_Run]] = {}
        for run in self._runs:
            first = bisect_right(bounds, run.query) - 1
            last = bisect_left(bounds, run.query + run.length) - 1
            for i in range(first, last + 1):
                if i not in aligned:
                    found.setdefault(i, []).append(_cut(run, bounds[i], bounds[i + 1]))
        return {
            i: (
                bisect_right(other_bounds, min(part.candidate for part in parts)) - 1,
                bisect_left(other_bounds, max(part.candidate + part.length for part in parts)) - 1,
            )
            for i, parts in found.items()
            if sum(part.length for part in parts) >= self._mostly * (bounds[i + 1] - bounds[i])
        }

    def _is_told(self, stretch: _Stretch) -> bool:
        """Whether the sentences are shown whole, and not only the runs in them."""
        start, end, there, there_end, _ = stretch
        shorter, longer = sorted((end - start, there_end - there))
        if shorter < self._min_sentence:
            return False
        inside = elsewhere = 0
        for run in self._runs:
            part = _cut(run, start, end)
            if part.length <= 0:
                continue
            last = min(part.candidate + part.length, there_end)
            within = max(last - max(part.candidate, there), 0)
            if within == shorter != longer:
                return False  # one of the two is a part of the other
            inside += within
            elsewhere += part.length - within
        if elsewhere > inside:
            return False
        if not inside or inside >= self._nearly_all * longer:
            return True
        rest = shorter + longer - 2 * inside
        return 2 * (self._common(stretch) - inside) >= self._min_identity * rest

    def _common(self, stretch: _Stretch) -> int:
        """Words that stand on both sides in the same order."""
        ours = self._words[stretch.start : stretch.end][: self._max_sequence]
        theirs = self._others[stretch.candidate_start : stretch.candidate_end]
        return LCSseq.similarity(ours, theirs[: self._max_sequence])

    def verbatim(self, reworded: Iterable[_Stretch]) -> Iterator[_Stretch]:
        """The runs, but for what stands in sentences that are shown whole."""
        shown = self.words_of(reworded)
        starts, other_starts = set(self._bounds), set(self._other_bounds)
        for run in self._runs:
            for first, last in _not_shown(shown, run.query, run.query + run.length):
                words = last - first
                # What is left beside a reworded sentence is of use as a sentence, or a run.
                if words < min(run.length, self._min_run):
                    is_sentence = first in starts and last in starts
                    if words < self._min_sentence or not is_sentence:
                        continue
                start, there, words = self._trimmed(_cut(run, first, last), starts, other_starts)
                yield _Stretch(start, start + words, there, there + words, is_verbatim=True)

    def _trimmed(self, run: _Run, starts: set[int], other_starts: set[int]) -> _Run:
        """The run without the few words that it holds of one more sentence."""
        first, last = run.query, run.query + run.length
        shift = run.candidate - run.query
        for words in range(1, self._max_dangling + 1):
            if last - first - words < self._min_run:
                break
            begins, ends = first + words, last - words
            if first not in starts and begins in starts and begins + shift in other_starts:
                return self._trimmed(_cut(run, begins, last), starts, other_starts)
            if last not in starts and ends in starts and ends + shift in other_starts:
                return self._trimmed(_cut(run, first, ends), starts, other_starts)
        return run


def _not_shown(shown: bytearray, start: int, end: int) -> Iterator[tuple[int, int]]:
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


def _cut(run: _Run, start: int, end: int) -> _Run:
    """The part of a run within ``[start, end)`` of the query; of no length if there is none."""
    at, there, length = run
    first, last = max(at, start), min(at + length, end)
    return _Run(first, there + first - at, last - first)
