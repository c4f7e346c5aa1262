"""All artifact rules in one table, and the function that applies them."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from types import MappingProxyType

from dedup.artifacts import (
    bylines,
    credit_lines,
    damage,
    dates,
    escapes,
    furniture,
    residue,
    revisions,
    translation,
)
from dedup.artifacts.rule import Hit, Rule
from dedup.model import Article, Finding
from dedup.normalize import CleanText

_ALL = (
    # Went through a machine translator.
    Rule(escapes.spaced_numeric_entity, "strong"),
    Rule(escapes.spaced_named_entity, "strong"),
    Rule(escapes.capital_after_broken_entity, "strong"),
    Rule(translation.machine_translation_notice, "strong", "yes"),
    Rule(translation.saved_browser_translation, "strong"),
    Rule(translation.stray_capital, "weak"),
    Rule(residue.widget_banner, "none"),
    # Was scraped.
    Rule(residue.minify_marker, "strong"),
    Rule(residue.feed_tail, "weak"),
    Rule(residue.truncation, "weak"),
    Rule(residue.caption_shortcode, "weak"),
    Rule(residue.script_line, "none"),
    Rule(residue.advertisement_line, "none"),
    # Was damaged on its way.
    Rule(escapes.unspaced_entity, "none"),
    Rule(escapes.double_escape, "none"),
    Rule(damage.mojibake, "none"),
    Rule(damage.zero_width, "none"),
    # Says itself where and when it comes from.
    Rule(credit_lines.agency_credit, "none", "yes"),
    Rule(credit_lines.agency_dateline, "none", "yes"),
    Rule(credit_lines.republication_credit, "none", "yes"),
    Rule(credit_lines.photo_credit, "none", "yes"),
    Rule(dates.dateline_date, "none"),
    # Is no part of the article's prose.
    Rule(bylines.byline, "none", "yes"),
    Rule(bylines.dateline, "none", "yes"),
    Rule(bylines.sign_off, "none", "yes"),
    Rule(furniture.photo_caption, "none", "unless_most"),
    Rule(furniture.related_link, "none", "unless_most"),
    Rule(furniture.call_to_readers, "none", "yes"),
    Rule(furniture.page_control, "none", "yes"),
    Rule(furniture.copyright_notice, "none", "yes"),
    Rule(furniture.version_note, "none", "yes"),
    Rule(revisions.revision_notice, "none", "yes"),
)

RULES: Mapping[str, Rule] = MappingProxyType({rule.name: rule for rule in _ALL})
"""Every artifact rule by name, with its weight."""

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
    findings = [
        _finding(article, clean, rule, hit)
        for rule in RULES.values()
        for hit in islice(rule.find(clean), _MOST_FINDINGS)
    ]
    return tuple(sorted(findings, key=lambda finding: finding.span))


def _finding(article: Article, clean: CleanText, rule: Rule, hit: Hit) -> Finding:
    span = hit.span if hit.in_page else clean.shown_as_submitted(hit.span)
    excerpt = article.text[span.start : min(span.end, span.start + _EXCERPT_LENGTH)]
    return Finding(rule.name, span, excerpt, rule.weight, hit.says, hit.data)
