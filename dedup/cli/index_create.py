"""``index create``: an empty index with properties of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import click

from dedup.cli.exits import InputRefused
from dedup.cli.options import Duration, IndexPlace, index_options
from dedup.cli.screen import out
from dedup.config import FingerprintSettings, Settings
from dedup.index.sizing import FEWEST_BITS, MOST_BITS, group_bits_for
from dedup.model import FAMILIES, Family
from dedup.times import spell_duration


class FamilyList(click.ParamType[tuple[Family, ...]]):
    """Families of keys on the command line, with commas between them."""

    name = "families"

    def convert(
        self, value: str, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[Family, ...]:
        """Refuse what is none as wrong usage; any order is good."""
        named = {name.strip() for name in value.split(",")}
        unknown = named.difference(FAMILIES)
        if unknown:
            self.fail(
                f"{value!r} names {', '.join(map(repr, sorted(unknown)))}; choose from "
                f"{', '.join(FAMILIES)}, with commas between them",
                param,
                ctx,
            )
        return tuple(family for family in FAMILIES if family in named)


@click.command(short_help="Make an empty index.")
@click.option(
    "--families",
    type=FamilyList(),
    default=",".join(FingerprintSettings().families),
    show_default=True,
    help=f"Families of keys, of {', '.join(FAMILIES)}.",
)
@click.option(
    "--expect",
    type=click.IntRange(min=1),
    metavar="ARTICLES",
    help="How many articles it will hold in the end; chooses the number of groups.",
)
@click.option(
    "--group-bits",
    type=click.IntRange(FEWEST_BITS, MOST_BITS),
    help="log2 of the number of groups, instead of --expect.",
)
@click.option(
    "--time-to-live",
    type=Duration(),
    help="How long articles are kept that say nothing themselves (90d); else for good.",
)
@index_options
def create(
    *,
    families: tuple[Family, ...],
    expect: int | None,
    group_bits: int | None,
    time_to_live: timedelta | None,
    place: IndexPlace,
) -> None:
    """Make an empty index with properties of its own.

    Without this command the first use of an index makes it, with the defaults.
    """
    if expect is not None and group_bits is not None:
        raise click.UsageError("give either --expect or --group-bits")
    fingerprint = replace(place.settings.fingerprint, families=families)
    if expect is not None:
        group_bits = group_bits_for(expect, fingerprint)
    usual = place.settings.index
    layout = replace(usual, group_bits=group_bits or usual.group_bits, time_to_live=time_to_live)
    wanted = replace(place.settings, fingerprint=fingerprint, index=layout)
    with place.index(wanted) as index:
        if not index.create():
            raise InputRefused(
                f"there is an index {usual.prefix!r} already: {describe(index.settings)}. "
                "`secondhand index reindex` gives it other families or groups, `secondhand "
                "index keep` another time to live; another --key-prefix makes another index"
            )
    out().print(f"made the index {usual.prefix!r}: {describe(wanted)}", soft_wrap=True)


def describe(settings: Settings) -> str:
    """The properties of an index in words."""
    index = settings.index
    return describe_layout(settings.fingerprint.families, index.group_bits, index.time_to_live)


def describe_layout(
    families: Sequence[Family], group_bits: int, time_to_live: timedelta | None
) -> str:
    """The same, one by one."""
    kept = "for good" if time_to_live is None else f"for {spell_duration(time_to_live)}"
    return f"{', '.join(families)} in 2^{group_bits} groups, articles kept {kept}"
