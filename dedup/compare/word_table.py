"""What comparison knows of words, by their hashes: a table that is forgotten when it is full.

Written in C, and here in plain Python, which serves where no compiler was. Both answer alike
(``tests/dedup/test_word_table.py``); ``dedup/_native.pyi`` says what each method is given and gives.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["NOTHING", "Known", "ReferenceTable", "WordTable"]


class Known(NamedTuple):
    """What is known of a word."""

    term: int
    weight: float
    kind: int


NOTHING = Known(0, 0.0, 0)
"""Of a word that is not in a table."""


class ReferenceTable:
    """The table in plain Python. Safe for threads: each word is added and read in one step."""

    def __init__(self, most_words: int) -> None:
        self._most = most_words
        self._known: dict[int, Known] = {}

    def __len__(self) -> int:
        return len(self._known)

    def look_up(
        self, words: NDArray[np.uint64]
    ) -> tuple[NDArray[np.uint64], NDArray[np.float32], NDArray[np.uint8], NDArray[np.int32]]:
        """What is known of each word, and the places of those of which nothing is."""
        find = self._known.get
        found = [find(word) for word in words.tolist()]
        unknown = [place for place, known in enumerate(found) if known is None]
        known = np.array(
            [known or NOTHING for known in found],
            dtype=[("term", np.uint64), ("weight", np.float32), ("kind", np.uint8)],
        )
        return (
            known["term"].copy(),
            known["weight"].copy(),
            known["kind"].copy(),
            np.array(unknown, dtype=np.int32),
        )

    def add(
        self,
        words: NDArray[np.uint64],
        terms: NDArray[np.uint64],
        weights: NDArray[np.float32],
        kinds: NDArray[np.uint8],
    ) -> None:
        """Remember words; where they would be too many, all others are forgotten."""
        if self._known and len(self._known) + len(words) > self._most:
            self._known = {}
        each = zip(words.tolist(), terms.tolist(), weights.tolist(), kinds.tolist(), strict=True)
        for word, *known in each:
            self._known.setdefault(word, Known(*known))


try:
    from dedup._native import WordTable
except ImportError:  # installed without a compiler
    WordTable = ReferenceTable  # type: ignore[misc, assignment]
