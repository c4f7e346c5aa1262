"""Reasons: sentences with the numbers compared. They hold no word of either text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from dedup.compare import Comparison
from dedup.judge.features import FEATURES
from dedup.judge.model import shares_only_a_passage
from dedup.model import QuoteCounts, Relation, Scores


def reasons(
    comparison: Comparison, relation: Relation, values: Mapping[str, float]
) -> tuple[str, ...]:
    """Why the pair is what it is said to be, most telling first.

    Args:
        comparison: The pair, seen from its query.
        relation: What is said of it.
        values: The features it was judged by; none are needed for ``undetermined``.
    """
    if relation == "undetermined":
        shorter = min(comparison.query.n_words, comparison.candidate.n_words)
        return (f"One of the two has {count(shorter, 'word')}, too few to tell from.",)
    return tuple(
        sentence
        for part in (
            _overlap(comparison),
            _passage(values),
            _wording(comparison),
            _translation(relation, values),
            _quotations(comparison.quotes),
            _outside_quotations(comparison.scores_unquoted, relation),
        )
        for sentence in part
    )


def _overlap(comparison: Comparison) -> Iterator[str]:
    scores, mirrored = comparison.scores, comparison.mirrored.scores
    if not scores.aligned:
        yield "No sentence of this article has a counterpart in the other one."
        return
    order = "in the same order" if scores.order >= 0.9 else "partly in another order"
    yield (
        f"{_percent(scores.aligned)} of this article stands in sentences that have a counterpart "
        f"in the other one, which has {_percent(mirrored.aligned)} of its text in such "
        f"sentences, {order} ({scores.order:.2f})."
    )


def _wording(comparison: Comparison) -> Iterator[str]:
    scores = comparison.scores
    if not scores.aligned:
        return
    yield (
        f"Inside aligned sentences {_percent(scores.identity)} of the words are the same; "
        f"{_percent(scores.verbatim)} of all words stand in exact runs of eight or more."
    )


def _passage(values: Mapping[str, float]) -> Iterator[str]:
    row = np.array([[values[name] for name in FEATURES]])
    if shares_only_a_passage(row)[0]:
        words = round(np.expm1(values["passage_words"]))
        yield f"Little else is shared, so it is judged by a passage of {words} words."


def _translation(relation: Relation, values: Mapping[str, float]) -> Iterator[str]:
    if relation != "retranslation":
        return
    yield (
        f"{_percent(values['figures_kept'])} of the figures and "
        f"{_percent(values['names_kept'])} of the rare words in aligned sentences are kept, while "
        f"{_percent(1 - values['identity'])} of the words are others: a translator keeps names "
        "and numbers. Two human translations of one text look alike and cannot be told apart "
        "from machine translation."
    )


def _quotations(quotes: QuoteCounts) -> Iterator[str]:
    if quotes.total:
        yield (
            f"Of {count(quotes.total, 'quotation')} {quotes.shared} "
            f"{'is' if quotes.shared == 1 else 'are'} kept word for word, "
            f"{quotes.reworded} reworded."
        )


def _outside_quotations(scores: Scores, relation: Relation) -> Iterator[str]:
    if relation in ("derived", "same_story"):
        yield (
            f"Outside quotations {_percent(scores.verbatim)} of the words stand in exact runs "
            f"and {_percent(scores.aligned)} in aligned sentences."
        )


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def count(number: int, noun: str) -> str:
    """A number of things: ``1 word``, ``2 words``."""
    return f"{number} {noun}{'' if number == 1 else 's'}"
