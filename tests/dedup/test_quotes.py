"""What becomes of a quotation, and what is told of it."""

from __future__ import annotations

from dataclasses import asdict

import pytest
from article_cases import ORDERED_PAIRS, compare_texts, read, seed
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.compare import Comparison, compare, quotations
from dedup.config import Limits

SPEECH = "The bridge has carried us for ninety years and it deserves a long and quiet rest"
CLAUSE = "said Ines Calder, the harbour master, on Wednesday"
OTHER = "A statement of the council came by mail in the afternoon, signed by its leader: "
LATER = "Nothing of that was news to the people of the east bank, who had waited for it."


def fates(query: str, candidate: str) -> list[str]:
    return [quote.status for quote in compare_texts(query, candidate).quotations]


def counterparts(comparison: Comparison) -> list[str | None]:
    text = comparison.candidate.document.article.text
    return [
        None if found.candidate is None else text[slice(*found.candidate)]
        for found in quotations(comparison)
    ]


def test_quotation_split_by_a_clause_is_kept() -> None:
    split = f"“The bridge has carried us for ninety years,” {CLAUSE}, “{SPEECH[43:]}.” {LATER}"
    whole = f"{OTHER}“{SPEECH}.”"
    assert fates(whole, split) == ["kept"]
    assert fates(split, whole) == ["kept", "kept"]


def test_shortened_quotation_is_kept_on_both_sides() -> None:
    short = f"{OTHER}the bridge “deserves a long and quiet rest”."
    long = f"“{SPEECH},” {CLAUSE}. {LATER}"
    assert fates(short, long) == ["kept"]
    assert fates(long, short) == ["kept"]


def test_ellipsis_and_brackets_do_not_undo_a_quotation() -> None:
    cut = "The bridge … carried us for ninety years and [the old lady] deserves a long … rest"
    whole = f"“{SPEECH},” {CLAUSE}. {LATER}"
    assert fates(whole, f"{OTHER}“{cut}.”") == ["kept"]
    assert fates(f"{OTHER}“{cut}.”", whole) == ["kept"]


def test_counterpart_of_a_reworded_quotation_is_the_other_quotation() -> None:
    translated = "For ninety years the bridge carried us, and it merits some quiet rest"
    query = f"“{SPEECH},” {CLAUSE}. {LATER}"
    comparison = compare_texts(query, f"Ines Calder, harbour master, declared: “{translated}.”")
    (quote,) = quotations(comparison)
    assert quote.status == "reworded"
    assert 0.3 < quote.identity < 0.8
    assert counterparts(comparison) == [translated]


def test_other_words_of_the_same_speaker_are_no_counterpart() -> None:
    query = f"“{SPEECH},” {CLAUSE} in heavy rain. {LATER}"
    other = f"“Ferries will run until the spring,” {CLAUSE} in heavy rain. {LATER}"
    assert fates(query, other) == ["absent"]


def test_counterpart_stands_where_the_words_do() -> None:
    query = f"“{SPEECH},” {CLAUSE}. {LATER}"
    comparison = compare_texts(query, f"{LATER} {LATER} {OTHER}“{SPEECH}.” {LATER}")
    assert counterparts(comparison) == [SPEECH]


def test_chinese_words_of_a_few_characters_are_no_quotation() -> None:
    text = "市长说：“我们已经准备好了，明天就开始修桥。”他反对“老桥计划”。"
    (quote,) = quotations(compare(read(text, "one", lang="zh"), read(text, "two", lang="zh")))
    assert text[slice(*quote.query)] == "我们已经准备好了，明天就开始修桥"
    assert (quote.status, quote.identity, quote.speaker) == ("kept", 1, "市长")


def test_speaker_is_told_with_the_role() -> None:
    query = f"“{SPEECH},” {CLAUSE}. “It is a sad day for the town.” {LATER}"
    found = quotations(compare_texts(query, OTHER))
    assert [quote.speaker for quote in found] == ["Ines Calder", "Ines Calder"]
    assert found[0].role == "the harbour master"
    assert [quote.status for quote in found] == ["absent", "absent"]
    assert [quote.candidate for quote in found] == [None, None]


def test_places_are_those_of_the_page_as_submitted() -> None:
    page = f"<p>&ldquo;{SPEECH},&rdquo; {CLAUSE}.</p><p>{LATER}</p>"
    comparison = compare(read(page, "page", media="html"), read(f"{OTHER}“{SPEECH}.”", "text"))
    (quote,) = quotations(comparison)
    assert page[slice(*quote.query)] == SPEECH


@pytest.mark.parametrize(("query", "candidate"), ORDERED_PAIRS)
def test_quotations_of_the_seeds_are_those_that_are_counted(query: str, candidate: str) -> None:
    comparison = compare(seed(query), seed(candidate))
    found = quotations(comparison)
    assert comparison.quotes.total == len(found)
    assert comparison.quotes.shared == sum(quote.status == "kept" for quote in found)
    assert comparison.quotes.reworded == sum(quote.status == "reworded" for quote in found)
    for quote in found:
        assert 0 <= quote.identity <= 1
        assert (quote.candidate is None) == (quote.status == "absent")
        assert quote.query.start < quote.query.end


@settings(deadline=None, max_examples=60)  # a shared machine stalls
@given(
    st.lists(st.sampled_from(["“", "”", ",", ".", "we", "won", "the", "war", "\n\n"]), max_size=60)
)
def test_a_text_keeps_all_its_own_quotations(pieces: list[str]) -> None:
    text = " ".join(pieces)
    comparison = compare_texts(text, text)
    assert {quote.status for quote in comparison.quotations} <= {"kept"}
    assert all(asdict(quote)["identity"] == 1 for quote in quotations(comparison))


@pytest.mark.parametrize("unit", ["“we won the war” he said. ", "“we won” ", "“a b c d e f "])
def test_longest_texts_accepted_are_followed_however_hostile(unit: str) -> None:
    """Work that grows with the square of the text would not end soon."""
    text = (unit * Limits().max_characters)[: Limits().max_characters]
    comparison = compare(read(text, "one", lang="en"), read(f"b{text[1:]}", "other", lang="en"))
    assert len(quotations(comparison)) == comparison.quotes.total


def test_signature_of_an_embedded_post_is_not_what_it_says() -> None:
    post = f"{SPEECH}!\n\n— Ines Calder (@inescalder) March 3, 2019"
    embedded = f"{OTHER.strip(': ')}.\n\n{post}\n\n{LATER}"
    comparison = compare_texts(embedded, f"Ines Calder tweeted: “{SPEECH}!” {LATER}")
    (quote,) = quotations(comparison)
    assert (quote.status, quote.speaker) == ("kept", "Ines Calder")
