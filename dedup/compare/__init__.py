"""Compare two documents: shared runs, aligned sentences, quotations, scores. No judgement."""

from dedup.compare.comparison import Comparison, compare
from dedup.compare.differences import differences
from dedup.compare.profile import Profile, profile
from dedup.compare.quoted import quotations
from dedup.compare.sections import sections
from dedup.compare.sketch import Sketch, sketch

__all__ = [
    "Comparison",
    "Profile",
    "Sketch",
    "compare",
    "differences",
    "profile",
    "quotations",
    "sections",
    "sketch",
]
