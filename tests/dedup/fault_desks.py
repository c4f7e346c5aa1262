"""Two ways to write to an index, and to see what is there: the index's own, and the detector's."""

from __future__ import annotations

import random
from contextlib import suppress
from typing import Protocol

import index_cases
from fault_book import Write

from dedup.compare import profile
from dedup.config import Settings
from dedup.document import read_document
from dedup.errors import UnknownArticleError
from dedup.index.base import Index
from dedup.model import Article
from dedup.pipeline import Detector, keys_of

FAMILIES = 6
"""Stories that all writers of a detector take their articles from."""

MOST_SEEN = 100
"""Candidates asked for: more than a family has members."""

SYLLABLES = ["ba", "ce", "di", "fo", "gu", "la", "me", "ni", "po", "ru", "sa", "te", "vi", "zo"]


class Desk(Protocol):
    """How a writer works with an index.

    Attributes:
        index: The index.
        full_is_nothing: A write that was refused because the memory was full was not made.
    """

    index: Index
    full_is_nothing: bool

    def write(self, write: Write) -> None:
        """Make one write."""
        ...

    def seen(self, text: str) -> list[tuple[str, bool]]:
        """Ids under which a query for a text sees it, and whether with all its keys."""
        ...

    def text(self, n: int, writer: str, chance: random.Random) -> str:
        """A text that was not put before."""
        ...

    def unfinished(self, texts: dict[str, str]) -> dict[str, set[str]]:
        """Of the articles with these texts by id, those that are not done with.

        Returns:
            For each of them the articles of its family that it does not know; itself, if it
            has no verdict.
        """
        ...


class IndexDesk:
    """Puts texts with random keys: many writes, little work for the writer."""

    full_is_nothing = True

    def __init__(self, index: Index, settings: Settings) -> None:
        self.index = index
        del settings

    def write(self, write: Write) -> None:
        """See ``Desk``."""
        if write.text is None:
            index_cases.delete(self.index, write.article_id)
        else:
            index_cases.replace(self.index, write.article_id, write.text)

    def seen(self, text: str) -> list[tuple[str, bool]]:
        """See ``Desk``."""
        return [
            (stored.article.id, collisions == index_cases.N_KEYS)
            for stored, collisions in index_cases.visible(self.index, text)
            if stored.article.text == text
        ]

    def text(self, n: int, writer: str, chance: random.Random) -> str:
        """See ``Desk``."""
        return f"text {n} of {writer}, {chance.randrange(2**32)}"

    def unfinished(self, texts: dict[str, str]) -> dict[str, set[str]]:  # noqa: ARG002
        """See ``Desk``: there is nothing to do beyond the write."""
        return {}


class DetectorDesk:
    """Puts articles as the service does: compared, linked with their family, judged.

    An article that was stored stays when the memory then runs out for its verdict; the same
    call again completes it.
    """

    full_is_nothing = False

    def __init__(self, index: Index, settings: Settings) -> None:
        self.index = index
        self._settings = settings
        self._detector = Detector(index, settings)

    def write(self, write: Write) -> None:
        """See ``Desk``."""
        if write.text is not None:
            self._detector.put(Article(write.article_id, write.text, lang="en"))
            return
        with suppress(UnknownArticleError):
            self._detector.delete(write.article_id)

    def seen(self, text: str) -> list[tuple[str, bool]]:
        """See ``Desk``."""
        query = profile(read_document(Article("query", text, lang="en")))
        keys = keys_of(query, self._settings).keys
        candidates = index_cases.ask(self.index, keys, 100)
        found = self.index.fetch([candidate.number for candidate in candidates])
        return [
            (stored.article.id, candidate.collisions == len(keys))
            for stored, candidate in zip(found, candidates, strict=True)
            if stored is not None and stored.article.text == text
        ]

    def text(self, n: int, writer: str, chance: random.Random) -> str:
        """See ``Desk``."""
        return f"{story(chance.randrange(FAMILIES))}\n\nThis is text {n} of writer {writer}."

    def unfinished(self, texts: dict[str, str]) -> dict[str, set[str]]:
        """See ``Desk``: each must have a verdict, and know all others of its family."""
        families: dict[str, set[str]] = {}
        for article_id, text in texts.items():
            families.setdefault(text.rpartition("\n\n")[0], set()).add(article_id)
        return {
            article_id: missing
            for family in families.values()
            for article_id in family
            if (missing := self._missing(article_id, family))
        }

    def _missing(self, article_id: str, family: set[str]) -> set[str]:
        stored = self._detector.stored(article_id)
        (links,) = self.index.links([stored.number])
        known = {match.other.id for match in self._detector.report(article_id).matches}
        return family - known - ({article_id} if links.state else set())


def story(number: int) -> str:
    """A made-up article of 60 words that shares nothing with those of other numbers."""
    chance = random.Random(number)
    sentences = (
        " ".join("".join(chance.choices(SYLLABLES, k=3)) for _ in range(12)) for _ in range(5)
    )
    return "\n\n".join(f"{sentence.capitalize()}." for sentence in sentences)
