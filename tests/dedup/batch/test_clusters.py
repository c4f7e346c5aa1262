"""Families: who belongs together, and who is the first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from dedup.batch.clusters import Families, Ties, describe_families, find_families
from dedup.batch.schema import KIN, RELATED

Pairs = Sequence[tuple[int, int]]


def ties(*pairs: tuple[int, int], taken: Sequence[int] = ()) -> Ties:
    return Ties(np.array(pairs, np.int64).reshape(-1, 2), np.array(taken, np.int64))


def families(found: Families) -> list[list[int]]:
    """Members of each family, first to last."""
    listed: dict[int, list[int]] = {}
    for cluster, number, place in zip(found.cluster, found.number, found.place, strict=True):
        members = listed.setdefault(int(cluster), [])
        assert place == len(members)
        members.append(int(number))
    assert all(cluster == members[0] for cluster, members in listed.items())
    return list(listed.values())


def test_family_is_what_hangs_together() -> None:
    found = find_families(ties((1, 4), (2, 5), (4, 9), taken=[4, 5, 9]), lambda numbers: numbers)
    assert families(found) == [[1, 4, 9], [2, 5]]


def test_first_was_taken_from_no_other_though_it_is_younger() -> None:
    found = find_families(ties((1, 4), (4, 9), taken=[1, 9]), lambda numbers: numbers)
    assert families(found) == [[4, 1, 9]]


def test_of_several_that_were_taken_from_none_the_earliest_is_first() -> None:
    found = find_families(ties((1, 7), (3, 7), taken=[7]), lambda numbers: -numbers)
    assert families(found) == [[3, 7, 1]]


def test_of_a_circle_the_earliest_is_first() -> None:
    found = find_families(ties((1, 2), (2, 3), (1, 3), taken=[1, 2, 3]), lambda numbers: -numbers)
    assert families(found) == [[3, 2, 1]]


def test_without_ties_there_are_no_families() -> None:
    found = find_families(Ties.of([]), lambda numbers: numbers)
    assert families(found) == []
    assert len(describe_families(found, KIN.empty_table())) == 0


@given(
    st.lists(st.tuples(st.integers(0, 30), st.integers(31, 60)), min_size=1, max_size=60),
    st.randoms(use_true_random=False),
)
def test_families_do_not_depend_on_the_order_of_ties(pairs: Pairs, random: Any) -> None:
    taken = [other for _, other in pairs]
    shuffled = random.sample(pairs, len(pairs))
    one, other = (
        find_families(ties(*order, taken=taken), lambda numbers: -numbers)
        for order in (pairs, shuffled)
    )
    assert families(one) == families(other)
    assert sorted(one.number) == sorted({number for pair in pairs for number in pair})


def related(number: int, other: int, relation: str, direction: str) -> dict[str, Any]:
    empty: dict[str, Any] = dict.fromkeys(RELATED.names)
    scores = dict.fromkeys([field.name for field in RELATED.field("scores").type], 0.0)
    return {
        **empty,
        "number": number,
        "id": str(number),
        "other_number": other,
        "other": str(other),
        "relation": relation,
        "direction": direction,
        "direction_reason": "",
        "scores": scores,
        "scores_without_quotations": scores,
        "quotes": {"total": 0, "shared": 0, "reworded": 0},
        "passages": [],
        "reasons": [],
    }


def test_ties_are_copies_and_retranslations_each_once() -> None:
    rows = [
        related(1, 2, "copy", "copied_by"),
        related(2, 1, "copy", "copied_from"),
        related(2, 3, "derived", "copied_from"),
        related(3, 2, "derived", "copied_by"),
        related(5, 4, "retranslation", "unknown"),
        related(4, 5, "retranslation", "unknown"),
    ]
    found = Ties.among(pa.RecordBatch.from_pylist(rows, RELATED))
    assert found.pairs.tolist() == [[1, 2], [4, 5]]
    assert found.taken.tolist() == [2]
