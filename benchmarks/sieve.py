"""What the sieve before the judge rules out of labelled pairs, and what that costs.

    python benchmarks/sieve.py --data DIR [--pairs N]

Of every set in DIR and every label N pairs at random are compared and judged in full, and put
through both tests of ``dedup.judge.sieve``. A pair that a test rules out is *lost* if the judge
calls it anything but unrelated.
"""

from __future__ import annotations

import argparse
import random
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

from dedup.compare import compare
from dedup.config import Limits
from dedup.evaluate import LabelledPair, LabelledSet, read_set, reader, set_folders
from dedup.judge import is_hardly_aligned, is_plainly_unrelated, judge

SEED = 4
"""Of the sample, so that two runs see the same pairs."""

UNRELATED = ("unrelated", "undetermined")


def main() -> None:
    """Sample, judge, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="a set, or a folder of sets")
    parser.add_argument("--pairs", type=int, default=200, help="of every set and label")
    arguments = parser.parse_args()
    print(f"{'set':16} {'label':26} {'pairs':>6} {'by words':>9} {'by alignment':>13}  lost")
    for path in set_folders(arguments.data):
        data = read_set(path)
        read = reader(data)
        for label, pairs in _sampled(data, arguments.pairs):
            ruled_out: Counter[str] = Counter()
            lost: Counter[str] = Counter()
            for pair in pairs:
                query, candidate = read(pair.query), read(pair.candidate)
                comparison = compare(query, candidate)
                by_words = is_plainly_unrelated(query.sketch, candidate.sketch)
                if not by_words and not is_hardly_aligned(comparison):
                    continue
                ruled_out["by words" if by_words else "by alignment"] += 1
                relation = judge(comparison, Limits()).relation
                if relation not in UNRELATED:
                    lost[relation] += 1
            print(
                f"{data.name:16} {label:26} {len(pairs):6} {ruled_out['by words']:9} "
                f"{ruled_out['by alignment']:13}  {dict(lost) or ''}",
                flush=True,
            )


def _sampled(data: LabelledSet, most: int) -> Iterator[tuple[str, list[LabelledPair]]]:
    draw = random.Random(SEED)  # noqa: S311 - samples pairs
    by_label: defaultdict[str, list[LabelledPair]] = defaultdict(list)
    for pair in data.pairs:
        by_label[pair.label].append(pair)
    for label, pairs in sorted(by_label.items()):
        yield label, draw.sample(pairs, min(most, len(pairs)))


if __name__ == "__main__":
    main()
