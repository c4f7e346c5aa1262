"""``index keep``, ``index expire``, ``index compact``: what is let go of, when, and how far."""

from __future__ import annotations

from datetime import timedelta

import click

from dedup.cli.options import Duration, IndexPlace, index_options
from dedup.cli.screen import counted, err, json_option, out, print_json
from dedup.times import spell_duration

BATCH = 256
"""Articles removed at a time; about a second."""


@click.command()
@click.argument("duration", type=Duration(), required=False)
@click.option("--forever", is_flag=True, help="Keep articles for good.")
@index_options
@json_option
def keep(*, duration: timedelta | None, forever: bool, place: IndexPlace, as_json: bool) -> None:
    """Keep articles that say nothing themselves for DURATION (90d), or --forever.

    It holds for articles that are stored from now on, and is a property of the index, whoever
    writes to it. Without either, print how long it is.
    """
    if duration is not None and forever:
        raise click.UsageError("give either a DURATION or --forever")
    with place.index() as index:
        if forever or duration is not None:
            index.keep_for(duration)
        lifetime = index.settings.index.time_to_live
    spelled = None if lifetime is None else spell_duration(lifetime)
    if as_json:
        print_json({"time_to_live": spelled})
    else:
        out().print("articles are kept " + (f"for {spelled}" if spelled else "for good"))


@click.command()
@index_options
@json_option
def expire(*, place: IndexPlace, as_json: bool) -> None:
    """Remove all articles whose time is up; verdicts that named them keep their ids.

    They are not found or compared any more even without it, and are removed little by little
    by whatever stores others, and by the service.
    """
    removed = 0
    with place.detector() as detector:
        while batch := detector.expire(BATCH):
            removed += batch
    if as_json:
        print_json({"removed": removed})
    else:
        out().print(f"{counted(removed, 'expired article')} removed")


@click.command()
@index_options
def compact(*, place: IndexPlace) -> None:
    """Rewrite the server's append-only file without what was removed.

    Until then, and until the server rewrites it by itself, what was removed is still in that
    file. Returns when it is done.
    """
    with place.index() as index:
        index.compact()
    err().print("the append-only file holds nothing any more that was removed before")
