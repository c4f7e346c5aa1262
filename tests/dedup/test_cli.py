"""The commands as a user runs them: real files, a real index, what is printed."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from cli_cases import Run, json_lines, run_command
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from dedup.beside import outermost, rows
from dedup.cli import main
from dedup.cli.exits import (
    CLOSED_PIPE,
    INDEX,
    INTERRUPTED,
    OUTPUT,
    REFUSED,
    SECOND_HAND,
    UNDETERMINED,
    USAGE,
)
from dedup.cli.side_by_side import side_by_side
from dedup.config import Settings
from dedup.index.embedded import EmbeddedServer
from dedup.model import Passage, Span
from dedup.tokens import tokenize

SEEDS = sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))
ORIGINAL, ROUND_TRIP, DERIVED, LATER, BANNER = (str(path) for path in SEEDS)


@pytest.fixture
def run(server: EmbeddedServer, settings: Settings) -> Run:
    """Run a command; those that use an index get an empty one."""

    def run_on_index(*arguments: str, stdin: bytes | None = None) -> Result:
        place = ("--redis", server.url, "--key-prefix", settings.index.prefix)
        return run_command(*arguments, *place, stdin=stdin)

    return run_on_index


def verdicts(result: Result) -> dict[str, tuple[str, str]]:
    """Verdict and source by the first three letters of the seed's id."""
    return {
        str(report["id"])[:3]: (
            report["verdict"],
            report["source"] and report["source"]["id"][:3],
        )
        for report in json_lines(result.stdout)
    }


# add


@pytest.mark.parametrize("seeds", [SEEDS, SEEDS[::-1]], ids=["in order", "reversed"])
def test_add_prints_the_verdicts_that_hold_once_all_are_stored(run: Run, seeds: list[Path]) -> None:
    result = run("add", "--json", *map(str, seeds))
    assert result.exit_code == 0
    found = verdicts(result)
    assert found["001"] == ("retranslation", "000")
    assert {found[seed][0] for seed in ("000", "002", "003", "004")} == {"independent"}


def test_add_prints_one_table_line_per_article(run: Run) -> None:
    result = run("add", ORIGINAL, ROUND_TRIP)
    (line,) = (line for line in result.stdout.splitlines() if "001_" in line)
    assert "retranslation (same language)" in line
    assert "000_a493959b8eeb3824" in line


def test_adding_the_same_again_changes_nothing(run: Run) -> None:
    first = run("add", "--json", ORIGINAL, ROUND_TRIP)
    assert run("add", "--json", ORIGINAL, ROUND_TRIP).stdout == first.stdout


def test_add_shows_earlier_articles_whose_verdict_changed(run: Run) -> None:
    run("add", ROUND_TRIP)
    result = run("add", ORIGINAL)
    assert "verdict changed" in result.stdout
    assert "001_d55ea6f705596ad4" in result.stdout


def test_add_stores_the_rest_when_one_file_is_refused(run: Run, tmp_path: Path) -> None:
    result = run("add", ORIGINAL, str(tmp_path / "missing.txt"), ROUND_TRIP)
    assert result.exit_code == REFUSED
    assert "missing.txt: cannot be read: No such file" in result.stderr
    assert "1 of 3 not stored" in result.stderr
    assert "001_d55ea6f705596ad4" in result.stdout


def test_add_names_the_file_whose_article_is_refused(run: Run, tmp_path: Path) -> None:
    long = tmp_path / "long.txt"
    long.write_text("word " * 60_000)
    result = run("add", ORIGINAL, str(long))
    assert result.exit_code == REFUSED
    assert f"{long}: the text has 300,000 characters" in " ".join(result.stderr.split())


def test_add_refuses_two_files_of_the_same_name(run: Run, tmp_path: Path) -> None:
    twin = tmp_path / Path(ORIGINAL).name
    twin.write_text("Another text.")
    result = run("add", ORIGINAL, str(twin))
    assert result.exit_code == REFUSED
    assert "has the same id" in result.stderr


def test_add_from_stdin_needs_an_id(run: Run) -> None:
    assert run("add", "-", stdin=b"Some text.").exit_code == USAGE
    result = run("add", "-", "--id", "piped", "--json", stdin=b"Some text.")
    assert json.loads(result.stdout)["id"] == "piped"


def test_options_about_one_article_need_a_single_file(run: Run) -> None:
    result = run("add", "--url", "https://example.com", ORIGINAL, ROUND_TRIP)
    assert result.exit_code == USAGE


# check, show, remove


def test_check_stores_nothing(run: Run) -> None:
    run("add", ORIGINAL)
    result = run("check", "--json", ROUND_TRIP)
    report = json.loads(result.stdout)
    assert report["verdict"] == "retranslation"
    assert report["revision"] is None
    assert run("show", report["id"]).exit_code == REFUSED


def test_check_tells_people_what_it_found_and_why(run: Run) -> None:
    run("add", ORIGINAL)
    told = run("check", ROUND_TRIP).stdout
    assert "001_d55ea6f705596ad4: retranslation (same language)" in told
    assert "from 000_a493959b8eeb3824" in told
    assert "spaced numeric entity" in told


@pytest.mark.parametrize(
    ("file", "code"), [(ROUND_TRIP, SECOND_HAND), (LATER, 0)], ids=["retranslation", "independent"]
)
def test_check_tells_scripts_by_its_exit_code(run: Run, file: str, code: int) -> None:
    run("add", ORIGINAL)
    assert run("check", file).exit_code == 0
    assert run("check", "--exit-code", file).exit_code == code


def test_a_text_too_short_to_judge_has_an_exit_code_of_its_own(run: Run) -> None:
    assert run("check", "--exit-code", "-", stdin=b"Three short words.").exit_code == UNDETERMINED


def test_show_prints_the_verdict_as_it_stands_now(run: Run) -> None:
    run("add", ROUND_TRIP)
    run("add", ORIGINAL)
    report = json.loads(run("show", "--json", Path(ROUND_TRIP).stem).stdout)
    assert report["verdict"] == "retranslation"
    assert report["revision"] == 2


def test_a_removed_article_is_unknown(run: Run) -> None:
    run("add", ORIGINAL)
    assert run("remove", Path(ORIGINAL).stem).exit_code == 0
    result = run("show", Path(ORIGINAL).stem)
    assert result.exit_code == REFUSED
    assert "no article with the id" in result.stderr


def test_an_index_that_is_away_is_not_an_answer(tmp_path: Path) -> None:
    away = f"unix://{tmp_path}/no.sock"
    for arguments in (["check", ORIGINAL], ["add", ORIGINAL], ["index", "stats"]):
        result = run_command(*arguments, "--redis", away)
        assert result.exit_code == INDEX
        assert result.stdout == ""
        assert result.stderr.startswith("Error: ")


# Input


@pytest.mark.parametrize(
    ("name", "data", "complaint"),
    [
        ("empty.txt", b"", "is empty"),
        ("blank.txt", b" \n\t\n", "is empty"),
        ("latin.txt", "caf\xe9 au lait".encode("latin-1"), "not UTF-8 (byte 0xE9 at position 3)"),
        ("wide.txt", "Breaking news".encode("utf-16"), "iconv -f UTF-16"),
        ("nul.txt", b"some\0text", "a NUL at position 4"),
        ("paper.pdf", b"%PDF-1.7\n\xff", "pdftotext"),
        ("page.html.gz", b"\x1f\x8b\x08\0", "gunzip"),
        ("letter.docx", b"PK\x03\x04\x14\0", "office document"),
        ("large.txt", b"word " * 200_001, "more than 1,000,000 bytes"),
        ("long.txt", b"word " * 50_001, "250,000"),
        ("broken.json", b'{"text": "cut', "is not JSON"),
        ("list.json", b'["text"]', "not one object"),
        ("both.json", b'{"text": "a", "html": "b"}', "exactly one"),
        ("none.json", b'{"title": "a"}', "exactly one"),
        ("typed.json", b'{"text": 5}', "text must be a string"),
        ("field.json", b'{"txet": "a"}', "unknown field 'txet'"),
        ("date.json", b'{"text": "a", "published": "yesterday"}', "date or time such as"),
        ("surrogate.json", b'{"text": "half \\ud83d pair"}', "surrogate"),
        ("url.json", b'{"text": "a", "url": "http://a:99999999/"}', "address such as"),
        ("lang.json", b'{"text": "a", "lang": "!"}', "language tag"),
        ("deep.json", b'{"text": ' + b"[" * 100_000, "is not JSON"),
    ],
)
def test_unusable_input_is_refused_with_a_way_out(
    run: Run, tmp_path: Path, name: str, data: bytes, complaint: str
) -> None:
    file = tmp_path / name
    file.write_bytes(data)
    result = run("check", str(file))
    assert result.exit_code == REFUSED
    assert complaint in result.stderr
    assert result.stdout == ""


def test_a_folder_is_refused(run: Run, tmp_path: Path) -> None:
    result = run("check", str(tmp_path))
    assert result.exit_code == REFUSED
    assert "Is a directory" in result.stderr


SENTENCE = "The ministers met on Monday and agreed on nothing."


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.txt", SENTENCE.encode()),
        ("bom.txt", b"\xef\xbb\xbf" + SENTENCE.encode()),
        ("a.html", f"<p>{SENTENCE}</p>".encode()),
        ("a.json", json.dumps({"text": SENTENCE, "title": None}).encode()),
        ("page.json", json.dumps({"html": f"<p>{SENTENCE}</p>"}).encode()),
    ],
)
def test_every_format_gives_the_same_text_from_a_file_and_from_stdin(
    tmp_path: Path, name: str, data: bytes
) -> None:
    file = tmp_path / name
    file.write_bytes(data)
    assert run_command("normalize", str(file)).stdout.strip() == SENTENCE
    assert run_command("normalize", "-", stdin=data).stdout.strip() == SENTENCE


def test_a_page_may_be_far_longer_than_its_text(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text(f"<p>{SENTENCE}</p><!--{'x' * 1_900_000}-->")
    for arguments in ((str(page), None), ("-", page.read_bytes())):
        assert run_command("normalize", arguments[0], stdin=arguments[1]).stdout == SENTENCE + "\n"
    page.write_text("<p>" + "é" * 1_999_999)
    result = run_command("normalize", str(page))
    assert result.exit_code == REFUSED
    assert "at most 2,000,000" in result.stderr


def test_options_go_before_what_the_file_says(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text(json.dumps({"text": SENTENCE, "id": "from-file", "lang": "de"}))
    report = json.loads(run("check", "--json", "--lang", "en", str(file)).stdout)
    assert report["id"] == "from-file"
    assert report["language"]["code"] == "en"


def test_a_date_that_is_none_is_wrong_usage(run: Run) -> None:
    assert run("check", ORIGINAL, "--published", "yesterday").exit_code == USAGE


# normalize


def test_normalize_prints_text_on_stdout_and_findings_on_stderr() -> None:
    result = run_command("normalize", ROUND_TRIP)
    assert "Answer in the strongest way" in result.stdout
    assert "& # 39;" not in result.stdout
    assert "MINIFYHTML" not in result.stdout
    assert "spaced numeric entity" in result.stderr


def test_normalize_reads_the_render_clock_of_a_minify_marker() -> None:
    assert "2020-02-09T10:47:48Z" in run_command("normalize", ROUND_TRIP).stderr


def test_normalize_gives_programs_all_of_it() -> None:
    found = json.loads(run_command("normalize", "--json", ROUND_TRIP).stdout)
    assert "Answer in the strongest way" in found["text"]
    assert {finding["rule"] for finding in found["artifacts"]} >= {"spaced_numeric_entity"}
    assert all(repair["count"] > 0 for repair in found["repairs"])


# compare


def test_compare_shows_both_texts_and_what_is_said_of_them() -> None:
    told = run_command("compare", ROUND_TRIP, ORIGINAL).stdout
    assert "retranslation (same language)" in told
    assert "[stronghold]" in told
    assert "bastion" in told
    assert "Direction: 001_d55ea6f705596ad4 copied from 000_a493959b8eeb3824" in told


def test_compare_leads_from_the_words_of_the_source_to_those_of_the_copy() -> None:
    for files in ([ROUND_TRIP, ORIGINAL], [ORIGINAL, ROUND_TRIP]):
        told = run_command("compare", *files, width=2000).stdout
        assert "town → city (4 times)" in told
        assert "prize → award" in told
        assert "24 of 24 numbers" in told


def test_compare_lists_quotations_and_who_said_them(tmp_path: Path) -> None:
    one, other = tmp_path / "one.txt", tmp_path / "other.txt"
    one.write_text("“We will not wait until somebody is hurt,” said Jane Roe. “It is a shame.”")
    other.write_text("Jane Roe declared: “We will not be waiting till someone gets hurt.”")
    told = run_command("compare", str(one), str(other), width=120).stdout.splitlines()
    rows = [" ".join(line.split()) for line in told]
    assert "We will not wait until somebody is h… reworded 0.50 Jane Roe" in rows
    assert "It is a shame not in B Jane Roe" in rows


def test_compare_says_what_changed_and_what_only_one_has(tmp_path: Path) -> None:
    changed = tmp_path / "changed.txt"
    text = Path(ORIGINAL).read_text().replace("600,000 people", "586,000 people")
    added = "\n\nNothing of the sort was ever reported from the quarries of Carrara."
    changed.write_text(text.replace("to reinforce", "to fortify") + added)
    told = run_command("compare", str(changed), ORIGINAL, width=200).stdout
    assert "numbers changed: " in told
    assert "586,000 against 600,000" in told
    assert "fortify / reinforce" in told
    assert "1 only in A, 0 only in B" in told
    other = tmp_path / "other.txt"
    other.write_text("Sheep graze beside the canal.")
    assert "say the same:" not in run_command("compare", str(other), ORIGINAL).stdout


def test_check_says_what_differs_from_the_source(run: Run) -> None:
    run("add", ORIGINAL)
    told = run("check", ROUND_TRIP).stdout
    assert "Where this article and 000_a493959b8eeb3824 say the same:" in told
    assert "town → city (4 times)" in told


def test_compare_says_which_section_comes_with_which(tmp_path: Path) -> None:
    paragraph = max(Path(ORIGINAL).read_text().split("\n\n"), key=len)
    page = tmp_path / "page.html"
    page.write_text(f"<html><body><article><p>Nobody knew of it.</p><p>{paragraph}</p>")
    told = run_command("compare", str(page), ORIGINAL, width=200).stdout
    beginning = paragraph[:20]
    (row,) = [line for line in told.splitlines() if line.count(beginning) == 2 and "1.00" in line]
    assert str(len(tokenize(paragraph))) in row.split()


def test_compare_gives_programs_the_match() -> None:
    found = json.loads(run_command("compare", "--json", ROUND_TRIP, ORIGINAL).stdout)
    assert found["article"]["id"] == Path(ROUND_TRIP).stem
    assert found["match"]["relation"] == "retranslation"


def test_compare_stacks_the_texts_on_a_narrow_terminal() -> None:
    told = run_command("compare", ROUND_TRIP, ORIGINAL, width=50).stdout
    assert max(map(len, told.splitlines())) <= 50
    assert re.search(r"^ *1[=~].? A .*\n(?:.*\n)*? *1[=~].? B ", told, re.MULTILINE)


def test_compare_shows_a_page_as_a_reader_sees_it(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    paragraphs = Path(ORIGINAL).read_text().split("\n\n")
    page.write_text("<html><body><article>" + "".join(f"<p>{p}</p>" for p in paragraphs))
    told = run_command("compare", str(page), ORIGINAL).stdout
    assert "<p>" not in told
    assert "copy (" in told


def test_an_article_cannot_write_to_the_terminal(run: Run, tmp_path: Path) -> None:
    hostile = tmp_path / "hostile.json"
    text = Path(ORIGINAL).read_text() + "\n\n\x1b]0;owned\x07\x1b[31mred [bold]not markup[/bold]"
    hostile.write_text(json.dumps({"text": text, "title": "\x1b[2J", "source": "\x9b1m"}))
    for arguments in (["add", str(hostile)], ["check", ORIGINAL], ["check", str(hostile)]):
        told = run(*arguments)
        assert not {"\x1b", "\x9b", "\x07"} & set(told.output)
    told = run_command("compare", str(hostile), ORIGINAL)
    assert not {"\x1b", "\x9b", "\x07"} & set(told.output)
    assert "[bold]not markup[/bold]" in told.stdout
    # As to a terminal: elsewhere click itself takes the escapes out.
    told = CliRunner().invoke(main, ["compare", "no\x1b[2Jfile.txt", ORIGINAL], color=True)
    assert "no\ufffd[2Jfile.txt: cannot be read" in told.output


def test_quotations_of_a_page_are_shown_as_a_reader_sees_them(tmp_path: Path) -> None:
    paragraphs = Path(ORIGINAL).read_text().split("\n\n")
    page = tmp_path / "page.html"
    said = "<p>&ldquo;We heard <b>one loud bang</b> &amp; then a second one,&rdquo; he said.</p>"
    page.write_text("<html><body><article>" + "".join(f"<p>{p}</p>" for p in paragraphs) + said)
    told = run_command("compare", str(page), ORIGINAL).stdout
    assert "We heard one loud bang & then" in told.replace("\n", " ")


def shared(query: tuple[int, int], candidate: tuple[int, int]) -> Passage:
    return Passage(Span(*query), Span(*candidate), "reworded", quotation=False)


@st.composite
def passages_apart(draw: st.DrawFn) -> tuple[int, int, list[Passage]]:
    """Passages that do not overlap, in any order in the candidate; lengths of both texts."""
    sizes = draw(st.lists(st.tuples(st.integers(1, 5), st.integers(1, 5)), max_size=6))
    gaps = draw(st.lists(st.integers(0, 3), min_size=len(sizes) + 1, max_size=len(sizes) + 1))
    placed: dict[int, Span] = {}
    end = 0
    for gap, number in zip(gaps, draw(st.permutations(range(len(sizes)))), strict=False):
        placed[number] = Span(end + gap, end + gap + sizes[number][1])
        end = placed[number].end
    passages = []
    start = 0
    for number, (size, _) in enumerate(sizes):
        start += gaps[number]
        passages.append(shared((start, start + size), placed[number]))
        start += size
    return start + gaps[-1], end + gaps[-1], passages


@given(passages_apart())
def test_each_part_of_both_texts_is_shown_once(texts: tuple[int, int, list[Passage]]) -> None:
    query_size, candidate_size, passages = texts
    shown = list(rows("q" * query_size, "c" * candidate_size, passages))
    assert sorted(place for row in shown for place in range(*row.query)) == list(range(query_size))
    assert sorted(place for row in shown for place in range(*row.candidate)) == list(
        range(candidate_size)
    )


def test_a_run_inside_a_shown_sentence_is_not_shown_again() -> None:
    sentence, run, moved = (
        shared((0, 50), (10, 60)),
        shared((5, 20), (12, 27)),
        shared((5, 9), (0, 4)),
    )
    assert outermost([sentence, run, moved]) == [sentence, moved]


def test_what_stands_in_one_text_only_is_marked_in_a_verbatim_passage_too() -> None:
    """A caption weighs nothing, so a passage goes on behind it."""
    query, candidate = "water came in. Photo: AP. It rose", "water came in. It rose"
    passage = replace(shared((0, len(query)), (0, len(candidate))), type="verbatim")
    console = Console(width=100, color_system=None)
    with console.capture() as captured:
        console.print(side_by_side(console, query, candidate, [passage], ("A", "B")))
    assert "water came in. [Photo: AP]. It rose" in captured.get()


def test_changed_words_are_underlined_in_colour_and_bracketed_without() -> None:
    query, candidate = "the last rebel bastion", "the last rebel stronghold"
    passages = [shared((0, len(query)), (0, len(candidate)))]

    def printed(console: Console) -> str:
        with console.capture() as captured:
            console.print(side_by_side(console, query, candidate, passages, ("A", "B")))
        return captured.get()

    plain = printed(Console(width=100, color_system=None))
    assert "the last rebel [bastion]" in plain
    assert "the last rebel [stronghold]" in plain
    coloured = printed(Console(width=100, color_system="standard", force_terminal=True))
    assert "[bastion]" not in coloured
    assert "\x1b[1;4;33mbastion\x1b[0m" in coloured


def test_no_section_of_a_report_of_its_own_is_said_to_come_from_another() -> None:
    assert "section of A" in run_command("compare", ROUND_TRIP, ORIGINAL).stdout
    told = run_command("compare", BANNER, ORIGINAL).stdout
    assert "same story" in told
    assert "section of A" not in told


# eval


def labelled(folder: Path, *pairs: tuple[str, str, str]) -> None:
    folder.mkdir()
    documents = [{"id": path.stem[:3], "text": path.read_text()} for path in SEEDS]
    rows = [{"a": query, "b": candidate, "label": label} for query, candidate, label in pairs]
    for name, lines in (("docs", documents), ("pairs", rows)):
        (folder / f"{name}.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))


def test_eval_counts_what_is_right_per_set_and_over_all(tmp_path: Path) -> None:
    labelled(tmp_path / "one", ("001", "000", "retranslation"), ("003", "000", "unrelated"))
    labelled(tmp_path / "two", ("002", "000", "partial_copy"), ("004", "000", "paraphrase"))
    result = run_command("eval", "--data", str(tmp_path), "--index", "--json")
    assert result.exit_code == 0
    found = json.loads(result.stdout)
    assert found["sets"]["one"]["f1"] == {"retranslation": 1.0, "independent": 1.0}
    assert found["sets"]["two"]["confusion"] == {"derived": {"derived": 1}}
    assert found["all"]["n"] == 3
    assert found["all"]["candidate_recall"] == 1.0
    told = run_command("eval", "--data", str(tmp_path)).stdout
    assert "paraphrase (apart)" in told
    assert "3 pairs, macro F1 1.00" in told


def test_eval_refuses_a_folder_without_labelled_data(tmp_path: Path) -> None:
    result = run_command("eval", "--data", str(tmp_path))
    assert result.exit_code == REFUSED
    assert "docs.jsonl and pairs.jsonl" in result.stderr


# Whole processes


COMMAND = [sys.executable, "-m", "dedup"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
@pytest.mark.parametrize("unbuffered", ["", "1"])
@pytest.mark.parametrize(
    "arguments",
    [["normalize", ORIGINAL], ["compare", "--json", ORIGINAL, ORIGINAL], ["--help"]],
    ids=lambda arguments: arguments[0],
)
def test_an_output_that_cannot_be_written_is_said_in_one_line(
    arguments: list[str], unbuffered: str
) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*COMMAND, *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
            env=os.environ | {"PYTHONUNBUFFERED": unbuffered},
        )
    assert done.returncode == OUTPUT
    assert done.stderr == "Error: the output cannot be written: No space left on device\n"


def test_a_pipe_that_nobody_reads_ends_a_command_without_a_word() -> None:
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(
        [*COMMAND, "compare", ORIGINAL, ROUND_TRIP],
        stdout=writer,
        stderr=subprocess.PIPE,
        check=False,
    )
    os.close(writer)
    assert (done.returncode, done.stderr) == (CLOSED_PIPE, b"")


def test_ctrl_c_is_told_from_a_refused_input(tmp_path: Path) -> None:
    article = tmp_path / "article"
    os.mkfifo(article)
    with (
        subprocess.Popen(
            [*COMMAND, "normalize", article], stderr=subprocess.PIPE, text=True
        ) as process,
        article.open("w"),
    ):  # returns once the command reads
        process.send_signal(signal.SIGINT)
        _, told = process.communicate()
    assert (process.returncode, told) == (INTERRUPTED, "Error: interrupted\n")


def test_articles_outlive_the_command_that_stored_them(tmp_path: Path) -> None:
    """On the embedded index, each command a process of its own."""
    place = ["--data-dir", str(tmp_path / "data")]
    added = subprocess.run(
        [*COMMAND, "add", *place, ORIGINAL], capture_output=True, text=True, check=False
    )
    assert added.returncode == 0, added.stderr
    shown = subprocess.run(
        [*COMMAND, "show", *place, "--json", Path(ORIGINAL).stem],
        capture_output=True,
        text=True,
        check=False,
    )
    assert json.loads(shown.stdout)["verdict"] == "independent"


def test_the_installed_command_prints_its_version() -> None:
    done = subprocess.run(
        [Path(sys.executable).with_name("secondhand"), "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("secondhand, version ")
