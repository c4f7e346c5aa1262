"""Stored articles kept ready for comparison, in memory, as long as they are stored.

What is deleted must not stay in memory. The process that deletes an article lets go of it at
once; others that share the index do when they look (``forget_removed``), which the service
has them do every half a minute.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterable
from threading import Lock
from typing import Final

from dedup.compare import Profile, profile
from dedup.document import read_document
from dedup.index.base import Index, Stored

CACHED: Final = 256
"""Stored articles kept ready for comparison. One of 600 words takes about .1 MB."""

CACHED_CHARACTERS: Final = 20_000
"""Longest text that is kept: a few very long ones would fill the memory of all others."""


class Profiles:
    """Reads stored articles; keeps those read last. Safe for threads.

    Args:
        index: Where they are stored.
    """

    def __init__(self, index: Index) -> None:
        self._index = index
        self._lock = Lock()
        self._kept: OrderedDict[int, tuple[Stored, Profile]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def read(self, stored: Stored) -> Profile:
        """A stored article, ready for comparison."""
        with self._lock:
            kept = self._kept.get(stored.number)
            # A server that lost its last second may have given a number to another article.
            if kept is not None and kept[0] == stored:
                self._kept.move_to_end(stored.number)
                return kept[1]
        made = profile(read_document(stored.article, stored.language))
        if len(stored.article.text) <= CACHED_CHARACTERS:
            with self._lock:
                self._kept[stored.number] = stored, made
                self._kept.move_to_end(stored.number)
                if len(self._kept) > CACHED:
                    self._kept.popitem(last=False)
        return made

    def read_last(self, stored: Stored) -> Profile:
        """A stored article, ready for comparison; it is not kept in memory any longer."""
        made = self.read(stored)
        self._forget([stored.number])
        return made

    def forget_removed(self) -> None:
        """Let go of articles that are not stored any more, whoever removed them."""
        with self._lock:
            numbers = list(self._kept)
        states = self._index.states(numbers)
        # No verdict is settled of one that was removed. One still to be settled is read again.
        self._forget(n for n, state in zip(numbers, states, strict=True) if state is None)

    def _forget(self, numbers: Iterable[int]) -> None:
        with self._lock:
            for number in numbers:
                self._kept.pop(number, None)
