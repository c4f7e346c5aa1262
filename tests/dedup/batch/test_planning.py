"""In which order pairs are compared."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from dedup.batch.join import Candidates
from dedup.batch.planning import plan

Pairs = Sequence[tuple[int, int]]


def candidates(pairs: Pairs) -> Candidates:
    """Pairs of ranks, the earlier first."""
    earlier, later = np.array(sorted(pairs), np.uint32).reshape(-1, 2).T
    ones = np.ones(len(earlier))
    return Candidates(earlier, later, ones.astype(np.int32), ones.astype(np.int32), ones, ones)


def blocks(pairs: Pairs, n_articles: int, size: int) -> list[list[tuple[int, int]]]:
    by_rank = 1000 + np.arange(n_articles, dtype=np.int64)
    return [
        list(zip(*(block.column(place).to_pylist() for place in range(2)), strict=True))
        for block in plan(candidates(pairs), by_rank, size)
    ]


distinct_pairs = st.sets(
    st.tuples(st.integers(0, 40), st.integers(0, 40)).filter(lambda pair: pair[0] < pair[1]),
    max_size=80,
)


@given(distinct_pairs, st.integers(1, 20))
def test_every_pair_is_planned_once_and_queries_are_not_cut(pairs: Pairs, size: int) -> None:
    planned = blocks(pairs, 41, size)
    flat = [pair for block in planned for pair in block]
    assert sorted(flat) == sorted((1000 + later, 1000 + earlier) for earlier, later in pairs)
    queries = [query for query, _ in itertools.groupby(query for query, _ in flat)]
    assert len(set(queries)) == len(queries)
    for before, after in itertools.pairwise(planned):
        assert before[-1][0] != after[0][0]
        assert len(before) >= size


def test_pairs_of_one_family_stand_together() -> None:
    """Articles of two families alternate in time; in the plan the families do not."""
    families = [range(0, 40, 2), range(1, 40, 2)]
    pairs = [(a, b) for family in families for a in family for b in family if a < b]
    (planned,) = blocks(pairs, 40, 10_000)
    parities = [query % 2 for query, _ in planned]
    changes = sum(one != other for one, other in itertools.pairwise(parities))
    assert changes == 1


def test_no_candidates_make_no_block() -> None:
    assert list(plan(candidates([]), np.arange(3), 10)) == []


def test_blocks_say_why_the_pair_is_compared() -> None:
    (block,) = plan(candidates([(0, 1)]), np.array([7, 9]), 10)
    assert block.to_pylist() == [
        {
            "query": 9,
            "candidate": 7,
            "shared_content": 1,
            "shared_passages": 1,
            "score": 1.0,
            "resemblance": 1.0,
        }
    ]
    assert isinstance(block, pa.RecordBatch)
