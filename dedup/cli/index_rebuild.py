"""``index reindex``: making an index's postings anew while it serves."""

from __future__ import annotations

from dataclasses import asdict

import click

from dedup.cli.index_create import FamilyList
from dedup.cli.options import IndexPlace, index_options
from dedup.cli.progress import bars
from dedup.cli.screen import counted, json_option, out, print_json
from dedup.index.rebuild import Rebuilt, Wanted
from dedup.index.sizing import FEWEST_BITS, MOST_BITS
from dedup.maintenance import reindex as run
from dedup.model import FAMILIES, Family


@click.command(short_help="Make the postings anew from the stored texts.")
@click.option(
    "--families",
    type=FamilyList(),
    metavar="NAMES",
    help=f"Families of keys, of {', '.join(FAMILIES)}.  [default: those it has]",
)
@click.option(
    "--expect",
    type=click.IntRange(min=1),
    metavar="ARTICLES",
    help="How many articles it is to hold in the end; chooses --group-bits.",
)
@click.option(
    "--group-bits",
    type=click.IntRange(FEWEST_BITS, MOST_BITS),
    help="log2 of the number of bucket groups.  [default: as it has]",
)
@click.option("--restart", is_flag=True, help="Throw away a rebuild that was cut off.")
@index_options
@json_option
def reindex(
    *,
    families: tuple[Family, ...] | None,
    expect: int | None,
    group_bits: int | None,
    restart: bool,
    place: IndexPlace,
    as_json: bool,
) -> None:
    """Make the index's postings anew from the stored texts, and switch over to them.

    For an index of an earlier format, or made by a version with other settings; or to give it
    other families or more groups. It is read and written meanwhile. If it is cut off, the same
    command goes on with it.
    """
    if expect is not None and group_bits is not None:
        raise click.UsageError("give either --expect or --group-bits")
    wanted = Wanted(families, group_bits, expect, restart)
    with place.index() as index, bars() as progress:
        made = run(index, wanted, progress)
    if as_json:
        print_json(asdict(made))
    else:
        out().print(_told(made), soft_wrap=True)


def _told(made: Rebuilt) -> str:
    begun = ", begun by an earlier call" if made.resumed else ""
    return (
        f"{counted(made.articles, 'article')} indexed by {' and '.join(made.families)} in "
        f"2^{made.group_bits} groups: generation {made.generation}{begun}"
    )
