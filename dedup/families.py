"""Families of stored articles: the pairs recorded on them, and the verdicts that follow.

A pair's record stands on both articles, and a verdict is a function of an article and of
the pairs recorded on it. Recording a pair therefore *settles* the verdicts of both ends
again; one that changed has a new revision.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from dedup.clocks import RenderClocks
from dedup.compare import Profile, compare, profile
from dedup.config import Limits
from dedup.document import read_document
from dedup.index.base import Index, Links, Stored
from dedup.judge import Side, decide, reference, relate_both
from dedup.model import Match, Report
from dedup.pairs import State, decode, encode

CACHED_PROFILES = 256
"""Stored articles kept ready for comparison. One of 600 words takes about .1 MB."""

CACHED_CHARACTERS = 20_000
"""Longest text that is kept: a few very long ones would fill the memory of all others."""


class Families:
    """Reads, links and settles stored articles.

    Args:
        index: Where they are stored.
        limits: What can be judged.
        clocks: Knows when scraped pages were rendered.
    """

    def __init__(self, index: Index, limits: Limits, clocks: RenderClocks) -> None:
        self._index = index
        self._limits = limits
        self._clocks = clocks
        self._cached = lru_cache(maxsize=CACHED_PROFILES)(_read)

    def read(self, stored: Stored) -> Profile:
        """A stored article, ready for comparison."""
        kept = len(stored.article.text) <= CACHED_CHARACTERS
        return self._cached(stored) if kept else _read(stored)

    def link(self, stored: Stored, query: Profile, others: Iterable[Stored]) -> set[int]:
        """Compare a stored article with others, and record what is related on both ends.

        Returns:
            Numbers of the related ones.
        """
        pairs: list[tuple[int, int, bytes]] = []
        for other in others:
            comparison = compare(query, self.read(other))
            match, mirrored = relate_both(comparison, side(stored), side(other), self._limits)
            if match.relation != "unrelated":
                pairs.append((stored.number, other.number, encode(match)))
                pairs.append((other.number, stored.number, encode(mirrored)))
        self._index.link(pairs)
        linked = {other for number, other, _ in pairs if number == stored.number}
        (still,) = self._index.fetch([stored.number])
        if still is None:  # replaced or deleted in the meantime, by somebody who saw no links
            self._index.unlink([(other, stored.number) for other in linked])
        return linked

    def unlink(self, number: int) -> set[int]:
        """Take a version out of the records of all others; the numbers of those."""
        others = self.linked(number)
        self._index.unlink([(other, number) for other in others])
        return others

    def linked(self, number: int) -> set[int]:
        """Numbers of the articles that a version is linked to."""
        return set(self._links(number).pairs)

    def forget_profiles(self) -> None:
        """Let go of what was read: a deleted text must not stay in memory."""
        self._cached.cache_clear()

    def report(self, stored: Stored) -> Report:
        """The answer about a stored article; changes nothing."""
        links = self._links(stored.number)
        known = _state_in(links)
        return self._answer(stored, links, 1 if known is None else known.revision)

    def settle(self, numbers: Iterable[int]) -> tuple[Report, ...]:
        """Settle the verdicts of versions again; the answers of those that changed."""
        revised = []
        for stored in self._index.fetch(list(numbers)):
            if stored is not None:
                report, changed = self.settle_one(stored)
                if changed:
                    revised.append(report)
        return tuple(revised)

    def state(self, stored: Stored) -> State | None:
        """The answer last settled on for a version; None before the first."""
        return _state_in(self._links(stored.number))

    def settle_one(
        self, stored: Stored, *, complete: bool = False, earlier: State | None = None
    ) -> tuple[Report, bool]:
        """Settle the verdict of a version.

        Whoever links last reads all links, so the loop ends with the answer that all of
        them give, however many writers there are.

        Args:
            stored: The version.
            complete: It has been linked with all that are near.
            earlier: What was settled on for the version that it replaced: its revisions
                are counted on.

        Returns:
            The answer, and whether it is another than before.
        """
        while True:
            links = self._links(stored.number)
            known = _state_in(links)
            # Somebody else may have settled this version first, who knew of none before it.
            before = earlier or known
            report = self._answer(stored, links, 1 if before is None else before.revision)
            state = _state(report, complete=complete or (known is not None and known.complete))
            if state == known:
                return report, False
            changed = before is not None and not before.same_answer(state)
            if changed:
                state = replace(state, revision=state.revision + 1)
            if self._index.settle(stored.number, links, state.encode()):
                return replace(report, revision=state.revision), changed

    def answer(self, query: Profile, matches: Sequence[Match], revision: int | None) -> Report:
        """The answer about an article with these matches."""
        document = query.document
        verdict, ordered = decide(query.n_words, matches, self._limits)
        return Report(
            article=document.article,
            verdict=verdict,
            matches=ordered,
            artifacts=self._clocks.told(document.findings),
            language=document.language,
            words=query.n_words,
            revision=revision,
        )

    def _links(self, number: int) -> Links:
        (links,) = self._index.links([number])
        return links

    def _answer(self, stored: Stored, links: Links, revision: int) -> Report:
        return self.answer(self.read(stored), self._matches(links), revision)

    def _matches(self, links: Links) -> list[Match]:
        """The matches of a version, each other article once."""
        numbers = sorted(links.pairs)
        others = self._index.fetch(numbers) if numbers else ()
        present: dict[str, Match] = {}
        removed: dict[str, Match] = {}
        for number, other in zip(numbers, others, strict=True):
            if other is None:
                match = decode(links.pairs[number], None)
                removed[match.other.id] = match
            else:
                match = decode(links.pairs[number], reference(other.article))
                present[match.other.id] = match
        # An id that was used again names another text now: the old one is not to be found
        # under it.
        gone = [
            match
            for name, match in removed.items()
            if name not in present and self._index.find(name) is None
        ]
        return [*present.values(), *gone]


def side(stored: Stored) -> Side:
    """When a stored article arrived."""
    return Side(stored.received, stored.number)


def _state_in(links: Links) -> State | None:
    return None if links.state is None else State.decode(links.state)


def _state(report: Report, *, complete: bool) -> State:
    verdict = report.verdict
    return State(
        verdict=verdict.verdict,
        kind=verdict.kind,
        source=verdict.source.id if verdict.source else None,
        revision=report.revision or 1,
        complete=complete,
    )


def _read(stored: Stored) -> Profile:
    return profile(read_document(stored.article, stored.language))
