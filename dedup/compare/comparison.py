"""What two documents share, in numbers and places. No judgement."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from dedup.compare.alignment import Alignment, align
from dedup.compare.profile import SHINGLE_WORDS, Profile, distinct, n_shared
from dedup.compare.quotes import Quote, count_quotes, follow_quotes
from dedup.compare.runs import Run, exact_runs
from dedup.model import Article, QuoteCounts, Scores


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
        quotations: What became of each of the query's quotations in the candidate.
    """

    query: Profile
    candidate: Profile
    runs: tuple[Run, ...]
    alignment: Alignment
    scores: Scores
    scores_unquoted: Scores
    quotations: tuple[Quote, ...]

    @cached_property
    def quotes(self) -> QuoteCounts:
        """How many of the query's quotations are kept, and how many reworded."""
        return count_quotes(self.quotations)

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
    ours, theirs = unquoted(query, candidate, runs)
    scores = _scores(
        query, runs, alignment, _Overlap.of(query.distinct_shingles, candidate.distinct_shingles)
    )
    all_count = bool(ours.all()) and bool(theirs.all())
    return Comparison(
        query=query,
        candidate=candidate,
        runs=runs,
        alignment=alignment,
        scores=scores,
        scores_unquoted=scores
        if all_count
        else _scores(
            query,
            runs,
            alignment,
            _Overlap.of(_shingles(query, ours), _shingles(candidate, theirs)),
            ours,
        ),
        quotations=follow_quotes(query, candidate, runs, alignment),
    )


@dataclass(frozen=True, slots=True)
class _Overlap:
    """Sizes of two sets of shingles and of what they share."""

    query: int
    candidate: int
    shared: int

    @classmethod
    def of(cls, query: NDArray[np.uint64], candidate: NDArray[np.uint64]) -> _Overlap:
        """Of two arrays, each sorted and without repetitions."""
        return cls(len(query), len(candidate), n_shared(query, candidate))


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
    runs: tuple[Run, ...],
    alignment: Alignment,
    overlap: _Overlap,
    counts: NDArray[np.bool_] | None = None,
) -> Scores:
    """Scores over the words of the query that count, all if None."""
    covered = in_runs(query, runs)
    sentences = query.sentence
    if counts is not None:
        covered &= counts
        sentences = sentences[counts]
    in_sentence = np.bincount(sentences, minlength=query.n_sentences).tolist()
    total = max(len(sentences), 1)
    best = alignment.best
    aligned = sum(in_sentence[i] for i in best)
    same = sum(in_sentence[i] * pair.identity for i, pair in best.items())
    return Scores(
        resemblance=overlap.shared / max(overlap.query + overlap.candidate - overlap.shared, 1),
        containment_in=overlap.shared / max(overlap.query, 1),
        containment_of=overlap.shared / max(overlap.candidate, 1),
        verbatim=int(np.count_nonzero(covered)) / total,
        aligned=aligned / total,
        identity=same / max(aligned, 1),
        order=alignment.order,
    )


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
    if counts.all():
        return document.distinct_shingles
    left_out = np.concatenate(([0], np.cumsum(~counts)))
    return distinct(document.shingles[left_out[SHINGLE_WORDS:] == left_out[:-SHINGLE_WORDS]])
