"""``index check``: what a crash has left in an index, and mending it."""

from __future__ import annotations

from dataclasses import asdict

import click

from dedup.cli.exits import REFUSED
from dedup.cli.options import IndexPlace, index_options
from dedup.cli.progress import bars
from dedup.cli.screen import counted, json_option, out, print_json
from dedup.cli.verdicts import table
from dedup.maintenance import KINDS, Checked
from dedup.maintenance import check as run


@click.command(short_help="Find what a crash has left; mend it.")
@click.option("--repair", is_flag=True, help="Mend what is found.")
@click.option("--quick", is_flag=True, help="Do not read all texts to see what postings they lack.")
@index_options
@json_option
@click.pass_context
def check(
    ctx: click.Context, *, repair: bool, quick: bool, place: IndexPlace, as_json: bool
) -> None:
    """Find what a crash has left in the index, and mend it with --repair.

    Others may read and write meanwhile. Without --repair nothing is written. The exit code is 1 if
    something is left to mend.
    """
    with place.index() as index, bars() as progress:
        checked = run(index, progress, repair=repair, quick=quick)
    if as_json:
        print_json(asdict(checked))
    else:
        _print(checked)
    if not checked.is_sound:
        ctx.exit(REFUSED)


def _print(checked: Checked) -> None:
    console = out()
    console.print(f"{counted(checked.articles, 'article')} looked at")
    found = {kind: count for kind, count in checked.found.items() if count}
    if not found:
        console.print("nothing is amiss")
        return
    told = table("", "found", "mended", "what it is")
    for kind, count in found.items():
        told.add_row(kind.replace("_", " "), f"{count:,}", f"{checked.mended[kind]:,}", KINDS[kind])
    console.print(told)
    if not checked.is_sound:
        console.print("`secondhand index check --repair` mends it")
