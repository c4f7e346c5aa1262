"""What two texts share: laws that hold for any pair, and small cases made by hand."""

from __future__ import annotations

import gc
import weakref

import numpy as np
import pytest
from article_cases import ARTICLE, PAIRS, PARAGRAPHS, SEEDS, compare_texts, read, seed
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.compare import Comparison, compare
from dedup.config import Limits
from dedup.judge import judge
from dedup.model import QuoteCounts

OTHER = "\n\n".join(SEEDS["003"].split("\n\n")[4:8])

PIECES = st.sampled_from(
    [
        *PARAGRAPHS[:2],
        *PARAGRAPHS[3].split(". "),
        *["“", "”", '" ', "'", "“We could not wait for another winter.” ", "& # 39; "],
        *["Millbrook ", "bridge. ", "the ", "4,200 ", "\n\n", ". ", "橋は閉鎖", "мост "],
    ]
)
TEXTS = st.lists(PIECES, max_size=8).map("".join)


def check_laws(comparison: Comparison) -> None:
    mirrored = comparison.mirrored
    for side in (comparison, mirrored):
        for scores in (side.scores, side.scores_unquoted):
            assert all(0 <= score <= 1 for score in scores)
        assert 0 <= side.quotes.shared + side.quotes.reworded <= side.quotes.total
        assert side.scores.resemblance <= side.scores.containment_in
    assert mirrored.scores.resemblance == comparison.scores.resemblance
    assert mirrored.scores.containment_in == comparison.scores.containment_of
    assert mirrored.scores.order == comparison.scores.order


def seen_by(comparison: Comparison) -> tuple[object, ...]:
    return (
        comparison.runs,
        comparison.alignment,
        comparison.scores,
        comparison.scores_unquoted,
        comparison.quotes,
    )


@pytest.mark.parametrize(("query", "candidate"), PAIRS)
def test_seeds_compare_alike_from_both_sides(query: str, candidate: str) -> None:
    comparison = compare(seed(query), seed(candidate))
    check_laws(comparison)
    assert seen_by(comparison.mirrored) == seen_by(compare(seed(candidate), seed(query)))
    assert seen_by(comparison.mirrored.mirrored) == seen_by(comparison)


@pytest.mark.parametrize("pair", [("000", "001"), ("001", "000")])
def test_comparison_that_was_parted_is_freed_at_once_and_says_the_same_until_then(
    pair: tuple[str, str],
) -> None:
    comparison = compare(*map(seed, pair))
    judge(comparison, Limits())
    before = seen_by(comparison), seen_by(comparison.mirrored)
    sides = [weakref.ref(comparison), weakref.ref(comparison.mirrored)]
    gc.disable()
    try:
        comparison.part()
        assert sides[1]() is None
        assert (seen_by(comparison), seen_by(comparison.mirrored)) == before
        comparison.part()
        del comparison
        assert sides[0]() is None
    finally:
        gc.enable()


def test_passages_that_compete_for_words_are_settled_alike_from_both_sides() -> None:
    """Two runs of ten words overlap in one text only; one of them must give way."""
    words = PARAGRAPHS[0].split()[:15]
    one, other = read(" ".join(words), "one"), read(" ".join((*words[5:], *words[:10])), "other")
    comparison = compare(one, other)
    assert len(comparison.runs) == 1
    assert seen_by(comparison.mirrored) == seen_by(compare(other, one))


@settings(deadline=None, max_examples=60)  # a shared machine stalls
@given(TEXTS, TEXTS)
def test_any_two_texts_compare_alike_from_both_sides(query: str, candidate: str) -> None:
    one, other = read(query, "one", lang="en"), read(candidate, "other", lang="en")
    comparison = compare(one, other)
    check_laws(comparison)
    assert seen_by(comparison.mirrored) == seen_by(compare(other, one))


@pytest.mark.parametrize("text", [*SEEDS.values(), ARTICLE], ids=[*SEEDS, "article"])
def test_a_text_contains_itself(text: str) -> None:
    scores = compare_texts(text, text).scores
    assert (scores.resemblance, scores.containment_in, scores.containment_of) == (1, 1, 1)
    assert (scores.verbatim, scores.identity, scores.order) == (1, 1, 1)


def test_an_excerpt_is_contained_and_does_not_contain() -> None:
    scores = compare_texts("\n\n".join(PARAGRAPHS[1:3]), ARTICLE).scores
    assert (scores.containment_in, scores.verbatim, scores.aligned) == (1, 1, 1)
    assert scores.containment_of < 0.5
    assert scores.resemblance < 0.5


def test_moved_paragraphs_are_all_found() -> None:
    scores = compare_texts("\n\n".join(reversed(PARAGRAPHS)), ARTICLE).scores
    assert (scores.verbatim, scores.aligned, scores.identity) == (1, 1, 1)
    assert scores.order < 0.5


def test_capitals_marks_and_spaces_change_nothing() -> None:
    spaced = ARTICLE.upper().replace(",", " –").replace(" ", "  ")
    scores = compare_texts(spaced, ARTICLE).scores
    assert (scores.resemblance, scores.verbatim) == (1, 1)


def test_unrelated_texts_share_nothing() -> None:
    comparison = compare_texts(OTHER, ARTICLE)
    assert comparison.runs == ()
    assert comparison.scores[:4] == (0, 0, 0, 0)


@pytest.mark.parametrize("text", ["", "…", "bridge", "old iron bridge"])
def test_hardly_any_text_shares_nothing_and_divides_by_nothing(text: str) -> None:
    """Four words have no shingle; two empty texts are not alike."""
    for one, other in ((text, text), (text, ARTICLE), (ARTICLE, text)):
        comparison = compare_texts(one, other)
        check_laws(comparison)
        assert comparison.scores.resemblance == 0


@pytest.mark.parametrize("unit", ["a. ", "Aa bb cc dd ee ff gg hh. ", "“we won the war” he said. "])
def test_longest_texts_accepted_are_compared_however_hostile(unit: str) -> None:
    """Work or memory that grows with the square of the text would not end soon."""
    text = (unit * Limits().max_characters)[: Limits().max_characters]
    comparison = compare(read(text, "one", lang="en"), read(f"b{text[1:]}", "other", lang="en"))
    check_laws(comparison)


# Quotations

SPEECH = "The bridge has carried us for ninety years and it deserves a rest"
FRAME = "Ines Calder spoke to reporters on the quay on Wednesday, in heavy rain. She said: "
OTHER_FRAME = "A statement of the council came by mail in the afternoon, signed by its leader: "


def quotes(query: str, candidate: str) -> QuoteCounts:
    return compare_texts(query, candidate).quotes


def test_quotation_kept_word_for_word_is_shared() -> None:
    assert quotes(f"{FRAME}“{SPEECH}.”", f'{OTHER_FRAME}"{SPEECH}."') == QuoteCounts(1, 1, 0)


def test_one_word_changed_by_house_style_is_still_shared() -> None:
    """One word of twenty may differ."""
    speech = f"{SPEECH} after all that it has done for the people of both banks"
    changed = speech.replace("ninety", "90")
    assert quotes(f"{FRAME}“{speech}.”", f"{OTHER_FRAME}“{changed}.”").shared == 1


def test_translated_quotation_is_reworded() -> None:
    translated = "For ninety years the bridge carried us, and a rest is what it deserves"
    assert quotes(f"{FRAME}“{SPEECH}.”", f"{FRAME}“{translated}.”") == QuoteCounts(1, 0, 1)


def test_quotation_that_the_other_does_not_have_is_neither() -> None:
    assert quotes(f"{FRAME}“{SPEECH}.”", OTHER) == QuoteCounts(1, 0, 0)


def test_quotation_counts_even_if_the_other_puts_no_marks() -> None:
    assert quotes(f"{FRAME}“{SPEECH}.”", f"{OTHER_FRAME}{SPEECH}.") == QuoteCounts(1, 1, 0)
    assert quotes(f"{OTHER_FRAME}{SPEECH}.", f"{FRAME}“{SPEECH}.”") == QuoteCounts(0, 0, 0)


@pytest.mark.parametrize(("words", "total"), [("ninety years of service", 1), ("ninety years", 0)])
def test_quotations_of_under_four_words_are_ignored(words: str, total: int) -> None:
    text = f"{FRAME}it was “{words}” that wore the girders down."
    assert quotes(text, text).total == total


def test_what_both_quote_does_not_count_as_prose() -> None:
    comparison = compare_texts(f"{FRAME}“{SPEECH}.”", f"{OTHER_FRAME}“{SPEECH}.”")
    assert comparison.scores.verbatim > 0.3
    assert comparison.scores_unquoted.verbatim == 0
    assert comparison.scores_unquoted.containment_in == 0


def test_quoting_the_prose_of_the_other_counts_as_prose() -> None:
    comparison = compare_texts(f"{FRAME}“{SPEECH}.”", f"{OTHER_FRAME}{SPEECH}.")
    for side in (comparison, comparison.mirrored):
        assert side.scores_unquoted.verbatim == side.scores.verbatim > 0.3
        assert side.scores_unquoted.containment_in > 0


def test_without_quotations_both_scores_are_the_same() -> None:
    query, candidate = (text.replace("“", "").replace("”", "") for text in (ARTICLE, PARAGRAPHS[1]))
    comparison = compare_texts(query, candidate)
    assert comparison.scores == comparison.scores_unquoted


# Profiles


@pytest.mark.parametrize("name", SEEDS)
def test_sentences_of_a_profile_hold_every_word_once(name: str) -> None:
    document = seed(name)
    assert document.bounds[0] == 0
    assert document.bounds[-1] == document.n_words == len(document.document.tokens)
    lengths = np.diff(document.bounds)
    assert (lengths > 0).all()
    assert np.array_equal(document.sentence, np.repeat(np.arange(len(lengths)), lengths))
    assert ((document.weights >= 0) & (document.weights <= 1)).all()
    assert 0.5 < document.unquoted.count(1) / document.n_words < 1
