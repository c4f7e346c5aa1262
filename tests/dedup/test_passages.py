"""Passages stand where they say, in the texts as submitted, whatever debris these carry."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable
from itertools import pairwise

import pytest
from article_cases import ARTICLE, ORDERED_PAIRS, PARAGRAPHS, SEEDS, compare_texts, read, seed

from dedup.compare import Comparison, compare
from dedup.compare.passages import passages
from dedup.model import Passage, Span
from dedup.normalize import normalize
from dedup.tokens import tokenize


def words_at(comparison: Comparison, passage: Passage) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The words of a passage, read from either text as submitted."""
    return (
        words(comparison.query.document.article.text, passage.query),
        words(comparison.candidate.document.article.text, passage.candidate),
    )


def words(text: str, span: Span) -> tuple[str, ...]:
    return tokenize(normalize(text[slice(*span)]).text).words


def check(comparison: Comparison) -> tuple[Passage, ...]:
    found = passages(comparison)
    assert [passage.query for passage in found] == sorted(passage.query for passage in found)
    for passage in found:
        for span, side in (
            (passage.query, comparison.query),
            (passage.candidate, comparison.candidate),
        ):
            text = side.document.article.text
            assert 0 <= span.start < span.end <= len(text)
            assert text[span.start : span.end] == text[span.start : span.end].strip()
    return found


@pytest.mark.parametrize(("query", "candidate"), ORDERED_PAIRS)
def test_passages_of_seeds_are_sorted_inside_their_texts_and_exact(
    query: str, candidate: str
) -> None:
    comparison = compare(seed(query), seed(candidate))
    for passage in check(comparison):
        ours, theirs = words_at(comparison, passage)
        assert (ours == theirs) == (passage.type == "verbatim")


@pytest.mark.parametrize("query", SEEDS)
def test_a_seed_is_one_passage_of_itself(query: str) -> None:
    (passage,) = check(compare_texts(SEEDS[query], SEEDS[query]))
    assert passage.query == passage.candidate
    assert passage.type == "verbatim"


def broken_entities(text: str) -> str:
    return text.replace("'", "& # 39;").replace("“", "& quot; ").replace("”", "& quot;")


def curly(text: str) -> str:
    return text.replace("'", "’")


def mojibake(text: str) -> str:
    return text.replace("'", "’").encode().decode("cp1252", "replace")


def zero_width(text: str) -> str:
    return text.replace("bridge", "bri\u00addge").replace(" the ", " \u200bthe ")


def entities(text: str) -> str:
    return text.replace("'", "&#8217;").replace("“", "&ldquo;").replace("”", "&rdquo;")


@pytest.mark.parametrize("damage", [broken_entities, curly, mojibake, zero_width, entities])
def test_damaged_copy_is_one_passage_from_end_to_end(damage: Callable[[str], str]) -> None:
    damaged = damage(ARTICLE)
    assert damaged != ARTICLE
    (passage,) = check(compare_texts(damaged, ARTICLE))
    assert passage.type == "verbatim"
    assert ARTICLE[slice(*passage.candidate)] == ARTICLE.removesuffix(".")
    assert damaged[slice(*passage.query)] == damaged.removesuffix(".")


def page_of(paragraphs: Iterable[str]) -> str:
    body = "".join(f"<p class='x'>{html.escape(text)}</p>\n<!-- ad -->" for text in paragraphs)
    return (
        f"<html><head><title>A bridge</title></head><body><article>{body}</article></body></html>"
    )


def test_passages_of_a_page_point_into_its_source() -> None:
    page = page_of([PARAGRAPHS[3], "Nothing of this is known to anyone else.", PARAGRAPHS[0]])
    comparison = compare(read(page, "page", media="html"), read(ARTICLE, "text"))
    first, second = check(comparison)
    for passage, paragraph in ((first, PARAGRAPHS[3]), (second, PARAGRAPHS[0])):
        assert html.unescape(page[slice(*passage.query)]) == paragraph.removesuffix(".")
        assert ARTICLE[slice(*passage.candidate)] == paragraph.removesuffix(".")


def test_reworded_sentence_is_shown_whole_on_both_sides() -> None:
    original = PARAGRAPHS[3]
    reworded = (
        "Some 18 million crowns, roughly half of the cost of the repair, come from the transport "
        "ministry."
    )
    (passage,) = check(compare_texts(reworded, original))
    assert (passage.type, passage.quotation) == ("reworded", False)
    assert reworded[slice(*passage.query)] == reworded.removesuffix(".")
    assert original[slice(*passage.candidate)] == original.split(". ")[0]


def test_sentences_that_were_merged_are_one_passage() -> None:
    merged = (
        "The Millbrook harbour council voted Tuesday for closing the old iron bridge two years "
        "since cracks in eleven of forty girders were found by engineers at the March inspection."
    )
    (passage,) = check(compare_texts(PARAGRAPHS[0], merged))
    assert PARAGRAPHS[0][slice(*passage.query)] == PARAGRAPHS[0].removesuffix(".")
    assert merged[slice(*passage.candidate)] == merged.removesuffix(".")


@pytest.mark.parametrize(("query", "candidate"), ORDERED_PAIRS)
def test_no_word_of_the_query_stands_in_two_passages(query: str, candidate: str) -> None:
    found = passages(compare(seed(query), seed(candidate)))
    assert all(one.query.end <= other.query.start for one, other in pairwise(found))


def shown(query: str, candidate: str) -> list[tuple[str, str, str]]:
    """Each passage's type, and what stands there in either text."""
    return [
        (passage.type, query[slice(*passage.query)], candidate[slice(*passage.candidate)])
        for passage in check(compare_texts(query, candidate))
    ]


CLOSURE = (
    "The harbour council of Millbrook voted on Tuesday to close the old iron bridge for two years."
)
GIRDERS = (
    "Engineers had found cracks in eleven of its forty girders during the inspection last March."
)
FERRY = "A ferry will carry walkers and cyclists across the river every twenty minutes until then."
COST = "The repair is going to cost 36 million crowns, and half of it comes from the ministry."


def test_two_runs_about_a_changed_word_are_one_reworded_sentence() -> None:
    changed = CLOSURE.replace("Tuesday", "Thursday")
    assert shown(changed, CLOSURE) == [
        ("reworded", changed.removesuffix("."), CLOSURE.removesuffix("."))
    ]


def test_only_the_sentence_with_the_changed_number_is_reworded() -> None:
    changed = GIRDERS.replace("eleven", "nine")
    query = f"{CLOSURE} {changed} {FERRY}"
    assert shown(query, f"{CLOSURE} {GIRDERS} {FERRY}") == [
        ("verbatim", CLOSURE.removesuffix("."), CLOSURE.removesuffix(".")),
        ("reworded", changed.removesuffix("."), GIRDERS.removesuffix(".")),
        ("verbatim", FERRY.removesuffix("."), FERRY.removesuffix(".")),
    ]


def test_a_run_ends_with_its_sentence_even_if_the_next_ones_begin_alike() -> None:
    query = f"{GIRDERS} The mayor was not there."
    candidate = f"{GIRDERS} The singer had a cold on that day."
    assert shown(query, candidate) == [
        ("verbatim", GIRDERS.removesuffix("."), GIRDERS.removesuffix("."))
    ]


def test_a_sentence_that_was_split_is_shown_beside_both_halves() -> None:
    whole = (
        "The repair, which costs 36 million crowns, will be paid in equal parts by the transport "
        "ministry in the capital and by the harbour council of Millbrook."
    )
    halves = (
        "The repair costs 36 million crowns. It will be paid in equal parts by the transport "
        "ministry in the capital and the harbour council of Millbrook."
    )
    assert shown(whole, halves) == [("reworded", whole[:-1], halves[:-1])]
    assert shown(halves, whole) == [("reworded", halves[:-1], whole[:-1])]


def test_a_moved_paragraph_is_found_where_it_went() -> None:
    query, candidate = f"{FERRY}\n\n{CLOSURE} {GIRDERS}", f"{CLOSURE} {GIRDERS}\n\n{FERRY}"
    assert shown(query, candidate) == [
        ("verbatim", FERRY[:-1], FERRY[:-1]),
        ("verbatim", f"{CLOSURE} {GIRDERS}"[:-1], f"{CLOSURE} {GIRDERS}"[:-1]),
    ]


def test_an_inserted_sentence_parts_two_passages_and_a_dropped_one_too() -> None:
    short, long = f"{CLOSURE} {FERRY}", f"{CLOSURE} Nobody in Westfield was asked. {FERRY}"
    kept = [("verbatim", text[:-1], text[:-1]) for text in (CLOSURE, FERRY)]
    assert shown(long, short) == kept
    assert shown(short, long) == kept


def test_a_sentence_made_around_a_copied_clause_is_not_called_reworded() -> None:
    clause = "half of the girders were beyond repair before the winter storms set in"
    query = f"Witnesses told the inquiry in Dunmore last week that {clause}, papers show."
    candidate = f"Asked by a television crew, the retired foreman Olaf Brandt insisted: {clause}."
    assert shown(query, candidate) == [("verbatim", clause, clause)]


def test_a_sentence_too_short_for_a_run_is_verbatim_if_it_was_kept() -> None:
    query = f"Millbrook mourns Ines Calder. {COST}"
    candidate = f"{FERRY} Millbrook mourns Ines Calder."
    assert shown(query, candidate) == [
        ("verbatim", "Millbrook mourns Ines Calder", "Millbrook mourns Ines Calder")
    ]


@pytest.mark.parametrize("line", ["Shipping", "Harbour news", "Millbrook bridge closure"])
def test_a_line_of_a_few_words_is_no_passage(line: str) -> None:
    assert shown(f"{line}\n\n{COST}", f"{FERRY}\n\n{line}") == []
    assert shown(f"{line}\n\n{COST}", f"{FERRY}\n\nThe {line} in brief") == []


def test_quotation_is_marked_as_one() -> None:
    speech = "The bridge has carried us for ninety years and it deserves a rest"
    query = f"Ines Calder spoke on the quay. “{speech}.”"
    (passage,) = check(compare_texts(query, f"“{speech},” reads a statement that came by mail."))
    assert (passage.type, passage.quotation) == ("verbatim", True)
    assert query[slice(*passage.query)] == speech


def test_unrelated_texts_have_no_passages() -> None:
    assert check(compare_texts(ARTICLE, SEEDS["003"])) == ()
