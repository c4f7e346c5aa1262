"""What a run found, in numbers: ``summary.json``. The same for the same input and settings."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dedup import __version__
from dedup.batch.run import Run, families_of, related_of, shelf_of
from dedup.batch.schema import file_and_row
from dedup.batch.sources import Inputs, describe
from dedup.batch.tables import read_batches
from dedup.config import Settings

LARGEST: Final = 10
"""Families whose size is told."""


@dataclass(frozen=True, slots=True)
class Found:
    """What a run found, whoever counted it.

    Attributes:
        files: Articles by the number of their input file.
        rejects: Rejects, by whether their row was taken all the same.
        passed: Rows that were passed over, by reason.
        languages: Articles by language.
        verdicts: Articles by verdict, then kind.
        compared: Pairs that were compared.
        related: Related pairs by relation.
        families: How many there are.
        members: Articles in them.
        largest: Sizes of the ``LARGEST`` largest, the largest first.
        rules: Findings by rule.
    """

    files: Mapping[int, int]
    rejects: Mapping[bool, int]
    passed: Mapping[str, int]
    languages: Mapping[str, int]
    verdicts: Mapping[str, Mapping[str, int]]
    compared: int
    related: Mapping[str, int]
    families: int
    members: int
    largest: Sequence[int]
    rules: Mapping[str, int]


def as_summary(found: Found, inputs: Inputs, settings: Settings) -> dict[str, Any]:
    """What ``summary.json`` says."""
    return {
        "version": __version__,
        "fingerprints": settings.fingerprint.digest,
        "inputs": [
            {
                "path": file.path,
                "kind": file.kind,
                "bytes": file.size,
                "fields": describe(file.fields),
                "articles": found.files.get(file.number, 0),
            }
            for file in inputs.files
        ],
        "passed_over": list(inputs.passed_over),
        "articles": sum(found.files.values()),
        "rejected": found.rejects.get(False, 0),
        "kept_in_part": found.rejects.get(True, 0),
        "rows_passed": dict(sorted(found.passed.items())),
        "languages": _largest_first(found.languages),
        "verdicts": {
            verdict: _largest_first(kinds) for verdict, kinds in sorted(found.verdicts.items())
        },
        "pairs": {"compared": found.compared, "related": _largest_first(found.related)},
        "families": {
            "count": found.families,
            "articles": found.members,
            "largest": list(found.largest),
        },
        "artifacts": _largest_first(found.rules),
    }


def summarize(run: Run, inputs: Inputs) -> dict[str, Any]:
    """Count what the stages have left in the work directory."""
    work = run.work
    shelves = [shelf_of(run, piece) for piece in range(len(work.pieces()))]
    rejects = (
        json.loads(line)
        for path in work.pieces()
        for line in (path / "rejects.jsonl").read_text(encoding="utf-8").splitlines()
    )
    passed: Counter[str] = Counter()
    for path in work.pieces():
        passed.update(json.loads((path / "passed.json").read_text(encoding="utf-8")))
    verdicts = [
        batch
        for path in sorted(work.part(0).parent.iterdir())
        for batch in read_batches(path / "verdicts.arrow")
    ]
    seen = _counts(batch.column("relation") for batch in related_of(run))
    _, sizes = np.unique(families_of(run).cluster, return_counts=True)
    found = Found(
        files=Counter(
            file_and_row(number)[0] for shelf in shelves for number in shelf.numbers.tolist()
        ),
        rejects=Counter(reject["kept"] for reject in rejects),
        passed=passed,
        languages=_counts(shelf.column("language") for shelf in shelves),
        verdicts=_kinds(verdicts),
        compared=sum(map(len, read_batches(work.file("pairs.arrow")))),
        related={relation: count // 2 for relation, count in seen.items()},
        families=len(sizes),
        members=int(sizes.sum()),
        largest=np.sort(sizes)[::-1][:LARGEST].tolist(),
        rules=_counts(
            pc.struct_field(shelf.column("findings").flatten(), "rule") for shelf in shelves
        ),
    )
    return as_summary(found, inputs, run.settings)


def _kinds(verdicts: Iterable[pa.RecordBatch]) -> Mapping[str, Mapping[str, int]]:
    """How many articles have each verdict, by kind."""
    counts: dict[str, Counter[str]] = {}
    for batch in verdicts:
        both = zip(
            batch.column("verdict").to_pylist(), batch.column("kind").to_pylist(), strict=True
        )
        for verdict, kind in both:
            counts.setdefault(verdict, Counter())[kind] += 1
    return counts


def _counts(columns: Iterable[pa.Array]) -> Mapping[str, int]:
    """How often each value stands in some columns."""
    counts: Counter[str] = Counter()
    for column in columns:
        for entry in pc.value_counts(column).to_pylist():
            counts[entry["values"]] += entry["counts"]
    return counts


def _largest_first(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda entry: (-entry[1], entry[0])))
