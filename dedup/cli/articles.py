"""Commands about articles and their verdicts: check, add, show, remove."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

import click
from rich.progress import track

from dedup.cli.exits import REFUSED, SECOND_HAND, UNDETERMINED
from dedup.cli.inputs import read_article
from dedup.cli.options import Given, IndexPlace, article_options, expiry_option, index_options
from dedup.cli.screen import err, json_option, out, print_json, visible
from dedup.cli.streams import STDIN
from dedup.cli.verdicts import print_report, verdict_table
from dedup.config import Limits
from dedup.errors import InputError
from dedup.model import Article, Report
from dedup.pipeline import Detector
from dedup.report import to_json

ONE_FILE_ONLY = ("id", "title", "url", "published")
EXIT_CODE_OF_VERDICT = {
    "copy": SECOND_HAND,
    "retranslation": SECOND_HAND,
    "undetermined": UNDETERMINED,
}


@click.command(short_help="Judge an article against those stored; store nothing.")
@click.argument("file")
@article_options
@index_options
@json_option
@click.option(
    "--exit-code",
    is_flag=True,
    help=f"End with {SECOND_HAND} for a copy or re-translation, {UNDETERMINED} if undetermined.",
)
@click.pass_context
def check(
    ctx: click.Context,
    *,
    file: str,
    given: Given,
    place: IndexPlace,
    as_json: bool,
    exit_code: bool,
) -> None:
    """Judge the article in FILE (- for stdin) against those stored; store nothing."""
    article = given.about(read_article(file, place.settings.limits))
    with place.detector() as detector:
        report = detector.check(article, replaces=given.id)
    _print_one(report, as_json=as_json)
    if exit_code:
        ctx.exit(EXIT_CODE_OF_VERDICT.get(report.verdict.verdict, 0))


@click.command(short_help="Store articles and print their verdicts.")
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@article_options
@expiry_option
@index_options
@json_option
@click.pass_context
def add(
    ctx: click.Context,
    *,
    files: tuple[str, ...],
    given: Given,
    expires: datetime | None,
    place: IndexPlace,
    as_json: bool,
) -> None:
    """Store the article in each FILE and print their verdicts.

    Adding the same again changes nothing. An id in use gets the new content. A FILE that
    is refused is named on stderr, the others are stored, and the exit code is 1.
    """
    _refuse_ambiguous(files, given)
    given = replace(given, expires=expires)
    refused: list[str] = []
    with place.detector() as detector:
        articles = _readable(files, given, place.settings.limits, refused)
        added, revised = _store(detector, articles, len(files), refused)
    _print_added(added, revised, as_json=as_json)
    if refused:
        err().print(f"{len(refused)} of {len(files)} not stored, see above")
        ctx.exit(REFUSED)


@click.command(short_help="Print the verdict on a stored article.")
@click.argument("id")
@index_options
@json_option
def show(*, id: str, place: IndexPlace, as_json: bool) -> None:  # noqa: A002  # the argument
    """Print the verdict on the stored article ID as it stands now."""
    with place.detector() as detector:
        report = detector.explained(id)
    _print_one(report, as_json=as_json)


@click.command(short_help="Remove a stored article.")
@click.argument("id")
@index_options
@json_option
def remove(*, id: str, place: IndexPlace, as_json: bool) -> None:  # noqa: A002  # the argument
    """Remove the stored article ID; verdicts that named it keep its id."""
    with place.detector() as detector:
        revised = detector.delete(id)
    if as_json:
        for report in revised:
            print_json(to_json(report), indent=None)
        return
    err().print(f"removed {id}")
    if revised:
        out().print(verdict_table(revised))


def _print_one(report: Report, *, as_json: bool) -> None:
    if as_json:
        print_json(to_json(report))
    else:
        print_report(out(), report)


def _refuse_ambiguous(files: Sequence[str], given: Given) -> None:
    if len(files) > 1:
        for name in ONE_FILE_ONLY:
            if getattr(given, name) is not None:
                raise click.UsageError(f"--{name} needs a single FILE; there are {len(files)}")
    if STDIN in files and given.id is None:
        raise click.UsageError("an article from standard input needs --id to be stored under")


def _readable(
    files: Iterable[str], given: Given, limits: Limits, refused: list[str]
) -> Iterator[tuple[str, Article]]:
    """The files that can be read with their articles; the others are reported and counted."""
    file_of: dict[str, str] = {}
    for file in files:
        try:
            article = given.about(read_article(file, limits))
        except InputError as error:
            _report_refused(error, refused)
            continue
        # Two files named alike would replace each other without a word.
        if article.id in file_of:
            twice = f"{file}: has the same id {article.id!r} as {file_of[article.id]}; "
            _report_refused(InputError(twice + "rename it, or give ids in JSON files"), refused)
            continue
        file_of[article.id] = file
        yield file, article


def _store(
    detector: Detector, articles: Iterable[tuple[str, Article]], total: int, refused: list[str]
) -> tuple[list[Report], list[Report]]:
    """Store articles; the final reports on them, and on earlier ones that were revised."""
    added: list[str] = []
    revised: dict[str, None] = {}
    console = err()
    for file, article in track(
        articles, "Adding", total, console=console, transient=True, disable=not console.is_terminal
    ):
        try:
            outcome = detector.put(article)
        except InputError as error:
            _report_refused(InputError(f"{file}: {error}"), refused)
            continue
        added.append(article.id)
        revised.update((report.article.id, None) for report in outcome.revised)
    # Read again: a later article may have changed the verdict on an earlier one.
    return (
        [detector.report(article_id) for article_id in added],
        [detector.report(article_id) for article_id in revised if article_id not in added],
    )


def _report_refused(error: InputError, refused: list[str]) -> None:
    refused.append(str(error))
    err().print(f"Error: {visible(str(error))}", soft_wrap=True)


def _print_added(added: Sequence[Report], revised: Sequence[Report], *, as_json: bool) -> None:
    if as_json:
        for report in (*added, *revised):
            print_json(to_json(report), indent=None)
        return
    console = out()
    if added:
        console.print(verdict_table(added))
    if revised:
        console.print("\nEarlier articles whose verdict changed:")
        console.print(verdict_table(revised))
