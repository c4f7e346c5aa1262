"""Cleaning an archive as its user does: what is kept, what is not, and that nothing is lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, get_args

import pyarrow as pa
import pyarrow.dataset as ds
import pytest
from batch_cases import digests, run, write_files
from click.testing import CliRunner, Result

from dedup.batch.cleaning import REMOVED_ARTICLES
from dedup.batch.schema import ARTICLES
from dedup.batch.writing import Format, part_path, write_part
from dedup.cli import main
from dedup.packed import unpacked


@pytest.fixture(scope="module", params=["parquet", "jsonl"])
def finished(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("finished")
    run(write_files(place / "in"), place / "out", form=request.param)
    return place / "out"


def clean(finished: Path, out: Path, *options: str) -> Result:
    return CliRunner().invoke(main, ["clean", str(finished), "-o", str(out), *options])


def rows(directory: Path, form: Format) -> list[dict[str, Any]]:
    if form == "parquet":
        schema = REMOVED_ARTICLES if directory.name == "removed" else ARTICLES
        table: pa.Table = ds.dataset(directory, schema=schema).to_table()
        return list(table.to_pylist())
    lines = []
    for path in sorted(directory.iterdir()):
        with path.open("rb") as packed, unpacked(packed) as file:
            lines += [json.loads(line) for line in file]
    return lines


@pytest.mark.parametrize("form", ["parquet", "jsonl"])
def test_one_of_each_family_is_kept_and_all_else_is_removed_with_the_reason(
    finished: Path, tmp_path: Path, form: Format
) -> None:
    done = clean(finished, tmp_path / "out", "--format", form)
    assert done.exit_code == 0, done.output
    kept, removed = (rows(tmp_path / "out" / name, form) for name in ("kept", "removed"))
    assert done.output.startswith(f"{len(kept)} kept in ")
    assert f"{len(removed)} removed in " in done.output
    assert {row["id"] for row in kept} == {
        "edited",
        "short",
        "seed-000",
        "seed-002",
        "seed-003",
        "seed-004",
        "ferry",
    }
    assert len(kept) + len(removed) == 14
    why = {row["id"]: (row["kept"], row["of"], row["reason"]) for row in removed}
    assert why["seed-001"] == (
        "seed-000",
        "seed-000",
        "It is a re-translation (same_language) of seed-000. Kept is seed-000, which comes first.",
    )
    assert all(row["text"] for row in removed)


def test_the_same_run_and_policy_give_the_same_bytes(finished: Path, tmp_path: Path) -> None:
    for name in ("one", "other"):
        clean(finished, tmp_path / name, "--keep", "least-debris", "--keep", "longest")
    assert digests(tmp_path / "one") == digests(tmp_path / "other")


def test_the_run_stays_as_it_is(finished: Path, tmp_path: Path) -> None:
    before = digests(finished)
    clean(finished, tmp_path / "out")
    assert digests(finished) == before


def test_numbers_can_be_had_as_json(finished: Path, tmp_path: Path) -> None:
    done = clean(finished, tmp_path / "out", "--keep", "longest", "--json")
    assert json.loads(done.output) == {"kept": 6, "removed": 8}


def test_the_longest_is_kept_where_it_is_asked_for(finished: Path, tmp_path: Path) -> None:
    clean(finished, tmp_path / "out", "--keep", "longest", "--format", "jsonl")
    kept = {row["id"] for row in rows(tmp_path / "out" / "kept", "jsonl")}
    assert "c.jsonl:4" in kept
    assert not kept & {"edited", "excerpt", "bridge"}


def test_the_first_of_a_family_is_told_by_what_it_is_to_the_one_that_is_kept(
    finished: Path, tmp_path: Path
) -> None:
    clean(finished, tmp_path / "out", "--keep", "longest", "--format", "jsonl")
    gone = {row["id"]: row for row in rows(tmp_path / "out" / "removed", "jsonl")}
    first = gone["edited"]
    assert (first["relation"], first["kind"], first["of"]) == ("copy", "excerpt", "c.jsonl:4")
    assert first["reason"].startswith("It is the first of its family. Kept is c.jsonl:4, which has")
    assert all(row["relation"] and row["kind"] and row["of"] for row in gone.values())


def test_an_outlet_that_no_article_is_of_is_told_with_those_named_like_it(tmp_path: Path) -> None:
    rows = (
        {"text": "One.", "source": "The Guardian", "url": "https://www.theguardian.com/1"},
        {"text": "Two.", "source": "Reuters", "url": "https://[broken"},
    )
    run(write_files(tmp_path / "in", {"a.jsonl": rows}), tmp_path / "out")
    options = ("--prefer", "gaurdian", "--prefer", "reuters", "--prefer", "com", "--prefer", "ZDF")
    done = clean(tmp_path / "out", tmp_path / "cleaned", *options, "--json")
    assert json.loads(done.stdout) == {"kept": 2, "removed": 0}
    near = "The Guardian, theguardian.com"
    assert done.stderr.splitlines() == [
        f"Warning: --prefer gaurdian: no article is of this outlet; named most like it: {near}",
        "Warning: --prefer ZDF: no article is of this outlet",
    ]


def test_a_directory_in_use_is_refused(finished: Path, tmp_path: Path) -> None:
    (tmp_path / "mine").touch()
    done = clean(finished, tmp_path)
    assert done.exit_code == 1
    assert "is in use; name a directory that is empty or not there" in done.output


def test_what_is_no_finished_run_is_refused(tmp_path: Path) -> None:
    done = clean(tmp_path, tmp_path / "out")
    assert done.exit_code == 1
    assert "no finished run stands here" in done.output
    assert not (tmp_path / "out").exists()


def test_a_run_of_another_version_is_refused(tmp_path: Path) -> None:
    for form in get_args(Format):
        place = tmp_path / form
        finished = run(write_files(place / "in"), place / "out", form=form)
        verdicts = finished.read("verdicts").drop_columns("known")
        path = part_path(place / "out", "verdicts", 0, form)
        write_part(path, verdicts.schema, verdicts.to_batches(), form)
        done = clean(place / "out", place / "cleaned")
        assert done.exit_code == 1
        assert f"{path.name}: has no 'known': another version of secondhand" in done.output
        assert not (place / "cleaned").exists()


def test_a_criterion_named_twice_is_wrong_usage(finished: Path, tmp_path: Path) -> None:
    done = clean(finished, tmp_path / "out", "--keep", "longest", "--keep", "longest")
    assert done.exit_code == 2
    assert "name each criterion once" in done.output
