"""Dates and times as callers write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from types import MappingProxyType
from typing import Final

RFC3339: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d:\d\d(?:\.\d+)?)([Zz]|[+-]\d\d:\d\d)?)?", re.ASCII
)
"""A day, or a time to the second; the offset may be left out."""

DURATION: Final = re.compile(r"(\d{1,9})([smhdw])", re.ASCII)
UNITS: Final = MappingProxyType(
    {"s": "seconds", "m": "minutes", "h": "hours", "d": "days", "w": "weeks"}
)


def parse_time(text: str) -> datetime:
    """An RFC 3339 date or time, in UTC; without an offset it is taken for UTC.

    >>> parse_time("2020-02-09").isoformat()
    '2020-02-09T00:00:00+00:00'
    >>> parse_time("2020-02-09T10:47:48+01:00").isoformat()
    '2020-02-09T09:47:48+00:00'

    Raises:
        ValueError: It is neither.
    """
    found = RFC3339.fullmatch(text)
    try:
        if found is None:
            raise ValueError  # noqa: TRY301 - the same answer as for 2020-02-31
        day, clock, offset = found.groups()
        time = datetime.fromisoformat(f"{day}T{clock or '00:00:00'}{(offset or 'Z').upper()}")
        return time.astimezone(UTC)
    except (ValueError, OverflowError):
        raise ValueError(
            "must be a date or time such as 2020-02-09 or 2020-02-09T10:47:48Z (RFC 3339)"
        ) from None


def parse_duration(text: str) -> timedelta:
    """A number and its unit: ``90d``; of seconds, minutes, hours, days or weeks.

    >>> parse_duration("90d"), parse_duration("12h")
    (datetime.timedelta(days=90), datetime.timedelta(seconds=43200))

    Raises:
        ValueError: It is none, or longer than there are dates.
    """
    found = DURATION.fullmatch(text)
    try:
        if found is None:
            raise ValueError  # noqa: TRY301 - the same answer as for 999999999w
        return timedelta(**{UNITS[found[2]]: int(found[1])})
    except (ValueError, OverflowError):
        raise ValueError(
            "must be a duration such as 90d or 12h (s, m, h, d, w: of seconds to weeks)"
        ) from None


def spell_duration(duration: timedelta) -> str:
    """A duration of whole seconds as ``parse_duration`` reads it, in its largest unit.

    >>> spell_duration(timedelta(hours=36)), spell_duration(timedelta(days=90))
    ('36h', '90d')
    """
    for letter, unit in reversed(list(UNITS.items())):
        if not duration % timedelta(**{unit: 1}):
            return f"{duration // timedelta(**{unit: 1})}{letter}"
    raise ValueError(f"{duration} is not of whole seconds")
