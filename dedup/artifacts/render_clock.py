"""When a page was rendered, read from the markers that its minifier left in a copy.

mrclay/minify names its place holders ``'MINIFYHTML' . md5($_SERVER['REQUEST_TIME'])``: the
MD5 of a Unix second, in decimal digits. Which second it was is found by trying them all
around the article's date, the nearest first: 1.6 million a second on one core. That is
seconds of work, so nothing on the path of a request calls this.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

from dedup.model import Article, Finding

DAYS_AROUND = 45
"""How far from its article's date a rendering is looked for: a copy is news for weeks."""

_CACHED_CLOCKS = 4096  # markers; a few hundred bytes each
_NOON = time(12, tzinfo=UTC)
_DIGEST_BYTES = 16


@functools.lru_cache(maxsize=_CACHED_CLOCKS)
def render_clock(digest: str, around: date, days: int = DAYS_AROUND) -> datetime | None:
    """The second whose MD5 a marker carries.

    Takes no time if it is near ``around``, and 5 s on one core if there is none in the
    whole window.

    Args:
        digest: 32 hexadecimal digits.
        around: Where the search begins: a time with its zone, or a day (then its noon, UTC).
        days: How far to search, to both sides.

    Returns:
        The time of rendering, UTC; None if no second in the window fits.
    """
    try:
        wanted = bytes.fromhex(digest)
    except ValueError:
        return None
    if len(wanted) != _DIGEST_BYTES:
        return None
    middle = around if isinstance(around, datetime) else datetime.combine(around, _NOON)
    for second in _outward(int(middle.timestamp()), int(timedelta(days=days).total_seconds())):
        if hashlib.md5(b"%d" % second, usedforsecurity=False).digest() == wanted:
            return datetime.fromtimestamp(second, UTC)
    return None


def _outward(middle: int, reach: int) -> Iterator[int]:
    yield middle
    for distance in range(1, reach + 1):
        yield middle - distance
        yield middle + distance


def read_render_clock(
    article: Article, findings: tuple[Finding, ...], days: int = DAYS_AROUND
) -> datetime | None:
    """When the page that this article was scraped from was rendered.

    Args:
        article: The article; its ``published`` says where to search first.
        findings: What ``detect`` saw in it: minify markers, and dates printed in its head.
        days: How far around each date to search.

    Returns:
        The latest rendering among its markers (a copy is younger than all of them); None if
        it has no marker, no date to search around, or no second in the window fits.
    """
    digests = {f.data["digest"] for f in findings if f.rule == "minify_marker"}
    dates = _dates(article, findings)
    rendered = (_first_fit(digest, dates, days) for digest in digests)
    return max(filter(None, rendered), default=None)


def _first_fit(digest: str, dates: list[date], days: int) -> datetime | None:
    fits = (render_clock(digest, around, days) for around in dates)
    return next(filter(None, fits), None)


def _dates(article: Article, findings: tuple[Finding, ...]) -> list[date]:
    printed = [f.data["date"] for f in findings if f.rule == "dateline_date"]
    days: list[date] = [
        datetime.combine(date.fromisoformat(day), _NOON) for day in dict.fromkeys(printed)
    ]
    return [article.published, *days] if article.published else days


def with_render_time(findings: tuple[Finding, ...], rendered: datetime) -> tuple[Finding, ...]:
    """The findings with the time of rendering told at the minify markers that it explains."""
    stamp = rendered.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    digest = hashlib.md5(b"%d" % rendered.timestamp(), usedforsecurity=False).hexdigest()
    return tuple(
        replace(
            finding,
            says=f"the page it was scraped from was rendered at {stamp}",
            data={**finding.data, "rendered": stamp},
        )
        if finding.rule == "minify_marker" and finding.data["digest"] == digest
        else finding
        for finding in findings
    )
