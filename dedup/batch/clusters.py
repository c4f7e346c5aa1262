"""Families: articles that copies and re-translations of one another hang together by.

A family is a connected component of the related pairs that are copies or re-translations. Its
*first* is the earliest of the members that were taken from none of the others; where each was
taken from another (a circle of texts that speak against their dates) the earliest of all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from dedup.batch.schema import CLUSTERS
from dedup.judge import SECOND_HAND

NONE: Final[NDArray[np.int64]] = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True, slots=True)
class Ties:
    """Pairs that hold families together.

    Attributes:
        pairs: int64, shape (n_ties, 2): numbers of two articles, the smaller first.
        taken: int64, shape (n_taken,): numbers of articles that were taken from the other one
            of such a pair; with repetitions.
    """

    pairs: NDArray[np.int64]
    taken: NDArray[np.int64]

    @classmethod
    def among(cls, related: pa.RecordBatch) -> Ties:
        """Those of rows of ``schema.RELATED``; each pair once, though it is listed twice."""
        second_hand = pc.is_in(related.column("relation"), pa.array(SECOND_HAND))
        held = related.select(["number", "other_number", "direction"]).filter(second_hand)
        both = np.stack([held.column(place).to_numpy() for place in range(2)], axis=1)
        copied = np.asarray(pc.equal(held.column("direction"), "copied_from"))
        return cls(both[both[:, 0] < both[:, 1]], both[copied, 0])

    @classmethod
    def of(cls, parts: Iterable[Ties]) -> Ties:
        """All ties of several tables."""
        parts = list(parts)
        pairs = np.concatenate([np.empty((0, 2), np.int64), *(part.pairs for part in parts)])
        taken = np.concatenate([np.empty(0, np.int64), *(part.taken for part in parts)])
        return cls(pairs, np.unique(taken))


@dataclass(frozen=True, slots=True)
class Families:
    """Articles that belong with others, in order of ``cluster``, then ``place``.

    Attributes:
        cluster: int64, shape (n_members,): the number of the first of each member's family.
        number: int64, shape (n_members,): of each member.
        place: int32, shape (n_members,): 0 for the first; the others follow in order of time.
    """

    cluster: NDArray[np.int64]
    number: NDArray[np.int64]
    place: NDArray[np.int32]

    def only(self, some: slice) -> Families:
        """Some of them, in a row."""
        return Families(self.cluster[some], self.number[some], self.place[some])


def find_families(ties: Ties, age: Callable[[NDArray[np.int64]], NDArray[np.int64]]) -> Families:
    """The families that ties hold together.

    Args:
        ties: All of them.
        age: Gives articles, by their numbers, their places in time: less is earlier, no two are
            equal.
    """
    members, ends = np.unique(ties.pairs, return_inverse=True)
    one, other = ends.reshape(-1, 2).T
    graph = coo_array((np.ones(len(one), np.int8), (one, other)), (len(members),) * 2)
    _, family = connected_components(graph, directed=False)
    ages = age(members)
    # Nobody's copies come first, then the earliest.
    order = np.lexsort((ages, np.isin(members, ties.taken), family))
    firsts = np.zeros(len(members), dtype=bool)
    firsts[order[np.flatnonzero(np.diff(family[order], prepend=-1))]] = True
    cluster_of = np.zeros(len(members), dtype=np.int64)
    cluster_of[family[firsts]] = members[firsts]
    cluster = cluster_of[family]
    order = np.lexsort((ages, ~firsts, cluster))
    begins = np.flatnonzero(firsts[order])
    place = np.arange(len(order)) - np.repeat(begins, np.diff(begins, append=len(order)))
    return Families(cluster[order], members[order], place.astype(np.int32))


def describe_families(
    families: Families, kin: pa.Table, known: NDArray[np.int64] = NONE
) -> pa.Table:
    """Families with what each member is to its own.

    Args:
        families: All or some of them, whole ones.
        kin: Rows of ``schema.KIN`` of their members at least, in order of number.
        known: int64: numbers of articles that are known already.

    Returns:
        Rows of ``schema.CLUSTERS``.
    """
    own = kin.take(pa.array(np.searchsorted(kin.column("number"), families.number)))
    first = pa.array(families.place == 0)
    begins = np.flatnonzero(families.place == 0)
    sizes = np.diff(begins, append=len(families.place))
    columns = {
        "cluster": pa.array(families.cluster),
        "first": own.column("id").take(pa.array(np.repeat(begins, sizes))),
        "number": pa.array(families.number),
        "id": own.column("id"),
        "place": pa.array(families.place),
        "known": pa.array(np.isin(families.number, known)),
        "language": own.column("language"),
    }
    for name in ("relation", "kind", "source", "source_number", "direction_reason"):
        columns[name] = pc.if_else(first, None, own.column(name))
    return pa.table(columns, CLUSTERS)
