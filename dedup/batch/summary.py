"""What a run found, in numbers: ``summary.json``. The same for the same input and settings."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dedup import __version__
from dedup.batch.run import Run, families_of, related_of, shelf_of
from dedup.batch.schema import file_and_row
from dedup.batch.sources import Inputs, describe
from dedup.batch.tables import read_batches

LARGEST: Final = 10
"""Families whose size is told."""


def summarize(run: Run, inputs: Inputs) -> dict[str, Any]:
    """Count what the stages have left in the work directory."""
    work = run.work
    shelves = [shelf_of(run, piece) for piece in range(len(work.pieces()))]
    files = Counter(
        file_and_row(number)[0] for shelf in shelves for number in shelf.numbers.tolist()
    )
    rejects = [
        json.loads(line)
        for path in work.pieces()
        for line in (path / "rejects.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    passed: Counter[str] = Counter()
    for path in work.pieces():
        passed.update(json.loads((path / "passed.json").read_text(encoding="utf-8")))
    verdicts = [
        batch
        for path in sorted(work.part(0).parent.iterdir())
        for batch in read_batches(path / "verdicts.arrow")
    ]
    families = families_of(run)
    _, sizes = np.unique(families.cluster, return_counts=True)
    return {
        "version": __version__,
        "fingerprints": run.settings.fingerprint.digest,
        "inputs": [
            {
                "path": file.path,
                "kind": file.kind,
                "bytes": file.size,
                "fields": describe(file.fields),
                "articles": files[file.number],
            }
            for file in inputs.files
        ],
        "passed_over": list(inputs.passed_over),
        "articles": sum(map(len, shelves)),
        "rejected": sum(not reject["kept"] for reject in rejects),
        "kept_in_part": sum(reject["kept"] for reject in rejects),
        "rows_passed": dict(sorted(passed.items())),
        "languages": _counts(shelf.column("language") for shelf in shelves),
        "verdicts": _kinds(verdicts),
        "pairs": {
            "compared": sum(map(len, read_batches(work.file("pairs.arrow")))),
            "related": {
                relation: count // 2
                for relation, count in _counts(
                    batch.column("relation") for batch in related_of(run)
                ).items()
            },
        },
        "families": {
            "count": len(sizes),
            "articles": int(sizes.sum()),
            "largest": np.sort(sizes)[::-1][:LARGEST].tolist(),
        },
        "artifacts": _counts(
            pc.struct_field(shelf.column("findings").flatten(), "rule") for shelf in shelves
        ),
    }


def _kinds(verdicts: Iterable[pa.RecordBatch]) -> Mapping[str, Mapping[str, int]]:
    """How many articles have each verdict, by kind."""
    counts: dict[str, Counter[str]] = {}
    for batch in verdicts:
        both = zip(
            batch.column("verdict").to_pylist(), batch.column("kind").to_pylist(), strict=True
        )
        for verdict, kind in both:
            counts.setdefault(verdict, Counter())[kind] += 1
    return {verdict: _largest_first(kinds) for verdict, kinds in sorted(counts.items())}


def _counts(columns: Iterable[pa.Array]) -> dict[str, int]:
    """How often each value stands in some columns."""
    counts: Counter[str] = Counter()
    for column in columns:
        for entry in pc.value_counts(column).to_pylist():
            counts[entry["values"]] += entry["counts"]
    return _largest_first(counts)


def _largest_first(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items(), key=lambda entry: (-entry[1], entry[0])))
