"""Articles that are put together from others."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from dedup.compare import Profile, compare, profile
from dedup.document import read_document
from dedup.index.redis_index import RedisIndex
from dedup.judge import parts, relate
from dedup.model import Article
from dedup.pipeline import Detector
from dedup.times import parse_time

ARTICLES = Path(__file__).parents[1] / "cases" / "quality" / "articles"


def text(name: str) -> str:
    return (ARTICLES / f"{name}.txt").read_text("utf-8")


def paragraphs(name: str, start: int, end: int) -> str:
    return "\n\n".join(text(name).split("\n\n")[start:end])


def read(name: str, body: str) -> Profile:
    return profile(read_document(Article(name, body, published=parse_time("2026-03-02T12:00:00Z"))))


FLOOD = read("flood", text("flood"))
STRIKE = read("strike", text("strike"))
COMET = read("comet", text("comet"))
HALVES = f"{paragraphs('flood', 0, 4)}\n\n{paragraphs('strike', 0, 4)}"


def test_an_article_of_two_halves_names_both_the_larger_first() -> None:
    query = read("both", HALVES)
    found = parts(query, [relate(compare(query, other)) for other in (FLOOD, STRIKE, COMET)])
    assert [part.match.other.id for part in found] == ["strike", "flood"]
    assert sum(part.share for part in found) == pytest.approx(1.0, abs=0.05)


def test_an_article_with_a_good_part_of_its_own_is_no_composite() -> None:
    query = read("framed", f"{HALVES}\n\n{text('chess')}")
    assert not parts(query, [relate(compare(query, other)) for other in (FLOOD, STRIKE)])


def test_two_versions_of_one_story_are_not_two_parts() -> None:
    query = read("all", text("flood"))
    first, second = paragraphs("flood", 0, 4), paragraphs("flood", 1, 6)
    versions = [read("first", first), read("second", second)]
    assert not parts(query, [relate(compare(query, other)) for other in versions])


def test_what_was_taken_from_the_article_is_no_part_of_it() -> None:
    query = read("both", HALVES)
    matches = [relate(compare(query, other)) for other in (FLOOD, STRIKE)]
    assert not parts(query, [replace(match, direction="copied_by") for match in matches])


def test_verdict_on_a_composite_is_copy_with_its_parts_in_the_reason(index: RedisIndex) -> None:
    detector = Detector(index)
    for name in ("flood", "strike", "comet"):
        detector.put(Article(name, text(name), published=parse_time("2026-03-01T12:00:00Z")))
    report = detector.put(
        Article("both", HALVES, published=parse_time("2026-03-02T12:00:00Z"))
    ).report
    verdict = report.verdict
    assert (verdict.verdict, verdict.kind) == ("copy", "composite")
    assert verdict.source is not None
    assert verdict.source.id == "strike"
    assert re.search(r"\d\d % of its words stand in strike, \d\d % in flood\.", verdict.reasons[0])
    assert verdict.confidence is None
