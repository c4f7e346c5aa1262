"""What is refused before anything is done with it."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit

from dedup.config import Limits
from dedup.errors import InputError, TooLargeError
from dedup.ids import check_id
from dedup.language import parse_tag
from dedup.model import Article

NOT_IN_ADDRESS: Final = re.compile(r"[\s\x00-\x1f\x7f-\x9f]")
"""White space and control characters, which urlsplit would pass over in silence."""


def validate(article: Article, limits: Limits) -> None:
    """Refuse what cannot be stored.

    Raises:
        BadIdError: The id cannot name an article.
        TooLargeError: The text or page is longer than accepted.
        InputError: A field is not Unicode text, the date has no time zone, the address
            is not one of the web, or the declared language is not a language tag; or it
            would have expired already.
    """
    check_id(article.id)
    validate_content(article, limits)
    if article.expires is not None:
        _check_expiry(article.expires)


def validate_content(article: Article, limits: Limits) -> None:
    """Refuse what cannot be judged; the id does not matter.

    Raises:
        TooLargeError, InputError: As ``validate`` does.
    """
    if article.media == "html":
        check_size(len(article.text), limits.max_page_characters, "page")
    else:
        check_size(len(article.text), limits.max_characters, "text")
    for name in ("text", "title", "url", "source", "lang"):
        _check_unicode(name, getattr(article, name))
    if article.published is not None and article.published.tzinfo is None:
        raise InputError("the date needs a time zone, such as 2020-02-09T10:47:48Z", "published")
    if article.url is not None and not is_web_address(article.url):
        raise InputError("it must be an address such as https://example.com/news/1", "url")
    if article.lang is not None and parse_tag(article.lang) is None:
        raise InputError(
            f"{article.lang!r} is not a language tag; send one such as 'en' or 'pt-BR', or none",
            "lang",
        )


def is_web_address(text: str) -> bool:
    """Whether it is where an article can be found: http or https, a host, a possible port.

    Others (``javascript:``) are no place to find it at, and pages may link to it.

    >>> is_web_address("https://example.com/news/1"), is_web_address("http://a:99999999/")
    (True, False)
    """
    if NOT_IN_ADDRESS.search(text):
        return False
    try:
        parts = urlsplit(text)
        readable = bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return readable and parts.scheme in {"http", "https"}


def _check_expiry(expires: datetime) -> None:
    if expires.tzinfo is None:
        raise InputError("it needs a time zone, such as 2031-02-09T10:47:48Z", "expires")
    if expires <= datetime.now(UTC):
        over = expires.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        raise InputError(
            f"expires is {over}, which is over; send a time to come, or none", "expires"
        )


def check_size(characters: int, most: int, what: str) -> None:
    """Refuse more than one article.

    Args:
        characters: Length of the text, in code points.
        most: Longest accepted.
        what: What is long, for the reader.

    Raises:
        TooLargeError: It is longer.
    """
    if characters > most:
        raise TooLargeError(
            f"the {what} has {characters:,} characters; at most {most:,} are accepted: send one "
            "article, not a collection",
            "text",
        )


def _check_unicode(name: str, value: str | None) -> None:
    if value is None:
        return
    try:
        value.encode("utf-8")
    except UnicodeEncodeError as error:
        raise InputError(
            f"character {error.start} is half of a surrogate pair "
            f"(U+{ord(value[error.start]):04X}) and no Unicode text; decode the source as UTF-16 "
            "or UTF-8 first",
            name,
        ) from error
