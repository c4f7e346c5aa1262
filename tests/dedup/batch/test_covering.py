"""Who stands for whom: nobody is left out for an article that is not a copy of his."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from dedup.batch.covering import PARTIAL, precedence, stand_ins, ties

Pair = tuple[int, int, str, str]


def stands_for(
    size: int,
    *pairs: Pair,
    order: list[int] | None = None,
    groups: list[int] | None = None,
    held: Sequence[int] = (),
) -> list[int]:
    """Who stands for each of some articles."""
    found = stand_ins(
        np.array(order if order is not None else range(size), dtype=np.int64),
        np.array(groups or [0] * size, dtype=np.int64),
        ties(matches(pairs), np.arange(size)),
        np.isin(np.arange(size), held),
    )
    return list(found.tolist())


def matches(pairs: Sequence[Pair], direction: str = "unknown") -> pa.Table:
    both = [*pairs, *((b, a, *rest) for a, b, *rest in pairs)]
    columns = list(zip(*both, strict=True)) or [(), (), (), ()]
    back = {"copied_from": "copied_by"}.get(direction, direction)
    return pa.table(
        {
            "number": pa.array(columns[0], pa.int64()),
            "other_number": pa.array(columns[1], pa.int64()),
            "relation": pa.array(columns[2], pa.string()),
            "kind": pa.array(columns[3], pa.string()),
            "direction": [direction] * len(pairs) + [back] * len(pairs),
        }
    )


def test_the_one_that_comes_first_stands_for_its_copies() -> None:
    assert stands_for(3, (0, 1, "copy", "edited"), (0, 2, "copy", "excerpt")) == [0, 0, 0]


def test_two_sources_of_one_article_do_not_stand_for_each_other() -> None:
    assert stands_for(3, (0, 1, "copy", "extended"), (1, 2, "copy", "excerpt")) == [0, 0, 2]


def test_an_article_made_of_both_stands_for_both_where_it_goes_first() -> None:
    pairs: list[Pair] = [(0, 1, "copy", "extended"), (1, 2, "copy", "excerpt")]
    assert stands_for(3, *pairs, order=[1, 0, 2]) == [1, 1, 1]


def test_edited_copies_stand_for_each_other_along_a_chain() -> None:
    chain: list[Pair] = [(place, place + 1, "copy", "edited") for place in range(4)]
    assert stands_for(5, *chain) == [0] * 5


def test_shared_passages_are_no_reason_to_be_left_out() -> None:
    assert stands_for(2, (0, 1, "derived", "")) == [0, 1]


def test_nobody_stands_for_an_article_of_another_group() -> None:
    pairs: list[Pair] = [
        (0, 1, "retranslation", "cross_language"),
        (1, 2, "copy", "edited"),
        (0, 3, "copy", "edited"),
    ]
    assert stands_for(4, *pairs, groups=[0, 1, 1, 0]) == [0, 1, 1, 0]


def test_pairs_with_strangers_do_not_count() -> None:
    assert stands_for(1, (0, 5, "copy", "exact")) == [0]


def test_what_an_article_was_taken_from_goes_before_it() -> None:
    taken: list[Pair] = [(0, 3, "copy", "edited"), (3, 2, "retranslation", "same_language")]
    tied = ties(matches(taken, "copied_from"), np.arange(4))
    assert precedence(np.arange(4), tied).tolist() == [3, 0, 1, 2]


def test_a_circle_begins_with_whoever_has_the_least_place() -> None:
    circle: list[Pair] = [(a, (a + 1) % 3, "copy", "edited") for a in range(3)]
    tied = ties(matches(circle, "copied_from"), np.arange(3))
    assert precedence(np.array([2, 0, 1]), tied).tolist() == [1, 0, 2]


@given(data=st.data())
def test_all_who_are_left_out_have_one_that_is_kept_and_all_kept_are_strangers(
    data: st.DataObject,
) -> None:
    size = data.draw(st.integers(1, 8))
    places = st.integers(0, size - 1)
    kinds = st.sampled_from([("copy", "edited"), ("copy", "excerpt"), ("copy", "extended")])
    drawn = data.draw(st.lists(st.tuples(places, places, kinds)))
    pairs: list[Pair] = [(a, b, *kind) for a, b, kind in drawn if a != b]
    order = data.draw(st.permutations(range(size)))
    stands = stands_for(size, *pairs, order=order)
    near = {frozenset((a, b)) for a, b, *_ in pairs}
    text = list(range(size))
    for _ in range(size):
        for a, b, _, kind in pairs:
            if kind not in PARTIAL:
                text[a] = text[b] = min(text[a], text[b])
    kept = {place for place in range(size) if stands[place] == place}
    for place, other in enumerate(stands):
        assert other in kept
        if place != other:
            assert frozenset((place, other)) in near or text[place] == text[other]
            assert order.index(other) < order.index(place)
    assert not [(a, b) for a in kept for b in kept if a < b and frozenset((a, b)) in near]
    assert len({text[place] for place in kept}) == len(kept)
