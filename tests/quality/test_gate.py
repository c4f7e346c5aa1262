"""How right the judge is on labelled pairs; the floors can only be lowered on purpose.

The cases and the floors are data: ``tests/cases/quality``, whose README tells how to change
them. Those of ``tests/cases/languages`` and ``tests/cases/lists``, which have tests of their
own, count too. The floors hold for the cases whose digest stands beside them, and for no others.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from dedup.compare import Profile, compare, profile
from dedup.document import read_document
from dedup.evaluate import SAYS
from dedup.judge import relate
from dedup.model import Article

ROOT = Path(__file__).parents[2]
CASES = ROOT / "tests" / "cases"
CLASSES = ("copy", "derived", "retranslation", "independent")
GATE: dict[str, Any] = tomllib.loads((CASES / "quality" / "gate.toml").read_text("utf-8"))


def pairs_of(folder: str) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = tomllib.loads((CASES / folder / "pairs.toml").read_text("utf-8"))[
        "pair"
    ]
    return read


def one_class(relations: list[str]) -> str:
    """The class that all of these relations count as."""
    (name,) = {SAYS[relation] for relation in relations}
    return name


QUALITY: list[dict[str, str]] = pairs_of("quality")
LANGUAGES = sorted(path.name for path in (CASES / "languages").iterdir() if path.is_dir())
LABELLED: list[tuple[str, str, str]] = [
    *((pair["query"], pair["candidate"], pair["is"]) for pair in QUALITY),
    *(
        (f"lists/{pair['query']}", f"lists/{pair['candidate']}", one_class(pair["expected"]))
        for pair in pairs_of("lists")
    ),
    *(
        (
            f"languages/{language}/{pair['query']}",
            f"languages/{language}/{pair['candidate']}",
            one_class(pair["expected"]),
        )
        for language in LANGUAGES
        for pair in pairs_of("languages")
    ),
]
FILES = {
    **{path.name[:3]: path for path in sorted((ROOT / "seeds").glob("0*.txt"))},
    **{path.stem: path for path in sorted((CASES / "quality" / "articles").glob("*.txt"))},
    **{
        str(path.relative_to(CASES).with_suffix("")): path
        for folder in ("lists", "languages")
        for path in sorted((CASES / folder).rglob("*.txt"))
    },
}


@cache
def read(name: str) -> Profile:
    return profile(read_document(Article(name, FILES[name].read_text("utf-8"))))


@cache
def said_of(query: str, candidate: str) -> str:
    """The class that the product puts a pair in."""
    return SAYS[relate(compare(read(query), read(candidate))).relation]


def digest() -> str:
    """SHA-256 over every article and what every pair is said to be."""
    hashed = hashlib.sha256()
    for name, path in sorted(FILES.items()):
        hashed.update(f"{name} {hashlib.sha256(path.read_bytes()).hexdigest()}\n".encode())
    for query, candidate, is_ in LABELLED:
        hashed.update(f"{query} {candidate} {is_}\n".encode())
    return hashed.hexdigest()


def share(right: int, counts: list[int]) -> float:
    return right / max(sum(counts), 1)


def labelled() -> list[object]:
    return [
        pytest.param(
            pair["query"],
            pair["candidate"],
            pair["is"],
            id=f"{pair['query']}-{pair['candidate']}",
            marks=(
                pytest.mark.xfail(reason=f"known to fail: {pair['known_to_fail']}", strict=True)
                if "known_to_fail" in pair
                else ()
            ),
        )
        for pair in QUALITY
    ]


@pytest.mark.parametrize(("query", "candidate", "expected"), labelled())
def test_pair_is_judged_as_labelled(query: str, candidate: str, expected: str) -> None:
    assert said_of(query, candidate) == expected


def test_precision_and_recall_are_at_their_floors_or_above() -> None:
    assert digest() == GATE["cases"], "other cases: measure again, and pin digest and floors"
    confusion = Counter((is_, said_of(query, candidate)) for query, candidate, is_ in LABELLED)
    measured = {
        name: {
            "precision": share(confusion[name, name], [confusion[is_, name] for is_ in CLASSES]),
            "recall": share(confusion[name, name], [confusion[name, said] for said in CLASSES]),
        }
        for name in CLASSES
    }
    below = {
        f"{measure} of {name}": (measured[name][measure], floor)
        for name, floors in GATE["floors"].items()
        for measure, floor in floors.items()
        if round(measured[name][measure], 3) < floor
    }
    assert not below, f"measured and floor: {below}"


def test_every_class_has_floors_and_every_article_a_pair() -> None:
    assert list(GATE["floors"]) == list(CLASSES)
    assert all(floors.keys() == {"precision", "recall"} for floors in GATE["floors"].values())
    assert {name for query, candidate, _ in LABELLED for name in (query, candidate)} == set(FILES)


@pytest.mark.parametrize(("query", "candidate"), [("001", "002"), ("002", "004")])
def test_seeds_with_a_common_source_are_not_second_hand_to_each_other(
    query: str, candidate: str
) -> None:
    """Whether they count as derived is open to doubt: they share an agency's sentences."""
    assert said_of(query, candidate) in {"derived", "independent"}
