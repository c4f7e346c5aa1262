"""Columns of numbers as they are shown."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import example, given
from hypothesis import strategies as st

from dedup.batch.rounding import rounded_column
from dedup.report import DECIMALS, rounded

UNIT = 10**DECIMALS

near_the_middle_of_two = st.builds(
    lambda place, off: (place + 0.5) / UNIT + off, st.integers(0, UNIT), st.floats(-1e-15, 1e-15)
)
shares = st.lists(st.none() | st.floats(-1, 1) | near_the_middle_of_two)


@given(shares)
@example([0.00005, 0.00015, 0.12345, 0.30005, -0.0, 1.0, None])
def test_a_column_is_rounded_as_its_values_are(values: list[float | None]) -> None:
    found = rounded_column(pa.array(values, pa.float64())).to_pylist()
    assert list(map(repr, found)) == list(map(repr, map(rounded, values)))
