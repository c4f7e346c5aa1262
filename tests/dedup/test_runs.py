"""Exact runs: hand-made cases, and laws against a slow, plain search."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
from article_cases import PARAGRAPHS, compare_texts
from hypothesis import assume, given
from hypothesis import strategies as st

from dedup.compare.runs import MAX_REPEATS, MIN_RUN_WORDS, Run, exact_runs

SHORTEST = 3
USED_HERE, USED_THERE = -1, -2
WORDS = st.lists(st.integers(0, 5), max_size=40)
SPLICES = st.lists(st.integers(0, 59), max_size=6)


def runs_of(query: list[int], candidate: list[int], shortest: int = SHORTEST) -> tuple[Run, ...]:
    return exact_runs(
        np.array(query, dtype=np.uint64), np.array(candidate, dtype=np.uint64), shortest
    )


def longest_common_run(query: list[int], candidate: list[int]) -> int:
    """Quadratic: the length of the common run that ends at each pair of places."""
    longest = 0
    ending = [0] * (len(candidate) + 1)
    for word in query:
        row = [0] * (len(candidate) + 1)
        for place, other in enumerate(candidate, start=1):
            row[place] = ending[place - 1] + 1 if word == other else 0
        longest = max(longest, *row)
        ending = row
    return longest


def rarely_repeated(words: list[int]) -> bool:
    seeds = Counter(tuple(words[place : place + SHORTEST]) for place in range(len(words)))
    return max(seeds.values(), default=0) <= MAX_REPEATS


@given(WORDS, WORDS)
def test_runs_are_equal_long_enough_and_use_no_word_twice(
    query: list[int], candidate: list[int]
) -> None:
    runs = runs_of(query, candidate)
    assert runs == tuple(sorted(runs))
    used_query: list[int] = []
    used_candidate: list[int] = []
    for start, other, length in runs:
        assert length >= SHORTEST
        assert query[start : start + length] == candidate[other : other + length]
        assert start + length <= len(query)
        assert other + length <= len(candidate)
        used_query += range(start, start + length)
        used_candidate += range(other, other + length)
    assert len(used_query) == len(set(used_query))
    assert len(used_candidate) == len(set(used_candidate))


@given(WORDS, WORDS)
def test_longest_common_run_is_among_the_runs(query: list[int], candidate: list[int]) -> None:
    assume(rarely_repeated(candidate))
    longest = longest_common_run(query, candidate)
    found = max((run.length for run in runs_of(query, candidate)), default=0)
    assert found == (longest if longest >= SHORTEST else 0)


@given(WORDS, WORDS)
def test_nothing_long_enough_is_left_over(query: list[int], candidate: list[int]) -> None:
    assume(rarely_repeated(candidate))
    free_query, free_candidate = list(query), list(candidate)
    for start, other, length in runs_of(query, candidate):
        free_query[start : start + length] = [USED_HERE] * length
        free_candidate[other : other + length] = [USED_THERE] * length
    assert longest_common_run(free_query, free_candidate) < SHORTEST


@given(WORDS, WORDS)
def test_no_run_can_be_made_longer_with_free_words(query: list[int], candidate: list[int]) -> None:
    assume(rarely_repeated(candidate))
    runs = runs_of(query, candidate)
    free_query, free_candidate = list(query), list(candidate)
    for start, other, length in runs:
        free_query[start : start + length] = [USED_HERE] * length
        free_candidate[other : other + length] = [USED_THERE] * length
    for start, other, length in runs:
        if start and other:
            assert free_query[start - 1] != free_candidate[other - 1]
        if start + length < len(query) and other + length < len(candidate):
            assert free_query[start + length] != free_candidate[other + length]


@given(st.lists(st.integers(0, 2**64 - 1), unique=True, min_size=SHORTEST, max_size=60), SPLICES)
def test_pieces_in_any_order_are_found_again(words: list[int], cuts: list[int]) -> None:
    """A text without a repeated word, cut up and put together backwards, is covered wholly."""
    places = sorted({0, len(words), *(cut for cut in cuts if cut < len(words))})
    pieces = [words[start:end] for start, end in pairwise(places)]
    moved = [word for piece in reversed(pieces) for word in piece]
    expected = sum(len(piece) for piece in pieces if len(piece) >= SHORTEST)
    assert sum(run.length for run in runs_of(words, moved)) == expected


def test_common_wording_is_one_run() -> None:
    assert runs_of([1, 2, 3, 4, 5, 9], [8, 1, 2, 3, 4, 5]) == (Run(0, 1, 5),)


def test_moved_passages_are_found() -> None:
    assert runs_of([1, 2, 3, 4, 5, 6], [4, 5, 6, 1, 2, 3]) == (Run(0, 3, 3), Run(3, 0, 3))


def test_a_passage_told_twice_is_counted_once() -> None:
    assert runs_of([1, 2, 3], [1, 2, 3, 7, 1, 2, 3]) == (Run(0, 0, 3),)


def test_the_longer_run_takes_the_words() -> None:
    assert runs_of([1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 9, 3, 4, 5, 6, 7]) == (Run(0, 0, 4),)


def test_too_short_and_empty_texts_share_nothing() -> None:
    assert runs_of([1, 2], [1, 2]) == runs_of([], [1, 2, 3]) == runs_of([], []) == ()


def test_seven_words_are_a_set_phrase_and_eight_are_copied() -> None:
    phrase = " ".join(PARAGRAPHS[0].split()[:MIN_RUN_WORDS])
    seven = " ".join(phrase.split()[:-1])
    frame = "Nothing else is alike here"
    assert compare_texts(f"{phrase} {frame}.", f"Elsewhere: {phrase} again.").runs == (
        Run(0, 1, MIN_RUN_WORDS),
    )
    assert compare_texts(f"{seven} {frame}.", f"Elsewhere: {seven} again.").runs == ()
