"""Passages that very many articles have in common, and nothing else with them: they weigh nothing.

A newsletter block, a disclaimer, a caption of the house: two articles that share one are no
relatives. The index tells which selected passages are such (``dedup.index.ranking``). How far
each *block* reaches is seen by laying some of those articles beside the query: it is the exact
run that most of them share with it. Blocks are taken out of both texts before they are
compared, and out of what the index is asked for; and they are reported.

The price: the first articles that carry a block are compared with it in place, until so many
have it that it is recognised; and a block that an editor changes in each article is not seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median_low
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dedup.compare import Profile
from dedup.compare.runs import Run, exact_runs
from dedup.index.ranking import FULL, Boilerplate
from dedup.lazy import lazy
from dedup.model import Article, Finding, Span

WITNESSES: Final = 3
"""Articles that a block is read off. The median of three is what two of them agree on, even
if the third is a copy of the query."""

MOST_WITNESSES: Final = 30
"""Articles that all blocks of a text are read off at most, which takes about .1 s. A text has
a block or two, and those who have it share its passages; what is left over are set phrases."""

PARAGRAPH: Final = "\n\n"
"""Stands where a block was taken out."""

RULE: Final = "boilerplate"
"""What a block is reported as, among what artifact rules see."""

EXCERPT_CHARACTERS: Final = 120
"""As much of a block is shown as of any finding."""


@dataclass(frozen=True)
class Blocks:
    """The boilerplate of one text.

    Attributes:
        query: The text.
        spans: Where its blocks stand: half-open ranges of its words, in order, apart.
    """

    query: Profile
    spans: tuple[Span, ...] = ()

    @classmethod
    def at(cls, query: Profile, submitted: Sequence[Span]) -> Blocks:
        """The blocks that were seen in a text before.

        Args:
            query: The text.
            submitted: Where they stand in it as submitted (``submitted``).
        """
        return cls(query, tuple(query.words_at(span) for span in submitted))

    @property
    def submitted(self) -> tuple[Span, ...]:
        """Where the blocks stand in the text as submitted."""
        return tuple(self.query.submitted(span.start, span.end) for span in self.spans)

    @property
    def rest(self) -> str:
        """The query's clean text without its blocks."""
        document = self.query.document
        starts, ends = document.tokens.starts, document.tokens.ends
        parts, begin = [], 0
        for span in self.spans:
            parts.append(document.clean.text[begin : starts[span.start]])
            begin = ends[span.end - 1]
        return PARAGRAPH.join([*parts, document.clean.text[begin:]])

    def strip(self, text: Profile) -> Profile:
        """A text without these blocks, wherever they stand in it word for word."""
        if not self.spans:
            return text
        kept = np.ones(text.n_words, dtype=bool)
        for words in self._words:
            for run in exact_runs(words, text.words):
                kept[run.candidate : run.candidate + run.length] = False
        return text if kept.all() else text.only(kept)

    @lazy
    def _words(self) -> list[NDArray[np.uint64]]:
        return [self.query.words[span.start : span.end] for span in self.spans]


def find_blocks(
    query: Profile,
    passages: Iterable[Boilerplate],
    witnesses: Callable[[Sequence[int]], Mapping[int, Profile]],
) -> Blocks:
    """Find how far the boilerplate of a text reaches.

    Args:
        query: The text.
        passages: Its passages that are boilerplate, in text order.
        witnesses: Reads stored articles by number, those that are still there.
    """

    def words_of(numbers: Sequence[int]) -> dict[int, NDArray[np.uint64]]:
        return {number: other.words for number, other in witnesses(numbers).items()}

    return Blocks(query, block_spans(query.words, passages, words_of))


def block_spans(
    query: NDArray[np.uint64],
    passages: Iterable[Boilerplate],
    witnesses: Callable[[Sequence[int]], Mapping[int, NDArray[np.uint64]]],
) -> tuple[Span, ...]:
    """The same of words alone: half-open ranges of the query's, in order, apart.

    Args:
        query: uint64, shape (n_words,): hashes of the words of a text.
        passages: As ``find_blocks`` takes them.
        witnesses: Reads the words of stored articles by number.
    """
    spans: list[Span] = []
    beside: dict[int, tuple[Run, ...]] = {}
    for passage in passages:
        if spans and passage.start < spans[-1].end:
            continue
        numbers = passage.numbers[:WITNESSES]
        unread = [number for number in numbers if number not in beside]
        if len(beside) + len(unread) > MOST_WITNESSES:
            break
        read = witnesses(unread) if unread else {}
        for number in unread:
            other = read.get(number)
            beside[number] = () if other is None else exact_runs(query, other)
        runs = [
            run
            for number in numbers
            for run in beside[number]
            if run.query <= passage.start < run.query + run.length
        ]
        if runs:
            start = median_low(run.query for run in runs)
            end = -median_low(-run.query - run.length for run in runs)
            spans.append(Span(max(start, spans[-1].end if spans else 0), end))
    return tuple(spans)


def as_findings(article: Article, spans: Iterable[Span]) -> tuple[Finding, ...]:
    """Blocks as they are reported.

    Args:
        article: As submitted.
        spans: Where the blocks stand in it.
    """
    return tuple(
        Finding(
            rule=RULE,
            span=span,
            excerpt=article.text[span.start : span.end][:EXCERPT_CHARACTERS],
            weight="none",
            says=(
                f"At least {FULL} known articles have this passage, and nothing else in common "
                "with this one; it was left out when this one was compared."
            ),
        )
        for span in spans
    )
