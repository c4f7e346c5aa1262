"""What one article is to another: relation, kind, direction, passages, reasons."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

import numpy as np

from dedup.compare import Comparison
from dedup.compare.passages import passages
from dedup.document import Document
from dedup.judge.direction import Side, direction
from dedup.judge.features import features
from dedup.judge.model import CLASSES, relation_model
from dedup.judge.reasons import reasons
from dedup.model import Article, ArticleRef, Match, Relation

STORY_CONTENT: Final = 0.12
"""Content resemblance from which two independent articles are on the same story. Measured:
90 % of same-event pairs of different outlets lie above .11, 90 % of unrelated ones below .14
(DESIGN 2.3); a shared passage or quotation also tells."""

STORY_ALIGNED: Final = 0.08
"""Share of either text in aligned sentences without which there is no common story: a
sentence or two of an average article."""

NEARLY_ALL: Final = 0.85
"""Share of an article that another has, from which it has "all" of it."""

PART: Final = 0.75
"""Share of an article that another has, up to which that one is an excerpt."""


def relate(
    comparison: Comparison, query_side: Side | None = None, candidate_side: Side | None = None
) -> Match:
    """Judge a pair; the answer about either agrees with the answer about the other.

    Args:
        comparison: The pair; the match is seen from its query.
        query_side: When the query reached the index; None if it is not stored.
        candidate_side: Likewise; with neither, dates and texts alone give the direction.
    """
    query, candidate = comparison.query.document, comparison.candidate.document
    values = features(comparison)
    relation, confidence = _relation(comparison, values)
    way, why = direction(query, candidate, relation, query_side, candidate_side)
    return Match(
        other=reference(candidate.article, candidate_side),
        relation=relation,
        kind=_kind(comparison, relation),
        confidence=confidence,
        direction=way,
        direction_reason=why,
        scores=comparison.scores,
        scores_unquoted=comparison.scores_unquoted,
        quotes=comparison.quotes,
        passages=passages(comparison),
        reasons=reasons(comparison, relation),
    )


def reference(article: Article, side: Side | None = None) -> ArticleRef:
    """An article by name."""
    return ArticleRef(
        id=article.id,
        title=article.title,
        url=article.url,
        source=article.source,
        published=article.published,
        received=side.received if side else None,
    )


def _relation(comparison: Comparison, values: dict[str, float]) -> tuple[Relation, float]:
    """The most probable relation; independent texts are on one story or unrelated."""
    row = np.array([list(values.values())])
    probabilities = dict(zip(CLASSES, relation_model().probabilities(row)[0].tolist(), strict=True))
    best = max(CLASSES, key=probabilities.__getitem__)
    if best != "independent":
        return best, probabilities[best]
    return "same_story" if _same_story(comparison, values) else "unrelated", probabilities[best]


def _same_story(comparison: Comparison, values: dict[str, float]) -> bool:
    if values["aligned_high"] < STORY_ALIGNED:
        return False
    return bool(comparison.runs) or values["content_resemblance"] >= STORY_CONTENT


def _kind(comparison: Comparison, relation: Relation) -> str | None:
    query, candidate = comparison.query.document, comparison.candidate.document
    if relation == "retranslation":
        same = query.language.code == candidate.language.code
        return "same_language" if same else "cross_language"
    return _copy_kind(comparison) if relation == "copy" else None


def _copy_kind(comparison: Comparison) -> str:
    query, candidate = comparison.query.document, comparison.candidate.document
    if np.array_equal(comparison.query.words, comparison.candidate.words):
        return "exact"
    if _same_outlet(query, candidate):
        return "revision"
    held, holds = comparison.scores.aligned, comparison.mirrored.scores.aligned
    if held >= NEARLY_ALL and holds <= PART:
        return "excerpt"
    if holds >= NEARLY_ALL and held <= PART:
        return "extended"
    return "edited"


def _same_outlet(query: Document, candidate: Document) -> bool:
    """The same publisher by name, or the same host in the addresses."""
    one, other = query.article, candidate.article
    if one.source and other.source:
        return one.source.strip().casefold() == other.source.strip().casefold()
    if one.url and other.url:
        return _host(one.url) == _host(other.url) != ""
    return False


def _host(url: str) -> str:
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:  # "http://[" is no address; nothing can be said of its host
        return ""
    return host.removeprefix("www.")
