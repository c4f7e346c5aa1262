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

PROFILE_CHARACTERS: Final = 1_000_000
"""Text kept ready for comparison: 250 articles of 4,000 characters, some 50 MB."""

SKETCH_CHARACTERS: Final = 8_000_000
"""Text of which sketches are kept: 2,000 such articles, some 25 MB with their texts."""

MOST_OF_ALL: Final = 0.25
"""Largest part of that which one text may take; a longer one is not kept."""

T = TypeVar("T")


class Profiles:
    """Reads stored articles; keeps those read last. Safe for threads.

    Args:
        index: Where they are stored.
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        self._profiles = _Recent[Profile](PROFILE_CHARACTERS)
        self._sketches = _Recent[Sketch](SKETCH_CHARACTERS)

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
        characters: Of their texts together, at most.
    """

    def __init__(self, characters: int) -> None:
        self._most = characters
        self._characters = 0
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
        if len(stored.article.text) <= self._most * MOST_OF_ALL:
            with self._lock:
                self._forget(stored.number)
                self._kept[stored.number] = stored, made
                self._characters += len(stored.article.text)
                while self._characters > self._most:
                    self._forget(next(iter(self._kept)))
        return made

    def forget(self, number: int) -> None:
        """Let go of one."""
        with self._lock:
            self._forget(number)

    def _forget(self, number: int) -> None:
        kept = self._kept.pop(number, None)
        if kept is not None:
            self._characters -= len(kept[0].article.text)
