"""The whole path on a real index: what is stored, judged, revised, replaced, removed."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from dedup.compare import profile
from dedup.config import Settings
from dedup.document import read_document
from dedup.errors import BadIdError, InputError, TooLargeError, UnknownArticleError
from dedup.index.redis_index import RedisIndex
from dedup.model import Article, Language, Report
from dedup.pipeline import Detector, keys_of
from dedup.report import to_json

ROOT = Path(__file__).parents[2]

SEEDS = {
    path.name[:3]: path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "seeds").glob("0*.txt"))
}

BRIDGE = (ROOT / "tests/cases/articles/bridge.txt").read_text(encoding="utf-8").strip()
"""Made up for the tests; on another story than the seeds."""

FINAL = {
    "000": ("independent", "unmatched", None),
    "001": ("retranslation", "same_language", "000"),
    "002": ("independent", "derived", "000"),
    "003": ("independent", "same_story", None),
    "004": ("independent", "same_story", None),
}
"""What the five seeds must give when all are known: verdict, kind, source."""


@pytest.fixture
def detector(index: RedisIndex) -> Detector:
    return Detector(index)


def seed(name: str, **fields: object) -> Article:
    return Article(id=name, text=SEEDS[name], **fields)  # type: ignore[arg-type]


def answer(report: Report) -> tuple[str, str, str | None]:
    verdict = report.verdict
    return verdict.verdict, verdict.kind, verdict.source.id if verdict.source else None


def directions(report: Report) -> dict[str, tuple[str, str]]:
    return {match.other.id: (match.relation, match.direction) for match in report.matches}


@pytest.mark.parametrize("first", SEEDS)
def test_seeds_end_with_the_same_verdicts_in_every_order_of_arrival(
    first: str, open_new: Callable[[], AbstractContextManager[RedisIndex]]
) -> None:
    seen = set()
    for rest in itertools.permutations(name for name in SEEDS if name != first):
        with open_new() as index:
            detector = Detector(index)
            for name in (first, *rest):
                detector.put(seed(name))
            reports = {name: detector.report(name) for name in SEEDS}
        assert {name: answer(report) for name, report in reports.items()} == FINAL
        seen.add(str({name: directions(report) for name, report in reports.items()}))
    assert len(seen) == 1


def test_first_article_is_independent_and_unmatched(detector: Detector) -> None:
    outcome = detector.put(seed("000"))
    assert answer(outcome.report) == ("independent", "unmatched", None)
    assert outcome.created
    assert outcome.report.revision == 1


def test_original_that_arrives_late_revises_the_retranslation(detector: Detector) -> None:
    assert answer(detector.put(seed("001")).report) == ("independent", "unmatched", None)
    outcome = detector.put(seed("000"))
    (revised,) = outcome.revised
    assert answer(revised) == ("retranslation", "same_language", "000")
    assert revised.revision == 2
    assert detector.report("001").verdict == revised.verdict


@pytest.mark.parametrize("first", ["ferry", "ferry_round_trip"])
def test_retranslation_is_told_from_its_original_whichever_comes_first(
    detector: Detector, first: str
) -> None:
    """Neither is dated or carries debris: their wording alone tells."""
    names = sorted(("ferry", "ferry_round_trip"), key=lambda name: name != first)
    for name in names:
        text = (ROOT / f"tests/cases/articles/{name}.txt").read_text(encoding="utf-8")
        detector.put(Article(id=name, text=text))
    answers = {name: answer(detector.report(name)) for name in names}
    assert answers["ferry_round_trip"] == ("retranslation", "same_language", "ferry")
    assert answers["ferry"] == ("independent", "unmatched", None)


def test_storing_the_same_again_changes_nothing(detector: Detector) -> None:
    detector.put(seed("000"))
    first = detector.put(seed("001"))
    again = detector.put(seed("001"))
    assert again.report.verdict == first.report.verdict
    assert again.report.matches == first.report.matches
    assert again.report.revision == 1
    assert (again.created, again.revised) == (False, ())


def test_differences_are_worked_out_where_they_are_asked_for(detector: Detector) -> None:
    detector.put(seed("000"))
    (checked,) = detector.check(seed("001")).matches
    (stored,) = detector.put(seed("001")).report.matches
    (read,) = detector.report("001").matches
    (explained,) = detector.explained("001").matches
    assert stored.differences is read.differences is None
    assert explained.differences == checked.differences
    assert explained.differences is not None
    assert replace(explained, differences=None, sections=None, quotations=None) == read


def test_differences_from_an_article_that_was_removed_are_not_known(detector: Detector) -> None:
    detector.put(seed("000"))
    detector.put(seed("001"))
    detector.delete("000")
    (match,) = detector.explained("001").matches
    assert match.removed
    assert match.differences is None


def test_other_text_under_an_id_replaces_what_was_there(detector: Detector) -> None:
    detector.put(seed("000"))
    detector.put(seed("001"))
    outcome = detector.put(Article(id="001", text=BRIDGE))
    assert not outcome.created
    assert answer(outcome.report) == ("independent", "unmatched", None)
    assert detector.report("000").matches == ()
    assert outcome.report.revision == 2


def test_an_answer_names_whom_the_text_credits_though_nothing_matches(detector: Detector) -> None:
    report = detector.check(seed("003"))
    assert report.verdict.kind == "unmatched"
    (credit,) = report.credits
    assert (credit.name, credit.gives, credit.excerpt) == ("Reuters", "all", "By Reuters")
    assert to_json(report)["credits"] == [
        {"name": "Reuters", "gives": "all", "span": list(credit.span), "excerpt": "By Reuters"}
    ]


def test_revision_is_kept_where_only_metadata_change(detector: Detector) -> None:
    detector.put(seed("001"))
    detector.put(seed("000"))
    assert detector.report("001").revision == 2
    outcome = detector.put(seed("001", title="A title"))
    assert answer(outcome.report) == FINAL["001"]
    assert outcome.report.revision == 2


def test_original_stays_the_source_when_only_its_metadata_change(detector: Detector) -> None:
    detector.put(seed("000"))
    detector.put(Article(id="copy", text=SEEDS["000"]))
    detector.put(seed("000", title="A title"))
    assert answer(detector.report("copy")) == ("copy", "exact", "000")
    assert answer(detector.report("000")) == ("independent", "unmatched", None)


def test_article_whose_writer_crashed_is_finished_by_the_retry(
    index: RedisIndex, detector: Detector
) -> None:
    detector.put(seed("000"))
    index.put(seed("001"), Language("en", 0.9, "pycld2"), _keys("001"))
    assert answer(detector.report("001")) == ("independent", "unmatched", None)
    detector.put(Article(id="late", text=SEEDS["000"]))  # settles 001, whose own put is unfinished
    assert answer(detector.put(seed("001")).report) == FINAL["001"]
    assert directions(detector.report("000"))["001"] == ("retranslation", "copied_by")


def test_id_that_was_used_again_names_the_new_text_only(detector: Detector) -> None:
    detector.put(seed("000"))
    detector.put(seed("001"))
    detector.delete("000")
    detector.put(Article(id="000", text=SEEDS["003"]))
    assert detector.report("001").matches == ()


def test_deleting_and_storing_again_leaves_one_match(detector: Detector) -> None:
    detector.put(seed("001"))
    for _ in range(3):
        detector.put(seed("000"))
        detector.delete("000")
    (match,) = detector.report("001").matches
    assert match.removed


def test_deleting_one_of_several_sources_changes_no_verdict(detector: Detector) -> None:
    for name in ("first", "second", "third"):
        detector.put(Article(id=name, text=SEEDS["003"]))
    assert detector.delete("first") == ()
    assert answer(detector.report("third")) == ("copy", "exact", "first")


def test_check_leaves_out_what_the_article_replaces(detector: Detector) -> None:
    detector.put(seed("000"))
    assert detector.check(seed("000")).matches == ()
    assert detector.check(Article(id="000", text=SEEDS["001"]), replaces="000").matches == ()
    assert answer(detector.check(Article(id="000", text=SEEDS["001"]))) == FINAL["001"]


def test_long_page_around_a_short_article_is_read(detector: Detector) -> None:
    style = "<style>" + "p { color: red }\n" * 20_000 + "</style>"
    body = "".join(f"<p>{line}</p>" for line in SEEDS["000"].split("\n\n"))
    page = f"<html><head>{style}</head><body><article>{body}</article></body></html>"
    detector.put(seed("000"))
    assert answer(detector.check(Article(id="page", text=page, media="html")))[0] == "copy"


def _keys(name: str) -> NDArray[np.uint64]:
    return keys_of(profile(read_document(seed(name))), Settings()).keys


def test_replaced_text_is_no_candidate_any_more(detector: Detector) -> None:
    detector.put(seed("000"))
    detector.put(Article(id="000", text=SEEDS["003"]))
    assert answer(detector.check(seed("001"))) == ("independent", "unmatched", None)


def test_checking_stores_nothing(detector: Detector) -> None:
    detector.put(seed("000"))
    report = detector.check(seed("001"))
    assert answer(report) == FINAL["001"]
    assert report.revision is None
    with pytest.raises(UnknownArticleError):
        detector.report("001")
    assert detector.report("000").matches == ()


def test_deleted_source_leaves_its_id_and_nothing_else(detector: Detector) -> None:
    detector.put(seed("000", title="A title"))
    detector.put(seed("001"))
    detector.delete("000")
    report = detector.report("001")
    assert answer(report) == FINAL["001"]
    (match,) = report.matches
    assert match.removed
    assert match.other.title is None
    with pytest.raises(UnknownArticleError):
        detector.report("000")


def test_exact_copy_is_taken_from_whoever_came_first(detector: Detector) -> None:
    detector.put(seed("000"))
    outcome = detector.put(Article(id="copy", text=SEEDS["000"]))
    assert answer(outcome.report) == ("copy", "exact", "000")
    assert answer(detector.report("000")) == ("independent", "unmatched", None)


def test_an_article_that_is_said_to_have_come_earlier_is_the_source(detector: Detector) -> None:
    first = Article(id="first", text=SEEDS["000"])
    detector.put(Article(id="second", text=SEEDS["000"]))
    earlier = detector.stored("second").received - timedelta(days=1)
    assert answer(detector.put(first, received=earlier).report)[0] == "independent"
    assert answer(detector.report("second")) == ("copy", "exact", "first")
    assert detector.stored("first").received == earlier


def test_of_two_times_of_arrival_the_earlier_stays(detector: Detector) -> None:
    article = Article(id="x", text=SEEDS["000"])
    detector.put(article)
    came = detector.stored("x").received
    earlier = came - timedelta(days=1)
    for said, kept in ((came + timedelta(days=1), came), (earlier, earlier), (None, earlier)):
        assert not detector.put(article, received=said).created
        assert detector.stored("x").received == kept


def test_dates_go_before_arrival(detector: Detector) -> None:
    from datetime import UTC, datetime

    detector.put(seed("000", published=datetime(2020, 2, 9, tzinfo=UTC)))
    outcome = detector.put(
        Article(id="late", text=SEEDS["000"], published=datetime(2020, 2, 8, tzinfo=UTC))
    )
    assert answer(outcome.report) == ("independent", "unmatched", None)
    assert answer(detector.report("000")) == ("copy", "exact", "late")


def test_half_of_an_article_is_an_excerpt_and_the_whole_extends_it(detector: Detector) -> None:
    paragraphs = SEEDS["003"].split("\n\n")
    half = "\n\n".join(paragraphs[: len(paragraphs) // 2])
    detector.put(seed("003"))
    assert answer(detector.check(Article(id="half", text=half))) == ("copy", "excerpt", "003")
    detector.delete("003")
    detector.put(Article(id="half", text=half))
    assert answer(detector.check(seed("003"))) == ("copy", "extended", "half")


def test_passages_are_exact_in_the_texts_as_submitted(detector: Detector) -> None:
    detector.put(seed("000"))
    (match,) = detector.check(seed("001")).matches
    characters = {"verbatim": 0, "reworded": 0}
    for passage in match.passages:
        ours = SEEDS["001"][slice(*passage.query)]
        theirs = SEEDS["000"][slice(*passage.candidate)]
        characters[passage.type] += len(ours)
        if passage.type == "verbatim":
            assert _letters(ours) == _letters(theirs)
    assert characters["reworded"] > characters["verbatim"] > 0


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", "no_text"),
        (" \n\t", "no_text"),
        ("\x00\x01", "no_text"),
        ("Three short words", "too_short"),
    ],
)
def test_too_little_text_is_undetermined(detector: Detector, text: str, kind: str) -> None:
    report = detector.put(Article(id="x", text=text)).report
    assert answer(report) == ("undetermined", kind, None)
    assert report.verdict.confidence is None


def test_page_without_text_is_undetermined(detector: Detector) -> None:
    page = Article(id="x", text="<html><body><img src=a></body></html>", media="html")
    assert answer(detector.check(page)) == ("undetermined", "no_text", None)


def test_unusable_articles_are_refused_by_field(detector: Detector) -> None:
    from datetime import datetime

    for article, error, name in (
        (Article(id="", text="x"), BadIdError, "id"),
        (Article(id="x", text="\ud800"), InputError, "text"),
        (Article(id="x", text="x", title="\udfff"), InputError, "title"),
        (Article(id="x", text="x" * 2_000_000), TooLargeError, "text"),
        (Article(id="x", text="x", lang="not a language"), InputError, "lang"),
        (Article(id="x", text="x", published=datetime(2020, 1, 1)), InputError, "published"),  # noqa: DTZ001
    ):
        with pytest.raises(error) as raised:
            detector.put(article)
        assert raised.value.field == name


def test_unknown_article_is_said_to_be_unknown(detector: Detector) -> None:
    for act in (detector.report, detector.stored, detector.delete):
        with pytest.raises(UnknownArticleError):
            act("nobody")


def test_every_reason_is_a_sentence_with_numbers(detector: Detector) -> None:
    detector.put(seed("000"))
    report = detector.put(seed("002")).report
    assert all(reason.endswith(".") for reason in report.verdict.reasons)
    assert any("%" in reason for reason in report.verdict.reasons)


def test_answer_is_the_same_json_for_stored_and_checked(detector: Detector) -> None:
    detector.put(seed("000"))
    checked = to_json(detector.check(seed("002")))
    detector.put(seed("002"))
    assert {**checked, "revision": 1} == to_json(detector.explained("002"))
