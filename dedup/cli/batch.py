"""``batch``: all articles of some files at once."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, get_args

import click
from rich.progress import (
    BarColumn,
    ProgressColumn,
    Task,
    TaskID,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.progress import Progress as Bars
from rich.text import Text

from dedup.batch.budget import most_workers, usual_memory
from dedup.batch.gate import DEFAULT, THOROUGH
from dedup.batch.local import Job, Progress, Watch, run_batch
from dedup.batch.sources import inputs, met_in, parse_fields
from dedup.batch.work import Work, has_ended, is_run
from dedup.batch.writing import Format
from dedup.cli.cluster import run_on_spark
from dedup.cli.exits import BrokenOff, FileNotWritten, Interrupted
from dedup.cli.known import find_known
from dedup.cli.machine import Size, cores
from dedup.cli.options import key_prefix_option
from dedup.cli.screen import counted, err, json_option, out, print_json, visible
from dedup.config import Settings

SHORTEST: Final = 1.0
"""Seconds of a stage that is worth a line in a log."""

KEPT: Final = "; what is done is kept, and the same command with --resume goes on from there"


@click.command("batch", short_help="Judge all articles of files at once.")
@click.argument("paths", metavar="INPUT...", nargs=-1, required=True)
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    type=click.Path(path_type=Path),
    required=True,
    help="Write to DIR, which must be empty or not there.",
)
@click.option(
    "--field",
    "fields",
    metavar="NAME=FIELD",
    multiple=True,
    help="Take NAME (text, html, id, title, url, source, published, captured, lang) from FIELD of "
    "each row (text=body); NAME= takes it from none. Others are found by their names.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(get_args(Format)),
    default="parquet",
    show_default=True,
    help="Of what is written.",
)
@click.option(
    "--against",
    metavar="WHAT",
    multiple=True,
    help="Compare with the articles of WHAT, too, which are known and get no verdict: an index's "
    "directory or address, a run's directory, or files as for INPUT.",
)
@key_prefix_option
@click.option(
    "--thorough",
    is_flag=True,
    help="Compare each article with its 50 strongest candidates, as an index does: three times "
    "as long and more, for more reports of the same story.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 1024),
    help="Processes that work.  [default: one for each core, if the memory is enough]",
)
@click.option(
    "--memory",
    type=Size(),
    help="What all processes together may take; what does not fit goes to DIR.  "
    "[default: 2G, or 512M for each worker]",
)
@click.option(
    "--engine",
    type=click.Choice(["local", "spark"]),
    default="local",
    show_default=True,
    help="Who does it: processes of this machine, or Apache Spark.",
)
@click.option(
    "--master",
    metavar="URL",
    help="Where Spark runs (yarn, spark://HOST:7077, local[4]).  [default: as spark-submit says]",
)
@click.option("--resume", is_flag=True, help="Go on with the run in DIR that was cut off.")
@click.option("--no-report", is_flag=True, help="Write no report.html.")
@click.option("--keep-work", is_flag=True, help="Leave DIR/.work there.")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing until it is done.")
@json_option
def batch(
    *,
    paths: tuple[str, ...],
    output: Path,
    fields: tuple[str, ...],
    form: Format,
    against: tuple[str, ...],
    key_prefix: str,
    thorough: bool,
    workers: int | None,
    memory: int | None,
    engine: str,
    master: str | None,
    resume: bool,
    no_report: bool,
    keep_work: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Judge the articles of all INPUTs against each other.

    An INPUT is a file of JSON lines, JSON, CSV, Parquet or WARC, packed or not, a text or HTML
    file, or a folder of such. docs/batch.md says what is written. It needs no index, and changes
    none.
    """
    settings = Settings()
    _check_engine(engine, form=form, workers=workers, memory=memory, master=master)
    if engine == "spark" and (against or thorough):
        raise click.UsageError("--against and --thorough are for --engine local")
    chosen = parse_fields(fields)
    given = inputs(paths, chosen, settings.limits)
    met = met_in(given.files, chosen)
    known, exports = find_known(against, chosen, key_prefix, settings, met)
    ended = has_ended(Work(output))
    began = time.monotonic()
    try:
        with _watch(quiet=quiet) as watch:
            if engine == "spark":
                summary = run_on_spark(
                    given,
                    output,
                    settings,
                    watch,
                    master=master,
                    resume=resume,
                    keep_work=keep_work,
                    report=not no_report,
                )
            else:
                if workers is None:
                    workers = cores() if memory is None else min(cores(), most_workers(memory))
                job = Job(
                    inputs=given,
                    known=known,
                    exports=exports,
                    gate=THOROUGH if thorough else DEFAULT,
                    out=output,
                    form=form,
                    workers=workers,
                    memory=usual_memory(workers) if memory is None else memory,
                    resume=resume,
                    keep_work=keep_work,
                    report=not no_report,
                )
                summary = run_batch(job, settings, watch)
    except KeyboardInterrupt:
        raise Interrupted(f"interrupted{_kept(output)}") from None
    except MemoryError as error:
        raise BrokenOff(
            "memory ran out: give a smaller --memory or fewer --workers. What was done is kept; "
            "--resume goes on from there"
        ) from error
    except OSError as error:
        reason = error.strerror or error
        raise FileNotWritten(f"{output} cannot be written: {reason}{_kept(output)}") from error
    if as_json:
        print_json(summary)
    else:
        written = output if no_report else output / "report.html"
        _print(summary, written, None if ended else time.monotonic() - began)


def _kept(output: Path) -> str:
    """How to go on with a run that was begun; nothing if none was."""
    return KEPT if is_run(output) else ""


def _check_engine(
    engine: str, *, form: Format, workers: int | None, memory: int | None, master: str | None
) -> None:
    """Refuse options of the one engine with the other."""
    if engine == "local":
        if master is not None:
            raise click.UsageError("--master is for --engine spark")
        return
    if form != "parquet":
        raise click.UsageError("--engine spark writes Parquet; leave out --format")
    if workers is not None or memory is not None:
        raise click.UsageError(
            "with --engine spark the cluster says how many work, and in which memory: leave out "
            "--workers and --memory; on one machine give --master 'local[4]'"
        )


def _print(summary: Mapping[str, Any], written: Path, seconds: float | None) -> None:
    """Print what was found, in so many seconds; None if it was an earlier time."""
    console = out()
    articles, rejected = summary["articles"], summary["rejected"]
    took = (
        "; the run had ended already"
        if seconds is None
        else f" in {seconds:.1f} s, {articles / seconds:,.0f} a second"
    )
    console.print(
        f"{counted(articles, 'article')}{took}"
        + (f"; {counted(rejected, 'row')} rejected (rejects.jsonl)" if rejected else ""),
        soft_wrap=True,
    )
    for verdict, kinds in summary["verdicts"].items():
        named = ", ".join(f"{kind.replace('_', ' ')} {count:,}" for kind, count in kinds.items())
        console.print(f"  {verdict:<13} {sum(kinds.values()):>9,}  ({named})", soft_wrap=True)
    left_out = summary["pairs"]["left_out"]
    if left_out:
        console.print(f"{counted(left_out, 'pair')} could not be compared (rejects.jsonl)")
    known = summary["known"]
    if known["articles"]:
        console.print(
            f"against {counted(known['articles'], 'known article')}; known themselves: "
            f"{known['among_inputs']:,} of the inputs",
            soft_wrap=True,
        )
    families = summary["families"]
    if families["count"]:
        console.print(
            f"{families['articles']:,} articles belong to "
            f"{counted(families['count'], 'family', 'families')}, the largest of "
            f"{families['largest'][0]:,}",
            soft_wrap=True,
        )
    console.print(visible(str(written)), soft_wrap=True)


@contextmanager
def _watch(*, quiet: bool) -> Iterator[Watch]:
    """Shows bars on a terminal; elsewhere a line at the end of each stage that took a while."""
    console = err()
    if quiet:
        yield lambda _: None
    elif not console.is_terminal:
        lines = _Lines()
        yield lines.show
        lines.end()
    else:
        columns = (
            TextColumn("{task.description:<12}"),
            BarColumn(),
            TaskProgressColumn(),
            _Rate(),
            TimeRemainingColumn(),
        )
        with Bars(*columns, console=console, transient=True) as bars:
            yield _Shown(bars).show


class _Lines:
    """A line for each stage."""

    def __init__(self) -> None:
        self._last: Progress | None = None
        self._began = 0.0

    def show(self, progress: Progress) -> None:
        """Print the last stage's line when another one begins."""
        if self._last is None or self._last.stage != progress.stage:
            self.end()
            self._began = time.monotonic()
        self._last = progress

    def end(self) -> None:
        """Print the last stage's line."""
        seconds = time.monotonic() - self._began
        last = self._last
        if last is None or seconds < SHORTEST:
            return
        counted = (
            f", {last.count:,} {last.what}, {last.count / seconds:,.0f} a second"
            if last.count
            else ""
        )
        err().print(f"{last.stage}: {seconds:.1f} s{counted}", soft_wrap=True)


class _Shown:
    """A bar for the stage that a run is at."""

    def __init__(self, bars: Bars) -> None:
        self._bars = bars
        self._stage = ""
        self._task: TaskID | None = None

    def show(self, progress: Progress) -> None:
        """Move the bar, or begin a new one."""
        if self._task is None or self._stage != progress.stage:
            if self._task is not None:
                self._bars.remove_task(self._task)
            self._stage = progress.stage
            self._task = self._bars.add_task(
                progress.stage, total=progress.total or None, now=progress
            )
        self._bars.update(self._task, completed=progress.done, now=progress)


class _Rate(ProgressColumn):
    """How many a second."""

    def render(self, task: Task) -> Text:
        """The rate since the stage began."""
        now: Progress = task.fields["now"]
        seconds = task.elapsed or 0.0
        return Text(f"{now.count / seconds:,.0f} {now.what}/s" if now.count and seconds else "")
