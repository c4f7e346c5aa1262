"""Between Spark's tables and ours: Spark knows no column that must be there, nor unsigned numbers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import pyarrow as pa
from pyspark.sql import Column, DataFrame
from pyspark.sql.pandas.types import from_arrow_schema
from pyspark.sql.types import StructType

Batches = Iterator[pa.RecordBatch]


def nullable(schema: Iterable[pa.Field]) -> list[pa.Field]:
    """The same fields, each of which may be missing."""
    return [field.with_nullable(nullable=True) for field in schema]


def spark_schema(schema: pa.Schema) -> StructType:
    """A schema as Spark has it."""
    return from_arrow_schema(schema)


def conformed(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """The columns of a schema, of what Spark hands over.

    Raises:
        ValueError: A value is missing that must be there.
    """
    columns = [batch.column(field.name).cast(field.type) for field in schema]
    made = pa.record_batch(columns, schema=schema)
    made.validate()
    return made


def flattened(column: pa.StructArray, schema: pa.Schema) -> pa.RecordBatch:
    """A column of structs as the table that they are rows of."""
    return conformed(pa.RecordBatch.from_struct_array(column), schema)


def mapped(
    frame: DataFrame, function: Callable[[Batches], Batches], schema: pa.Schema
) -> DataFrame:
    """A table made of another one, partition by partition, each batch by batch."""
    return frame.mapInArrow(function, spark_schema(schema))


def cogrouped(
    one: DataFrame,
    other: DataFrame,
    by: Callable[[], Column],
    function: Callable[[pa.Table, pa.Table], pa.Table],
    schema: pa.Schema,
) -> DataFrame:
    """A table made of two, group by group: of each group there is what both have of it.

    Args:
        one: A table.
        other: Another one; may be made of the same ones.
        by: What groups: of columns that both have.
        function: Is given a group of both.
        schema: Of what it makes.
    """
    # Under new names, or Spark cannot tell columns that come from one table apart.
    left, right = (frame.toDF(*frame.columns).groupBy(by()) for frame in (one, other))
    return left.cogroup(right).applyInArrow(function, spark_schema(schema))
