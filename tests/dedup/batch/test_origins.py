"""What a source goes back to, where the article was taken from that, too."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pyarrow as pa

from dedup.batch.origins import with_origins
from dedup.batch.schema import MATCHES, VERDICTS

ARTICLE = 9


def verdict(source: int | None) -> pa.RecordBatch:
    row: dict[str, Any] = dict.fromkeys(VERDICTS.names)
    row |= {
        "number": ARTICLE,
        "id": str(ARTICLE),
        "verdict": "copy",
        "kind": "edited",
        "likely": False,
        "source": None if source is None else str(source),
        "source_number": source,
        "matches": 1,
        "matches_complete": True,
        "reasons": ["It is a copy."],
        "credits": [],
    }
    return pa.RecordBatch.from_pylist([row], VERDICTS)


def matches(directions: Mapping[int, str]) -> pa.RecordBatch:
    scores = dict.fromkeys([field.name for field in MATCHES.field("scores").type], 1.0)
    rows = [
        {
            **dict.fromkeys(MATCHES.names),
            "number": ARTICLE,
            "id": str(ARTICLE),
            "other_number": other,
            "other": str(other),
            "relation": "copy",
            "direction": direction,
            "direction_reason": "it is older",
            "scores": scores,
            "scores_without_quotations": scores,
            "quotes": {"total": 0, "shared": 0, "reworded": 0},
            "passages": [],
            "reasons": [],
        }
        for other, direction in directions.items()
    ]
    return pa.RecordBatch.from_pylist(rows, MATCHES)


def origin(
    source: int | None, directions: Mapping[int, str], sources: Mapping[int, int]
) -> tuple[str | None, int | None, list[str]]:
    told = with_origins(verdict(source), matches(directions), sources.get)
    told.validate(full=True)
    (row,) = told.to_pylist()
    return row["origin"], row["origin_number"], row["reasons"]


FROM = "copied_from"


def test_origin_is_the_last_of_the_chain_that_the_article_was_taken_from() -> None:
    name, number, reasons = origin(3, {3: FROM, 2: FROM, 1: FROM}, {3: 2, 2: 1})
    assert (name, number) == ("1", 1)
    assert reasons == [
        "It is a copy.",
        "3 goes back to 1, and so does this article, which is a copy of 1: it is older.",
    ]


def test_source_that_was_taken_from_nothing_is_the_first() -> None:
    assert origin(3, {3: FROM}, {}) == (None, None, ["It is a copy."])
    assert origin(None, {3: "copied_by"}, {3: 2}) == (None, None, ["It is a copy."])


def test_chain_ends_where_the_article_was_not_compared() -> None:
    assert origin(3, {3: FROM, 1: FROM}, {3: 2, 2: 1})[0] is None
    assert origin(3, {3: FROM, 2: FROM}, {3: 2, 2: 1})[0] == "2"


def test_chain_ends_where_the_article_was_not_taken_from_it() -> None:
    assert origin(3, {3: FROM, 2: "copied_by"}, {3: 2})[0] is None


def test_circle_of_sources_ends() -> None:
    assert origin(3, {3: FROM, 2: FROM}, {3: 2, 2: 3})[0] == "2"
    assert origin(3, {3: FROM}, {3: ARTICLE})[0] is None
