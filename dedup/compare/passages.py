"""Shared passages: what to show of a comparison, in places of the texts as submitted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.compare.comparison import Comparison, in_runs
from dedup.compare.profile import Profile
from dedup.model import Passage, PassageType, Span

MOSTLY: Final = 0.5
"""Share of a sentence's words in exact runs from which those runs show it well enough."""

MIN_IDENTITY: Final = 0.25
"""Identity below which an aligned sentence is not shown: it is on the same fact, in words
that have nothing but names in common."""


class _Stretch(NamedTuple):
    """Words ``[start, end)`` of the query that answer to ``[start, end)`` of the candidate."""

    start: int
    end: int
    candidate_start: int
    candidate_end: int
    type: PassageType


def passages(comparison: Comparison) -> tuple[Passage, ...]:
    """Verbatim runs, and the aligned sentences that are reworded, in the query's order."""
    stretches = sorted([*_verbatim(comparison), *_joined(_reworded(comparison))])
    return tuple(_passage(comparison, stretch) for stretch in stretches)


def _verbatim(comparison: Comparison) -> Iterator[_Stretch]:
    for run in comparison.runs:
        yield _Stretch(
            run.query,
            run.query + run.length,
            run.candidate,
            run.candidate + run.length,
            "verbatim",
        )


def _reworded(comparison: Comparison) -> Iterator[_Stretch]:
    query, candidate = comparison.query, comparison.candidate
    covered = in_runs(query, comparison.runs)
    kind: PassageType = (
        "reworded"
        if query.document.language.code == candidate.document.language.code
        else "translated"
    )
    for i, pair in sorted(comparison.alignment.best.items()):
        start, end = int(query.bounds[i]), int(query.bounds[i + 1])
        if pair.identity < MIN_IDENTITY or covered[start:end].mean() >= MOSTLY:
            continue
        j = pair.candidate
        yield _Stretch(start, end, int(candidate.bounds[j]), int(candidate.bounds[j + 1]), kind)


def _joined(stretches: Iterable[_Stretch]) -> Iterator[_Stretch]:
    """Join sentences that were merged into one, or one that was split: they tell together."""
    last: _Stretch | None = None
    for stretch in stretches:
        if last is not None and last.end == stretch.start and last[2:4] == stretch[2:4]:
            last = last._replace(end=stretch.end)
            continue
        if last is not None:
            yield last
        last = stretch
    if last is not None:
        yield last


def _passage(comparison: Comparison, stretch: _Stretch) -> Passage:
    query, candidate = comparison.query, comparison.candidate
    return Passage(
        query=submitted(query, stretch.start, stretch.end),
        candidate=submitted(candidate, stretch.candidate_start, stretch.candidate_end),
        type=stretch.type,
        quotation=_is_quotation(query.quoted[stretch.start : stretch.end]),
    )


def submitted(document: Profile, start: int, end: int) -> Span:
    """Where the words ``[start, end)`` of a document stand in its text as submitted."""
    tokens = document.document.tokens
    span = Span(int(tokens.starts[start]), int(tokens.ends[end - 1]))
    return document.document.clean.submitted(span)


def _is_quotation(quoted: NDArray[np.bool_]) -> bool:
    return bool(quoted.mean() >= MOSTLY)
