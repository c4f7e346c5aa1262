"""Tasks shared out to workers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dedup.batch.shares import Shares


@given(st.integers(0, 50), st.lists(st.integers(0, 3)))
def test_every_task_is_taken_once_by_whoever_comes_when(n_tasks: int, takers: list[int]) -> None:
    shares = Shares(n_tasks, 4)
    taken = [shares.take(worker) for worker in (*takers, *([3] * n_tasks))]
    assert sorted(task for task in taken if task is not None) == list(range(n_tasks))


def test_workers_of_one_speed_take_a_range_each() -> None:
    shares = Shares(6, 2)
    taken = [shares.take(worker) for _ in range(3) for worker in (0, 1)]
    assert taken == [0, 3, 1, 4, 2, 5]


def test_who_is_done_takes_what_is_farthest_from_who_is_not() -> None:
    shares = Shares(6, 2)
    assert [shares.take(worker) for worker in (0, 1, 1, 1, 1, 0, 1)] == [0, 3, 4, 5, 2, 1, None]
