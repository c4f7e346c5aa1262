"""The command line: files in, verdicts out.

Reads files, calls the stages, prints. The group is public so that the service can hang
its own commands on it: ``secondhand`` is ``service.command:main``, this group with
``serve`` added.
"""

from __future__ import annotations

import click

from dedup import __version__
from dedup.cli.articles import add, check, remove, show
from dedup.cli.comparison import compare
from dedup.cli.evaluation import evaluate
from dedup.cli.exits import EXIT_CODES
from dedup.cli.index import index
from dedup.cli.later import PatientGroup
from dedup.cli.normalization import normalize

__all__ = ["EXIT_CODES", "main"]


@click.group(cls=PatientGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="secondhand")
def main() -> None:
    """Tell first-hand news reporting from second-hand text.

    Copies, machine re-translations, independent articles, each with the evidence.
    Exit codes: 0 done, 1 input refused, 2 wrong usage, 3 index cannot answer.
    """


for command in (add, check, compare, normalize, show, remove, index, evaluate):
    main.add_command(command)
