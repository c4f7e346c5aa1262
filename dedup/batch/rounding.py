"""Columns of numbers as they are shown."""

from __future__ import annotations

from typing import Final

import numpy as np
import pyarrow as pa

from dedup.report import DECIMALS, rounded

DOUBT: Final = 1e-6
"""Units of the last shown digit from the middle of two within which a product may lie on the other
side of it: a thousand times what multiplying by 10^4 may be wrong."""


def rounded_column(shares: pa.Array) -> pa.Array:
    """``rounded`` of every share of a column, at a tenth of what that takes.

    Python rounds what a number is in decimals. To scale it and to round that is the same but
    near the middle of two, where Python is asked. Arrow's own rounding differs there.

    Args:
        shares: float64, within [-1, 1] or null.
    """
    unit = 10.0**DECIMALS
    values = shares.to_numpy(zero_copy_only=False)
    scaled = values * unit
    shown = np.rint(scaled) / unit
    near_middle = np.abs(scaled - np.floor(scaled) - 0.5) < DOUBT
    shown[near_middle] = [rounded(value) for value in values[near_middle].tolist()]
    return pa.array(shown, shares.type, mask=np.asarray(shares.is_null()))
