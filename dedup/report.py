"""The one JSON shape of an answer: for the service, the command line and the tests.

Every field is described in ``docs/verdicts.md``. Keys are always present; what is not
known is ``null``, what was not found is an empty list. Shares and confidences are
rounded to four decimals, so that equal answers are equal texts.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime

from dedup.model import (
    ArticleRef,
    Change,
    Credit,
    Differences,
    Finding,
    Match,
    Passage,
    QuotationMatch,
    Report,
    Scores,
    Section,
)

Json = dict[str, object]

DECIMALS = 4


def to_json(report: Report) -> Json:
    """The answer about one article, as JSON values.

    Returns:
        A dict of str, int, float, bool, None, lists and dicts: ``json.dumps`` takes it.
    """
    verdict = report.verdict
    return {
        "id": report.article.id,
        "verdict": verdict.verdict,
        "kind": verdict.kind,
        "confidence": rounded(verdict.confidence),
        "likely": verdict.likely,
        "source": None if verdict.source is None else reference_to_json(verdict.source),
        "reasons": list(verdict.reasons),
        "origin": None if report.origin is None else reference_to_json(report.origin),
        "matches": [match_to_json(match) for match in report.matches],
        "matches_complete": report.matches_complete,
        "credits": [credit_to_json(credit) for credit in report.credits],
        "artifacts": [finding_to_json(finding) for finding in report.artifacts],
        "language": {
            "code": report.language.code,
            "confidence": rounded(report.language.confidence),
            "by": report.language.by,
        },
        "words": report.words,
        "revision": report.revision,
        "expires": None if report.expires is None else time_to_json(report.expires),
    }


def match_to_json(match: Match) -> Json:
    """How the article asked about relates to one other article."""
    return {
        **reference_to_json(match.other),
        "removed": match.removed,
        "expired": match.expired,
        "relation": match.relation,
        "kind": match.kind,
        "confidence": rounded(match.confidence),
        "direction": match.direction,
        "direction_reason": match.direction_reason,
        "direction_confidence": rounded(match.direction_confidence),
        "scores": _scores(match.scores),
        "scores_without_quotations": _scores(match.scores_unquoted),
        "quotes": asdict(match.quotes),
        "quotations": (
            None
            if match.quotations is None
            else [_quotation(quotation) for quotation in match.quotations]
        ),
        "passages": [_passage(passage) for passage in match.passages],
        "sections": (
            None if match.sections is None else [_section(section) for section in match.sections]
        ),
        "differences": None if match.differences is None else _differences(match.differences),
        "reasons": list(match.reasons),
    }


def reference_to_json(reference: ArticleRef) -> Json:
    """An article by name."""
    return {
        "id": reference.id,
        "title": reference.title,
        "url": reference.url,
        "source": reference.source,
        "published": None if reference.published is None else time_to_json(reference.published),
    }


def finding_to_json(finding: Finding) -> Json:
    """What one artifact rule saw; ``span`` points into the text as submitted."""
    return {
        "rule": finding.rule,
        "span": list(finding.span),
        "excerpt": finding.excerpt,
        "weight": finding.weight,
        "says": finding.says,
        "data": dict(finding.data),
    }


def credit_to_json(credit: Credit) -> Json:
    """Whom the text names as its source; ``span`` points into the text as submitted."""
    return {
        "name": credit.name,
        "gives": credit.gives,
        "span": list(credit.span),
        "excerpt": credit.excerpt,
    }


def time_to_json(time: datetime) -> str:
    """RFC 3339 in UTC, to the second: ``2020-02-09T10:47:48Z``."""
    return time.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _scores(scores: Scores) -> Json:
    return {name: rounded(value) for name, value in scores._asdict().items()}


def _quotation(quotation: QuotationMatch) -> Json:
    return {
        "query": list(quotation.query),
        "candidate": None if quotation.candidate is None else list(quotation.candidate),
        "status": quotation.status,
        "identity": rounded(quotation.identity),
        "speaker": quotation.speaker,
        "role": quotation.role,
    }


def _passage(passage: Passage) -> Json:
    return {
        "query": list(passage.query),
        "candidate": list(passage.candidate),
        "type": passage.type,
        "quotation": passage.quotation,
    }


def _section(section: Section) -> Json:
    return {
        "query": list(section.query),
        "candidate": list(section.candidate),
        "words": section.words,
        "verbatim": rounded(section.verbatim),
    }


def _differences(differences: Differences) -> Json:
    return {
        "numbers": [_change(change) for change in differences.numbers],
        "names": [_change(change) for change in differences.names],
        "substitutions": [asdict(pair) for pair in differences.substitutions],
        "forms": [asdict(pair) for pair in differences.forms],
        "kept": {
            "names": asdict(differences.kept_names),
            "numbers": asdict(differences.kept_numbers),
            "content_words": asdict(differences.content_words),
            "function_words": asdict(differences.function_words),
        },
        "only_query": [list(span) for span in differences.only_query],
        "only_candidate": [list(span) for span in differences.only_candidate],
    }


def _change(change: Change) -> Json:
    return {
        "query": list(change.query),
        "candidate": list(change.candidate),
        "query_text": change.query_text,
        "candidate_text": change.candidate_text,
    }


def rounded(value: float | None) -> float | None:
    """A share or a confidence as it is shown."""
    return None if value is None else round(value, DECIMALS)
