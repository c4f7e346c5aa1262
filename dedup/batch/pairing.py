"""From files to a file of near-duplicate pairs.

Texts are read and signed first, and what is known of them is written to files that are mapped into
memory: a corpus need not fit there to be searched.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from dedup.batch.files import written_whole
from dedup.batch.gathering import GATHERED, Gathered, gather
from dedup.batch.naming import rename_repeated
from dedup.batch.resembling import SIMILAR, Wanted, search
from dedup.batch.signing import TEXTS_AT_ONCE, Signatures, Signed, sign
from dedup.batch.sources import Inputs, Piece, Reject, pieces
from dedup.batch.tables import read_batches, write_table
from dedup.batch.texts import TextColumn
from dedup.batch.threads import in_order
from dedup.config import Limits

FOUND: Final = pa.schema(
    [
        pa.field("first", pa.string(), nullable=False),
        pa.field("second", pa.string(), nullable=False),
        *list(SIMILAR)[2:],
    ]
)
"""``SIMILAR`` with ids instead of places."""

NAMES: Final = pa.schema([GATHERED.field("number"), GATHERED.field("id")])
"""Of ``GATHERED`` what is wanted again when pairs are found."""

Told = Callable[[str, int, int], object]
"""Is told what is being done, how much of it is done, and of how much."""


@dataclass(frozen=True, slots=True)
class Job:
    """What is searched, and how.

    Attributes:
        inputs: The files.
        limits: What is too long to be an article.
        clean: Whether texts are repaired first.
        rejects: The file for what is not taken; it is written if there is any.
        wanted: What is looked for.
    """

    inputs: Inputs
    limits: Limits
    clean: bool
    rejects: Path
    wanted: Wanted


@dataclass(slots=True)
class Counts:
    """What a search has met so far."""

    articles: int = 0
    rejected: int = 0
    pairs: int = 0


def find_pairs(job: Job, counts: Counts, told: Told) -> Iterator[pa.RecordBatch]:
    """Find the pairs of all inputs.

    Args:
        job: What is searched.
        counts: Counted up.
        told: Is told how it goes on.

    Yields:
        Rows of ``FOUND``, in the order of the input: by the first, then the second.
    """
    with job.wanted.place() as name:
        place = Path(name)
        file = place / "names.arrow"
        with (
            Signatures(place, job.wanted.settings) as signatures,
            _rejecting(job.rejects) as reject,
        ):
            read = _read(job, counts, reject, told)
            write_table(file, NAMES, _keep(read, signatures))
        ids = _distinct_ids(read_batches(file))
        for found in search(signatures.read(), job.wanted, place):
            counts.pairs += len(found)
            named = [ids.take(found[side]) for side in ("first", "second")]
            yield pa.record_batch([*named, *found.columns[len(named) :]], FOUND)


def as_lines(found: Iterable[pa.RecordBatch]) -> Iterator[str]:
    """The same as JSON lines."""
    for batch in found:
        for row in batch.to_pylist():
            yield json.dumps(row, ensure_ascii=False) + "\n"


def _read(
    job: Job, counts: Counts, reject: Callable[[Iterable[Reject]], None], told: Told
) -> Iterator[tuple[pa.RecordBatch, list[Signed]]]:
    """The texts of all inputs, as rows of ``GATHERED``, and what they are found by."""
    workers, settings = job.wanted.workers, job.wanted.settings

    def read(piece: Piece) -> tuple[int, Gathered, list[Signed]]:
        gathered = gather(piece, job.limits, clean=job.clean)
        texts = TextColumn.of(gathered.texts["text"]).pieces(TEXTS_AT_ONCE)
        return piece.read, gathered, [sign(some, settings) for some in texts]

    with job.wanted.threads() as executor:
        cut = pieces(job.inputs, job.limits)
        for done, gathered, signed in in_order(executor, workers, read, cut):
            told("read", done, job.inputs.size)
            reject(gathered.rejects)
            counts.rejected += sum(not rejected.kept for rejected in gathered.rejects)
            counts.articles += len(gathered.texts)
            yield gathered.texts, signed


def _keep(
    read: Iterable[tuple[pa.RecordBatch, list[Signed]]], signatures: Signatures
) -> Iterator[pa.RecordBatch]:
    """Put aside what the search looks at; what is left is rows of ``NAMES``."""
    for gathered, signed in read:
        for some in signed:
            signatures.add(some)
        yield gathered.select(NAMES.names)


@contextmanager
def _rejecting(path: Path) -> Iterator[Callable[[Iterable[Reject]], None]]:
    """What writes rejects to a file; no file is there if there are none."""
    with ExitStack() as stack:
        files: list[TextIO] = []

        def reject(rejects: Iterable[Reject]) -> None:
            for rejected in rejects:
                if not files:
                    part = stack.enter_context(written_whole(path))
                    files.append(stack.enter_context(part.open("w", encoding="utf-8")))
                files[0].write(json.dumps(rejected.as_json(), ensure_ascii=False) + "\n")

        yield reject


def _distinct_ids(gathered: list[pa.RecordBatch]) -> pa.Array:
    """The ids of all texts; one that occurs again with a number (``a#2``)."""
    numbers = [batch["number"].to_numpy() for batch in gathered]
    renamed = rename_repeated(len(gathered), lambda place: gathered[place]["id"], numbers)
    ids = pa.concat_arrays([pa.array([], pa.string()), *(batch["id"] for batch in gathered)])
    if not renamed:
        return ids
    places = np.searchsorted(np.concatenate(numbers), np.fromiter(renamed, np.int64))
    again = np.zeros(len(ids), dtype=bool)
    again[places] = True
    return pc.replace_with_mask(ids, again, pa.array(renamed.values(), pa.string()))
