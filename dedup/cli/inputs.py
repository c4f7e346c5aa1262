"""From files and standard input to articles.

The suffix says what a file holds: ``.html`` and ``.htm`` a page, ``.json`` one article in
the API's shape, ``.txt`` text. Anything else, and standard input, is looked at.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from dedup.cli.streams import STDIN
from dedup.config import Limits
from dedup.decoding import LOOKS_LIKE_HTML, Format, decode, most_bytes
from dedup.errors import InputError, TooLargeError
from dedup.model import Article
from dedup.times import parse_time
from dedup.transfer import Entry

STDIN_ID = "stdin"

JSON_FIELDS = ("id", "text", "html", "title", "url", "source", "published", "lang", "expires")
ENTRY_FIELDS = (*JSON_FIELDS, "received")

FORMATS: dict[str, Format] = {".txt": "text", ".html": "html", ".htm": "html", ".json": "json"}


def read_article(path: str, limits: Limits) -> Article:
    """The article in a file, or on standard input for ``-``; its id is the file's stem.

    Raises:
        InputError: It cannot be read, is empty, binary, not UTF-8, or JSON of another shape.
        TooLargeError: It is larger than any acceptable text.
    """
    name = "standard input" if path == STDIN else path
    article_id = STDIN_ID if path == STDIN else Path(path).stem
    try:
        form = FORMATS.get(Path(path).suffix.lower())
        text = decode(_read_bytes(path, form, limits))
        form = form or _sniff(text)
        if form == "json":
            return article_from_json(text, article_id)
        return Article(article_id, text, form)
    except OSError as error:
        raise InputError(f"{name}: cannot be read: {error.strerror}") from error
    except InputError as error:
        raise type(error)(f"{name}: {error}", error.field) from error


def article_from_json(text: str, article_id: str) -> Article:
    """One article in the shape that the HTTP API takes.

    Args:
        text: A JSON object with ``text`` or ``html``, and optionally the other fields.
        article_id: Its id if it brings none.

    Raises:
        InputError: It has another shape.
    """
    return _article(_fields(text, JSON_FIELDS), article_id)


def entry_from_json(text: str) -> Entry:
    """One article as ``index export`` writes it: the same, with an id and ``received``.

    Raises:
        InputError: It has another shape.
    """
    fields = _fields(text, ENTRY_FIELDS)
    if "id" not in fields:
        raise InputError("must have an id", "id")
    return Entry(_article(fields, fields["id"]), _moment(fields, "received"))


def entry_to_json(entry: Entry) -> str:
    """One article as ``entry_from_json`` reads it: a line."""
    article = entry.article
    fields = {
        "id": article.id,
        article.media: article.text,
        "title": article.title,
        "url": article.url,
        "source": article.source,
        "published": _time(article.published),
        "lang": article.lang,
        "expires": _time(article.expires),
        "received": _time(entry.received),
    }
    present = {name: value for name, value in fields.items() if value is not None}
    return json.dumps(present, ensure_ascii=False) + "\n"


def _time(time: datetime | None) -> str | None:
    # To the microsecond: two articles that came in one second stay in order.
    return None if time is None else time.astimezone(UTC).isoformat().replace("+00:00", "Z")


def _fields(text: str, known: Sequence[str]) -> dict[str, str]:
    try:
        fields = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        raise InputError(f"is not JSON ({error}); plain text belongs into a .txt file") from error
    if not isinstance(fields, dict):
        raise InputError('is JSON, but not one object such as {"text": "…"}')
    fields = {name: value for name, value in fields.items() if value is not None}
    for name, value in fields.items():
        if name not in known:
            raise InputError(f"has an unknown field {name!r}; known: {', '.join(known)}")
        if not isinstance(value, str):
            raise InputError(f"{name} must be a string, not {json.dumps(value)[:40]}", name)
    if ("text" in fields) == ("html" in fields):
        raise InputError("must have exactly one of the fields text and html")
    return fields


def _article(fields: Mapping[str, str], article_id: str) -> Article:
    return Article(
        id=fields.get("id", article_id),
        text=fields["text"] if "text" in fields else fields["html"],
        media="text" if "text" in fields else "html",
        published=_moment(fields, "published"),
        expires=_moment(fields, "expires"),
        **{name: fields.get(name) for name in ("title", "url", "source", "lang")},
    )


def _moment(fields: Mapping[str, str], name: str) -> datetime | None:
    if name not in fields:
        return None
    try:
        return parse_time(fields[name])
    except ValueError as error:
        raise InputError(f"{name} is {fields[name]!r}; it {error}", name) from error


def _read_bytes(path: str, form: Format | None, limits: Limits) -> bytes:
    most = most_bytes(form or "json", limits)  # not known yet: what takes most
    if path == STDIN:
        return _read_at_most(sys.stdin.buffer, most)
    with Path(path).open("rb") as file:
        return _read_at_most(file, most)


def _read_at_most(file: IO[bytes], most: int) -> bytes:
    data = file.read(most + 1)
    if len(data) > most:
        raise TooLargeError(
            f"has more than {most:,} bytes; give one article at a time, not a collection"
        )
    return data


def _sniff(text: str) -> Format:
    if text.lstrip().startswith("{"):
        return "json"
    return "html" if LOOKS_LIKE_HTML.match(text) else "text"
