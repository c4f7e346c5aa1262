"""Shared passages: what to show of a comparison, in places of the texts as submitted.

No word of the query stands in two passages. A sentence with a counterpart in other words is
shown whole, beside the whole counterpart, with the runs inside it: a reader who looks for
what was changed wants both sentences. What is left of the runs is shown as they are.
"""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from dedup.compare.alignment import MAX_SEQUENCE
from dedup.compare.comparison import Comparison
from dedup.compare.kernel import kernel
from dedup.compare.profile import Profile
from dedup.compare.runs import MIN_RUN_WORDS
from dedup.model import Passage, PassageType, Span

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

_BOUNDS: Final = (
    (MIN_IDENTITY, MOSTLY, NEARLY_ALL),
    (MIN_SENTENCE_WORDS, MIN_RUN_WORDS, MAX_DANGLING, MAX_SEQUENCE),
)

Words = NDArray[np.uint64]
Places = NDArray[np.int32]


def passages(comparison: Comparison) -> tuple[Passage, ...]:
    """Verbatim runs, and the sentences that are reworded, in the query's order.

    Sentences that are aligned are told by their best counterpart, with those next to it that are
    aligned with no other: the sentence was split. Others stand in runs for the most part. Those
    that follow each other and have one counterpart are one. They are shown whole, or the runs in
    them are.
    """
    query, candidate = comparison.query, comparison.candidate
    ours, theirs = query.document.clean, candidate.document.clean
    shown = kernel.shown_passages(
        Span,
        placed(query),
        placed(candidate),
        (comparison.alignment.pairs, comparison.runs, query.unquoted),
        _BOUNDS,
    )
    if not (ours.is_as_submitted and theirs.is_as_submitted):
        shown = [
            (ours.submitted(here), theirs.submitted(there), is_verbatim, is_quotation)
            for here, there, is_verbatim, is_quotation in shown
        ]
    reworded: PassageType = "reworded" if comparison.is_in_one_language else "translated"
    return tuple(
        [
            Passage(here, there, "verbatim" if is_verbatim else reworded, is_quotation)
            for here, there, is_verbatim, is_quotation in shown
        ]
    )


def placed(document: Profile) -> tuple[tuple[Words, Places], tuple[Places, Places]]:
    """Its words and sentences, and where each word begins and ends in the clean text."""
    tokens = document.document.tokens
    return (document.words, document.bounds), (tokens.starts, tokens.ends)
