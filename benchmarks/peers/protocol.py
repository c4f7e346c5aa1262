"""What all peers have in common: their arguments, their marks, the exact check of candidates.

Runs in a peer's own environment, where nothing of secondhand is installed; pyarrow is.

A peer is given articles and writes the pairs that are at least ``--jaccard`` alike, with their
exact similarity. It marks the end of each stage; at the end it prints one line of JSON:
its settings, CPU seconds by stage, and the memory that it held when the texts had been read.
"""

from __future__ import annotations

import argparse
import json
import resource
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

SHINGLE = 5
PERMUTATIONS = 128

KEPT = 256
"""Shingle sets kept while candidates are checked, 60 KB each: a large family. All sets at once
would take gigabytes, and save a tenth of making them."""


class Run:
    """One run of a peer: reads the articles, keeps the books, writes the pairs."""

    def __init__(self) -> None:
        parser = argparse.ArgumentParser()
        parser.add_argument("articles", type=Path, help="Parquet with the columns id and text")
        parser.add_argument("pairs", type=Path, help="Parquet to write: first, second, jaccard")
        parser.add_argument("--jaccard", type=float, default=0.5)
        self.options = parser.parse_args()
        self.stages: dict[str, float] = {}
        self._marked = 0.0
        self.mark("start")
        table = pq.read_table(self.options.articles, columns=["id", "text"])
        self.ids: list[str] = table["id"].to_pylist()
        self.texts: list[str] = table["text"].to_pylist()
        del table
        pa.default_memory_pool().release_unused()
        self._held = private_memory()
        self.mark("reading")

    def mark(self, stage: str) -> None:
        """Book the CPU time since the last mark."""
        usage = resource.getrusage(resource.RUSAGE_SELF)
        now = usage.ru_utime + usage.ru_stime
        self.stages[stage] = now - self._marked
        self._marked = now

    def finish(self, settings: str, candidates: Iterable[tuple[int, int]]) -> None:
        """Check candidates, write the pairs, and print the books.

        Args:
            settings: What was chosen.
            candidates: Places of articles, each pair once, the lower place first.
        """
        listed = list(candidates)
        self.mark("candidates")
        pairs = list(self._similar(listed))
        columns = {
            "first": [self.ids[first] for first, _, _ in pairs],
            "second": [self.ids[second] for _, second, _ in pairs],
            "jaccard": [jaccard for _, _, jaccard in pairs],
        }
        pq.write_table(pa.table(columns), self.options.pairs)
        self.mark("verification")
        books = {
            "settings": settings,
            "stages": self.stages,
            "held": self._held,
            "candidates": len(listed),
        }
        print(json.dumps(books))

    def _similar(self, candidates: list[tuple[int, int]]) -> Iterator[tuple[int, int, float]]:
        shingles = lru_cache(KEPT)(lambda place: shingle_set(self.texts[place]))
        for first, second in depth_first(candidates):
            one, other = shingles(first), shingles(second)
            shared = len(one & other)
            union = len(one) + len(other) - shared
            if shared and shared >= self.options.jaccard * union:
                yield first, second, shared / union


class Spaces(dict[int, str | int]):
    r"""What stands in the place of each character: a space, unless it belongs to a word.

    With ``str.translate`` and ``split`` a third faster than the regular expression ``[^\W_]+``,
    and the same words.
    """

    def __missing__(self, code: int) -> str | int:
        self[code] = made = code if chr(code).isalnum() else " "
        return made


SPACES = Spaces({code: code if chr(code).isalnum() else " " for code in range(128)})


def words_of(text: str) -> list[str]:
    """The words of a text, lower-cased."""
    return text.lower().translate(SPACES).split()


def shingle_set(text: str) -> set[int]:
    """The hashes of a text's word shingles: Python's own, the fastest that it has."""
    words = words_of(text)
    return set(map(hash, zip(*(words[place:] for place in range(SHINGLE)), strict=False)))


def shingle_texts(text: str) -> list[str]:
    """A text's word shingles as strings, words joined by a space."""
    words = words_of(text)
    return list(map(" ".join, zip(*(words[place:] for place in range(SHINGLE)), strict=False)))


def depth_first(candidates: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Candidates in an order in which hardly any article's shingles are made twice.

    Not sorted by connected component: with 32 bands of four rows most families hang together by
    some stranger, and are one.
    """
    near: dict[int, list[int]] = {}
    for first, second in candidates:
        near.setdefault(first, []).append(second)
        near.setdefault(second, []).append(first)
    ranks: dict[int, int] = {}
    for start in near:
        waiting = [start]
        while waiting:
            place = waiting.pop()
            if place not in ranks:
                ranks[place] = len(ranks)
                waiting += [other for other in near[place] if other not in ranks]

    def later(pair: tuple[int, int]) -> int:
        one, other = ranks[pair[0]], ranks[pair[1]]
        return one << 32 | other if one > other else other << 32 | one

    return sorted(candidates, key=later)


def pairs_of(
    texts: Iterable[int], query: Callable[[int], Iterable[int]]
) -> Iterator[tuple[int, int]]:
    """Each pair once, of queries that name themselves and every pair from both sides."""
    for place in texts:
        for other in query(place):
            if other > place:
                yield place, other


def private_memory() -> int:
    """Bytes of memory that this process alone holds, files mapped into it left out."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("RssAnon:"):
            return 1024 * int(line.split()[1])
    raise OSError("no RssAnon in /proc/self/status")
