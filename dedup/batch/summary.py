"""What a run found, in numbers: ``summary.json``. The same for the same input and settings."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any, Final, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dedup import __version__
from dedup.batch.articles import Shelf
from dedup.batch.known import Standing
from dedup.batch.run import Run, families_of, related_of, roll_of, shelf_of
from dedup.batch.schema import file_and_row
from dedup.batch.sources import DOCUMENTS, Input, Inputs, describe
from dedup.batch.tables import read_batch, read_batches
from dedup.boilerplate import RULE as BOILERPLATE
from dedup.config import Settings

LARGEST: Final = 10
"""Families whose size is told."""


class Occurrences(NamedTuple):
    """How often an artifact was seen.

    Attributes:
        findings: Places where it stands.
        articles: Articles in which it stands.
    """

    findings: int
    articles: int


@dataclass(frozen=True, slots=True)
class Found:
    """What a run found, whoever counted it.

    Attributes:
        files: Articles by the number of their input file.
        rejects: Rejects, by whether their row was taken all the same.
        passed: Rows that were passed over, by reason.
        languages: Articles by language.
        verdicts: Articles by verdict, then kind.
        candidates: Pairs that were to be compared.
        left_out: Those of them that a fault was met at.
        related: Related pairs by relation.
        families: How many there are.
        members: Articles in them.
        largest: Sizes of the ``LARGEST`` largest, the largest first.
        rules: Artifacts by rule, boilerplate among them.
        known: Articles that the run was only against.
        asked_and_known: Articles of the inputs that are known themselves.
    """

    files: Mapping[int, int]
    rejects: Mapping[bool, int]
    passed: Mapping[str, int]
    languages: Mapping[str, int]
    verdicts: Mapping[str, Mapping[str, int]]
    candidates: int
    left_out: int
    related: Mapping[str, int]
    families: int
    members: int
    largest: Sequence[int]
    rules: Mapping[str, Occurrences]
    known: int = 0
    asked_and_known: int = 0


def as_summary(
    found: Found, inputs: Inputs, settings: Settings, against: Sequence[str] = ()
) -> dict[str, Any]:
    """What ``summary.json`` says.

    Args:
        found: What was found.
        inputs: In what.
        settings: With what.
        against: Where known articles are from.
    """
    return {
        "version": __version__,
        "fingerprints": settings.fingerprint.digest,
        "inputs": [_told(files, found) for files in _grouped(inputs.files)],
        "passed_over": list(inputs.passed_over),
        "articles": sum(found.files.values()),
        "known": {
            "from": list(against),
            "articles": found.known,
            "among_inputs": found.asked_and_known,
        },
        "rejected": found.rejects.get(False, 0),
        "kept_in_part": found.rejects.get(True, 0),
        "rows_passed": dict(sorted(found.passed.items())),
        "languages": _largest_first(found.languages),
        "verdicts": {
            verdict: _largest_first(kinds) for verdict, kinds in sorted(found.verdicts.items())
        },
        "pairs": {
            "compared": found.candidates - found.left_out,
            "left_out": found.left_out,
            "related": _largest_first(found.related),
        },
        "families": {
            "count": found.families,
            "articles": found.members,
            "largest": list(found.largest),
        },
        "artifacts": {
            rule: seen._asdict()
            for rule, seen in sorted(
                found.rules.items(), key=lambda entry: (-entry[1].articles, entry[0])
            )
        },
    }


def _grouped(files: Iterable[Input]) -> list[list[Input]]:
    """Files one by one, but those that are an article each by folder and kind."""
    groups: dict[tuple[str, str], list[Input]] = {}
    for file in files:
        folder = str(PurePath(file.path).parent)
        groups.setdefault((folder if file.kind in DOCUMENTS else file.path, file.kind), []).append(
            file
        )
    return list(groups.values())


def _told(files: Sequence[Input], found: Found) -> dict[str, Any]:
    """What is said of a file, or of the files of a folder."""
    file = files[0]
    return {
        "path": file.path if len(files) == 1 else str(PurePath(file.path).parent),
        "files": len(files),
        "kind": file.kind,
        "bytes": sum(file.size for file in files),
        "fields": describe(file.fields),
        "articles": sum(found.files.get(file.number, 0) for file in files),
    }


def summarize(run: Run, inputs: Inputs, against: Sequence[str] = ()) -> dict[str, Any]:
    """Count what the stages have left in the work directory.

    Args:
        run: The run.
        inputs: Its inputs.
        against: Where known articles are from.
    """
    work, roll = run.work, roll_of(run)
    shelves = [shelf_of(run, piece) for piece in range(roll.first_piece, len(work.pieces()))]
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
    members = families_of(run)
    _, sizes = np.unique(members.cluster[members.number >= 0], return_counts=True)
    found = Found(
        files=Counter(
            file_and_row(number)[0] for shelf in shelves for number in shelf.numbers.tolist()
        ),
        rejects=Counter(reject["kept"] for reject in rejects),
        passed=passed,
        languages=_counts(shelf.column("language") for shelf in shelves),
        verdicts=_kinds(verdicts),
        candidates=sum(map(len, read_batches(work.file("pairs.arrow")))),
        left_out=len(work.all_left_out()),
        related={relation: count // 2 for relation, count in seen.items()},
        families=len(sizes),
        members=int(sizes.sum()),
        largest=np.sort(sizes)[::-1][:LARGEST].tolist(),
        rules=_rules(shelves, read_batch(work.file("boilerplate.arrow"))),
        known=roll.n_known,
        asked_and_known=int(np.count_nonzero(roll.standings == Standing.ASKED_AND_KNOWN)),
    )
    return as_summary(found, inputs, run.settings, against)


def _rules(shelves: Sequence[Shelf], blocks: pa.RecordBatch) -> Mapping[str, Occurrences]:
    """What was seen in articles of the inputs, the blocks of boilerplate of all articles with it."""
    found: Counter[str] = Counter()
    with_any: Counter[str] = Counter()
    for shelf in shelves:
        findings = shelf.column("findings")
        seen = pa.table(
            {
                "article": pc.list_parent_indices(findings),
                "rule": pc.struct_field(findings.flatten(), "rule"),
            }
        )
        counted = seen.group_by("rule").aggregate(
            [("article", "count"), ("article", "count_distinct")]
        )
        for row in counted.to_pylist():
            found[row["rule"]] += row["article_count"]
            with_any[row["rule"]] += row["article_count_distinct"]
    rules = {rule: Occurrences(found[rule], with_any[rule]) for rule in found}
    numbers = blocks.column("number").to_numpy()
    own = numbers[numbers >= 0]
    return rules | ({BOILERPLATE: Occurrences(len(own), len(np.unique(own)))} if len(own) else {})


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
