"""Whole runs on one machine: what comes out, and that it is the same however it is made."""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path
from string import ascii_lowercase

import pytest
from article_cases import ARTICLE, PARAGRAPHS, SEEDS
from batch_cases import (
    EXCERPT,
    FERRY,
    FILES,
    MEMORY,
    by_id,
    digests,
    run,
    run_rows,
    write_files,
)

from dedup.batch.outputs import Outputs
from dedup.batch.schema import OUTPUTS, article_number
from dedup.config import Limits, Settings
from dedup.errors import InputError


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    return write_files(tmp_path_factory.mktemp("in"))


@pytest.fixture(scope="module")
def out(files: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that nobody disturbs."""
    place = tmp_path_factory.mktemp("undisturbed") / "out"
    run(files, place, report=True)
    return place


@pytest.fixture(scope="module")
def outputs(out: Path) -> Outputs:
    return Outputs(out)


@pytest.mark.parametrize(
    ("article", "verdict", "kind", "source"),
    [
        ("seed-000", "independent", "unmatched", None),
        ("seed-001", "retranslation", "same_language", "seed-000"),
        ("seed-002", "independent", "derived", "seed-000"),
        ("seed-004", "independent", "same_story", None),
        ("edited", "independent", "unmatched", None),
        ("bridge", "copy", "edited", "edited"),
        ("excerpt", "copy", "excerpt", "edited"),
        ("short", "undetermined", "too_short", None),
        ("ferry-again", "retranslation", "same_language", "c.jsonl:4"),
    ],
)
def test_every_article_gets_its_verdict(
    outputs: Outputs, article: str, verdict: str, kind: str, source: str | None
) -> None:
    row = by_id(outputs.read("verdicts"))[article]
    assert (row["verdict"], row["kind"], row["source"]) == (verdict, kind, source)


def test_every_row_but_rejects_is_there_in_the_order_of_the_input(outputs: Outputs) -> None:
    rows = [
        (place, row)
        for place, name in enumerate(FILES)
        for row, fields in enumerate(FILES[name])
        if "text" in fields
    ]
    for table in ("articles", "verdicts"):
        numbers = outputs.read(table, ["number"]).column("number").to_pylist()
        assert numbers == [article_number(*place) for place in rows]


@pytest.mark.parametrize("table", OUTPUTS)
def test_tables_have_the_documented_columns(outputs: Outputs, table: str) -> None:
    read = outputs.read(table)
    read.validate(full=True)
    assert len(read) > 0
    for field in OUTPUTS[table]:
        assert field.nullable or read.column(field.name).null_count == 0


def test_id_that_occurs_again_gets_a_number(outputs: Outputs) -> None:
    named = {row["id"]: row["file"][-7:] for row in outputs.read("articles").to_pylist()}
    assert [named[name] for name in ("bridge", "bridge#2", "bridge#3")] == [
        "a.jsonl",
        "b.jsonl",
        "c.jsonl",
    ]


def test_pair_is_told_from_both_sides(outputs: Outputs) -> None:
    opposite = {"copied_from": "copied_by", "copied_by": "copied_from", "unknown": "unknown"}
    sides = {(row["id"], row["other"]): row for row in outputs.read("matches").to_pylist()}
    assert sides
    for (one, other), row in sides.items():
        mirrored = sides[other, one]
        assert mirrored["relation"] == row["relation"]
        assert mirrored["direction"] == opposite[row["direction"]]


def test_passages_are_places_in_the_text_as_submitted(outputs: Outputs) -> None:
    (match,) = (
        row
        for row in outputs.read("matches").to_pylist()
        if (row["id"], row["other"]) == ("excerpt", "bridge")
    )
    for passage in match["passages"]:
        ours = EXCERPT[passage["query_start"] : passage["query_end"]]
        theirs = ARTICLE[passage["candidate_start"] : passage["candidate_end"]]
        assert ours == theirs


def test_artifacts_are_places_in_the_text_as_submitted(outputs: Outputs) -> None:
    found = [row for row in outputs.read("artifacts").to_pylist() if row["id"] == "seed-001"]
    assert {row["rule"] for row in found} >= {"minify_marker", "spaced_numeric_entity"}
    for row in found:
        assert SEEDS["001"][row["start"] : row["end"]].startswith(row["excerpt"])


def test_the_summary_counts_findings_and_the_articles_that_have_any(
    out: Path, outputs: Outputs
) -> None:
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    found: dict[str, list[str]] = {}
    for row in outputs.read("artifacts").to_pylist():
        found.setdefault(row["rule"], []).append(row["id"])
    counted = {
        rule: {"findings": len(ids), "articles": len(set(ids))} for rule, ids in found.items()
    }
    assert summary["artifacts"] == counted
    assert any(len(ids) > len(set(ids)) for ids in found.values())
    in_order = sorted(counted, key=lambda rule: (-counted[rule]["articles"], rule))
    assert list(summary["artifacts"]) == in_order


def test_families_begin_with_their_earliest_and_go_on_in_order_of_time(outputs: Outputs) -> None:
    families: dict[str, list[str]] = {}
    for row in outputs.read("clusters").to_pylist():
        families.setdefault(row["first"], []).append(row["id"])
        assert (row["relation"] is None) == (row["place"] == 0)
    assert families["seed-000"] == ["seed-000", "seed-001"]
    assert families["edited"][:3] == ["edited", "bridge", "bridge#2"]
    assert families["edited"][3:] == ["ferry-again", "excerpt", "bridge#3", "c.jsonl:4", "ferry"]


def test_verdicts_name_the_family(outputs: Outputs) -> None:
    of_family = {row["id"]: row["cluster"] for row in outputs.read("clusters").to_pylist()}
    for row in outputs.read("verdicts").to_pylist():
        assert row["cluster"] == of_family.get(row["id"])


def test_nothing_but_outputs_is_left(out: Path) -> None:
    assert sorted(path.name for path in out.iterdir()) == sorted(
        [*OUTPUTS, "rejects.jsonl", "report.html", "run.json", "summary.json", "timing.json"]
    )


@pytest.mark.parametrize(("workers", "memory"), [(2, MEMORY), (3, 3 * MEMORY)])
def test_no_byte_depends_on_workers_or_memory(
    files: list[str], out: Path, tmp_path: Path, workers: int, memory: int
) -> None:
    run(files, tmp_path / "out", workers=workers, memory=memory, report=True)
    assert digests(tmp_path / "out") == digests(out)


def test_json_lines_hold_the_same_as_parquet(
    files: list[str], outputs: Outputs, tmp_path: Path
) -> None:
    lines = run(files, tmp_path / "out", form="jsonl")
    assert lines.form == "jsonl"
    for table in OUTPUTS:
        assert lines.read(table).to_pylist() == outputs.read(table).to_pylist()


def test_run_over_nothing_that_can_be_read_ends_with_empty_tables(tmp_path: Path) -> None:
    endless = "bridge " * 50_000
    outputs = run_rows(tmp_path, {"id": "a", "text": endless}, {"id": "b", "text": endless})
    assert all(len(outputs.read(table)) == 0 for table in OUTPUTS)
    rejects = (tmp_path / "out" / "rejects.jsonl").read_text(encoding="utf-8")
    assert rejects.count("\n") == 2


def test_undated_copies_are_of_the_first_in_the_input(tmp_path: Path) -> None:
    rows = run_rows(tmp_path, {"id": "z", "text": FERRY}, {"id": "a", "text": FERRY})
    verdict = by_id(rows.read("verdicts"))["a"]
    assert verdict["source"] == "z"
    assert "the other article stands first in the input" in verdict["reasons"][0]


def test_of_a_large_family_so_much_is_listed_as_is_told_and_all_of_it_is_one_family(
    tmp_path: Path,
) -> None:
    limits = Limits(max_followers=3, enough_second_hand=4)
    copies = [{"id": str(n), "text": f"{ARTICLE}\n\nEdition {n}."} for n in range(8)]
    outputs = run_rows(tmp_path, *copies, settings=Settings(limits=limits))
    verdicts = by_id(outputs.read("verdicts"))
    listed = [row for row in outputs.read("matches").to_pylist() if row["id"] == "0"]
    assert sorted(row["other"] for row in listed) == ["1", "2", "3"]
    assert (verdicts["0"]["matches"], verdicts["0"]["matches_complete"]) == (3, False)
    assert (verdicts["7"]["source"], verdicts["7"]["matches_complete"]) == ("0", False)
    clusters = outputs.read("clusters")
    assert clusters.column("id").to_pylist() == [str(n) for n in range(8)]


def test_article_put_together_from_others_names_them(tmp_path: Path) -> None:
    rows = [
        {"id": "ferry", "text": FERRY, "published": "2024-05-01"},
        {"id": "bridge", "text": ARTICLE, "published": "2024-05-01"},
        {"id": "both", "text": f"{ARTICLE}\n\n{FERRY}", "published": "2024-05-03"},
    ]
    verdict = by_id(run_rows(tmp_path, *rows).read("verdicts"))["both"]
    assert (verdict["verdict"], verdict["kind"]) == ("copy", "composite")
    assert "in ferry" in verdict["reasons"][0]
    assert "in bridge" in verdict["reasons"][0]


def test_block_that_many_articles_carry_is_reported_and_weighs_nothing(tmp_path: Path) -> None:
    """Thirty articles of made-up words have one long block in common, and nothing else."""
    draw = random.Random(7)
    block = "\n\n".join(PARAGRAPHS[:2])
    own = [
        " ".join("".join(draw.choices(ascii_lowercase, k=7)) for _ in range(300)) for _ in range(30)
    ]
    rows = [{"id": str(n), "text": f"{text}.\n\n{block}"} for n, text in enumerate(own)]
    outputs = run_rows(tmp_path, *rows)
    reported = [
        row for row in outputs.read("artifacts").to_pylist() if row["rule"] == "boilerplate"
    ]
    assert {row["id"] for row in reported} == {str(n) for n in range(30)}
    summary = json.loads((tmp_path / "out" / "summary.json").read_text(encoding="utf-8"))
    assert summary["artifacts"]["boilerplate"] == {"findings": len(reported), "articles": 30}
    texts = {row["id"]: row["text"] for row in rows}
    for row in reported:
        assert row["excerpt"] == texts[row["id"]][row["start"] : row["end"]][:120]
    second_hand = {"copy", "retranslation", "derived"}
    assert not second_hand & set(outputs.read("matches").column("relation").to_pylist())


def test_directory_may_be_used_again_for_other_articles(tmp_path: Path) -> None:
    first = run_rows(tmp_path, {"id": "a", "text": FERRY}, {"id": "b", "text": FERRY})
    assert len(first.read("clusters")) == 2
    shutil.rmtree(tmp_path / "out")
    second = run_rows(tmp_path, {"id": "c", "text": FERRY}, {"id": "d", "text": ARTICLE})
    assert [row["id"] for row in second.read("verdicts").to_pylist()] == ["c", "d"]
    assert len(second.read("clusters")) == 0


def test_too_little_memory_is_refused_with_how_much_it_takes(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"2 workers need \d+ MB at least; give more --memory"):
        run_rows(tmp_path, {"text": FERRY}, workers=2, memory=100 << 20)
    assert not (tmp_path / "out").exists()
