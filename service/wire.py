"""From bytes and JSON to articles: what a request may hold, checked field by field.

Anything that a request sends is refused here or is safe to store. The schemas are the
ones that ``/openapi.json`` shows.
"""

from __future__ import annotations

import json
import re
from datetime import datetime
from typing import Annotated, Final, NoReturn, Self
from urllib.parse import quote

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    model_validator,
)

from dedup.errors import BadIdError
from dedup.ids import MAX_ID_BYTES, check_id
from dedup.model import Article
from dedup.times import parse_time
from dedup.validation import is_web_address

ARTICLES: Final = "/v1/articles/"
VIEW_SUFFIXES: Final = ("/verdict", "/badge.svg")
"""What may follow an article's address. An id that ends so would make addresses mean two
things."""

MAX_LINE: Final = 2000
"""Longest title, source or address of an article, in code points: what browsers and news
sitemaps bear, and far from what a hostile client could fill the store with."""

SURROGATE: Final = re.compile("[\ud800-\udfff]")
CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f]")


def parse_json(body: bytes) -> dict[str, object]:
    """The JSON object in a request body.

    Stricter than the standard library: one key twice, ``NaN`` and its like are refused,
    because two readers would understand them differently.

    Raises:
        ValueError: It is not a JSON object in UTF-8; the text says what is wrong where.
    """
    try:
        value = json.loads(
            body.decode("utf-8-sig"),
            object_pairs_hook=_unique,
            parse_constant=_no_constant,
            parse_int=float,  # no field takes a number, and int() refuses very long ones
        )
    except UnicodeDecodeError as error:
        raise ValueError(f"byte {error.start} is not valid UTF-8; send JSON in UTF-8") from error
    except json.JSONDecodeError as error:
        raise ValueError(
            f"line {error.lineno}, column {error.colno} is not JSON: {error.msg}"
        ) from error
    except RecursionError as error:
        raise ValueError("the JSON is nested too deeply; send one flat object") from error
    if not isinstance(value, dict):
        raise ValueError("the JSON is not an object; send {…} with a `text` or `html` field")  # noqa: TRY004  # the body is wrong, not a type
    return value


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if SURROGATE.search(key):
            raise ValueError(f"the JSON holds the key {key!r}, which is no Unicode text")
        if key in found:
            raise ValueError(f"the JSON holds the key {key!r} twice; send it once")
        found[key] = value
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON; leave the value out or send null")


def _encodable(value: object) -> object:
    """Refuse half of a surrogate pair: no UTF-8 text can hold it, so it cannot be stored."""
    if isinstance(value, str) and (surrogate := SURROGATE.search(value)):
        raise ValueError(
            f"holds the lone surrogate U+{ord(surrogate[0]):04X} at position "
            f"{surrogate.start()}; send whole characters"
        )
    return value


def _one_line(value: str) -> str:
    if control := CONTROL.search(value):
        raise ValueError(
            f"holds the control character U+{ord(control[0]):04X} at position "
            f"{control.start()}; send one line of text"
        )
    return value


def _web_address(value: str) -> str:
    if not is_web_address(value):
        raise ValueError("must be an address such as https://example.com/news/1")
    return value


def _moment(value: object) -> datetime:
    return parse_time(value if isinstance(value, str) else "")


def _article_id(value: str) -> str:
    check_id(value)
    check_address(value)
    return value


def check_address(article_id: str) -> None:
    """Refuse ids that have no address of their own under ``/v1/articles/``.

    Raises:
        BadIdError: It ends like one of an article's views, or has a ``.`` or ``..``
            between slashes, which clients and proxies resolve before they send it.
    """
    if article_id.endswith(VIEW_SUFFIXES):
        raise BadIdError(
            f"the id may not end in {' or '.join(VIEW_SUFFIXES)}, which follow an article's "
            "address; use another id",
            "id",
        )
    if not {".", ".."}.isdisjoint(article_id.split("/")):
        raise BadIdError(
            "the id may not have '.' or '..' between slashes, which an address cannot hold; "
            "use another id",
            "id",
        )


def address(article_id: str) -> str:
    """The path of an article, whatever its id holds.

    >>> address("https://example.com/a b")
    '/v1/articles/https%3A%2F%2Fexample.com%2Fa%20b'
    """
    return ARTICLES + quote(article_id, safe="")


Text = Annotated[str, BeforeValidator(_encodable)]
Line = Annotated[
    str, Field(max_length=MAX_LINE), BeforeValidator(_encodable), AfterValidator(_one_line)
]
WebAddress = Annotated[Line, AfterValidator(_web_address)]
Moment = Annotated[
    datetime,
    BeforeValidator(_moment),
    WithJsonSchema({"type": "string", "examples": ["2020-02-09T10:47:48Z", "2020-02-09"]}),
]
ArticleId = Annotated[
    str,
    BeforeValidator(_encodable),
    AfterValidator(_article_id),
    Field(
        description=f"Names the article: any printable text of 1 to {MAX_ID_BYTES} bytes of "
        "UTF-8, also a whole URL. Percent-encode it in an address.",
        min_length=1,
        max_length=MAX_ID_BYTES,
        examples=["https://example.com/news/1"],
    ),
]


class ArticlePath(BaseModel):
    """Where an article's id stands in an address."""

    id: ArticleId


class Submission(BaseModel):
    """An article to judge: ``text`` or ``html``, and what is known about it."""

    model_config = ConfigDict(
        extra="forbid",
        frozen=True,
        strict=True,
        json_schema_extra={
            "oneOf": [
                {"required": [name], "properties": {name: {"type": "string"}}}
                for name in ("text", "html")
            ]
        },
    )

    text: Text | None = Field(None, description="The article as plain text.")
    html: Text | None = Field(None, description="The article as an HTML page or fragment.")
    title: Line | None = Field(None, description="Its headline.")
    url: WebAddress | None = Field(None, description="Where it was published.")
    source: Line | None = Field(None, description="Who published it.", examples=["Reuters"])
    published: Moment | None = Field(
        None,
        description="When it was published: an RFC 3339 time, or a date. Without an offset "
        "it is UTC. It helps to tell which of two articles came first.",
    )
    lang: Line | None = Field(
        None,
        description="Its language as a BCP 47 tag, if known; it is trusted over detection.",
        examples=["en", "zh-Hant"],
    )
    expires: Moment | None = Field(
        None,
        description="When to let go of it: a time to come, as `published` is written. Without "
        "it the index's own time holds. What is only checked is not kept at all.",
        examples=["2031-02-09T10:47:48Z"],
    )

    @model_validator(mode="after")
    def _one_body(self) -> Self:
        if (self.text is None) == (self.html is None):
            raise ValueError("give exactly one of `text` and `html`")
        return self

    def article(self, article_id: str) -> Article:
        """This submission under an id."""
        html = self.html is not None
        return Article(
            id=article_id,
            text=(self.html if html else self.text) or "",
            media="html" if html else "text",
            title=self.title,
            url=self.url,
            source=self.source,
            published=self.published,
            lang=self.lang,
            expires=self.expires,
        )


class NamedSubmission(Submission):
    """An article to store, under the id it brings or a new one."""

    id: ArticleId | None = None
