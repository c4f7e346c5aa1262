"""The commands that look after an index, on real servers."""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard
from cli_cases import Run, json_lines, run_command
from conftest import new_settings
from servers import Server

from dedup.cli.exits import OUTPUT, REFUSED, USAGE
from dedup.cli.inputs import ENTRY_FIELDS
from dedup.cli.streams import read_lines
from dedup.config import Limits
from dedup.decoding import most_bytes
from dedup.errors import InputError
from dedup.index.embedded import EmbeddedServer
from dedup.packed import PIECE

FILES = sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))


def on(url: str) -> Run:
    """Runs commands on a new index at an address."""
    place = ("--redis", url, "--key-prefix", new_settings().index.prefix)
    return lambda *arguments, stdin=None: run_command(*arguments, *place, stdin=stdin)


@pytest.fixture
def run(server: Server) -> Run:
    return on(server.url)


@pytest.fixture
def elsewhere(embedded: EmbeddedServer) -> Run:
    """Another index, on another server than most."""
    return on(embedded.url)


@pytest.fixture
def filled(run: Run) -> Run:
    assert run("add", *map(str, FILES)).exit_code == 0
    return run


# stats


@pytest.mark.every_server
def test_stats_tell_people_what_is_there(filled: Run) -> None:
    told = filled("index", "stats").stdout
    assert "5 articles, 0 expire, 0 are due" in told
    assert "content, passages in 2^17 groups, articles kept for good" in told
    assert "entries in a group (compact up to" in told
    assert "! The server writes no append-only file" in told or "synced everysec" in told


def test_stats_tell_programs_the_same(filled: Run) -> None:
    found = json.loads(filled("index", "stats", "--json").stdout)
    assert found["articles"] == 5
    assert set(found["postings_by_family"]) == {"content", "passages"}
    assert {name: found[name] for name in ("time_to_live", "group_bits", "advice")} == {
        "time_to_live": None,
        "group_bits": 17,
        "advice": [],
    }


def test_stats_of_an_empty_index_are_zeros(run: Run) -> None:
    told = run("index", "stats").stdout
    assert "0 articles" in told
    assert "–" in told


# create


@pytest.mark.every_server
def test_an_index_is_made_with_properties_of_its_own(run: Run) -> None:
    wanted = ("--families", "passages, content", "--expect", "1000000", "--time-to-live", "90d")
    made = run("index", "create", *wanted)
    assert "content, passages in 2^20 groups, articles kept for 90d" in made.stdout
    found = json.loads(run("index", "stats", "--json").stdout)
    assert (found["families"], found["group_bits"]) == (["content", "passages"], 20)
    assert found["time_to_live"] == "90d"


def test_an_index_that_is_there_is_left_as_it_is(run: Run) -> None:
    run("index", "create", "--families", "content", "--group-bits", "9")
    refused = run("index", "create", "--families", "wording")
    assert refused.exit_code == REFUSED
    assert "content in 2^9 groups, articles kept for good" in refused.stderr
    assert "index reindex" in refused.stderr
    assert json.loads(run("index", "stats", "--json").stdout)["families"] == ["content"]


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--families", "content,titles"], "'titles'; choose from wording, content, passages"),
        (["--families", ""], "choose from"),
        (["--expect", "10", "--group-bits", "9"], "either --expect or --group-bits"),
        (["--expect", "0"], "--expect"),
        (["--group-bits", "25"], "--group-bits"),
        (["--time-to-live", "soon"], "such as 90d"),
    ],
)
def test_an_index_that_cannot_be_is_wrong_usage(
    run: Run, arguments: list[str], complaint: str
) -> None:
    refused = run("index", "create", *arguments)
    assert refused.exit_code == USAGE
    assert complaint in refused.stderr


# export and import


@pytest.mark.every_server
@pytest.mark.parametrize("suffix", ["", ".gz", ".zst"])
def test_an_index_is_moved_in_a_file(
    filled: Run, elsewhere: Run, tmp_path: Path, suffix: str
) -> None:
    file = tmp_path / f"articles.jsonl{suffix}"
    assert "5 articles exported" in filled("index", "export", "-o", str(file)).stderr
    assert elsewhere("index", "import", str(file)).stdout == "5 stored\n"
    for path in FILES:
        shown = json.loads(elsewhere("show", "--json", path.stem).stdout)
        assert shown == json.loads(filled("show", "--json", path.stem).stdout)
    assert elsewhere("index", "export").stdout == filled("index", "export").stdout


def test_the_same_import_again_stores_nothing(filled: Run, elsewhere: Run) -> None:
    lines = filled("index", "export").stdout.encode()
    elsewhere("index", "import", "-", stdin=lines)
    again = elsewhere("index", "import", "--json", "-", stdin=lines)
    assert again.exit_code == 0
    assert json.loads(again.stdout) == {
        "stored": 0, "known": 5, "older": 0, "expired": 0, "refused": 0,
    }  # fmt: skip


def test_a_line_has_all_that_is_known_of_an_article(run: Run) -> None:
    fields = {
        "id": "größe/1",
        "html": "<p>A page.</p>\u2028",
        "title": 'A "title"',
        "url": "https://example.org/1",
        "source": "Reuters",
        "published": "2020-02-09T08:15:00Z",
        "lang": "en",
        "expires": "2099-01-01T00:00:00Z",
        "received": "2020-02-09T09:00:00.000001Z",
    }
    run("index", "import", "-", stdin=json.dumps(fields).encode())
    assert json_lines(run("index", "export").stdout.replace("\u2028", "\\u2028")) == [fields]
    assert {*fields, "text"} == set(ENTRY_FIELDS)


def test_lines_come_in_the_order_in_which_their_articles_came(run: Run) -> None:
    days = ("2020-02-09", "2020-02-07", "2020-02-08")
    lines = [json.dumps({"id": day, "text": "text", "received": day}) for day in days]
    run("index", "import", "-", stdin="\n".join(lines).encode())
    written = json_lines(run("index", "export").stdout)
    assert [line["id"] for line in written] == sorted(days)


def test_lines_that_are_refused_are_named_and_the_others_stored(run: Run) -> None:
    lines = (
        b'{"id": "first", "text": "text"}\n\n  \n'
        b'{"id": "cut", "text": "te\n'
        b'{"text": "nameless"}\n'
        b'{"id": "when", "text": "text", "received": "soon"}\n'
        b'{"id": " ", "text": "text"}\n'
        b'{"id": "extra", "text": "text", "verdict": "copy"}\n'
        b"\xff\n"
        b'{"id": "gone", "text": "text", "expires": "2020-01-01"}\n'
        b'{"id": "last", "text": "text"}'
    )
    done = run("index", "import", "-", stdin=lines)
    assert done.exit_code == REFUSED
    assert done.stdout == "2 stored, 1 expired, 6 refused\n"
    complaints = (
        "line 4: is not JSON",
        "line 5: must have an id",
        "line 6: received is 'soon'",
        "line 7: the id begins or ends with white space",
        "line 8: has an unknown field 'verdict'",
        "line 9: is not UTF-8",
    )
    for told, expected in zip(done.stderr.splitlines(), complaints, strict=True):
        assert told.startswith(expected)
    assert [line["id"] for line in json_lines(run("index", "export").stdout)] == ["first", "last"]


def test_an_import_does_not_replace_what_came_later(filled: Run, elsewhere: Run) -> None:
    lines = filled("index", "export").stdout.encode()
    elsewhere("add", "--id", FILES[0].stem, str(FILES[1]))
    done = elsewhere("index", "import", "-", stdin=lines)
    assert done.exit_code == 0
    assert done.stdout == "4 stored, 1 older than what the index has under their ids\n"


def test_an_exported_line_without_its_time_can_be_added(
    filled: Run, elsewhere: Run, tmp_path: Path
) -> None:
    line = json.loads(filled("index", "export").stdout.splitlines()[0])
    del line["received"]
    (tmp_path / "article.json").write_text(json.dumps(line))
    assert (
        json.loads(elsewhere("add", "--json", str(tmp_path / "article.json")).stdout)["id"]
        == (line["id"])
    )


def test_an_empty_file_holds_no_articles(run: Run) -> None:
    done = run("index", "import", "-", stdin=b"")
    assert (done.exit_code, done.stdout) == (0, "no articles in it\n")
    assert run("index", "export").stdout == ""


def test_a_file_that_cannot_be_written_leaves_what_was_there(filled: Run, tmp_path: Path) -> None:
    missing = filled("index", "export", "-o", str(tmp_path / "missing" / "file.jsonl"))
    assert missing.exit_code == OUTPUT
    assert "cannot be written: No such file" in missing.stderr
    (tmp_path / "old.jsonl").write_text("what was there")
    (tmp_path / "old.jsonl.part").mkdir()  # in the way
    assert filled("index", "export", "-o", str(tmp_path / "old.jsonl")).exit_code == OUTPUT
    assert (tmp_path / "old.jsonl").read_text() == "what was there"


def test_an_export_that_fails_leaves_no_part_of_a_file(tmp_path: Path) -> None:
    away = f"unix://{tmp_path}/no.sock"
    run_command("index", "export", "-o", str(tmp_path / "file.jsonl.gz"), "--redis", away)
    assert list(tmp_path.iterdir()) == []


# Files of lines


def packed_by_gzip(data: bytes) -> bytes:
    return gzip.compress(data)


def packed_by_zstd(data: bytes) -> bytes:
    """In two frames, as two files one after another are."""
    half = len(data) // 2
    return b"".join(zstandard.compress(part) for part in (data[:half], data[half:]))


PACKERS = [bytes, packed_by_gzip, packed_by_zstd]


@pytest.mark.parametrize("pack", PACKERS)
def test_lines_are_read_however_they_are_packed(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    lines = [os.urandom(n).hex().encode() + b"\n" for n in (1, 10, PIECE, 3 * PIECE)] * 5
    (tmp_path / "lines").write_bytes(pack(b"".join(lines)))
    assert list(read_lines(str(tmp_path / "lines"), 10**6)) == list(enumerate(lines, 1))


@pytest.mark.parametrize("pack", PACKERS[1:])
def test_packed_lines_that_break_off_are_told_from_whole_ones(
    tmp_path: Path, pack: Callable[[bytes], bytes]
) -> None:
    packed = pack(os.urandom(50_000).hex().encode())
    for length in (len(packed) - 1, len(packed) * 3 // 4, 20):
        (tmp_path / "lines").write_bytes(packed[:length])
        with pytest.raises(InputError, match="after line 0"):
            list(read_lines(str(tmp_path / "lines"), 10**6))


def test_packed_lines_that_are_damaged_are_refused(tmp_path: Path) -> None:
    for signature in (b"\x1f\x8b", b"\x28\xb5\x2f\xfd"):
        (tmp_path / "lines").write_bytes(signature + b"\xff" * 100)
        with pytest.raises(InputError, match="cannot be read after line 0"):
            list(read_lines(str(tmp_path / "lines"), 10**6))


@pytest.mark.parametrize("length", [9, 10, 11, 20, 21, 1000])
def test_a_line_that_is_too_long_is_passed_over(tmp_path: Path, length: int) -> None:
    (tmp_path / "lines").write_bytes(b"a\n" + b"b" * length + b"\nc\n" + b"d" * length)
    kept = b"b" * length + b"\n" if length <= 10 else None
    last = b"d" * length if length <= 10 else None
    assert list(read_lines(str(tmp_path / "lines"), 10)) == [
        (1, b"a\n"), (2, kept), (3, b"c\n"), (4, last),
    ]  # fmt: skip


def test_a_line_longer_than_any_article_is_refused(run: Run) -> None:
    line = b'{"id": "x", "text": "' + b"x" * most_bytes("json", Limits()) + b'"}\n'
    done = run("index", "import", "-", stdin=line)
    assert done.exit_code == REFUSED
    assert "line 1: has more than 24,000,000 bytes" in done.stderr
