"""``pairs``: near-duplicates by Jaccard alone."""

from __future__ import annotations

import sys
import time
from dataclasses import asdict
from pathlib import Path
from typing import get_args

import click

from dedup.batch.pairing import FOUND, Counts, Job, as_lines, find_pairs
from dedup.batch.resembling import Wanted
from dedup.batch.sources import inputs, parse_fields
from dedup.batch.writing import SUFFIXES, Format, write_part
from dedup.cli.exits import FileNotWritten
from dedup.cli.machine import Size, cores
from dedup.cli.progress import bars
from dedup.cli.screen import counted, err, json_option, print_json, visible
from dedup.cli.streams import STDIN
from dedup.config import Limits
from dedup.errors import InputError

REJECTS = ".rejects.jsonl"
"""Behind the output's name: the file of rows that are not taken."""


@click.command("pairs", short_help="Find near-duplicates by Jaccard alone.")
@click.argument("paths", metavar="INPUT...", nargs=-1, required=True)
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    required=True,
    help="Write to FILE.parquet or FILE.jsonl.zst, which must not be there; - prints JSON lines.",
)
@click.option(
    "--jaccard",
    type=click.FloatRange(0, 1, min_open=True),
    default=0.5,
    show_default=True,
    help="Of the two sets of word 5-shingles, at least.",
)
@click.option("--clean", is_flag=True, help="Repair texts first, as `normalize` does.")
@click.option(
    "--field",
    "fields",
    metavar="NAME=FIELD",
    multiple=True,
    help="Take NAME (text, html, id) from FIELD of each row (text=body).",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 1024),
    help="Threads that work.  [default: one for each core]",
)
@click.option(
    "--memory",
    type=Size(),
    default="500M",
    show_default=True,
    help="For candidates that are sorted at once; what does not fit goes to files.",
)
@click.option(
    "--spill",
    metavar="DIR",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    help="Where files are on the way: half as large again as all texts, gone at the end.  "
    "[default: the system's directory for such]",
)
@json_option
def pairs(
    *,
    paths: tuple[str, ...],
    output: str,
    jaccard: float,
    clean: bool,
    fields: tuple[str, ...],
    workers: int | None,
    memory: int,
    spill: Path | None,
    as_json: bool,
) -> None:
    """Find all pairs of articles in INPUTs that share most of their wording.

    Pairs are found by MinHash, and each is then counted out: what is written is exact. Of pairs that
    just reach --jaccard .002 to .005 are missed, of clearer ones next to none. Texts are taken as
    they are; no relation is judged. For that there is `batch`.
    """
    form = _form(output)
    if as_json and form is None:
        raise click.UsageError("--json prints where -o - prints: give a file to write to")
    limits = Limits()
    rejects = Path(f"{'pairs' if output == STDIN else output}{REJECTS}")
    _refuse_existing(*(() if output == STDIN else (Path(output),)), rejects)
    job = Job(
        inputs=inputs(paths, parse_fields(fields), limits),
        limits=limits,
        clean=clean,
        rejects=rejects,
        wanted=Wanted(
            jaccard=jaccard,
            workers=workers or cores(),
            memory=memory,
            spill=spill,
        ),
    )
    counts = Counts()
    began = time.monotonic()
    try:
        with bars() as told:
            found = find_pairs(job, counts, told)
            if form is None:
                sys.stdout.writelines(as_lines(found))
            else:
                write_part(Path(output), FOUND, found, form)
    except OSError as error:
        raise FileNotWritten(f"{output} cannot be written: {error.strerror or error}") from error
    _tell(counts, job, time.monotonic() - began, as_json=as_json)


def _form(output: str) -> Format | None:
    """What is to be written; None for lines to be printed."""
    forms: tuple[Format, ...] = get_args(Format)
    for form in forms:
        if output.endswith(SUFFIXES[form]):
            return form
    if output == STDIN:
        return None
    raise click.UsageError(
        f"-o {output}: let it end in {' or '.join(SUFFIXES.values())}, or give -"
    )


def _refuse_existing(*paths: Path) -> None:
    for path in paths:
        if path.exists():
            raise InputError(f"{path} is there already; name another file, or move this one away")


def _tell(counts: Counts, job: Job, seconds: float, *, as_json: bool) -> None:
    if as_json:
        print_json(asdict(counts))
        return
    rejected = (
        f"; {counted(counts.rejected, 'row')} rejected ({job.rejects})" if counts.rejected else ""
    )
    err().print(
        f"{counted(counts.pairs, 'pair')} among {counted(counts.articles, 'article')} in {seconds:.1f} s, "
        f"{counts.articles / seconds:,.0f} a second{visible(rejected)}",
        soft_wrap=True,
    )
