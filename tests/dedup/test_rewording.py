"""Words in place of others: many in a re-translation, none in a copy or another report."""

from __future__ import annotations

import pytest
from article_cases import ARTICLE, ORDERED_PAIRS, compare_texts, seed

from dedup.compare import compare
from dedup.compare.alignment import MAX_SEQUENCE
from dedup.compare.rewording import Rewording, rewording
from dedup.tokens import tokenize

SENTENCES = (
    "The prize went to a young physicist from Warsaw on Monday.",
    "The jury praised her stubborn patience in a long speech.",
)


def between(query: str, candidate: str) -> Rewording:
    return rewording(compare_texts(query, candidate))


def test_a_retranslation_has_many_words_in_place_of_others() -> None:
    assert rewording(compare(seed("001"), seed("000"))).rate > 1


@pytest.mark.parametrize("other", ["002", "003", "004"])
def test_other_reports_have_hardly_any(other: str) -> None:
    assert rewording(compare(seed(other), seed("000"))).rate <= 0.5


def test_each_place_counts() -> None:
    text = " ".join(SENTENCES)
    found = between(text.replace("prize", "award").replace("stubborn", "obstinate"), text)
    assert found.substituted == 2
    assert found.rate == pytest.approx(2 * 100 / 200)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("young physicist", "physicist"),
        ("on Monday", "at Monday"),
        ("young physicist from Warsaw", "very promising student of physics"),
        (
            "to a young physicist from Warsaw on Monday",
            "on Monday to a young physicist from Warsaw",
        ),
    ],
    ids=["dropped", "function word", "clause", "moved"],
)
def test_other_changes_are_no_words_in_place_of_others(old: str, new: str) -> None:
    text = " ".join(SENTENCES)
    assert between(text.replace(old, new), text).substituted == 0


def test_changed_numbers_are_none() -> None:
    assert between(ARTICLE.replace("two years", "2031 years"), ARTICLE).substituted == 0


def test_function_words_are_counted_on_both_sides() -> None:
    text = SENTENCES[0]
    found = between(text.replace("on Monday", "at Monday"), text)
    assert found.function_words - found.function_words_kept == 2


@pytest.mark.parametrize(("query", "candidate"), ORDERED_PAIRS)
def test_both_articles_are_told_the_same(query: str, candidate: str) -> None:
    assert rewording(compare(seed(query), seed(candidate))) == rewording(
        compare(seed(candidate), seed(query))
    )


def test_of_an_endless_sentence_only_the_beginning_is_put_in_order() -> None:
    words = [*tokenize(ARTICLE).words] * (MAX_SEQUENCE // 100)
    found = between(" ".join(words), " ".join(["winners", *words]))
    assert found.words == 2 * MAX_SEQUENCE
