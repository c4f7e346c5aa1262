"""A batch says of a pair what an index says, but that nothing has arrived in an archive."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from batch_cases import FILES, by_id, run, write_files

from dedup.batch.outputs import Outputs
from dedup.index.redis_index import RedisIndex
from dedup.model import Article
from dedup.pipeline import Detector
from dedup.report import to_json
from dedup.times import parse_time

ARCHIVE = [row for rows in FILES.values() for row in rows if "text" in row]


@pytest.fixture
def told(index: RedisIndex) -> dict[str, dict[str, Any]]:
    """What an index says of the articles, which it was given in their order of time."""
    detector = Detector(index)
    for name, row in sorted(_named().items(), key=lambda entry: _age(entry[1])):
        fields = {**row, "id": name, "published": None}
        if "published" in row:
            fields["published"] = parse_time(row["published"])
        detector.put(Article(**fields))
    return {name: json.loads(json.dumps(to_json(detector.report(name)))) for name in _named()}


@pytest.fixture
def found(tmp_path: Path) -> Outputs:
    return run(write_files(tmp_path / "in"), tmp_path / "out")


def _named() -> dict[str, Any]:
    """The rows by what a run calls their articles."""
    names = ["bridge", "seed-001", "ferry-again", "short", "seed-000", "bridge#2", "edited"]
    names += ["excerpt", "seed-002", "bridge#3", "c.jsonl:4", "ferry", "seed-003", "seed-004"]
    return dict(zip(names, ARCHIVE, strict=True))


def _age(row: dict[str, str]) -> tuple[bool, str]:
    return "published" not in row, row.get("published", "")


def _as_in_a_table(match: dict[str, Any]) -> dict[str, Any]:
    """A match of an answer as a row of ``matches``, without what tells of arrivals."""
    sides = (("query_start", "query_end"), ("candidate_start", "candidate_end"))
    return {
        **match,
        "passages": [
            {
                **dict(zip(sides[0], passage["query"], strict=True)),
                **dict(zip(sides[1], passage["candidate"], strict=True)),
                "type": passage["type"],
                "quotation": passage["quotation"],
            }
            for passage in match["passages"]
        ],
    }


COLUMNS = (
    "relation",
    "kind",
    "confidence",
    "direction",
    "direction_confidence",
    "scores",
    "scores_without_quotations",
    "quotes",
    "passages",
    "reasons",
)


def test_pair_that_both_have_compared_is_the_same_to_both(
    told: dict[str, dict[str, Any]], found: Outputs
) -> None:
    in_index = {
        (name, match["id"]): _as_in_a_table(match)
        for name, answer in told.items()
        for match in answer["matches"]
    }
    compared = 0
    for row in found.read("matches").to_pylist():
        known = in_index.get((row["id"], row["other"]))
        if known is not None:
            compared += 1
            assert {name: row[name] for name in COLUMNS} == {name: known[name] for name in COLUMNS}
    assert compared > 40


def test_copies_and_retranslations_are_found_by_both(
    told: dict[str, dict[str, Any]], found: Outputs
) -> None:
    second_hand = ("copy", "retranslation", "derived")
    in_index = {
        (name, match["id"])
        for name, answer in told.items()
        for match in answer["matches"]
        if match["relation"] in second_hand
    }
    in_batch = {
        (row["id"], row["other"])
        for row in found.read("matches").to_pylist()
        if row["relation"] in second_hand
    }
    assert in_batch == in_index


def test_verdicts_are_the_same(told: dict[str, dict[str, Any]], found: Outputs) -> None:
    verdicts = by_id(found.read("verdicts"))
    for name, answer in told.items():
        if answer["verdict"] != "independent":
            row = verdicts[name]
            source = answer["source"]["id"] if answer["source"] else None
            assert (row["verdict"], row["kind"], row["source"]) == (
                answer["verdict"],
                answer["kind"],
                source,
            )
            assert row["confidence"] == answer["confidence"]
            assert row["reasons"][1:] == answer["reasons"][1:]


def test_artifacts_and_credits_are_the_same(
    told: dict[str, dict[str, Any]], found: Outputs
) -> None:
    artifacts: dict[str, list[tuple[object, ...]]] = {}
    for row in found.read("artifacts").to_pylist():
        place = (row["rule"], row["start"], row["end"], row["excerpt"], row["weight"])
        artifacts.setdefault(row["id"], []).append(place)
    verdicts = by_id(found.read("verdicts"))
    for name, answer in told.items():
        assert artifacts.get(name, []) == [
            (finding["rule"], *finding["span"], finding["excerpt"], finding["weight"])
            for finding in answer["artifacts"]
        ]
        assert [credit["name"] for credit in verdicts[name]["credits"]] == [
            credit["name"] for credit in answer["credits"]
        ]
