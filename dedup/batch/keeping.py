"""Which article of each family is kept, under a declared policy, and why the others are not.

A family keeps one article, or one in each of its languages; more where no single one stands for all
(``dedup.batch.covering``). Criteria are asked in the order of the policy; where all of them say
the same of two articles, the one that comes first in its family is kept, in its newest version. So
the answer is a function of the tables alone.

An outlet that corrects or updates an article means its last version to stand. So of the versions of
one outlet the newest is kept where nothing is said: in the place of the first one, so that no copy of
it by somebody else goes before it. Who asks for the earliest gets the uncorrected one.

An excerpt that is kept as the earliest stands for a longer version. Who cannot afford that keeps
the longest.
"""

from __future__ import annotations

from dataclasses import dataclass
from operator import itemgetter
from typing import Any, Final, Literal, TypeAlias, get_args

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dedup.batch.covering import PARTIAL, first_versions, precedence, stand_ins, ties
from dedup.batch.outlets import preference
from dedup.batch.schema import ARTICLES

Criterion = Literal["preferred", "latest-revision", "earliest", "longest", "least-debris"]
CRITERIA: Final[tuple[Criterion, ...]] = get_args(Criterion)
"""By which an article is preferred to others of its family."""

LAST: Final[tuple[Criterion, ...]] = ("latest-revision",)
"""Asked in the end, under every policy; and alone where none is declared."""

Key: TypeAlias = NDArray[np.int64]

Deciding: TypeAlias = Criterion | Literal["known", "newest"]
"""What one article is kept for and not another: a criterion, that it is known, or that of versions
of one article it is the newest."""

Keys: TypeAlias = dict[Deciding, tuple[Key, ...]]
"""What articles are ordered by, in this order."""

ABOUT: Final = ("number", "id", "url", "source", "language", "words")
"""Columns of ``articles`` that a policy looks at."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What is kept of a family.

    Attributes:
        criteria: Asked one after the other.
        preferred: Outlets, the most preferred first: a source as articles name it, in any
            case, or the host of their address or what it ends in (``reuters.com``).
        per_language: Keep one article in each language of a family.

    Raises:
        ValueError: No criterion, one twice, or ``preferred`` without a list and the other way
            round.
    """

    criteria: tuple[Criterion, ...] = LAST
    preferred: tuple[str, ...] = ()
    per_language: bool = False

    def __post_init__(self) -> None:
        if not self.criteria or len(set(self.criteria)) < len(self.criteria):
            raise ValueError(f"criteria={self.criteria}; name one or more of {CRITERIA}, each once")
        if ("preferred" in self.criteria) != bool(self.preferred):
            raise ValueError("the criterion 'preferred' and a list of outlets go together")


REMOVED: Final = pa.schema(
    [
        pa.field("number", pa.int64(), nullable=False),
        pa.field("kept", pa.string(), nullable=False),
        pa.field("kept_number", pa.int64(), nullable=False),
        pa.field("relation", pa.string()),
        pa.field("kind", pa.string()),
        pa.field("of", pa.string()),
        pa.field("reason", pa.string(), nullable=False),
    ]
)
"""Why an article is not kept: what is kept instead of it, what it is to which article, and the
reason. One that was taken from no other is told by what it is to the one that is kept; null if the
two were not compared, and of one that is known itself."""


def removed(
    clusters: pa.Table, articles: pa.Table, artifacts: pa.Table, matches: pa.Table, policy: Policy
) -> pa.Table:
    """The articles that are not kept.

    Under every policy, one that is known already goes before all others.

    Args:
        clusters: As written by the run.
        articles: ``ABOUT`` of all articles, in order of number, and whether each is known.
        artifacts: Columns ``number`` and ``weight``.
        matches: ``covering.PAIR`` of all pairs.
        policy: What is kept.

    Returns:
        Rows of ``REMOVED``, in order of number.
    """
    members = clusters.sort_by("number")
    numbers = members["number"].to_numpy()
    is_known = members["known"].to_numpy()
    outside = members.filter(pc.less(members["number"], 0))
    all_articles = pa.concat_tables([_outside(outside), articles.select(ABOUT)])
    about = all_articles.take(np.searchsorted(all_articles["number"].to_numpy(), numbers))
    tied = ties(matches, numbers)
    places = precedence(members["place"].to_numpy().astype(np.int64), tied)
    about = about.append_column("place", pa.array(places))
    about = about.append_column("first_version", pa.array(first_versions(places, tied)))
    keys: Keys = {"known": ((~is_known).astype(np.int64),)}
    for criterion in (*policy.criteria, *LAST):
        keys[criterion] = _keys(criterion, about, artifacts, policy)
        if criterion == "latest-revision":
            keys["newest"] = (-places,)
    order = np.lexsort([key for own in keys.values() for key in own][::-1])
    languages = _places_in_order(about["language"])
    groups = languages if policy.per_language else np.zeros_like(languages)
    kept = stand_ins(order, groups, tied, is_known)
    others = np.flatnonzero((kept != np.arange(len(kept))) & ~is_known)
    rows = zip(
        _with_relation(members.take(others), numbers[kept[others]], matches),
        about.take(others).to_pylist(),
        about.take(kept[others]).to_pylist(),
        _deciding(keys, others, kept[others]),
        strict=True,
    )
    held = articles.filter(articles["known"]).to_pylist()
    gone = [_row(*row) for row in rows] + [_held(row) for row in held]
    return pa.Table.from_pylist(sorted(gone, key=itemgetter("number")), REMOVED)


def _outside(members: pa.Table) -> pa.Table:
    """What is told of known articles that no input holds: ``ABOUT``, in order of number."""
    told = {"number", "id", "language"}
    columns = [
        members[name] if name in told else pa.nulls(len(members), ARTICLES.field(name).type)
        for name in ABOUT
    ]
    words = ABOUT.index("words")
    columns[words] = pc.fill_null(columns[words], 0)
    return pa.table(columns, pa.schema(map(ARTICLES.field, ABOUT)))


def _keys(
    criterion: Criterion, members: pa.Table, artifacts: pa.Table, policy: Policy
) -> tuple[Key, ...]:
    """What members are ordered by, the least first: int64, shape (n_members,) each."""
    if criterion == "longest":
        return (-members["words"].to_numpy().astype(np.int64),)
    if criterion == "least-debris":
        numbers = members["number"].to_numpy()
        return tuple(_findings(artifacts, weight, numbers) for weight in ("strong", "weak"))
    if criterion == "preferred":
        outlets = zip(members["source"].to_pylist(), members["url"].to_pylist(), strict=True)
        ranks = [preference(source, url, policy.preferred) for source, url in outlets]
        return (np.array(ranks, dtype=np.int64),)
    if criterion == "latest-revision":
        return (members["first_version"].to_numpy(),)
    return (members["place"].to_numpy(),)


def _findings(artifacts: pa.Table, weight: str, numbers: NDArray[np.int64]) -> Key:
    """How many findings of a weight each article has."""
    with_any, counts = np.unique(
        artifacts["number"].filter(pc.equal(artifacts["weight"], weight)), return_counts=True
    )
    if not len(with_any):
        return np.zeros(len(numbers), dtype=np.int64)
    places = np.minimum(np.searchsorted(with_any, numbers), len(with_any) - 1)
    return np.where(with_any[places] == numbers, counts[places], 0)


def _places_in_order(values: pa.ChunkedArray) -> Key:
    """Equal numbers for equal values, in their order: int64, shape (n_values,)."""
    _, places = np.unique(values.to_numpy(), return_inverse=True)
    return places.astype(np.int64)


def _deciding(keys: Keys, others: NDArray[np.int64], kept: NDArray[np.int64]) -> list[Deciding]:
    """The criterion by which each article falls behind the one that is kept."""
    deciding = np.full(len(others), len(keys) - 1)
    for place, own in reversed(list(enumerate(keys.values()))):
        differs = np.any([key[others] != key[kept] for key in own], axis=0)
        deciding[differs] = place
    names = list(keys)
    return [names[place] for place in deciding]


def _held(article: dict[str, Any]) -> dict[str, Any]:
    """An article that is known itself."""
    return {
        **dict.fromkeys(REMOVED.names),
        "number": article["number"],
        "kept": article["id"],
        "kept_number": article["number"],
        "reason": "It is known already, with this text under this id.",
    }


def _with_relation(
    members: pa.Table, kept: NDArray[np.int64], matches: pa.Table
) -> list[dict[str, Any]]:
    """Rows of ``clusters``; of members without a source, what they are to those that are kept."""
    rows: list[dict[str, Any]] = members.to_pylist()
    without = {
        (row["number"], number): row
        for row, number in zip(rows, kept.tolist(), strict=True)
        if row["source"] is None
    }
    own = pa.array({number for number, _ in without}, pa.int64())
    ours, theirs = (
        matches.filter(pc.is_in(matches[side], own)).to_pylist()
        for side in ("number", "other_number")
    )
    # A long list of matches is cut: then the pair stands in that of the other article alone.
    told = {(pair["other_number"], pair["number"]): _mirrored(pair) for pair in theirs}
    told |= {(pair["number"], pair["other_number"]): pair for pair in ours}
    nothing = dict.fromkeys(("relation", "kind"))
    for both, row in without.items():
        pair = told.get(both, nothing)
        row |= {"relation": pair["relation"], "kind": pair["kind"]}
    return rows


def _mirrored(pair: dict[str, Any]) -> dict[str, Any]:
    """The same pair, seen from the other article."""
    kinds = dict(zip(PARTIAL, reversed(PARTIAL), strict=True))
    return {**pair, "kind": kinds.get(pair["kind"], pair["kind"])}


def _row(
    member: dict[str, Any],
    about: dict[str, Any],
    kept: dict[str, Any],
    criterion: Deciding,
) -> dict[str, Any]:
    return {
        "number": about["number"],
        "kept": kept["id"],
        "kept_number": kept["number"],
        "relation": member["relation"],
        "kind": member["kind"],
        "of": member["source"] or (kept["id"] if member["relation"] else None),
        "reason": f"{_is(member)} Kept is {kept['id']}, {_why(about, kept, criterion)}.",
    }


def _is(member: dict[str, Any]) -> str:
    if member["place"] == 0:
        return "It is the first of its family."
    if member["source"] is None:
        return "It was taken from none of its family."
    name = {"copy": "copy", "retranslation": "re-translation"}[member["relation"]]
    return f"It is a {name} ({member['kind']}) of {member['source']}."


def _why(about: dict[str, Any], kept: dict[str, Any], criterion: Deciding) -> str:
    revises = kept["place"] > kept["first_version"]
    return {
        "known": "which is known already",
        "longest": f"which has {kept['words']:,} words where it has {about['words']:,}",
        "least-debris": "which carries less debris",
        "preferred": f"of {kept['source'] or kept['url']}, which is preferred",
        "newest": "which is a newer version of it",
        "latest-revision": f"which {'is the newest version of what ' if revises else ''}comes first",
        "earliest": "which comes first",
    }[criterion]
