"""What is kept of stored articles in memory, and how much of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from article_cases import ARTICLE

from dedup.index.base import Stored
from dedup.index.redis_index import RedisIndex
from dedup.model import Article, Language
from dedup.profiles import Profiles

ENGLISH = Language("en", None, "declared")
NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


def stored(number: int, text: str = ARTICLE) -> Stored:
    return Stored(number, Article(f"article {number}", text), ENGLISH, NOON)


@pytest.fixture
def profiles(index: RedisIndex, monkeypatch: pytest.MonkeyPatch) -> Profiles:
    """Has room for four articles, ready for comparison, and for eight sketches."""
    monkeypatch.setattr("dedup.profiles.PROFILE_CHARACTERS", 4 * len(ARTICLE))
    monkeypatch.setattr("dedup.profiles.SKETCH_CHARACTERS", 8 * len(ARTICLE))
    return Profiles(index)


def test_an_article_is_read_once(profiles: Profiles) -> None:
    assert profiles.read(stored(1)) is profiles.read(stored(1))
    assert profiles.sketch(stored(1)) is profiles.sketch(stored(1))


def test_a_number_that_was_given_to_another_article_is_read_again(profiles: Profiles) -> None:
    first = profiles.read(stored(1))
    other = replace(stored(1), article=Article("other", "A text of its own."))
    assert profiles.read(other).document.article == other.article
    assert profiles.read(stored(1)) is not first


def test_those_read_last_are_kept_while_there_is_room(profiles: Profiles) -> None:
    first, second = profiles.read(stored(1)), profiles.read(stored(2))
    for number in (3, 4, 1, 5):
        profiles.read(stored(number))
    assert profiles.read(stored(1)) is first
    assert profiles.read(stored(2)) is not second
    assert len(profiles) == 4


def test_a_text_that_would_take_more_than_its_share_is_not_kept(profiles: Profiles) -> None:
    long = stored(1, 2 * ARTICLE)
    assert profiles.read(long) is not profiles.read(long)
    assert profiles.sketch(long) is profiles.sketch(long)


def test_what_was_removed_is_let_go_of(profiles: Profiles) -> None:
    """None of them is in the index."""
    profiles.read(stored(1))
    profiles.sketch(stored(2))
    profiles.forget_removed()
    assert len(profiles) == 0
    profiles.sketch(stored(3))
    profiles.read_last(stored(3))
    assert len(profiles) == 0
