"""``index``: looking after the index itself."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict

import click
from rich.console import Console
from rich.table import Table

from dedup.cli.index_check import check
from dedup.cli.index_create import create, describe_layout
from dedup.cli.index_expire import compact, expire, keep
from dedup.cli.index_rebuild import reindex
from dedup.cli.index_transfer import export_articles, import_articles
from dedup.cli.options import IndexPlace, index_options
from dedup.cli.screen import counted, json_option, out, print_json, visible
from dedup.cli.verdicts import table
from dedup.index.figures import Bucket, IndexStats, Node, advice
from dedup.inventory import inventory
from dedup.times import spell_duration


@click.group()
def index() -> None:
    """Look after the index."""


for command in (create, keep, expire, compact, check, reindex, export_articles, import_articles):
    index.add_command(command)


@index.command()
@index_options
@json_option
def stats(*, place: IndexPlace, as_json: bool) -> None:
    """Print what the index holds, what memory it takes, and what to do about it.

    Articles are counted; all else is estimated from samples.
    """
    with place.index() as opened:
        found = inventory(opened)
    if as_json:
        print_json(_to_json(found))
    else:
        _print(out(), found)


def _to_json(stats: IndexStats) -> dict[str, object]:
    lifetime = stats.time_to_live
    return {
        **asdict(stats),
        "time_to_live": None if lifetime is None else spell_duration(lifetime),
        "advice": advice(stats),
    }


def _print(console: Console, stats: IndexStats) -> None:
    console.print(
        f"{counted(stats.articles, 'article')}, {stats.expiring:,} expire, {stats.due:,} are due"
    )
    console.print(_made(stats), soft_wrap=True)
    console.print()
    console.print(_sizes(stats))
    console.print()
    console.print(_spreads(stats))
    console.print(f"{stats.full_share:.1%} of all entries are in full buckets")
    if stats.longest:
        console.print()
        console.print(_buckets(stats.longest))
    console.print()
    for node in stats.nodes:
        console.print(_server(node), soft_wrap=True)
    for sentence in advice(stats):
        console.print(f"\n! {sentence}", soft_wrap=True)


def _made(stats: IndexStats) -> str:
    layout = describe_layout(stats.families, stats.group_bits, stats.time_to_live)
    return (
        f"format {stats.format}, generation {stats.generation}, settings {stats.digest}: {layout}"
    )


def _sizes(stats: IndexStats) -> Table:
    made = table("part", "bytes", "bytes per article")
    for name, size in _parts(stats):
        each = f"{size / stats.articles:,.0f}" if stats.articles else "–"
        made.add_row(name, f"{size:,}", each)
    return made


def _parts(stats: IndexStats) -> Iterator[tuple[str, int]]:
    for part, size in stats.bytes_by_part.items():
        yield part, size
        if part == "postings":
            for family, share in stats.postings_by_family.items():
                yield f"  {family}", share
    yield "all", sum(stats.bytes_by_part.values())


def _spreads(stats: IndexStats) -> Table:
    made = table("how many", "p50", "p90", "p99", "most seen")
    for name, spread in (
        ("entries in a bucket", stats.buckets),
        (f"entries in a group (compact up to {stats.compact_entries})", stats.groups),
        ("articles taken from one", stats.followers),
    ):
        made.add_row(name, *(f"{count:,}" for count in asdict(spread).values()))
    return made


def _buckets(buckets: Sequence[Bucket]) -> Table:
    made = table("longest buckets seen", "articles", "key", "for example in")
    for bucket in buckets:
        passage = "" if bucket.passage is None else f": {visible(bucket.passage)}"
        key = f"{bucket.family or '–'}{passage}"
        made.add_row(
            str(bucket.entries), str(bucket.articles), key, visible(bucket.article_id or "–")
        )
    return made


def _server(node: Node) -> str:
    limit = f"of {node.max_memory:,}" if node.max_memory else "without a limit"
    synced = node.fsync or "it may not be asked when"
    saved = f"append-only file, synced {synced}" if node.append_only else "no append-only file"
    return f"{node.server}: {node.used_memory:,} bytes {limit}, {node.eviction}; {saved}"
