"""Render clocks: when the pages were rendered that articles were scraped from.

Reading one may take seconds (``dedup.artifacts.render_clock``), so it is done beside the
requests, by one thread, and what was read is kept in the index for every process. Until
then a finding tells the marker's digest alone.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from datetime import datetime
from threading import Lock

from dedup.artifacts.render_clock import read_render_clock, with_render_time
from dedup.errors import StoreError
from dedup.index.base import Index
from dedup.model import Article, Finding

NONE_FITS = b"-"
"""Kept for a digest that no second around its article's dates explains."""


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
        self._owner = 0

    def told(self, findings: tuple[Finding, ...]) -> tuple[Finding, ...]:
        """The findings, with the time of rendering where it is known by now."""
        names = _names(findings)
        for note in self._index.recall(names) if names else ():
            if note is not None and note != NONE_FITS:
                findings = with_render_time(findings, datetime.fromisoformat(note.decode()))
        return findings

    def read_later(self, article: Article, findings: tuple[Finding, ...]) -> Future[None] | None:
        """Begin to read the clocks of an article that are not known; None if all are."""
        names = _names(findings)
        if not names or None not in self._index.recall(names):
            return None
        with self._lock:
            if self._reader is None or self._owner != os.getpid():
                self._reader = ThreadPoolExecutor(1, thread_name_prefix="render-clock")
                self._owner = os.getpid()
            return self._reader.submit(self._read, article, findings)

    def close(self) -> None:
        """Finish what has begun, and begin nothing more."""
        with self._lock:
            if self._reader is not None and self._owner == os.getpid():
                self._reader.shutdown(cancel_futures=True)

    def _read(self, article: Article, findings: tuple[Finding, ...]) -> None:
        # An index that is away now is no reason to fail: the next reading finds it out.
        with suppress(StoreError):
            for name in _names(findings):
                marker = tuple(f for f in findings if f.data.get("digest", name) == name)
                rendered = read_render_clock(article, marker)
                note = NONE_FITS if rendered is None else rendered.isoformat().encode()
                self._index.remember(name, note)


def _names(findings: Iterable[Finding]) -> list[str]:
    """The digests of minify markers, each once."""
    return list(dict.fromkeys(f.data["digest"] for f in findings if f.rule == "minify_marker"))
