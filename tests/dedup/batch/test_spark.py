"""Runs on Spark: the same rows as those of the other engine, and steps that hold for any size."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from article_cases import ARTICLE, PARAGRAPHS, SEEDS
from batch_cases import EXTENDED, FERRY, FILES, run, write_files
from click.testing import CliRunner
from pyspark.sql import DataFrame, SparkSession
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from dedup.batch.buckets import Buckets
from dedup.batch.kernel import add_up, collide
from dedup.batch.local import Cuts, Progress
from dedup.batch.naming import rename_repeated
from dedup.batch.nested import record_batch
from dedup.batch.outputs import Outputs
from dedup.batch.reading import read_piece
from dedup.batch.reference import Likeness
from dedup.batch.schema import OUTPUTS, PAIRS
from dedup.batch.sources import inputs, pieces
from dedup.batch.spark import comparing
from dedup.batch.spark.buckets import chunks
from dedup.batch.spark.components import components
from dedup.batch.spark.engine import Job, run_spark
from dedup.batch.spark.ordering import names
from dedup.batch.spark.session import start
from dedup.batch.sums import PASSAGE_WORTH
from dedup.cli.batch import batch
from dedup.cli.cleaning import clean_run
from dedup.config import Limits, Settings
from dedup.judge import Beside

DRAW = random.Random(5)
WORDS = sorted({word for text in SEEDS.values() for word in text.split() if word.isalpha()})
BLOCK = (
    "Sign up here for our weekly letter on the work of harbour masters, ferry crews and bridge "
    "wardens along the whole coast; we never pass on any address, and each issue tells you how to "
    "leave the list, whom to write to with complaints, and where the accounts of our small "
    "publishing house have been laid open for all readers since the spring of last year, when "
    "members of the society voted for it by a large majority at their meeting in the old town "
    "hall beside the river"
)
"""A block of a house, long enough for passages of its own."""


def drawn(sentences: int) -> str:
    """A text of words that stand in no order."""
    return " ".join(
        " ".join(DRAW.choices(WORDS, k=DRAW.randint(9, 16))).capitalize() + "."
        for _ in range(sentences)
    )


def edited(text: str) -> str:
    """The text with a few words replaced."""
    words = text.split()
    for place in DRAW.sample(range(len(words)), 4):
        words[place] = DRAW.choice(WORDS)
    return " ".join(words)


def archive() -> Mapping[str, list[dict[str, object]]]:
    """Some hundred articles: two large families, a block of a house, and all that else occurs."""
    dated, undated = drawn(14), drawn(12)
    strangers = [drawn(DRAW.randint(8, 14)) for _ in range(40)]
    rows: list[dict[str, object]] = [
        *(
            {
                "id": f"dated-{number % 30}",
                "text": edited(dated) if number % 3 else dated,
                "published": f"2023-0{number % 9 + 1}-{number % 28 + 1:02d}T08:00:00Z",
            }
            for number in range(36)
        ),
        *({"id": "undated", "text": edited(undated)} for _ in range(26)),
        *(
            {"id": f"house-{number}", "text": f"{text}\n\n{BLOCK}", "source": "House"}
            for number, text in enumerate(strangers[:30])
        ),
        *({"text": text} for text in strangers[28:38]),
        *({"text": text, "published": "2023-01-01"} for text in strangers[38:]),
        {"id": "undated#2", "text": strangers[3]},
        {"id": "undated#4", "text": strangers[4] + " " + drawn(3)},
        {"id": "two", "text": f"{strangers[38]}\n\n{strangers[39]}", "published": "2024-01-01"},
        {"id": "none", "text": " "},
        {"id": "excerpt", "text": "\n\n".join(PARAGRAPHS[1:3]), "published": "soon"},
        {"id": "extended", "text": EXTENDED + "\n\n" + FERRY},
        {"id": "bridge", "text": ARTICLE, "lang": "en"},
    ]
    DRAW.shuffle(rows)
    third = len(rows) // 3
    return {
        **{name: list(some) for name, some in FILES.items()},
        "e.jsonl": rows[:third],
        "f.jsonl": rows[third : 2 * third],
        "g.jsonl": rows[2 * third :],
    }


class CutOffError(Exception):
    """Stands for whatever ends a run."""


def cut_off(progress: Progress) -> None:
    """Ends a run when it comes to decide."""
    if progress.stage == "decide":
        raise CutOffError


@pytest.fixture(scope="module")
def spark() -> Iterator[SparkSession]:
    """One for all: it takes a while to start. Set for many jobs that are small, not for large ones."""
    settings = {
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.ui.enabled": "false",
        "spark.driver.memory": "1g",
        "spark.log.level": "ERROR",
    }
    SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()
    session = start(None)
    yield session
    session.stop()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    place = tmp_path_factory.mktemp("in")
    texts = place / "folder"
    texts.mkdir()
    (texts / "alone.txt").write_text(edited(FERRY), encoding="utf-8")
    return [*write_files(place, archive()), str(texts)]


@pytest.fixture(scope="module")
def local(files: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("local") / "out"
    run(files, out, cuts=Cuts())
    return out


@pytest.fixture(scope="module")
def out(spark: SparkSession, files: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run that was cut off once."""
    place = tmp_path_factory.mktemp("spark") / "out"
    with pytest.raises(CutOffError):
        run_spark(Job(inputs(files), place), Settings(), spark, cut_off)
    run_spark(Job(inputs(files), place, resume=True), Settings(), spark, lambda _: None)
    return place


@pytest.mark.parametrize("table", OUTPUTS)
def test_every_table_is_that_of_the_local_engine(local: Path, out: Path, table: str) -> None:
    theirs, ours = Outputs(local).read(table), Outputs(out).read(table)
    assert len(theirs) > 0
    assert ours.to_pylist() == theirs.to_pylist()
    assert ours.schema == theirs.schema


@pytest.mark.parametrize("name", ["summary.json", "rejects.jsonl"])
def test_what_stands_beside_the_tables_is_the_same_to_the_byte(
    local: Path, out: Path, name: str
) -> None:
    assert (out / name).read_text(encoding="utf-8") == (local / name).read_text(encoding="utf-8")


def test_the_archive_has_something_of_everything(local: Path) -> None:
    summary = json.loads((local / "summary.json").read_text(encoding="utf-8"))
    assert summary["families"]["largest"][1] > 20
    assert min(summary["rejected"], summary["kept_in_part"]) > 0
    assert "boilerplate" in Outputs(local).read("artifacts")["rule"].to_pylist()
    assert not all(Outputs(local).read("verdicts")["matches_complete"].to_pylist())
    kinds = {kind for kinds in summary["verdicts"].values() for kind in kinds}
    assert kinds >= {"edited", "excerpt", "composite", "same_language", "unmatched"}


def test_a_pair_that_cannot_be_compared_is_a_line_among_the_rejects(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of a block, as a task of Spark gets it: tasks of others cannot be made to fail."""

    def fail(*_: object) -> None:
        raise IndexError("no way")

    monkeypatch.setattr(Beside, "judge", fail)
    rows = [{"id": "one", "text": FERRY}, {"id": "two", "text": edited(FERRY)}]
    (path,) = write_files(tmp_path, {"a.jsonl": rows})
    (piece,) = pieces(inputs([path]), Limits())
    texts = pa.Table.from_batches([read_piece(piece, Settings()).articles])
    texts = texts.append_column("blocks", pa.nulls(len(texts), pa.list_(pa.null())))
    pairs = pa.Table.from_batches([record_batch(PAIRS, [(1, 0, 1, 1, 1.0, 1.0)])])
    (row,) = comparing._comparer(Limits(), [path])(pairs, texts).to_pylist()
    assert row["number"] is None
    reject = json.loads(row["reject"])
    assert (reject["file"], reject["row"], reject["kept"]) == (path, 2, True)
    assert reject["reason"].startswith("not compared with 'one': a fault of secondhand")


def test_a_run_leaves_a_page_for_people_and_nothing_of_its_work(out: Path) -> None:
    assert "dated-0" in (out / "report.html").read_text(encoding="utf-8")
    assert not (out / ".work").exists()


def test_what_spark_wrote_can_be_cleaned(out: Path, local: Path, tmp_path: Path) -> None:
    for run_of, to in ((out, "spark"), (local, "local")):
        done = CliRunner().invoke(clean_run, [str(run_of), "-o", str(tmp_path / to)])
        assert done.exit_code == 0, done.output
    counts = [
        sum(pa.parquet.read_metadata(path).num_rows for path in (tmp_path / to).rglob("*.parquet"))
        for to in ("spark", "local")
    ]
    assert counts[0] == counts[1] > 0


def test_components_are_those_of_the_graph(spark: SparkSession, tmp_path: Path) -> None:
    draw = np.random.default_rng(3)
    sparse, dense = draw.integers(100, 160, (40, 2)), draw.integers(200, 230, (60, 2))
    path = [(3 + place, 4 + place) for place in range(40)]
    star = [(300 + place, 399) for place in range(60)]
    edges = [*sparse.tolist(), *dense.tolist(), *path, *star, (7, 7), (90, 90)]
    DRAW.shuffle(path)

    def keep(number: int, found: DataFrame) -> DataFrame:
        found.write.parquet(str(tmp_path / str(number)))
        return spark.read.parquet(str(tmp_path / str(number)))

    found = components(spark.createDataFrame(edges, "one long, other long"), keep).collect()
    one, other = np.array([edge for edge in edges if edge[0] != edge[1]]).T
    graph = coo_array((np.ones(len(one)), (one, other)), (400, 400))
    _, label = connected_components(graph, directed=False)
    least = {number: int(np.flatnonzero(label == label[number])[0]) for number in {*one, *other}}
    assert {row["node"]: row["component"] for row in found} == least
    assert len(found) == len(least)


@pytest.mark.parametrize("size", [1, 7, 19, 20, 21, 64, 1000])
def test_buckets_meet_the_same_however_they_come(size: int) -> None:
    draw = np.random.default_rng(size)
    lengths = [1, 20, 150, 2, 21, 1, 40, 19, 20, 22]
    keys = np.repeat(np.arange(len(lengths)), lengths)
    ranks = np.concatenate([np.sort(draw.choice(500, n, replace=False)) for n in lengths])
    whole = Buckets(ranks.astype(np.uint64) << np.uint64(32), np.cumsum([0, *lengths]))
    nobody = Likeness(np.zeros((500, 1), np.uint8), 0)
    pairs, sums = collide(whole, range(len(ranks)), PASSAGE_WORTH, nobody)
    n_pairs = add_up(pairs, sums)
    met: dict[tuple[int, int], int] = {}
    batches = (
        {"key": keys[at : at + size], "rank": ranks[at : at + size]}
        for at in range(0, len(keys), size)
    )
    for chunk in chunks(batches):
        buckets, own = chunk.buckets()
        some = range(min(chunk.met, len(buckets.entries)), len(buckets.entries))
        likeness = Likeness(np.zeros((len(own), 1), np.uint8), 0)
        for pair, count in zip(*collide(buckets, some, PASSAGE_WORTH, likeness), strict=True):
            named = int(own[int(pair) >> 32]), int(own[int(pair) & 0xFFFFFFFF])
            met[named] = met.get(named, 0) + int(count)
    expected = {
        (int(pair) >> 32, int(pair) & 0xFFFFFFFF): int(count)
        for pair, count in zip(pairs[:n_pairs], sums[:n_pairs], strict=True)
    }
    assert met == expected


def test_repeated_ids_are_called_as_by_the_local_engine(spark: SparkSession) -> None:
    ids = ["a", "b", "a", "a#2", "a", "a#4", "a", "a", "a#2", "b#1", "b#02", "b", "c", "b#3", "b"]
    rows = [(10 * place, name) for place, name in enumerate(ids)]
    found = names(spark.createDataFrame(rows, "number long, id string")).collect()
    numbers = [np.array([number for number, _ in rows])]
    assert {row["number"]: row["id"] for row in found} == rename_repeated(
        1, lambda _: pa.array(ids), numbers
    )


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--engine", "spark", "--format", "jsonl"], "leave out --format"),
        (["--engine", "spark", "--workers", "2"], "leave out --workers"),
        (["--master", "local[2]"], "--master is for --engine spark"),
    ],
)
def test_options_of_the_one_engine_are_refused_with_the_other(
    tmp_path: Path, options: list[str], says: str
) -> None:
    (path,) = write_files(tmp_path, {"a.jsonl": FILES["a.jsonl"]})
    done = CliRunner().invoke(batch, [path, "-o", str(tmp_path / "out"), *options])
    assert done.exit_code == 2
    assert says in done.output
    assert not (tmp_path / "out").exists()


def test_missing_java_is_said(tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("bash", "dirname", "basename"):
        found = shutil.which(name)
        assert found
        (programs / name).symlink_to(found)
    (path,) = write_files(tmp_path, {"a.jsonl": FILES["a.jsonl"]})
    command = [sys.executable, "-m", "dedup", "batch", path, "-o", str(tmp_path / "out")]
    environment = {key: value for key, value in os.environ.items() if key != "JAVA_HOME"}
    done = subprocess.run(
        [*command, "--engine", "spark"],
        env={**environment, "PATH": str(programs)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "Spark needs Java 17 or newer" in done.stderr
    assert "Traceback" not in done.stderr
