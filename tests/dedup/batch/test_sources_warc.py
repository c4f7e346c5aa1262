"""WARC files, written by fastwarc and by hand."""

from __future__ import annotations

import gzip
import io
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import brotli
import pytest
from fastwarc.warc import WarcRecord, WarcRecordType
from hypothesis import given
from hypothesis import strategies as st
from source_cases import TEXT, articles, packed, read, rejects

from dedup.batch.sources import Bounds, Passed, Reject, Row
from dedup.config import Limits

PAGE = f"<html><body><p>{TEXT}</p></body></html>".encode()


GZIPPED = ("Content-Type: text/html", "Content-Encoding: gzip")


def record(
    body: bytes = PAGE,
    *,
    number: int = 0,
    kind: WarcRecordType = WarcRecordType.response,
    status: str = "200 OK",
    headers: Sequence[str] = ("Content-Type: text/html; charset=utf-8",),
    warc_type: str = "application/http; msgtype=response",
) -> bytes:
    """A record as it stands in a file."""
    http = "\r\n".join((f"HTTP/1.1 {status}", *headers, "", "")).encode()
    content = http + body if warc_type.startswith("application/http") else body
    made = WarcRecord()
    made.init_headers(kind, content_length=len(content))
    made.headers["WARC-Record-ID"] = f"<urn:uuid:{number:032}>"
    made.headers["WARC-Target-URI"] = f"https://example.com/{number}"
    made.headers["WARC-Date"] = "2020-02-09T10:47:48Z"
    made.headers["Content-Type"] = warc_type
    made.set_bytes_content(content)
    written = io.BytesIO()
    made.write(written)
    return written.getvalue()


def pages(count: int) -> list[bytes]:
    return [record(PAGE + b"x" * number, number=number) for number in range(count)]


def write(path: Path, records: Sequence[bytes]) -> Path:
    """Each record packed for itself, as crawlers do."""
    path.write_bytes(b"".join(packed(one, path.suffix) for one in records))
    return path


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "a.warc.zst"])
def test_a_page_is_an_article(tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name, [record(kind=WarcRecordType.warcinfo), *pages(2)])
    first, second = articles(read(path))
    article = first.article
    assert (article.id, article.url) == (f"urn:uuid:{0:032}", "https://example.com/0")
    assert (article.text, article.media, article.published) == (PAGE.decode(), "html", None)
    assert first.captured == datetime(2020, 2, 9, 10, 47, 48, tzinfo=UTC)
    assert (first.row, second.row, second.article.url) == (0, 1, "https://example.com/1")


def test_a_file_that_was_packed_as_a_whole_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.warc.gz").write_bytes(gzip.compress(b"".join(pages(3))))
    assert len(articles(read(tmp_path / "a.warc.gz"))) == 3


@pytest.mark.parametrize(
    ("encoding", "body"),
    [
        ("Content-Encoding: gzip", gzip.compress(PAGE)),
        ("Content-Encoding: br", brotli.compress(PAGE)),
        ("Transfer-Encoding: chunked", b"%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE)),
        ("X-Nothing: 1", PAGE),
    ],
)
def test_a_page_is_unpacked_as_its_server_says(tmp_path: Path, encoding: str, body: bytes) -> None:
    made = record(body, headers=("Content-Type: text/html", encoding))
    (found,) = articles(read(write(tmp_path / "a.warc", [made])))
    assert found.article.text == PAGE.decode()


def test_the_server_says_the_encoding_of_a_page(tmp_path: Path) -> None:
    page = "<p>Мост закрыт</p>"
    headers = ("Content-Type: text/html; charset=windows-1251",)
    made = record(page.encode("windows-1251"), headers=headers)
    (found,) = articles(read(write(tmp_path / "a.warc", [made])))
    assert found.article.text == page


def test_a_text_that_was_taken_out_of_a_page_is_an_article(tmp_path: Path) -> None:
    made = record(TEXT.encode(), kind=WarcRecordType.conversion, warc_type="text/plain")
    (found,) = articles(read(write(tmp_path / "a.warc.wet.gz", [made])))
    assert (found.article.text, found.article.media) == (TEXT, "text")


def test_what_is_no_page_is_passed_over_and_counted(tmp_path: Path) -> None:
    records = [
        record(b"\x89PNG", headers=("Content-Type: image/png",)),
        record(status="404 Not Found"),
        record(status="301 Moved Permanently"),
        record(b"dns", warc_type="text/dns"),
        record(b"x" * 500, headers=("Content-Type: video/mp4",)),
        record(b"plain", headers=("Content-Type: text/plain",)),
        *pages(1),
    ]
    path = write(tmp_path / "a.warc", records)
    outcomes = read(path, bounds=Bounds(bytes=1000, rows=3, row_bytes=400))
    assert [row.reason for row in outcomes if isinstance(row, Passed)] == [
        "not HTML",
        "status 404",
        "status 301",
        "not from the web",
        "not HTML",
        "not HTML",
    ]
    assert isinstance(outcomes[-1], Row)
    assert outcomes[-1].row == 6


def test_a_page_that_is_too_long_is_refused(tmp_path: Path) -> None:
    records = [record(b"x" * 5000, number=7), *pages(1)]
    path = write(tmp_path / "a.warc", records)
    outcomes = read(path, bounds=Bounds(bytes=1000, rows=3, row_bytes=400))
    (refused,) = rejects(outcomes)
    assert "more than 400 bytes" in refused.reason
    assert refused.raw is not None
    assert refused.raw.endswith("https://example.com/7")
    assert len(articles(outcomes)) == 1


def test_a_page_that_grows_enormously_is_refused(tmp_path: Path) -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    made = record(bomb, headers=GZIPPED)
    path = write(tmp_path / "a.warc", [made])
    (refused,) = rejects(read(path, limits=Limits(max_page_characters=100_000)))
    assert "more than 400,000 bytes" in refused.reason


def test_a_page_that_was_kept_unpacked_is_read_whatever_its_header_says(tmp_path: Path) -> None:
    made = record(PAGE, headers=GZIPPED)
    found = articles(read(write(tmp_path / "a.warc", [made, *pages(1)])))
    assert [row.article.text for row in found] == [PAGE.decode()] * 2


def test_a_body_that_cannot_be_unpacked_is_refused(tmp_path: Path) -> None:
    body = gzip.compress(PAGE)[:15] + b"\xff" * 40
    made = record(body, headers=GZIPPED)
    refused, found = read(write(tmp_path / "a.warc", [made, *pages(1)]))
    assert isinstance(refused, Reject)
    assert "cannot be read" in refused.reason
    assert isinstance(found, Row)


@pytest.mark.parametrize("name", ["a.warc", "a.warc.gz", "a.warc.zst"])
def test_of_a_file_that_breaks_off_the_records_before_are_taken(tmp_path: Path, name: str) -> None:
    whole = write(tmp_path / name, pages(10)).read_bytes()
    last = packed(pages(10)[-1], Path(name).suffix)
    (tmp_path / name).write_bytes(whole[: -len(last) // 2])
    write(tmp_path / "b.warc", pages(1))
    outcomes = read(tmp_path)
    assert [row.row for row in articles(outcomes)] == [*range(9), 0]
    (refused,) = rejects(outcomes)
    assert (Path(refused.file).name, refused.row) == (name, 9)
    assert "cannot be read from here on" in refused.reason


@pytest.mark.parametrize("damage", [b"GARBAGE GARBAGE\r\n\r\n", b"\0" * 100])
def test_of_a_damaged_file_the_records_before_are_taken(tmp_path: Path, damage: bytes) -> None:
    path = write(tmp_path / "a.warc", [*pages(3), damage, *pages(1)])
    outcomes = read(path)
    assert len(articles(outcomes)) >= 3
    assert len(rejects(outcomes)) == 1


def test_records_do_not_depend_on_the_size_of_pieces(tmp_path: Path) -> None:
    path = write(tmp_path / "a.warc.gz", [*pages(10), record(status="404 Not Found"), *pages(2)])
    whole = read(path)
    assert len(whole) == 13
    for size in (1, 300, 1000):
        for rows in (1, 4):
            assert read(path, bounds=Bounds(bytes=size, rows=rows, row_bytes=10_000)) == whole


DAMAGED = b"".join([*pages(2), record(gzip.compress(PAGE), headers=GZIPPED), *pages(1)])


@given(place=st.integers(0, len(DAMAGED) - 1), noise=st.binary(min_size=1, max_size=4))
def test_any_damage_gives_articles_or_refusals(place: int, noise: bytes) -> None:
    data = DAMAGED[:place] + noise + DAMAGED[place + len(noise) :]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.warc"
        path.write_bytes(data)
        outcomes = read(path)
    assert outcomes == sorted(outcomes, key=lambda outcome: outcome.row or 0)
    assert 0 < len(outcomes) <= 5
