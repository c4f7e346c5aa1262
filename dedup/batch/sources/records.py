"""What passes between finding inputs, cutting them into pieces, and reading rows.

An input is cut by one process and read by many. So a piece says all that it takes to read it,
and can be sent elsewhere.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, Final, Literal

import pyarrow as pa

from dedup.batch.schema import article_number
from dedup.model import Article

RAW_CHARACTERS: Final = 65_536
"""Of a row that is not taken: nearly any article as a whole, for who mends it."""

Kind = Literal["jsonl", "json", "csv", "parquet", "warc", "text", "html"]
"""``jsonl``: an object on each line. ``json``: objects one after the other or in an array.
``csv``: records under a line of names. ``text`` and ``html``: a file is an article."""

DOCUMENTS: Final[frozenset[Kind]] = frozenset(("text", "html"))
TABLES: Final[frozenset[Kind]] = frozenset(("jsonl", "json", "csv", "parquet"))
"""Kinds whose rows have fields."""


@dataclass(frozen=True, slots=True)
class Fields:
    """Which field of a row holds what; None if none does.

    A name with dots leads into a field of a field (``source.name``) where a row has no field
    of that very name. ``html`` is looked at where ``text`` is missing or empty.
    """

    text: str | None = None
    html: str | None = None
    id: str | None = None
    title: str | None = None
    url: str | None = None
    source: str | None = None
    published: str | None = None
    captured: str | None = None
    lang: str | None = None

    def names(self) -> frozenset[str]:
        """Names of all fields that are looked at."""
        given = (getattr(self, role) for role in self.__dataclass_fields__)
        return frozenset(name for name in given if name is not None)


NO_FIELDS: Final = Fields()
"""Those of what is no table."""


@dataclass(frozen=True, slots=True)
class Input:
    """One input file.

    Attributes:
        number: Its place among all, from 0; of files of known articles below 0.
        path: As it was given, or below the folder that was given.
        name: Its path below that folder, or its bare name; printable, and short enough to be an
            id. Articles without an id are named by it.
        kind: What it holds.
        size: Bytes of the file, compressed or not.
        fields: For tables.
        delimiter: For CSV.
        problem: Why nothing can be read from it; it comes out as a ``Reject``.
    """

    number: int
    path: str
    name: str
    kind: Kind
    size: int
    fields: Fields = NO_FIELDS
    delimiter: str = ","
    problem: str | None = None


@dataclass(frozen=True, slots=True)
class Inputs:
    """All input files, in order, and files in folders that are none.

    Attributes:
        files: The inputs.
        passed_over: Paths of files in the given folders whose ending and content say that they
            hold no articles.
    """

    files: tuple[Input, ...]
    passed_over: tuple[str, ...] = ()

    def as_known(self) -> Inputs:
        """The same files, as those of articles that a run is only against."""
        first = -len(self.files)
        files = (replace(file, number=number) for number, file in enumerate(self.files, first))
        return replace(self, files=tuple(files))

    @property
    def size(self) -> int:
        """Bytes of all files."""
        return sum(file.size for file in self.files)


@dataclass(frozen=True, slots=True)
class Reject:
    r"""A row that is not taken, or (``kept``) something in a row that is taken without it.

    Attributes:
        file: Path of the input file.
        row: Its place in the file, from 0; None if the rest of the file cannot be read.
        reason: What is wrong and what to do.
        field: The name of the offending field in ``Article``, where there is one.
        byte: Where the row begins in the (unpacked) file, where that is known.
        raw: The row as it stands in the file, cut to ``RAW_CHARACTERS``; bytes that are no UTF-8
            are spelled ``\xNN``. None where there is nothing to show, or nothing but text.
        kept: The row is taken.
    """

    file: str
    row: int | None
    reason: str
    field: str | None = None
    byte: int | None = None
    raw: str | None = None
    kept: bool = False

    def as_json(self) -> dict[str, Any]:
        """The same as JSON values; there rows count from 1."""
        return {**asdict(self), "row": None if self.row is None else self.row + 1}


@dataclass(frozen=True, slots=True)
class Row:
    """An article that can be read on.

    Attributes:
        number: ``dedup.batch.schema.article_number`` of its file and row.
        article: With an id (the caller's, or ``<name>:<row + 1>``; not necessarily unique), a
            text that is not empty and is Unicode text, and within the limits.
        file: Path of the input file.
        row: Its place in the file, from 0. Of JSON lines the line, empty ones counted.
        captured: When it was fetched, or received; always with a time zone.
        notes: What of the row could not be used (``kept``), for the rejects file.
    """

    number: int
    article: Article
    file: str
    row: int
    captured: datetime | None = None
    notes: tuple[Reject, ...] = ()


@dataclass(frozen=True, slots=True)
class Passed:
    """A row that is none of what was asked for: to be counted, not reported.

    Attributes:
        reason: One of few (``"status 404"``, ``"not HTML"``).
    """

    file: str
    row: int
    reason: str


@dataclass(frozen=True, slots=True)
class Piece:
    """Some consecutive rows of an input, or some consecutive files of an article each.

    Pickles in about ``cutting.PIECE_BYTES`` at most, or in one row if that is longer. The same
    inputs give the same pieces in every run.

    Attributes:
        number: Its place among all pieces, from 0.
        inputs: The file it is from; several if each is an article.
        row: Place of its first row in its file, from 0.
        read: Bytes of all inputs (``Inputs.size``) that have been read when it is cut.
        start: Where it begins in the unpacked file.
        length: How many bytes it has there, if it is to be read from there; else 0.
        data: What it holds, where it is not to be read from the file: lines or records as they
            are, whole records for WARC.
        table: The rows of Parquet, in Arrow's stream format.
        header: Names of the fields, of CSV.
        aside: What stands before its first row and could not be cut: rows too long, the rest of
            a broken file.
    """

    number: int
    inputs: tuple[Input, ...]
    row: int
    read: int
    start: int = 0
    length: int = 0
    data: bytes | None = None
    table: pa.Buffer | None = None
    header: tuple[str, ...] = ()
    aside: tuple[Reject | Passed, ...] = ()

    @property
    def first(self) -> int:
        """The number that an article in its first row has."""
        return article_number(self.inputs[0].number, self.row)


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much is cut at once.

    Attributes:
        bytes: Of a piece, unless one row is longer.
        rows: Of a piece.
        row_bytes: Of a row; a longer one is no article, and is not kept in memory.
    """

    bytes: int
    rows: int
    row_bytes: int


def shown(raw: bytes | str) -> str:
    """A row for its reader, as ``Reject.raw`` has it."""
    if isinstance(raw, bytes):
        raw = raw[: RAW_CHARACTERS * 4].decode("utf-8", "backslashreplace")
    return raw[:RAW_CHARACTERS].encode("utf-8", "backslashreplace").decode()
