"""Runs that are killed and gone on with: what comes out is what an undisturbed run gives."""

from __future__ import annotations

import itertools
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from batch_cases import FILES, digests, run, write_files

from dedup.batch.local import Cuts, Progress, Watch
from dedup.batch.work import Work, locked
from dedup.errors import BatchError, InputError

HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return write_files(tmp_path_factory.mktemp("in"))


@pytest.fixture(scope="module")
def undisturbed(files: list[str], tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    out = tmp_path_factory.mktemp("undisturbed") / "out"
    run(files, out, report=True)
    return digests(out)


class Counting:
    """Counts how often it is told something."""

    def __init__(self) -> None:
        self.times = 0

    def watch(self, _: Progress) -> None:
        self.times += 1


class StoppedError(Exception):
    """Raised in the middle of a run."""


def stopping(moment: int) -> Watch:
    """Ends the run by an error when it is told something for the nth time."""
    left = iter(range(moment))

    def watch(_: Progress) -> None:
        if next(left, None) is None:
            raise StoppedError

    return watch


def kill(out: Path, files: list[str], stage: str, workers: int) -> None:
    killed = subprocess.run(
        [sys.executable, str(HERE / "killed.py"), str(out), str(workers), stage, *files],
        env={"PYTHONPATH": os.pathsep.join([str(HERE), str(HERE.parent), *sys.path])},
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL


@pytest.mark.parametrize(
    ("stage", "workers"), [("read", 2), ("compare", 2), ("decide", 1), ("write", 1)]
)
def test_killed_run_goes_on_to_the_same_bytes(
    files: list[str], undisturbed: dict[str, str], tmp_path: Path, stage: str, workers: int
) -> None:
    out = tmp_path / "out"
    kill(out, files, stage, workers)
    run(files, out, report=True, resume=True)
    assert digests(out) == undisturbed


def test_run_that_ends_again_and_again_gets_to_its_end(
    files: list[str], undisturbed: dict[str, str], tmp_path: Path
) -> None:
    """One step further each time, so every step is once the last before the end."""
    out = tmp_path / "out"
    for moment in itertools.count(1):
        try:
            run(files, out, report=True, resume=moment > 1, watch=stopping(moment))
        except StoppedError:
            continue
        break
    assert moment > 3
    assert digests(out) == undisturbed


def test_what_is_done_is_not_done_again(files: list[str], tmp_path: Path) -> None:
    whole, rest = Counting(), Counting()
    run(files, tmp_path / "whole", watch=whole.watch)
    with pytest.raises(StoppedError):
        run(files, tmp_path / "out", watch=stopping(whole.times // 2))
    run(files, tmp_path / "out", resume=True, watch=rest.watch)
    assert rest.times < whole.times


def test_finished_run_is_not_begun_again_by_resume(files: list[str], tmp_path: Path) -> None:
    run(files, tmp_path / "out")
    before, again = digests(tmp_path / "out"), Counting()
    run(files, tmp_path / "out", resume=True, watch=again.watch)
    assert again.times == 0
    assert digests(tmp_path / "out") == before


def test_finished_run_answers_for_its_own_inputs_and_options_only(tmp_path: Path) -> None:
    files, out = write_files(tmp_path / "in"), tmp_path / "out"
    run(files, out)
    before = digests(out)
    with pytest.raises(
        InputError, match=r"which has ended, was begun with other inputs \(4, now 3"
    ):
        run(files[:3], out, resume=True)
    with pytest.raises(
        InputError, match='other --format \\("parquet", now "jsonl"\\); begin a new'
    ):
        run(files, out, resume=True, form="jsonl")
    with pytest.raises(InputError, match=r"other --against \(0, now 1\)"):
        run(files, out, resume=True, known=files[:1])
    write_files(tmp_path / "in", {"d.jsonl": [*FILES["d.jsonl"], {"text": "One more."}]})
    with pytest.raises(InputError, match=r"other inputs \(.*d\.jsonl: size \d+, now \d+, changed"):
        run(files, out, resume=True)
    assert digests(out) == before


def test_finished_run_that_does_not_say_what_it_was_begun_with_is_refused(
    files: list[str], tmp_path: Path
) -> None:
    run(files, tmp_path / "out")
    (tmp_path / "out" / "run.json").unlink()
    with pytest.raises(InputError, match="a run of another version, which does not say"):
        run(files, tmp_path / "out", resume=True)


def test_run_that_was_cut_off_is_not_overwritten(files: list[str], tmp_path: Path) -> None:
    with pytest.raises(StoppedError):
        run(files, tmp_path / "out", watch=stopping(5))
    with pytest.raises(InputError, match="--resume goes on with it, another"):
        run(files, tmp_path / "out")


def test_directory_with_other_things_in_it_is_left_alone(files: list[str], tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("Dear Ines", encoding="utf-8")
    for resume in (False, True):
        with pytest.raises(InputError, match="is not empty; name a directory that is"):
            run(files, tmp_path, resume=resume)
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]


def test_run_goes_on_with_the_same_inputs_only(tmp_path: Path) -> None:
    files = write_files(tmp_path / "in")
    with pytest.raises(StoppedError):
        run(files, tmp_path / "out", watch=stopping(5))
    write_files(tmp_path / "in", {"d.jsonl": [*FILES["d.jsonl"], {"text": "One more."}]})
    with pytest.raises(InputError, match=r"begun with other inputs .*d\.jsonl.* begin a new one"):
        run(files, tmp_path / "out", resume=True)
    with pytest.raises(InputError, match="begun with other inputs"):
        run(files[:3], tmp_path / "out", resume=True)


def test_run_goes_on_with_the_same_options_only(files: list[str], tmp_path: Path) -> None:
    with pytest.raises(StoppedError):
        run(files, tmp_path / "out", watch=stopping(5))
    with pytest.raises(InputError, match='other --format \\("parquet", now "jsonl"\\)'):
        run(files, tmp_path / "out", resume=True, form="jsonl")
    with pytest.raises(InputError, match="other cuts"):
        run(files, tmp_path / "out", resume=True, cuts=Cuts())


def test_two_runs_do_not_write_to_one_directory(files: list[str], tmp_path: Path) -> None:
    with (
        locked(Work(tmp_path / "out")),
        pytest.raises(BatchError, match="another run is writing to"),
    ):
        run(files, tmp_path / "out")
