"""Rows of tables: whatever is in them comes out, as an article or with what is wrong."""

from __future__ import annotations

import io
import json
import os
import pickle
import tempfile
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st
from source_cases import LIMITS, TEXT, articles, csv_table, json_lines, packed, read, rejects

from dedup.batch.sources import Bounds, Reject, Row, inputs, pieces, rows
from dedup.config import Limits
from dedup.errors import InputError

TABLE = [
    {"id": f"a{number}", "text": f"{TEXT} {number}", "title": 'Said "no", twice'}
    for number in range(7)
]


def test_every_field_of_a_row_reaches_the_article(tmp_path: Path) -> None:
    row = {
        "_id": 17,
        "body": TEXT,
        "headline": "Bridge closed",
        "link": "https://example.com/bridge",
        "publisher": "Example News",
        "pubDate": "Sun, 09 Feb 2020 10:47:48 GMT",
        "language": "en-GB",
        "views": 12,
    }
    (tmp_path / "news.jsonl").write_bytes(json_lines([row]))
    (found,) = articles(read(tmp_path / "news.jsonl"))
    article = found.article
    assert (article.id, article.text, article.title) == ("17", TEXT, "Bridge closed")
    assert (article.url, article.source) == ("https://example.com/bridge", "Example News")
    assert article.published == datetime(2020, 2, 9, 10, 47, 48, tzinfo=UTC)
    assert (article.lang, article.media, found.notes) == ("en-GB", "text", ())


def test_a_number_tells_the_file_and_the_row(tmp_path: Path) -> None:
    (tmp_path / "1.jsonl").write_bytes(json_lines(TABLE[:2]))
    (tmp_path / "2.jsonl").write_bytes(b"\n" + json_lines(TABLE[2:4]))
    found = articles(read(tmp_path))
    assert [row.number for row in found] == [0, 1, (1 << 40) + 1, (1 << 40) + 2]
    assert [row.row for row in found] == [0, 1, 1, 2]
    assert found[2].file == str(tmp_path / "2.jsonl")


def test_an_article_without_an_id_is_named_by_its_line(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "a.jsonl").write_bytes(b"\n" + json_lines([{"text": TEXT}]))
    (found,) = articles(read(tmp_path))
    assert found.article.id == "deep/a.jsonl:2"


@pytest.mark.parametrize(
    ("unusable", "reason"),
    [
        ("two\nlines", "unprintable"),
        ("x" * 600, "at most 512"),
        (["a"], "is no id"),
        ("\ud800", "unprintable"),
    ],
)
def test_an_article_with_an_unusable_id_is_kept_with_a_note(
    tmp_path: Path, unusable: object, reason: str
) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": unusable, "text": TEXT}) + "\n")
    (found,) = articles(read(tmp_path / "a.jsonl", fields=["id=id"]))
    assert found.article.id == "a.jsonl:1"
    assert [(note.field, note.kept) for note in found.notes] == [("id", True)]
    assert reason in found.notes[0].reason


def test_what_cannot_be_used_beside_the_text_is_noted_and_left_out(tmp_path: Path) -> None:
    row = {
        "id": "a",
        "text": TEXT,
        "published": "02/09/2020",
        "url": "example.com/1",
        "lang": "English",
        "title": {"main": "Bridge"},
    }
    (tmp_path / "a.jsonl").write_bytes(json_lines([row]))
    (found,) = articles(read(tmp_path / "a.jsonl", fields=["title=title"]))
    assert {note.field for note in found.notes} == {"published", "url", "lang", "title"}
    article = found.article
    assert (article.published, article.url, article.lang, article.title) == (None,) * 4


def test_half_of_a_surrogate_pair_is_replaced_and_noted(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(f'{{"text": "{TEXT} \\ud83d \\ud83d\\ude00"}}\n')
    (found,) = articles(read(tmp_path / "a.jsonl"))
    assert found.article.text == f"{TEXT} \ufffd \U0001f600"
    assert [note.field for note in found.notes] == ["text"]


def test_a_row_with_a_page_is_read_as_html(tmp_path: Path) -> None:
    table = [{"text": TEXT}, {"text": "", "html": f"<p>{TEXT}</p>"}]
    (tmp_path / "a.jsonl").write_bytes(json_lines(table))
    assert [row.article.media for row in articles(read(tmp_path / "a.jsonl"))] == ["text", "html"]


BROKEN_LINES = {
    "truncated": (b'{"text": "The minis', "is not JSON"),
    "not UTF-8": (b'{"text": "caf\xe9"}', "is not UTF-8 (byte 0xE9 at position 13)"),
    "a NUL": (b'{"text": "a\0b"}', "a NUL at position 11"),
    "deep": (b'{"text":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "is not JSON"),
    "a huge number": (b'{"text": "a", "n": ' + b"9" * 5000 + b"}", "is not JSON"),
    "a list": (b'["text"]', "no object"),
    "no text": (b'{"id": "a", "title": "b"}', "nothing in 'text', but in 'id', 'title'"),
    "blank text": (b'{"text": " \\n "}', "nothing in 'text'"),
    "a number as text": (b'{"text": 12}', "must be a string, not 12"),
    "NaN as text": (b'{"text": NaN}', "nothing in 'text'"),
    "UTF-16": ('{"text": "a"}'.encode("utf-16"), "is UTF-16"),
}


@pytest.mark.parametrize("name", BROKEN_LINES)
def test_a_bad_line_is_refused_with_its_place_and_the_rest_goes_on(
    tmp_path: Path, name: str
) -> None:
    line, reason = BROKEN_LINES[name]
    before, after = json_lines(TABLE[:1]), json_lines(TABLE[1:2])
    (tmp_path / "a.jsonl").write_bytes(before + line + b"\n" + after)
    first, refused, last = read(tmp_path / "a.jsonl")
    assert isinstance(first, Row)
    assert isinstance(last, Row)
    assert last.article.id == "a1"
    assert isinstance(refused, Reject)
    assert reason in refused.reason
    assert (refused.row, refused.byte, refused.kept) == (1, len(before), False)
    assert refused.raw is not None
    assert refused.raw.encode().startswith(line[:20].decode("utf-8", "backslashreplace").encode())


@pytest.mark.parametrize(
    "line",
    [
        b'\xef\xbb\xbf{"text": "TEXT"}\r',
        b'{"text": "a", "text": "TEXT"}',
        b'{"text": "TEXT", "score": NaN, "n": -Infinity, "date": null}',
        b'{"title": "tab\there", "text": "TEXT"}',
        b'  {"text": "TEXT"}  ',
    ],
)
def test_a_careless_line_is_read(tmp_path: Path, line: bytes) -> None:
    (tmp_path / "a.jsonl").write_bytes(line.replace(b"TEXT", TEXT.encode()) + b"\n")
    (found,) = articles(read(tmp_path / "a.jsonl"))
    assert found.article.text == TEXT


def test_a_text_beyond_the_limit_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(json_lines([{"text": TEXT * 2}, {"text": TEXT}]))
    refused, found = read(tmp_path / "a.jsonl", limits=Limits(max_characters=len(TEXT)))
    assert isinstance(refused, Reject)
    assert "at most 74 are accepted" in refused.reason
    assert isinstance(found, Row)


FORMS: dict[str, Callable[[Sequence[dict[str, object]]], bytes]] = {
    ".jsonl": json_lines,
    ".json": lambda table: json.dumps(table).encode(),
    ".csv": csv_table,
    ".tsv": lambda table: csv_table(table, "\t"),
}


@pytest.mark.parametrize("packing", ["", ".gz", ".zst"])
@pytest.mark.parametrize("suffix", FORMS)
def test_every_form_gives_the_same_articles(tmp_path: Path, suffix: str, packing: str) -> None:
    path = tmp_path / f"news{suffix}{packing}"
    path.write_bytes(packed(FORMS[suffix](TABLE), packing))
    found = articles(read(path))
    assert [(row.article.id, row.article.text, row.article.title) for row in found] == [
        (row["id"], row["text"], row["title"]) for row in TABLE
    ]


TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=60)
TABLES = st.lists(
    st.fixed_dictionaries({"id": TEXTS, "text": TEXTS.map(lambda text: f"x{text}")}),
    min_size=1,
    max_size=12,
)
BOUNDS = st.builds(
    Bounds, bytes=st.integers(1, 200), rows=st.integers(1, 4), row_bytes=st.integers(60, 400)
)


@pytest.mark.parametrize("suffix", FORMS)
@given(table=TABLES, bounds=BOUNDS, small=BOUNDS, packing=st.sampled_from(["", ".gz", ".zst"]))
def test_rows_do_not_depend_on_the_size_of_pieces(
    suffix: str, table: list[dict[str, object]], bounds: Bounds, small: Bounds, packing: str
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a{suffix}{packing}"
        path.write_bytes(packed(FORMS[suffix](table), packing))
        small = Bounds(small.bytes, small.rows, bounds.row_bytes)
        given = inputs([str(path)])
        assert [row for piece in pieces(given, LIMITS, bounds) for row in rows(piece, LIMITS)] == [
            row for piece in pieces(given, LIMITS, small) for row in rows(piece, LIMITS)
        ]
        whole = read(path)
    assert [row.article.text for row in articles(whole)] == [row["text"] for row in table]


# Bytes that mean something to one of the forms, and others.
NOISE = st.lists(
    st.one_of(st.sampled_from([b'"', b"\\", b"{", b"}", b"[", b",", b"\n", b"\r"]), st.binary()),
    max_size=40,
).map(b"".join)


@pytest.mark.parametrize("suffix", FORMS)
@given(data=NOISE, bounds=BOUNDS, small=BOUNDS)
def test_whatever_is_in_a_file_its_rows_do_not_depend_on_the_size_of_pieces(
    suffix: str, data: bytes, bounds: Bounds, small: Bounds
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"a{suffix}"
        path.write_bytes(FORMS[suffix](TABLE[:1]) + data)
        small = Bounds(small.bytes, small.rows, bounds.row_bytes)
        given = inputs([str(path)])
        assert [row for piece in pieces(given, LIMITS, bounds) for row in rows(piece, LIMITS)] == [
            row for piece in pieces(given, LIMITS, small) for row in rows(piece, LIMITS)
        ]


def test_pieces_are_the_same_in_every_run_and_can_be_sent_elsewhere(tmp_path: Path) -> None:
    for name in ("a.jsonl", "b.csv", "c.json"):
        (tmp_path / name).write_bytes(FORMS[Path(name).suffix](TABLE))
    bounds = Bounds(bytes=300, rows=3, row_bytes=1000)
    given = inputs([str(tmp_path)])
    cut = list(pieces(given, LIMITS, bounds))
    assert cut == list(pieces(given, LIMITS, bounds)) == pickle.loads(pickle.dumps(cut))  # noqa: S301 - our own
    assert [piece.number for piece in cut] == list(range(len(cut)))
    assert cut[-1].read == given.size
    assert sorted(piece.read for piece in cut) == [piece.read for piece in cut]
    assert [piece.first for piece in cut] == sorted({piece.first for piece in cut})


def test_a_line_that_is_too_long_is_passed_over_and_reading_goes_on(tmp_path: Path) -> None:
    bounds = Bounds(bytes=100, rows=10, row_bytes=200)
    long = json.dumps({"text": "x" * 10_000}).encode() + b"\n"
    first, last = json_lines(TABLE[:1]), json_lines(TABLE[1:2])
    (tmp_path / "a.jsonl").write_bytes(first + long + last)
    outcomes = read(tmp_path / "a.jsonl", bounds=bounds)
    assert [row.article.id for row in articles(outcomes)] == ["a0", "a1"]
    (refused,) = rejects(outcomes)
    assert (refused.row, refused.byte) == (1, len(first))
    assert "more than 200 bytes" in refused.reason
    assert articles(outcomes)[1].row == 2


def test_memory_does_not_grow_with_a_line(tmp_path: Path) -> None:
    """Of half a gigabyte in one line, no piece ever holds more than is accepted of a row."""
    path = tmp_path / "a.jsonl"
    with path.open("wb") as file:
        file.write(json_lines(TABLE[:1]))
        file.seek(500_000_000, os.SEEK_CUR)
        file.write(b"\n" + json_lines(TABLE[1:2]))
    bounds = Bounds(bytes=1_000_000, rows=10, row_bytes=2_000_000)
    outcomes = read(path, bounds=bounds)
    assert [row.article.id for row in articles(outcomes)] == ["a0", "a1"]


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
@pytest.mark.parametrize("form", [".jsonl", ".csv", ".json"])
def test_of_a_packed_file_that_breaks_off_the_rows_before_are_taken(
    tmp_path: Path, form: str, suffix: str
) -> None:
    table = [{"id": f"a{number}", "text": os.urandom(400).hex()} for number in range(1000)]
    whole = packed(FORMS[form](table), suffix)
    (tmp_path / f"1{form}{suffix}").write_bytes(whole[: len(whole) * 3 // 4])
    (tmp_path / f"2{form}").write_bytes(FORMS[form](TABLE))
    outcomes = read(tmp_path)
    found = articles(outcomes)
    assert len(found) > 500
    assert [row.article.id for row in found[: -len(TABLE)]] == [
        row["id"] for row in table[: len(found) - len(TABLE)]
    ]
    assert [row.article.id for row in found[-len(TABLE) :]] == [row["id"] for row in TABLE]
    (refused,) = rejects(outcomes)
    assert refused.file.endswith(f"1{form}{suffix}")
    assert refused.row == len(found) - len(TABLE)
    assert "cannot be read from here on" in refused.reason


def test_a_damaged_packed_file_is_told_and_the_next_one_read(tmp_path: Path) -> None:
    whole = bytearray(packed(json_lines(TABLE), ".gz"))
    whole[30:40] = b"\xff" * 10
    (tmp_path / "1.jsonl.gz").write_bytes(whole)
    (tmp_path / "2.jsonl").write_bytes(json_lines(TABLE))
    outcomes = read(tmp_path)
    assert len(articles(outcomes)) == len(TABLE)
    assert [refused.file for refused in rejects(outcomes)] == [str(tmp_path / "1.jsonl.gz")]


def test_a_csv_field_that_is_not_closed_costs_its_line_only(tmp_path: Path) -> None:
    lines = ["id,text", f"a,{TEXT}", f'b,"{TEXT}', f"c,{TEXT}", ""]
    (tmp_path / "a.csv").write_text("\r\n".join(lines))
    outcomes = read(tmp_path / "a.csv")
    assert [(row.article.id, row.row) for row in articles(outcomes)] == [("a", 0), ("c", 2)]
    (refused,) = rejects(outcomes)
    assert refused.row == 1
    assert "not closed" in refused.reason


def test_a_csv_row_of_another_length_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"id,text\na,{TEXT}\nb,{TEXT},more\n\nc,{TEXT}\n")
    outcomes = read(tmp_path / "a.csv")
    assert [row.article.id for row in articles(outcomes)] == ["a", "c"]
    (refused,) = rejects(outcomes)
    assert "has 3 fields where the first line names 2" in refused.reason


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_first_line_of_csv_tells_what_separates_fields(tmp_path: Path, delimiter: str) -> None:
    (tmp_path / "a.csv").write_bytes(b"\xef\xbb\xbf" + csv_table(TABLE, delimiter))
    found = articles(read(tmp_path / "a.csv"))
    assert [row.article.id for row in found] == [row["id"] for row in TABLE]


def test_a_field_of_csv_may_be_long(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_bytes(csv_table([{"id": "a", "text": 'x"\n' * 80_000}]))
    (found,) = articles(read(tmp_path / "a.csv"))
    assert len(found.article.text) == 240_000


@pytest.mark.parametrize(
    "written",
    [
        '[{"text": "A"}, {"text": "B"}]',
        '[\n  {\n    "text": "A"\n  },\n  {\n    "text": "B"\n  }\n]\n',
        '{"text": "A"}\n{"text": "B"}\n',
        '{\n"text": "A"}{"text":\n "B"}',
    ],
)
def test_a_json_file_may_hold_objects_in_an_array_or_one_after_the_other(
    tmp_path: Path, written: str
) -> None:
    (tmp_path / "a.json").write_text(written)
    assert [row.article.text for row in articles(read(tmp_path / "a.json"))] == ["A", "B"]


def test_what_is_no_object_in_a_json_array_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('[{"text": "A"}, null, "B, {", 3, {"text": "C"}]')
    outcomes = read(tmp_path / "a.json")
    assert [row.article.text for row in articles(outcomes)] == ["A", "C"]
    assert [(refused.row, refused.raw) for refused in rejects(outcomes)] == [
        (1, "null"),
        (2, '"B, {"'),
        (3, "3"),
    ]


def test_a_json_array_that_breaks_off_is_read_up_to_there(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text('[{"text": "A"}, {"text": "B')
    found, refused = read(tmp_path / "a.json")
    assert isinstance(found, Row)
    assert isinstance(refused, Reject)
    assert "does not end" in refused.reason


def test_parquet_is_read_by_steps_whatever_its_row_groups(tmp_path: Path) -> None:
    table = pa.Table.from_pylist(TABLE * 20)
    for size in (3, 1000):
        pq.write_table(table, tmp_path / "a.parquet", row_group_size=size)
        bounds = Bounds(bytes=500, rows=50, row_bytes=10_000)
        outcomes = read(tmp_path / "a.parquet", bounds=bounds)
        assert outcomes == read(tmp_path / "a.parquet")
        assert [row.article.text for row in articles(outcomes)] == [r["text"] for r in TABLE * 20]
        assert [row.row for row in articles(outcomes)] == list(range(140))


def test_parquet_has_times_bytes_and_fields_of_fields(tmp_path: Path) -> None:
    moment = datetime(2020, 2, 9, 10, 47, 48, tzinfo=UTC)
    table = pa.table(
        {
            "text": pa.array([TEXT.encode()], pa.binary()),
            "date": pa.array([moment], pa.timestamp("ns", tz="Europe/Paris")),
            "source": pa.array([{"name": "Reuters"}]),
            "id": pa.array([float(7)]),
        }
    )
    pq.write_table(table, tmp_path / "a.parquet")
    (found,) = articles(read(tmp_path / "a.parquet", fields=["source=source.name"]))
    article = found.article
    assert (article.id, article.text, article.source) == ("7", TEXT, "Reuters")
    assert article.published == moment


def test_a_time_that_python_has_not_is_noted(tmp_path: Path) -> None:
    times = pa.array([2**60, 0], pa.int64()).cast(pa.timestamp("us"))
    pq.write_table(pa.table({"text": [TEXT, TEXT], "date": times}), tmp_path / "a.parquet")
    beyond, known = articles(read(tmp_path / "a.parquet"))
    assert [note.field for note in beyond.notes] == ["published"]
    assert known.article.published == datetime(1970, 1, 1, tzinfo=UTC)


def test_strings_of_parquet_that_are_not_utf_8_are_told(tmp_path: Path) -> None:
    bytes_as_strings = pa.array([b"a", b"caf\xe9"], pa.binary()).view(pa.string())
    for name, field in (("text.parquet", "text"), ("id.parquet", "id")):
        columns = {"text": pa.array([TEXT, TEXT]), "id": pa.array(["a", "b"])}
        pq.write_table(pa.table({**columns, field: bytes_as_strings}), tmp_path / name)
    first, refused = read(tmp_path / "text.parquet")
    assert isinstance(first, Row)
    assert isinstance(refused, Reject)
    assert "the text is not UTF-8" in refused.reason
    assert [len(row.notes) for row in articles(read(tmp_path / "id.parquet"))] == [0, 1]


@given(place=st.integers(0, 10_000), noise=st.binary(min_size=1, max_size=4))
def test_no_damage_to_parquet_keeps_the_next_file_from_being_read(place: int, noise: bytes) -> None:
    table = pa.table(
        {"id": [str(n) for n in range(30)], "text": [TEXT + str(n) for n in range(30)]}
    )
    written = io.BytesIO()
    pq.write_table(table, written, row_group_size=10)
    data = bytearray(written.getvalue())
    place %= len(data)
    data[place : place + len(noise)] = noise
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "a.parquet").write_bytes(data)
        (Path(folder) / "b.jsonl").write_bytes(json_lines(TABLE))
        outcomes = read(folder)
    found = [row.article.id for row in articles(outcomes)]
    assert found[-len(TABLE) :] == [row["id"] for row in TABLE]


def test_of_a_damaged_parquet_file_the_other_row_groups_are_taken(tmp_path: Path) -> None:
    table = pa.table(
        {"id": [str(n) for n in range(30)], "text": [TEXT + str(n) for n in range(30)]}
    )
    path = tmp_path / "1.parquet"
    pq.write_table(table, path, row_group_size=10, compression="gzip", use_dictionary=False)
    place = pq.ParquetFile(path).metadata.row_group(1).column(1).data_page_offset
    data = bytearray(path.read_bytes())
    data[place : place + 60] = b"\xff" * 60
    path.write_bytes(data)
    outcomes = read(path)
    assert [row.row for row in articles(outcomes)] == [*range(10), *range(20, 30)]
    (refused,) = rejects(outcomes)
    assert refused.row == 10
    assert "10 rows of row group 1 cannot be read" in refused.reason


def test_a_file_that_shrinks_while_it_is_read_is_no_silent_loss(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(json_lines(TABLE))
    (piece,) = pieces(inputs([str(path)]), LIMITS)
    path.write_bytes(json_lines(TABLE[:2]))
    with pytest.raises(InputError, match="has become shorter"):
        list(rows(piece, LIMITS))
