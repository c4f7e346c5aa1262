"""Short and list-like texts: two of one template are two texts, one with light edits is a copy."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from dedup.compare import Profile, compare, profile
from dedup.document import read_document
from dedup.judge.relate import relate
from dedup.model import Article

CASES = Path(__file__).parent.parent / "cases" / "lists"
PAIRS = tomllib.loads((CASES / "pairs.toml").read_text("utf-8"))["pair"]


def cases() -> list[object]:
    """The pairs; those that are known to fail are noticed when they no longer do."""
    return [
        pytest.param(
            pair,
            id=pair["query"],
            marks=pytest.mark.xfail(strict=True, reason=pair["fails"]) if "fails" in pair else (),
        )
        for pair in PAIRS
    ]


@cache
def read(name: str) -> Profile:
    text = (CASES / f"{name}.txt").read_text("utf-8")
    return profile(read_document(Article(id=name, text=text)))


def test_every_text_is_in_a_pair() -> None:
    paired = {pair[side] for pair in PAIRS for side in ("query", "candidate")}
    assert {str(path.relative_to(CASES).with_suffix("")) for path in CASES.rglob("*.txt")} == paired


@pytest.mark.parametrize("pair", cases())
def test_a_list_is_what_it_was_written_to_be(pair: dict[str, Any]) -> None:
    said = relate(compare(read(pair["query"]), read(pair["candidate"])))
    assert said.relation in pair["expected"]
