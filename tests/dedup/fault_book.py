"""What writers did and what each was told, as it happens."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

PATIENCE = 120.0
"""Seconds until a wait is given up; a round takes one or two."""

NOBODY = -1
"""The number of no writer."""


@dataclass(frozen=True, slots=True)
class Write:
    """A text put under an id, or the id deleted: text is None."""

    article_id: str
    text: str | None


@dataclass(slots=True, eq=False)
class Entry:
    """One write in the book.

    Attributes:
        write: What was asked for.
        begun: When, on the machine's monotonic clock.
        acknowledged: When the call returned; None if it did not.
        refusals: Names of the errors that it raised before.
    """

    write: Write
    begun: float
    acknowledged: float | None = None
    refusals: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Note:
    """What a writer tells of itself as it happens; it may be killed after any of them."""

    writer: int
    what: Literal["begun", "refused", "acknowledged", "failed"]
    write: Write | None = None
    error: str = ""
    when: float = field(default_factory=time.monotonic)


Tell = Callable[[Note], object]


class Book:
    """What all writers did, in the order in which they told it."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._open: dict[int, Entry] = {}
        self._failures: list[str] = []
        self.entries: list[Entry] = []
        self.acknowledged: list[Entry] = []

    def hear(self, note: Note) -> None:
        """Write it down."""
        with self._changed:
            if note.what == "begun":
                assert note.write is not None
                self._open[note.writer] = Entry(note.write, note.when)
                self.entries.append(self._open[note.writer])
            elif note.what == "refused":
                self._open[note.writer].refusals.append(note.error)
            elif note.what == "acknowledged":
                entry = self._open[note.writer]
                entry.acknowledged = note.when
                self.acknowledged.append(entry)
            else:
                self._failures.append(note.error)
            self._changed.notify_all()

    def wait_for(self, holds: Callable[[], bool]) -> None:
        """Wait until something holds of the book."""
        with self._changed:
            came = self._changed.wait_for(lambda: bool(self._failures) or holds(), PATIENCE)
        assert not self._failures, self._failures[0]
        assert came, f"nothing happened for {PATIENCE} s after {len(self.acknowledged)} writes"

    def wait_for_more(self, writes: int) -> None:
        """Wait until so many more writes are acknowledged."""
        wanted = len(self.acknowledged) + writes
        self.wait_for(lambda: len(self.acknowledged) >= wanted)

    def wait_for_writes_since(self, moment: float, writes: int) -> float:
        """Wait until so many writes that were begun after a moment are acknowledged.

        Returns:
            Seconds from the moment to the first of them.
        """

        def later() -> list[float]:
            return [e.acknowledged for e in self.entries if e.begun > moment and e.acknowledged]

        self.wait_for(lambda: len(later()) >= writes)
        return min(later()) - moment

    def make(self, write: Write, do: Callable[[Write], object]) -> None:
        """Make a write oneself, which must be acknowledged."""
        self.hear(Note(NOBODY, "begun", write))
        do(write)
        self.hear(Note(NOBODY, "acknowledged"))

    @property
    def refused(self) -> int:
        """How many writes were refused."""
        return sum(bool(entry.refusals) for entry in self.entries)

    @property
    def refusals(self) -> set[str]:
        """Names of all errors that writers met."""
        return {name for entry in self.entries for name in entry.refusals}

    def by_id(self) -> dict[str, list[Entry]]:
        """The writes of each id, in their order."""
        writes: dict[str, list[Entry]] = {}
        for entry in self.entries:
            writes.setdefault(entry.write.article_id, []).append(entry)
        return writes
