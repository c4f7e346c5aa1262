"""One article beside others, with no more work than it takes to say what they are to it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from dedup.compare import Comparison, Profile, Sketch, compare
from dedup.config import Limits
from dedup.judge.relate import Judged, judge
from dedup.judge.sieve import is_hardly_aligned, is_plainly_unrelated
from dedup.model import Article, Language

UNRELATED = ("unrelated", "undetermined")
"""Undetermined are two texts of which one is hardly more than boilerplate."""


class Readable(Protocol):
    """Another article, read no further than it is asked for."""

    @property
    def article(self) -> Article:
        """As submitted."""
        ...

    @property
    def language(self) -> Language:
        """Of its text."""
        ...

    def sketch(self) -> Sketch:
        """Ready to be ruled out."""
        ...

    def read(self) -> Profile:
        """Ready for comparison."""
        ...


class Beside:
    """One article beside others, one after the other; the same text is compared once.

    Args:
        query: The article, its boilerplate left out.
        strip: Leaves that out of the others, too.
        limits: What cannot be judged.
    """

    def __init__(self, query: Profile, strip: Callable[[Profile], Profile], limits: Limits) -> None:
        self._query = query
        self._strip = strip
        self._limits = limits
        self._related: dict[tuple[str, str, str, bool], tuple[Comparison, Judged]] = {}

    def judge(self, other: Readable) -> tuple[Comparison, Judged] | None:
        """The article compared with one other, and what they are; None if unrelated."""
        article = other.article
        # Of two equal texts the ids decide in which order they are compared.
        before = article.id < self._query.document.article.id
        text = (article.media, other.language.code, article.text, before)
        if text in self._related:
            twin, known = self._related[text]
            return twin.with_twin(article), known
        if is_plainly_unrelated(self._query.sketch, other.sketch()):
            return None
        comparison = compare(self._query, self._strip(other.read()))
        judged = None if is_hardly_aligned(comparison) else judge(comparison, self._limits)
        if judged is None or judged.relation in UNRELATED:
            comparison.part()
            return None
        self._related[text] = comparison, judged
        return comparison, judged
