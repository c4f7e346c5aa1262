"""One row of an input to one article; what of it cannot be used is noted, and left out.

A row without a usable text is refused. Nothing else is a reason to lose an article: an id that
cannot name one, a date that cannot be read, an address that is none, a language that is no tag
and half of a surrogate pair are noted, and the article is taken without them.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from dedup.batch.schema import article_number
from dedup.batch.sources.dates import parse_date
from dedup.batch.sources.fields import value_of
from dedup.batch.sources.records import Fields, Input, Reject, Row, shown
from dedup.config import Limits
from dedup.errors import BadIdError, InputError
from dedup.ids import check_id
from dedup.language import parse_tag
from dedup.model import Article, Media
from dedup.validation import check_size, is_web_address

_SHOWN_OF_VALUE: Final = 100
"""Characters of a value that a note quotes."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands.

    Attributes:
        file: Its input.
        row: Its place there, from 0.
        byte: Where it begins in the unpacked file, if that is known.
        raw: The row as it stands there, if it can be shown.
    """

    file: Input
    row: int
    byte: int | None = None
    raw: bytes | None = None

    @property
    def name(self) -> str:
        """An id for an article that brings none."""
        return f"{self.file.name}:{self.row + 1}"

    def refused(self, error: InputError) -> Reject:
        """The row, with what is wrong with it."""
        raw = None if self.raw is None else shown(self.raw)
        return Reject(self.file.path, self.row, str(error), error.field, self.byte, raw)

    def noted(self, error: InputError) -> Reject:
        """What of the row is not used, with the reason."""
        return Reject(
            self.file.path, self.row, str(error), error.field, self.byte, raw=None, kept=True
        )


@dataclass(frozen=True, slots=True)
class Found:
    """What a row or a document says, before it is checked."""

    text: object
    media: Media
    id: object = None
    title: object = None
    url: object = None
    source: object = None
    published: object = None
    lang: object = None
    captured: object = None


def from_table(values: Mapping[str, object], fields: Fields) -> Found:
    """What a row of a table says.

    Raises:
        InputError: It has no text.
    """
    media: Media = "text"
    text = None if fields.text is None else value_of(values, fields.text)
    if _is_empty(text) and fields.html is not None:
        media, text = "html", value_of(values, fields.html)
    if _is_empty(text):
        looked = " and ".join(repr(name) for name in (fields.text, fields.html) if name)
        filled = ", ".join(repr(name) for name, value in values.items() if not _is_empty(value))
        raise InputError(f"has no text: nothing in {looked}, but in {filled or 'nothing'}", "text")
    return Found(
        text=text,
        media=media,
        id=_value(values, fields.id),
        title=_value(values, fields.title),
        url=_value(values, fields.url),
        source=_value(values, fields.source),
        published=_value(values, fields.published),
        lang=_value(values, fields.lang),
        captured=_value(values, fields.captured),
    )


def to_row(found: Found, place: Place, limits: Limits) -> Row | Reject:
    """The article, or why there is none."""
    try:
        text = _text(found, limits)
    except InputError as error:
        return place.refused(error)
    checks = _Checks(place)
    article = Article(
        id=checks.id(found.id),
        text=checks.unicode("text", text),
        media=found.media,
        title=checks.string("title", found.title),
        url=checks.url(found.url),
        source=checks.string("source", found.source),
        published=checks.moment("published", found.published),
        lang=checks.language(found.lang),
    )
    return Row(
        number=article_number(place.file.number, place.row),
        article=article,
        file=place.file.path,
        row=place.row,
        captured=checks.moment("captured", found.captured),
        notes=tuple(checks.notes),
    )


def _text(found: Found, limits: Limits) -> str:
    text = found.text
    if isinstance(text, bytes):
        try:
            text = text.decode()
        except UnicodeDecodeError as error:
            raise InputError(f"the text is not UTF-8: {error}", "text") from error
    if not isinstance(text, str):
        raise InputError(f"the text must be a string, not {_quoted(text)}", "text")
    if not text.strip():
        raise InputError("has no text", "text")
    if found.media == "html":
        check_size(len(text), limits.max_page_characters, "page")
    else:
        check_size(len(text), limits.max_characters, "text")
    return text


class _Checks:
    """Takes what can be used of a row, and notes what cannot."""

    def __init__(self, place: Place) -> None:
        self._place = place
        self.notes: list[Reject] = []

    def id(self, value: object) -> str:
        """The id, or the row's place where it brings none that can name an article."""
        match value:
            case bool() | None:
                name = None
            case float() if value.is_integer():
                name = str(int(value))
            case int() | str():
                name = str(value).strip()
            case _:
                name = None
        if not name:
            if not _is_empty(value):
                self._note("id", f"{_quoted(value)} is no id; it is named by its place")
            return self._place.name
        try:
            check_id(name)
        except (BadIdError, UnicodeEncodeError) as error:
            self._note("id", f"{error}; it is named by its place instead of {_quoted(value)}")
            return self._place.name
        return name

    def unicode(self, name: str, text: str) -> str:
        """Unicode text: pairs of surrogates joined, halves replaced."""
        try:
            text.encode()
        except UnicodeEncodeError:
            self._note(name, "half of a surrogate pair, which is no text, is replaced by U+FFFD")
            return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return text

    def string(self, name: str, value: object) -> str | None:
        """A string; numbers are spelled out."""
        if _is_empty(value):
            return None
        if isinstance(value, int | float) and not isinstance(value, bool):
            return str(value)
        if not isinstance(value, str):
            self._note(name, f"must be a string, not {_quoted(value)}; it is left out")
            return None
        return self.unicode(name, value.strip())

    def url(self, value: object) -> str | None:
        """An address of the web."""
        url = self.string("url", value)
        if url is not None and not is_web_address(url):
            self._note(
                "url",
                f"{_quoted(url)} is no address such as https://example.com/news/1; it is left out",
            )
            return None
        return url

    def moment(self, name: str, value: object) -> datetime | None:
        """A date or time in UTC."""
        try:
            return parse_date(value)
        except ValueError as error:
            self._note(name, f"{_quoted(value)} {error}; it is left out")
            return None

    def language(self, value: object) -> str | None:
        """A language tag."""
        tag = self.string("lang", value)
        if tag is not None and not _is_language(tag):
            self._note(
                "lang", f"{_quoted(tag)} is no language tag such as 'en' or 'pt-BR'; it is left out"
            )
            return None
        return tag

    def _note(self, name: str, reason: str) -> None:
        self.notes.append(self._place.noted(InputError(reason, name)))


@functools.lru_cache(maxsize=1024)
def _is_language(tag: str) -> bool:
    return parse_tag(tag) is not None


def _value(values: Mapping[str, object], name: str | None) -> object:
    return None if name is None else value_of(values, name)


def _is_empty(value: object) -> bool:
    """Whether it says nothing: tables of numbers spell that NaN."""
    if isinstance(value, float):
        return math.isnan(value)
    return value is None or (isinstance(value, str | bytes) and not value.strip())


def _quoted(value: object) -> str:
    spelled = repr(value)
    return spelled if len(spelled) <= _SHOWN_OF_VALUE else f"{spelled[:_SHOWN_OF_VALUE]}…"
