"""Quotations and what became of them in another text: ``native/compare/quotes.c`` in Python.

``dedup.compare.quotes`` says what is looked for, and why; ``_native.pyi`` says what is given.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import Any, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import LCSseq

from dedup.hashing import window_hashes

Record = TypeVar("Record", bound=tuple[object, ...])
Array = NDArray[Any] | bytes | bytearray
QuotingText = tuple[Array, Array, Array, Array, Array, Array, Array]
QuoteBounds = tuple[tuple[float, float, float], tuple[int, int, int]]


def quoted_words(
    starts: Array, ends: Array, spans: Sequence[tuple[int, int]], shortest: tuple[int, int]
) -> tuple[bytearray, bytearray, bytes]:
    """The words of quotations, of those that are told, and which words stand outside all."""
    begins, closes = (np.frombuffer(array, dtype=np.int32).tolist() for array in (starts, ends))
    found, told, unquoted = [], [], bytearray(b"\1") * len(begins)
    for begin, close in spans:
        first, behind = bisect_left(begins, begin), bisect_left(begins, close)
        n_words = behind - first
        if n_words <= 0:
            continue
        found += [first, behind]
        unquoted[first:behind] = bytes(n_words)
        is_spaced = closes[behind - 1] - begins[first] > 2 * n_words
        if n_words >= shortest[not is_spaced]:
            told += [first, behind]
    as_array = [bytearray(np.array(words, dtype=np.int32)) for words in (found, told)]
    return as_array[0], as_array[1], bytes(unquoted)


class _Found(NamedTuple):
    start: int
    end: int
    status: str
    identity: float


_ABSENT = _Found(-1, -1, "absent", 0.0)


def follow_quotes(
    record: Callable[..., Record],
    query: QuotingText,
    candidate: QuotingText,
    found: tuple[Sequence[tuple[int, int, int]], Sequence[tuple[Any, ...]]],
    bounds: QuoteBounds,
) -> tuple[Record, ...]:
    """What became of those of the query's quotations that are told."""
    runs, pairs = found
    search = _Search(_Text(query), _Text(candidate), pairs, bounds)
    begins = [run[0] for run in runs]
    quotes = []
    for start, end in _stretches(query[6]):
        at = bisect_right(begins, start) - 1
        if at >= 0 and end <= begins[at] + runs[at][2]:
            shift = runs[at][1] - begins[at]
            became = _Found(start + shift, end + shift, "kept", 1.0)
        else:
            became = search.follow(start, end)
        quotes.append(record(start, end, *became))
    return tuple(quotes)


def _stretches(ends: Array) -> list[tuple[int, int]]:
    numbers = np.frombuffer(ends, dtype=np.int32).tolist()
    return list(zip(numbers[::2], numbers[1::2], strict=True))


class _Text:
    """A text with its quotations."""

    def __init__(self, arrays: QuotingText) -> None:
        words, terms, weights, inserted, bounds, quotations, _ = arrays
        self.words = np.frombuffer(words, dtype=np.uint64)
        self.terms = np.frombuffer(terms, dtype=np.uint64)
        self.weights = np.frombuffer(weights, dtype=np.float32)
        self.bounds = np.frombuffer(bounds, dtype=np.int32).tolist()
        self.quotations = _stretches(quotations)
        self._is_said = np.frombuffer(inserted, dtype=np.uint8) == 0

    def said(self, start: int, end: int) -> list[int]:
        """The words of a quotation that are the speaker's; all, where none are."""
        words = self.words[start:end]
        said: list[int] = words[self._is_said[start:end]].tolist()
        return said or words.tolist()

    def sentence_of(self, word: int) -> int:
        """The sentence that holds a word."""
        return bisect_right(self.bounds, word) - 1

    def quotations_within(self, start: int, end: int) -> Iterator[tuple[int, int]]:
        """The quotations that stand in a stretch, or reach into it."""
        first = bisect_left(self.quotations, (start, 0)) - 1
        for quotation in self.quotations[max(first, 0) :]:
            if quotation[0] >= end:
                return
            yield quotation


class _Search:
    """Where quotations of the query may stand in the candidate."""

    def __init__(
        self,
        query: _Text,
        candidate: _Text,
        pairs: Sequence[tuple[Any, ...]],
        bounds: QuoteBounds,
    ) -> None:
        self._query, self._candidate = query, candidate
        self._kept, self._min_shared_terms, self._min_similar = bounds[0]
        self._window, self._min_words, self._max_words = bounds[1]
        self._partners: dict[int, list[int]] = {}
        for sentence, partner, *_ in pairs:
            self._partners.setdefault(sentence, []).append(partner)
        self._first: dict[int, int] = {}
        for place, window in enumerate(window_hashes(candidate.words, self._window).tolist()):
            self._first.setdefault(window, place)

    def follow(self, start: int, end: int) -> _Found:
        """What became of a quotation, of the sentences where it may stand the best taken."""
        where = sorted({*self._hits(start, end), *self._aligned(start, end)})
        if not where:
            return _ABSENT
        sought = self._query.said(start, min(end, start + self._max_words))
        gaps = [at for at, (a, b) in enumerate(pairwise(where), start=1) if b > a + 2]
        best = max(
            [
                self._found(
                    sought,
                    self._candidate.bounds[where[first]],
                    self._candidate.bounds[where[behind - 1] + 1],
                )
                for first, behind in pairwise([0, *gaps, len(where)])
            ],
            key=lambda found: found.identity,
        )
        if best.status == "reworded" and not self._same_matter(start, end, best):
            return _ABSENT._replace(identity=best.identity)
        return best

    def _hits(self, start: int, end: int) -> Iterator[int]:
        """The sentences that have some words of the quotation in a row."""
        for window in window_hashes(self._query.words[start:end], self._window).tolist():
            if window in self._first:
                yield self._candidate.sentence_of(self._first[window])

    def _aligned(self, start: int, end: int) -> Iterator[int]:
        """The sentences that are aligned with its own."""
        first, last = self._query.sentence_of(start), self._query.sentence_of(end - 1)
        for sentence in range(first, last + 1):
            yield from self._partners.get(sentence, ())

    def _found(self, sought: list[int], start: int, end: int) -> _Found:
        """Words of a quotation in a stretch of the candidate, as if it stood there.

        A quotation there that is made of these words alone is the same, shortened.
        """
        candidate = self._candidate
        end = min(end, start + self._max_words)
        there = candidate.words[start:end].tolist()
        blocks = [
            (start + block.b, block.size)
            for block in LCSseq.editops(sought, there).as_matching_blocks()
            if block.size
        ]
        matched = sum(size for _, size in blocks)
        identity = matched / len(sought)
        if identity >= self._kept:
            return _Found(blocks[0][0], sum(blocks[-1]), "kept", identity)
        where, most = (start, end), matched / 2
        for a, b in candidate.quotations_within(start, end):
            if b - a < self._min_words:
                continue
            shared = [max(min(b, at + size) - max(a, at), 0) for at, size in blocks]
            if max(shared, default=0) >= self._window:
                theirs = candidate.said(a, b)
                shortened = LCSseq.similarity(sought, theirs) / len(theirs)
                if shortened >= self._kept:
                    return _Found(a, b, "kept", shortened)
            if sum(shared) > most:
                where, most = (a, b), sum(shared)
        return _Found(*where, "reworded", identity)

    def _same_matter(self, start: int, end: int, place: _Found) -> bool:
        """Whether a place says what a quotation says, in other words."""
        query, length = self._query, place.end - place.start
        if 2 * place.identity * (end - start) >= self._min_similar * (end - start + length):
            return True
        there = set(self._candidate.terms[place.start : place.end].tolist())
        terms, weights = query.terms[start:end].tolist(), query.weights[start:end].tolist()
        shared = total = 0.0
        for term, weight in dict(zip(terms, weights, strict=True)).items():
            total += weight
            shared += weight if term in there else 0.0
        return bool(shared >= self._min_shared_terms * total > 0)
