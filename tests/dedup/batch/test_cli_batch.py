"""``secondhand batch`` as its users meet it."""

from __future__ import annotations

import json
import re
import resource
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from batch_cases import write_files
from cli_cases import run_command

from dedup.batch.outputs import Outputs
from dedup.batch.work import Work, locked
from dedup.cli.exits import BROKEN_OFF, DONE, INTERRUPTED, OUTPUT, REFUSED, USAGE


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return write_files(tmp_path_factory.mktemp("in"))


def batch(files: list[str], out: Path, *options: str) -> tuple[int, str, str]:
    done = run_command("batch", *files, "-o", str(out), "--workers", "1", *options)
    return done.exit_code, done.stdout, done.stderr


def test_end_says_what_was_found(files: list[str], tmp_path: Path) -> None:
    code, told, noise = batch(files, tmp_path / "out", "--quiet")
    assert (code, noise) == (DONE, "")
    first, *lines = told.splitlines()
    assert re.match(r"14 articles in [\d.]+ s, [\d,]+ a second; 1 row rejected ", first)
    assert [line.split()[:2] for line in lines[:4]] == [
        ["copy", "6"],
        ["independent", "5"],
        ["retranslation", "2"],
        ["undetermined", "1"],
    ]
    assert lines[4] == "10 articles belong to 2 families, the largest of 8"
    assert lines[5] == str(tmp_path / "out" / "report.html")
    assert (tmp_path / "out" / "report.html").is_file()


def test_run_that_has_ended_says_so_and_what_it_found(files: list[str], tmp_path: Path) -> None:
    first, *found = batch(files, tmp_path / "out", "--quiet")[1].splitlines()
    again, *still = batch(files, tmp_path / "out", "--resume")[1].splitlines()
    assert again == "14 articles; the run had ended already; 1 row rejected (rejects.jsonl)"
    assert (still, " in " in first) == (found, True)


def test_json_is_the_summary(files: list[str], tmp_path: Path) -> None:
    code, told, _ = batch(files, tmp_path / "out", "--json", "--no-report")
    written = (tmp_path / "out" / "summary.json").read_text(encoding="utf-8")
    assert code == DONE
    assert json.loads(told) == json.loads(written)
    assert not (tmp_path / "out" / "report.html").exists()


def test_timing_is_told_beside_the_summary(files: list[str], tmp_path: Path) -> None:
    batch(files, tmp_path / "out", "--no-report")
    timing = json.loads((tmp_path / "out" / "timing.json").read_text(encoding="utf-8"))
    assert list(timing["stages"]) == [
        "read",
        "order",
        "join",
        "boilerplate",
        "compare",
        "decide",
        "families",
        "write",
    ]
    assert timing["cpu"] > 0


def test_work_is_left_there_if_it_is_asked_for(files: list[str], tmp_path: Path) -> None:
    batch(files, tmp_path / "out", "--keep-work")
    assert (tmp_path / "out" / ".work" / "pairs.arrow").is_file()


def test_fields_are_as_they_are_said_to_be(tmp_path: Path) -> None:
    rows = [{"key": "a", "words": "The bridge is closed.", "text": "Advertisement"}]
    files = write_files(tmp_path / "in", {"rows.jsonl": rows})
    code, _, _ = batch(files, tmp_path / "out", "--field", "text=words", "--field", "id=key")
    (article,) = Outputs(tmp_path / "out").read("articles").to_pylist()
    assert code == DONE
    assert (article["id"], article["text"]) == ("a", "The bridge is closed.")


def test_as_many_work_as_the_memory_is_enough_for(files: list[str], tmp_path: Path) -> None:
    done = run_command("batch", *files, "-o", str(tmp_path / "out"), "--memory", "400M")
    assert done.exit_code == DONE


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        (("--memory", "two"), USAGE, "'two' is no amount of memory such as 2G or 500M"),
        (("--memory", "10M"), REFUSED, "give more --memory, or fewer --workers"),
        (("--field", "text"), REFUSED, "is no field; write NAME=FIELD"),
        (("--workers", "0"), USAGE, "--workers"),
        (("--format", "xml"), USAGE, "--format"),
    ],
)
def test_bad_options_are_refused_before_anything_is_written(
    files: list[str], tmp_path: Path, options: tuple[str, ...], code: int, says: str
) -> None:
    ended, told, noise = batch(files, tmp_path / "out", *options)
    assert (ended, told) == (code, "")
    assert says in noise
    assert not (tmp_path / "out").exists()


def test_directory_in_use_is_refused_with_what_to_do(files: list[str], tmp_path: Path) -> None:
    with locked(Work(tmp_path / "out")):
        code, _, noise = batch(files, tmp_path / "out")
    assert code == BROKEN_OFF
    assert "another run is writing to" in noise


def test_place_that_cannot_be_written_is_told(files: list[str], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    code, _, noise = batch(files, tmp_path / "file" / "out")
    assert code == OUTPUT
    assert noise.endswith("cannot be written: Not a directory\n")  # There is nothing to go on with.


def test_one_is_told_in_the_singular(tmp_path: Path) -> None:
    (path,) = write_files(tmp_path / "in", {"a.jsonl": [{"text": "Alone."}, {"id": "no text"}]})
    _, told, _ = batch([path], tmp_path / "out")
    assert told.startswith("1 article in ")
    assert "; 1 row rejected (rejects.jsonl)" in told


INTERRUPTED_RUN = """
import signal, sys
from dedup.batch.local import _Engine
from dedup.cli import main
tell = _Engine._tell
def interrupted(engine, progress):
    tell(engine, progress)
    if progress.stage == "compare":
        signal.raise_signal(signal.SIGINT)
_Engine._tell = interrupted
main(sys.argv[1:])
"""


def test_ctrl_c_says_how_to_go_on(files: list[str], tmp_path: Path) -> None:
    arguments = ["batch", *files, "-o", str(tmp_path / "out"), "--workers", "2"]
    ended = subprocess.run(
        [sys.executable, "-c", INTERRUPTED_RUN, *arguments],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),
    )
    assert ended.returncode == INTERRUPTED
    assert "Error: interrupted; what is done is kept" in ended.stderr
    assert "--resume goes on from there" in ended.stderr
    assert batch(files, tmp_path / "out", "--resume")[0] == DONE


LEAST_ROOM = 4 << 30
"""Bytes of addresses: enough for a run, and not for a join that was promised far more."""


def test_memory_that_runs_out_is_told(files: list[str], tmp_path: Path) -> None:
    arguments = ["batch", *files, "-o", str(tmp_path / "out"), "--workers", "1"]
    ended = subprocess.run(
        [sys.executable, "-m", "dedup", *arguments, "--memory", "64G"],
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (LEAST_ROOM, LEAST_ROOM)),
    )
    assert ended.returncode == BROKEN_OFF
    assert "Error: memory ran out: give a smaller --memory" in ended.stderr
    assert batch(files, tmp_path / "out", "--resume")[0] == DONE
