"""What one more copy costs in a family of n, as a ratio to a family of 20.

    python benchmarks/large_family.py [--sizes 10,20,100,500] [--repeats 5]

Fills an embedded server with copies of one seed, identical ones and then, in a new index,
ones in which every fiftieth word is another. At each size it checks and stores a few more
copies, and asks for the verdicts on the first and on the last. CPU time of this process, in
ms, median of the repeats (the server's is not in it), and how many articles the last one lists.
The process starts each size with nothing read, as a worker does that meets the family for the
first time.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TypeVar

import numpy as np

from dedup.config import Settings
from dedup.index import open_index
from dedup.index.base import Index
from dedup.model import Article
from dedup.pipeline import Detector

T = TypeVar("T")

SEED = next((Path(__file__).parents[1] / "seeds").glob("003*.txt"))

FIRST_WORDS = 60
"""Left as they are: another date at the head of a copy would make it older than the first."""

EDITED = 50
"""One word in so many is another word of the article."""

BASE = 20
"""The family that others are compared with."""


@dataclass(frozen=True)
class Row:
    """Median costs in a family of one size, ms of CPU."""

    size: int
    put: float
    check: float
    first: float
    last: float
    source: str
    listed: int


def main() -> None:
    """Fill, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sizes", default="10,20,100,500")
    parser.add_argument("--repeats", type=int, default=5)
    arguments = parser.parse_args()
    sizes = sorted({BASE, *map(int, arguments.sizes.split(","))})
    words = SEED.read_text(encoding="utf-8").split(" ")
    print(f"{len(words)} words; CPU ms, and the ratio to a family of {BASE}\n")
    for name, texts in (("identical", _same(words)), ("edited", _edited(words))):
        print(f"{name:12}{'put':>14}{'check':>14}{'first':>14}{'last':>14}{'listed':>8}  source")
        rows = list(_measure(texts, sizes, arguments.repeats))
        base = next(row for row in rows if row.size == BASE)
        for row in rows:
            print(_line(row, base), flush=True)
        print()


def _same(words: list[str]) -> Iterator[str]:
    return (" ".join(words) for _ in count())


def _edited(words: list[str]) -> Iterator[str]:
    for number in count():
        chance = np.random.default_rng(number)
        copy = list(words)
        places = chance.choice(len(words) - FIRST_WORDS, len(words) // EDITED, replace=False)
        for place in places + FIRST_WORDS:
            copy[place] = words[chance.integers(len(words))]
        yield " ".join(copy)


def _measure(texts: Iterator[str], sizes: list[int], repeats: int) -> Iterator[Row]:
    with tempfile.TemporaryDirectory(prefix="secondhand-") as directory:
        index = open_index(data_dir=Path(directory), redis_url=None, settings=Settings())
        try:
            articles = (Article(f"copy {number}", text) for number, text in enumerate(texts))
            stored = 0
            for size in sizes:
                filler = Detector(index)
                for _ in range(size - stored - repeats):
                    filler.put(next(articles))
                yield _row(index, articles, size, repeats)
                stored = size
        finally:
            index.close()


def _row(index: Index, articles: Iterator[Article], size: int, repeats: int) -> Row:
    detector = Detector(index)  # with no profile in its memory
    checks, puts = [], []
    for _ in range(repeats):
        article = next(articles)
        spent, _ = _cpu(lambda article=article: detector.check(article))
        checks.append(spent)
        spent, outcome = _cpu(lambda article=article: detector.put(article))
        puts.append(spent)
    source = outcome.report.verdict.source
    return Row(
        size=size,
        put=statistics.median(puts),
        check=statistics.median(checks),
        first=_report(detector, "copy 0", repeats),
        last=_report(detector, article.id, repeats),
        source=source.id if source else "none",
        listed=len(outcome.report.matches),
    )


def _report(detector: Detector, name: str, repeats: int) -> float:
    return statistics.median(_cpu(lambda: detector.report(name))[0] for _ in range(repeats))


def _cpu(call: Callable[[], T]) -> tuple[float, T]:
    before = time.process_time()
    result = call()
    return 1e3 * (time.process_time() - before), result


def _line(row: Row, base: Row) -> str:
    cells = [f"{row.size:<12}"]
    for name in ("put", "check", "first", "last"):
        spent, usual = getattr(row, name), getattr(base, name)
        cells.append(f"{spent:8.0f} {spent / usual:4.1f}x")
    return "".join(cells) + f"{row.listed:8}  {row.source}"


if __name__ == "__main__":
    main()
