"""What two documents share, in numbers and places. No judgement."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from dedup.compare.alignment import Alignment, align
from dedup.compare.kernel import kernel
from dedup.compare.profile import SHINGLE_WORDS, Profile
from dedup.compare.quotes import Quote, count_quotes, follow_quotes
from dedup.compare.runs import Run, exact_runs
from dedup.lazy import lazy
from dedup.model import Article, QuoteCounts, Scores

T = TypeVar("T")


@dataclass(frozen=True)
class Comparison:
    """Two documents side by side. What is made of runs and alignment is made when asked for.

    Attributes:
        query: The article asked about.
        candidate: The article it is compared with.
        runs: Exact runs, in the order of the query.
        alignment: Aligned sentences, in the order of the query.
    """

    query: Profile
    candidate: Profile
    runs: tuple[Run, ...]
    alignment: Alignment

    @lazy
    def mirrored(self) -> Comparison:
        """The same comparison, asked about the other article."""
        mirrored = Comparison(
            query=self.candidate,
            candidate=self.query,
            runs=tuple(sorted([Run(j, i, length) for i, j, length in self.runs])),
            alignment=self.alignment.mirrored,
        )
        mirrored.__dict__["mirrored"] = self  # seen in two mirrors a thing is itself
        return mirrored

    @lazy
    def canonical(self) -> Comparison:
        """This comparison or the mirrored one: the same for both."""
        return self if _rank(self.query) <= _rank(self.candidate) else self.mirrored

    def part(self) -> None:
        """Forget the mirrored comparison, which knows of this one in turn.

        Nobody can hold two things that hold each other and let go of both: they would wait for
        the garbage collector, which took a tenth of the time of comparing an archive. What is
        asked for later is made again.
        """
        for one in (self, self.__dict__.get("mirrored", self)):
            one.__dict__.pop("mirrored", None)
            one.__dict__.pop("canonical", None)

    def once(self, make: Callable[[Comparison], T]) -> T:
        """What is the same for both articles, made of the canonical comparison and kept.

        Args:
            make: Makes it.
        """
        made: dict[object, T] = self.canonical._made  # noqa: SLF001 - it is one of these
        if make not in made:
            made[make] = make(self.canonical)
        return made[make]

    @lazy
    def _made(self) -> dict[object, Any]:
        return {}

    @lazy
    def has_same_words(self) -> bool:
        """Whether the two have all words in common, one after the other."""
        return self.query.words.tobytes() == self.candidate.words.tobytes()

    @property
    def is_in_one_language(self) -> bool:
        """Whether both texts are in the same language."""
        return self.query.document.language.code == self.candidate.document.language.code

    def with_twin(self, article: Article) -> Comparison:
        """The same comparison, with another article that has the candidate's very text."""
        candidate = replace(self.candidate, document=self.candidate.document.of(article))
        return replace(self, candidate=candidate)

    @property
    def scores(self) -> Scores:
        """Over all words."""
        return self._scores[0]

    @property
    def scores_unquoted(self) -> Scores:
        """Over the words outside quotations.

        Words that only one of the two puts between quotation marks count as outside where
        they stand in an exact run: an article that quotes another one's own sentences has them
        from it, while what both quote they may have from a third.
        """
        return self._scores[1]

    @lazy
    def _scores(self) -> tuple[Scores, Scores, Scores, Scores]:
        """Of the query over all words and over those outside quotations; of the candidate."""
        if self is not self.canonical:
            theirs = self.mirrored._scores  # noqa: SLF001 - it is one of these
            return theirs[2], theirs[3], theirs[0], theirs[1]
        return kernel.scores(
            Scores,
            (self.query.words, self.query.bounds, self.query.unquoted),
            (self.candidate.words, self.candidate.bounds, self.candidate.unquoted),
            (self.alignment.pairs, self.runs, self.alignment.order),
            SHINGLE_WORDS,
        )

    @lazy
    def quotations(self) -> tuple[Quote, ...]:
        """What became of each of the query's quotations in the candidate."""
        return follow_quotes(self.query, self.candidate, self.runs, self.alignment)

    @lazy
    def quotes(self) -> QuoteCounts:
        """How many of the query's quotations are kept, and how many reworded."""
        return count_quotes(self.quotations)


def compare(query: Profile, candidate: Profile) -> Comparison:
    """Find what two documents share.

    The work is done in one order of the two texts whoever is asked about, so that the
    answer about either agrees with the other to the last digit.
    """
    query, candidate = query.prose, candidate.prose
    if _rank(query) > _rank(candidate):
        return compare(candidate, query).mirrored
    runs = exact_runs(query.words, candidate.words)
    return Comparison(query, candidate, runs, align(query, candidate))


def in_runs(query: Profile, runs: tuple[Run, ...]) -> NDArray[np.bool_]:
    """Which words of the query stand in an exact run: bool (n,)."""
    covered = np.zeros(query.n_words, dtype=bool)
    for run in runs:
        covered[run.query : run.query + run.length] = True
    return covered


def _rank(document: Profile) -> tuple[int, str, str]:
    article = document.document.article
    return (document.n_words, article.text, article.id)
