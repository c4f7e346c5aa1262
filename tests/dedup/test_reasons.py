"""Reasons are sentences with numbers, say what another relation would look like, and quote nothing."""

from __future__ import annotations

import re

import pytest
from article_cases import ARTICLE, ORDERED_PAIRS, PARAGRAPHS, SEEDS, read, seed

from dedup.compare import Comparison, compare
from dedup.judge import relate
from dedup.judge.features import features
from dedup.judge.reasons import count, percent, reasons
from dedup.model import Relation
from dedup.tokens import tokenize

RELATIONS: tuple[Relation, ...] = (
    "copy",
    "retranslation",
    "derived",
    "same_story",
    "unrelated",
    "undetermined",
)


def said(comparison: Comparison, relation: Relation) -> str:
    values = {} if relation == "undetermined" else features(comparison)
    return " ".join(reasons(comparison, relation, values))


def of_seeds(query: str, candidate: str, relation: Relation) -> str:
    return said(compare(seed(query), seed(candidate)), relation)


@pytest.mark.parametrize("relation", RELATIONS)
@pytest.mark.parametrize(("query", "candidate"), ORDERED_PAIRS)
def test_reasons_are_sentences_for_every_relation(
    query: str, candidate: str, relation: Relation
) -> None:
    comparison = compare(seed(query), seed(candidate))
    values = {} if relation == "undetermined" else features(comparison)
    for reason in reasons(comparison, relation, values):
        assert re.fullmatch(r"[A-Z0-9].*[a-z0-9)]\.", reason)
        assert "  " not in reason


def test_reasons_quote_no_word_of_either_text() -> None:
    """They are recorded with an article, for longer than the other one may be kept."""
    for query, candidate in ORDERED_PAIRS:
        names = set(re.findall(r"(?<=[a-z] )[A-Z]\w{3,}", SEEDS[query] + SEEDS[candidate]))
        match = relate(compare(seed(query), seed(candidate)))
        assert not names & set(re.findall(r"\w+", " ".join(match.reasons)))
        substituted = {"prize", "award", "bastion", "stronghold"}
        assert not substituted & set(tokenize(" ".join(match.reasons)).words)


def test_a_retranslation_is_told_from_a_copy_and_from_a_report_of_its_own() -> None:
    text = of_seeds("001", "000", "retranslation")
    assert "a copy keeps most sentences as they are" in text
    assert "in place of another one" in text
    assert "100 % of the figures" in text
    assert "a report of its own keeps what was said" in text
    assert "reworded evenly" in text
    assert "cannot be told from a machine's" in text


def test_both_articles_have_the_same_words_counted() -> None:
    counted = re.compile(r"\d+ words? stands? in place")
    one = of_seeds("001", "000", "retranslation")
    other = of_seeds("000", "001", "retranslation")
    assert counted.findall(one) == counted.findall(other) != []


def test_a_derived_text_is_told_from_a_copy() -> None:
    text = of_seeds("002", "000", "derived")
    assert "outside quotations" in text
    assert "neither is a copy of the other one as a whole" in text
    assert "speaks for an editor" in text


def test_a_text_that_lies_within_another_is_no_copy_for_its_words() -> None:
    text = said(compare(read(ARTICLE), read(PARAGRAPHS[0] + " " + PARAGRAPHS[1])), "derived")
    assert "of the words are the same, so it is no copy" in text


def test_a_report_on_the_same_story_shares_no_passage() -> None:
    text = of_seeds("004", "000", "same_story")
    assert "who takes a passage over keeps more of it" in text
    assert "both may have these from who said them" in text


def test_an_exact_copy_is_said_to_be_one() -> None:
    comparison = compare(read(ARTICLE, "a"), read(ARTICLE, "b"))
    assert f"All {comparison.query.n_words} words are the same" in said(comparison, "copy")


def test_an_edited_copy_is_told_from_a_retranslation() -> None:
    comparison = compare(read(ARTICLE.replace("Tuesday", "Wednesday")), read(ARTICLE))
    text = said(comparison, "copy")
    assert "a re-translation leaves hardly a sentence as it was" in text
    assert "the longest of" in text


def test_all_of_a_text_is_said_of_nothing_less() -> None:
    """Beside a changed number, "100 % of its words" would be a lie."""
    assert [percent(share) for share in (0.0, 0.002, 0.5, 0.997, 1.0)] == [
        "0 %",
        "1 %",
        "50 %",
        "99 %",
        "100 %",
    ]
    almost = sum([0.1] * 10)
    assert (almost < 1, percent(almost)) == (True, "100 %")
    text = said(compare(read(ARTICLE.replace("Tuesday", "Wednesday")), read(ARTICLE)), "copy")
    assert "100 % of its words stand in exact runs" not in text


def test_sentences_with_other_facts_are_not_called_the_same() -> None:
    article = ARTICLE.replace("Tuesday", "Wednesday")
    assert "says the same" not in said(compare(read(article), read(ARTICLE)), "copy")


def test_a_copy_edited_throughout_is_called_so() -> None:
    assert "edited throughout" in of_seeds("001", "000", "copy")


def test_no_words_are_compared_where_no_sentences_are_alike() -> None:
    assert "No two sentences are alike enough" in of_seeds("003", "000", "retranslation")


def test_words_of_two_languages_are_not_compared() -> None:
    german = read("Die Brücke über den Fluss wurde am Dienstag gesperrt. " * 5, "de", lang="de")
    text = said(compare(german, read(ARTICLE, "en", lang="en")), "retranslation")
    assert "in different languages (de, en)" in text
    assert "in place of" not in text


def test_changed_figures_are_not_called_a_translator_s() -> None:
    """Two days' results in one frame: whatever the judge makes of them, reasons stay true."""
    clubs = ["Aston", "Birkfield", "Carrow", "Denham", "Eastleigh", "Fenwick", "Gorse", "Hatherton"]
    one = " ".join(f"{name} has won {n + 12} games." for n, name in enumerate(clubs))
    other = " ".join(f"{name} has won {n + 41} games." for n, name in enumerate(clubs))
    text = said(compare(read(one, "a"), read(other, "b")), "retranslation")
    assert "where a translator keeps 75 % of the figures and more" in text
    assert "keeps facts" not in text


def test_the_end_of_a_quoted_run_is_not_called_a_run() -> None:
    quoted = '"We have asked for the second bridge for eleven long years," {} said. '
    one = read(quoted.format("she") + PARAGRAPHS[0], "a")
    other = read(PARAGRAPHS[1] + " " + quoted.format("she"), "b")
    text = said(compare(one, other), "same_story")
    assert "No words outside quotations stand in an exact run of eight" in text
    text = said(compare(one, other), "retranslation")
    assert "no run outside quotations has 8 words" in text


def test_too_few_words_are_counted() -> None:
    assert said(compare(read("Two words"), read(ARTICLE)), "undetermined") == (
        "One of the two has 2 words, too few to tell from."
    )


def test_one_thing_is_counted_without_an_s() -> None:
    assert (count(1, "word"), count(2, "word")) == ("1 word", "2 words")
