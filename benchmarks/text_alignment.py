"""The official measure of PAN's text alignment task.

Potthast, Stein, Barrón-Cedeño and Rosso, "An Evaluation Framework for Plagiarism Detection"
(COLING 2010), equations 1-4: a case and a detection are sets of characters of two documents.
A detection detects a case if they share characters in both documents.

- **precision**: mean over detections of the share of their characters that stand in cases
  they detect;
- **recall**: mean over cases of the share of their characters that stand in detections of them;
- **granularity**: mean number of detections of a case that is detected at all, 1 at best;
- **plagdet**: harmonic mean of precision and recall, over log2(1 + granularity).

Every case and every detection counts alike, however long it is (macro average).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from math import log2
from typing import NamedTuple

from dedup.model import Span


class Located(NamedTuple):
    """A shared passage: a case that is marked, or a detection.

    Attributes:
        query: Id of one document.
        candidate: Id of the other, its source.
        query_span: Where in the one.
        candidate_span: Where in the other.
    """

    query: str
    candidate: str
    query_span: Span
    candidate_span: Span

    @property
    def size(self) -> int:
        """Characters in both documents."""
        return _length(self.query_span) + _length(self.candidate_span)


@dataclass(frozen=True, slots=True)
class Quality:
    """What the measure says; precision, recall and plagdet in [0, 1], granularity from 1."""

    precision: float
    recall: float
    granularity: float

    @property
    def plagdet(self) -> float:
        """The one number that participants are ranked by."""
        if not self.precision or not self.recall:
            return 0.0
        harmonic = 2 * self.precision * self.recall / (self.precision + self.recall)
        return harmonic / log2(1 + self.granularity)


def measure(cases: Sequence[Located], detections: Sequence[Located]) -> Quality:
    """Hold detections against cases, of any number of pairs of documents.

    Nothing marked and nothing detected is a perfect answer. Where only one of the two is
    empty, both precision and recall are 0.
    """
    if not cases and not detections:
        return Quality(1.0, 1.0, 1.0)
    detecting = _detecting(cases, detections)
    detected: dict[int, list[int]] = defaultdict(list)
    for case, found in detecting.items():
        for detection in found:
            detected[detection].append(case)
    covered = (
        _covered(detections[at], [cases[case] for case in of]) for at, of in detected.items()
    )
    recalled = (
        _covered(cases[at], [detections[detection] for detection in by])
        for at, by in detecting.items()
    )
    return Quality(
        precision=sum(covered) / max(len(detections), 1),
        recall=sum(recalled) / max(len(cases), 1),
        granularity=sum(map(len, detecting.values())) / len(detecting) if detecting else 1.0,
    )


def _detecting(cases: Sequence[Located], detections: Sequence[Located]) -> dict[int, list[int]]:
    """Number of each case that is detected -> numbers of the detections that detect it."""
    of_pair: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, detection in enumerate(detections):
        of_pair[detection[:2]].append(number)
    found = {
        number: [
            other
            for other in of_pair[case[:2]]
            if _shared(case.query_span, detections[other].query_span)
            and _shared(case.candidate_span, detections[other].candidate_span)
        ]
        for number, case in enumerate(cases)
    }
    return {case: by for case, by in found.items() if by}


def _covered(one: Located, others: Sequence[Located]) -> float:
    """Share of the characters of one that the others hold, each character counted once."""
    held = _union(one.query_span, [other.query_span for other in others])
    held += _union(one.candidate_span, [other.candidate_span for other in others])
    return held / one.size


def _union(span: Span, others: Sequence[Span]) -> int:
    """Characters of a span that at least one of the others holds."""
    return len(set(chain.from_iterable(range(*_within(span, other)) for other in others)))


def _shared(one: Span, other: Span) -> int:
    return _length(_within(one, other))


def _within(one: Span, other: Span) -> Span:
    start = max(one.start, other.start)
    return Span(start, max(start, min(one.end, other.end)))


def _length(span: Span) -> int:
    return span.end - span.start
