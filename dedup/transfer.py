"""Moving articles from one index to another.

What moves is what was submitted, and when it first came. Keys, links and verdicts are made
again where it arrives: a verdict is a function of the articles that are there, of their
dates and of when they came, so those of a whole index are the same again. What does not
move is what is known of articles that are gone: a copy whose source was deleted is judged
without it. Revisions count from 1 again; they say how often an answer changed in one index.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Literal

import numpy as np

from dedup.config import Settings
from dedup.index.base import Index, Stored, has_expired
from dedup.model import Article
from dedup.pairs import State
from dedup.pipeline import Detector

BATCH: Final = 32
"""Articles fetched at once: .2 MB usually, 40 MB if all are of the longest that are accepted."""

Taken = Literal["stored", "known", "older", "expired"]
"""What became of an entry: it was stored, or was there; the index has a text under its id
that came later; or its time was up."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One article on its way from an index to another.

    Attributes:
        article: As submitted; ``expires`` is when the index would have let go of it, by
            whatever rule.
        received: When its text first came; None if nobody knows.
    """

    article: Article
    received: datetime | None


def export(index: Index, announce: Callable[[int], None] = lambda _: None) -> Iterator[Entry]:
    """All articles of an index, in the order in which they came, while others write to it.

    An article that is there from the beginning to the end is among them. Those that are
    replaced meanwhile come last, perhaps once more; those that come meanwhile may be missing.

    Args:
        index: Their index.
        announce: Told how many they will be, about, before the first.
    """
    told = np.zeros(0, dtype=np.uint64)
    while True:
        listed = index.versions()
        fresh = listed[~np.isin(listed, told)]
        told = np.concatenate([told, fresh])
        announce(len(told))
        gone = 0
        for start in range(0, len(fresh), BATCH):
            for stored in index.fetch(fresh[start : start + BATCH].tolist()):
                if stored is None:  # deleted, or replaced by a version that was not listed
                    gone += 1
                else:
                    yield Entry(replace(stored.article, expires=stored.expires), stored.received)
        if not gone:
            return


class Importer:
    """Takes entries into an index. The same entry again is no change.

    Args:
        index: Where they are taken to. The importer closes it.
        settings: Those it was opened with.
    """

    def __init__(self, index: Index, settings: Settings | None = None) -> None:
        self._index = index
        self._detector = Detector(index, settings)

    def take(self, entry: Entry) -> Taken:
        """Store an article, unless it is there, or a text that came later under its id.

        After an error the same call may be made again.

        Raises:
            InputError: It cannot be stored.
        """
        article, received = entry.article, entry.received
        if has_expired(article.expires):
            return "expired"
        known = self._index.find(article.id)
        if known is not None and received is not None and received < known.received:
            if (known.article.media, known.article.text) != (article.media, article.text):
                return "older"
        elif known is not None and self._is_settled(known) and _says_the_same(known, article):
            return "known"
        self._detector.put(article, received=received)
        return "stored"

    def close(self) -> None:
        """Finish what is done beside the storing, and let go of the index."""
        self._detector.close()

    def _is_settled(self, known: Stored) -> bool:
        (state,) = self._index.states([known.number])
        return state is not None and State.decode(state).complete


def _says_the_same(known: Stored, article: Article) -> bool:
    """Whether an article would be stored as it is; its expiry may be the index's default."""
    return article in (known.article, replace(known.article, expires=known.expires))
