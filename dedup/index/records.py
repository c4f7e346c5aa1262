"""One stored version of an article as bytes.

    16 digits   when the server took it, microseconds since 1970
     4 digits   length of the id in bytes
     ...        the id, UTF-8
     ...        a zstd frame: a JSON object of the other fields and the settled language

The time is the server's: one clock for all writers, and it is the server that puts it
there. The id stands apart so that a script can find it.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import zstandard

from dedup.errors import BadIdError
from dedup.index.base import Stored
from dedup.index.keys import encode_id
from dedup.model import Article, Language

STAMP_DIGITS = 16
"""Of the time; enough until the year 2286."""

LENGTH_DIGITS = 4
MAX_ID_BYTES = 10**LENGTH_DIGITS - 1

LEVEL = 3
"""zstd's default."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def pack_record(article: Article, language: Language) -> bytes:
    """A record but for its time.

    Raises:
        BadIdError: The id is longer than ``MAX_ID_BYTES``.
    """
    name = encode_id(article.id)
    if len(name) > MAX_ID_BYTES:
        raise BadIdError(f"an id of {len(name)} bytes cannot be stored", "id")
    fields = {
        "text": article.text,
        "media": article.media,
        "title": article.title,
        "url": article.url,
        "source": article.source,
        "published": article.published.isoformat() if article.published else None,
        "declared": article.lang,
        "language": [language.code, language.confidence, language.by],
    }
    present = {name: value for name, value in fields.items() if value is not None}
    text = json.dumps(present, ensure_ascii=False, separators=(",", ":"))
    frame = zstandard.compress(text.encode("utf-8", "surrogatepass"), LEVEL)
    return b"%0*d%b%b" % (LENGTH_DIGITS, len(name), name, frame)


def unpack_record(number: int, record: bytes) -> Stored:
    """A record as the server keeps it, with its time."""
    name = STAMP_DIGITS + LENGTH_DIGITS
    frame = name + int(record[STAMP_DIGITS:name])
    fields = json.loads(zstandard.decompress(record[frame:]).decode("utf-8", "surrogatepass"))
    return Stored(
        number=number,
        article=_article(record[name:frame].decode("utf-8", "surrogatepass"), fields),
        language=Language(*fields["language"]),
        received=read_stamp(record[:STAMP_DIGITS]),
    )


def write_stamp(time: datetime) -> bytes:
    """A time, UTC, as a record begins with it."""
    return b"%0*d" % (STAMP_DIGITS, (time - _EPOCH) // timedelta(microseconds=1))


def read_stamp(stamp: bytes) -> datetime:
    """The time that a record begins with, UTC."""
    return _EPOCH + timedelta(microseconds=int(stamp))


def _article(article_id: str, fields: dict[str, Any]) -> Article:
    published = fields.get("published")
    return Article(
        id=article_id,
        text=fields["text"],
        media=fields["media"],
        title=fields.get("title"),
        url=fields.get("url"),
        source=fields.get("source"),
        published=datetime.fromisoformat(published) if published else None,
        lang=fields.get("declared"),
    )
