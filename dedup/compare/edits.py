"""Where aligned sentences differ: the pieces of either that the other has not, in order.

Every difference, for counting. Which of them put one thing in the place of another is worked out
in ``dedup.compare.differences``, which takes ten times as long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from dedup.compare.comparison import Comparison
from dedup.compare.kernel import kernel
from dedup.compare.profile import Profile

PIECE: Final = re.compile(r"\w+(?:[.,]\w+)*|['’](?:s|t|re|ve|ll|d|m)\b|[^\w\s]")
"""A word, an abbreviation ("U.S"), a number, an English ending behind an
apostrophe, or a mark. Tokens tell where texts differ; they know neither marks nor capitals."""

APOSTROPHES: Final = frozenset("'’")

MOST_WORDS: Final = 1000
"""Words of one sentence that are looked at: what is longer is a list or a table. Bounds the
memory, which grows with the product of both sides, to some 100 KB."""


class Edit(NamedTuple):
    """Pieces of one sentence that stand where its counterpart has others; one side may be empty.

    Attributes:
        query: Pieces of the query, as spelled there, with the marks between.
        candidate: Pieces of the candidate.
    """

    query: tuple[str, ...]
    candidate: tuple[str, ...]


def edits(comparison: Comparison) -> Iterator[Edit]:
    """The edits of all sentences that are each other's best counterpart, in the query's order.

    By the longest common subsequence of words. Of several that are equally long one is taken,
    which may be another when the two texts change places: ask the canonical comparison.
    """
    ours, theirs = comparison.query, comparison.candidate
    our_spelling, their_spelling = _Spelling(ours), _Spelling(theirs)
    for pair in comparison.alignment.pairs:
        if pair.mutual:
            here = _bounded(*ours.sentence_ranges[pair.query])
            there = _bounded(*theirs.sentence_ranges[pair.candidate])
            blocks = kernel.blocks_in_order((ours.words, *here), (theirs.words, *there))
            (place, end), (other_place, other_end) = here, there
            for start, other_start, size in (*blocks, (end, other_end, 0)):
                if place < start or other_place < other_start:
                    yield Edit(
                        our_spelling.pieces(place, start),
                        their_spelling.pieces(other_place, other_start),
                    )
                place, other_place = start + size, other_start + size


def _bounded(start: int, end: int) -> tuple[int, int]:
    return start, min(end, start + MOST_WORDS)


class _Spelling:
    """The words of a document as they are spelled, with the marks between them."""

    def __init__(self, document: Profile) -> None:
        self._text = document.document.clean.text
        self._starts, self._ends = document.word_starts, document.word_ends

    def pieces(self, first: int, last: int) -> tuple[str, ...]:
        """The pieces of words ``[first, last)``; an apostrophe belongs to the word behind it."""
        if first == last:
            return ()
        text, start, end = self._text, self._starts[first], self._ends[last - 1]
        is_apostrophe = start > 0 and text[start - 1] in APOSTROPHES
        if not is_apostrophe:
            piece = text[start:end]
            if piece.isalnum():  # as most are: one word, which is one piece
                return (piece,)
        return tuple(PIECE.findall(text, start - is_apostrophe, end))
