"""Looking a text over once finds what every rule would find by itself.

What a rule needs is only there to save time. So each rule is also asked where the scan claims
that everything stands everywhere, on its own cases and on texts made of pieces of them; and
each pattern that is tried at some places only, is tried at all of them.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dedup import artifacts
from dedup.artifacts import RULES, Hit, Rule, agencies, bylines, credit_lines
from dedup.artifacts import scan as scan_module
from dedup.artifacts.detect import SCANNER
from dedup.artifacts.line_phrases import Line, LinePhrases, PhraseBook
from dedup.artifacts.scan import Scan, Scanner, Stems, Words
from dedup.artifacts.zones import Anchored, head_and_foot
from dedup.model import Article, Span
from dedup.normalize import CleanText, normalize, read

ROOT = Path(__file__).parents[2]
MODULES = [
    importlib.import_module(f"dedup.artifacts.{found.name}")
    for found in pkgutil.iter_modules(artifacts.__path__)
]
PATTERNS = {
    f"{module.__name__}.{name}": value
    for module in MODULES
    for name, value in vars(module).items()
    if isinstance(value, Anchored)
}
MATCHED = {
    f"{module.__name__}.{name}": value.pattern if isinstance(value, Anchored) else value
    for module in MODULES
    if module is not scan_module
    for name, value in vars(module).items()
    if isinstance(value, Anchored | re.Pattern)
}
# How far around these a rule looks is part of the rule.
LOOKED_AROUND = {
    agencies.LATIN_WORDS,
    agencies.OTHER_WORDS,
    bylines.SIGN_OFF_WORDS,
    credit_lines.CONTRIBUTED,
    credit_lines.REPORTING,
    credit_lines.REPUBLICATION_WORDS,
}


def case_articles() -> Iterator[Article]:
    for path in sorted((ROOT / "tests/cases/artifacts").glob("*.toml")):
        for cases in tomllib.loads(path.read_text(encoding="utf-8")).values():
            for case in cases:
                yield Article("case", case["text"], case.get("media", "text"))


CASES = list(case_articles())
FILLER = "It rained on the harbour, and nobody was surprised.\n" * 25
STRINGS = sorted(
    {string for need in SCANNER.needs if isinstance(need, Words | Stems) for string in need.strings}
)
BEGINNINGS = sorted(
    {
        phrase.begins
        for need in SCANNER.needs
        if isinstance(need, LinePhrases)
        for phrase in need.phrases
    }
)
FRAGMENTS = sorted(
    {
        piece
        for article in CASES
        if article.media == "text"
        for line in article.text.split("\n")
        for piece in (line, line[: len(line) // 2], line[len(line) // 2 :])
        if piece
    }
)
TEXTS = st.lists(
    st.one_of(
        st.sampled_from(FRAGMENTS),
        st.sampled_from(STRINGS),
        st.sampled_from(BEGINNINGS),
        st.sampled_from(["\n", "\n\n", " ", "(", ")", "[", "]", "/", ". ", " - ", "ı", "İ", "ß"]),
        st.just(FILLER),
        st.text(max_size=8),
    ),
    max_size=12,
).flatmap(
    lambda pieces: st.sampled_from(["".join(pieces), "\n".join(pieces), "".join(pieces).title()])
)


def stands_everywhere(clean: CleanText) -> Scan:
    """What a scan would be of a text that had everything everywhere."""
    text = clean.shown
    everywhere = [Span(at, at + 1) for at in range(len(text))]
    words = {
        need: places_of(need, text) if need in LOOKED_AROUND else everywhere
        for need in SCANNER.needs
        if isinstance(need, Words)
    }
    return Scan(clean, head_and_foot(text), words, SCANNER.scan(clean).lines, SCANNER.needs)


def places_of(words: Words, text: str) -> list[Span]:
    places = []
    for string in words.strings:
        at = text.find(string)
        while at >= 0:
            places.append(Span(at, at + len(string)))
            at = text.find(string, at + 1)
    return sorted(places)


def found_by(rule: Rule, scan: Scan) -> list[Hit]:
    return sorted(rule.find(scan), key=lambda hit: hit.span)


def found_after_scan(rule: Rule, clean: CleanText) -> list[Hit]:
    scan = SCANNER.scan(clean)
    return found_by(rule, scan) if rule.may_fire(scan) else []


def test_rules_find_in_the_cases_what_they_find_without_a_scan() -> None:
    for article in CASES:
        check_rules(read(article))


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_rules_find_in_any_text_what_they_find_without_a_scan(text: str) -> None:
    check_rules(normalize(text))


def check_rules(clean: CleanText) -> None:
    everywhere = stands_everywhere(clean)
    for rule in RULES.values():
        assert found_after_scan(rule, clean) == found_by(rule, everywhere), rule.name


@pytest.mark.parametrize("pattern", PATTERNS.values(), ids=PATTERNS)
def test_patterns_match_in_the_cases_only_where_they_are_tried(pattern: Anchored) -> None:
    for article in CASES:
        check_anchors(pattern, article.text)


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_patterns_match_in_any_text_only_where_they_are_tried(text: str) -> None:
    for pattern in PATTERNS.values():
        check_anchors(pattern, text)


def check_anchors(pattern: Anchored, text: str) -> None:
    for zone in (Span(0, len(text)), Span(len(text) // 3, len(text) * 2 // 3)):
        tried = [match.span() for match in pattern.search(text, zone)]
        assert tried == [match.span() for match in pattern.pattern.finditer(text, *zone)]


@pytest.mark.parametrize("pattern", MATCHED.values(), ids=MATCHED)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_nothing_is_lost_that_any_pattern_of_a_rule_matches(
    pattern: re.Pattern[str], data: st.DataObject
) -> None:
    text = data.draw(st.from_regex(pattern))
    check_rules(normalize(text))
    check_rules(normalize(f"{FILLER}{text}\n{text[::-1]}"))
    for anchored in PATTERNS.values():
        check_anchors(anchored, text)


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_words_are_found_wherever_they_stand(text: str) -> None:
    scan = SCANNER.scan(normalize(text))
    for need in SCANNER.needs:
        if isinstance(need, Words):
            assert sorted(scan.places(need)) == places_of(need, text)


def single_phrases() -> list[tuple[LinePhrases, LinePhrases]]:
    """Every phrase as a list of its own, with the list that it is of."""
    return [
        (
            LinePhrases(
                "…".join((phrase.begins, *phrase.follows)) + "$" * phrase.ends,
                phrases.longest,
                torn=phrases.torn,
            ),
            phrases,
        )
        for phrases in SCANNER.needs
        if isinstance(phrases, LinePhrases)
        for phrase in phrases.phrases
    ]


def test_lines_are_found_that_begin_with_any_phrase_of_any_list() -> None:
    text = "\n".join(variant for line in BEGINNINGS for variant in (line, f" • {line.title()} now"))
    found = SCANNER.scan(normalize(text)).lines
    alone: dict[LinePhrases, set[Line]] = defaultdict(set)
    for single, phrases in single_phrases():
        alone[phrases].update(PhraseBook([single]).lines(text).get(single, ()))
    assert {phrases: sorted(lines) for phrases, lines in alone.items() if lines} == found


def test_a_phrase_is_found_with_either_apostrophe() -> None:
    calls = LinePhrases("s'abonner")
    lines = PhraseBook([calls]).lines("S’abonner\nIl neige.\nS'abonner au journal")[calls]
    assert [line.text for line in lines] == ["S’abonner", "S'abonner au journal"]


@pytest.mark.parametrize("i", ["i", "I", "ı", "İ"])
def test_stems_know_what_a_pattern_blind_to_case_takes_for_an_i(i: str) -> None:
    check_rules(normalize(f"An earlier vers{i}on of this article misspelled a name."))
    text = normalize(f"Publ{i}shed: May 3, 2019")
    assert found_after_scan(RULES["dateline_date"], text)


def test_a_text_with_half_a_surrogate_pair_is_looked_over_too() -> None:
    words = Words("Reuters")
    scan = Scanner([words]).scan(CleanText("", (), "\ud83d (Reuters)"))
    assert scan.places(words) == [Span(3, 10)]


def test_stems_are_looked_for_in_folded_case_in_head_and_foot_alone() -> None:
    stems = Stems("strasse")
    far = "It rained.\n" * 200

    def has(text: str) -> bool:
        return stems in Scanner([stems]).scan(normalize(text)).met

    assert has(f"STRAẞE\n{far}")
    assert has(f"{far}Straße")
    assert not has(f"{far}Straße\n{far}")
