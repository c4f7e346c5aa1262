"""Render clocks: when the pages were rendered that articles were scraped from.

Reading one may take seconds (``dedup.artifacts.render_clock``), so it is done beside the
requests, by one thread, and what was read is kept in the index for every process. Until
then a finding tells the marker's digest alone.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from threading import Lock

from dedup.artifacts.render_clock import read_render_clock, with_render_time
from dedup.errors import StoreError
from dedup.index.base import Index
from dedup.model import Article, Finding

MOST_WAITING = 64
"""Articles that may wait for their clocks to be read. More are left undated until they are
stored again: a flood of false markers must not keep a thread busy for days."""

_NONE_FITS = b"-"


class RenderClocks:
    """Reads render clocks in the background and remembers them.

    Safe for threads, and after a fork in both processes.

    Args:
        index: Where what was read is kept.
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        self._lock = Lock()
        self._reader: ThreadPoolExecutor | None = None
        self._waiting: set[Future[None]] = set()
        self._owner = 0
        self._closed = False

    def told(self, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
        """The findings, with the time of rendering where it is known by now."""
        digests = _digests(findings)
        for note in self._index.recall(digests) if digests else ():
            if note is not None:
                findings = with_render_time(findings, datetime.fromisoformat(note.decode()))
        return findings

    def read_later(self, article: Article, findings: tuple[Finding, ...]) -> Future[None] | None:
        """Begin to read the clocks of an article that are not known; None if all are.

        A clock is searched for around the article's dates, so without one there is nothing
        to begin, and with another one it is begun again.
        """
        dates = _dates(article, findings)
        digests = _digests(findings)
        if not dates or not digests:
            return None
        notes = self._index.recall([*digests, *(_miss(digest, dates) for digest in digests)])
        hits, misses = notes[: len(digests)], notes[len(digests) :]
        if all(hit or miss for hit, miss in zip(hits, misses, strict=True)):
            return None
        with self._lock:
            if self._closed:
                return None
            if self._reader is None or self._owner != os.getpid():
                self._reader = ThreadPoolExecutor(1, thread_name_prefix="render-clock")
                self._owner = os.getpid()
                self._waiting = set()
            self._waiting = {reading for reading in self._waiting if not reading.done()}
            if len(self._waiting) >= MOST_WAITING:
                return None
            reading = self._reader.submit(self._read, *_looked_at(article, findings))
            self._waiting.add(reading)
            return reading

    def close(self) -> None:
        """Finish the clock that is being read, and begin no other."""
        with self._lock:
            self._closed = True
            if self._reader is not None and self._owner == os.getpid():
                self._reader.shutdown(cancel_futures=True)

    def _read(self, article: Article, findings: tuple[Finding, ...]) -> None:
        dates = _dates(article, findings)
        # An index that is away now is no reason to fail: the clock is read when the article
        # is stored again.
        with suppress(StoreError):
            for digest in _digests(findings):
                if self._closed:
                    return
                one = tuple(f for f in findings if f.data.get("digest", digest) == digest)
                rendered = read_render_clock(article, one)
                if rendered is None:
                    self._index.remember(_miss(digest, dates), _NONE_FITS)
                else:
                    self._index.remember(digest, rendered.isoformat().encode())


def _looked_at(
    article: Article, findings: Iterable[Finding]
) -> tuple[Article, tuple[Finding, ...]]:
    """What a clock is searched with; no word of the text, which may be deleted while it waits."""
    marks = (f for f in findings if f.rule in {"minify_marker", "dateline_date"})
    undated = Article(id=article.id, text="", published=article.published)
    return undated, tuple(replace(mark, excerpt="") for mark in marks)


def _digests(findings: Iterable[Finding]) -> list[str]:
    """The digests of minify markers, each once."""
    return list(dict.fromkeys(f.data["digest"] for f in findings if f.rule == "minify_marker"))


def _dates(article: Article, findings: Iterable[Finding]) -> list[str]:
    """The days around which a clock is searched for."""
    printed = [f.data["date"] for f in findings if f.rule == "dateline_date"]
    submitted = [article.published.date().isoformat()] if article.published else []
    return list(dict.fromkeys([*submitted, *printed]))


def _miss(digest: str, dates: Iterable[str]) -> str:
    """The name of the note that nothing around these dates explains a digest.

    It outlives the article, so it does not tell the dates, which are the article's.
    """
    days = hashlib.blake2b(f"{digest} {' '.join(dates)}".encode(), digest_size=8)
    return f"{digest} not {days.hexdigest()}"
