"""Which files are inputs, and what each holds."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from source_cases import TEXT, articles, json_lines, read, rejects

from dedup.batch.sources import inputs, pieces
from dedup.config import Limits
from dedup.errors import InputError
from dedup.ids import check_id

LINES = json_lines([{"text": TEXT}])
PAGE = f"<html><body><p>{TEXT}</p></body></html>".encode()


def test_a_folder_is_searched_through_in_order_of_names(tmp_path: Path) -> None:
    for name in ("b/2.txt", "b/1.html", "a.jsonl", "c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_bytes(PAGE if "html" in name else LINES)
    given = inputs([str(tmp_path)])
    assert [(file.name, file.kind) for file in given.files] == [
        ("a.jsonl", "jsonl"),
        ("b/1.html", "html"),
        ("b/2.txt", "text"),
        ("c.txt", "text"),
    ]
    assert [file.number for file in given.files] == [0, 1, 2, 3]
    assert given.size == sum(path.stat().st_size for path in tmp_path.rglob("*.*"))


def test_files_of_other_kinds_in_a_folder_are_passed_over_and_told(tmp_path: Path) -> None:
    for name in ("a.jsonl", "README.md", "photo.jpg", "_SUCCESS", ".a.jsonl.crc"):
        (tmp_path / name).write_bytes(LINES)
    (tmp_path / "_log").mkdir()
    (tmp_path / "_log" / "b.jsonl").write_bytes(LINES)
    given = inputs([str(tmp_path)])
    assert [file.name for file in given.files] == ["a.jsonl"]
    assert [Path(path).name for path in given.passed_over] == [
        ".a.jsonl.crc",
        "README.md",
        "_SUCCESS",
        "photo.jpg",
    ]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (LINES, "jsonl"),
        (b"[" + LINES + b"]", "json"),
        (PAGE, "html"),
        (TEXT.encode(), "text"),
        (b"WARC/1.0\r\n", "warc"),
    ],
)
@pytest.mark.parametrize("name", ["article", "article.00017"])
def test_where_the_name_says_nothing_the_content_does(
    tmp_path: Path, name: str, content: bytes, kind: str
) -> None:
    (tmp_path / name).write_bytes(content)
    assert [file.kind for file in inputs([str(tmp_path / name)]).files] == [kind]
    assert [file.kind for file in inputs([str(tmp_path)]).files] == [kind]


def test_a_file_that_is_met_twice_counts_once(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_bytes(LINES)
    assert len(inputs([str(tmp_path), str(path), f"{tmp_path}/./a.jsonl"]).files) == 1


def test_a_link_to_the_folder_above_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(LINES)
    (tmp_path / "loop").symlink_to(tmp_path)
    (tmp_path / "gone.jsonl").symlink_to(tmp_path / "nothing")
    assert [file.name for file in inputs([str(tmp_path)]).files] == ["a.jsonl"]


def test_standard_input_is_refused_with_the_reason(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="standard input cannot be read once more"):
        inputs(["-"])
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(InputError, match="neither a file nor a folder"):
        inputs([str(tmp_path / "pipe")])


def test_a_path_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"nothing\.jsonl: cannot be read: No such file"):
        inputs([str(tmp_path / "nothing.jsonl")])


def test_a_folder_without_inputs_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no input in"):
        inputs([str(tmp_path)])


def test_a_named_file_of_another_kind_is_refused_with_the_way_out(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(b"%PDF-1.7")
    with pytest.raises(InputError, match="is a PDF; take its text out first"):
        inputs([str(tmp_path / "a.pdf")])


def test_a_table_without_text_stops_a_run_only_if_it_was_named(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_bytes(LINES)
    (tmp_path / "info.json").write_bytes(b'{"version": 1}')
    outcomes = read(tmp_path)
    assert len(articles(outcomes)) == 1
    assert ["no field is known to hold the text" in row.reason for row in rejects(outcomes)] == [
        True
    ]
    with pytest.raises(InputError, match=r"info\.json: no field is known to hold the text"):
        read(tmp_path / "a.jsonl", tmp_path / "info.json")


def test_a_folder_of_tables_without_text_stops_a_run(tmp_path: Path) -> None:
    for name in ("a.jsonl", "b.jsonl"):
        (tmp_path / name).write_bytes(b'{"version": 1}\n')
    with pytest.raises(InputError, match=r"a\.jsonl \(and 1 more\): no field"):
        inputs([str(tmp_path)])


@pytest.mark.parametrize("content", [b"", b"\n\n", b"\xef\xbb\xbf"])
def test_an_empty_file_has_no_rows(tmp_path: Path, content: bytes) -> None:
    for name in ("a.jsonl", "b.json", "c.csv", "d.warc"):
        (tmp_path / name).write_bytes(content if name != "d.warc" else b"")
    assert read(tmp_path) == []


def test_a_document_is_named_by_its_path_in_the_folder(tmp_path: Path) -> None:
    (tmp_path / "2020").mkdir()
    (tmp_path / "2020" / "bridge.txt").write_text(TEXT)
    (tmp_path / "2020" / "page.html").write_bytes(PAGE)
    found = articles(read(tmp_path))
    assert [(row.article.id, row.article.media) for row in found] == [
        ("2020/bridge.txt", "text"),
        ("2020/page.html", "html"),
    ]


def test_a_document_that_is_no_text_is_refused_and_the_others_read(tmp_path: Path) -> None:
    (tmp_path / "1.txt").write_bytes(b"caf\xe9")
    (tmp_path / "2.txt").write_bytes(b"")
    (tmp_path / "3.html").write_bytes(b"%PDF-1.7")
    (tmp_path / "4.txt").write_text(TEXT)
    (tmp_path / "5.txt.gz").write_bytes(b"\x1f\x8b\x08\0")
    outcomes = read(tmp_path)
    assert [row.article.id for row in articles(outcomes)] == ["4.txt"]
    assert [(Path(row.file).name, row.reason.split(";")[0]) for row in rejects(outcomes)] == [
        ("1.txt", "is not UTF-8 (byte 0xE9 at position 3)"),
        ("2.txt", "is empty"),
        ("3.html", "is a PDF"),
        ("5.txt.gz", "cannot be read: the compressed data breaks off"),
    ]


def test_a_page_may_be_in_another_encoding(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(b"<meta charset=iso-8859-1><p>caf\xe9</p>")
    (tmp_path / "b.html").write_bytes("<p>café</p>".encode("utf-16"))
    assert ["café" in row.article.text for row in articles(read(tmp_path))] == [True, True]


@pytest.mark.parametrize("name", ["a\nb.txt", "x" * 240 + ".txt", " a.txt", "ü\u200b.txt"])
def test_any_name_of_a_file_gives_an_id(tmp_path: Path, name: str) -> None:
    for folder in ("", "y" * 200, "z" * 200):
        tmp_path = tmp_path / folder
        tmp_path.mkdir(exist_ok=True)
    (tmp_path / name).write_text(TEXT)
    (found,) = articles(read(tmp_path.parents[1]))
    check_id(found.article.id)
    assert found.notes == ()


def test_a_name_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    Path(os.fsdecode(bytes(tmp_path) + b"/caf\xe9.txt")).write_text(TEXT)
    with pytest.raises(InputError, match="the name is not UTF-8; rename the file"):
        inputs([str(tmp_path)])


def test_many_documents_make_few_pieces(tmp_path: Path) -> None:
    for number in range(600):
        (tmp_path / f"{number:03}.txt").write_text(TEXT)
    given = inputs([str(tmp_path)])
    assert [len(piece.inputs) for piece in pieces(given, Limits())] == [500, 100]
