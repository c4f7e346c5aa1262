"""The render clock, computed for real: no digest is looked up."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from dedup.artifacts import detect
from dedup.artifacts.render_clock import read_render_clock, render_clock, with_render_time
from dedup.model import Article
from dedup.normalize import read

SEEDS = Path(__file__).parents[2] / "seeds"
RENDERED = datetime(2020, 2, 9, 10, 47, 48, tzinfo=UTC)
DIGEST = "93693b440c098ab043288d3f91a67285"


def seed_001(published=None):
    path = SEEDS / "001_d55ea6f705596ad4.txt"
    return Article("001", path.read_text(encoding="utf-8"), published=published)


def test_seed_001_tells_its_second_around_the_date_in_its_own_head():
    article = seed_001()
    found = detect(article, read(article))
    assert read_render_clock(article, found) == RENDERED


def test_the_clock_is_found_from_weeks_away():
    assert render_clock(DIGEST, RENDERED + timedelta(days=12), days=13) == RENDERED
    assert render_clock(DIGEST, date(2020, 2, 1), days=9) == RENDERED


def test_the_window_is_kept():
    assert render_clock(DIGEST, RENDERED + timedelta(days=1, seconds=1), days=1) is None
    assert render_clock(DIGEST, RENDERED + timedelta(days=1), days=1) == RENDERED


def test_a_published_time_far_off_does_not_keep_the_printed_date_from_being_tried():
    article = seed_001(published=datetime(2023, 1, 1, tzinfo=UTC))
    found = detect(article, read(article))
    assert read_render_clock(article, found, days=2) == RENDERED


def test_what_is_no_md5_has_no_clock():
    for digest in ("", "zz" * 16, DIGEST[:30], DIGEST + "00"):
        assert render_clock(digest, RENDERED, days=1) is None


def test_without_a_marker_or_a_date_nothing_is_searched():
    plain = Article("x", "The army moved.", published=RENDERED)
    assert read_render_clock(plain, detect(plain, read(plain))) is None
    undated = Article("x", f"%MINIFYHTML{DIGEST}11% The army moved.")
    assert read_render_clock(undated, detect(undated, read(undated))) is None


def test_of_two_renderings_the_later_one_counts():
    """The text was put together after both."""
    later = RENDERED + timedelta(hours=2)
    digest = hashlib.md5(b"%d" % later.timestamp(), usedforsecurity=False).hexdigest()
    text = f"date 2020-02-09 %MINIFYHTML{DIGEST}11% %MINIFYHTML{digest}3% The army moved."
    article = Article("x", text)
    assert read_render_clock(article, detect(article, read(article)), days=1) == later


def test_a_known_time_is_told_at_its_markers_only():
    other = "0" * 32
    article = Article("x", f"%MINIFYHTML{DIGEST}11% %MINIFYHTML{other}1% The army moved.")
    dated, undated = with_render_time(detect(article, read(article)), RENDERED)
    assert dated.data["rendered"] == "2020-02-09T10:47:48Z"
    assert "2020-02-09T10:47:48Z" in dated.says
    assert "rendered" not in undated.data
