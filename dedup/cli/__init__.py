"""The command line: files in, verdicts out.

Reads files, calls the stages, prints. The group is public so that the service can hang
its own commands on it: ``secondhand`` is ``service.command:main``, this group with
``serve`` added.
"""

from __future__ import annotations

import click

from dedup import __version__
from dedup.cli.exits import EXIT_CODES
from dedup.cli.later import PatientGroup

__all__ = ["EXIT_CODES", "main"]


@click.group(cls=PatientGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="secondhand")
def main() -> None:
    """Tell first-hand news reporting from second-hand text.

    Copies, machine re-translations, independent articles, each with the evidence.
    Exit codes: 0 done, 1 input refused, 2 wrong usage, 3 index cannot answer.
    """


for name, module, attribute in (
    ("add", "dedup.cli.articles", "add"),
    ("batch", "dedup.cli.batch", "batch"),
    ("check", "dedup.cli.articles", "check"),
    ("clean", "dedup.cli.cleaning", "clean_run"),
    ("compare", "dedup.cli.comparison", "compare"),
    ("eval", "dedup.cli.evaluation", "evaluate"),
    ("index", "dedup.cli.index", "index"),
    ("normalize", "dedup.cli.normalization", "normalize"),
    ("pairs", "dedup.cli.pairs", "pairs"),
    ("remove", "dedup.cli.articles", "remove"),
    ("show", "dedup.cli.articles", "show"),
):
    main.add_later(name, module, attribute)
