"""A small archive with something of everything, and runs over it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa
from article_cases import ARTICLE, PARAGRAPHS, ROOT, SEEDS

from dedup.batch.against import Export
from dedup.batch.local import NO_INPUTS, Cuts, Job, Watch, run_batch
from dedup.batch.outputs import Outputs
from dedup.batch.sources import inputs
from dedup.batch.writing import Format
from dedup.config import Settings

FERRY, FERRY_ROUND_TRIP = (
    (ROOT / "tests/cases/articles" / name).read_text(encoding="utf-8")
    for name in ("ferry.txt", "ferry_round_trip.txt")
)

SMALL_CUTS = Cuts(part_articles=4, cluster_rows=3, block_pairs=3, suspects=2)
"""So small that even these few articles make several units of each kind of work."""

MEMORY = 2 << 30

DEFAULT = Settings()

EDITED = ARTICLE.replace("Tuesday", "Wednesday").replace("eleven", "twelve")
EXCERPT = "\n\n".join(PARAGRAPHS[:3])
EXTENDED = ARTICLE + "\n\n" + FERRY

FILES: Mapping[str, tuple[Mapping[str, object], ...]] = {
    "a.jsonl": (
        {"id": "bridge", "text": ARTICLE, "published": "2024-05-02T10:00:00Z"},
        {"id": "seed-001", "text": SEEDS["001"], "published": "2020-02-10"},
        {"id": "ferry-again", "text": FERRY_ROUND_TRIP},
        {"id": "short", "text": "The bridge is closed."},
    ),
    "b.jsonl": (
        {"id": "seed-000", "text": SEEDS["000"], "published": "2020-02-09T08:00:00Z"},
        {"id": "bridge", "text": ARTICLE, "published": "2024-05-03T10:00:00Z"},
        {"id": "edited", "text": EDITED, "published": "2024-05-01T10:00:00Z"},
        {"id": "no-text", "title": "Nothing but a title"},
    ),
    "c.jsonl": (
        {"id": "excerpt", "text": EXCERPT},
        {"id": "seed-002", "text": SEEDS["002"], "source": "CGTN"},
        {"id": "bridge", "text": ARTICLE},
        {"text": EXTENDED},
    ),
    "d.jsonl": (
        {"id": "ferry", "text": FERRY},
        {"id": "seed-003", "text": SEEDS["003"], "source": "Reuters"},
        {"id": "seed-004", "text": SEEDS["004"]},
    ),
}
"""Rows of each file. The earliest copy of a text is not always the first in the input."""


def write_files(
    directory: Path, files: Mapping[str, Iterable[Mapping[str, object]]] = FILES
) -> list[str]:
    """Write tables of JSON lines; their paths."""
    directory.mkdir(parents=True, exist_ok=True)
    for name, rows in files.items():
        lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (directory / name).write_text("".join(lines), encoding="utf-8")
    return [str(directory / name) for name in files]


def run(
    paths: Iterable[str],
    out: Path,
    *,
    workers: int = 1,
    memory: int = MEMORY,
    form: Format = "parquet",
    resume: bool = False,
    report: bool = False,
    cuts: Cuts = SMALL_CUTS,
    watch: Watch = lambda _: None,
    settings: Settings = DEFAULT,
    known: Iterable[str] = (),
    exports: Iterable[Export] = (),
) -> Outputs:
    """Run over files; what was written."""
    known = list(known)
    job = Job(
        inputs(list(paths)),
        out,
        form,
        workers,
        memory,
        resume=resume,
        report=report,
        cuts=cuts,
        known=inputs(known) if known else NO_INPUTS,
        exports=tuple(exports),
    )
    run_batch(job, settings, watch)
    return Outputs(out)


def run_rows(tmp_path: Path, *rows: Mapping[str, object], **options: Any) -> Outputs:
    """Run over the rows of one file."""
    return run(write_files(tmp_path / "in", {"rows.jsonl": rows}), tmp_path / "out", **options)


def digests(out: Path) -> dict[str, str]:
    """Every file of a run but what tells its time, with a digest of its bytes."""
    return {
        str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(out.rglob("*"))
        if path.is_file() and path.name != "timing.json"
    }


def by_id(table: pa.Table) -> dict[str, dict[str, Any]]:
    """Rows by the id of their article."""
    return {row["id"]: row for row in table.to_pylist()}
