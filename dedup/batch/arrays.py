"""Arrays of different lengths in one file, which is mapped into memory when it is read.

A file is an Arrow IPC file. ``write_arrays`` makes one of one row, whose columns are lists. So
what belongs together is either there as a whole or not at all. ``write_runs`` makes one of many
batches, which need not all be in memory at once. ``mapped`` reads what numpy's ``tofile`` wrote.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.batch.files import written_whole

Array = NDArray[Any]

PAIRS_AND_SUMS = pa.schema([("pairs", pa.uint64()), ("sums", pa.uint64())])


def write_arrays(path: Path, arrays: Mapping[str, Array]) -> None:
    """Write arrays of one or two dimensions under their names."""
    lists = [_as_list(array) for array in arrays.values()]
    batch = pa.record_batch(lists, names=list(arrays))
    with written_whole(path) as part, pa.ipc.new_file(str(part), batch.schema) as file:
        file.write_batch(batch)


def read_arrays(path: Path) -> dict[str, Array]:
    """Map arrays into memory; none is read before it is looked at."""
    with pa.memory_map(str(path)) as mapped:
        batch = pa.ipc.open_file(mapped).get_batch(0)
    return {name: _as_array(batch.column(name).values) for name in batch.schema.names}


def write_runs(path: Path, runs: Iterable[tuple[NDArray[np.uint64], NDArray[np.uint64]]]) -> None:
    """Write sorted pairs of articles with their sums, run after run."""
    with written_whole(path) as part, pa.ipc.new_file(str(part), PAIRS_AND_SUMS) as file:
        for pairs, sums in runs:
            file.write_batch(pa.record_batch([pa.array(pairs), pa.array(sums)], PAIRS_AND_SUMS))


def read_runs(path: Path) -> list[tuple[NDArray[np.uint64], NDArray[np.uint64]]]:
    """Map runs into memory."""
    with pa.memory_map(str(path)) as mapped:
        file = pa.ipc.open_file(mapped)
        batches = [file.get_batch(number) for number in range(file.num_record_batches)]
    return [tuple(column.to_numpy() for column in batch.columns) for batch in batches]


def mapped(path: Path, dtype: type[np.generic], shape: tuple[int, ...]) -> Array:
    """Map a file of nothing but values into memory."""
    if 0 in shape:  # an empty file cannot be mapped
        return np.zeros(shape, dtype)
    return np.memmap(path, dtype, "r", shape=shape)


def _as_list(array: Array) -> pa.Array:
    values = pa.array(array.ravel())
    if array.ndim == 2:
        values = pa.FixedSizeListArray.from_arrays(values, array.shape[1])
    return pa.LargeListArray.from_arrays(pa.array([0, len(array)], pa.int64()), values)


def _as_array(values: pa.Array) -> Array:
    if pa.types.is_fixed_size_list(values.type):
        width = values.type.list_size
        return values.values.to_numpy().reshape(len(values), width)  # type: ignore[no-any-return]
    return values.to_numpy()  # type: ignore[no-any-return]
