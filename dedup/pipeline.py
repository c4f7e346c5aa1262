"""The whole path: the only module that knows every stage.

An article is stored before its candidates are asked for, so that of two that are written
at the same moment at least one sees the other. What follows may be cut off anywhere: until
an article is marked complete, storing it again does all of it again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from dedup.boilerplate import Blocks, find_blocks
from dedup.clocks import RenderClocks
from dedup.compare import Profile, compare, differences, profile, quotations, sections
from dedup.config import Limits, Settings
from dedup.document import read_document
from dedup.errors import StoreError, UnknownArticleError
from dedup.families import Families
from dedup.fingerprint import fingerprint
from dedup.ids import check_id
from dedup.index.base import Index, Stored, has_expired
from dedup.index.ranking import Nearby
from dedup.judge import relate
from dedup.model import NO_KEYS, Article, ArticleKeys, Candidate, Match, Report
from dedup.profiles import Profiles
from dedup.validation import check_size, validate, validate_content

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Outcome:
    """What storing an article did.

    Attributes:
        report: The answer about the article.
        created: False if the id was in use before.
        revised: New answers about other articles whose verdict changed by it.
    """

    report: Report
    created: bool
    revised: tuple[Report, ...]


def compare_articles(query: Article, candidate: Article, limits: Limits) -> Match:
    """Compare and judge two articles without an index; the match is seen from the query."""
    comparison = compare(_read(query, limits), _read(candidate, limits))
    return replace(
        relate(comparison, limits=limits),
        sections=sections(comparison),
        differences=differences(comparison),
        quotations=quotations(comparison),
    )


class Detector:
    """Judges articles against an index. Safe for threads, and after a fork in both processes.

    Args:
        index: Where articles are kept. The detector closes it.
        settings: Those the index was opened with.
    """

    def __init__(self, index: Index, settings: Settings | None = None) -> None:
        self._index = index
        self._settings = settings or Settings()
        self._clocks = RenderClocks(index)
        self._profiles = Profiles(index)
        self._families = Families(index, self._settings.limits, self._clocks, self._profiles)

    def check(self, article: Article, replaces: str | None = None) -> Report:
        """Judge an article against those stored, without storing it.

        Args:
            article: Its id need not be one that could be stored.
            replaces: Id of the stored article that it is a new version of: it is not
                compared with that one. Nor is it with its own stored version, the same
                text under the same id.
        """
        limits = self._settings.limits
        validate_content(article, limits)
        query = _read(article, limits)
        blocks, near = self._near(_Keyed(query, self._index))
        return self._families.check(
            blocks,
            near,
            lambda other: (
                other.article.id != replaces
                and (other.article.id, other.article.text) != (article.id, article.text)
            ),
        )

    def put(self, article: Article, *, received: datetime | None = None) -> Outcome:
        """Store an article under its id, judge it, and settle the verdicts it changes.

        Storing the same again changes nothing; other content under an id in use replaces
        what was there. After an error the same call may be made again.

        Args:
            article: As submitted.
            received: When its text was first received, if elsewhere and earlier: by another
                index. Of two times the earlier one stays.
        """
        validate(article, self._settings.limits)
        known = self._index.find(article.id)
        earlier = None if known is None else self._families.state(known)
        unchanged = known is not None and known.article == article
        if known and unchanged and earlier and earlier.complete and not _is_later(known, received):
            self._clocks.read_later(article, self._profiles.read(known).document.findings)
            return Outcome(self._families.report(known), created=False, revised=())
        query = _read(article, self._settings.limits)
        keyed = _Keyed(query, self._index)
        # With other metadata the text has still been here since it first came.
        same = known if known is not None and _text(known.article) == _text(article) else None
        if same is not None and not _is_later(same, received):
            received = same.received
        language = query.document.language
        receipt = keyed.use(lambda keys: self._index.put(article, language, keys.keys, received))
        stored = receipt.stored
        blocks, near = self._near(keyed, stored.number)
        touched = self._families.link(stored, blocks, near)
        for number in receipt.replaced:
            has_same_text = same is not None and same.number == number
            touched |= self._replace(number, stored.number if has_same_text else None)
        revised = self._families.settle(sorted(touched - {stored.number}))
        report = self._families.complete(stored, blocks, earlier)
        # Not itself, though its time may be up by now: whoever stores it is told its verdict.
        with suppress(StoreError):  # The article is stored; what is not swept now is swept later.
            self._sweep([number for number in receipt.due if number != stored.number])
        self._clocks.read_later(article, query.document.findings)
        return Outcome(report, created=known is None, revised=revised)

    def report(self, article_id: str) -> Report:
        """The verdict on a stored article, against what is known now.

        Raises:
            UnknownArticleError: No article has that id.
        """
        return self._families.report(self.stored(article_id))

    def explained(self, article_id: str) -> Report:
        """The same, with what differs between the article and its nearest matches.

        Raises:
            UnknownArticleError: No article has that id.
        """
        return self._families.explained(self.stored(article_id))

    def stored(self, article_id: str) -> Stored:
        """A stored article as it was submitted.

        Raises:
            UnknownArticleError: No article has that id.
        """
        check_id(article_id)
        stored = self._index.find(article_id)
        if stored is None:
            raise UnknownArticleError(article_id)
        return stored

    def delete(self, article_id: str) -> tuple[Report, ...]:
        """Remove an article; returns the new answers about those whose verdict changed.

        Verdicts that named it keep its id.

        Raises:
            UnknownArticleError: No article has that id.
        """
        check_id(article_id)
        versions = self._index.unname(article_id)
        if not versions:
            raise UnknownArticleError(article_id)
        touched: set[int] = set()
        for stored in versions:
            touched |= self._families.linked(stored.number)
            self._forget(stored)
        if all(has_expired(stored.expires) for stored in versions):
            raise UnknownArticleError(article_id)
        return self._families.settle(sorted(touched))

    def expire(self, limit: int) -> int:
        """Remove articles whose time is up. Verdicts that named them keep their ids.

        Args:
            limit: About how many at most; there may be more.

        Returns:
            How many were removed; 0 if there are no more.
        """
        due = self._index.due(limit)
        for stored in due:
            self._forget(stored, current=True)
        return len(due)

    def forget_left(self, number: int) -> None:
        """Remove a version that its id does not name: one whose writer crashed before it did.

        It may be one that was replaced, whose successor takes its place in the records of
        others; or one that was deleted, whose id these keep.
        """
        (stored,) = self._index.fetch([number], expired=True)
        current = None if stored is None else self._index.find(stored.article.id)
        if stored is None or (current is not None and current.number == number):
            return
        if current is None:
            touched = self._families.linked(number)
            self._forget(stored)
        else:
            same = _text(current.article) == _text(stored.article)
            touched = self._replace(number, current.number if same else None)
        self._families.settle(sorted(touched))

    def forget_removed(self) -> None:
        """Let go, in this process's memory, of articles that others have removed."""
        self._profiles.forget_removed()

    def ping(self) -> None:
        """Raise a ``StoreError`` if the index cannot serve."""
        self._index.ping()

    def close(self) -> None:
        """Finish reading render clocks, and let go of the index."""
        self._clocks.close()
        self._index.close()

    def _near(self, keyed: _Keyed, exclude: int | None = None) -> tuple[Blocks, list[Stored]]:
        """A text with its boilerplate, and the stored articles worth comparing with it."""
        limits = self._settings.limits

        def nearby(keyed: _Keyed) -> Nearby:
            return keyed.use(lambda keys: self._index.nearby(keys, limits.max_compared, exclude))

        found = nearby(keyed)
        blocks = find_blocks(keyed.query, found.boilerplate, self._witnesses)
        if blocks.spans:
            # The words of a block are in content keys, too, and bring all who have it.
            rest = blocks.strip(keyed.query)
            found = nearby(_Keyed(rest, self._index, blocks.rest))
        numbers = [candidate.number for candidate in worth_comparing(found, limits)]
        # A candidate without a record was deleted, or its write never finished.
        return blocks, [one for one in self._index.fetch(numbers) if one is not None]

    def _witnesses(self, numbers: Sequence[int]) -> dict[int, Profile]:
        found = self._index.fetch(numbers)
        return {one.number: self._profiles.read(one) for one in found if one is not None}

    def _replace(self, number: int, successor: int | None) -> set[int]:
        """Remove a version that another one has replaced; numbers of those that it leaves."""
        # First the records on other articles: a crash in between is mended by the retry,
        # which still finds the links of this one.
        touched = self._families.unlink(number, successor)
        (stored,) = self._index.fetch([number], expired=True)
        if stored is not None:
            self._forget(stored)
        return touched

    def _sweep(self, numbers: Sequence[int]) -> None:
        """Remove versions that have expired. Verdicts that named them keep their ids."""
        for stored in self._index.fetch(numbers, expired=True) if numbers else ():
            if stored is not None:
                self._forget(stored, current=True)

    def _forget(self, stored: Stored, *, current: bool = False) -> None:
        keyed = _Keyed(self._profiles.read_last(stored), self._index)
        keyed.use(lambda keys: self._index.forget(stored.number, keys.keys, current=current))


class _Keyed:
    """A document with its keys: of the families that the index has, not the program.

    An index may be rebuilt with other families between the making of keys and their use. What
    was done with keys of the old ones is done once more then; a version put with them leaves
    postings that ``index check`` removes.

    Args:
        query: The document.
        index: Where the keys are used.
        text: What of its clean text the keys are made of; all if None.
    """

    def __init__(self, query: Profile, index: Index, text: str | None = None) -> None:
        self.query = query
        self._index = index
        self._text = text
        self._settings = index.settings
        self._keys = keys_of(query, self._settings, text)

    def use(self, used: Callable[[ArticleKeys], T]) -> T:
        """What a call with the keys returns, made with those that the index has after it."""
        while True:
            done = used(self._keys)
            settings = self._index.settings
            if settings.fingerprint == self._settings.fingerprint:
                return done
            self._settings = settings
            self._keys = keys_of(self.query, settings, self._text)


def keys_of(query: Profile, settings: Settings, text: str | None = None) -> ArticleKeys:
    """Keys to index a document under; none if it is too short to be judged.

    Args:
        query: The document.
        settings: The index's.
        text: What of its clean text they are made of; all if None.
    """
    if query.n_words < settings.limits.min_words:
        return NO_KEYS
    document = query.document
    chosen = document.clean.text if text is None else text
    prints = fingerprint([chosen], [document.language.code], settings.fingerprint)
    return prints.article_keys(0)


def worth_comparing(nearby: Nearby, limits: Limits) -> tuple[Candidate, ...]:
    """The candidates that are worth comparing, best first."""
    return tuple(
        candidate
        for place, candidate in enumerate(nearby.candidates)
        if place < limits.always_compared or candidate.score > 1
    )


def _is_later(stored: Stored, received: datetime | None) -> bool:
    """Whether a stored version is said to have come later than its text did."""
    return received is not None and received < stored.received


def _text(article: Article) -> tuple[str, str]:
    """What makes two versions the same text under other metadata."""
    return article.media, article.text


def _read(article: Article, limits: Limits) -> Profile:
    document = read_document(article)
    check_size(len(document.clean.text), limits.max_characters, "text of the page")
    return profile(document)
