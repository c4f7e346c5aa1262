"""``clean``: what a batch run read, without its copies and re-translations."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import click

from dedup.batch.cleaning import clean
from dedup.batch.keeping import CRITERIA, LAST, Criterion, Policy
from dedup.batch.outputs import Outputs
from dedup.batch.writing import Format
from dedup.cli.exits import FileNotWritten
from dedup.cli.screen import err, json_option, out, print_json, visible


@click.command("clean", short_help="Keep one article of each family of a batch run.")
@click.argument("run", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option(
    "-o",
    "--output",
    metavar="DIR",
    type=click.Path(path_type=Path),
    required=True,
    help="Write DIR/kept and DIR/removed; DIR must be empty or not there.",
)
@click.option(
    "--keep",
    "criteria",
    type=click.Choice([criterion for criterion in CRITERIA if criterion != "preferred"]),
    multiple=True,
    help="What is kept of a family. Given again, it decides where the ones before say the same; "
    "in the end the latest revision of what came first is kept.  [default: latest-revision]",
)
@click.option(
    "--prefer",
    "preferred",
    metavar="OUTLET",
    multiple=True,
    help="Keep articles of this outlet before any others: a source, or a host such as "
    "reuters.com. Given again, the first one named goes before the next.",
)
@click.option(
    "--per-language",
    is_flag=True,
    help="Keep one article in each language of a family: translations stay.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(get_args(Format)),
    help="Of what is written.  [default: that of the run]",
)
@json_option
def clean_run(
    *,
    run: Path,
    output: Path,
    criteria: tuple[Criterion, ...],
    preferred: tuple[str, ...],
    per_language: bool,
    form: Format | None,
    as_json: bool,
) -> None:
    """Write the articles of RUN without their copies and re-translations.

    RUN is a directory that `secondhand batch` has written; it stays as it is. Of each family one
    article is kept, and all that belong to none. What is removed is written too, each article
    with what is kept instead of it and why.
    """
    if len(set(criteria)) < len(criteria):
        raise click.UsageError("--keep: name each criterion once")
    policy = Policy(
        (*(("preferred",) if preferred else ()), *(criteria or LAST)),
        preferred,
        per_language,
    )
    try:
        cleaned = clean(Outputs(run), output, policy, form)
    except OSError as error:
        raise FileNotWritten(f"{output} cannot be written: {error.strerror or error}") from error
    for outlet, near in cleaned.absent.items():
        _warn(outlet, near)
    if as_json:
        print_json({"kept": cleaned.kept, "removed": cleaned.removed})
    else:
        out().print(
            f"{cleaned.kept:,} kept in {visible(str(output / 'kept'))}, "
            f"{cleaned.removed:,} removed in {visible(str(output / 'removed'))}",
            soft_wrap=True,
        )


def _warn(outlet: str, near: Sequence[str]) -> None:
    """Say that nothing could be preferred, and what may have been meant."""
    meant = f"; named most like it: {', '.join(near)}" if near else ""
    err().print(
        visible(f"Warning: --prefer {outlet}: no article is of this outlet{meant}"), soft_wrap=True
    )
