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
"""A word, an abbreviation ("U.S", and its last point), a number, an English ending behind an
apostrophe, or a mark. Tokens will not do: they know neither marks nor capitals."""


MOST_PIECES: Final = 1000
"""Pieces of one sentence that are looked at: what is longer is a list or a table. Bounds the
memory, which grows with the product of both sides, to some 100 KB."""


class Edit(NamedTuple):
    """Pieces of one sentence that stand where its counterpart has others; one side may be empty.

    Attributes:
        query: Pieces of the query, as spelled there.
        candidate: Pieces of the candidate.
    """

    query: tuple[str, ...]
    candidate: tuple[str, ...]


def edits(comparison: Comparison) -> Iterator[Edit]:
    """The edits of all sentences that are each other's best counterpart, in the query's order.

    By the longest common subsequence of pieces, capitals apart. Of several that are equally
    long one is taken, which may be another when the two texts change places: ask the
    canonical comparison.
    """
    query, candidate = comparison.query, comparison.candidate
    for pair in comparison.alignment.pairs:
        if not pair.mutual:
            continue
        ours, theirs = _sentence(query, pair.query), _sentence(candidate, pair.candidate)
        if ours != theirs:
            yield from _edits(_pieces(ours), _pieces(theirs))


def _sentence(document: Profile, sentence: int) -> str:
    """From its first word to the first word of the next one: its closing marks are in it."""
    text, starts = document.document.clean.text, document.document.tokens.starts
    first, next_first = document.bounds[sentence : sentence + 2]
    return text[starts[first] : starts[next_first] if next_first < len(starts) else len(text)]


def _pieces(sentence: str) -> list[str]:
    return PIECE.findall(sentence)[:MOST_PIECES]


def _edits(ours: list[str], theirs: list[str]) -> Iterator[Edit]:
    folded = [[piece.casefold() for piece in pieces] for pieces in (ours, theirs)]
    start, other_start = 0, 0
    for step in Indel.opcodes(*folded):
        if step.tag == "equal":
            if start < step.src_start or other_start < step.dest_start:
                yield Edit(
                    tuple(ours[start : step.src_start]),
                    tuple(theirs[other_start : step.dest_start]),
                )
            start, other_start = step.src_end, step.dest_end
    if start < len(ours) or other_start < len(theirs):
        yield Edit(tuple(ours[start:]), tuple(theirs[other_start:]))
