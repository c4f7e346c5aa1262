"""``secondhand pairs`` as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
import zstandard
from click.testing import CliRunner, Result

from dedup.cli import main

FIRST = "Two men were rescued off Skye on Monday after their boat had lost its engine in a storm."
EDITED = FIRST.replace("Monday", "Tuesday")
OTHER = "The harbour at Oban stays closed until the weekend, its master told a meeting of owners."


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["pairs", *map(str, arguments)], env={"NO_COLOR": "1"})


def write(path: Path, *articles: dict[str, str]) -> Path:
    lines = (json.dumps(article, ensure_ascii=False) + "\n" for article in articles)
    path.write_text("".join(lines), encoding="utf-8")
    return path


@pytest.fixture
def news(tmp_path: Path) -> Path:
    return write(
        tmp_path / "news.jsonl",
        {"id": "first", "text": FIRST},
        {"id": "other", "text": OTHER},
        {"id": "edited", "text": EDITED},
        {"id": "first", "text": FIRST},
    )


def test_pairs_are_written_with_their_ids(news: Path, tmp_path: Path) -> None:
    done = run(news, "-o", tmp_path / "pairs.parquet", "--jaccard", "0.4")
    assert done.exit_code == 0, done.output
    found = pq.read_table(tmp_path / "pairs.parquet").to_pylist()
    assert [(row["first"], row["second"]) for row in found] == [
        ("first", "edited"),
        ("first", "first#2"),
        ("edited", "first#2"),
    ]
    n_shingles, n_changed = 14, 5
    in_common = n_shingles - n_changed
    assert found[0]["jaccard"] == in_common / (n_shingles + n_changed)
    assert found[0]["first_in_second"] == found[0]["second_in_first"] == in_common / n_shingles
    assert found[1]["jaccard"] == 1
    assert "3 pairs among 4 articles" in done.stderr


def test_json_lines_say_the_same(news: Path, tmp_path: Path) -> None:
    printed = run(news, "-o", "-", "--jaccard", "0.4")
    run(news, "-o", tmp_path / "pairs.jsonl.zst", "--jaccard", "0.4")
    with zstandard.open(tmp_path / "pairs.jsonl.zst", "rt", encoding="utf-8") as file:
        written = [json.loads(line) for line in file.read().splitlines()]
    assert [json.loads(line) for line in printed.stdout.splitlines()] == written
    assert len(written) == 3


def test_the_number_of_threads_changes_no_byte(news: Path, tmp_path: Path) -> None:
    outputs = [tmp_path / f"{workers}.parquet" for workers in (1, 3)]
    for workers, output in zip((1, 3), outputs, strict=True):
        run(news, "-o", output, "--workers", workers)
    assert outputs[0].read_bytes() == outputs[1].read_bytes()


def test_rows_that_are_not_taken_are_kept_beside_the_output(news: Path, tmp_path: Path) -> None:
    output = tmp_path / "pairs.parquet"
    with news.open("a", encoding="utf-8") as file:
        file.write("no JSON\n")
    done = run(news, "-o", output, "--json")
    assert json.loads(done.stdout) == {"articles": 4, "rejected": 1, "pairs": 1}
    (reject,) = (tmp_path / "pairs.parquet.rejects.jsonl").read_text("utf-8").splitlines()
    assert json.loads(reject)["raw"] == "no JSON\n"


@pytest.mark.parametrize(
    ("output", "there"),
    [
        ("pairs.parquet", "pairs.parquet"),
        ("pairs.parquet", "pairs.parquet.rejects.jsonl"),
        ("-", "pairs.rejects.jsonl"),
    ],
)
def test_what_is_there_is_not_written_over(
    news: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, output: str, there: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(there).write_text("of another run", encoding="utf-8")
    done = run(news, "-o", output)
    assert done.exit_code == 1
    assert f"{there} is there already; name another file" in done.stderr
    assert Path(there).read_text(encoding="utf-8") == "of another run"
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted([news.name, there])


def test_files_on_the_way_are_gone_at_the_end(news: Path, tmp_path: Path) -> None:
    spill = tmp_path / "spill"
    spill.mkdir()
    run(news, "-o", tmp_path / "pairs.parquet", "--spill", spill, "--memory", "1M")
    assert (tmp_path / "pairs.parquet").exists()
    assert not list(spill.iterdir())


def test_inputs_without_articles_have_no_pairs(tmp_path: Path) -> None:
    done = run(write(tmp_path / "news.jsonl"), "-o", tmp_path / "pairs.parquet")
    assert done.exit_code == 0
    assert len(pq.read_table(tmp_path / "pairs.parquet")) == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("-o", "pairs.csv"), "let it end in .parquet or .jsonl.zst"),
        (("-o", "pairs.parquet", "--jaccard", "0"), "0<x<=1"),
        (("-o", "-", "--json"), "give a file to write to"),
    ],
)
def test_wrong_usage_is_told(arguments: tuple[str, ...], told: str, news: Path) -> None:
    done = run(news, *arguments)
    assert done.exit_code == 2
    assert told in " ".join(done.stderr.split())


def test_an_output_that_cannot_be_written_is_told(news: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    done = run(news, "-o", tmp_path / "file" / "pairs.parquet")
    assert done.exit_code == 4
    assert "cannot be written" in done.stderr
