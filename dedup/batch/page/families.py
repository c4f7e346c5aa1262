"""The largest families of a run: who was first, who has it from whom, and when."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, TypeAlias

import pyarrow as pa
import pyarrow.compute as pc

MOST_FAMILIES: Final = 50
"""Families that are listed."""

MOST_MEMBERS: Final = 20
"""Members of a family that are listed, in order of time."""


Row: TypeAlias = dict[str, Any]
"""A row of ``clusters`` with what ``articles`` says of the member; its outlet is ``outlet``."""


@dataclass(frozen=True, slots=True)
class Member:
    """An article of a family.

    Attributes:
        id: Its id.
        title: Its title, if it has one.
        outlet: Where it was published, if it says so.
        published: When, if it says so.
        after: How long after the first; None if either date is not known.
        relation: What it is to its source; None for the first.
        kind: The kind of that.
        source: Id of what it was taken from.
        reason: How that is known.
        known: It was known before the run.
    """

    id: str
    title: str | None
    outlet: str | None
    published: datetime | None
    after: timedelta | None
    relation: str | None
    kind: str | None
    source: str | None
    reason: str | None
    known: bool


@dataclass(frozen=True, slots=True)
class Family:
    """Articles that go back to one.

    Attributes:
        size: How many they are.
        copies: How many of them are copies.
        retranslations: How many are re-translations.
        outlets: How many outlets have it.
        members: The first, and those that followed it first.
    """

    size: int
    copies: int
    retranslations: int
    outlets: int
    members: tuple[Member, ...]


def largest(clusters: pa.Table, articles: pa.Table) -> tuple[Family, ...]:
    """The largest families, of equal ones that of the smaller number first.

    Args:
        clusters: As written.
        articles: Columns ``number``, ``id``, ``title``, ``source``, ``published``.
    """
    sizes = clusters.group_by("cluster").aggregate([([], "count_all")])
    order = [("count_all", "descending"), ("cluster", "ascending")]
    named = sizes.sort_by(order).slice(0, MOST_FAMILIES)["cluster"].to_pylist()
    members = clusters.filter(pc.is_in(clusters["cluster"], pa.array(named, pa.int64())))
    about = articles.filter(pc.is_in(articles["number"], members["number"].combine_chunks()))
    facts = {row["number"]: row for row in about.to_pylist()}
    unknown = dict.fromkeys(about.column_names)
    rows: dict[int, list[Row]] = {cluster: [] for cluster in named}
    for row in members.sort_by("place").to_pylist():
        article = facts.get(row["number"], unknown)  # known articles have no row there
        rows[row["cluster"]].append({**article, **row, "outlet": article["source"]})
    return tuple(_family(rows[cluster]) for cluster in named)


def _family(rows: Sequence[Row]) -> Family:
    relations = Counter(row["relation"] for row in rows)
    return Family(
        size=len(rows),
        copies=relations["copy"],
        retranslations=relations["retranslation"],
        outlets=len({row["outlet"] for row in rows} - {None}),
        members=tuple(_member(row, rows[0]["published"]) for row in rows[:MOST_MEMBERS]),
    )


def _member(row: Row, first: datetime | None) -> Member:
    published = row["published"]
    return Member(
        id=row["id"],
        title=row["title"],
        outlet=row["outlet"],
        published=published,
        after=published - first if published and first else None,
        relation=row["relation"],
        kind=row["kind"],
        source=row["source"],
        reason=row["direction_reason"],
        known=row["known"],
    )
