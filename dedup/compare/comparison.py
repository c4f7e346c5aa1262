"""What two documents share, in numbers and places. No judgement."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from dedup.compare.alignment import Alignment, SentencePair, align
from dedup.compare.profile import SHINGLE_WORDS, Profile
from dedup.compare.runs import Run, exact_runs
from dedup.model import Article, QuoteCounts, Scores

MIN_QUOTE_WORDS = 4
"""Shortest quotation that is compared. One to three words are scare quotes and titles."""

QUOTE_VERBATIM = 0.9
"""Share of a quotation's words inside exact runs of four words from which it counts as
kept word for word: a house style may change one word ("per cent")."""


@dataclass(frozen=True)
class Comparison:
    """Two documents side by side.

    Attributes:
        query: The article asked about.
        candidate: The article it is compared with.
        runs: Exact runs, in the order of the query.
        alignment: Aligned sentences, in the order of the query.
        scores: Over all words.
        scores_unquoted: Over the words outside quotations. Words that only one of the two
            puts between quotation marks count as outside where they stand in an exact run:
            an article that quotes another one's own sentences has them from it, while what
            both quote they may have from a third.
        quotes: What became of the query's quotations in the candidate.
    """

    query: Profile
    candidate: Profile
    runs: tuple[Run, ...]
    alignment: Alignment
    scores: Scores
    scores_unquoted: Scores
    quotes: QuoteCounts

    @cached_property
    def mirrored(self) -> Comparison:
        """The same comparison, asked about the other article."""
        mirrored = _scored(
            self.candidate,
            self.query,
            tuple(sorted(Run(run.candidate, run.query, run.length) for run in self.runs)),
            Alignment(
                tuple(
                    sorted(
                        pair._replace(query=pair.candidate, candidate=pair.query)
                        for pair in self.alignment.pairs
                    )
                )
            ),
        )
        mirrored.__dict__["mirrored"] = self  # seen in two mirrors a thing is itself
        return mirrored

    def with_twin(self, article: Article) -> Comparison:
        """The same comparison, with another article that has the candidate's very text."""
        document = replace(self.candidate.document, article=article)
        candidate = replace(self.candidate, document=document)
        twin = replace(self, candidate=candidate)
        twin.__dict__["mirrored"] = mirrored = replace(self.mirrored, query=candidate)
        mirrored.__dict__["mirrored"] = twin
        return twin

    @property
    def canonical(self) -> Comparison:
        """This comparison or the mirrored one: the same for both."""
        return self if _rank(self.query) <= _rank(self.candidate) else self.mirrored


def compare(query: Profile, candidate: Profile) -> Comparison:
    """Find what two documents share.

    The work is done in one order of the two texts whoever is asked about, so that the
    answer about either agrees with the other to the last digit.
    """
    if _rank(query) > _rank(candidate):
        return compare(candidate, query).mirrored
    return _scored(
        query, candidate, exact_runs(query.words, candidate.words), align(query, candidate)
    )


def _rank(document: Profile) -> tuple[int, str, str]:
    article = document.document.article
    return (document.n_words, article.text, article.id)


def _scored(
    query: Profile, candidate: Profile, runs: tuple[Run, ...], alignment: Alignment
) -> Comparison:
    everything = np.ones(query.n_words, dtype=bool), np.ones(candidate.n_words, dtype=bool)
    return Comparison(
        query=query,
        candidate=candidate,
        runs=runs,
        alignment=alignment,
        scores=_scores(query, candidate, runs, alignment, everything),
        scores_unquoted=_scores(
            query, candidate, runs, alignment, unquoted(query, candidate, runs)
        ),
        quotes=_quotes(query, candidate, alignment),
    )


def unquoted(
    query: Profile, candidate: Profile, runs: tuple[Run, ...]
) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Which words of either text count as its own prose: bool (n_query,), (n_candidate,)."""
    ours, theirs = ~query.quoted, ~candidate.quoted
    for run in runs:
        in_query = slice(run.query, run.query + run.length)
        in_candidate = slice(run.candidate, run.candidate + run.length)
        either = ours[in_query] | theirs[in_candidate]
        ours[in_query] = either
        theirs[in_candidate] = either
    return ours, theirs


def _scores(
    query: Profile,
    candidate: Profile,
    runs: tuple[Run, ...],
    alignment: Alignment,
    counted: tuple[NDArray[np.bool_], NDArray[np.bool_]],
) -> Scores:
    """Scores over the words of either text that are counted."""
    counts, _ = counted
    in_sentence = np.bincount(query.sentence[counts], minlength=query.n_sentences)
    total = max(int(in_sentence.sum()), 1)
    partner = best_partners(alignment)
    aligned = sum(int(in_sentence[i]) for i in partner)
    same = sum(int(in_sentence[i]) * pair.identity for i, pair in partner.items())
    query_shingles = _shingles(query, counted[0])
    candidate_shingles = _shingles(candidate, counted[1])
    shared = len(np.intersect1d(query_shingles, candidate_shingles, assume_unique=True))
    union = len(query_shingles) + len(candidate_shingles) - shared
    return Scores(
        resemblance=shared / max(union, 1),
        containment_in=shared / max(len(query_shingles), 1),
        containment_of=shared / max(len(candidate_shingles), 1),
        verbatim=int((in_runs(query, runs) & counts).sum()) / total,
        aligned=aligned / total,
        identity=same / max(aligned, 1),
        order=alignment.order,
    )


def best_partners(alignment: Alignment) -> dict[int, SentencePair]:
    """The best pair of each aligned sentence of the query."""
    best: dict[int, SentencePair] = {}
    for pair in alignment.pairs:
        known = best.get(pair.query)
        if known is None or (pair.mutual, pair.identity) > (known.mutual, known.identity):
            best[pair.query] = pair
    return best


def in_runs(query: Profile, runs: tuple[Run, ...]) -> NDArray[np.bool_]:
    """Which words of the query stand in an exact run: bool (n,)."""
    covered = np.zeros(query.n_words, dtype=bool)
    for run in runs:
        covered[run.query : run.query + run.length] = True
    return covered


def _shingles(document: Profile, counts: NDArray[np.bool_]) -> NDArray[np.uint64]:
    """Distinct shingles whose words all count."""
    if document.n_words < SHINGLE_WORDS:
        return np.zeros(0, dtype=np.uint64)
    whole = np.lib.stride_tricks.sliding_window_view(counts, SHINGLE_WORDS).all(axis=1)
    return np.unique(document.shingles[whole])


def _quotes(query: Profile, candidate: Profile, alignment: Alignment) -> QuoteCounts:
    """Count the query's quotations, those kept word for word, and those reworded.

    A quotation is reworded if it is not kept and a sentence that it stands in is aligned.
    """
    runs = exact_runs(query.words, candidate.words, MIN_QUOTE_WORDS)
    covered = in_runs(query, runs)
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
