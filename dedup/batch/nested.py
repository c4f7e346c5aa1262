"""Lists of records as Arrow columns, and back.

Arrow makes such a column of dicts one by one, at 2 µs a value, and dicts of it; of whole columns,
and to them, at a tenth.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from typing import Any

import numpy as np
import pyarrow as pa


def list_column(kind: pa.ListType, rows: Iterable[Sequence[Sequence[object]]]) -> pa.ListArray:
    """A column of lists of records.

    Args:
        kind: A list type of structs.
        rows: Per row its records, each the values of the struct's fields in their order.
    """
    rows = tuple(rows)
    offsets = np.cumsum([0, *map(len, rows)], dtype=np.int32)
    return pa.ListArray.from_arrays(
        pa.array(offsets), struct_column(kind.value_type, list(chain.from_iterable(rows))), kind
    )


def struct_column(kind: pa.StructType, records: Sequence[Sequence[object]]) -> pa.StructArray:
    """A column of records, each the values of the struct's fields in their order."""
    fields = [kind.field(place) for place in range(kind.num_fields)]
    columns = zip(*records, strict=True) if records else ((),) * len(fields)
    children = [pa.array(column, field.type) for column, field in zip(columns, fields, strict=True)]
    return pa.StructArray.from_arrays(children, fields=fields)


def records_of(column: pa.StructArray) -> Iterator[tuple[Any, ...]]:
    """The records of a column without nulls, each the values of its fields in their order."""
    return zip(*(child.to_pylist() for child in column.flatten()), strict=True)


def record_batch(schema: pa.Schema, rows: Sequence[Sequence[Any]]) -> pa.RecordBatch:
    """A batch of rows, each the values of the schema's columns in their order.

    Lists of structs are given as their records, structs as their values.
    """
    columns = zip(*rows, strict=True) if rows else ((),) * len(schema)
    return pa.record_batch(
        [_column(field.type, column) for column, field in zip(columns, schema, strict=True)],
        schema=schema,
    )


def _column(kind: pa.DataType, values: Sequence[Any]) -> pa.Array:
    if pa.types.is_struct(kind):
        return struct_column(kind, values)
    if pa.types.is_list(kind) and pa.types.is_struct(kind.value_type):
        return list_column(kind, values)
    return pa.array(values, kind)
