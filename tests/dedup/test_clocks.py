"""Render clocks are read beside the requests, once, and told from then on."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from dedup.artifacts import detect
from dedup.clocks import RenderClocks, _looked_at
from dedup.config import Settings
from dedup.index.embedded import EmbeddedServer
from dedup.index.redis_index import RedisIndex
from dedup.model import Article, Finding
from dedup.normalize import read
from dedup.pipeline import Detector

TEXT = next((Path(__file__).parents[2] / "seeds").glob("001*.txt")).read_text(encoding="utf-8")
RENDERED = "2020-02-09T10:47:48Z"


def findings(text: str) -> tuple[Article, tuple[Finding, ...]]:
    article = Article(id="x", text=text)
    return article, detect(article, read(article))


def rendered(told: tuple[Finding, ...]) -> set[str | None]:
    return {f.data.get("rendered") for f in told if f.rule == "minify_marker"}


@pytest.fixture
def clocks(index: RedisIndex) -> RenderClocks:
    return RenderClocks(index)


def test_clock_is_told_once_it_has_been_read(clocks: RenderClocks) -> None:
    article, found = findings(TEXT)
    assert rendered(clocks.told(found)) == {None}
    reading = clocks.read_later(article, found)
    assert reading is not None
    reading.result()
    assert rendered(clocks.told(found)) == {RENDERED}


def test_known_clock_is_not_read_again(clocks: RenderClocks) -> None:
    article, found = findings(TEXT)
    reading = clocks.read_later(article, found)
    assert reading is not None
    reading.result()
    assert clocks.read_later(article, found) is None


def test_text_without_markers_has_no_clock(clocks: RenderClocks) -> None:
    assert clocks.read_later(*findings("No marker stands in this text.")) is None


def test_marker_without_a_date_to_search_around_is_left_undated(clocks: RenderClocks) -> None:
    article, found = findings(TEXT.replace("date 2020-02-09", ""))
    assert clocks.read_later(article, found) is None
    assert rendered(clocks.told(found)) == {None}


def test_clock_that_no_date_explained_is_read_again_with_another_date(
    clocks: RenderClocks,
) -> None:
    undated = TEXT.replace("date 2020-02-09", "")
    wrong, found = findings(undated)
    wrong = replace(wrong, published=datetime(2010, 1, 1, tzinfo=UTC))
    reading = clocks.read_later(wrong, found)
    assert reading is not None
    reading.result()
    assert clocks.read_later(wrong, found) is None
    right = replace(wrong, published=datetime(2020, 2, 9, tzinfo=UTC))
    reading = clocks.read_later(right, found)
    assert reading is not None
    reading.result()
    assert rendered(clocks.told(found)) == {RENDERED}


def test_stored_article_is_reported_with_its_clock_by_every_process(
    server: EmbeddedServer, settings: Settings
) -> None:
    def detector() -> Detector:
        return Detector(RedisIndex.connect(server.url, settings), settings)

    with closing(detector()) as first:  # closing finishes what has begun
        first.put(Article(id="x", text=TEXT))
    with closing(detector()) as second:
        assert rendered(second.report("x").artifacts) == {RENDERED}


def test_closed_clocks_begin_nothing_more(index: RedisIndex) -> None:
    clocks = RenderClocks(index)
    clocks.close()
    assert clocks.read_later(*findings(TEXT)) is None


def test_no_text_waits_for_its_clock() -> None:
    article, found = findings(TEXT)
    kept, marks = _looked_at(article, found)
    assert kept.text == ""
    assert {mark.excerpt for mark in marks} == {""}
    assert {mark.rule for mark in marks} == {"minify_marker", "dateline_date"}
