"""The one JSON shape: every key always there, rounded, and as the service promises it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from article_cases import ORDERED_PAIRS, SEEDS, seed

from dedup.compare import compare, differences, sections
from dedup.config import Limits
from dedup.judge import decide, relate
from dedup.model import Article, ArticleRef, Finding, Language, Report, Span, Verdict
from dedup.report import (
    DECIMALS,
    finding_to_json,
    match_to_json,
    reference_to_json,
    time_to_json,
    to_json,
)
from service.schemas import MatchOut, VerdictOut

UNMATCHED = Report(
    article=Article("x", "text"),
    verdict=Verdict("independent", "unmatched", None, None, ("No known article is near it.",)),
    matches=(),
    artifacts=(),
    language=Language("und", None, "nobody"),
    words=1,
    revision=1,
)

KEYS = {
    *["id", "verdict", "kind", "confidence", "likely", "source", "reasons", "origin", "matches"],
    *["matches_complete", "credits", "artifacts", "language", "words", "revision", "expires"],
}
MATCH_KEYS = {
    *["id", "title", "url", "source", "published", "removed", "expired", "relation", "kind"],
    *[
        "confidence",
        "direction",
        "direction_reason",
        "direction_confidence",
        "scores",
        "scores_without_quotations",
        "quotes",
        "quotations",
    ],
    *["passages", "sections", "differences", "reasons"],
}


def report(query: str, *candidates: str) -> Report:
    document = seed(query)
    matches = [relate(compare(document, seed(candidate))) for candidate in candidates]
    verdict, ordered = decide(document.n_words, matches, Limits())
    return Report(
        article=document.document.article,
        verdict=verdict,
        matches=ordered,
        artifacts=document.document.findings,
        language=document.document.language,
        words=document.n_words,
        revision=1,
    )


def test_keys_are_there_even_if_nothing_is_known() -> None:
    answer = to_json(UNMATCHED)
    assert answer.keys() == KEYS
    assert (answer["confidence"], answer["source"]) == (None, None)
    assert (answer["matches"], answer["credits"], answer["artifacts"]) == ([], [], [])
    assert (answer["origin"], answer["matches_complete"]) == (None, True)
    assert answer["language"] == {"code": "und", "confidence": None, "by": "nobody"}
    assert to_json(replace(UNMATCHED, revision=None))["revision"] is None


@pytest.mark.parametrize(("query", "candidate"), ORDERED_PAIRS)
def test_every_match_has_the_same_keys(query: str, candidate: str) -> None:
    answer = to_json(report(query, candidate))
    assert answer.keys() == KEYS
    (match,) = answer["matches"]  # type: ignore[misc, has-type]
    assert match.keys() == MATCH_KEYS


@pytest.mark.parametrize("query", SEEDS)
def test_answer_is_what_the_service_promises(query: str) -> None:
    others = [name for name in SEEDS if name != query]
    text = json.dumps(to_json(report(query, *others)))
    VerdictOut.model_validate_json(text, strict=True)


@pytest.mark.parametrize("query", SEEDS)
def test_answer_survives_json(query: str) -> None:
    answer = to_json(report(query, *[name for name in SEEDS if name != query]))
    assert json.loads(json.dumps(answer, allow_nan=False)) == answer


def test_shares_are_rounded_to_four_decimals() -> None:
    found = report("001", "000")
    (match,) = to_json(found)["matches"]  # type: ignore[misc, has-type]
    for name in ("scores", "scores_without_quotations"):
        assert all(round(share, DECIMALS) == share for share in match[name].values())
    assert match["scores"]["resemblance"] == round(found.matches[0].scores.resemblance, DECIMALS)
    verdict = replace(UNMATCHED.verdict, confidence=0.123456)
    assert to_json(replace(UNMATCHED, verdict=verdict))["confidence"] == 0.1235


def test_spans_are_pairs_of_numbers() -> None:
    found = report("001", "000")
    answer = to_json(found)
    (match,) = answer["matches"]  # type: ignore[misc, has-type]
    first = found.matches[0].passages[0]
    assert match["passages"][0] == {
        "query": [first.query.start, first.query.end],
        "candidate": [first.candidate.start, first.candidate.end],
        "type": first.type,
        "quotation": first.quotation,
    }
    for artifact in answer["artifacts"]:  # type: ignore[attr-defined]
        start, end = artifact["span"]
        assert SEEDS["001"][start:end].startswith(artifact["excerpt"][:10])


def test_removed_and_expired_articles_origin_and_bound_are_told() -> None:
    found = report("001", "000")
    (match,) = found.matches
    gone = replace(match, other=ArticleRef("000"), removed=True, expired=True)
    told = replace(
        found, matches=(gone,), matches_complete=False, origin=ArticleRef("x", title="A title")
    )
    answer = to_json(told)
    (shown,) = answer["matches"]  # type: ignore[misc, has-type]
    assert (shown["removed"], shown["expired"], answer["matches_complete"]) == (True, True, False)
    assert answer["origin"] == reference_to_json(ArticleRef("x", title="A title"))
    VerdictOut.model_validate_json(json.dumps(answer), strict=True)


def test_finding_keeps_its_values() -> None:
    finding = Finding("rule", Span(1, 5), "text", "weak", "It says so.", {"entity": "& # 39;"})
    assert finding_to_json(finding) == {
        "rule": "rule",
        "span": [1, 5],
        "excerpt": "text",
        "weight": "weak",
        "says": "It says so.",
        "data": {"entity": "& # 39;"},
    }


def test_reference_tells_where_to_find_an_article() -> None:
    noon = datetime(2024, 5, 14, 12, tzinfo=UTC)
    reference = ArticleRef("x", "A title", "https://x.example", "The Lantern", noon)
    assert reference_to_json(reference) == {
        "id": "x",
        "title": "A title",
        "url": "https://x.example",
        "source": "The Lantern",
        "published": "2024-05-14T12:00:00Z",
    }


@pytest.mark.parametrize(
    ("hours", "text"), [(0, "2024-05-14T12:00:00Z"), (9, "2024-05-14T03:00:00Z")]
)
def test_times_are_utc_to_the_second(hours: int, text: str) -> None:
    zone = timezone(timedelta(hours=hours))
    assert time_to_json(datetime(2024, 5, 14, 12, 0, 0, 999_999, tzinfo=zone)) == text


def test_differences_are_told_with_their_places() -> None:
    comparison = compare(seed("002"), seed("000"))
    found = replace(relate(comparison), differences=differences(comparison))
    told = json.dumps(match_to_json(found))
    MatchOut.model_validate_json(told, strict=True)
    (number,) = json.loads(told)["differences"]["numbers"]
    assert (number["query_text"], number["candidate_text"]) == ("586,000", "600,000")
    assert SEEDS["000"][slice(*number["candidate"])] == "600,000"


def test_differences_that_were_not_worked_out_are_null() -> None:
    assert match_to_json(relate(compare(seed("002"), seed("000"))))["differences"] is None


def test_sections_are_told_with_their_places() -> None:
    comparison = compare(seed("001"), seed("000"))
    told = json.dumps(match_to_json(replace(relate(comparison), sections=sections(comparison))))
    MatchOut.model_validate_json(told, strict=True)
    (section,) = json.loads(told)["sections"]
    assert SEEDS["000"][slice(*section["candidate"])].startswith("Saraqeb is considered")
    assert section["words"] > 500
    assert 0 < section["verbatim"] < 0.5


def test_sections_that_were_not_worked_out_are_null() -> None:
    assert match_to_json(relate(compare(seed("002"), seed("000"))))["sections"] is None
