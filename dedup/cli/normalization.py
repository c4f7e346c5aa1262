"""``normalize``: the repaired text, and what was found and repaired in it."""

from __future__ import annotations

from dataclasses import asdict

import click

from dedup.artifacts import detect
from dedup.artifacts.render_clock import read_render_clock, with_render_time
from dedup.cli.inputs import read_article
from dedup.cli.options import Given, article_options
from dedup.cli.screen import err, json_option, out, print_json
from dedup.cli.verdicts import finding_table, table
from dedup.config import Limits
from dedup.normalize import read
from dedup.report import finding_to_json
from dedup.validation import validate_content


@click.command(short_help="Print repaired text, and the artifacts found in it.")
@click.argument("file")
@article_options
@json_option
def normalize(*, file: str, given: Given, as_json: bool) -> None:
    """Print the repaired text of the article in FILE (- for stdin).

    What was repaired and which artifacts were found goes to stderr. Reading the render
    clock of a minify marker may take some seconds.
    """
    limits = Limits()
    article = given.about(read_article(file, limits))
    validate_content(article, limits)
    clean = read(article)
    findings = detect(article, clean)
    if rendered := read_render_clock(article, findings):
        findings = with_render_time(findings, rendered)
    if as_json:
        print_json(
            {
                "id": article.id,
                "text": clean.text,
                "repairs": [asdict(repair) for repair in clean.repairs],
                "artifacts": [finding_to_json(finding) for finding in findings],
            }
        )
        return
    # As it is, not through the screen: it may go into a file or another program.
    out().file.write(clean.text + "\n")
    console = err()
    if clean.repairs:
        repairs = table("repair", "times")
        for repair in clean.repairs:
            repairs.add_row(repair.step.replace("_", " "), str(repair.count))
        console.print(repairs)
        console.print()
    if findings:
        console.print(finding_table(findings))
