#!/usr/bin/env python3
"""How well shared sections are found: the official measure of PAN's text alignment task.

    python benchmarks/plagdet.py --data DIR

``DIR`` holds the PAN 2013 corpus as a labelled set (``dedup.evaluate``) whose pairs also have
``detail``, the kind of obfuscation, and ``spans``, the cases: ``[[start, end, source start,
source end], …]`` in code points. What is measured is ``dedup.compare.sections``, as the product
runs it. Documents that share a text are of one family; ``--half`` takes every other family,
so that what is chosen on one half can be reported on the other.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from text_alignment import Located, Quality, measure

from dedup.compare import compare
from dedup.compare.sections import sections
from dedup.evaluate import read_set, reader
from dedup.model import Span


class Pair(NamedTuple):
    """Two documents, how what they share was obfuscated, and where it stands."""

    query: str
    candidate: str
    obfuscation: str
    cases: tuple[Located, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """One pair's cases, and what was detected."""

    pair: Pair
    detections: tuple[Located, ...]


def main() -> None:
    """Print the measure per kind of obfuscation, and over all pairs."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--half", choices=("a", "b"), help="one half of the document families")
    parser.add_argument("--sample", type=int, default=1, help="only every n-th pair")
    arguments = parser.parse_args()
    pairs = list(read_pairs(arguments.data / "pairs.jsonl"))
    if arguments.half:
        chosen = half(pairs, arguments.half)
        pairs = [pair for pair in pairs if pair.query in chosen]
    results = list(detect(arguments.data, pairs[:: arguments.sample]))
    print(
        f"{'':26} {'pairs':>6} {'cases':>6} {'found':>6}  plagdet  precision  recall  granularity"
    )
    for obfuscation in sorted({result.pair.obfuscation for result in results}):
        show(obfuscation, [found for found in results if found.pair.obfuscation == obfuscation])
    show("overall", results)


def read_pairs(path: Path) -> Iterator[Pair]:
    """The pairs of the corpus with their cases."""
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        names = row["a"], row["b"]
        cases = tuple(
            Located(*names, Span(start, end), Span(source_start, source_end))
            for start, end, source_start, source_end in row["spans"]
        )
        yield Pair(*names, row["detail"], cases)


def half(pairs: Sequence[Pair], name: str) -> frozenset[str]:
    """The documents of one half of the families: those that pairs connect stay together."""
    family: dict[str, str] = {}

    def head(document: str) -> str:
        while family.setdefault(document, document) != document:
            document = family[document]
        return document

    for pair in pairs:
        family[head(pair.query)] = head(pair.candidate)
    members = defaultdict(list)
    for document in list(family):
        members[head(document)].append(document)
    wanted = "ab".index(name)
    return frozenset(
        document
        for documents in members.values()
        if blake2b(min(documents).encode()).digest()[0] % 2 == wanted
        for document in documents
    )


def detect(folder: Path, pairs: Sequence[Pair]) -> Iterator[Found]:
    """Let the product find the shared sections of each pair."""
    read = reader(read_set(folder))
    for pair in pairs:
        found = sections(compare(read(pair.query), read(pair.candidate)))
        yield Found(
            pair,
            tuple(
                Located(pair.query, pair.candidate, section.query, section.candidate)
                for section in found
            ),
        )


def show(name: str, results: Sequence[Found]) -> None:
    """One line of the table."""
    cases = [case for found in results for case in found.pair.cases]
    detections = [detection for found in results for detection in found.detections]
    quality: Quality = measure(cases, detections)
    print(
        f"{name:26} {len(results):6} {len(cases):6} {len(detections):6}  "
        f"{quality.plagdet:7.4f}  {quality.precision:9.4f}  {quality.recall:6.4f}  "
        f"{quality.granularity:11.4f}",
        flush=True,
    )


if __name__ == "__main__":
    main()
