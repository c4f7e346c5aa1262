"""Pairs that show what was found, side by side."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dedup.beside import Row, beside, changed_words
from dedup.model import Article, Passage, Span
from dedup.normalize import read

SHOWN: Final = (
    ("copy", "exact"),
    ("copy", "edited"),
    ("copy", "excerpt"),
    ("copy", "extended"),
    ("copy", "revision"),
    ("copy", "composite"),
    ("retranslation", "same_language"),
    ("retranslation", "cross_language"),
    ("independent", "derived"),
)
"""Verdicts and kinds of which examples are shown, in this order."""

EXAMPLES: Final = 2
"""Examples of each kind. Of different families: those of one look alike."""

READABLE: Final = 350
"""Words of a text that is read rather than skimmed."""

LOOKED_AT: Final = 100
"""Articles of a kind among which examples of different families are looked for."""

GAP: Final = 400
"""Code points shown of a stretch that matches nothing, half of them at either end."""


class Piece(NamedTuple):
    """A stretch of text, and whether its words are changed."""

    text: str
    changed: bool


@dataclass(frozen=True, slots=True)
class Line:
    """What stands side by side.

    Attributes:
        query: Of the article.
        candidate: Of its source.
        type: ``verbatim``, ``reworded`` or ``translated``; empty between two passages.
        quotation: Whether it is a quotation.
    """

    query: tuple[Piece, ...]
    candidate: tuple[Piece, ...]
    type: str
    quotation: bool


@dataclass(frozen=True, slots=True)
class Example:
    """An article beside the one that its verdict names.

    Attributes:
        verdict: The verdict.
        kind: Its kind.
        confidence: Of the verdict; None if it is not known.
        query: The article.
        candidate: The other one.
        reasons: Why.
        lines: Both texts, row by row.
    """

    verdict: str
    kind: str
    confidence: float | None
    query: Article
    candidate: Article
    reasons: tuple[str, ...]
    lines: tuple[Line, ...]


def choose(verdicts: pa.Table, articles: pa.Table) -> list[int]:
    """Numbers of the articles that make the examples, kind by kind.

    They are short enough to be read, and of these the longest, since a brief shows little.

    Args:
        verdicts: Columns ``number``, ``verdict``, ``kind``, ``source_number``, ``cluster``.
        articles: Columns ``number`` and ``words``, of all articles.
    """
    named = verdicts.filter(pc.is_valid(verdicts["source_number"]))
    numbers, words = articles["number"].to_numpy(), articles["words"].to_numpy()
    chosen: list[int] = []
    for verdict, kind in SHOWN:
        is_such = pc.and_(pc.equal(named["verdict"], verdict), pc.equal(named["kind"], kind))
        alike = named.filter(is_such)
        own, others = (
            _words(alike[column].to_numpy(), numbers, words)
            for column in ("number", "source_number")
        )
        longer = np.maximum(own, others)
        readable = longer <= READABLE
        order = np.lexsort((np.where(readable, -longer, longer), ~readable))
        rows = alike.take(order[:LOOKED_AT]).to_pylist()
        chosen += list(_of_different_families(rows).values())[:EXAMPLES]
    return chosen


def _words(
    some: NDArray[np.int64], numbers: NDArray[np.int64], words: NDArray[np.int32]
) -> NDArray[np.int32]:
    """How many words articles have; none is told of known ones that no input holds."""
    return np.where(some < 0, 0, words[np.searchsorted(numbers, some)])


def _of_different_families(rows: Sequence[Mapping[str, Any]]) -> dict[int, int]:
    """The first article of each family, by its family."""
    found: dict[int, int] = {}
    for row in rows:
        found.setdefault(row["number"] if row["cluster"] is None else row["cluster"], row["number"])
    return found


def example(
    verdict: Mapping[str, Any], passages: Sequence[Passage], query: Article, candidate: Article
) -> Example:
    """Lay an article beside its source.

    Args:
        verdict: Its row of ``verdicts``.
        passages: What the two share.
        query: The article, as submitted.
        candidate: The other one.
    """
    left, right = read(query), read(candidate)
    located = [
        replace(
            passage, query=left.located(passage.query), candidate=right.located(passage.candidate)
        )
        for passage in passages
    ]
    return Example(
        verdict=verdict["verdict"],
        kind=verdict["kind"],
        confidence=verdict["confidence"],
        query=query,
        candidate=candidate,
        reasons=tuple(verdict["reasons"]),
        lines=tuple(
            _line(left.text[slice(*row.query)], right.text[slice(*row.candidate)], row)
            for row in beside(left.text, right.text, located)
        ),
    )


def _line(query: str, candidate: str, row: Row) -> Line:
    if row.passage is None:
        return Line(_shortened(query), _shortened(candidate), "", quotation=False)
    comparable = row.passage.type != "translated"
    changes = changed_words(query, candidate) if comparable else ((), ())
    return Line(
        tuple(_pieces(query, changes[0])),
        tuple(_pieces(candidate, changes[1])),
        row.passage.type,
        row.passage.quotation,
    )


def _pieces(text: str, changed: Iterable[Span]) -> Iterator[Piece]:
    position = 0
    for start, end in changed:
        yield Piece(text[position:start], changed=False)
        yield Piece(text[start:end], changed=True)
        position = end
    yield Piece(text[position:], changed=False)


def _shortened(text: str) -> tuple[Piece, ...]:
    text = text.strip()
    if len(text) > GAP:
        left_out = len(text) - GAP
        text = f"{text[: GAP // 2]} … {left_out:,} characters … {text[-GAP // 2 :]}"
    return (Piece(text, changed=False),)
