"""Stored articles kept ready for comparison, in memory, as long as they are stored.

What is deleted must not stay in memory. The process that deletes an article lets go of it at
once; others that share the index do when they look (``forget_removed``), which the service
has them do every half a minute.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Iterable
from threading import Lock
from typing import Final, Generic, TypeVar

from dedup.compare import Profile, Sketch, profile, sketch
from dedup.document import read_document
from dedup.index.base import Index, Stored

CACHED: Final = 256
"""Stored articles kept ready for comparison. One of 600 words takes about .2 MB."""

CACHED_SKETCHES: Final = 2048
"""Stored articles of which a sketch is kept. One of 600 words takes some 13 kB with its text."""

CACHED_CHARACTERS: Final = 20_000
"""Longest text that is kept: a few very long ones would fill the memory of all others."""

T = TypeVar("T")


class Profiles:
    """Reads stored articles; keeps those read last. Safe for threads.

    Args:
        index: Where they are stored.
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        self._profiles = _Recent[Profile](CACHED)
        self._sketches = _Recent[Sketch](CACHED_SKETCHES)

    def __len__(self) -> int:
        return len(self._profiles.numbers() | self._sketches.numbers())

    def read(self, stored: Stored) -> Profile:
        """A stored article, ready for comparison."""
        return self._profiles.get(
            stored, lambda: profile(read_document(stored.article, stored.language))
        )

    def sketch(self, stored: Stored) -> Sketch:
        """A stored article, ready to be ruled out."""
        return self._sketches.get(stored, lambda: sketch(stored.article, stored.language))

    def read_last(self, stored: Stored) -> Profile:
        """A stored article, ready for comparison; it is not kept in memory any longer."""
        made = self.read(stored)
        self._forget([stored.number])
        return made

    def forget_removed(self) -> None:
        """Let go of articles that are not stored any more, whoever removed them."""
        numbers = list(self._profiles.numbers() | self._sketches.numbers())
        states = self._index.states(numbers)
        # No verdict is settled of one that was removed. One still to be settled is read again.
        self._forget([n for n, state in zip(numbers, states, strict=True) if state is None])

    def _forget(self, numbers: Iterable[int]) -> None:
        for number in numbers:
            self._profiles.forget(number)
            self._sketches.forget(number)


class _Recent(Generic[T]):
    """What was made of the articles that were asked for last. Safe for threads.

    Args:
        most: How many.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._lock = Lock()
        self._kept: OrderedDict[int, tuple[Stored, T]] = OrderedDict()

    def numbers(self) -> set[int]:
        """Those of the articles."""
        with self._lock:
            return set(self._kept)

    def get(self, stored: Stored, make: Callable[[], T]) -> T:
        """What was made of an article, or is now."""
        with self._lock:
            kept = self._kept.get(stored.number)
            # A server that lost its last second may have given a number to another article.
            if kept is not None and kept[0] == stored:
                self._kept.move_to_end(stored.number)
                return kept[1]
        made = make()
        if len(stored.article.text) <= CACHED_CHARACTERS:
            with self._lock:
                self._kept[stored.number] = stored, made
                self._kept.move_to_end(stored.number)
                if len(self._kept) > self._most:
                    self._kept.popitem(last=False)
        return made

    def forget(self, number: int) -> None:
        """Let go of one."""
        with self._lock:
            self._kept.pop(number, None)
