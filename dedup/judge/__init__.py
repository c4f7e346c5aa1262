"""The judge: from what two texts share to what is said of them."""

from dedup.judge.beside import Beside
from dedup.judge.composite import Part, may_be_composite, parts
from dedup.judge.direction import LATEST, Side
from dedup.judge.relate import Judged, judge, reference, relate, seen
from dedup.judge.sieve import is_hardly_aligned, is_plainly_unrelated
from dedup.judge.verdict import SECOND_HAND, decide, goes_back, going_back, is_likely, telling

__all__ = [
    "LATEST",
    "SECOND_HAND",
    "Beside",
    "Judged",
    "Part",
    "Side",
    "decide",
    "goes_back",
    "going_back",
    "is_hardly_aligned",
    "is_likely",
    "is_plainly_unrelated",
    "judge",
    "may_be_composite",
    "parts",
    "reference",
    "relate",
    "seen",
    "telling",
]
