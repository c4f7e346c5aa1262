"""Articles between the stages: rows of ``schema.READ``, found by their numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol

import numpy as np
import pyarrow as pa

from dedup.batch.places import reader, records_reader
from dedup.document import Document
from dedup.judge import Side
from dedup.model import Article, Finding, Language, Span
from dedup.normalize import CleanText, read

UNCHANGED: Final[Mapping[int, str]] = {}
"""Ids of articles that are called otherwise than they are submitted: none."""


@dataclass(frozen=True, slots=True)
class Known:
    """An article as the first stage has read it.

    Attributes:
        number: Names it within the run.
        article: As submitted, under an id that no other one has.
        clean: Its repaired text; the one submitted where there was nothing to repair.
        language: Of its clean text.
        findings: What the artifact rules saw.
        captured: When a crawler fetched it; None if none did.
    """

    number: int
    article: Article
    clean: str
    language: Language
    findings: tuple[Finding, ...]
    captured: datetime | None = None

    @property
    def side(self) -> Side:
        """Where it stands among the others in time, but for its date."""
        return Side(self.captured, self.number)

    def document(self) -> Document:
        """The article read again, of which nothing was kept but what this record says."""
        article = self.article
        # A page is never its own text; a text that is, is not looked through for repairs again.
        as_submitted = article.media == "text" and self.clean == article.text
        clean = CleanText(self.clean, (), article.text) if as_submitted else read(article)
        return Document(article, clean, self.language).with_findings(self.findings)


class Library(Protocol):
    """Gives articles by number."""

    def __getitem__(self, number: int) -> Known:
        """The article.

        Raises:
            KeyError: There is none of that number.
        """
        ...


class Shelf:
    """The articles of one table.

    Args:
        table: Rows of ``schema.READ``, in order of number.
        names: Ids of those that are not called by their own.
    """

    def __init__(self, table: pa.RecordBatch, names: Mapping[int, str] = UNCHANGED) -> None:
        self._table = table
        self._columns: dict[str, pa.Array] = dict(
            zip(table.schema.names, table.columns, strict=True)
        )
        self._at = {name: reader(column) for name, column in self._columns.items()}
        self._findings = records_reader(self._columns["findings"])
        self.numbers = self._columns["number"].to_numpy()
        self._names = names

    def __len__(self) -> int:
        return len(self.numbers)

    def __iter__(self) -> Iterator[Known]:
        return (self.at(place) for place in range(len(self)))

    def __getitem__(self, number: int) -> Known:
        """The article of a number."""
        return self.at(self._place(number))

    def clean(self, number: int) -> str:
        """The clean text of the article of a number."""
        return self.text(self._place(number))

    def _place(self, number: int) -> int:
        place = int(np.searchsorted(self.numbers, number))
        if place == len(self.numbers) or self.numbers[place] != number:
            raise KeyError(number)
        return place

    def at(self, place: int) -> Known:
        """The article at a place in the table."""

        def value(name: str) -> Any:  # noqa: ANN401  # what the column holds
            return self._at[name](place)

        number, submitted = int(self.numbers[place]), value("submitted")
        clean = value("clean")
        return Known(
            number=number,
            article=Article(
                id=self._names.get(number) or value("id"),
                text=submitted,
                media=value("media"),
                title=value("title"),
                url=value("url"),
                source=value("source"),
                published=value("published"),
                lang=value("declared"),
            ),
            clean=submitted if clean is None else clean,
            language=Language(
                value("language"), value("language_confidence"), value("language_by")
            ),
            findings=tuple(map(_finding, self._findings(place))),
            captured=value("captured"),
        )

    def column(self, name: str) -> pa.Array:
        """A column of the table."""
        return self._columns[name]

    def ids(self) -> list[str]:
        """What every article is called."""
        own: list[str] = self._columns["id"].to_pylist()
        return [
            self._names.get(number, name)
            for number, name in zip(self.numbers.tolist(), own, strict=True)
        ]

    def renamed(self, names: Mapping[int, str]) -> Shelf:
        """The same articles under other ids: those that are not called by their own."""
        return Shelf(self._table, names)

    def id(self, place: int) -> str:
        """What the article at a place is called."""
        own: str = self._at["id"](place)
        return self._names.get(int(self.numbers[place]), own)

    def text(self, place: int) -> str:
        """The clean text of the article at a place."""
        clean: str | None = self._at["clean"](place)
        if clean is not None:
            return clean
        submitted: str = self._at["submitted"](place)
        return submitted

    def prose(self, place: int) -> int:
        """Number of words of the article at a place that are no furniture."""
        words: int = self._at["prose"](place)
        return words


def _finding(record: Iterable[Any]) -> Finding:
    """The finding that a record of ``schema.FINDING`` tells, by the values of its fields."""
    rule, start, end, excerpt, weight, says, data = record
    return Finding(rule, Span(start, end), excerpt, weight, says, dict(data))
