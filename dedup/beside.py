"""Two texts beside each other: what stands in one row, and which words of it changed.

Rows follow the order of the query. Nothing of either text is left out. How rows are shown, on a
terminal or on a page, is the business of whoever shows them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from dedup.model import Passage, Span
from dedup.tokens import Tokens, tokenize

CLOSING = frozenset(".,;:!?…\"'”’»)]。！？：；、，）」』")
OPENING = frozenset("\"'“‘„«([「『")


@dataclass(frozen=True, slots=True)
class Row:
    """What stands side by side: a passage, or what lies between two (``passage`` None)."""

    query: Span
    candidate: Span
    passage: Passage | None


def beside(query: str, candidate: str, passages: Sequence[Passage]) -> Iterator[Row]:
    """Lay two texts beside each other as they are shown.

    Passages inside others are left out, and the marks that stick to a passage go with it.

    Args:
        query: The text that ``Passage.query`` points into.
        candidate: The text that ``Passage.candidate`` points into.
        passages: What they share.
    """
    shown = [
        replace(
            passage,
            query=with_punctuation(query, passage.query),
            candidate=with_punctuation(candidate, passage.candidate),
        )
        for passage in outermost(passages)
    ]
    return rows(query, candidate, shown)


def rows(query: str, candidate: str, passages: Sequence[Passage]) -> Iterator[Row]:
    """Cut two texts into rows, in the order of the query.

    What precedes a passage in the candidate is shown with that passage, so each part of
    both texts is shown once, wherever passages have moved to.
    """
    ordered = sorted(passages, key=lambda passage: passage.query)
    *before, rest = _candidate_gaps(ordered, len(candidate))
    position = 0
    for passage, candidate_gap in zip(ordered, before, strict=True):
        query_gap = Span(position, max(position, passage.query.start))
        yield from _gap_row(query, candidate, query_gap, candidate_gap)
        yield Row(passage.query, passage.candidate, passage)
        position = max(position, passage.query.end)
    yield from _gap_row(query, candidate, Span(position, len(query)), rest)


def _candidate_gaps(passages: Sequence[Passage], end: int) -> list[Span]:
    """What lies before each passage in the candidate, and at last what follows them all."""
    gaps = [Span(0, 0)] * len(passages)
    position = 0
    for number in sorted(range(len(passages)), key=lambda number: passages[number].candidate):
        start, stop = passages[number].candidate
        gaps[number] = Span(position, max(position, start))
        position = max(position, stop)
    return [*gaps, Span(position, max(position, end))]


def _gap_row(query: str, candidate: str, left: Span, right: Span) -> Iterator[Row]:
    if query[slice(*left)].strip() or candidate[slice(*right)].strip():
        yield Row(left, right, None)


def outermost(passages: Sequence[Passage]) -> list[Passage]:
    """Those that are not part of another one on both sides, such as a run in a sentence."""
    kept: list[Passage] = []
    for passage in sorted(passages, key=_size, reverse=True):
        if not any(
            _holds(other.query, passage.query) and _holds(other.candidate, passage.candidate)
            for other in kept
        ):
            kept.append(passage)
    return kept


def _size(passage: Passage) -> int:
    return passage.query.end - passage.query.start


def _holds(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def with_punctuation(text: str, span: Span) -> Span:
    """A span with the marks that stick to its ends, which no word of it reaches.

    >>> text = 'He said: "We won." Then he left.'
    >>> start, end = with_punctuation(text, Span(10, 16))
    >>> text[start:end]
    '"We won."'
    """
    start, end = span
    while end < len(text) and text[end] in CLOSING:
        end += 1
    # Only at the beginning of a word: elsewhere it closes what stands before.
    if start > 0 and text[start - 1] in OPENING and not text[: start - 1][-1:].strip():
        start -= 1
    return Span(start, end)


def changed_words(query: str, candidate: str) -> tuple[Sequence[Span], Sequence[Span]]:
    """Runs of words that stand in one of two passages only, in either.

    >>> changed_words("the last major bastion", "The last stronghold")
    ([Span(start=9, end=22)], [Span(start=9, end=19)])
    """
    left, right = tokenize(query), tokenize(candidate)
    if left.words == right.words:  # which costs the matcher seconds where it is a long article
        return [], []
    matcher = SequenceMatcher(None, left.words, right.words, autojunk=False)
    changes = [change for change in matcher.get_opcodes() if change[0] != "equal"]
    return (
        [_reach(left, first, stop) for _, first, stop, _, _ in changes if first < stop],
        [_reach(right, first, stop) for _, _, _, first, stop in changes if first < stop],
    )


def _reach(tokens: Tokens, first: int, stop: int) -> Span:
    return Span(int(tokens.starts[first]), int(tokens.ends[stop - 1]))
