"""What two documents share, in numbers and places. No judgement."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import or_

import numpy as np
from numpy.typing import NDArray

from dedup.compare.alignment import Alignment, SentencePair, align
from dedup.compare.profile import Profile, n_shared
from dedup.compare.quotes import Quote, count_quotes, follow_quotes
from dedup.compare.runs import Run, common_runs
from dedup.model import Article, QuoteCounts, Scores


@dataclass(frozen=True)
class Comparison:
    """Two documents side by side.

    Attributes:
        query: The article asked about.
        candidate: The article it is compared with.
        runs: Exact runs, in the order of the query.
        alignment: Aligned sentences, in the order of the query.
        unquoted: n_query bytes, 1 for each word outside quotations, else 0. Words that only
            one of the two puts between quotation marks count as outside where they stand in an
            exact run: an article that quotes another one's own sentences has them from it,
            while what both quote they may have from a third.
        scores: Over all words.
        scores_unquoted: Over the words outside quotations.
        quotations: What became of each of the query's quotations in the candidate.
        mirrored: The same comparison, asked about the other article.
    """

    query: Profile
    candidate: Profile
    runs: tuple[Run, ...]
    alignment: Alignment
    unquoted: bytes
    scores: Scores
    scores_unquoted: Scores
    quotations: tuple[Quote, ...]
    mirrored: Comparison = field(init=False, repr=False, compare=False)

    @cached_property
    def quotes(self) -> QuoteCounts:
        """How many of the query's quotations are kept, and how many reworded."""
        return count_quotes(self.quotations)

    def with_twin(self, article: Article) -> Comparison:
        """The same comparison, with another article that has the candidate's very text."""
        document = replace(self.candidate.document, article=article)
        candidate = replace(self.candidate, document=document)
        twin = replace(self, candidate=candidate)
        _set_face_to_face(twin, replace(self.mirrored, query=candidate))
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
    overlap = _Overlap.of(query.distinct_shingles, candidate.distinct_shingles)
    # Where no shingle is shared, no longer run is.
    runs = common_runs(query.seeds, candidate.seeds) if overlap.shared else ()
    ours, theirs = _unquoted(query, candidate, runs)
    shared = _Shared(
        runs=runs,
        alignment=align(query, candidate),
        unquoted=ours,
        overlap=overlap,
        overlap_unquoted=_Overlap.of(query.shingles_among(ours), candidate.shingles_among(theirs)),
    )
    comparison = _scored(query, candidate, shared)
    _set_face_to_face(comparison, _scored(candidate, query, shared.mirrored(theirs)))
    return comparison


def in_runs(query: Profile, runs: tuple[Run, ...]) -> NDArray[np.bool_]:
    """Which words of the query stand in an exact run: bool (n,)."""
    covered = np.zeros(query.n_words, dtype=bool)
    for run in runs:
        covered[run.query : run.query + run.length] = True
    return covered


def _set_face_to_face(one: Comparison, other: Comparison) -> None:
    """Make either the mirrored one of the other: seen in two mirrors a thing is itself."""
    object.__setattr__(one, "mirrored", other)
    object.__setattr__(other, "mirrored", one)


def _rank(document: Profile) -> tuple[int, str, str]:
    article = document.document.article
    return (document.n_words, article.text, article.id)


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

    @property
    def mirrored(self) -> _Overlap:
        return _Overlap(self.candidate, self.query, self.shared)


@dataclass(frozen=True, slots=True)
class _Shared:
    """What two documents share, seen from the query: what the scores are made of."""

    runs: tuple[Run, ...]
    alignment: Alignment
    unquoted: bytes
    overlap: _Overlap
    overlap_unquoted: _Overlap

    def mirrored(self, unquoted: bytes) -> _Shared:
        """The same seen from the candidate, of which those words are unquoted."""
        return _Shared(
            runs=tuple(sorted(Run(j, i, length) for i, j, length in self.runs)),
            alignment=Alignment(
                tuple(
                    sorted(
                        SentencePair(j, i, similarity, identity, mutual)
                        for i, j, similarity, identity, mutual in self.alignment.pairs
                    )
                )
            ),
            unquoted=unquoted,
            overlap=self.overlap.mirrored,
            overlap_unquoted=self.overlap_unquoted.mirrored,
        )


def _unquoted(query: Profile, candidate: Profile, runs: tuple[Run, ...]) -> tuple[bytes, bytes]:
    """Which words of either text count as its own prose."""
    ours, theirs = bytearray(query.unquoted), bytearray(candidate.unquoted)
    for run in runs:
        in_query = slice(run.query, run.query + run.length)
        in_candidate = slice(run.candidate, run.candidate + run.length)
        if ours[in_query] != theirs[in_candidate]:
            either = bytes(map(or_, ours[in_query], theirs[in_candidate]))
            ours[in_query] = theirs[in_candidate] = either
    return bytes(ours), bytes(theirs)


def _scored(query: Profile, candidate: Profile, shared: _Shared) -> Comparison:
    everything = b"\1" * query.n_words
    scores = _scores(query, shared, shared.overlap, everything)
    return Comparison(
        query=query,
        candidate=candidate,
        runs=shared.runs,
        alignment=shared.alignment,
        unquoted=shared.unquoted,
        scores=scores,
        scores_unquoted=scores
        if shared.overlap_unquoted == shared.overlap and shared.unquoted == everything
        else _scores(query, shared, shared.overlap_unquoted, shared.unquoted),
        quotations=follow_quotes(query, candidate, shared.runs, shared.alignment),
    )


def _scores(query: Profile, shared: _Shared, overlap: _Overlap, counts: bytes) -> Scores:
    """Scores over the words of the query that count, and over shingles."""
    total = max(counts.count(1), 1)
    verbatim = sum(counts.count(1, run.query, run.query + run.length) for run in shared.runs)
    aligned, same = 0, 0.0
    for i, pair in shared.alignment.best.items():
        words = counts.count(1, *query.sentence_ranges[i])
        aligned += words
        same += words * pair.identity
    return Scores(
        resemblance=overlap.shared / max(overlap.query + overlap.candidate - overlap.shared, 1),
        containment_in=overlap.shared / max(overlap.query, 1),
        containment_of=overlap.shared / max(overlap.candidate, 1),
        verbatim=verbatim / total,
        aligned=aligned / total,
        identity=same / max(aligned, 1),
        order=shared.alignment.order,
    )
