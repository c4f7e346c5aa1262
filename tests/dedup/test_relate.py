"""What is said of a pair: the relation of the seeds, kinds of copies, and the same from both sides."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from article_cases import ARTICLE, ORDERED_PAIRS, PAIRS, PARAGRAPHS, SEEDS, read, seed

from dedup.compare import Comparison, compare
from dedup.judge import relate
from dedup.judge.features import features
from dedup.model import Match

RELATIONS = {
    ("000", "001"): "retranslation",
    ("000", "002"): "derived",
    ("000", "004"): "same_story",
}
"""Of the seeds to the report that they are measured against; 003 shares nothing with it."""

REVERSED = {"copied_from": "copied_by", "copied_by": "copied_from", "unknown": "unknown"}

SPEECH = "\n\n".join(f'"{paragraph}"' for paragraph in PARAGRAPHS)
EDITED = (
    ARTICLE.replace("Tuesday", "Wednesday")
    .replace("fear for", "are afraid for")
    .replace("two years", "three years")
)
NO_FIELDS: Mapping[str, str] = {}
HALF = "\n\n".join(PARAGRAPHS[:2])
MOST = "\n\n".join(PARAGRAPHS[:3])
AS_LONG = "\n\n".join([*PARAGRAPHS[:-1], PARAGRAPHS[0]])
"""All of it stands in the article, which is hardly longer: one paragraph took another's place."""


def pair(query: str, candidate: str) -> Comparison:
    return compare(seed(query), seed(candidate))


def judged(
    query: str,
    candidate: str,
    query_fields: Mapping[str, str] = NO_FIELDS,
    candidate_fields: Mapping[str, str] = NO_FIELDS,
) -> Match:
    one = read(query, "query", **query_fields)
    other = read(candidate, "candidate", **candidate_fields)
    return relate(compare(one, other))


@pytest.mark.parametrize(("pair_of_seeds", "relation"), RELATIONS.items())
def test_seeds_are_what_their_readme_says(pair_of_seeds: tuple[str, str], relation: str) -> None:
    assert relate(pair(*pair_of_seeds)).relation == relation


def test_later_report_is_neither_copy_nor_derived() -> None:
    relations = {relate(pair("003", other)).relation for other in SEEDS if other != "003"}
    assert relations <= {"same_story", "unrelated"}


@pytest.mark.parametrize(("query", "candidate"), ORDERED_PAIRS)
def test_both_articles_are_told_the_same(query: str, candidate: str) -> None:
    comparison = pair(query, candidate)
    match, mirrored = relate(comparison), relate(comparison.mirrored)
    assert match.relation == mirrored.relation
    assert match.direction == REVERSED[mirrored.direction]
    assert match == relate(pair(candidate, query).mirrored)
    assert [p.query for p in match.passages if p.type == "verbatim"] == sorted(
        p.candidate for p in mirrored.passages if p.type == "verbatim"
    )


def test_every_feature_is_the_same_from_both_sides() -> None:
    for query, candidate in PAIRS:
        assert features(pair(query, candidate)) == features(pair(candidate, query))


@pytest.mark.parametrize(("query", "candidate"), ORDERED_PAIRS)
def test_reasons_are_sentences_with_numbers(query: str, candidate: str) -> None:
    match = relate(pair(query, candidate))
    assert 0 < match.confidence <= 1
    assert match.reasons
    assert all(reason.endswith(".") for reason in match.reasons)
    assert not match.direction_reason.endswith(".")
    if match.scores.aligned:
        assert f"{100 * match.scores.aligned:.0f} %" in match.reasons[0]


@pytest.mark.parametrize(
    ("query", "candidate", "kind"),
    [
        (ARTICLE, ARTICLE, "exact"),
        (ARTICLE.upper().replace("“", '"').replace("”", '"'), ARTICLE, "exact"),
        (SPEECH, SPEECH, "exact"),
        (EDITED, ARTICLE, "edited"),
        (HALF, ARTICLE, "excerpt"),
        (ARTICLE, HALF, "extended"),
        (MOST, EDITED, "excerpt"),
        (AS_LONG, ARTICLE, "edited"),
    ],
    ids=[
        *["exact", "other marks", "all quoted", "edited", "half", "whole"],
        *["part of an edited one", "as long"],
    ],
)
def test_copies_are_of_a_kind(query: str, candidate: str, kind: str) -> None:
    match = judged(query, candidate)
    assert (match.relation, match.kind) == ("copy", kind)


@pytest.mark.parametrize(
    ("query", "candidate", "kind"),
    [
        ({"source": " The Lantern"}, {"source": "the lantern"}, "revision"),
        ({"url": "https://www.lantern.example/1"}, {"url": "http://lantern.example/2"}, "revision"),
        ({"source": "The Lantern"}, {"source": "The Star"}, "edited"),
        ({"source": "The Lantern"}, {}, "edited"),
        ({"url": "https://lantern.example/1"}, {"url": "https://star.example/1"}, "edited"),
        ({"url": "/1"}, {"url": "/1"}, "edited"),
        ({"url": "http://["}, {"url": "http://["}, "edited"),
    ],
    ids=[
        *["same name", "same host", "other name", "one name only", "other host"],
        *["no host", "no address"],
    ],
)
def test_other_version_from_the_same_outlet_is_a_revision(
    query: dict[str, str], candidate: dict[str, str], kind: str
) -> None:
    assert judged(EDITED, ARTICLE, query, candidate).kind == kind


NOTICE = "(Corrects height of the weir in paragraph 3)\n"


@pytest.mark.parametrize(
    ("query", "candidate", "fields", "kind"),
    [
        (NOTICE + EDITED, ARTICLE, ({}, {}), "revision"),
        (ARTICLE, NOTICE + EDITED, ({}, {}), "revision"),
        (EDITED, ARTICLE, ({"title": "UPDATE 2-Bridge closes"}, {}), "revision"),
        (NOTICE + EDITED, NOTICE + ARTICLE, ({}, {}), "edited"),
        (NOTICE + EDITED, ARTICLE, ({"source": "The Lantern"}, {"source": "The Star"}), "edited"),
        (NOTICE + ARTICLE, ARTICLE, ({}, {}), "exact"),
    ],
    ids=["one", "the other", "by its title", "both", "other outlet", "equal but for the notice"],
)
def test_text_that_says_it_revises_is_a_revision(
    query: str, candidate: str, fields: tuple[dict[str, str], dict[str, str]], kind: str
) -> None:
    assert judged(query, candidate, *fields).kind == kind


def test_equal_text_is_exact_even_from_the_same_outlet() -> None:
    source = {"source": "The Lantern"}
    assert judged(ARTICLE, ARTICLE, source, source).kind == "exact"


def test_only_copies_and_retranslations_have_a_kind() -> None:
    assert relate(pair("001", "000")).kind == "same_language"
    assert relate(pair("002", "000")).kind is None
    assert relate(pair("003", "000")).kind is None


def test_match_names_the_other_article_as_it_was_submitted() -> None:
    fields = {"title": "A bridge", "url": "https://lantern.example/1", "source": "The Lantern"}
    other = judged(EDITED, ARTICLE, candidate_fields=fields).other
    assert (other.id, other.title, other.url, other.source) == ("candidate", *fields.values())
    assert other.published is None


@pytest.mark.parametrize("text", ["", "…", "word", "old iron bridge"])
def test_of_hardly_any_text_no_relation_is_told(text: str) -> None:
    for match in (judged(text, ARTICLE), judged(ARTICLE, text)):
        assert (match.relation, match.kind, match.confidence) == ("undetermined", None, None)
        assert match.direction == "unknown"
        assert match.passages == ()
