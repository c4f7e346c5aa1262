"""Pair records: nothing is lost, nothing is told of the texts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC

import pytest
from article_cases import ORDERED_PAIRS, PAIRS, SEEDS, seed
from hypothesis import given
from hypothesis import strategies as st

from dedup.compare import compare, differences
from dedup.judge import relate
from dedup.model import ArticleRef, Match, Passage, QuoteCounts, Scores, Span
from dedup.pairs import REMOVED, State, decode, encode
from dedup.tokens import tokenize

NAMES = st.text(max_size=8)
SHARES = st.floats(0, 1)
SCORES = st.builds(Scores, *[SHARES] * 7)
SPANS = st.builds(Span, st.integers(0, 10**6), st.integers(0, 10**6))
TIMES = st.datetimes(timezones=st.just(UTC))
MATCHES = st.builds(
    Match,
    other=st.builds(ArticleRef, id=NAMES, title=st.none() | NAMES),
    relation=st.sampled_from(["copy", "retranslation", "derived", "same_story", "unrelated"]),
    kind=st.none() | NAMES,
    confidence=SHARES,
    direction=st.sampled_from(["copied_from", "copied_by", "unknown"]),
    direction_reason=NAMES,
    direction_confidence=st.none() | SHARES,
    since=st.none() | TIMES,
    arrived=st.none() | TIMES,
    expires=st.none() | TIMES,
    scores=SCORES,
    scores_unquoted=SCORES,
    quotes=st.builds(QuoteCounts, *[st.integers(0, 99)] * 3),
    passages=st.lists(
        st.builds(
            Passage,
            query=SPANS,
            candidate=SPANS,
            type=st.sampled_from(["verbatim", "reworded", "translated"]),
            quotation=st.booleans(),
        ),
        max_size=3,
    ).map(tuple),
    reasons=st.lists(NAMES, max_size=3).map(tuple),
)

RUN_OF_WORDS = 4
"""Words in a row by which a text could be told from its record; fewer are set phrases."""


def test_what_differs_is_not_recorded() -> None:
    """It holds words of both texts."""
    comparison = compare(seed("001"), seed("000"))
    match = relate(comparison)
    assert encode(replace(match, differences=differences(comparison))) == encode(match)


@given(MATCHES)
def test_every_match_comes_back_as_it_was(match: Match) -> None:
    assert decode(encode(match), match.other) == match


@given(MATCHES)
def test_equal_matches_give_equal_bytes(match: Match) -> None:
    assert encode(match) == encode(decode(encode(match), match.other))


@given(MATCHES)
def test_of_a_removed_article_nothing_is_left_but_its_id(match: Match) -> None:
    """Not even the direction's reason, which may say what the text said of itself."""
    removed = decode(encode(match), None)
    assert removed == replace(
        match, other=ArticleRef(match.other.id), direction_reason=REMOVED, removed=True
    )


@pytest.mark.parametrize(("query", "candidate"), PAIRS)
def test_the_same_pair_compared_again_gives_the_same_bytes(query: str, candidate: str) -> None:
    once = relate(compare(seed(query), seed(candidate)))
    again = relate(compare(seed(candidate), seed(query)).mirrored)
    assert encode(once) == encode(again)


@pytest.mark.parametrize(("query", "candidate"), ORDERED_PAIRS)
def test_record_holds_no_four_words_of_either_text(query: str, candidate: str) -> None:
    record = tokenize(encode(relate(compare(seed(query), seed(candidate)))).decode()).words
    of_record = runs_of_words(record)
    assert of_record
    for name in (query, candidate):
        assert not of_record & runs_of_words(tokenize(SEEDS[name]).words)


def runs_of_words(words: tuple[str, ...]) -> set[tuple[str, ...]]:
    return {words[at : at + RUN_OF_WORDS] for at in range(len(words) - RUN_OF_WORDS + 1)}


def test_record_of_a_long_match_is_small() -> None:
    """Positions, not words: the record of a whole re-translation is a fraction of its text."""
    record = encode(relate(compare(seed("001"), seed("000"))))
    assert len(record) < len(SEEDS["001"].encode())


@given(st.builds(State, NAMES, NAMES, st.none() | NAMES, st.integers(1, 10**6)))
def test_every_state_comes_back_as_it_was(state: State) -> None:
    assert State.decode(state.encode()) == state
