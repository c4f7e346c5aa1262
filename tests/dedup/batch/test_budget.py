"""How memory is shared among processes."""

from __future__ import annotations

import pytest

from dedup.batch.budget import (
    LEAST_SHARE,
    MEGABYTE,
    MOST_READY,
    PROCESS,
    most_workers,
    share_out,
    usual_memory,
)
from dedup.errors import InputError


@pytest.mark.parametrize("workers", [1, 2, 5, 64])
def test_what_a_run_usually_takes_is_enough_for_its_workers(workers: int) -> None:
    memory = usual_memory(workers)
    assert share_out(memory, workers).share >= LEAST_SHARE
    assert most_workers(memory) >= workers


@pytest.mark.parametrize("memory", [400, 700, 1000, 4000, 50_000])
def test_as_many_workers_as_memory_is_enough_for_can_be_paid(memory: int) -> None:
    workers = most_workers(memory * MEGABYTE)
    share = share_out(memory * MEGABYTE, workers).share
    processes = workers + 1 if workers > 1 else 1
    assert processes * PROCESS + workers * share <= memory * MEGABYTE
    with pytest.raises(InputError, match="or fewer --workers"):
        share_out(memory * MEGABYTE, workers + 1)


def test_texts_kept_ready_grow_with_the_share_up_to_what_is_of_use() -> None:
    little, more, much = (share_out(gigabytes << 30, 1).characters for gigabytes in (1, 2, 100))
    assert little < more < much == MOST_READY


def test_refusal_says_what_it_takes() -> None:
    with pytest.raises(InputError, match=r"4 workers need (\d+) MB at least") as refused:
        share_out(900 * MEGABYTE, 4)
    needed = int(str(refused.value).split()[3])
    assert share_out(needed * MEGABYTE, 4).share >= LEAST_SHARE
