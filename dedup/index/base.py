"""What an index promises, whatever server stands behind it.

An article's *number* names one stored version of it: putting new content under an id
gives a new number. So everything read under a number is immutable except its links,
and may be cached for as long as the process lives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from dedup.config import Settings
from dedup.index.figures import Indexed, IndexStats
from dedup.index.ranking import Nearby
from dedup.model import Article, ArticleKeys, Language


@dataclass(frozen=True, slots=True)
class Stored:
    """One stored version of an article.

    Attributes:
        number: Names this version; smaller numbers were handed out earlier by one writer,
            but numbers of several writers interleave.
        article: As submitted.
        language: What was settled on when it was stored, so that reading it again needs
            no detection.
        received: When the index took its text, by the server's clock, UTC.
        expires: When the index lets go of it, UTC; None is never. From then on it is as if
            it were not there.
    """

    number: int
    article: Article
    language: Language
    received: datetime
    expires: datetime | None = None


def has_expired(expires: datetime | None) -> bool:
    """Whether what is kept until then is to be as if it were not there."""
    # By this program's clock: a few seconds more or less do not matter to whoever keeps
    # articles for days, and a round trip each time would.
    return expires is not None and expires <= datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a put did.

    Attributes:
        stored: The version stored.
        replaced: Numbers of earlier versions under the id, for the caller to ``forget``;
            normally none or one, more if a writer crashed before it had forgotten one.
        due: Numbers of a few versions that have expired, for the caller to ``forget``: so an
            index that is written to holds none for long.
    """

    stored: Stored
    replaced: tuple[int, ...]
    due: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Links:
    """What is known of a stored article's relations to others.

    Attributes:
        sequence: Grows with every change of ``pairs``; names the state that was read.
        pairs: Other article's number -> opaque record of the pair.
        state: Opaque record of the verdict last settled on, None before the first.
        followers: Those of ``pairs`` that were recorded as followers.
        more: There are, or were, pairs that were not kept.
    """

    sequence: int
    pairs: Mapping[int, bytes]
    state: bytes | None
    followers: frozenset[int] = frozenset()
    more: bool = False


Reader = Callable[[Stored], Indexed]
"""Derives from a stored article what it is indexed under."""


class Index(Protocol):
    """A near-duplicate index. Every method may raise ``StoreError``'s subclasses.

    Order for a writer: ``put``, then ``nearby``: of two copies posted at the same
    moment at least one sees the other.
    """

    @property
    def settings(self) -> Settings:
        """The program's settings, with what the index has of its own (``dedup.index.layout``)."""
        ...

    def put(
        self,
        article: Article,
        language: Language,
        keys: NDArray[np.uint64],
        received: datetime | None = None,
    ) -> Receipt:
        """Store one version of an article under its id. One round trip in 15 of 16 puts.

        Whole or not at all: until it returns or raises, the version may or may not be
        there, but never a part of it. After an error the same call may be made again.

        Args:
            article: As submitted.
            language: What was settled on.
            keys: uint64 (k,): what to index it under.
            received: When its text was first received, if earlier; now if None.
        """
        ...

    def find(self, article_id: str) -> Stored | None:
        """The current version under an id."""
        ...

    def fetch(self, numbers: Sequence[int], *, expired: bool = False) -> tuple[Stored | None, ...]:
        """Stored versions by number, None where there is none. One round trip.

        Args:
            numbers: Of the versions.
            expired: Also those that have expired and are still to be forgotten.
        """
        ...

    def nearby(self, keys: ArticleKeys, limit: int, exclude: int | None = None) -> Nearby:
        """The ``limit`` versions that share most with a query. One round trip.

        A version that was just deleted, or is not yet wholly written, or has expired, may be
        among them; ``fetch`` gives None for it.

        Args:
            keys: Of the query; repeated keys count once.
            limit: Versions returned at most.
            exclude: A number to leave out: the article asked about, where it is stored.
        """
        ...

    def due(self, limit: int) -> tuple[Stored, ...]:
        """Versions that have expired and are still to be forgotten. Two round trips."""
        ...

    def forget(self, number: int, keys: NDArray[np.uint64], *, current: bool = False) -> None:
        """Remove one version that its id no longer names: its record, its keys, its links.

        Keys are derived from its text, which ``fetch`` gives until then.

        Args:
            number: Of the version.
            keys: Its keys.
            current: Also if its id still names it: it has expired.
        """
        ...

    def unname(self, article_id: str) -> tuple[Stored, ...]:
        """Take the id out of use; returns the versions that are still to be forgotten.

        The one it named, if any, and those that a crash kept from being forgotten; empty
        for an id that is not in use. So a deletion that was cut short can be made again.
        """
        ...

    def link(
        self,
        pairs: Sequence[tuple[int, int, bytes]],
        followers: Sequence[tuple[int, int, bytes]] = (),
        max_followers: int = 0,
    ) -> Mapping[int, bytes | None]:
        """Record pairs ``(number, other, record)`` on ``number``; the same again is no change.

        A version that has been forgotten takes none.

        Args:
            pairs: Those that a version keeps, however many it has.
            followers: Those in which ``other`` was taken from ``number``: there may be
                thousands, of which it keeps the first and notes that there are more.
            max_followers: Followers that a version keeps at most.

        Returns:
            Numbers of the versions on which something has changed, each with the verdict
            last settled on.
        """
        ...

    def unlink(self, pairs: Sequence[tuple[int, int]], *, more: bool = False) -> None:
        """Remove pairs ``(number, other)`` from ``number``.

        Args:
            pairs: Those to remove.
            more: They hold, and are removed to keep a bound: note that there are more.
        """
        ...

    def links(self, numbers: Sequence[int]) -> tuple[Links, ...]:
        """The links of stored versions. One round trip."""
        ...

    def states(self, numbers: Sequence[int]) -> tuple[bytes | None, ...]:
        """The verdicts last settled on for stored versions. One round trip."""
        ...

    def settle(self, number: int, seen: Links, state: bytes) -> bool:
        """Record a verdict if links and verdict are still those seen; False if not.

        A version that has been forgotten takes none, and answers True: there is nothing
        to try again.
        """
        ...

    def recall(self, names: Sequence[str]) -> tuple[bytes | None, ...]:
        """Notes kept under names, None where there is none. One round trip."""
        ...

    def remember(self, name: str, note: bytes) -> None:
        """Keep a note under a name: what is dear to compute and true for good."""
        ...

    def create(self) -> bool:
        """Make the index with these settings, families, groups and time to live among them.

        Without it the first call of another method does, or adopts what there is.

        Returns:
            False if there is an index; it is left as it is.
        """
        ...

    def versions(self) -> NDArray[np.uint64]:
        """Numbers of all current versions, in the order in which their texts came.

        An article that is there from the beginning to the end is among them, under a number
        that it had in between. So many round trips as thousands of articles.

        Returns:
            uint64, shape (n,), all different.
        """
        ...

    def stats(self, read: Reader) -> IndexStats:
        """How large the index is, and what fills it.

        Args:
            read: Asked about a few articles: an index does not know how keys are made.
        """
        ...

    def keep_for(self, lifetime: timedelta | None) -> None:
        """Set how long articles are kept that say nothing themselves: those stored from now on.

        Whoever uses the index takes it up when it connects the next time.

        Args:
            lifetime: In whole seconds, more than none; None is for good.
        """
        ...

    def compact(self) -> None:
        """Have the server rewrite its append-only file without what was removed before.

        Returns when that is done: minutes, for a large index.

        Raises:
            StoreError: It keeps none, or could not rewrite it.
        """
        ...

    def ping(self) -> None:
        """Raise ``StoreError`` if the index cannot serve."""
        ...

    def close(self) -> None:
        """Let go of the connection (and of an embedded server, if it is the last user)."""
        ...
