"""Articles, and what stands in each, as rows of the outputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dedup.batch.articles import Shelf
from dedup.batch.nested import struct_column
from dedup.batch.reading import finding_fields
from dedup.batch.rounding import rounded_column
from dedup.batch.schema import ARTICLES, ARTIFACTS, FINDING, file_and_row
from dedup.boilerplate import as_findings
from dedup.model import Span


def articles_of(shelf: Shelf, paths: pa.Array) -> pa.RecordBatch:
    """Rows of ``schema.ARTICLES``, in order of number.

    Args:
        shelf: The articles.
        paths: Of the input files, in order.
    """
    places = [file_and_row(number) for number in shelf.numbers.tolist()]
    made = {
        "id": pa.array(shelf.ids(), pa.string()),
        "file": paths.take(pa.array([file for file, _ in places], pa.int64())),
        "row": pa.array([row + 1 for _, row in places], pa.int64()),
        "language_confidence": rounded_column(shelf.column("language_confidence")),
        "text": pc.coalesce(shelf.column("clean"), shelf.column("submitted")),
    }
    columns = [made[name] if name in made else shelf.column(name) for name in ARTICLES.names]
    return pa.record_batch(columns, schema=ARTICLES)


def artifacts_of(shelf: Shelf, boilerplate: Mapping[int, Sequence[Span]]) -> pa.RecordBatch:
    """What the rules found, and boilerplate behind it: rows of ``schema.ARTIFACTS``.

    Args:
        shelf: The articles.
        boilerplate: Where it stands in articles that have any, as submitted, by their numbers.
    """
    findings = shelf.column("findings")
    owners = pc.list_parent_indices(findings).to_numpy()
    blocks = [
        (place, finding_fields(finding))
        for place, number in enumerate(shelf.numbers.tolist())
        if number in boilerplate
        for finding in as_findings(shelf.at(place).article, boilerplate[number])
    ]
    records = findings.flatten()
    if blocks:
        owners = np.append(owners, [place for place, _ in blocks])
        found = struct_column(FINDING, [fields for _, fields in blocks])
        order = np.argsort(owners, kind="stable")
        owners = owners[order]
        records = pa.concat_arrays([records, found]).take(pa.array(order))
    ids = pa.array(shelf.ids(), pa.string())
    columns = [
        pa.array(shelf.numbers[owners]),
        ids.take(pa.array(owners)),
        *records.flatten(),
    ]
    return pa.record_batch(columns, schema=ARTIFACTS)
