"""Values of columns, read one at a time."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.batch.places import reader, records_reader

VALUES = {
    pa.string(): st.text(),
    pa.int32(): st.integers(-(2**31), 2**31 - 1),
    pa.float64(): st.floats(allow_nan=False),
    pa.map_(pa.string(), pa.string()): st.dictionaries(st.text(), st.text()).map(
        lambda data: list(data.items())
    ),
}
RECORD = pa.struct([("word", pa.string()), ("place", pa.int32())])


@pytest.mark.parametrize("kind", VALUES, ids=str)
@settings(max_examples=50)
@given(data=st.data())
def test_what_is_read_is_what_stands_there(kind: pa.DataType, data: st.DataObject) -> None:
    some = st.lists(VALUES[kind]) | st.lists(st.none() | VALUES[kind])
    column = pa.array(data.draw(some), kind).slice(data.draw(st.integers(0, 3)))
    at = reader(column)
    assert [at(place) for place in range(len(column))] == column.to_pylist()


@given(
    st.lists(st.lists(st.fixed_dictionaries({"word": st.text(), "place": st.integers(0, 9)}))),
    st.integers(0, 3),
)
def test_records_are_those_of_the_list_at_a_place(rows: list[Any], first: int) -> None:
    column = pa.array(rows, pa.list_(RECORD)).slice(first)
    at = records_reader(column)
    found = [list(at(place)) for place in range(len(column))]
    assert found == [[tuple(record.values()) for record in row] for row in column.to_pylist()]
