"""``index reindex`` as a user runs it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from dedup.cli import main
from dedup.cli.exits import INDEX, USAGE

SEEDS = sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))


@pytest.fixture
def run(server, settings):
    place = ("--redis", server.url, "--key-prefix", settings.index.prefix)

    def run_on_index(*arguments):
        result = CliRunner().invoke(main, (*arguments, *place), env={"COLUMNS": "60"})
        # Anything but an exit on purpose is a traceback on the user's screen.
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return run_on_index


def test_articles_are_found_after_reindexing_as_before(run):
    run("add", *map(str, SEEDS))
    before = run("show", "--json", SEEDS[1].stem).stdout
    made = run("index", "reindex", "--families", "passages,content,wording", "--expect", "2000")
    assert made.stdout == (
        "5 articles indexed by wording and content and passages in 2^12 groups: generation 2\n"
    )
    assert made.stderr == ""
    assert run("show", "--json", SEEDS[1].stem).stdout == before
    copy = json.loads(run("check", "--json", "--id", "copy", str(SEEDS[0])).stdout)
    assert copy["source"]["id"] == SEEDS[0].stem
    stats = json.loads(run("index", "stats", "--json").stdout)
    assert (stats["generation"], stats["group_bits"]) == ("2", 12)


def test_json_tells_what_was_made(run):
    run("add", str(SEEDS[0]))
    made = json.loads(run("index", "reindex", "--group-bits", "8", "--json").stdout)
    assert made == {
        "articles": 1,
        "removed": 0,
        "generation": "2",
        "families": ["content", "passages"],
        "group_bits": 8,
        "resumed": False,
    }


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--expect", "10", "--group-bits", "8"), "either --expect or --group-bits"),
        (("--families", "shingles"), "choose from wording, content, passages"),
        (("--group-bits", "25"), "25 is not in the range"),
    ],
)
def test_options_that_cannot_be_are_refused(run, options, says):
    refused = run("index", "reindex", *options)
    assert refused.exit_code == USAGE
    assert says in refused.stderr


def test_no_index_is_made_where_there_is_none(run):
    refused = run("index", "reindex")
    assert refused.exit_code == INDEX
    assert "nothing to rebuild" in refused.stderr
