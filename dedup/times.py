"""Dates and times as callers write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

RFC3339: Final = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[Tt ](\d\d:\d\d:\d\d(?:\.\d+)?)([Zz]|[+-]\d\d:\d\d)?)?", re.ASCII
)
"""A day, or a time to the second; the offset may be left out."""


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
