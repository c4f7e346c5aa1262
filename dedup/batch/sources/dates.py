"""Dates as archives have them.

Read are ISO 8601, RFC 2822 (feeds), days with the name of a month in English, Unix time in
seconds and its thousandths down to nanoseconds, and the digits of a day or second in a row. Not
read, since a guess would name another article the original: ``02/09/2020`` (in February or in
September), and months and years without a day. Without an offset all is taken for UTC.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Final

from dedup.times import parse_time

UNREADABLE: Final = (
    "is no date that can be read for certain; write it as 2020-02-09 or 2020-02-09T10:47:48Z"
)

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
# Between these, a number of seconds since 1970 lies in 1973 to 2286 (or, negative, in 1653 to
# 1966). Smaller ones are counters and days as numbers, larger ones count smaller units.
_FEWEST_SECONDS: Final = 100_000_000
_MOST_SECONDS: Final = 10_000_000_000
_UNITS_PER_SECOND: Final = (1, 1_000, 1_000_000, 1_000_000_000)

_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?", re.ASCII)
_DAY_IN_DIGITS: Final = re.compile(r"\d{8}(?:\d{6})?", re.ASCII)
_DAY_WITH_SLASHES: Final = re.compile(r"(\d{4})/(\d\d)/(\d\d)", re.ASCII)
_NAMED_ZONE: Final = re.compile(r"\s*(?:UTC|GMT)$")
_HALF_OF_DAY: Final = re.compile(r"(\d{1,2})(:\d\d(?::\d\d)?)\s*([ap])\.?m\b\.?", re.IGNORECASE)
_MONTH: Final = re.compile(r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", re.IGNORECASE)


def parse_date(value: object) -> datetime | None:
    """When an article was published, in UTC, as a row says; None if it says nothing.

    >>> parse_date("Sun, 09 Feb 2020 10:47:48 GMT").isoformat()
    '2020-02-09T10:47:48+00:00'
    >>> parse_date(1581245268) == parse_date("1581245268000") == parse_date("20200209104748")
    True

    Raises:
        ValueError: It says something that cannot be read.
    """
    try:
        match value:
            case None | "":
                return None
            case datetime():
                return _in_utc(value)
            case date():
                return datetime(value.year, value.month, value.day, tzinfo=UTC)
            case bool():
                raise ValueError  # noqa: TRY301 - the same answer for all that cannot be read
            case float() if math.isnan(value):
                return None
            case int() | float():
                whole = int(value)
                return _from_number(str(whole if whole == value else value), value)
            case str():
                return _from_text(value.strip())
            case _:
                raise ValueError  # noqa: TRY301
    except (ValueError, OverflowError):
        raise ValueError(UNREADABLE) from None


def _from_text(text: str) -> datetime | None:
    if not text:
        return None
    if _NUMBER.fullmatch(text):
        return _from_number(text, float(text))
    try:
        return parse_time(text)
    except ValueError:
        pass
    text = _DAY_WITH_SLASHES.sub(r"\1-\2-\3", text)
    try:
        return _in_utc(datetime.fromisoformat(_NAMED_ZONE.sub("Z", text)))
    except ValueError:
        return _from_words(text)


def _from_words(text: str) -> datetime:
    if not _MONTH.search(text):
        raise ValueError
    text = _HALF_OF_DAY.sub(_with_24_hours, text)
    return _in_utc(parsedate_to_datetime(text if ":" in text else f"{text} 00:00:00"))


def _with_24_hours(clock: re.Match[str]) -> str:
    return f"{int(clock[1]) % 12 + 12 * (clock[3] in 'pP')}{clock[2]}"


def _from_number(text: str, number: float) -> datetime:
    if _DAY_IN_DIGITS.fullmatch(text):
        return _in_utc(datetime.fromisoformat(f"{text[:8]}T{text[8:] or '000000'}"))
    for units in _UNITS_PER_SECOND:
        if _FEWEST_SECONDS <= abs(number) / units < _MOST_SECONDS:
            return _EPOCH + timedelta(microseconds=round(number / units * 1_000_000))
    raise ValueError


def _in_utc(time: datetime) -> datetime:
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
