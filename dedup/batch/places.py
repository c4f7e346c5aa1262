"""What stands at single places of columns, read where it lies.

Arrow makes an object of its own of every value before Python gets it, at a microsecond each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pyarrow as pa

At = Callable[[int], Any]
"""What stands at a place."""


def reader(column: pa.Array) -> At:
    """What ``column[place].as_py()`` gives, for places of a column from 0 on."""
    if column.null_count == len(column):
        return lambda _: None
    if not column.null_count:
        if pa.types.is_string(column.type):
            return _strings(column)
        if pa.types.is_integer(column.type):
            return memoryview(column.to_numpy()).__getitem__
        if pa.types.is_map(column.type):
            return _maps(column)
    return lambda place: column[place].as_py()


def records_reader(column: pa.ListArray) -> Callable[[int], Iterator[tuple[Any, ...]]]:
    """The records of a list of structs at a place, each the values of its fields in their order.

    Args:
        column: Without nulls.
    """
    bounds = memoryview(column.offsets.to_numpy())
    fields = [reader(field) for field in column.values.flatten()]
    return lambda place: (
        tuple([field(at) for field in fields]) for at in range(bounds[place], bounds[place + 1])
    )


def _maps(column: pa.MapArray) -> At:
    bounds = memoryview(column.offsets.to_numpy())
    key, item = reader(column.keys), reader(column.items)
    return lambda place: [(key(at), item(at)) for at in range(bounds[place], bounds[place + 1])]


def _strings(column: pa.StringArray) -> At:
    _, offsets, data = column.buffers()
    bounds = memoryview(offsets).cast("i")[column.offset :]
    letters = memoryview(data or b"")
    return lambda place: str(letters[bounds[place] : bounds[place + 1]], "utf-8")
