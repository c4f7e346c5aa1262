"""``eval``: how right the product is on labelled data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.progress import Progress, TaskID
from rich.text import Text

from dedup.cli.screen import counted, err, json_option, out, print_json, share, visible
from dedup.cli.verdicts import table
from dedup.evaluate import evaluate as run

MEASURES = ("precision", "recall", "f1")


@click.command("eval", short_help="Measure how often verdicts on labelled pairs are right.")
@click.option(
    "--data",
    required=True,
    type=click.Path(path_type=Path),
    help="A folder with docs.jsonl and pairs.jsonl, or a folder of such folders.",
)
@click.option(
    "--index",
    "with_index",
    is_flag=True,
    help="Also index all documents, and measure how often the true source is a candidate.",
)
@json_option
def evaluate(*, data: Path, with_index: bool, as_json: bool) -> None:
    """Judge labelled pairs and print how often the verdict is right.

    Runs the same comparison and judge as every other command. Labels and what counts as
    right for each: docs/command-line.md.
    """
    with Progress(console=err(), transient=True) as bars:
        evaluation = run(data, with_index=with_index, progress=_shown_by(bars)).to_json()
    if as_json:
        print_json(evaluation)
        return
    console = out()
    for name, result in evaluation["sets"].items():
        _print_result(console, name, result)
    if len(evaluation["sets"]) > 1:
        _print_result(console, "all", evaluation["all"])


def _shown_by(bars: Progress) -> Callable[[str, int, int], None]:
    """One bar per thing that is being done."""
    tasks: dict[str, TaskID] = {}

    def show(what: str, done: int, of: int) -> None:
        if what not in tasks:
            tasks[what] = bars.add_task(what, total=of)
        bars.update(tasks[what], completed=done)

    return show


def _print_result(console: Console, name: str, result: Mapping[str, Any]) -> None:
    """One set: what was expected against what was said, and the measures per class."""
    expected = result["confusion"]
    apart = result["apart"]
    said = sorted({answer for row in (*expected.values(), *apart.values()) for answer in row})
    counts = table("expected", *said, title=f"{visible(name)}: expected against said")
    measures = table("class", "precision", "recall", "F1")
    for column in (*counts.columns[1:], *measures.columns):
        column.no_wrap = True
    for label, row in expected.items():
        counts.add_row(label, *_numbers(row, said))
        measures.add_row(label, *(share(result[measure][label]) for measure in MEASURES))
    for label, row in apart.items():
        counts.add_row(Text(f"{label} (apart)", "dim"), *_numbers(row, said))
    console.print(counts)
    console.print()
    console.print(measures)
    console.print()
    console.print(f"{counted(result['n'], 'pair')}, macro F1 {share(result['macro_f1'])}")
    for label, recall in result["candidate_recall_by_label"].items():
        console.print(f"candidate recall of {label}: {recall:.4f}")
    console.print()


def _numbers(row: Mapping[str, int], said: Sequence[str]) -> list[str]:
    return [str(row.get(answer, 0)) for answer in said]
