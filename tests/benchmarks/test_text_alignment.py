"""PAN's measure, on cases that can be worked out by hand."""

from __future__ import annotations

from math import log2

import pytest
from text_alignment import Located, Quality, measure

from dedup.model import Span


def at(start: int, end: int, source_start: int, source_end: int, query: str = "q") -> Located:
    return Located(query, "c", Span(start, end), Span(source_start, source_end))


CASE = at(100, 200, 0, 100)


def values(cases: list[Located], detections: list[Located]) -> tuple[float, float, float]:
    quality = measure(cases, detections)
    return quality.precision, quality.recall, quality.granularity


def test_what_is_detected_to_the_character_is_perfect() -> None:
    assert values([CASE], [CASE]) == (1, 1, 1)
    assert measure([CASE], [CASE]).plagdet == 1


def test_nothing_marked_and_nothing_detected_is_perfect() -> None:
    assert measure([], []).plagdet == 1


def test_of_nothing_detected_nothing_is_recalled() -> None:
    assert values([CASE], []) == (0, 0, 1)
    assert measure([CASE], []).plagdet == 0


def test_what_is_detected_where_nothing_is_marked_is_wrong() -> None:
    assert values([], [CASE]) == (0, 0, 1)


def test_half_of_a_case_has_full_precision_and_half_the_recall() -> None:
    assert values([CASE], [at(100, 150, 0, 50)]) == (1, 0.5, 1)


def test_characters_of_both_texts_count() -> None:
    """100 of 100 characters of one text and 50 of 100 of the other."""
    assert values([CASE], [at(100, 200, 50, 100)]) == (1, 0.75, 1)


def test_a_detection_that_is_too_long_loses_precision() -> None:
    """200 of its 400 characters are the case's."""
    assert values([CASE], [at(50, 250, 0, 200)]) == (0.5, 1, 1)


def test_a_case_in_two_pieces_is_all_there_but_granularity_is_two() -> None:
    pieces = [at(100, 150, 0, 50), at(150, 200, 50, 100)]
    assert values([CASE], pieces) == (1, 1, 2)
    assert measure([CASE], pieces).plagdet == pytest.approx(1 / log2(3))


def test_what_two_detections_both_hold_is_recalled_once() -> None:
    """Together they hold 150 of 200 characters: 75 of either text."""
    twice = [at(100, 160, 0, 60), at(130, 175, 30, 75)]
    assert values([CASE], twice) == (1, 0.75, 2)


def test_one_detection_of_two_cases_is_as_precise_as_both_together() -> None:
    """Of its 600 characters 400 are one case's or the other's."""
    cases = [at(0, 100, 0, 100), at(200, 300, 200, 300)]
    precision, recall, granularity = values(cases, [at(0, 300, 0, 300)])
    assert (precision, recall, granularity) == (pytest.approx(2 / 3), 1, 1)


def test_long_and_short_cases_count_alike() -> None:
    cases = [at(0, 1000, 0, 1000), at(2000, 2010, 2000, 2010)]
    assert values(cases, cases[1:]) == (1, 0.5, 1)


def test_the_right_place_in_one_text_only_detects_nothing() -> None:
    assert values([CASE], [at(100, 200, 500, 600)]) == (0, 0, 1)


def test_granularity_is_over_the_cases_that_were_detected() -> None:
    """Two detections of the first, one of the second, none of the third."""
    cases = [CASE, at(300, 400, 300, 400), at(500, 600, 500, 600)]
    detections = [at(100, 150, 0, 50), at(150, 200, 50, 100), cases[1]]
    precision, recall, granularity = values(cases, detections)
    assert (precision, recall, granularity) == (1, pytest.approx(2 / 3), 1.5)


def test_pairs_of_documents_are_kept_apart() -> None:
    elsewhere = at(100, 200, 0, 100, query="another")
    assert values([CASE], [elsewhere]) == (0, 0, 1)
    assert values([CASE, elsewhere], [elsewhere, CASE]) == (1, 1, 1)


def test_plagdet_is_the_harmonic_mean_over_the_logarithm_of_granularity() -> None:
    assert Quality(0.9, 0.6, 1).plagdet == pytest.approx(0.72)
    assert Quality(0.9, 0.6, 3).plagdet == pytest.approx(0.36)
