"""All artifact rules in one table, and the function that applies them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from types import MappingProxyType

from dedup.artifacts import (
    agencies,
    bylines,
    credit_lines,
    damage,
    dates,
    escapes,
    furniture,
    furniture_phrases,
    residue,
    revisions,
    translation,
)
from dedup.artifacts.rule import Furniture, Hit, Rule
from dedup.artifacts.scan import Need, Scan, Scanner
from dedup.model import Article, Finding, Weight
from dedup.normalize import CleanText


def _rule(
    find: Callable[[Scan], Iterator[Hit]], weight: Weight, *needs: Need, furniture: Furniture = "no"
) -> Rule:
    return Rule(find, weight, furniture, frozenset(needs))


_AGENCIES = (agencies.LATIN_WORDS, agencies.OTHER_WORDS)

# Each with what it cannot fire without, if there is such a thing.
_ALL = (
    # Went through a machine translator.
    _rule(escapes.spaced_numeric_entity, "strong", "entities"),
    _rule(escapes.spaced_named_entity, "strong", "entities"),
    _rule(escapes.capital_after_broken_entity, "strong", "entities"),
    _rule(
        translation.machine_translation_notice,
        "strong",
        translation.NOTICE_STEMS,
        furniture="yes",
    ),
    _rule(translation.saved_browser_translation, "strong"),
    _rule(translation.stray_capital, "weak", translation.CAPITALIZED),
    _rule(residue.widget_banner, "none", "widget_banners"),
    # Was scraped.
    _rule(residue.minify_marker, "strong", residue.MINIFY),
    _rule(residue.feed_tail, "weak", "feed_tails"),
    _rule(residue.truncation, "weak", residue.TRUNCATION_MARKS),
    _rule(residue.caption_shortcode, "weak", "captions"),
    _rule(residue.script_line, "none", "scripts"),
    _rule(residue.advertisement_line, "none", "advertisements"),
    # Was damaged on its way.
    _rule(escapes.unspaced_entity, "none", "entities"),
    _rule(escapes.double_escape, "none", "entities"),
    _rule(damage.mojibake, "none", "encoding"),
    _rule(damage.zero_width, "none", "zero_width", "soft_hyphens"),
    # Says itself where and when it comes from.
    _rule(
        credit_lines.agency_credit,
        "none",
        *_AGENCIES,
        credit_lines.CONTRIBUTED,
        credit_lines.REPORTING,
        furniture="yes",
    ),
    _rule(credit_lines.agency_dateline, "none", *_AGENCIES, furniture="yes"),
    _rule(
        credit_lines.republication_credit,
        "none",
        credit_lines.REPUBLICATION_WORDS,
        furniture="yes",
    ),
    _rule(credit_lines.photo_credit, "none", credit_lines.PICTURE_SIGNS, furniture="yes"),
    _rule(dates.dateline_date, "none", dates.LABEL_STEMS),
    # Is no part of the article's prose.
    _rule(bylines.byline, "none", furniture="yes"),
    _rule(bylines.dateline, "none", bylines.DASHES, bylines.OTHER_DESKS, furniture="yes"),
    _rule(bylines.sign_off, "none", bylines.SIGN_OFF_WORDS, furniture="yes"),
    _rule(furniture.photo_caption, "none", furniture.CAPTION_WORDS, furniture="unless_most"),
    _rule(
        furniture.related_link,
        "none",
        furniture.CLOSING_BRACKET,
        furniture_phrases.RELATED,
        furniture_phrases.RELATED_HEADINGS,
        furniture="unless_most",
    ),
    _rule(furniture.call_to_readers, "none", furniture_phrases.CALLS, furniture="yes"),
    _rule(furniture.page_control, "none", furniture_phrases.CONTROLS, furniture="yes"),
    _rule(furniture.copyright_notice, "none", furniture_phrases.COPYRIGHTS, furniture="yes"),
    _rule(
        furniture.version_note,
        "none",
        furniture.HALF_DAY,
        furniture_phrases.STAMPS,
        furniture_phrases.VERSIONS,
        furniture="yes",
    ),
    _rule(
        revisions.revision_notice,
        "none",
        revisions.BRACKETS,
        revisions.MARKS,
        revisions.LINE_STEMS,
        furniture="yes",
    ),
)

RULES: Mapping[str, Rule] = MappingProxyType({rule.name: rule for rule in _ALL})
"""Every artifact rule by name, with its weight."""

SCANNER = Scanner([*(need for rule in _ALL for need in rule.needs), bylines.BYLINE_WORDS])
"""Looks for all that any of them needs."""

# A page of nothing but entities would otherwise give as many findings as it has characters.
_MOST_FINDINGS = 20  # per rule; the first ones are reported
_EXCERPT_LENGTH = 120  # characters


def detect(article: Article, clean: CleanText) -> tuple[Finding, ...]:
    """What the artifact rules see in one article.

    Args:
        article: As submitted.
        clean: What ``dedup.normalize.read`` made of it.

    Returns:
        Findings in the order of the text as submitted; at most 20 per rule.
    """
    scan = SCANNER.scan(clean)
    findings = [
        _finding(article, clean, rule, hit)
        for rule in _ALL
        if rule.may_fire(scan)
        for hit in islice(rule.find(scan), _MOST_FINDINGS)
    ]
    return tuple(sorted(findings, key=lambda finding: finding.span))


def _finding(article: Article, clean: CleanText, rule: Rule, hit: Hit) -> Finding:
    span = hit.span if hit.in_page else clean.shown_as_submitted(hit.span)
    excerpt = article.text[span.start : min(span.end, span.start + _EXCERPT_LENGTH)]
    return Finding(rule.name, span, excerpt, rule.weight, hit.says, hit.data)
