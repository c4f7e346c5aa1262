"""Where aligned sentences differ: the pieces of either that the other has not, in order.

Every difference, for counting. Which of them put one thing in the place of another is worked out
in ``dedup.compare.differences``, which takes ten times as long.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from rapidfuzz.distance import Indel

from dedup.compare.comparison import Comparison
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
        if not pair.mutual:
            continue
        start, other_start = (
            ours.sentence_ranges[pair.query][0],
            theirs.sentence_ranges[pair.candidate][0],
        )
        for (first, last), (other_first, other_last) in _interruptions(
            ours.sentence_words[pair.query][:MOST_WORDS],
            theirs.sentence_words[pair.candidate][:MOST_WORDS],
        ):
            yield Edit(
                our_spelling.pieces(start + first, start + last),
                their_spelling.pieces(other_start + other_first, other_start + other_last),
            )


def _interruptions(
    words: list[int], others: list[int]
) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Half-open stretches between the words that both have in the same order."""
    place, other_place = 0, 0
    for step in Indel.opcodes(words, others):
        if step.tag == "equal":
            if place < step.src_start or other_place < step.dest_start:
                yield (place, step.src_start), (other_place, step.dest_start)
            place, other_place = step.src_end, step.dest_end
    if place < len(words) or other_place < len(others):
        yield (place, len(words)), (other_place, len(others))


class _Spelling:
    """The words of a document as they are spelled, with the marks between them."""

    def __init__(self, document: Profile) -> None:
        tokens = document.document.tokens
        self._text = document.document.clean.text
        self._starts: list[int] = tokens.starts.tolist()
        self._ends: list[int] = tokens.ends.tolist()

    def pieces(self, first: int, last: int) -> tuple[str, ...]:
        """The pieces of words ``[first, last)``; an apostrophe belongs to the word behind it."""
        if first == last:
            return ()
        start = self._starts[first]
        start -= start > 0 and self._text[start - 1] in APOSTROPHES
        return tuple(PIECE.findall(self._text, start, self._ends[last - 1]))
