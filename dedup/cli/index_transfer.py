"""``index export`` and ``index import``: the articles of an index as JSON lines."""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import closing

import click
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from dedup.cli.exits import REFUSED
from dedup.cli.inputs import entry_from_json, entry_to_json
from dedup.cli.options import IndexPlace, index_options
from dedup.cli.screen import counted, err, json_option, out, print_json, visible
from dedup.cli.streams import STDIN, read_lines, writing
from dedup.decoding import decode, most_bytes
from dedup.errors import InputError, TooLargeError
from dedup.transfer import Entry, Importer, export

OUTCOMES = {
    "stored": "stored",
    "known": "there already",
    "older": "older than what the index has under their ids",
    "expired": "expired",
    "refused": "refused",
}


@click.command("export", short_help="Write all articles as JSON lines.")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    default=STDIN,
    help="Write to FILE, compressed if it ends in .gz or .zst.  [default: standard output]",
)
@index_options
def export_articles(*, output: str, place: IndexPlace) -> None:
    """Write all articles as JSON lines, in the order in which they came.

    Others may write meanwhile: every article that is there from beginning to end is
    written. A FILE is there when it is whole.
    """
    written = 0
    torn = output == STDIN and sys.stdout.isatty()  # by articles on the same terminal
    with place.index() as index, writing(output) as write, _progress(hidden=torn) as progress:
        task = progress.add_task("Exporting", total=None)
        for entry in export(index, lambda total: progress.update(task, total=total)):
            write(entry_to_json(entry))
            written += 1
            progress.advance(task)
    err().print(f"{counted(written, 'article')} exported")


@click.command("import", short_help="Store the articles of JSON lines.")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, allow_dash=True))
@index_options
@json_option
@click.pass_context
def import_articles(ctx: click.Context, *, file: str, place: IndexPlace, as_json: bool) -> None:
    """Store the articles in FILE (- for stdin), one as JSON on each line, as export writes them.

    FILE may be compressed by gzip or zstd. What is there already is passed over, so that an
    import that was cut short can be run again. Lines that are refused are named on stderr,
    the others are stored, and the exit code is 1.
    """
    most = most_bytes("json", place.settings.limits)
    taken: Counter[str] = Counter()
    with (
        place.index() as index,
        closing(Importer(index, place.settings)) as importer,
        _progress() as progress,
    ):
        lines = read_lines(file, most)
        for number, line in progress.track(lines, description="Importing"):
            try:
                entry = _read(line, most)
                if entry is not None:
                    taken[importer.take(entry)] += 1
            except InputError as error:
                taken["refused"] += 1
                progress.console.print(f"line {number}: {visible(str(error))}", soft_wrap=True)
    if as_json:
        print_json({name: taken[name] for name in OUTCOMES})
    else:
        told = [f"{taken[name]:,} {words}" for name, words in OUTCOMES.items() if taken[name]]
        out().print(", ".join(told) or "no articles in it", soft_wrap=True)
    if taken["refused"]:
        ctx.exit(REFUSED)


def _progress(*, hidden: bool = False) -> Progress:
    console = err()
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        transient=True,
        disable=hidden or not console.is_terminal,
    )


def _read(line: bytes | None, most: int) -> Entry | None:
    """The entry on a line; None on an empty one."""
    if line is None:
        raise TooLargeError(f"has more than {most:,} bytes; no article that is accepted has")
    return entry_from_json(decode(line)) if line.strip() else None
