"""The units of work of a run: each reads what is there, and writes one file or directory.

A unit is done when what it writes is there, so it may be done by any process, at any time, twice.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from dedup.batch.articles import Shelf
from dedup.batch.columns import write_keys
from dedup.batch.comparing import LeftOut, compare_pairs
from dedup.batch.deciding import NO_SOURCE, Decided, decide_articles
from dedup.batch.files import directory_written_whole, written_whole
from dedup.batch.origins import with_origins
from dedup.batch.reading import read_piece
from dedup.batch.run import (
    Run,
    boilerplate_of,
    families_of,
    finder_of,
    inputs_of,
    readings_of,
    related_of,
    roll_of,
    shelf_of,
    sources_of,
)
from dedup.batch.schema import (
    ARTICLES,
    ARTIFACTS,
    BLOCKS,
    KIN,
    MATCHES,
    READ,
    RELATED,
    VERDICTS,
)
from dedup.batch.showing import articles_of, artifacts_of
from dedup.batch.sources import Piece, Reject
from dedup.batch.tables import as_batch, read_batches, write_table
from dedup.batch.writing import part_path, write_part
from dedup.index.ranking import Boilerplate


@dataclass(frozen=True, slots=True)
class Reading:
    """A piece to read."""

    run: Run
    piece: Piece


@dataclass(frozen=True, slots=True)
class ReadCounts:
    """How much a piece held.

    Attributes:
        read: ``Piece.read``.
    """

    articles: int
    read: int


@dataclass(frozen=True, slots=True)
class Suspects:
    """Articles whose boilerplate is to be found.

    Attributes:
        number: Of the unit.
        articles: Numbers, and the passages that are boilerplate of each.
    """

    run: Run
    number: int
    articles: tuple[tuple[int, tuple[Boilerplate, ...]], ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Pairs to compare: a batch of the planned ones, by its place."""

    run: Run
    number: int


@dataclass(frozen=True, slots=True)
class Part:
    """Consecutive pieces whose articles are decided on, and written, together."""

    run: Run
    number: int
    pieces: range


def read(task: Reading) -> ReadCounts:
    """Read a piece."""
    found = read_piece(task.piece, task.run.settings)
    with directory_written_whole(task.run.work.piece(task.piece.number)) as directory:
        write_table(directory / "articles.arrow", READ, [found.articles])
        write_keys(directory / "keys.arrow", found.keys)
        (directory / "rejects.jsonl").write_text(_lines(found.rejects), encoding="utf-8")
        (directory / "passed.json").write_text(json.dumps(found.passed), encoding="utf-8")
    return ReadCounts(len(found.articles), task.piece.read)


def _lines(rejects: Iterable[Reject]) -> str:
    return "".join(json.dumps(one.as_json(), ensure_ascii=False) + "\n" for one in rejects)


def find_boilerplate(task: Suspects) -> int:
    """Find how far the boilerplate of some articles reaches; how many they were."""
    blocks = finder_of(task.run).blocks(task.articles)
    write_table(task.run.work.boilerplate(task.number), BLOCKS, [blocks])
    return len(task.articles)


def compare(task: Block) -> int:
    """Compare the pairs of a block; how many they were."""
    run = task.run
    pairs = read_batches(run.work.file("pairs.arrow"))[task.number]
    left_out: list[LeftOut] = []
    related = compare_pairs(pairs, readings_of(run), run.settings.limits, left_out)
    if left_out:
        files = inputs_of(run).to_pylist()
        path = run.work.left_out(task.number)
        path.parent.mkdir(exist_ok=True)
        with written_whole(path) as part:
            part.write_text(_lines(one.as_reject(files) for one in left_out), encoding="utf-8")
    write_table(run.work.block(task.number), RELATED, [related])
    return len(pairs)


def decide(task: Part) -> int:
    """Decide on the articles of a part; how many they were."""
    run = task.run
    decided = [_decide(run, shelf_of(run, piece)) for piece in task.pieces]
    with directory_written_whole(run.work.part(task.number)) as directory:
        for name, schema in (("verdicts", VERDICTS), ("matches", MATCHES), ("kin", KIN)):
            batches = (getattr(one, name) for one in decided)
            write_table(directory / f"{name}.arrow", schema, batches)
    return sum(len(one.verdicts) for one in decided)


def _decide(run: Run, shelf: Shelf) -> Decided:
    return decide_articles(shelf, _related(run, shelf), run.settings.limits)


def _related(run: Run, shelf: Shelf) -> pa.RecordBatch:
    """What the comparisons found of the articles of a shelf, in order of number."""
    batches = []
    if len(shelf):
        first, last = int(shelf.numbers[0]), int(shelf.numbers[-1])
        for block in related_of(run):
            numbers = block.column("number").to_numpy()
            begin = int(np.searchsorted(numbers, first))
            end = int(np.searchsorted(numbers, last, side="right"))
            if begin < end:
                batches.append(block.slice(begin, end - begin))
    order = [("number", "ascending"), ("other_number", "ascending")]
    return as_batch(pa.Table.from_batches(batches, RELATED).sort_by(order))


def write(task: Part) -> int:
    """Write the outputs of a part; how many articles they tell of."""
    run, work = task.run, task.run.work
    decided = zip(
        *(
            read_batches(work.part(task.number) / f"{name}.arrow")
            for name in ("verdicts", "matches")
        ),
        strict=True,
    )
    shelves = [shelf_of(run, piece) for piece in task.pieces]
    verdicts = (_with_known(run, _with_cluster(run, _with_origin(run, *one))) for one in decided)
    tables = (
        ("articles", ARTICLES, (articles_of(shelf, inputs_of(run)) for shelf in shelves)),
        ("verdicts", VERDICTS, verdicts),
        ("matches", MATCHES, iter(read_batches(work.part(task.number) / "matches.arrow"))),
        (
            "artifacts",
            ARTIFACTS,
            (artifacts_of(shelf, boilerplate_of(run)) for shelf in shelves),
        ),
    )
    for name, schema, batches in tables:
        write_part(part_path(work.out, name, task.number, run.form), schema, batches, run.form)
    work.written(task.number).parent.mkdir(exist_ok=True)
    work.written(task.number).touch()
    return sum(map(len, shelves))


def _with_origin(run: Run, verdicts: pa.RecordBatch, matches: pa.RecordBatch) -> pa.RecordBatch:
    roll, sources = roll_of(run), sources_of(run)

    def source_of(number: int) -> int | None:
        source = int(sources[roll.place(number)])
        return None if source == NO_SOURCE else source

    return with_origins(verdicts, matches, source_of)


def _with_known(run: Run, verdicts: pa.RecordBatch) -> pa.RecordBatch:
    known = np.isin(verdicts.column("number").to_numpy(), roll_of(run).all_known)
    at = VERDICTS.get_field_index("known")
    return verdicts.set_column(at, VERDICTS.field(at), pa.array(known))


def _with_cluster(run: Run, verdicts: pa.RecordBatch) -> pa.RecordBatch:
    families = families_of(run)
    numbers = verdicts.column("number").to_numpy()
    place = np.minimum(np.searchsorted(families.number, numbers), max(len(families.number) - 1, 0))
    belongs = np.isin(numbers, families.number)
    clusters = families.cluster[place] if len(families.number) else numbers
    at = VERDICTS.get_field_index("cluster")
    return verdicts.set_column(at, VERDICTS.field(at), pa.array(clusters, mask=~belongs))
