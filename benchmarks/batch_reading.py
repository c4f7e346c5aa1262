"""How fast inputs are cut and read, on one core: python benchmarks/batch_reading.py FILE...

Prints what a run does with each input (docs/batch.md, Inputs) and what it costs in CPU time:
cutting, which one process does for all, and reading, which all do.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter

from dedup.batch.sources import Row, describe, inputs, parse_fields, pieces, rows
from dedup.config import Limits


def main() -> None:
    """Measure each path on its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("paths", nargs="+", metavar="FILE")
    parser.add_argument("--field", action="append", default=[], metavar="NAME=FIELD")
    arguments = parser.parse_args()
    for path in arguments.paths:
        measure(path, arguments.field)


def measure(path: str, fields: list[str]) -> None:
    """Print what reading an input gives and costs."""
    limits = Limits()
    given = inputs([path], parse_fields(fields))
    begun = time.process_time()
    n_pieces = sum(1 for _ in pieces(given, limits))
    cutting = time.process_time() - begun
    outcomes: Counter[str] = Counter()
    characters = 0
    reading = 0.0
    for piece in pieces(given, limits):
        begun = time.process_time()
        for row in rows(piece, limits):
            outcomes[type(row).__name__] += 1
            characters += len(row.article.text) if isinstance(row, Row) else 0
        reading += time.process_time() - begun
    kinds = Counter(file.kind for file in given.files)
    print(f"{path}: {dict(kinds)} {describe(given.files[0].fields)}")
    print(f"  {n_pieces} pieces, {dict(outcomes)}, {characters / 1e6:.1f} million characters")
    print(
        f"  cutting {cutting:.2f} s, {characters / 1e6 / cutting:.0f} million characters/s; "
        f"reading {reading:.2f} s, {outcomes['Row'] / reading:,.0f} articles/s"
    )


if __name__ == "__main__":
    main()
