"""``index``: looking after the index itself."""

from __future__ import annotations

from dataclasses import asdict

import click

from dedup.cli.options import IndexPlace, index_options, json_option
from dedup.cli.screen import out, print_json
from dedup.cli.verdicts import table


@click.group()
def index() -> None:
    """Look after the index."""


@index.command()
@index_options
@json_option
def stats(*, place: IndexPlace, as_json: bool) -> None:
    """Print how many articles the index holds, and how much memory each part takes."""
    with place.index() as opened:
        found = opened.stats()
    if as_json:
        print_json(asdict(found))
        return
    sizes = table("part", "bytes", "bytes per article")
    for part, size in (*found.bytes_by_part.items(), ("all", sum(found.bytes_by_part.values()))):
        each = f"{size / found.articles:,.0f}" if found.articles else "–"
        sizes.add_row(part.replace("_", " "), f"{size:,}", each)
    console = out()
    console.print(f"{found.articles:,} articles on {found.server}")
    console.print(sizes)
    console.print(f"format {found.format}, settings {found.digest}")
