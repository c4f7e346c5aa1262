"""Queries in an order in which their articles are ready, mostly."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from random import Random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from dedup.batch.ordering import places_in_turn

KEPT = 8

Pairs = Sequence[tuple[int, int]]


def columns(pairs: Pairs) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    queries, candidates = np.array(pairs, np.uint32).reshape(-1, 2).T
    return queries, candidates


def made_ready(pairs: Pairs, places: NDArray[np.int64]) -> int:
    """Articles made ready for all pairs, by somebody who keeps the ``KEPT`` asked for last."""
    ready: OrderedDict[int, None] = OrderedDict()
    made = 0
    for pair in sorted(pairs, key=lambda pair: (places[pair[0]], pair)):
        for article in pair:
            made += article not in ready
            ready[article] = None
            ready.move_to_end(article)
            if len(ready) > KEPT:
                ready.popitem(last=False)
    return made


pairs_of_some = st.sets(
    st.tuples(st.integers(0, 30), st.integers(0, 30)).filter(lambda pair: pair[0] > pair[1])
)


@given(pairs_of_some, st.integers(1, 10))
def test_every_query_has_a_place_of_its_own(pairs: set[tuple[int, int]], kept: int) -> None:
    places = places_in_turn(*columns(sorted(pairs)), kept)
    queries = sorted({query for query, _ in pairs})
    assert sorted(places[queries]) == list(range(len(queries)))


@given(pairs_of_some, st.randoms(use_true_random=False))
def test_order_of_pairs_changes_nothing(pairs: set[tuple[int, int]], random: Random) -> None:
    shuffled = sorted(pairs)
    random.shuffle(shuffled)
    assert (
        places_in_turn(*columns(sorted(pairs)), KEPT) == places_in_turn(*columns(shuffled), KEPT)
    ).all()


def test_families_that_hang_together_are_gone_through_one_after_the_other() -> None:
    """Each has a first that all others quote, and one that quotes the next family's, too."""
    size, n_families = 5, 40
    pairs = [
        (first + member, first)
        for first in range(0, size * n_families, size)
        for member in range(1, size)
    ]
    pairs += [(first + size - 1, first - size) for first in range(size, size * n_families, size)]
    in_turn = places_in_turn(*columns(pairs), KEPT)
    assert made_ready(pairs, in_turn) == size * n_families


def test_fewer_are_made_ready_than_in_the_order_of_their_numbers() -> None:
    drawn = np.random.default_rng(5).integers(0, 300, (400, 2))
    pairs = sorted({(max(ends), min(ends)) for ends in drawn.tolist() if len(set(ends)) > 1})
    in_turn = places_in_turn(*columns(pairs), KEPT)
    assert made_ready(pairs, in_turn) < 0.9 * made_ready(pairs, np.arange(300))
