"""Runs against articles that are known already, on a real index and on files."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from article_cases import ARTICLE, SEEDS
from batch_cases import (
    EDITED,
    EXCERPT,
    FERRY,
    FERRY_ROUND_TRIP,
    by_id,
    digests,
    run,
    run_rows,
    write_files,
)
from cli_cases import run_command

from dedup.batch.cleaning import clean
from dedup.batch.keeping import CRITERIA, Policy
from dedup.batch.local import Progress, Watch
from dedup.batch.outputs import Outputs
from dedup.cli.exits import DONE, REFUSED
from dedup.cli.known import find_known
from dedup.config import Settings
from dedup.errors import InputError
from dedup.index import open_index
from dedup.model import Article
from dedup.pipeline import Detector

KNOWN = {"seed-000": SEEDS["000"], "seed-000-copy": SEEDS["000"] + "\n\nCopied.", "bridge": ARTICLE}

NEW: tuple[Mapping[str, object], ...] = (
    {"id": "again", "text": SEEDS["001"]},
    {"id": "bridge", "text": ARTICLE},
    {"id": "seed-000-copy", "text": EDITED},
    {"id": "ferry", "text": FERRY},
    {"id": "ferry-again", "text": FERRY_ROUND_TRIP},
)
"""A re-translation of a known article, a known article itself, a copy of a known one under the id of
another, and two that have nothing to do with what is known."""


@pytest.fixture(scope="module")
def data_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("index") / "data"
    put(place, KNOWN)
    return place


def put(data_dir: Path, articles: Mapping[str, str]) -> None:
    opened = open_index(data_dir=data_dir, redis_url=None, settings=Settings())
    with closing(Detector(opened)) as detector:
        for name, text in articles.items():
            detector.put(Article(name, text))


@pytest.fixture(scope="module")
def found(data_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Outputs:
    """A run against the index, as a user begins it."""
    place = tmp_path_factory.mktemp("against")
    paths = write_files(place / "in", {"new.jsonl": NEW})
    out = place / "out"
    options = ("--against", str(data_dir), "--workers", "1", "--key-prefix", "secondhand")
    done = run_command("batch", *paths, "-o", str(out), *options)
    assert done.exit_code == DONE
    assert "against 3 known articles; known themselves: 1 of the inputs" in done.stdout
    return Outputs(out)


def test_known_articles_are_named_as_sources(found: Outputs) -> None:
    verdict = by_id(found.read("verdicts"))["again"]
    assert (verdict["verdict"], verdict["source"]) == ("retranslation", "seed-000")
    assert verdict["source_number"] < 0


def test_known_articles_get_no_rows_of_their_own(found: Outputs) -> None:
    for table in ("articles", "verdicts", "matches", "artifacts"):
        assert min(found.read(table, ["number"]).column("number").to_pylist()) >= 0
    assert len(found.read("articles")) == len(NEW)


def test_known_articles_are_not_compared_with_each_other(tmp_path: Path) -> None:
    copies = [{"id": f"copy-{n}", "text": f"{ARTICLE}\n\nEdition {n}."} for n in range(30)]
    known = write_files(tmp_path / "known", {"known.jsonl": copies})
    run_rows(tmp_path, {"id": "ferry", "text": FERRY}, known=known)
    summary = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    assert summary["pairs"] == {"compared": 0, "left_out": 0, "related": {}}


def test_article_that_is_known_itself_is_no_copy_of_itself(found: Outputs) -> None:
    verdicts = by_id(found.read("verdicts"))
    assert [name for name, row in verdicts.items() if row["known"]] == ["bridge"]
    others = {row["other"] for row in found.read("matches").to_pylist() if row["id"] == "bridge"}
    assert others == {"seed-000-copy"}  # the copy among the new ones


def test_another_text_under_the_id_of_a_known_article_is_another_article(found: Outputs) -> None:
    assert by_id(found.read("verdicts"))["seed-000-copy"]["source"] == "bridge"
    members = by_id(found.read("clusters"))
    known = members["seed-000-copy#2"]
    assert known["number"] < 0
    assert (known["known"], known["language"]) == (True, "en")
    assert known["cluster"] == members["again"]["cluster"]


def test_what_is_known_changes_neither_ids_nor_numbers_of_the_inputs(
    found: Outputs, tmp_path: Path
) -> None:
    alone = run_rows(tmp_path, *NEW)
    for column in ("number", "id"):
        assert alone.read("articles")[column] == found.read("articles")[column]


@pytest.mark.parametrize("criterion", [name for name in CRITERIA if name != "preferred"])
def test_cleaning_removes_what_is_known_under_every_policy(
    found: Outputs, criterion: Any, tmp_path: Path
) -> None:
    cleaned = clean(found, tmp_path / "out", Policy((criterion,)))
    assert (cleaned.kept, cleaned.removed) == (1, 4)
    rows = by_id(pq.read_table(tmp_path / "out" / "removed"))
    assert rows["again"]["reason"].endswith("which is known already.")
    assert rows["again"]["kept_number"] < 0
    assert rows["bridge"]["reason"] == "It is known already, with this text under this id."
    assert rows["seed-000-copy"]["kept"] == "bridge"
    assert rows["seed-000-copy"]["reason"].endswith("Kept is bridge, which is known already.")


class StoppedError(Exception):
    """Raised in the middle of a run."""


def stopping(moment: int) -> Watch:
    """Ends a run when it is told something for the nth time."""
    told = count(1)

    def watch(_: Progress) -> None:
        if next(told) == moment:
            raise StoppedError

    return watch


def test_run_goes_on_with_what_was_known_when_it_began(tmp_path: Path) -> None:
    place = tmp_path / "index"
    put(place, KNOWN)
    paths = write_files(tmp_path / "in", {"new.jsonl": NEW})
    exports = find_known([str(place)], {}, "secondhand", Settings())[1]
    run(paths, tmp_path / "undisturbed", exports=exports, workers=2)
    out = tmp_path / "out"
    with pytest.raises(StoppedError):
        run(paths, out, exports=exports, watch=stopping(6))
    put(place, {"ferry-of-today": FERRY})
    run(paths, out, exports=exports, resume=True)
    assert digests(out) == digests(tmp_path / "undisturbed")


def test_run_does_not_go_on_against_something_else(tmp_path: Path) -> None:
    files = {name: [{"text": FERRY}] for name in ("one.jsonl", "other.jsonl")}
    one, other = write_files(tmp_path / "known", files)
    paths = write_files(tmp_path / "in", {"new.jsonl": NEW})
    with pytest.raises(StoppedError):
        run(paths, tmp_path / "out", known=[one], watch=stopping(3))
    with pytest.raises(InputError, match=r"begun with other --against \("):
        run(paths, tmp_path / "out", known=[other], resume=True)


def test_where_nothing_tells_the_known_article_was_first(tmp_path: Path) -> None:
    known = write_files(tmp_path / "known", {"known.jsonl": [{"id": "wire", "text": ARTICLE}]})
    verdict = by_id(run_rows(tmp_path, {"text": EDITED}, known=known).read("verdicts"))
    (row,) = verdict.values()
    assert row["reasons"][0] == (
        "It is a copy of wire: the other article was known before; nothing else tells."
    )


def test_known_article_may_be_the_later_one(tmp_path: Path) -> None:
    fields = {"id": "late", "text": EDITED, "published": "2024-05-03"}
    known = write_files(tmp_path / "known", {"known.jsonl": [fields]})
    outputs = run_rows(
        tmp_path, {"id": "early", "text": ARTICLE, "published": "2024-05-01"}, known=known
    )
    (match,) = outputs.read("matches").to_pylist()
    assert (match["other"], match["direction"]) == ("late", "copied_by")
    assert outputs.read("clusters")["first"].to_pylist() == ["early", "early"]


def test_an_earlier_run_is_known_by_its_articles(tmp_path: Path) -> None:
    run_rows(tmp_path, NEW[1], NEW[3])
    paths = write_files(tmp_path / "more", {"more.jsonl": [NEW[1], {"text": EXCERPT}, NEW[4]]})
    again = ("--against", str(tmp_path / "out"), "--json", "--workers", "1")
    done = run_command("batch", *paths, "-o", str(tmp_path / "again"), *again)
    known = json.loads(done.stdout)["known"]
    assert (known["articles"], known["among_inputs"]) == (2, 1)
    verdicts = by_id(Outputs(tmp_path / "again").read("verdicts"))
    sources = {name: (row["source"], row["known"]) for name, row in verdicts.items()}
    assert sources == {
        "bridge": (None, True),
        "more.jsonl:2": ("bridge", False),
        "ferry-again": ("ferry", False),
    }


def test_a_field_that_known_files_do_not_have_is_told_by_its_name(tmp_path: Path) -> None:
    paths = write_files(tmp_path / "in", {"new.jsonl": [{"words": EDITED, "key": "late"}]})
    (known,) = write_files(tmp_path / "known", {"known.jsonl": [{"text": ARTICLE, "id": "old"}]})
    fields = ("--field", "text=words", "--field", "id=key", "--workers", "1")
    done = run_command("batch", *paths, "-o", str(tmp_path / "out"), *fields, "--against", known)
    assert done.exit_code == 0, done.stderr
    assert by_id(Outputs(tmp_path / "out").read("verdicts"))["late"]["source"] == "old"


@pytest.mark.parametrize("what", ["nowhere", "cut-off"])
def test_what_cannot_be_read_is_refused_before_the_run_begins(what: str, tmp_path: Path) -> None:
    (tmp_path / "cut-off" / ".work").mkdir(parents=True)
    (tmp_path / "cut-off" / ".work" / "run.json").write_text("{}", encoding="utf-8")
    paths = write_files(tmp_path / "in", {"new.jsonl": NEW})
    out = tmp_path / "out"
    done = run_command("batch", *paths, "-o", str(out), "--against", str(tmp_path / what))
    assert done.exit_code == REFUSED
    assert what in done.stderr
    assert not out.exists()


def test_a_password_is_told_to_nobody() -> None:
    address = "redis://reader:hidden@archive.example:6379/0"
    _, (export,) = find_known([address], {}, "secondhand", Settings())
    assert export.name == "redis://archive.example:6379/0"


def test_thorough_compares_what_the_gate_leaves_alone(tmp_path: Path) -> None:
    rows = [{"id": name, "text": text} for name, text in SEEDS.items()]
    paths = write_files(tmp_path / "in", {"rows.jsonl": rows})
    compared = {}
    for option in ("--quiet", "--thorough"):
        out = tmp_path / option
        done = run_command("batch", *paths, "-o", str(out), "--workers", "1", "--json", option)
        compared[option] = json.loads(done.stdout)["pairs"]["compared"]
    assert compared["--thorough"] > compared["--quiet"]
