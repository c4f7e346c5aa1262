"""The verdict is a function of the set of matches; these are made by hand, one per question."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.config import Limits
from dedup.judge.verdict import (
    FOLLOWERS_NAMED,
    LIKELY_BELOW,
    NEAR,
    decide,
    going_back,
    is_likely,
    kept,
    telling,
)
from dedup.model import (
    Article,
    ArticleRef,
    Direction,
    Language,
    Match,
    QuoteCounts,
    Relation,
    Report,
    Scores,
    Verdict,
)

DAY = datetime(2024, 5, 14, tzinfo=UTC)
LIMITS = Limits()


def match(
    name: str,
    relation: Relation,
    direction: Direction = "copied_from",
    *,
    aligned: float = 1.0,
    since: int | None = None,
    arrived: int | None = None,
    removed: bool = False,
) -> Match:
    """A match with the fields that a verdict looks at; days count from the fourteenth."""
    scores = Scores(0.5, 0.5, 0.5, 0.5, aligned, 1.0, 1.0)
    return Match(
        other=ArticleRef(name),
        relation=relation,
        kind={"copy": "edited", "retranslation": "same_language"}.get(relation),
        confidence=0.9,
        direction=direction,
        direction_reason="somebody said so",
        since=None if since is None else DAY + timedelta(days=since),
        arrived=None if arrived is None else DAY + timedelta(days=arrived),
        scores=scores,
        scores_unquoted=scores,
        quotes=QuoteCounts(0, 0, 0),
        passages=(),
        reasons=(f"Numbers of {name}.",),
        removed=removed,
    )


def verdict(*matches: Match, n_words: int = 100) -> Verdict:
    """The verdict, once it is the same for all orders of the matches."""
    answers = [decide(n_words, order, LIMITS) for order in itertools.permutations(matches)]
    assert all(answer == answers[0] for answer in answers)
    return answers[0][0]


def short(found: Verdict) -> tuple[str, str, str | None]:
    return found.verdict, found.kind, found.source.id if found.source else None


COPY, TRANSLATION = match("c", "copy"), match("t", "retranslation")
DERIVED, STORY = match("d", "derived"), match("s", "same_story", "unknown")


@pytest.mark.parametrize(
    ("matches", "expected"),
    [
        ([], ("independent", "unmatched", None)),
        ([COPY], ("copy", "edited", "c")),
        ([TRANSLATION], ("retranslation", "same_language", "t")),
        ([DERIVED], ("independent", "derived", "d")),
        ([STORY], ("independent", "same_story", None)),
        ([STORY, DERIVED, TRANSLATION, COPY], ("copy", "edited", "c")),
        ([STORY, DERIVED, TRANSLATION], ("retranslation", "same_language", "t")),
        ([STORY, DERIVED], ("independent", "derived", "d")),
    ],
    ids=lambda value: "+".join(m.other.id for m in value) if isinstance(value, list) else None,
)
def test_strongest_relation_names_the_verdict(
    matches: Sequence[Match], expected: tuple[str, str, str | None]
) -> None:
    assert short(verdict(*matches)) == expected


def test_copy_of_unknown_direction_is_still_a_copy() -> None:
    """Without an index nothing says which of the two came first."""
    assert short(verdict(match("c", "copy", "unknown")))[0] == "copy"


def test_article_that_others_copied_is_the_first_of_its_family() -> None:
    found = verdict(
        match("c", "copy", "copied_by"),
        match("t", "retranslation", "copied_by"),
        match("d", "derived", "copied_by"),
    )
    assert short(found) == ("independent", "unmatched", None)
    assert found.confidence is None
    (reason,) = found.reasons
    assert reason.startswith("It is the first of its family: c is a copy of it, since")
    assert "t is a re-translation of it" in reason
    assert "d shares passages with it" in reason


def test_first_of_a_large_family_names_some_of_the_others_and_counts_the_rest() -> None:
    followers = [match(str(n), "copy", "copied_by") for n in range(FOLLOWERS_NAMED + 40)]
    decided, _ = decide(100, followers, LIMITS)
    (reason,) = decided.reasons
    assert reason.count("is a copy of it") == FOLLOWERS_NAMED
    assert reason.endswith("; of 40 more of the matches the same is true.")


def test_first_of_its_family_is_said_before_the_common_story() -> None:
    found = verdict(match("c", "copy", "copied_by"), STORY)
    assert short(found) == ("independent", "unmatched", None)


def test_copy_that_others_copied_in_turn_is_a_copy() -> None:
    assert short(verdict(match("later", "copy", "copied_by"), COPY)) == ("copy", "edited", "c")


def test_passages_shared_with_nobody_knows_who_first_name_no_source() -> None:
    found = verdict(match("d", "derived", "unknown"))
    assert short(found) == ("independent", "derived", None)
    assert "shares passages with d" in found.reasons[0]


def test_known_source_of_passages_is_named_though_another_is_nearer() -> None:
    near = match("near", "derived", "unknown", aligned=0.6)
    far = match("far", "derived", "copied_from", aligned=0.3)
    assert short(verdict(near, far)) == ("independent", "derived", "far")


def test_earliest_to_arrive_of_the_same_day_is_named() -> None:
    copies = [match(name, "copy", since=1, arrived=day) for name, day in (("a", 3), ("b", 2))]
    assert short(verdict(*copies))[2] == "b"


def test_of_an_archive_the_first_in_the_input_is_named() -> None:
    first, second = replace(match("b", "copy"), place=1), replace(match("a", "copy"), place=2)
    found = verdict(second, first)
    assert found.source is not None
    assert found.source.id == "b"


@pytest.mark.parametrize("relation", ["copy", "retranslation", "derived"])
def test_earliest_of_equally_near_sources_is_named(relation: Relation) -> None:
    known = [match(name, relation, since=day) for name, day in (("b", 2), ("a", 3), ("c", 1))]
    assert short(verdict(*known))[2] == "c"


def test_sources_that_nothing_tells_apart_are_named_by_id() -> None:
    assert short(verdict(match("b", "copy"), match("a", "copy")))[2] == "a"


def test_earlier_but_clearly_further_source_is_not_named() -> None:
    near = match("near", "copy", since=2)
    far = match("far", "copy", since=1, aligned=NEAR - 0.01)
    as_near = match("as near", "copy", since=1, aligned=NEAR + 0.01)
    assert short(verdict(near, far))[2] == "near"
    assert short(verdict(near, as_near))[2] == "as near"


RELATED = st.lists(
    st.builds(
        match,
        st.integers(0, 10**6).map(str),
        st.sampled_from(["copy", "retranslation", "derived", "same_story"]),
        st.sampled_from(["copied_from", "unknown"]),
        aligned=st.sampled_from([0.5, 0.85, 0.92, 1.0]),
        since=st.none() | st.integers(1, 3),
        arrived=st.integers(1, 2),
    ),
    max_size=40,
    unique_by=lambda found: found.other.id,
)
MOST_FRONTS = 4 * 2 * 4
"""Relations, directions and shares of ``RELATED``: as many may be the earliest so near."""


@given(RELATED, RELATED)
def test_verdict_on_the_telling_matches_is_the_verdict_on_all(
    known: list[Match], arriving: list[Match]
) -> None:
    """Also where what was not telling was let go before the others arrived."""
    arriving = [replace(one, other=ArticleRef(f"later {one.other.id}")) for one in arriving]
    kept_first = telling(known, MOST_FRONTS)
    kept_then = telling([*kept_first, *arriving], MOST_FRONTS)
    assert len(kept_then) <= MOST_FRONTS
    everything = [*known, *arriving]
    assert decide(100, kept_then, LIMITS)[0] == decide(100, everything, LIMITS)[0]


def test_nearest_are_kept_of_those_that_name_no_source() -> None:
    stories = [match(str(n), "same_story", "unknown", aligned=n / 100) for n in range(90)]
    assert {m.other.id for m in telling(stories, 5)} == {"85", "86", "87", "88", "89"}


def test_article_says_through_whom_it_goes_back_to_another_and_why() -> None:
    report = Report(
        article=Article("x", "text"),
        verdict=verdict(COPY),
        matches=(COPY,),
        artifacts=(),
        language=Language("en", None, "declared"),
        words=100,
        revision=1,
    )
    back = going_back(report, match("o", "retranslation"))
    assert back.origin == ArticleRef("o")
    assert back.verdict.source == ArticleRef("c")
    assert back.verdict.reasons == (
        *report.verdict.reasons,
        (
            "c goes back to o, and so does this article, which is a re-translation of o: "
            "somebody said so."
        ),
    )


def test_nearest_match_stands_first() -> None:
    near, far = match("z", "copy", aligned=0.9), match("a", "copy", aligned=0.8)
    found = [STORY, far, DERIVED, near, TRANSLATION]
    _, ordered = decide(100, found, LIMITS)
    assert [m.other.id for m in ordered] == ["z", "a", "t", "d", "s"]
    assert kept(near) == 0.9


def test_removed_source_still_names_the_verdict() -> None:
    assert short(verdict(match("gone", "copy", removed=True))) == ("copy", "edited", "gone")


@pytest.mark.parametrize(
    ("n_words", "kind"), [(0, "no_text"), (1, "too_short"), (LIMITS.min_words - 1, "too_short")]
)
def test_too_little_text_is_undetermined_whatever_matches(n_words: int, kind: str) -> None:
    found = verdict(COPY, n_words=n_words)
    assert short(found) == ("undetermined", kind, None)
    assert found.confidence is None
    assert len(found.reasons) == 1


def test_just_enough_words_are_judged() -> None:
    assert verdict(COPY, n_words=LIMITS.min_words).verdict == "copy"


def test_second_hand_verdict_says_of_whom_why_and_with_what_numbers() -> None:
    assert verdict(COPY).reasons == ("It is a copy of c: somebody said so.", "Numbers of c.")
    assert verdict(TRANSLATION).reasons[0].startswith("It is a re-translation of t: ")
    assert verdict(COPY).confidence == 0.9


@pytest.mark.parametrize(
    ("relation", "sure", "likely"),
    [
        ("copy", "It is a copy of", "It is likely a copy of"),
        ("retranslation", "It is a re-translation of", "It is likely a re-translation of"),
        ("derived", "within a text of its own", "within what is likely a text of its own"),
        ("same_story", "It is on the same story", "It is likely on the same story"),
    ],
)
def test_what_is_only_likely_is_said_to_be(relation: Relation, sure: str, likely: str) -> None:
    one = replace(match("a", relation), confidence=LIKELY_BELOW)
    other = replace(one, confidence=LIKELY_BELOW - 0.01)
    assert sure in verdict(one).reasons[0]
    assert likely in verdict(other).reasons[0]
    assert (verdict(one).likely, verdict(other).likely) == (False, True)


def test_what_followers_are_is_only_likely_too() -> None:
    follower = replace(match("a", "copy", "copied_by"), confidence=0.5)
    assert "a is likely a copy of it" in verdict(follower).reasons[0]


def test_where_nothing_was_weighed_nothing_is_only_likely() -> None:
    assert not is_likely(None)
    assert not verdict().likely
