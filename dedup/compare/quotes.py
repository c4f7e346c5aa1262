"""What became of one text's quotations in the other."""

from __future__ import annotations

import numpy as np

from dedup.compare.alignment import Alignment
from dedup.compare.profile import Profile
from dedup.compare.runs import exact_runs
from dedup.model import QuoteCounts

MIN_QUOTE_WORDS = 4
"""Shortest quotation that is compared. One to three words are scare quotes and titles."""

QUOTE_VERBATIM = 0.9
"""Share of a quotation's words inside exact runs of four words from which it counts as
kept word for word: a house style may change one word ("per cent")."""


def count_quotes(query: Profile, candidate: Profile, alignment: Alignment) -> QuoteCounts:
    """Count the query's quotations, those kept word for word, and those reworded.

    A quotation is reworded if it is not kept and a sentence that it stands in is aligned.
    """
    if not query.document.quotations:
        return QuoteCounts(total=0, shared=0, reworded=0)
    covered = np.zeros(query.n_words, dtype=bool)
    for run in exact_runs(query.words, candidate.words, MIN_QUOTE_WORDS):
        covered[run.query : run.query + run.length] = True
    aligned = np.zeros(query.n_sentences, dtype=bool)
    aligned[[pair.query for pair in alignment.pairs if pair.mutual]] = True
    starts = query.document.tokens.starts
    total = shared = reworded = 0
    for quotation in query.document.quotations:
        begin, end = np.searchsorted(starts, (quotation.span.start, quotation.span.end))
        if end - begin < MIN_QUOTE_WORDS:
            continue
        total += 1
        if covered[begin:end].mean() >= QUOTE_VERBATIM:
            shared += 1
        elif aligned[query.sentence[begin:end]].any():
            reworded += 1
    return QuoteCounts(total=total, shared=shared, reworded=reworded)
