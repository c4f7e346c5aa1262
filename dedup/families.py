"""Families of stored articles: the pairs recorded on them, and the verdicts that follow.

A pair's record stands on both articles, and a verdict is a function of an article and of
the pairs recorded on it. Recording a pair therefore *settles* the verdicts of both ends
again; one that changed has a new revision.

What is recorded on one article is bounded, so that a family of thousands costs each member,
the first too, no more than a family of a hundred. Of the articles taken from it an article
keeps the first ``max_followers``; they say nothing about where it has its own text from. Of
all others it keeps the ``max_compared`` that its verdict needs most (``telling``).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Final

from dedup.artifacts import find_credits
from dedup.boilerplate import Blocks, as_findings
from dedup.clocks import RenderClocks
from dedup.compare import Comparison, Profile, differences, quotations, sections
from dedup.config import Limits
from dedup.index.base import Index, Links, Stored, has_expired
from dedup.judge import LATEST, SECOND_HAND, Side, decide, going_back, parts, reference, telling
from dedup.model import Match, Report, Span
from dedup.pairs import EXPIRED, State, decode, encode
from dedup.profiles import Profiles
from dedup.relatives import Relative, Search, side

MOST_STEPS: Final = 4
"""Steps that an answer goes back beyond the source, from source to source. One is usual: an
older original of a large family has arrived. Each costs three round trips and a comparison."""

MOST_EXPLAINED: Final = 3
"""Matches of an answer whose differences are worked out: the source, and what else an editor
will look at. Each costs some 3 ms at 600 words, and of a stored article a comparison more; of an
article on the same story, which differs all over, they would tell nothing."""


class Families:
    """Reads, links and settles stored articles.

    Args:
        index: Where they are stored.
        limits: What can be judged.
        clocks: Knows when scraped pages were rendered.
        profiles: Reads stored articles.
    """

    def __init__(
        self,
        index: Index,
        limits: Limits,
        clocks: RenderClocks,
        profiles: Profiles,
    ) -> None:
        self._index = index
        self._limits = limits
        self._clocks = clocks
        self._profiles = profiles
        self._search = Search(index, profiles, limits)

    def check(
        self, query: Blocks, candidates: Sequence[Stored], may_compare: Callable[[Stored], bool]
    ) -> Report:
        """The answer about an article that is not stored."""
        found = self._search.relatives(query, LATEST, candidates, may_compare)
        matches = [relative.match for relative in found]
        report = self._answer(query.query, matches, None, query.submitted)
        compared = {relative.stored.article.id: relative.comparison for relative in found}
        shown = _with_differences(report, lambda match: compared[match.other.id])
        return self._with_origin(shown, query, LATEST)

    def link(self, stored: Stored, query: Blocks, candidates: Sequence[Stored]) -> set[int]:
        """Compare a stored article with others, and record what is related on both ends.

        Returns:
            Numbers of those others whose verdict may have changed.
        """
        found = self._search.relatives(
            query, side(stored), candidates, lambda other: other.article.id != stored.article.id
        )
        mirrored = {relative.stored.number: relative.mirrored for relative in found}
        verdicts = self._record(stored, found)
        (still,) = self._index.fetch([stored.number], expired=True)
        if still is None:  # replaced or deleted in the meantime, by somebody who saw no links
            self._index.unlink([(other, stored.number) for other in mirrored])
            return set(mirrored)
        return {
            number
            for number, verdict in verdicts.items()
            if number in mirrored and _may_change(verdict, mirrored[number])
        }

    def unlink(self, number: int, successor: int | None = None) -> set[int]:
        """Take a version that was replaced out of the records of others; the numbers of those.

        Args:
            number: The version.
            successor: The version that replaced it, if it has the same text. Then only those
                forget the old one that are linked to the new one: for the others of a large
                family what is recorded still holds, and is shown under the same id.
        """
        others = self.linked(number)
        if successor is not None:
            others &= self.linked(successor)
        # Of a large family not all members know of each other: they are not to be told that
        # they do, once some have gone.
        large = len(others) >= self._limits.enough_second_hand
        self._index.unlink([(other, number) for other in others], more=large)
        return others

    def linked(self, number: int) -> set[int]:
        """Numbers of the articles that a version is linked to."""
        return set(self._links(number).pairs)

    def report(self, stored: Stored) -> Report:
        """The answer about a stored article; changes nothing."""
        links = self._links(stored.number)
        known = _state_in(links)
        revision, boilerplate = (known.revision, known.boilerplate) if known else (1, ())
        report = self._linked_answer(stored, links, revision, boilerplate)
        query = Blocks.at(self._profiles.read(stored), boilerplate)
        return self._with_origin(report, query, side(stored))

    def explained(self, stored: Stored) -> Report:
        """The answer about a stored article, with what differs between it and the nearest.

        What differs holds words of both texts. So it is read from both, and not recorded.
        """
        known = self.state(stored)
        query = Blocks.at(self._profiles.read(stored), known.boilerplate if known else ())

        def compared(match: Match) -> Comparison | None:
            other = self._index.find(match.other.id)
            return None if other is None else self._search.compare(query, other)

        return _with_differences(self.report(stored), compared)

    def settle(self, numbers: Iterable[int]) -> tuple[Report, ...]:
        """Settle the verdicts of versions again; the answers of those that changed."""
        revised = []
        for stored in self._index.fetch(list(numbers)):
            if stored is not None:
                report, changed = self._settle(stored)
                if changed:
                    revised.append(report)
        return tuple(revised)

    def complete(self, stored: Stored, query: Blocks, earlier: State | None = None) -> Report:
        """Settle the verdict of a version that has been linked with all that are near.

        Args:
            stored: The version.
            query: The same with its boilerplate.
            earlier: What was settled on for the version that it replaced: its revisions
                are counted on.
        """
        report, _ = self._settle(stored, earlier, query.submitted)
        return self._with_origin(report, query, side(stored))

    def state(self, stored: Stored) -> State | None:
        """The answer last settled on for a version; None before the first."""
        (record,) = self._index.states([stored.number])
        return None if record is None else State.decode(record)

    def _settle(
        self,
        stored: Stored,
        earlier: State | None = None,
        boilerplate: tuple[Span, ...] | None = None,
    ) -> tuple[Report, bool]:
        """Settle the verdict of a version.

        Whoever links last reads all links, so the loop ends with the answer that all of
        them give, however many writers there are.

        Args:
            stored: The version.
            earlier: See ``complete``.
            boilerplate: Seen when it was linked with all that are near; None if it was not
                just linked with them.

        Returns:
            The answer, and whether it is another than before.
        """
        while True:
            links = self._bounded(stored.number)
            known = _state_in(links)
            # Somebody else may have settled this version first, who knew of none before it.
            before = earlier or known
            seen = boilerplate
            if seen is None:
                seen = known.boilerplate if known else ()
            report = self._linked_answer(
                stored, links, 1 if before is None else before.revision, seen
            )
            state = State(
                verdict=report.verdict.verdict,
                kind=report.verdict.kind,
                source=report.verdict.source.id if report.verdict.source else None,
                revision=report.revision or 1,
                complete=boilerplate is not None or (known is not None and known.complete),
                boilerplate=seen,
            )
            if state == known:
                return report, False
            changed = before is not None and not before.same_answer(state)
            if changed:
                state = replace(state, revision=state.revision + 1)
            if self._index.settle(stored.number, links, state.encode()):
                return replace(report, revision=state.revision), changed

    def _record(self, stored: Stored, found: Iterable[Relative]) -> Mapping[int, bytes | None]:
        """Record pairs on both ends; numbers on which something changed, with their verdicts."""
        pairs: list[tuple[int, int, bytes]] = []
        followers: list[tuple[int, int, bytes]] = []
        for relative in found:
            for one, match, other in (
                (stored, relative.match, relative.stored),
                (relative.stored, relative.mirrored, stored),
            ):
                kept = followers if match.direction == "copied_by" else pairs
                record = encode(replace(match, expires=other.expires))
                kept.append((one.number, other.number, record))
        return self._index.link(pairs, followers, self._limits.max_followers)

    def _answer(
        self,
        query: Profile,
        matches: Sequence[Match],
        revision: int | None,
        boilerplate: Iterable[Span],
        *,
        more: bool = False,
    ) -> Report:
        """The answer about an article with these matches; more of them may not be known."""
        document = query.document
        verdict, ordered = decide(
            query.prose.n_words, matches, self._limits, parts(query.prose, matches)
        )
        second_hand = sum(match.relation in SECOND_HAND for match in matches)
        return Report(
            article=document.article,
            verdict=verdict,
            matches=ordered,
            matches_complete=not more and second_hand < self._limits.enough_second_hand,
            origin=None,
            artifacts=(
                *self._clocks.told(document.findings),
                *as_findings(document.article, boilerplate),
            ),
            language=document.language,
            words=query.n_words,
            revision=revision,
            credits=find_credits(document.findings),
        )

    def _links(self, number: int) -> Links:
        (links,) = self._index.links([number])
        return links

    def _linked_answer(
        self, stored: Stored, links: Links, revision: int, boilerplate: Iterable[Span]
    ) -> Report:
        matches = self._matches(links)
        query = self._profiles.read(stored)
        answer = self._answer(query, matches, revision, boilerplate, more=links.more)
        return replace(answer, expires=stored.expires)

    def _bounded(self, number: int) -> Links:
        """The links of a version, after those that its verdict needs least were let go.

        Whoever else does the same meanwhile knows of more links or of fewer; what is let go
        for some of them is let go for all.
        """
        links = self._links(number)
        neighbours = {
            other: decode(record, None)
            for other, record in links.pairs.items()
            if other not in links.followers
        }
        if len(neighbours) <= self._limits.max_compared:
            return links
        kept = telling(list(neighbours.values()), self._limits.max_compared)
        beyond = [other for other, match in neighbours.items() if match not in kept]
        self._index.unlink([(number, other) for other in beyond], more=True)
        return self._links(number)

    def _matches(self, links: Links) -> list[Match]:
        """The matches of a version, each other article once."""
        numbers = sorted(links.pairs)
        others = self._index.fetch(numbers) if numbers else ()
        present: dict[str, Match] = {}
        removed: dict[str, bytes] = {}
        for number, other in zip(numbers, others, strict=True):
            record = links.pairs[number]
            if other is None:
                removed[decode(record, None).other.id] = record
            else:
                present[other.article.id] = decode(record, reference(other.article))
        for name, record in removed.items():
            match = None if name in present else self._gone(name, record)
            if match is not None:
                present[name] = match
        return list(present.values())

    def _gone(self, name: str, record: bytes) -> Match | None:
        """The match with a version that is there no more; None if its id names another text."""
        current = self._index.find(name)
        if current is None:
            match = decode(record, None)
            if has_expired(match.expires):
                return replace(match, expired=True, direction_reason=EXPIRED)
            return match
        # The text under an id keeps the time at which it came when only metadata change.
        match = decode(record, reference(current.article))
        return match if match.arrived == current.received else None

    def _with_origin(self, report: Report, query: Blocks, query_side: Side) -> Report:
        """The answer, with the article that its source goes back to.

        What a source was taken from is settled for itself, later perhaps than the verdicts
        that name it, and an older original of a large family reaches only some of its
        members. So this is looked up when an answer is asked for, and is no part of what is
        settled. Each step must hold for the article itself: that is compared, not concluded.
        """
        source = report.verdict.source
        if source is None:
            return report
        known = {match.other.id: match for match in report.matches if not match.removed}
        passed = {report.article.id}
        origin: Match | None = None
        step = self._index.find(source.id)
        while step is not None and len(passed) <= MOST_STEPS:
            passed.add(step.article.id)
            step = self._source_of(step)
            if step is None or step.article.id in passed:
                break
            match = known.get(step.article.id) or self._search.match(query, query_side, step)
            if match is None or match.direction != "copied_from":
                break
            origin = match
        return report if origin is None else going_back(report, origin)

    def _source_of(self, stored: Stored) -> Stored | None:
        """What a copy or re-translation was taken from, as it was last settled."""
        state = self.state(stored)
        if state is None or state.verdict not in SECOND_HAND or state.source is None:
            return None
        return self._index.find(state.source)


def _with_differences(report: Report, compared: Callable[[Match], Comparison | None]) -> Report:
    """The answer, with what the article shares with its source and the nearest, and what differs.

    Args:
        report: The answer.
        compared: The article beside that of a match; None if that is gone.
    """
    matches = list(report.matches)
    source = report.verdict.source
    told = [place for place, match in enumerate(matches) if match.relation != "same_story"]
    told.sort(key=lambda place: source is None or matches[place].other.id != source.id)
    for place in told[:MOST_EXPLAINED]:
        match = matches[place]
        comparison = None if match.removed else compared(match)
        if comparison is not None:
            matches[place] = replace(
                match,
                sections=sections(comparison),
                differences=differences(comparison),
                quotations=quotations(comparison),
            )
    return replace(report, matches=tuple(matches))


def _may_change(verdict: bytes | None, match: Match) -> bool:
    """Whether a new match may change a verdict; None is one that is still to be settled.

    A follower does not change where an article has its text from; it does make one that is
    only on the same story as others the first of a family.
    """
    if match.direction != "copied_by":
        return True
    return verdict is not None and State.decode(verdict).kind == "same_story"


def _state_in(links: Links) -> State | None:
    return None if links.state is None else State.decode(links.state)
