"""What one article is to another: relation, kind, direction, passages, reasons."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from dedup.compare import Comparison
from dedup.compare.passages import passages
from dedup.config import Limits
from dedup.judge.direction import Side, direction, known_since
from dedup.judge.features import LazyFeatures, features
from dedup.judge.model import CLASSES, DOUBT, relation_model
from dedup.judge.reasons import reasons
from dedup.judge.versions import one_revises, same_outlet
from dedup.model import Article, ArticleRef, Match, Relation, Scores

STORY_CONTENT: Final = 0.12
"""Content resemblance from which two independent articles are on the same story. Measured:
90 % of same-event pairs of different outlets lie above .11, 90 % of unrelated ones below .14;
a shared passage or quotation also tells."""

STORY_ALIGNED: Final = 0.08
"""Share of either text in aligned sentences without which there is no common story: a
sentence or two of an average article."""

SUREST: Final = 1 - DOUBT + DOUBT / len(CLASSES)
"""Confidence that two texts of the same words are a copy: the most that the tables give."""

DEFAULT_LIMITS: Final = Limits()

NEARLY_ALL: Final = 0.9
"""Share of an article in aligned sentences from which it stands in the other one, and below
which it holds more: a credit line or a caption is no extension, a tenth of the text is."""


KEPT: Final = 0.85
"""Share of its words that stand in the other one, in order, without which an article was edited
and not only cut. Of pairs of newswire read, a third of those below were rewritten updates."""


@dataclass(frozen=True, slots=True)
class Judged:
    """What two articles are to each other, from whichever side it is seen.

    Attributes:
        relation: Of the two.
        confidence: Probability of the relation; None if it cannot be told.
        values: The features that it was judged by, made when they are asked for where the same
            words decided; none if it cannot be told.
    """

    relation: Relation
    confidence: float | None
    values: Mapping[str, float]


def relate(
    comparison: Comparison,
    query_side: Side | None = None,
    candidate_side: Side | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> Match:
    """Judge a pair; the answer about either agrees with the answer about the other.

    Args:
        comparison: The pair; the match is seen from its query.
        query_side: When the query reached the index; None if there is no index.
        candidate_side: Likewise; with neither, dates and texts alone give the direction.
        limits: What cannot be judged.
    """
    return seen(comparison, judge(comparison, limits), query_side, candidate_side)


def seen(
    comparison: Comparison, judged: Judged, query_side: Side | None, candidate_side: Side | None
) -> Match:
    """The match of a pair that has been judged, seen from the query of the comparison."""
    candidate = comparison.candidate.document
    way = direction(comparison, judged.relation, query_side, candidate_side)
    return Match(
        other=reference(candidate.article),
        relation=judged.relation,
        kind=_kind(comparison, judged.relation),
        confidence=judged.confidence,
        direction=way.direction,
        direction_reason=way.reason,
        direction_confidence=way.confidence,
        since=known_since(candidate, candidate_side),
        arrived=candidate_side.received if candidate_side else None,
        place=candidate_side.number if candidate_side and candidate_side.is_in_archive else None,
        scores=comparison.scores,
        scores_unquoted=comparison.scores_unquoted,
        quotes=comparison.quotes,
        passages=passages(comparison),
        reasons=reasons(comparison, judged.relation, judged.values),
    )


def reference(article: Article) -> ArticleRef:
    """An article by name."""
    return ArticleRef(
        id=article.id,
        title=article.title,
        url=article.url,
        source=article.source,
        published=article.published,
    )


def judge(comparison: Comparison, limits: Limits) -> Judged:
    """What two articles are to each other, from what their texts share.

    The same words are a copy, even a speech that two print in full; the tables know words
    between quotation marks as what others have too. Else it is the most probable relation;
    independent texts are on one story or unrelated.
    """
    if min(comparison.query.n_words, comparison.candidate.n_words) < limits.min_words:
        return Judged("undetermined", None, {})
    if comparison.has_same_words:
        return Judged("copy", SUREST, LazyFeatures(comparison))
    values = features(comparison)
    probabilities = relation_model(common_language(comparison)).of_pair(values)
    best = max(CLASSES, key=probabilities.__getitem__)
    if best != "independent":
        return Judged(best, probabilities[best], values)
    related = _same_story(comparison, values)
    return Judged("same_story" if related else "unrelated", probabilities[best], values)


def common_language(comparison: Comparison) -> str:
    """The code of the language that both texts are in; empty if they are in two."""
    return comparison.query.document.language.code if comparison.is_in_one_language else ""


def _same_story(comparison: Comparison, values: dict[str, float]) -> bool:
    if values["aligned_high"] < STORY_ALIGNED:
        return False
    return bool(comparison.runs) or values["content_resemblance"] >= STORY_CONTENT


def _kind(comparison: Comparison, relation: Relation) -> str | None:
    if relation == "retranslation":
        return "same_language" if comparison.is_in_one_language else "cross_language"
    return _copy_kind(comparison) if relation == "copy" else None


def _copy_kind(comparison: Comparison) -> str:
    query, candidate = comparison.query.document, comparison.candidate.document
    if comparison.has_same_words:
        return "exact"
    if same_outlet(query, candidate) or one_revises(query, candidate):
        return "revision"
    ours, theirs = comparison.scores, comparison.mirrored.scores
    lengths = comparison.query.n_words, comparison.candidate.n_words
    if min(lengths) >= NEARLY_ALL * max(lengths):
        # A sentence without a counterpart was then put in the place of another one.
        return "edited"
    if _stands_in_other(ours) and theirs.aligned < NEARLY_ALL:
        return "excerpt"
    if _stands_in_other(theirs) and ours.aligned < NEARLY_ALL:
        return "extended"
    return "edited"


def _stands_in_other(scores: Scores) -> bool:
    return scores.aligned >= NEARLY_ALL and scores.aligned * scores.identity >= KEPT
