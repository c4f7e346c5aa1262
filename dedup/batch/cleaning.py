"""Cleaning a corpus: the articles that are kept, and those that are not, each with the reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dedup.batch.covering import PAIR
from dedup.batch.keeping import ABOUT, REMOVED, Policy, removed
from dedup.batch.outlets import absent
from dedup.batch.outputs import Outputs
from dedup.batch.schema import ARTICLES
from dedup.batch.writing import Format, part_path, write_part
from dedup.errors import InputError

WHY: Final = tuple(field for field in REMOVED if field.name != "number")

REMOVED_ARTICLES: Final = pa.schema([*ARTICLES, *WHY])
"""Articles that are not kept, with why."""


@dataclass(frozen=True, slots=True)
class Cleaned:
    """What cleaning did.

    Attributes:
        kept: Articles that are kept.
        removed: Articles that are not.
        absent: Preferred outlets that no article is of, each with those named most like it.
    """

    kept: int
    removed: int
    absent: Mapping[str, Sequence[str]]


def clean(outputs: Outputs, out: Path, policy: Policy, form: Format | None = None) -> Cleaned:
    """Write what is kept of a run's articles to ``out/kept``, and the rest to ``out/removed``.

    Args:
        outputs: Of the run. They stay as they are.
        out: A directory; made if it is not there.
        policy: What is kept of each family. An article of none is kept.
        form: Of what is written; that of the run if None.

    Raises:
        InputError: Something stands in the directory.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InputError(f"{out}: is in use; name a directory that is empty or not there")
    about = outputs.read("articles", ABOUT)
    known = outputs.read("verdicts", ["known"])
    dropped = removed(
        outputs.read("clusters"),
        about.append_column("known", known["known"]),
        outputs.read("artifacts", ["number", "weight"]),
        outputs.read("matches", PAIR),
        policy,
    )
    form = form or outputs.form
    gone = dropped["number"].combine_chunks()

    def kept_of(batch: pa.RecordBatch) -> pa.RecordBatch:
        return batch.filter(pc.invert(pc.is_in(batch.column("number"), gone)))

    def removed_of(batch: pa.RecordBatch) -> pa.RecordBatch:
        return _with_reasons(batch.filter(pc.is_in(batch.column("number"), gone)), dropped)

    for name, schema, some_of in (
        ("kept", ARTICLES, kept_of),
        ("removed", REMOVED_ARTICLES, removed_of),
    ):
        for number, batches in enumerate(outputs.parts("articles")):
            path = part_path(out, name, number, form)
            write_part(path, schema, map(some_of, batches), form)
    return Cleaned(
        kept=len(about) - len(dropped),
        removed=len(dropped),
        absent=absent(policy.preferred, about["source"], about["url"]) if policy.preferred else {},
    )


def _with_reasons(articles: pa.RecordBatch, dropped: pa.Table) -> pa.RecordBatch:
    """Articles with why they are removed."""
    places = np.searchsorted(dropped["number"].to_numpy(), articles.column("number").to_numpy())
    why = dropped.take(places).combine_chunks()
    columns = [*articles.columns, *(_array(why[field.name]) for field in WHY)]
    return pa.record_batch(columns, schema=REMOVED_ARTICLES)


def _array(column: pa.ChunkedArray) -> pa.Array:
    return column.combine_chunks()
