"""Which candidates are compared: enough of a family, each text once, and what they name."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import pytest
from article_cases import ARTICLE, SEEDS, read

from dedup.boilerplate import Blocks
from dedup.compare import Profile, compare, profile
from dedup.config import Limits
from dedup.document import read_document
from dedup.index.base import Stored
from dedup.index.redis_index import RedisIndex
from dedup.judge import LATEST, relate
from dedup.model import Article, Language
from dedup.pairs import State
from dedup.pipeline import keys_of
from dedup.profiles import Profiles
from dedup.relatives import MOST_FOLLOWED, Relative, Search, side

LIMITS = Limits(enough_second_hand=3)

ENGLISH = Language("en", 0.9, "pycld2")

MAY = datetime(2024, 5, 1, 12, tzinfo=UTC)


class Noted(Profiles):
    """Notes which texts are read."""

    def __init__(self, index: RedisIndex) -> None:
        super().__init__(index)
        self.names: list[str] = []

    def read(self, stored: Stored) -> Profile:
        self.names.append(stored.article.id)
        return super().read(stored)


class Shelf:
    """Stored articles with verdicts of our own making; notes which texts are read."""

    def __init__(self, index: RedisIndex) -> None:
        self._index = index
        profiles = Noted(index)
        self._search = Search(index, profiles, LIMITS)
        self.read = profiles.names

    def put(self, name: str, text: str, taken_from: str | None = None, **fields: str) -> Stored:
        query = read(text)
        keys = keys_of(query, self._index.settings).keys
        stored = self._index.put(Article(name, text, **fields), ENGLISH, keys).stored  # type: ignore[arg-type]
        (links,) = self._index.links([stored.number])
        verdict = "copy" if taken_from else "independent"
        state = State(verdict, "", taken_from, 1, complete=True)
        assert self._index.settle(stored.number, links, state.encode())
        return stored

    def relatives(self, query: Profile, candidates: Iterable[Stored]) -> list[Relative]:
        return self._search.relatives(Blocks(query), LATEST, list(candidates), lambda _: True)


@pytest.fixture
def shelf(index: RedisIndex) -> Shelf:
    return Shelf(index)


def variant(number: int) -> str:
    return ARTICLE.replace("Tuesday", f"day {number}")


def names(found: Iterable[Relative]) -> list[str]:
    return [relative.stored.article.id for relative in found]


def test_members_of_a_family_are_compared_until_there_are_enough(shelf: Shelf) -> None:
    first = shelf.put("first", ARTICLE)
    members = [shelf.put(f"copy {n}", variant(n), "first") for n in range(5)]
    assert names(shelf.relatives(read(ARTICLE), [first, *members])) == ["first", "copy 0", "copy 1"]
    found = names(shelf.relatives(read(ARTICLE), [*members, first]))
    assert found == ["copy 0", "copy 1", "copy 2", "first"]


def test_candidates_that_were_not_taken_from_them_are_compared_however_many_there_are(
    shelf: Shelf,
) -> None:
    others = [shelf.put(f"copy {n}", variant(n), f"source {n}") for n in range(5)]
    others.append(shelf.put("nobody's", variant(9)))
    assert names(shelf.relatives(read(ARTICLE), others)) == [one.article.id for one in others]


def test_candidate_whose_verdict_is_not_settled_yet_is_compared(
    index: RedisIndex, shelf: Shelf
) -> None:
    members = [shelf.put(f"copy {n}", variant(n), "first") for n in range(3)]
    keys = keys_of(read(ARTICLE), index.settings).keys
    fresh = index.put(Article("fresh", ARTICLE), ENGLISH, keys).stored
    found = names(shelf.relatives(read(ARTICLE), [*members, fresh]))
    assert found == ["copy 0", "copy 1", "copy 2", "fresh"]


def test_what_most_of_them_name_is_compared_first(shelf: Shelf) -> None:
    shelf.put("often", ARTICLE)
    shelf.put("seldom", ARTICLE)
    members = [
        shelf.put(f"copy {n}", variant(n), source)
        for n, source in enumerate(("seldom", "often", "often"))
    ]
    found = names(shelf.relatives(read(ARTICLE), members))
    assert found == ["copy 0", "copy 1", "copy 2", "often", "seldom"]


def test_sources_are_followed_from_one_to_the_next_so_far_and_no_farther(shelf: Shelf) -> None:
    steps = [shelf.put(f"step {n}", variant(n), f"step {n + 1}") for n in range(MOST_FOLLOWED + 3)]
    found = names(shelf.relatives(read(ARTICLE), steps[:1]))
    assert found == [f"step {n}" for n in range(MOST_FOLLOWED + 1)]


def test_source_that_is_gone_is_not_compared(shelf: Shelf) -> None:
    copy = shelf.put("copy", ARTICLE, "nobody")
    assert names(shelf.relatives(read(ARTICLE), [copy])) == ["copy"]


def test_source_of_an_article_on_the_same_story_is_not_asked_for(shelf: Shelf) -> None:
    shelf.put("copied", SEEDS["004"])
    story = shelf.put("004", SEEDS["004"], "copied")
    (found,) = shelf.relatives(read(SEEDS["000"]), [story])
    assert (found.match.relation, found.stored) == ("same_story", story)


def test_same_text_is_read_once_and_judged_as_if_it_were_read_each_time(shelf: Shelf) -> None:
    query = read(ARTICLE, "query", source="The Lantern")
    fields = [{"source": "The Lantern"}, {"source": "The Herald", "title": "A title"}, {}]
    others = [shelf.put(f"copy {n}", variant(0), **f) for n, f in enumerate(fields)]
    found = shelf.relatives(query, others)
    assert names(found) == ["copy 0", "copy 1", "copy 2"]
    assert shelf.read == ["copy 0"]
    for relative in found:
        stored = relative.stored
        comparison = compare(query, profile(read_document(stored.article, stored.language)))
        assert relative.match == relate(comparison, LATEST, side(stored))
        assert relative.mirrored == relate(comparison.mirrored, side(stored), LATEST)
    assert [relative.match.kind for relative in found] == ["revision", "edited", "edited"]


def test_same_text_in_another_language_is_another_text(index: RedisIndex, shelf: Shelf) -> None:
    one = shelf.put("one", ARTICLE)
    keys = keys_of(read(ARTICLE), index.settings).keys
    other = index.put(Article("other", ARTICLE), Language("nl", None, "declared"), keys).stored
    shelf.relatives(read(variant(0)), [one, other])
    assert shelf.read == ["one", "other"]
