"""The whole path: the only module that knows every stage.

Two rules keep verdicts independent of the order in which articles arrive:

1. A pair is compared in one order whoever is asked about, and its record is written on
   both articles. So what is said of A and B is the same whichever came first.
2. A verdict is a function of an article and of the pairs recorded on it. Writing a pair
   therefore settles the verdicts of both ends again, and a changed one is a revision.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from dedup.clocks import RenderClocks
from dedup.compare import Comparison, Profile, compare, profile
from dedup.config import Limits, Settings
from dedup.document import read_document
from dedup.errors import InputError, TooLargeError, UnknownArticleError
from dedup.fingerprint import fingerprint
from dedup.ids import check_id
from dedup.index.base import Index, Links, Stored
from dedup.judge import Side, decide, reference, relate
from dedup.language import parse_tag
from dedup.model import Article, ArticleRef, Candidate, Language, Match, Report
from dedup.pairs import State, decode, encode

CACHED_PROFILES = 512
"""Stored articles kept ready for comparison, about 50 KB each."""

ADDRESS = re.compile(r"https?://[^\s/]", re.IGNORECASE)
"""How an article's address begins. Others (``javascript:``) are no place to find it at, and
pages may link to it."""

_NO_KEYS = np.zeros(0, dtype=np.uint64)


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


def validate(article: Article, limits: Limits) -> None:
    """Refuse what cannot be stored or judged.

    Raises:
        BadIdError: The id cannot name an article.
        TooLargeError: The text is longer than ``limits.max_characters``.
        InputError: A field is not Unicode text, the date has no time zone, the address
            is not one of the web, or the declared language is not a language tag.
    """
    check_id(article.id)
    if len(article.text) > limits.max_characters:
        raise TooLargeError(
            f"the text has {len(article.text):,} characters; at most "
            f"{limits.max_characters:,} are accepted: send one article, not a collection",
            field="text",
        )
    for name in ("text", "title", "url", "source", "lang"):
        _check_unicode(name, getattr(article, name))
    if article.published is not None and article.published.tzinfo is None:
        raise InputError("the date needs a time zone, such as 2020-02-09T10:47:48Z", "published")
    if article.url is not None and not ADDRESS.match(article.url):
        raise InputError("it must be an address that begins with http:// or https://", "url")
    if article.lang is not None and parse_tag(article.lang) is None:
        raise InputError(
            f"{article.lang!r} is not a language tag; send one such as 'en' or 'pt-BR', or none",
            "lang",
        )


def _check_unicode(name: str, value: str | None) -> None:
    if value is None:
        return
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InputError(
            f"character {error.start} is half of a surrogate pair (U+{ord(value[error.start]):04X}) "
            "and no Unicode text; decode the source as UTF-16 or UTF-8 first",
            name,
        ) from error


def compare_articles(query: Article, candidate: Article) -> tuple[Comparison, Match]:
    """Compare and judge two articles without an index."""
    comparison = compare(profile(read_document(query)), profile(read_document(candidate)))
    return comparison, relate(comparison)


class Detector:
    """Judges articles against an index.

    Args:
        index: Where articles are kept. The detector closes it.
        settings: Those the index was opened with.
    """

    def __init__(self, index: Index, settings: Settings | None = None) -> None:
        self._index = index
        self._settings = settings or Settings()
        self._clocks = RenderClocks(index)
        self._read_stored = lru_cache(maxsize=CACHED_PROFILES)(_profile_of_stored)

    def check(self, article: Article) -> Report:
        """Judge an article without storing it, against the others: not its own stored version."""
        validate(article, self._settings.limits)
        query = profile(read_document(article))
        others = [
            other
            for other in self._candidates(keys_of(query, self._settings), exclude=None)
            if other.article.id != article.id
        ]
        matches = [
            relate(compare(query, self._read_stored(other)), None, _side(other)) for other in others
        ]
        return self._report(query, _related(matches), revision=None)

    def put(self, article: Article) -> Outcome:
        """Store an article under its id, judge it, and settle the verdicts it changes.

        Storing the same again changes nothing; other content under an id in use replaces
        what was there. After an error the same call may be made again.
        """
        validate(article, self._settings.limits)
        known = self._index.find(article.id)
        if known is not None and known.article == article and self._is_settled(known):
            return Outcome(self.report(article.id), created=False, revised=())
        query = profile(read_document(article))
        keys = keys_of(query, self._settings)
        language = query.document.language
        receipt = self._index.put(article, language.code, language.by, keys)
        stored = receipt.stored
        touched = self._link(stored, query, keys)
        for number in receipt.replaced:
            touched |= self._forget(number)
        revised = self._settle(sorted(touched - {stored.number}))
        self._clocks.read_later(article, query.document.findings)
        return Outcome(self._settled_report(stored), not receipt.replaced, revised)

    def report(self, article_id: str) -> Report:
        """The verdict on a stored article, against what is known now.

        Raises:
            UnknownArticleError: No article has that id.
        """
        return self._settled_report(self.stored(article_id))

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
            touched |= self._forget(stored.number, keep_links=True)
        return self._settle(sorted(touched))

    def ping(self) -> None:
        """Raise a ``StoreError`` if the index cannot serve."""
        self._index.ping()

    def close(self) -> None:
        """Finish reading render clocks, and let go of the index."""
        self._clocks.close()
        self._index.close()

    # Candidates and matches

    def _candidates(self, keys: NDArray[np.uint64], exclude: int | None) -> list[Stored]:
        if not len(keys):
            return []
        candidates = candidates_of(self._index, keys, self._settings.limits, exclude)
        found = self._index.fetch([candidate.number for candidate in candidates])
        # A candidate without a record was deleted, or its write never finished.
        return [stored for stored in found if stored is not None]

    def _link(self, stored: Stored, query: Profile, keys: NDArray[np.uint64]) -> set[int]:
        """Record the pairs of a stored article on both ends; the numbers at the other end."""
        # The article is in the index by now: of two written at once, one sees the other.
        others = [
            other
            for other in self._candidates(keys, exclude=stored.number)
            if other.article.id != stored.article.id
        ]
        pairs: list[tuple[int, int, bytes]] = []
        for other in others:
            comparison = compare(query, self._read_stored(other))
            match = relate(comparison, _side(stored), _side(other))
            if match.relation == "unrelated":
                continue
            mirrored = relate(comparison.mirrored, _side(other), _side(stored))
            pairs.append((stored.number, other.number, encode(match)))
            pairs.append((other.number, stored.number, encode(mirrored)))
        self._index.link(pairs)
        return {number for number, _, _ in pairs}

    def _forget(self, number: int, *, keep_links: bool = False) -> set[int]:
        """Remove a version that its id no longer names; the numbers it was linked to.

        Args:
            number: The version.
            keep_links: Leave the records on the other articles (the verdicts that named a
                deleted article keep its id); a replaced version leaves none.
        """
        (stored,) = self._index.fetch([number])
        (links,) = self._index.links([number])
        # First the records on other articles: a crash in between is mended by the retry,
        # which still finds the links of this one.
        if not keep_links:
            self._index.unlink([(other, number) for other in links.pairs])
        if stored is not None:
            self._index.forget(number, keys_of(self._read_stored(stored), self._settings))
        return set(links.pairs)

    # Verdicts

    def _is_settled(self, stored: Stored) -> bool:
        (links,) = self._index.links([stored.number])
        return links.state is not None

    def _settle(self, numbers: Iterable[int]) -> tuple[Report, ...]:
        """Settle verdicts again; the answers of those that changed."""
        wanted = list(numbers)
        revised = []
        for stored in self._index.fetch(wanted):
            if stored is None:
                continue
            report, changed = self._settle_one(stored)
            if changed:
                revised.append(report)
        return tuple(revised)

    def _settled_report(self, stored: Stored) -> Report:
        report, _ = self._settle_one(stored)
        return report

    def _settle_one(self, stored: Stored) -> tuple[Report, bool]:
        """The answer about a stored article, recorded if it is new; whether it was.

        Whoever links last reads all links, so the loop ends with the answer that all of
        them give, however many writers there are.
        """
        query = self._read_stored(stored)
        while True:
            (links,) = self._index.links([stored.number])
            matches = self._linked_matches(links)
            before = None if links.state is None else State.decode(links.state)
            report = self._report(query, matches, before.revision if before else 1)
            verdict = report.verdict
            source = verdict.source.id if verdict.source else None
            now = State(verdict.verdict, verdict.kind, source, before.revision if before else 1)
            if now == before:
                return report, False
            if before is not None:
                now = State(now.verdict, now.kind, now.source, before.revision + 1)
                report = self._report(query, matches, now.revision)
            if self._index.settle(stored.number, links.sequence, now.encode()):
                return report, True

    def _linked_matches(self, links: Links) -> list[Match]:
        numbers = list(links.pairs)
        others = self._index.fetch(numbers) if numbers else ()
        matches = [
            decode(links.pairs[number], None if other is None else _reference(other))
            for number, other in zip(numbers, others, strict=True)
        ]
        # A version replaced while it was being compared leaves a record of the old text
        # beside that of the new one.
        present = {match.other.id for match in matches if not match.removed}
        return [m for m in matches if not (m.removed and m.other.id in present)]

    def _report(self, query: Profile, matches: Sequence[Match], revision: int | None) -> Report:
        document = query.document
        verdict, ordered = decide(query.n_words, matches, self._settings.limits)
        return Report(
            article=document.article,
            verdict=verdict,
            matches=ordered,
            artifacts=self._clocks.told(document.findings),
            language=document.language,
            words=query.n_words,
            revision=revision,
        )


def keys_of(query: Profile, settings: Settings) -> NDArray[np.uint64]:
    """Keys to index a document under: uint64 (k,); none if it is too short to be judged."""
    if query.n_words < settings.limits.min_words:
        return _NO_KEYS
    document = query.document
    prints = fingerprint([document.clean.text], [document.language.code], settings.fingerprint)
    return prints.article_keys(0)


def candidates_of(
    index: Index, keys: NDArray[np.uint64], limits: Limits, exclude: int | None = None
) -> tuple[Candidate, ...]:
    """The candidates that are worth comparing, most shared keys first."""
    candidates = index.candidates(keys, limits.max_compared, exclude)
    return tuple(
        candidate
        for place, candidate in enumerate(candidates)
        if place < limits.always_compared or candidate.collisions > 1
    )


def _related(matches: Iterable[Match]) -> list[Match]:
    return [match for match in matches if match.relation != "unrelated"]


def _reference(stored: Stored) -> ArticleRef:
    return reference(stored.article, _side(stored))


def _side(stored: Stored | None) -> Side | None:
    """When an article arrived; None for one that is only checked: later than all stored."""
    return None if stored is None else Side(stored.received, stored.number)


def _profile_of_stored(stored: Stored) -> Profile:
    return profile(read_document(stored.article, Language(stored.lang, None, stored.lang_by)))
