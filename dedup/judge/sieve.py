"""Which candidates need no judge: tests that cost little and rule out what is plainly unrelated.

An index proposes some twenty articles, of which one in ten is related. The first test looks
at the sketches of both texts alone, so that most candidates are never read; the second at
their alignment, before any score is made of it. Neither may rule out what the judge would
call anything but unrelated; what they cost there is measured by ``benchmarks/sieve.py``.
"""

from __future__ import annotations

from typing import Final

from dedup.compare import Comparison, Sketch
from dedup.compare.sketch import may_share_a_run, shared_content
from dedup.judge.features import shared_passage
from dedup.judge.model import OWN_TABLES, PASSAGE_WORDS
from dedup.judge.relate import STORY_ALIGNED, common_language

MIN_CONTAINMENT: Final = 0.16
"""Share of the smaller text's content that two related texts of one language have in common at
least, if they have no exact run in common. Of labelled pairs that the judge calls related all
but one in Urdu have more, the least .176, a translated passage in a long text; of those that the index proposes nearly
half lie below."""


def is_plainly_unrelated(query: Sketch, candidate: Sketch) -> bool:
    """Whether two texts have too little content in common to be related, and no exact run.

    Of texts in two languages that cannot be told: they have names and numbers in common.
    """
    if query.lang != candidate.lang:
        return False
    if shared_content(query, candidate).containment >= MIN_CONTAINMENT:
        return False
    return not may_share_a_run(query, candidate)


def is_hardly_aligned(comparison: Comparison) -> bool:
    """Whether two texts have no exact run, no passage and too few aligned sentences in common.

    Where a language has tables of its own that says nothing: of the pairs of Urdu newspapers that
    the judge calls copies or derived, one in ten is so. Of 200 pairs of different stories there
    the words alone rule out 197.
    """
    if comparison.runs or common_language(comparison) in OWN_TABLES:
        return False
    sides = (comparison, comparison.mirrored)
    if any(_aligned(side) >= STORY_ALIGNED for side in sides):
        return False
    return comparison.once(shared_passage).words < PASSAGE_WORDS


def _aligned(comparison: Comparison) -> float:
    """Share of the query in aligned sentences."""
    lengths = comparison.query.sentence_lengths
    words = sum([lengths[pair.query] for pair in comparison.alignment.best])
    return words / max(comparison.query.n_words, 1)
