"""Workers: they do what they are given, and say so if they cannot."""

from __future__ import annotations

import gc
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from dedup.batch.pool import Pool
from dedup.errors import BatchError, InputError


@pytest.fixture(scope="module", params=[1, 3])
def pool(request: pytest.FixtureRequest) -> Iterator[Pool]:
    with Pool(request.param) as started:
        yield started


@pytest.fixture
def workers() -> Iterator[Pool]:
    with Pool(2) as started:
        yield started


def test_results_of_all_tasks_come(pool: Pool) -> None:
    assert sorted(pool.map("lengths", len, ["a" * n for n in range(20)])) == list(range(20))


def test_results_of_all_tasks_come_where_neighbours_go_together(pool: Pool) -> None:
    texts = ["a" * n for n in range(20)]
    assert sorted(pool.map_near("lengths", len, texts)) == list(range(20))


def test_garbage_is_collected_seldom_during_tasks_alone(pool: Pool) -> None:
    usual = gc.get_threshold()
    (during,) = pool.map("collector", collector, [None])
    assert during[0] > usual[0]
    assert gc.get_threshold() == usual


def collector(_: None) -> tuple[int, int, int]:
    return gc.get_threshold()


def test_no_tasks_have_no_results(pool: Pool) -> None:
    assert list(pool.map("lengths", len, [])) == []
    assert list(pool.map_near("lengths", len, [])) == []


def test_tasks_are_taken_as_workers_can_do_them(workers: Pool) -> None:
    taken = []

    def arguments() -> Iterator[str]:
        for length in range(10):
            taken.append(length)
            yield "a" * length

    results = workers.map("lengths", len, arguments())
    next(results)
    assert len(taken) <= 3


def test_cpu_time_of_tasks_is_counted_by_name(workers: Pool) -> None:
    list(workers.map("sum", sum, [range(2_000_000)]))
    assert workers.cpu["sum"] > 0
    assert workers.cpu["other"] == 0


def test_error_of_a_task_is_raised_as_it_is(pool: Pool) -> None:
    with pytest.raises(ValueError, match="invalid literal for int") as raised:
        list(pool.map("numbers", int, ["1", "one"]))
    assert "Traceback" in raised.value.__notes__[0]


def test_a_task_gets_no_answer_of_one_before_it_that_nobody_waited_for(workers: Pool) -> None:
    slow_then_wrong = ["1" * 4000, "one"]
    with pytest.raises(ValueError, match="invalid literal for int"):
        list(workers.map("numbers", slow_int, slow_then_wrong))
    assert sorted(workers.map("lengths", len, ["a", "aa", "aaa"])) == [1, 2, 3]


def slow_int(digits: str) -> int:
    """Longer at a long number than at a word."""
    return max(int(digits) for _ in range(len(digits)))


def refuse(_: object) -> None:
    raise InputError("the file has changed", "text")


def test_own_errors_keep_their_kind(pool: Pool) -> None:
    with pytest.raises(InputError, match="the file has changed"):
        list(pool.map("refuse", refuse, [1]))


def test_killed_worker_ends_the_run_with_what_to_do(workers: Pool) -> None:
    with pytest.raises(BatchError, match=r"worker process was killed.*--memory.*--resume"):
        list(workers.map("kill", signal.raise_signal, [signal.SIGKILL]))


def test_worker_that_exits_ends_the_run(workers: Pool) -> None:
    with pytest.raises(BatchError, match="ended with exit code 3"):
        list(workers.map("exit", os._exit, [3]))


def test_workers_end_with_the_pool() -> None:
    with Pool(2) as pool:
        (process,) = pool.map("which", _pid, [None])
    with pytest.raises(ProcessLookupError):
        os.kill(process, 0)


COORDINATOR = """
import sys
sys.path.insert(0, sys.argv[2])
from dedup.batch.pool import Pool
from test_pool import tell_and_linger
told = int(sys.argv[1])
with Pool(2, [told]) as pool:
    list(pool.map("linger", tell_and_linger, [told, told]))
"""


def tell_and_linger(told: int) -> None:
    """Say that the task has begun, and be at it longer than anybody would wait."""
    os.write(told, b".")
    threading.Event().wait(600)


def test_busy_workers_end_when_whoever_started_them_is_killed() -> None:
    """The pipe ends when nobody is left who could write to it."""
    ours, theirs = os.pipe()
    coordinator = subprocess.Popen(
        [sys.executable, "-c", COORDINATOR, str(theirs), str(Path(__file__).parent)],
        pass_fds=[theirs],
    )
    os.close(theirs)
    with os.fdopen(ours, "rb") as heard:
        assert heard.read(2) == b".."
        coordinator.kill()
        coordinator.wait()
        assert heard.read() == b""


def _pid(_: object) -> int:
    return os.getpid()
