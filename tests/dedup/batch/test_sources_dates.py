"""Dates of archives: read for certain, or not at all."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.batch.sources.dates import parse_date

MOMENT = datetime(2020, 2, 9, 10, 47, 48, tzinfo=UTC)
DAY = datetime(2020, 2, 9, tzinfo=UTC)

READ = {
    "2020-02-09T10:47:48Z": MOMENT,
    "2020-02-09T11:47:48+01:00": MOMENT,
    "2020-02-09 10:47:48 UTC": MOMENT,
    "2020-02-09 10:47:48 +0000": MOMENT,
    "20200209T104748Z": MOMENT,
    "20200209104748": MOMENT,
    "1581245268": MOMENT,
    "1581245268000": MOMENT,
    "1581245268.0": MOMENT,
    "Sun, 09 Feb 2020 10:47:48 GMT": MOMENT,
    "Sun, 09 Feb 2020 05:47:48 EST": MOMENT,
    "Sun Feb 09 10:47:48 +0000 2020": MOMENT,
    "2020-02-09": DAY,
    "2020/02/09": DAY,
    "20200209": DAY,
    "2020-W06-7": DAY,
    "9 February 2020": DAY,
    "February 9, 2020": DAY,
    " Feb 9, 2020 12:00 AM ": DAY,
    "Feb 9, 2020 10:47 pm": MOMENT.replace(hour=22, second=0),
    "1874-12-07": datetime(1874, 12, 7, tzinfo=UTC),
}


@pytest.mark.parametrize("written", READ)
def test_a_date_is_read_as_it_is_meant(written: str) -> None:
    assert parse_date(written) == READ[written]


@pytest.mark.parametrize(
    ("value", "meant"),
    [
        (1581245268, MOMENT),
        (1581245268.0, MOMENT),
        (1581245268000, MOMENT),
        (1581245268000000, MOMENT),
        (1581245268000000000, MOMENT),
        (20200209, DAY),
        (20200209.0, DAY),
        (-3000000000, datetime(1874, 12, 7, 18, 40, tzinfo=UTC)),
        (date(2020, 2, 9), DAY),
        (datetime(2020, 2, 9, 10, 47, 48), MOMENT),  # noqa: DTZ001 - as columns without a zone have it
        (datetime(2020, 2, 9, 12, 47, 48, tzinfo=timezone(timedelta(hours=2))), MOMENT),
    ],
)
def test_a_value_of_a_column_is_read_as_it_is_meant(value: object, meant: datetime) -> None:
    assert parse_date(value) == meant


@pytest.mark.parametrize("nothing", [None, "", "  ", float("nan")])
def test_nothing_is_no_date(nothing: object) -> None:
    assert parse_date(nothing) is None


@pytest.mark.parametrize(
    "unreadable",
    [
        "02/09/2020",
        "2020",
        "2020-02",
        "2020-02-30",
        "yesterday",
        "maybe 2020",
        "12:05",
        "0",
        -1,
        12345,
        float("inf"),
        True,
        "9" * 5000,
        ["2020-02-09"],
        "0001-01-01T00:00:00+14:00",
    ],
)
def test_what_cannot_be_read_for_certain_is_not_guessed(unreadable: object) -> None:
    with pytest.raises(ValueError, match="no date that can be read for certain"):
        parse_date(unreadable)


ANY_DATE = st.datetimes(timezones=st.just(UTC))


@given(ANY_DATE)
def test_what_isoformat_writes_is_read_back(moment: datetime) -> None:
    assert parse_date(moment.isoformat()) == moment


@given(
    st.one_of(
        st.text(max_size=40),
        st.from_regex(r"[0-9 :,/+-]{0,12} ?(Feb|may|Oct)?[0-9 :,.+-]{0,16}([AP]M|Z)?"),
        st.floats(),
        st.integers(),
    )
)
def test_any_value_gives_a_time_in_utc_or_a_refusal(value: object) -> None:
    try:
        found = parse_date(value)
    except ValueError:
        return
    assert found is None or found.utcoffset() == timedelta(0)
