"""Shared passages: what to show of a comparison, in places of the texts as submitted.

No word of the query stands in two passages. A sentence with a counterpart in other words is
shown whole, beside the whole counterpart, with the runs inside it: a reader who looks for
what was changed wants both sentences. What is left of the runs is shown as they are.
"""

from __future__ import annotations

from typing import Final

from dedup.compare.alignment import MAX_SEQUENCE
from dedup.compare.comparison import Comparison
from dedup.compare.kernel import kernel
from dedup.compare.runs import MIN_RUN_WORDS
from dedup.model import Passage, PassageType

MOSTLY: Final = 0.5
"""Share of a passage's words between quotation marks from which it counts as quotation; and of
a sentence's words in runs from which these tell its counterpart."""

MIN_IDENTITY: Final = 0.25
"""Identity below which an aligned sentence is not shown: it is on the same fact, in words
that have nothing but names in common. Of a sentence with a run in it, what the run leaves is
asked the same; else the run alone is shown, and not the sentence that was made around it."""

MIN_SENTENCE_WORDS: Final = 4
"""Shortest sentence that is shown on its own, as of a quotation: "Business" and "Read more" stand
in many texts. The price is a headline of three words."""

NEARLY_ALL: Final = 0.75
"""Share of a sentence's words in runs, and of its counterpart's, from which the rest are words
that were changed, whatever they are."""

MAX_DANGLING: Final = 2
"""Words of a run beyond the end or the beginning of a sentence, in both texts, that are not
shown: the next sentences begin alike by chance. Three are wording."""


def passages(comparison: Comparison) -> tuple[Passage, ...]:
    """Verbatim runs, and the sentences that are reworded, in the query's order.

    Sentences that are aligned are told by their best counterpart, with those next to it that are
    aligned with no other: the sentence was split. Others stand in runs for the most part. Those
    that follow each other and have one counterpart are one. They are shown whole, or the runs in
    them are.
    """
    query, candidate = comparison.query, comparison.candidate
    stretches = kernel.shown_stretches(
        (query.words, query.bounds),
        (candidate.words, candidate.bounds),
        comparison.alignment.pairs,
        comparison.runs,
        (
            (MIN_IDENTITY, MOSTLY, NEARLY_ALL),
            (MIN_SENTENCE_WORDS, MIN_RUN_WORDS, MAX_DANGLING, MAX_SEQUENCE),
        ),
    )
    reworded: PassageType = "reworded" if comparison.is_in_one_language else "translated"
    ours = query.all_submitted([stretch[:2] for stretch in stretches])
    theirs = candidate.all_submitted([stretch[2:4] for stretch in stretches])
    unquoted = query.unquoted
    return tuple(
        [
            Passage(
                in_query,
                in_candidate,
                "verbatim" if is_verbatim else reworded,
                unquoted.count(0, start, end) >= MOSTLY * (end - start),
            )
            for in_query, in_candidate, (start, end, _, _, is_verbatim) in zip(
                ours, theirs, stretches, strict=True
            )
        ]
    )
