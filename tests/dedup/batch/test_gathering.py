"""Texts read in bulk are those read row by row, whatever the rows hold."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dedup.batch import gathering
from dedup.batch.gathering import GATHERED, gather
from dedup.batch.sources import Row, inputs, pieces, rows
from dedup.config import Limits

PLAIN = [
    {"id": "a", "text": "Two men were rescued off Skye", "title": "Rescue"},
    {"id": "b", "text": 'Curly “quotes”, a pair of surrogates 😀, a tab\t, "marks"', "url": None},
    {"id": "https://example.com/c?page=2", "text": "東京は夜の七時", "lang": "ja"},
]

# Lines of which something has to be said, or that Python reads in a way of its own.
ODD = [
    '{"id": 7, "text": "a number for an id"}',
    '{"text": "no id"}',
    '{"id": "", "text": "an empty id"}',
    '{"id": " x ", "text": "white space around an id"}',
    '{"id": "größe", "text": "an id that is not ASCII"}',
    '{"id": "y"}',
    '{"id": "y", "text": null}',
    '{"id": "y", "text": "  \\n"}',
    '{"id": "y", "text": ["words"]}',
    '{"id": "y", "text": "half a pair \\ud83d"}',
    '{"id": "y", "text": "a pair \\ud83d\\ude00"}',
    '{"id": "y", "text": "twice", "text": "the last one counts"}',
    '{"id": "y", "text": "two on a line"} {"id": "z", "text": "of JSON"}',
    '  {"id": "y", "text": "begins with white space"}',
    "",
    "no JSON",
    '["no", "object"]',
    '{"id": "y", "text": "breaks off',
    '{"id": "y", "text": "' + "x" * 250_001 + '"}',
]

lines = st.lists(
    st.sampled_from([json.dumps(row, ensure_ascii=False) for row in PLAIN]) | st.sampled_from(ODD),
    max_size=6,
)


def slowly(path: Path) -> list[tuple[int, str, str]]:
    given = inputs([str(path)])
    return [
        (row.number, row.article.id, row.article.text)
        for piece in pieces(given, Limits())
        for row in rows(piece, Limits())
        if isinstance(row, Row)
    ]


def gathered(path: Path) -> list[tuple[int, str, str]]:
    found = [
        gather(piece, Limits(), clean=False) for piece in pieces(inputs([str(path)]), Limits())
    ]
    assert all(each.texts.schema == GATHERED for each in found)
    return [tuple(row.values()) for each in found for row in each.texts.to_pylist()]


def write(path: Path, given: list[str]) -> Path:
    path.write_text("\n".join([json.dumps(PLAIN[0]), *given]) + "\n", encoding="utf-8")
    return path


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lines)
def test_json_lines_are_read_as_row_by_row(tmp_path: Path, given: list[str]) -> None:
    path = write(tmp_path / "news.jsonl", given)
    assert gathered(path) == slowly(path)


@pytest.mark.parametrize("odd", ODD)
def test_what_is_not_taken_is_told(odd: str, tmp_path: Path) -> None:
    path = write(tmp_path / "news.jsonl", [odd])
    (piece,) = pieces(inputs([str(path)]), Limits())
    told = [row for row in rows(piece, Limits()) if not isinstance(row, Row)]
    notes = [note for row in rows(piece, Limits()) if isinstance(row, Row) for note in row.notes]
    rejects = gather(piece, Limits(), clean=False).rejects
    assert sorted(map(repr, rejects)) == sorted(map(repr, [*told, *notes]))


def test_plain_lines_are_not_read_row_by_row(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "news.jsonl", [json.dumps(row) for row in PLAIN])
    expected = slowly(path)
    monkeypatch.delattr(gathering, "rows")
    assert gathered(path) == expected


def test_parquet_is_not_read_row_by_row_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "news.parquet"
    pq.write_table(pa.Table.from_pylist(PLAIN), path)
    expected = slowly(path)
    monkeypatch.delattr(gathering, "rows")
    assert gathered(path) == expected
    assert len(expected) == len(PLAIN)


@pytest.mark.parametrize("text", [None, "", " ", 7])
def test_odd_columns_of_parquet_are_read_row_by_row(text: object, tmp_path: Path) -> None:
    path = tmp_path / "news.parquet"
    others = [] if isinstance(text, int) else [row["text"] for row in PLAIN]
    texts = pa.array([text, *others])
    pq.write_table(pa.table({"id": [str(n) for n in range(len(texts))], "text": texts}), path)
    assert gathered(path) == slowly(path)


def test_a_page_gives_its_text(tmp_path: Path) -> None:
    path = tmp_path / "page.html"
    path.write_text("<title>News</title><p>Two men were rescued off Skye.</p>", encoding="utf-8")
    ((_, name, text),) = gathered(path)
    assert name == "page.html"
    assert "<" not in text
    assert "Two men were rescued off Skye." in text


def test_texts_are_repaired_if_that_is_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path / "news.jsonl", ['{"id": "b", "text": "the coast guard& # 39;s boat"}'])
    (piece,) = pieces(inputs([str(path)]), Limits())
    texts = gather(piece, Limits(), clean=True).texts["text"].to_pylist()
    assert texts[1] == "the coast guard's boat"
