"""Each artifact rule against its cases: it fires, it stays silent, it is known to fail.

The cases are data, one file a rule, in ``cases/artifacts``. A case that is known to fail says
what would be right (``wanted``); an accidental cure fails the suite, so that it is noticed.
"""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.artifacts import RULES, detect, title_revises
from dedup.model import Article
from dedup.normalize import read

ROOT = Path(__file__).parents[2]
CASES = {
    path.stem: tomllib.loads(path.read_text(encoding="utf-8"))
    for path in sorted((ROOT / "tests/cases/artifacts").glob("*.toml"))
}
FAR = "It rained on the harbour.\n" * 80  # more than head or foot


def findings(case):
    text = FAR + case["text"] + "\n" + FAR if case.get("amid") else case["text"]
    article = Article("case", text, case.get("media", "text"))
    return [(text, finding) for finding in detect(article, read(article))]


def cases(kind):
    return [
        pytest.param(rule, case, id=f"{rule}: {case['label']}")
        for rule, lists in CASES.items()
        for case in lists[kind]
    ]


@pytest.mark.parametrize(("rule", "case"), cases("fires"))
def test_rule_fires(rule, case):
    hits = [(text, finding) for text, finding in findings(case) if finding.rule == rule]
    assert hits, case["comment"]
    text, first = hits[0]
    assert first.weight == RULES[rule].weight
    assert text[slice(*first.span)].startswith(first.excerpt)
    if "at" in case:
        assert text[slice(*first.span)] == case["at"]
    for key, value in case.get("data", {}).items():
        assert first.data[key] == value


@pytest.mark.parametrize(("rule", "case"), cases("silent"))
def test_rule_stays_silent(rule, case):
    assert rule not in {finding.rule for _, finding in findings(case)}, case["comment"]


@pytest.mark.xfail
@pytest.mark.parametrize(("rule", "case"), cases("known_to_fail"))
def test_rule_is_known_to_fail(rule, case):
    fired = rule in {finding.rule for _, finding in findings(case)}
    assert fired == (case["wanted"] == "fires")


def test_every_rule_has_cases_and_every_case_file_a_rule():
    assert set(CASES) == set(RULES)
    for rule, lists in CASES.items():
        assert set(lists) == {"fires", "silent", "known_to_fail"}, rule


@pytest.mark.parametrize("rule", RULES.values(), ids=RULES)
def test_rule_is_documented(rule):
    assert len(rule.doc.splitlines()) >= 3
    headline = rule.doc.splitlines()[0].replace("``", "`")
    page = (ROOT / "docs/artifacts.md").read_text(encoding="utf-8")
    assert f"### `{rule.name}`\n\nWeight: **{rule.weight}**. {headline}" in page
    assert f"| `{rule.name}` | {rule.weight} |" in page


@pytest.mark.parametrize(
    ("seed", "expected"),
    [
        ("000", set()),
        (
            "001",
            {"dateline_date", "minify_marker", "stray_capital", "spaced_numeric_entity"},
        ),
        ("002", {"dateline_date", "photo_credit", "photo_caption", "agency_credit"}),
        (
            "003",
            {"dateline_date", "version_note", "agency_credit", "dateline", "related_link"}
            | {"photo_credit", "photo_caption"},
        ),
        ("004", {"photo_credit", "widget_banner"}),
    ],
)
def test_seed_shows_its_history(seed, expected):
    path = next((ROOT / "seeds").glob(f"{seed}_*.txt"))
    article = Article(seed, path.read_text(encoding="utf-8"))
    assert {finding.rule for finding in detect(article, read(article))} == expected


@pytest.mark.parametrize(
    ("title", "revises"),
    [
        ("UPDATE 2-Harbour closes", "updates"),
        ("Update: Harbour closes", "updates"),
        ("CORRECTED-UPDATE 1-Harbour closes", "corrects"),
        ("REFILE-Harbour closes", "corrects"),
        ("Correction: Harbour story", "corrects"),
        ("RPT-Harbour closes", "repeats"),
        ("WDH/Hafen gesperrt", "repeats"),
        ("KORREKTUR: Hafen gesperrt", "corrects"),
        ("Update on the harbour", None),
        ("Corrections officers strike", None),
        ("Repeat offenders – a study", None),
        ("", None),
    ],
)
def test_title_says_whether_the_text_is_a_new_version(title, revises):
    assert title_revises(title) == revises


def test_findings_are_in_text_order_and_at_most_twenty_per_rule():
    article = Article("x", "It is & # 39; torn.&quot; " * 1_000)
    found = detect(article, read(article))
    assert [f.span for f in found] == sorted(f.span for f in found)
    assert len([f for f in found if f.rule == "spaced_numeric_entity"]) == 20


@settings(deadline=None)  # a shared machine stalls
@given(st.text(), st.sampled_from(["text", "html"]))
def test_no_text_is_too_odd_to_be_looked_at(text, media):
    article = Article("x", text, media)
    for finding in detect(article, read(article)):
        assert 0 <= finding.span.start <= finding.span.end <= len(text)


@pytest.mark.parametrize(
    "text",
    [
        "(Photo: " * 20_000,
        "(Reuters " * 20_000,
        "/AP " * 30_000,
        "with input from " * 10_000,
        "Reuters, " * 20_000,
        "Reporting by " * 10_000,
        "This story first appeared in " * 5_000,
        "This article was translated " * 5_000,
        "Published: " * 10_000,
        "Updated 11:01, " * 10_000,
        "<font style='vertical-align: inherit'" * 3_000,
        "<html " * 20_000,
        "and It has " * 10_000,
        "... [" * 20_000,
        "& # 39; S" * 10_000,
        "By Jane Doe, " * 10_000,
        "By JANE DOE\n" * 10_000,
        "WASHINGTON, " * 10_000,
        "Washington, Nov 3 (" * 10_000,
        "Jane Roe contributed to this " * 5_000,
        "(Reporting by Jane Roe" * 8_000,
        "Photo: Jane " * 10_000,
        "In this Jan. 5 photo, (Photo\n" * 8_000,
        "[A title in brackets " * 10_000,
        "[A title\n" * 20_000,
        "Related stories\n" * 10_000,
        "Follow Jane on " * 10_000,
        "Share\n" * 20_000,
        "© 2016 " * 20_000,
        "7:45 p.m.: This " * 10_000,
    ],
    ids=lambda text: text[:24],
)
@pytest.mark.parametrize("media", ["text", "html"])
def test_no_text_is_hard_to_look_at(text, media):
    """Each rule is linear; a quadratic one would take minutes here and hang the suite."""
    article = Article("x", text, media)
    detect(article, read(article))
