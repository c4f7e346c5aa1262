"""Which field of a table holds what: by the caller's word, else by its name and content."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields as dataclass_fields
from datetime import date
from typing import Final

from dedup.batch.sources.records import Fields
from dedup.errors import InputError

ROLES: Final = tuple(field.name for field in dataclass_fields(Fields))

TEXTS: Final = frozenset(("text", "html"))
"""Without any of these a row is no article."""

NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    "text": (
        "text",
        "body",
        "content",
        "maintext",
        "fulltext",
        "article",
        "articlebody",
        "articletext",
        "articlecontent",
        "bodytext",
        "textcontent",
        "plaintext",
        "cleantext",
        "story",
    ),
    "html": ("html", "rawhtml", "pagehtml", "htmlcontent", "contenthtml", "bodyhtml"),
    "id": (
        "id",
        "guid",
        "uuid",
        "articleid",
        "newsid",
        "storyid",
        "docid",
        "documentid",
        "identifier",
    ),
    "title": ("title", "headline", "articletitle", "heading"),
    "url": (
        "url",
        "link",
        "canonicalurl",
        "articleurl",
        "sourceurl",
        "pageurl",
        "weburl",
        "permalink",
        "uri",
    ),
    "source": (
        "source",
        "outlet",
        "publisher",
        "sourcename",
        "publication",
        "newspaper",
        "site",
        "sitename",
        "domain",
        "sourcedomain",
    ),
    "published": (
        "published",
        "publishedat",
        "datepublished",
        "publicationdate",
        "publishdate",
        "publisheddate",
        "pubdate",
        "date",
        "datetime",
        "timestamp",
    ),
    "captured": (
        "captured",
        "capturedat",
        "received",
        "receivedat",
        "fetched",
        "fetchedat",
        "crawled",
        "crawledat",
    ),
    "lang": ("lang", "language", "languagecode", "langcode"),
}
"""Names in lower case without separators, so that "pubDate" and "pub_date" are one. Of several
that a row has, the first is taken: more telling names stand first."""

_SEPARATORS: Final = re.compile(r"[\W_]+")


def parse_fields(given: Iterable[str]) -> Mapping[str, str | None]:
    """Choices spelled ``text=body``; ``url=`` is for none, whatever a row has.

    >>> parse_fields(["text=body", "url="])
    {'text': 'body', 'url': None}

    Raises:
        InputError: One is spelled otherwise, or names nothing that an article has.
    """
    chosen: dict[str, str | None] = {}
    for choice in given:
        role, equals, name = choice.partition("=")
        if not equals or role not in ROLES:
            raise InputError(
                f"{choice!r} is no field; write NAME=FIELD, such as text=body, with one of "
                f"{', '.join(ROLES)} as the NAME"
            )
        chosen[role] = name or None
    return chosen


def value_of(row: Mapping[str, object], name: str) -> object:
    """What a row has in a field, by its name or by names with dots between; None if nothing.

    >>> value_of({"source": {"name": "Reuters"}}, "source.name")
    'Reuters'
    """
    if name in row:
        return row[name]
    outer, dot, inner = name.partition(".")
    within = row.get(outer) if dot else None
    return value_of(within, inner) if isinstance(within, Mapping) else None


def lacking(
    rows: Sequence[Mapping[str, object]], chosen: Mapping[str, str | None], *, columns: bool
) -> dict[str, str]:
    """What the caller has settled and a table does not have; by role, each with what is wrong.

    Args:
        rows: The first of a file; at least one.
        chosen: What the caller has settled (``parse_fields``).
        columns: Whether all rows have the same fields, as those of CSV and Parquet. Rows of JSON
            leave out what they do not have.
    """
    names = _names(rows)
    found: dict[str, str] = {}
    for role, name in chosen.items():
        if name is None:
            continue
        if columns and not {name, name.partition(".")[0]} & set(names):
            found[role] = f"has no field {name!r} for {role}; {_listed(names)}"
        elif (role in TEXTS or not columns) and all(value_of(row, name) is None for row in rows):
            found[role] = f"none of the first {len(rows)} rows has {name!r}; {_listed(names)}"
    return found


def settle_fields(rows: Sequence[Mapping[str, object]], chosen: Mapping[str, str | None]) -> Fields:
    """Which field holds what.

    Args:
        rows: The first of a file; at least one.
        chosen: What the caller has settled.

    Raises:
        InputError: No field, or more than one, may be the text.
    """
    names = _names(rows)
    filled = [name for name in names if any(_is_filled(row[name]) for row in rows if name in row)]
    found = {role: _first(role, filled) for role in ROLES} | dict(chosen)
    if "text" not in chosen:
        found["text"] = _text_field(rows, filled, without=found["html"])
    if "id" not in chosen:
        found["id"] = found["id"] or found["url"]
    if found["text"] is None and found["html"] is None:
        raise InputError(
            f"no field is known to hold the text; {_listed(filled or names)}: name it with "
            "--field text=NAME (or html=NAME)"
        )
    return Fields(**found)


def describe(fields: Fields) -> str:
    """Which field is taken for what, for the reader.

    >>> describe(Fields(text="body", id="_id"))
    'text=body id=_id'
    """
    return " ".join(f"{role}={getattr(fields, role)}" for role in ROLES if getattr(fields, role))


def _names(rows: Sequence[Mapping[str, object]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for row in rows for name in row))


def _text_field(
    rows: Sequence[Mapping[str, object]], filled: Sequence[str], without: str | None
) -> str | None:
    candidates = [name for name in _ranked("text", filled) if name != without]
    if len(candidates) > 1 and any(
        row.get(name) != row.get(candidates[0]) for row in rows for name in candidates
    ):
        lengths = " and ".join(f"{name} ({_mean_length(rows, name):,})" for name in candidates)
        raise InputError(
            "more than one field may hold the text, with so many characters on average: "
            f"{lengths}; say which with --field text={_longest(rows, candidates)}"
        )
    return candidates[0] if candidates else None


def _longest(rows: Sequence[Mapping[str, object]], names: Sequence[str]) -> str:
    return max(names, key=lambda name: _mean_length(rows, name))


def _mean_length(rows: Sequence[Mapping[str, object]], name: str) -> int:
    return sum(len(str(row.get(name) or "")) for row in rows) // len(rows)


def _first(role: str, filled: Sequence[str]) -> str | None:
    return next(iter(_ranked(role, filled)), None)


def _ranked(role: str, filled: Sequence[str]) -> list[str]:
    """Fields whose names say that they hold it, the most telling name first."""
    places = {name: place for place, name in enumerate(NAMES[role])}
    telling = [name for name in filled if _folded(name) in places]
    return sorted(telling, key=lambda name: places[_folded(name)])


def _folded(name: str) -> str:
    return _SEPARATORS.sub("", name).lower()


def _is_filled(value: object) -> bool:
    """Whether it says anything; lists and objects do not say it in one field."""
    if isinstance(value, str | bytes):
        return bool(value.strip())
    if isinstance(value, float):
        return not math.isnan(value)
    return isinstance(value, int | date)


def _listed(names: Sequence[str]) -> str:
    return f"the fields are {', '.join(map(repr, names))}" if names else "there are no fields"
