"""Which articles are left out because another one of their family stands for them.

A family hangs together by pairs, and what holds of two neighbours need not hold of the two ends of
a chain: an article that is put together from two others makes one family of these, though they
have no word in common. So an article is left out only

- if it was compared with one that is kept and is a copy or a re-translation of it, or it of that;
- or if such pairs lead to one that is kept in which each is *all* of the other: the same words,
  edited, revised or translated again, not cut or extended. Of families of thousands not all pairs
  are compared, and of these copies each stands for all.

Whoever comes first in the order of a policy is kept, unless one that is kept already stands for it.

The earliest of some articles is not always the one of the earliest date: a translation may be dated
before what it was made of. So ``precedence`` puts no article before one that it was taken from.
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray
from scipy.sparse import coo_array, csr_array
from scipy.sparse.csgraph import connected_components

from dedup.judge import SECOND_HAND

PARTIAL: Final = ("excerpt", "extended")
"""Kinds of copies in which one article is not all of the other."""

PAIR: Final = ("number", "other_number", "relation", "kind", "direction")
"""Columns of ``matches`` that tell who stands for whom, and who was first."""


def ties(matches: pa.Table, numbers: NDArray[np.int64]) -> pa.Table:
    """The pairs of copies and re-translations among some articles, from ``PAIR`` of all.

    Args:
        matches: Of all pairs, from both sides.
        numbers: int64, shape (n_members,), ascending: of the articles.

    Returns:
        Columns ``one`` and ``other``, places in ``numbers``, ``whole`` (each is all of the other),
        ``taken`` (the one was taken from the other) and ``revised`` (they are versions of one
        article, of one outlet).
    """
    members = pa.array(numbers)
    related = matches.filter(
        pc.and_(
            pc.is_in(matches["relation"], pa.array(SECOND_HAND)),
            pc.and_(
                pc.is_in(matches["number"], members), pc.is_in(matches["other_number"], members)
            ),
        )
    )
    return pa.table(
        {
            "one": np.searchsorted(numbers, related["number"].to_numpy()),
            "other": np.searchsorted(numbers, related["other_number"].to_numpy()),
            "whole": pc.invert(pc.is_in(related["kind"], pa.array(PARTIAL))),
            "taken": pc.equal(related["direction"], "copied_from"),
            "revised": pc.equal(related["kind"], "revision"),
        }
    )


def precedence(places: NDArray[np.int64], tied: pa.Table) -> NDArray[np.int64]:
    """The order in which articles came to be, as far as pairs tell.

    Args:
        places: int64, shape (n_members,): decide between two that no pair puts in order; in a
            circle, too.
        tied: ``ties``.

    Returns:
        int64, shape (n_members,): less is earlier, no two are equal.
    """
    taken = tied.filter(tied["taken"])
    one, other = taken["one"].to_numpy(), taken["other"].to_numpy()
    by_source = np.argsort(other, kind="stable")
    followers = one[by_source].tolist()
    bounds = np.searchsorted(other[by_source], np.arange(len(places) + 1)).tolist()
    waits_for = np.bincount(one, minlength=len(places)).tolist()
    free = [(int(places[member]), member) for member, n in enumerate(waits_for) if not n]
    heapify(free)
    by_place = iter(np.argsort(places).tolist())
    ranks = [-1] * len(places)
    for rank in range(len(places)):
        if free:
            _, member = heappop(free)
        else:  # What is left goes round in a circle.
            member = next(member for member in by_place if ranks[member] < 0)
        ranks[member] = rank
        for follower in followers[bounds[member] : bounds[member + 1]]:
            waits_for[follower] -= 1
            if not waits_for[follower] and ranks[follower] < 0:
                heappush(free, (int(places[follower]), follower))
    return np.array(ranks, dtype=np.int64)


def first_versions(places: NDArray[np.int64], tied: pa.Table) -> NDArray[np.int64]:
    """Where the first version of each article stands.

    Args:
        places: int64, shape (n_members,): what ``precedence`` gives.
        tied: ``ties``.

    Returns:
        int64, shape (n_members,): the least place among the versions of each article; its own if
        there are no others.
    """
    text = _components(len(places), tied, "revised")
    firsts = np.full(len(places), np.iinfo(np.int64).max)
    np.minimum.at(firsts, text, places)
    return firsts[text]


def _components(n_members: int, tied: pa.Table, which: str) -> NDArray[np.int32]:
    """Equal numbers for members that ties of one sort hold together: int32, shape (n_members,)."""
    held = tied.filter(tied[which])
    ends = held["one"].to_numpy(), held["other"].to_numpy()
    graph = coo_array((np.ones(len(held), np.int8), ends), (n_members, n_members))
    _, component = connected_components(graph, directed=False)
    found: NDArray[np.int32] = component
    return found


def stand_ins(
    order: NDArray[np.int64],
    groups: NDArray[np.int64],
    tied: pa.Table,
    held: NDArray[np.bool_],
) -> NDArray[np.int64]:
    """Who stands for each article.

    Args:
        order: int64, shape (n_members,): the articles, whoever is rather kept first.
        groups: int64, shape (n_members,): nobody stands for an article of another group.
        tied: ``ties``.
        held: bool, shape (n_members,): these are kept whoever stands for them.

    Returns:
        int64, shape (n_members,): of one that is kept it is itself.
    """
    ends = tied["one"].to_numpy(), tied["other"].to_numpy()
    pairs = coo_array((np.ones(len(tied), np.int8), ends), (len(order), len(order))).tocsr()
    return _choose(order, groups, held, _components(len(order), tied, "whole"), pairs)


def _choose(
    order: NDArray[np.int64],
    groups: NDArray[np.int64],
    held: NDArray[np.bool_],
    text: NDArray[np.int32],
    pairs: csr_array,
) -> NDArray[np.int64]:
    """Go through the articles in order, and keep those that nobody stands for."""
    stands = np.full(len(order), -1, dtype=np.int64)
    kept_of_text: dict[tuple[int, int], int] = {}
    for article in order.tolist():
        near = pairs.indices[pairs.indptr[article] : pairs.indptr[article + 1]]
        kept = near[(stands[near] == near) & (groups[near] == groups[article])]
        key = int(groups[article]), int(text[article])
        if held[article]:
            stands[article] = article
        elif len(kept):
            stands[article] = kept[0]
        else:
            stands[article] = kept_of_text.get(key, article)
        if stands[article] == article:
            kept_of_text[key] = article
    return stands
