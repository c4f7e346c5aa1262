"""The report of a run: it says what the tables say, needs nothing else, and is never hostile."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from article_cases import ARTICLE, SEEDS
from batch_cases import run_rows
from hypothesis import given
from hypothesis import strategies as st
from resiliparse.parse.html import HTMLTree

from dedup.batch.page.counts import BINS, MOST_BARS, Articles, histogram, rules, with_strong_debris
from dedup.batch.page.families import MOST_FAMILIES, MOST_MEMBERS, largest
from dedup.batch.schema import TIME

HOSTILE = '<script>alert("x")</script><img src="https://example.com/x.png" onerror="x">'
BEGIN = datetime(2024, 5, 1, tzinfo=UTC)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> str:
    place = tmp_path_factory.mktemp("page")
    run_rows(
        place,
        {"id": "bridge", "text": ARTICLE, "title": f"Bridge {HOSTILE}", "source": HOSTILE},
        {"id": "bridge-copy", "text": f"{ARTICLE}\n\n{HOSTILE}", "source": "Farm"},
        {"id": "seed-000", "text": SEEDS["000"], "published": "2020-02-09T08:00:00Z"},
        {"id": "seed-001", "text": SEEDS["001"], "published": "2020-02-10T09:30:00Z"},
        {"id": "none", "title": HOSTILE},
        report=True,
    )
    return (place / "out" / "report.html").read_text(encoding="utf-8")


def text_of(page: str) -> str:
    body = HTMLTree.parse(re.sub("(</t[dh]>)", r" \1", page)).body
    assert body is not None
    return " ".join(body.text.split())


def test_the_page_needs_nothing_but_itself(page: str) -> None:
    tree = HTMLTree.parse(page)
    assert not tree.document.query_selector_all("script, link, img, iframe, object, form")
    links = tree.document.query_selector_all("[href], [src], [srcset], [action]")
    assert [link for link in links if not (link.getattr("href") or "").startswith("#")] == []
    assert not re.search(r"url\(|@import|\son\w+=", tree.head.html if tree.head else "")
    policy = tree.document.query_selector("meta[http-equiv='Content-Security-Policy']")
    assert policy is not None
    assert policy.getattr("content") == "default-src 'none'; style-src 'unsafe-inline'"


def test_hostile_text_is_shown_as_text(page: str) -> None:
    elements = HTMLTree.parse(page).document.query_selector_all("*")
    names = {attribute for element in elements for attribute in element.attrs}
    assert not [name for name in names if name.startswith("on")]
    assert HOSTILE in text_of(page)


def test_links_lead_to_sections_that_are_there(page: str) -> None:
    tree = HTMLTree.parse(page)
    targets = {link.getattr("href")[1:] for link in tree.document.query_selector_all("a[href]")}
    assert targets == {part.id for part in tree.document.query_selector_all("section")}


def test_the_page_tells_what_was_found(page: str) -> None:
    text = text_of(page)
    assert "First-hand and second-hand in 4 articles" in text
    assert "2 second-hand 50 % of all" in text
    assert "2 families of 4 articles" in text
    assert "2 of 4 articles have a date" in text
    assert "Farm <script>" in text  # takes from
    assert "spaced_numeric_entity strongly 1 & # 39;" in text
    assert "+26 h" in text  # after the first
    assert "1 row was not taken" in text


def test_an_example_shows_both_texts_with_the_words_that_changed(page: str) -> None:
    tree = HTMLTree.parse(page)
    summaries = [
        " ".join(summary.text.split())
        for summary in tree.document.query_selector_all(".example summary")
    ]
    assert len(summaries) == 2
    assert summaries[1].startswith("retranslation, same_language confidence")
    examples = tree.document.query_selector_all(".example")
    changed = {mark.text for mark in examples[1].query_selector_all("mark")}
    assert {"prize", "award", "footage", "images"} <= changed


def test_a_run_that_found_nothing_says_so(tmp_path: Path) -> None:
    run_rows(tmp_path, {"id": "x", "text": 7}, report=True)
    text = text_of((tmp_path / "out" / "report.html").read_text(encoding="utf-8"))
    assert "First-hand and second-hand in 0 articles" in text
    assert "No article has a date" in text
    assert "No article is a copy" in text
    assert "No two articles are related" in text


def articles(times: list[datetime | None], verdicts: list[str] | None = None) -> Articles:
    numbers = pa.array(range(len(times)), pa.int64())
    return Articles(
        pa.table(
            {
                "number": numbers,
                "source": pa.array([None] * len(times), pa.string()),
                "published": pa.array(times, TIME),
                "language": ["en"] * len(times),
            }
        ),
        pa.table(
            {
                "number": numbers,
                "verdict": verdicts or ["copy"] * len(times),
                "kind": ["edited"] * len(times),
                "likely": [False] * len(times),
                "source_number": pa.array([None] * len(times), pa.int64()),
            }
        ),
    )


moments = st.datetimes(
    min_value=datetime(1, 1, 2),  # noqa: DTZ001  # hypothesis puts the zone in
    max_value=datetime(9999, 12, 30),  # noqa: DTZ001
    timezones=st.just(UTC),
)


@given(times=st.lists(st.none() | moments, max_size=40))
def test_a_timeline_holds_every_dated_article_in_few_bars(times: list[datetime | None]) -> None:
    timeline = articles(times).timeline()
    assert sum(bar.total for bar in timeline.bars) == sum(time is not None for time in times)
    assert len(timeline.bars) <= MOST_BARS
    assert len({bar.label for bar in timeline.bars}) == len(timeline.bars)


@pytest.mark.parametrize(
    ("span", "step", "bars"),
    [
        (timedelta(hours=5), "hour", 6),
        (timedelta(days=30), "day", 31),
        (timedelta(days=300), "week", 44),
        (timedelta(days=1500), "month", 50),
        (timedelta(days=40_000), "10 years", 12),
    ],
)
def test_the_step_of_a_timeline_suits_its_length(span: timedelta, step: str, bars: int) -> None:
    timeline = articles([BEGIN, BEGIN + span]).timeline()
    assert (timeline.step, len(timeline.bars)) == (step, bars)


def test_one_article_of_long_ago_does_not_flatten_a_timeline() -> None:
    times = [BEGIN + timedelta(hours=hour) for hour in range(200)]
    timeline = articles([datetime(1970, 1, 1, tzinfo=UTC), *times]).timeline()
    assert timeline.step == "day"
    assert sum(bar.total for bar in timeline.bars) == 201


@given(
    pairs=st.lists(
        st.tuples(
            st.sampled_from(["copy", "retranslation", "derived", "same_story"]),
            st.floats(0, 1, width=32),
        )
    )
)
def test_a_histogram_counts_every_pair_where_it_belongs(pairs: list[tuple[str, float]]) -> None:
    relations = pa.chunked_array([[relation for relation, _ in pairs]], pa.string())
    shares = pa.chunked_array([[share for _, share in pairs]], pa.float64())
    bars = histogram(relations, shares)
    assert len(bars) == BINS
    assert sum(bar.total for bar in bars) == len(pairs)
    places = [min(int(share * BINS), BINS - 1) for _, share in pairs]
    assert [bar.total for bar in bars] == np.bincount(places, minlength=BINS).tolist()


def test_rules_are_counted_by_article_and_told_at_their_strongest() -> None:
    artifacts = pa.table(
        {
            "number": pa.array([1, 1, 2, 3], pa.int64()),
            "rule": ["tail", "tail", "tail", "byline"],
            "weight": ["weak", "strong", "weak", "none"],
            "excerpt": ["first", "second", "third", "By X"],
        }
    )
    told = [(rule.name, rule.weight, rule.articles, rule.excerpt) for rule in rules(artifacts)]
    assert told == [("tail", "strong", 2, "first"), ("byline", "none", 1, "By X")]
    assert with_strong_debris(artifacts).tolist() == [1]


def test_large_families_are_shown_in_part_and_the_largest_first() -> None:
    sizes = [2] * MOST_FAMILIES + [MOST_MEMBERS + 5]
    members = [(first, place) for first, size in enumerate(sizes) for place in range(size)]
    numbers = pa.array(range(len(members)), pa.int64())
    firsts = np.concatenate([[0], np.cumsum(sizes)])
    names = pa.array([f"a{number}" for number in range(len(members))])
    clusters = pa.table(
        {
            "cluster": pa.array([int(firsts[first]) for first, _ in members], pa.int64()),
            "number": numbers,
            "id": names,
            "place": pa.array([place for _, place in members], pa.int32()),
            "known": pa.array([False] * len(members)),
            "relation": [None if place == 0 else "copy" for _, place in members],
            "kind": [None if place == 0 else "exact" for _, place in members],
            "source": pa.array([None] * len(members), pa.string()),
            "direction_reason": pa.array([None] * len(members), pa.string()),
        }
    )
    about = pa.table(
        {
            "number": numbers,
            "id": names,
            "title": pa.array([None] * len(members), pa.string()),
            "source": ["Reuters"] * len(members),
            "published": pa.array([BEGIN + timedelta(days=n) for n in range(len(members))], TIME),
        }
    )
    found = largest(clusters, about)
    assert [family.size for family in found[:2]] == [MOST_MEMBERS + 5, 2]
    assert len(found) == MOST_FAMILIES
    assert [member.after for member in found[0].members[:3]] == [
        timedelta(0),
        timedelta(days=1),
        timedelta(days=2),
    ]
    assert len(found[0].members) == MOST_MEMBERS
