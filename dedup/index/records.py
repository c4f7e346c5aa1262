"""One stored version of an article as bytes.

    16 digits   when the server took it, microseconds since 1970
     4 digits   length of the id in bytes
     ...        the id, UTF-8
     ...        a zstd frame (``dedup.index.compression``): a JSON object of the other fields,
                the settled language, and when the index lets go of the version

The time is the server's: one clock for all writers, and it is the server that puts it
there. The id stands apart so that a script can find it. JSON costs no more than a format of
its own would: what its field names take, the dictionaries know.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from dedup.errors import BadIdError
from dedup.index.base import Stored
from dedup.index.compression import compress, decompress
from dedup.index.keys import encode_id
from dedup.model import Article, Language

STAMP_DIGITS = 16
"""Of the time; enough until the year 2286."""

LENGTH_DIGITS = 4
MAX_ID_BYTES = 10**LENGTH_DIGITS - 1

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def pack_record(article: Article, language: Language, expires: datetime | None = None) -> bytes:
    """A record but for its time.

    Args:
        article: As submitted; the expiry it asks for is kept with it.
        language: What was settled on.
        expires: When the index lets go of it, UTC; None is never.

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
        "published": _spell(article.published),
        "expires": _spell(article.expires),
        "due": _spell(expires),
        "declared": article.lang,
        "language": [language.code, language.confidence, language.by],
    }
    present = {name: value for name, value in fields.items() if value is not None}
    text = json.dumps(present, ensure_ascii=False, separators=(",", ":"))
    frame = compress(text.encode("utf-8", "surrogatepass"), language.code)
    return b"%0*d%b%b" % (LENGTH_DIGITS, len(name), name, frame)


def unpack_record(number: int, record: bytes) -> Stored:
    """A record as the server keeps it, with its time.

    Raises:
        IndexFormatError: A newer version of secondhand wrote it.
    """
    name = STAMP_DIGITS + LENGTH_DIGITS
    frame = name + int(record[STAMP_DIGITS:name])
    fields = json.loads(decompress(record[frame:]).decode("utf-8", "surrogatepass"))
    return Stored(
        number=number,
        article=_article(record[name:frame].decode("utf-8", "surrogatepass"), fields),
        language=Language(*fields["language"]),
        received=read_stamp(record[:STAMP_DIGITS]),
        expires=_read_time(fields.get("due")),
    )


def write_stamp(time: datetime) -> bytes:
    """A time, UTC, as a record begins with it."""
    return b"%0*d" % (STAMP_DIGITS, (time - _EPOCH) // timedelta(microseconds=1))


def read_stamp(stamp: bytes) -> datetime:
    """The time that a record begins with, UTC."""
    return _EPOCH + timedelta(microseconds=int(stamp))


def _article(article_id: str, fields: dict[str, Any]) -> Article:
    return Article(
        id=article_id,
        text=fields["text"],
        media=fields["media"],
        title=fields.get("title"),
        url=fields.get("url"),
        source=fields.get("source"),
        published=_read_time(fields.get("published")),
        lang=fields.get("declared"),
        expires=_read_time(fields.get("expires")),
    )


def _spell(time: datetime | None) -> str | None:
    return time.isoformat() if time else None


def _read_time(spelled: str | None) -> datetime | None:
    return datetime.fromisoformat(spelled) if spelled else None
