"""Ids that occur again."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from dedup.batch.naming import rename_repeated


def names(*tables: list[str]) -> list[list[str]]:
    """What all articles are called, table by table."""
    numbers = [
        np.arange(len(table), dtype=np.int64) + 100 * place for place, table in enumerate(tables)
    ]
    renamed = rename_repeated(
        len(tables), lambda place: pa.array(tables[place], pa.string()), numbers
    )
    return [
        [renamed.get(100 * place + row, name) for row, name in enumerate(table)]
        for place, table in enumerate(tables)
    ]


def test_ids_that_occur_once_stay() -> None:
    assert rename_repeated(1, lambda _: pa.array(["a", "b"]), [np.array([0, 1])]) == {}


def test_repetitions_are_counted_over_all_tables() -> None:
    assert names(["a", "b", "a"], [], ["a", "b"]) == [["a", "b", "a#2"], [], ["a#3", "b#2"]]


def test_name_that_an_article_brings_along_is_not_given_to_another() -> None:
    assert names(["a", "a", "a#2", "a", "a#2"]) == [["a", "a#3", "a#2", "a#4", "a#2#2"]]


def test_there_may_be_no_articles() -> None:
    assert names() == []
    assert names([]) == [[]]
