"""The gate: which pairs are compared, by what their numbers show."""

from __future__ import annotations

import numpy as np

from dedup.batch.gate import (
    DEFAULT,
    THOROUGH,
    Gate,
    are_told_by_words,
    strength,
    tongues,
)
from dedup.batch.hapaxes import Overlap
from dedup.batch.sums import Shared


def shared(content: int = 0, passages: int = 0, score: float = 0.0) -> Shared:
    return Shared(np.array([content]), np.array([passages]), np.array([score]))


def overlap(resemblance: float, containment: float | None = None) -> Overlap:
    return Overlap(
        np.array([resemblance]),
        np.array([resemblance if containment is None else containment]),
    )


def passes(one: Shared, other: Overlap, gate: Gate = DEFAULT, *, by_words: bool = True) -> bool:
    return bool(gate.passes(one, other, np.array([by_words]))[0])


def test_texts_whose_hapaxes_are_alike_are_compared() -> None:
    assert passes(shared(content=2, score=1.6), overlap(0.15))


def test_texts_on_one_subject_are_not_compared() -> None:
    """Many terms in common, and few of the words that each uses once."""
    assert not passes(shared(content=12, score=10.0), overlap(0.12, 0.2))


def test_a_passage_that_nobody_else_has_needs_less_beside_it_than_a_common_one() -> None:
    beside = overlap(0.08, 0.22)
    assert passes(shared(passages=1, score=1.9), beside)
    assert not passes(shared(passages=1, score=1.57), beside)


def test_two_passages_need_hardly_anything_beside_them() -> None:
    assert passes(shared(passages=2, score=3.8), overlap(0.0))
    assert passes(shared(passages=2, score=3.2), overlap(0.0))


def test_content_keys_are_no_part_of_a_passages_worth() -> None:
    rare = overlap(0.08, 0.2)
    assert passes(shared(passages=1, score=2.0), rare) == passes(
        shared(content=5, passages=1, score=2.0 + 5 * 0.9), rare
    )
    common = shared(content=5, passages=1, score=1.57 + 5 * 0.78)
    assert not passes(common, rare)


def test_where_words_tell_little_alike_content_is_enough() -> None:
    assert passes(shared(content=1, score=0.9), overlap(0.02), by_words=False)
    assert not passes(shared(), overlap(0.02), by_words=False)


def test_the_thorough_gate_lets_all_candidates_pass() -> None:
    assert passes(shared(content=1, score=0.78), overlap(0.0), THOROUGH)
    assert passes(shared(passages=1, score=1.57), overlap(0.0), THOROUGH, by_words=False)


def test_words_tell_texts_of_one_language_apart_unless_it_has_tables_of_its_own() -> None:
    numbers = tongues(["en", "en", "pt", "ur", "ur", "und", "und"])
    earlier = np.array([0, 1, 3, 5], dtype=np.uint32)
    later = np.array([1, 2, 4, 6], dtype=np.uint32)
    assert are_told_by_words(numbers, earlier, later).tolist() == [True, False, False, True]


def test_of_pairs_with_equal_scores_the_more_alike_is_the_stronger() -> None:
    common = Shared(np.array([3, 3]), np.array([0, 0]), np.array([2.5, 2.5]))
    less, more = strength(common, np.array([0.2, 0.4]))
    assert less < more
