"""The engine for one machine: stage after stage, each shared among processes.

    read ──► roll ──► join ──► boilerplate ──► compare ──► decide ──► families ──► write
    pieces   names,   candi-   its places      blocks      parts      of all       parts
             ranks    dates                    of pairs                articles

Between the stages lie files in the work directory (``dedup.batch.work``). What a stage leaves
there depends on the input and the settings alone; so do the outputs. Memory: a process holds a
piece, a block or a part of the join at a time, and texts that it keeps ready; of all articles
the coordinator holds some numbers, and of all pairs that pass the gate some 70 bytes while it
chooses among them, and up to 200 of those it chose while it puts them in order.
"""

from __future__ import annotations

import json
import resource
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dedup import __version__
from dedup.batch import tasks
from dedup.batch.against import Export, exported_file, write_export
from dedup.batch.arrays import write_arrays
from dedup.batch.articles import Shelf
from dedup.batch.boilerplate import Places
from dedup.batch.budget import Budget, share_out
from dedup.batch.clusters import Families, Ties, describe_families, find_families
from dedup.batch.corpus import Corpus
from dedup.batch.deciding import NO_SOURCE, kin_of_known, sources_of
from dedup.batch.files import write_json, written_whole
from dedup.batch.gate import DEFAULT, Gate
from dedup.batch.join import Joined, join
from dedup.batch.known import name_all
from dedup.batch.outputs import Outputs
from dedup.batch.page import write_page
from dedup.batch.page.render import Rejected
from dedup.batch.planning import plan
from dedup.batch.pool import Pool
from dedup.batch.run import Run, Stacks, close_tables, related_of, roll_of, shelf_of
from dedup.batch.schema import BLOCKS, CLUSTERS, KIN, PAIRS
from dedup.batch.sources import Inputs, pieces
from dedup.batch.summary import summarize
from dedup.batch.tables import as_batch, read_batch, read_batches, write_table
from dedup.batch.work import Work, begin, check_place, clear, finished, locked, unchanged
from dedup.batch.writing import Format, part_path, write_part
from dedup.config import Settings
from dedup.index.ranking import Boilerplate
from dedup.model import Article

KILOBYTES_PER_MEGABYTE: Final = 1024
"""Linux tells the largest size of a process in kilobytes."""

NO_INPUTS: Final = Inputs(())

REJECTS_SHOWN: Final = 20
"""Rejects that the page for people shows."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is.

    Attributes:
        stage: What is done now.
        what: What is counted: articles, pairs.
        total: What ``done`` will be when the stage ends; 0 if nobody knows.
        done: Bytes that were read, else articles or pairs.
        count: Articles or pairs.
    """

    stage: str
    what: str
    total: int
    done: int = 0
    count: int = 0


Watch = Callable[[Progress], None]
"""Is told whenever a stage begins, and when some of it is done."""


@dataclass(frozen=True, slots=True)
class Cuts:
    """Into what work is cut. The outputs' files are cut so, too.

    Attributes:
        part_articles: Articles of an output file at least, if there are as many: some 15 MB of
            texts. More files are slower to read, larger ones are more to do again for a run that
            was cut off.
        cluster_rows: Members of families in an output file at least; families are not cut.
        block_pairs: Pairs that are compared together at least, about a second. At the border of
            two blocks the same articles are made ready by two processes.
        suspects: Articles in which boilerplate is looked for by one task, a second or two.
    """

    part_articles: int = 10_000
    cluster_rows: int = 100_000
    block_pairs: int = 512
    suspects: int = 500


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be done, and with what.

    Attributes:
        inputs: The files.
        known: Those of articles that the run is only against.
        exports: Indexes whose articles it is only against.
        gate: What pairs must show to be compared.
        out: Directory of the outputs.
        form: Of the outputs.
        workers: Processes that work.
        memory: Bytes that all of them may take.
        resume: Go on with a run that was cut off.
        keep_work: Leave the work directory there.
        report: Write a page for people, too.
        cuts: Into what work is cut.
    """

    inputs: Inputs
    out: Path
    form: Format
    workers: int
    memory: int
    resume: bool = False
    keep_work: bool = False
    report: bool = True
    cuts: Cuts = Cuts()
    known: Inputs = NO_INPUTS
    exports: tuple[Export, ...] = ()
    gate: Gate = DEFAULT


@dataclass(slots=True)
class _Engine:
    """A run under way."""

    run: Run
    job: Job
    budget: Budget
    pool: Pool
    watch: Watch
    known: Inputs = NO_INPUTS
    progress: Progress = Progress("", "", 0)
    times: dict[str, dict[str, float]] = field(default_factory=dict)

    @contextmanager
    def stage(self, name: str, total: int = 0, what: str = "articles") -> Iterator[None]:
        """Time what is done in the block."""
        self._tell(Progress(name, what, total))
        wall, cpu = time.monotonic(), time.process_time()
        yield
        self.times[name] = {
            "wall": round(time.monotonic() - wall, 3),
            "cpu": round(time.process_time() - cpu + self.pool.cpu[name], 3),
        }

    def advance(self, done: int, count: int) -> None:
        """So much of the stage is done, and so many articles or pairs with it."""
        now = self.progress
        self._tell(replace(now, done=now.done + done, count=now.count + count))

    def _tell(self, progress: Progress) -> None:
        self.progress = progress
        self.watch(progress)

    def each(self, name: str, function: Callable[[Any], int], todo: Sequence[Any]) -> None:
        """Do tasks that say of how many articles or pairs they were; neighbours share articles."""
        for count in self.pool.map_near(name, function, todo):
            self.advance(count, count)


def run_batch(job: Job, settings: Settings, watch: Watch) -> Mapping[str, Any]:
    """Do all of a run that is not done.

    Returns:
        What ``summary.json`` says.

    Raises:
        InputError: The directory, or the memory, is not such as to begin or to go on.
        BatchError: A worker died, or another run is at work. What was done is kept.
    """
    work = Work(job.out)
    record = _record(job, settings)
    known = finished(work, record) if job.resume else None
    if known is not None:
        return known
    budget = share_out(job.memory, job.workers)
    check_place(work, resume=job.resume)
    began = time.monotonic()
    close_tables()
    with locked(work) as lock:
        resumed = begin(work, record)
        run = Run(work, settings, job.form, budget.characters)
        with Pool(job.workers, [lock]) as pool:
            engine = _Engine(run, job, budget, pool, watch)
            for stage in (_take_out, _read, _pair, _compare, _decide, _find_families, _write):
                stage(engine)
            summary = _summarize(engine)
            if job.report:
                _report(engine, summary)
        _write_timing(engine, summary, time.monotonic() - began, resumed=resumed)
        close_tables()
        if not job.keep_work:
            clear(work)
    return summary


def _record(job: Job, settings: Settings) -> dict[str, Any]:
    """What must be the same for a run to go on: the inputs, and all that changes the output."""
    return {
        "version of secondhand": __version__,
        "version of pyarrow": pa.__version__,
        "fingerprints": settings.fingerprint.digest,
        "limits": asdict(settings.limits),
        "format": job.form,
        "cuts": asdict(job.cuts),
        "gate": asdict(job.gate),
        "inputs": [unchanged(file) for file in job.inputs.files],
        "known": [
            *(export.name for export in job.exports),
            *(unchanged(file) for file in job.known.files),
        ],
    }


def _take_out(engine: _Engine) -> None:
    """Take the articles of indexes out of them, once: they may change under way."""
    exported = []
    for number, export in enumerate(engine.job.exports):
        file = engine.run.work.file(f"known-{number}.jsonl.zst")
        if not file.exists():
            with engine.stage("export"):
                write_export(file, export, lambda count: engine.advance(0, count))
        exported.append(exported_file(file))
    engine.known = Inputs((*exported, *engine.job.known.files)).as_known()


def _read(engine: _Engine) -> None:
    """Read all pieces, and call the roll of their articles."""
    run, work = engine.run, engine.run.work
    if work.file("roll.arrow").exists():
        return
    with engine.stage("read", engine.known.size + engine.job.inputs.size):
        files = pa.record_batch({"path": [file.path for file in engine.job.inputs.files]})
        write_table(work.file("inputs.arrow"), files.schema, [files])
        for counts in engine.pool.map("read", tasks.read, _unread(engine)):
            engine.advance(max(counts.read - engine.progress.done, 0), counts.articles)
    with engine.stage("order"):
        _call_roll(run)


def _unread(engine: _Engine) -> Iterator[tasks.Reading]:
    number = read = 0
    for given in (engine.known, engine.job.inputs):
        first = number
        for piece in pieces(given, engine.run.settings.limits):
            number = first + piece.number + 1
            if not engine.run.work.piece(number - 1).exists():
                at = replace(piece, number=number - 1, read=read + piece.read)
                yield tasks.Reading(engine.run, at)
        read += given.size


def _call_roll(run: Run) -> None:
    """Write which articles there are, how old they are, and how those of one id are called."""
    shelves = [Shelf(read_batch(path / "articles.arrow")) for path in run.work.pieces()]
    numbers = [shelf.numbers for shelf in shelves]
    named = name_all(shelves)
    renamed = pa.record_batch(
        {
            "number": pa.array(named.names.keys(), pa.int64()),
            "id": pa.array(named.names.values(), pa.string()),
        }
    )
    write_table(run.work.file("names.arrow"), renamed.schema, [renamed])
    every = np.concatenate([np.zeros(0, np.int64), *numbers])
    since = np.concatenate([np.zeros(0, np.int64), *map(known_since, shelves)])
    order = np.lexsort((every, since))
    ranks = np.empty(len(every), dtype=np.uint32)
    ranks[order] = np.arange(len(every), dtype=np.uint32)
    columns = {
        "numbers": every,
        "ranks": ranks,
        "by_rank": every[order],
        "offsets": np.cumsum([0, *map(len, numbers)], dtype=np.int64),
        "standings": named.standings,
    }
    write_arrays(run.work.file("roll.arrow"), columns)


def known_since(shelf: Shelf) -> NDArray[np.int64]:
    """When articles were first there; after all times if nothing says when.

    int64, shape (n_articles,): microseconds since 1970.
    """
    times = (shelf.column(name).cast(pa.int64()) for name in ("published", "captured"))
    known = pc.min_element_wise(*times)
    return np.asarray(pc.fill_null(known, np.iinfo(np.int64).max))


def _pair(engine: _Engine) -> None:
    """Find the pairs that are worth a comparison, and boilerplate."""
    run, work = engine.run, engine.run.work
    if work.file("pairs.arrow").exists():
        return
    by_rank = roll_of(run).by_rank
    with engine.stage("join"):
        joined = _join(engine)
    with engine.stage("boilerplate", len(np.unique(joined.boilerplate.ranks))):
        units = list(_suspects(engine, joined.boilerplate, by_rank))
        todo = [unit for unit in units if not work.boilerplate(unit.number).exists()]
        engine.each("boilerplate", tasks.find_boilerplate, todo)
        found = [read_batch(work.boilerplate(unit.number)) for unit in units]
        blocks = as_batch(pa.Table.from_batches(found, BLOCKS))
        write_table(work.file("boilerplate.arrow"), BLOCKS, [blocks])
        write_table(
            work.file("pairs.arrow"),
            PAIRS,
            plan(joined.candidates, by_rank, engine.job.cuts.block_pairs),
        )


def _join(engine: _Engine) -> Joined:
    run = engine.run
    corpus = Corpus(
        tuple(path / "keys.arrow" for path in run.work.pieces()), run.work.root / "join"
    )

    def for_each(function: Callable[[Any], None], todo: Iterable[Any]) -> None:
        for _ in engine.pool.map("join", function, todo):
            pass

    return join(
        corpus,
        roll_of(run).ranks,
        run.settings.limits.max_compared,
        engine.budget.share,
        for_each,
        known=roll_of(run).standings,
        gate=engine.job.gate,
    )


def _suspects(
    engine: _Engine, places: Places, by_rank: NDArray[np.int64]
) -> Iterator[tasks.Suspects]:
    """Units of articles that have passages which are boilerplate."""
    size = engine.job.cuts.suspects
    firsts = np.flatnonzero(np.diff(places.ranks.astype(np.int64), prepend=-1))
    ends = np.append(firsts[1:], len(places.ranks))
    for number, first_of_some in enumerate(range(0, len(firsts), size)):
        some = slice(first_of_some, first_of_some + size)
        articles = tuple(
            (int(by_rank[places.ranks[first]]), _passages(places, slice(first, end), by_rank))
            for first, end in zip(firsts[some].tolist(), ends[some].tolist(), strict=True)
        )
        yield tasks.Suspects(engine.run, number, articles)


def _passages(places: Places, some: slice, by_rank: NDArray[np.int64]) -> tuple[Boilerplate, ...]:
    starts, witnesses = places.starts[some].tolist(), by_rank[places.witnesses[some]].tolist()
    return tuple(
        Boilerplate(start, tuple(numbers)) for start, numbers in zip(starts, witnesses, strict=True)
    )


def _compare(engine: _Engine) -> None:
    """Compare all pairs, block by block."""
    work = engine.run.work
    blocks = read_batches(work.file("pairs.arrow"))
    todo = [number for number in range(len(blocks)) if not work.block(number).exists()]
    with engine.stage("compare", sum(len(blocks[number]) for number in todo), "pairs"):
        engine.each("compare", tasks.compare, [tasks.Block(engine.run, number) for number in todo])


def _decide(engine: _Engine) -> None:
    """Decide on all articles, part by part, and gather what each was taken from."""
    run, work = engine.run, engine.run.work
    if work.file("sources.arrow").exists():
        return
    parts = _parts(engine)
    todo = [part for part in parts if not work.part(part.number).exists()]
    with engine.stage("decide", _articles_of(run, todo)):
        engine.each("decide", tasks.decide, todo)
        verdicts = (
            batch
            for part in parts
            for batch in read_batches(work.part(part.number) / "verdicts.arrow")
        )
        of_known = np.full(roll_of(run).n_known, NO_SOURCE)
        sources = np.concatenate([of_known, *map(sources_of, verdicts)])
        write_arrays(work.file("sources.arrow"), {"sources": sources})


def _parts(engine: _Engine) -> list[tasks.Part]:
    """Consecutive pieces, of so many articles at least; of what is left over none is made.

    Of known articles nothing is decided, and nothing written.
    """
    least = engine.job.cuts.part_articles
    offsets = roll_of(engine.run).offsets
    n_pieces = len(offsets) - 1
    parts: list[tasks.Part] = []
    first = roll_of(engine.run).first_piece
    while first < n_pieces or not parts:
        last = int(np.searchsorted(offsets, offsets[first] + least))
        if offsets[-1] - offsets[min(last, n_pieces)] < least:
            last = n_pieces
        parts.append(tasks.Part(engine.run, len(parts), range(first, last)))
        first = last
    return parts


def _articles_of(run: Run, parts: Iterable[tasks.Part]) -> int:
    offsets = roll_of(run).offsets
    return sum(int(offsets[part.pieces.stop] - offsets[part.pieces.start]) for part in parts)


def _find_families(engine: _Engine) -> None:
    """Find which articles belong together, and write it."""
    run, work = engine.run, engine.run.work
    if work.file("families.arrow").exists():
        return
    with engine.stage("families"):
        families = find_families(Ties.of(map(Ties.among, related_of(run))), roll_of(run).age)
        known = roll_of(run).all_known
        kin = pa.Table.from_batches(
            [
                *_kin_of_known(run, np.sort(families.number)),
                *(
                    batch
                    for part in _parts(engine)
                    for batch in read_batches(work.part(part.number) / "kin.arrow")
                ),
            ],
            KIN,
        )
        for number, some in enumerate(_whole_families(families, engine.job.cuts.cluster_rows)):
            table = as_batch(describe_families(families.only(some), kin, known))
            path = part_path(work.out, "clusters", number, run.form)
            write_part(path, CLUSTERS, [table], run.form)
        order = np.argsort(families.number)
        columns = {"number": families.number[order], "cluster": families.cluster[order]}
        write_arrays(work.file("families.arrow"), columns)


def _kin_of_known(run: Run, members: NDArray[np.int64]) -> Iterator[pa.RecordBatch]:
    for piece in range(roll_of(run).first_piece):
        yield kin_of_known(shelf_of(run, piece), members)


def _whole_families(families: Families, least: int) -> Iterator[slice]:
    """Rows of so many members at least; one slice in any case."""
    begins = np.append(np.flatnonzero(families.place == 0), len(families.place))
    first = 0
    while first < len(families.place) or first == 0:
        following = int(np.searchsorted(begins, first + least))
        end = int(begins[min(following, len(begins) - 1)])
        yield slice(first, end)
        first = max(end, 1)


def _write(engine: _Engine) -> None:
    """Write the outputs of all parts, and all rejects."""
    run, work = engine.run, engine.run.work
    todo = [part for part in _parts(engine) if not work.written(part.number).exists()]
    with engine.stage("write", _articles_of(run, todo)):
        engine.each("write", tasks.write, todo)
        with written_whole(work.out / "rejects.jsonl") as part, part.open("wb") as file:
            for path in work.pieces():
                file.write((path / "rejects.jsonl").read_bytes())
            file.writelines(line.encode() for line in work.all_left_out())


def _summarize(engine: _Engine) -> Mapping[str, Any]:
    known = [export.name for export in engine.job.exports]
    known += [file.path for file in engine.job.known.files]
    summary = summarize(engine.run, engine.job.inputs, known)
    write_json(engine.run.work.out / "summary.json", summary)
    return summary


def _report(engine: _Engine, summary: Mapping[str, Any]) -> None:
    """Write the page for people."""
    work, articles = engine.run.work, Stacks(engine.run)

    def submitted(numbers: Sequence[int]) -> dict[int, Article]:
        return {number: articles[number].article for number in numbers}

    with engine.stage("report"), (work.out / "rejects.jsonl").open(encoding="utf-8") as lines:
        told = (json.loads(line) for line in lines)
        lost = (reject for reject in told if not reject["kept"])
        shown = [
            (reject["file"], reject["row"], reject["reason"])
            for reject in islice(lost, REJECTS_SHOWN)
        ]
        write_page(
            work.out / "report.html",
            Outputs(work.out),
            submitted,
            [file.path for file in engine.job.inputs.files],
            Rejected(summary["rejected"], tuple(shown)),
        )


def _write_timing(
    engine: _Engine, summary: Mapping[str, Any], wall: float, *, resumed: bool
) -> None:
    """Write what this run took; beside what it found, which is the same whatever it took."""
    own, children = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    cpu = own.ru_utime + own.ru_stime + children.ru_utime + children.ru_stime
    timing = {
        "resumed": resumed,
        "peak_memory_mb": {
            "coordinator": own.ru_maxrss // KILOBYTES_PER_MEGABYTE,
            "largest_worker": children.ru_maxrss // KILOBYTES_PER_MEGABYTE,
        },
        "wall": round(wall, 3),
        "cpu": round(cpu, 3),
        "articles_per_second": round(summary["articles"] / wall, 1),
        "stages": engine.times,
    }
    write_json(engine.run.work.out / "timing.json", timing)
