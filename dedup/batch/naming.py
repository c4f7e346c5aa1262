"""Ids that occur again get a number: what is called twice ``a`` becomes ``a`` and ``a#2``."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.hashing import word_hash


def rename_repeated(
    n_tables: int, ids: Callable[[int], pa.Array], numbers: Sequence[NDArray[np.int64]]
) -> dict[int, str]:
    """What articles are called whose id an earlier one has.

    Eight bytes an article are kept; of ids that occur once no more.

    Args:
        n_tables: Tables of articles, in order of number.
        ids: Gives the ids of a table; asked for twice.
        numbers: Those of the articles of each table.

    Returns:
        New ids by number, in order of number.
    """
    hashes = [
        np.fromiter(map(word_hash, ids(table).to_pylist()), np.uint64, len(numbers[table]))
        for table in range(n_tables)
    ]
    met = np.sort(np.concatenate([np.zeros(0, np.uint64), *hashes]))
    repeated = np.unique(met[1:][met[1:] == met[:-1]])
    used: dict[str, int] = {}
    renamed: dict[int, str] = {}
    for table in range(n_tables) if len(repeated) else ():
        names = ids(table)
        for place in np.flatnonzero(np.isin(hashes[table], repeated)).tolist():
            name = names[place].as_py()
            if name in used:
                used[name], renamed[int(numbers[table][place])] = _next(name, used[name], met)
            else:
                used[name] = 1
    return renamed


def _next(name: str, last: int, met: NDArray[np.uint64]) -> tuple[int, str]:
    """The next number that makes a name that no article brings along."""
    while True:
        last += 1
        renamed = f"{name}#{last}"
        code = np.uint64(word_hash(renamed))
        place = int(np.searchsorted(met, code))
        if place == len(met) or met[place] != code:
            return last, renamed
