"""Which stretches of two texts are one shared section, and which are not."""

from __future__ import annotations

import pytest
from article_cases import ARTICLE, ORDERED_PAIRS, PARAGRAPHS, SEEDS, compare_texts, seed

from dedup.compare import compare, sections
from dedup.compare.sections import MIN_WORDS
from dedup.model import Section

FOSSIL = (
    "Scientists in Patagonia have dug up the skull of a whale that lived nineteen million years "
    "ago. Its teeth suggest that the animal swallowed penguins whole. A museum in Trelew will "
    "show the fossil from next spring, once the last of the sandstone has been chiselled away."
)
ORCHESTRA = (
    "The city orchestra opens its season with a symphony that nobody has played since 1911. The "
    "score lay in the cellar of a pharmacy, between ledgers and a box of glass stoppers. A "
    "copyist needed two winters to make the parts legible for the strings."
)
REWORDED = (
    "On Tuesday, the Millbrook harbour council decided to shut the old bridge of iron for two "
    "years. During an inspection in March, engineers found cracks in eleven of the forty "
    "girders.\n\n“We were unable to wait another winter,” stated Ines Calder, head of the "
    "council. Trucks weighing over seven tonnes are to go over the Westfield viaduct, nine "
    "kilometres further up."
)
"""The first two paragraphs of the article in other words."""

SAME_EVENT = (
    "Drivers in Millbrook face long detours: from Monday no car may use the iron bridge, which "
    "the council calls unsafe. Many had seen it coming, says Nora Feld, who sells fish on the "
    "quay and remembers three repairs. Ines Calder, the head of the council, was booed when she "
    "came to explain the decision; she promised answers before the winter."
)
"""Another report on what the article is about."""


def found(query: str, candidate: str) -> list[tuple[str, str]]:
    """What stands in either text, section by section."""
    return [
        (query[slice(*section.query)], candidate[slice(*section.candidate)])
        for section in shared(query, candidate)
    ]


def shared(query: str, candidate: str) -> tuple[Section, ...]:
    return sections(compare_texts(query, candidate))


@pytest.mark.parametrize("text", [ARTICLE, *SEEDS.values()])
def test_a_text_is_one_section_of_itself(text: str) -> None:
    comparison = compare_texts(text, text)
    (section,) = sections(comparison)
    assert section.query == section.candidate
    assert section.words == comparison.query.n_words
    assert section.verbatim == 1


def test_a_paragraph_in_an_article_on_something_else_is_found_to_the_word() -> None:
    paragraph = PARAGRAPHS[1]
    query = f"{FOSSIL}\n\n{paragraph}\n\n{ORCHESTRA}"
    ((ours, theirs),) = found(query, ARTICLE)
    assert ours == theirs == paragraph.removeprefix("“").removesuffix(".")


def test_a_reworded_paragraph_is_one_section_however_many_sentences_it_has() -> None:
    query = f"{FOSSIL}\n\n{REWORDED}\n\n{ORCHESTRA}"
    ((ours, theirs),) = found(query, ARTICLE)
    assert ours == REWORDED.removesuffix(".")
    assert theirs == "\n\n".join(PARAGRAPHS[:2]).removesuffix(".")


def test_a_sentence_put_in_between_is_stepped_over() -> None:
    first, second = REWORDED.split("\n\n")
    query = f"{first} Gulls took no notice of any of this. {second}"
    assert len(found(query, "\n\n".join(PARAGRAPHS[:2]))) == 1


def test_copied_paragraphs_with_other_text_between_them_are_sections_of_their_own() -> None:
    query = f"{PARAGRAPHS[1]}\n\n{FOSSIL}\n\n{ORCHESTRA}\n\n{PARAGRAPHS[4]}"
    assert [theirs for _, theirs in found(query, ARTICLE)] == [
        PARAGRAPHS[1].removeprefix("“").removesuffix("."),
        PARAGRAPHS[4].removesuffix("."),
    ]


def test_a_moved_paragraph_is_a_section_where_it_went() -> None:
    query = f"{ORCHESTRA}\n\n{PARAGRAPHS[3]}\n\n{FOSSIL}\n\n{PARAGRAPHS[2]}"
    candidate = f"{PARAGRAPHS[2]}\n\n{SAME_EVENT}\n\n{PARAGRAPHS[3]}"
    assert found(query, candidate) == [
        (PARAGRAPHS[3].removesuffix("."), PARAGRAPHS[3].removesuffix(".")),
        (PARAGRAPHS[2].removesuffix("."), PARAGRAPHS[2].removesuffix(".")),
    ]


def test_a_copied_paragraph_of_common_words_is_a_section_too() -> None:
    speech = (
        "We have done what we could do and now we will wait and see what they have to say about "
        "it, and if they do not come back to us by the end of the day, so be it."
    )
    ((ours, theirs),) = found(f"{FOSSIL} {speech} {ORCHESTRA}", f"{SAME_EVENT} {speech}")
    assert ours == theirs == speech.removesuffix(".")


def test_a_round_trip_is_one_section() -> None:
    (section,) = sections(compare(seed("000"), seed("001")))
    assert section.words > 0.9 * seed("000").n_words
    assert section.verbatim < 0.5


@pytest.mark.parametrize("other", [FOSSIL, ORCHESTRA, SEEDS["003"]])
def test_texts_on_different_things_have_none(other: str) -> None:
    assert found(ARTICLE, other) == []


def test_reports_on_one_event_have_none() -> None:
    assert found(SAME_EVENT, ARTICLE) == []


def test_a_text_without_words_has_none() -> None:
    assert found("", ARTICLE) == found(ARTICLE, "…") == []


def test_less_than_a_long_sentence_is_a_passage_and_no_section() -> None:
    sentence = PARAGRAPHS[4].split(". ")[0]
    assert found(f"{FOSSIL} {sentence}. {ORCHESTRA}", ARTICLE) == []


@pytest.mark.parametrize(("query", "candidate"), ORDERED_PAIRS)
def test_both_articles_are_told_of_the_same_sections(query: str, candidate: str) -> None:
    comparison = compare(seed(query), seed(candidate))
    told = {(section.query, section.candidate) for section in sections(comparison)}
    mirrored = sections(comparison.mirrored)
    assert told == {(section.candidate, section.query) for section in mirrored}


@pytest.mark.parametrize(("query", "candidate"), ORDERED_PAIRS)
def test_sections_are_in_order_long_enough_and_inside_their_texts(
    query: str, candidate: str
) -> None:
    told = sections(compare(seed(query), seed(candidate)))
    assert [section.query for section in told] == sorted(section.query for section in told)
    for section in told:
        assert section.words >= MIN_WORDS
        assert 0 <= section.verbatim <= 1
        assert 0 <= section.query.start < section.query.end <= len(SEEDS[query])
        assert 0 <= section.candidate.start < section.candidate.end <= len(SEEDS[candidate])
