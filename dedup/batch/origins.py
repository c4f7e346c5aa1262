"""What the source of an article was taken from in turn, where the article was taken from it too.

As in an index (``dedup.families``), but told of pairs that were compared alone: nothing is
compared for it.
"""

from __future__ import annotations

from collections.abc import Callable

import pyarrow as pa

from dedup.batch.deciding import matches_of
from dedup.batch.schema import VERDICTS
from dedup.families import MOST_STEPS
from dedup.judge import goes_back
from dedup.model import Match

SourceOf = Callable[[int], int | None]
"""Number of the article that a copy or re-translation was taken from; None of any other."""


def with_origins(
    verdicts: pa.RecordBatch, matches: pa.RecordBatch, source_of: SourceOf
) -> pa.RecordBatch:
    """Verdicts with what their sources go back to.

    Args:
        verdicts: Rows of ``schema.VERDICTS``, in order of number.
        matches: Rows of ``schema.MATCHES``: those of these articles, in order of number.
        source_of: Says it of any article.
    """
    origins = _origins(verdicts, matches, source_of)
    if not origins:
        return verdicts
    names: list[str | None] = verdicts.column("origin").to_pylist()
    numbers: list[int | None] = verdicts.column("origin_number").to_pylist()
    reasons: list[list[str]] = verdicts.column("reasons").to_pylist()
    sources: list[str] = verdicts.column("source").to_pylist()
    for place, origin in origins.items():
        names[place], numbers[place] = origin.other.id, origin.place
        reasons[place].append(goes_back(sources[place], origin))
    for name, values in (("origin", names), ("origin_number", numbers), ("reasons", reasons)):
        at = VERDICTS.get_field_index(name)
        column = pa.array(values, VERDICTS.field(at).type)
        verdicts = verdicts.set_column(at, VERDICTS.field(at), column)
    return verdicts


def _origins(
    verdicts: pa.RecordBatch, matches: pa.RecordBatch, source_of: SourceOf
) -> dict[int, Match]:
    """The match of each article with its origin, by the article's place."""
    numbers: list[int] = verdicts.column("number").to_pylist()
    sources: list[int | None] = verdicts.column("source_number").to_pylist()
    further = {
        number: place
        for place, (number, source) in enumerate(zip(numbers, sources, strict=True))
        if source is not None and source_of(source) is not None
    }
    rows: dict[int, dict[int, int]] = {number: {} for number in further}
    pairs = zip(
        matches.column("number").to_pylist(),
        matches.column("other_number").to_pylist(),
        strict=True,
    )
    for row, (number, other) in enumerate(pairs):
        if number in rows:
            rows[number][other] = row
    found = {
        place: _origin(number, sources[place] or 0, rows[number], matches, source_of)
        for number, place in further.items()
    }
    return {place: origin for place, origin in found.items() if origin is not None}


def _origin(
    number: int,
    source: int,
    rows: dict[int, int],
    matches: pa.RecordBatch,
    source_of: SourceOf,
) -> Match | None:
    """The last of the chain from an article's source on that the article was taken from."""
    passed = {number}
    origin: Match | None = None
    step = source
    while len(passed) <= MOST_STEPS:
        passed.add(step)
        further = source_of(step)
        row = None if further is None or further in passed else rows.get(further)
        if further is None or row is None:
            break
        (match,) = matches_of(matches.slice(row, 1))
        if match.direction != "copied_from":
            break
        origin, step = match, further
    return origin
