"""The texts of an input as a column, with no more work than that takes.

Rows are read as for a run (``dedup.batch.sources``). But where a piece of JSON lines or Parquet holds
nothing that would have to be noted or refused, Arrow reads it in a third of the time, in threads;
what comes out is the same, or the piece is read row by row.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.json as pj

from dedup.batch.sources import Piece, Reject, Row, rows
from dedup.batch.sources.reading import data_of
from dedup.batch.tables import as_batch
from dedup.config import Limits
from dedup.ids import MAX_ID_BYTES
from dedup.normalize import read

GATHERED: Final = pa.schema(
    [
        pa.field("number", pa.int64(), nullable=False),
        pa.field("id", pa.string(), nullable=False),
        pa.field("text", pa.large_string(), nullable=False),
    ]
)

PLAIN_ID: Final = r"^[!-~]+$"
"""Ids that surely can name an article if they are short enough; of others it is looked at each.
The length is not counted here: for each of 512 places RE2 would make a state of its own."""

READABLE: Final = (pa.string(), pa.large_string())


@dataclass(frozen=True, slots=True)
class Gathered:
    """What a piece held.

    Attributes:
        texts: Rows of ``GATHERED``.
        rejects: Rows that are not taken, and what of others is not, in order.
    """

    texts: pa.RecordBatch
    rejects: tuple[Reject, ...]


def gather(piece: Piece, limits: Limits, *, clean: bool) -> Gathered:
    """The texts of a piece.

    Args:
        piece: Of an input.
        limits: What is too long to be an article.
        clean: Take texts as repaired; else as they are, but the text of pages.

    Raises:
        InputError: The file that the piece is from has changed since it was cut.
    """
    texts = None if clean else _plain_table(piece, limits)
    if texts is not None:
        return Gathered(texts, ())
    taken: list[Row] = []
    rejects: list[Reject] = []
    for row in rows(piece, limits):
        if isinstance(row, Row):
            taken.append(row)
            rejects.extend(row.notes)
        elif isinstance(row, Reject):
            rejects.append(row)
    columns = (
        [row.number for row in taken],
        [row.article.id for row in taken],
        [_text(row, clean=clean) for row in taken],
    )
    arrays = [pa.array(*column) for column in zip(columns, GATHERED.types, strict=True)]
    return Gathered(pa.record_batch(arrays, GATHERED), tuple(rejects))


def _text(row: Row, *, clean: bool) -> str:
    as_is = row.article.media == "text" and not clean
    return row.article.text if as_is else read(row.article).text


def _plain_table(piece: Piece, limits: Limits) -> pa.RecordBatch | None:
    """The texts of a table without anything to be noted or refused; None if it is none."""
    file = piece.inputs[0]
    text, name = file.fields.text, file.fields.id
    if piece.aside or file.problem or text is None or name is None or text == name:
        return None
    try:
        match file.kind:
            case "jsonl":
                table = _json_lines(data_of(piece), text, name)
            case "parquet":
                table = pa.ipc.open_stream(piece.table).read_all()
            case _:
                return None
        if table is None or not _is_plain(table, text, name, limits):
            return None
    except pa.ArrowException:
        return None
    numbers = pa.array(np.arange(piece.first, piece.first + len(table)))
    batch = as_batch(table)
    columns = [numbers, batch[name], batch[text]]
    return pa.record_batch(
        [column.cast(kind) for column, kind in zip(columns, GATHERED.types, strict=True)], GATHERED
    )


def _json_lines(data: bytes, text: str, name: str) -> pa.Table | None:
    """The two fields of lines that each hold one object; None if some line holds something else.

    Raises:
        pa.ArrowException: Some line is no JSON, or a field something else than a string.
    """
    wanted = pa.schema([(name, pa.string()), (text, pa.string())])
    table = pj.read_json(
        pa.BufferReader(data),
        pj.ReadOptions(use_threads=False, block_size=len(data) + 1),
        pj.ParseOptions(explicit_schema=wanted, unexpected_field_behavior="ignore"),
    )
    table.validate(full=True)  # Arrow takes bytes that are no UTF-8 as they are.
    n_objects = data.count(b"\n{") + data.startswith(b"{")
    return table if len(table) == n_objects == data.count(b"\n", 0, -1) + 1 else None


def _is_plain(table: pa.Table, text: str, name: str, limits: Limits) -> bool:
    """Whether every row has a text and an id about which there is nothing to say."""
    if not all(
        table.column_names.count(column) == 1
        and table[column].type in READABLE
        and not table[column].null_count
        for column in (text, name)
    ):
        return False
    texts, names = table[text], table[name]
    return not len(table) or bool(
        _longest(texts, at_least=limits.max_characters) <= limits.max_characters
        and pc.min(pc.binary_length(texts)).as_py()
        and not pc.any(pc.utf8_is_space(texts)).as_py()
        and pc.max(pc.binary_length(names)).as_py() <= MAX_ID_BYTES
        and pc.all(pc.match_substring_regex(names, PLAIN_ID)).as_py()
    )


def _longest(texts: pa.ChunkedArray, *, at_least: int) -> int:
    """Characters of the longest text; if none has more than ``at_least`` bytes, these."""
    n_bytes: int = pc.max(pc.binary_length(texts)).as_py()
    return n_bytes if n_bytes <= at_least else pc.max(pc.utf8_length(texts)).as_py()
