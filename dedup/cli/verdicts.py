"""Reports for people: one in full, several as a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from dedup.cli.differences import print_differences
from dedup.cli.screen import WEIGHT_STYLES, named, phrase, share, source_of, visible
from dedup.judge.reasons import count
from dedup.model import Credit, Finding, Match, Report
from dedup.report import time_to_json

MATCHES_SHOWN = 5
"""Matches in the table; ``--json`` has all. Nearest first, so the rest is fainter."""


def table(*columns: str, title: str | None = None) -> Table:
    """An empty table in the style of this command line: long cells wrap, none are cut."""
    made = Table(
        box=box.SIMPLE_HEAD,
        show_edge=False,
        padding=(0, 1, 0, 0),
        pad_edge=False,
        title=title,
        title_justify="left",
    )
    for column in columns:
        made.add_column(column, overflow="fold")
    return made


def verdict_table(reports: Sequence[Report]) -> Table:
    """One line per article, short enough for 80 columns; revisions only where there are any."""
    revised = any(report.revision not in (None, 1) for report in reports)
    made = table("article", "verdict", "taken from", *(["rev."] if revised else []))
    made.columns[1].no_wrap = True
    for report in reports:
        made.add_row(
            visible(report.article.id),
            phrase(report.verdict),
            source_of(report),
            *([str(report.revision)] if revised else []),
        )
    return made


def print_report(console: Console, report: Report) -> None:
    """All that a person needs to believe a verdict, or not to."""
    verdict = report.verdict
    head = Text.assemble((visible(report.article.id), "bold"), ": ", phrase(verdict))
    if verdict.confidence is not None:
        head.append(f", confidence {share(verdict.confidence)}")
    console.print(head)
    if verdict.source is not None:
        console.print(f"from {named(verdict.source)}")
    if report.origin is not None:
        console.print(f"which goes back to {named(report.origin)}")
    print_reasons(console, verdict.reasons)
    if report.credits:
        console.print(f"The text itself credits {credited(report.credits)}.")
    if report.matches:
        console.print()
        console.print(match_table(report.matches))
        _print_differences(console, report)
        if not report.matches_complete:
            console.print("There may be more: of a large family not all are compared and listed.")
    if report.artifacts:
        console.print()
        console.print(finding_table(report.artifacts))
    console.print()
    language = report.language
    console.print(
        f"{count(report.words, 'word')}, language {language.code} (by {language.by})"
        + ("" if report.revision is None else f", revision {report.revision}")
        + ("" if report.expires is None else f", expires {time_to_json(report.expires)}")
    )


def _print_differences(console: Console, report: Report) -> None:
    """From the article that the verdict is about: its source, else the nearest one."""
    source = report.verdict.source
    for match in report.matches:
        if match.differences is not None and (source is None or source.id == match.other.id):
            names = "this article", match.other.id
            print_differences(console, match.differences, match.direction, names)
            return


def credited(found: Iterable[Credit]) -> str:
    """Whom a text credits: "Reuters", "AFP for a part"."""
    return ", ".join(
        visible(credit.name) + (" for a part" if credit.gives == "part" else "") for credit in found
    )


def print_reasons(console: Console, reasons: Iterable[str]) -> None:
    """Sentences, one under the other."""
    listed = Table.grid(padding=(0, 1))
    for reason in reasons:
        listed.add_row("  -", visible(reason))
    console.print(listed)


def match_table(matches: Sequence[Match]) -> Table:
    """The nearest articles with what was measured."""
    made = table("nearest", "relation", "aligned", "identity", "order", "verbatim")
    for column in made.columns[1:]:
        column.no_wrap = True
    for match in matches[:MATCHES_SHOWN]:
        made.add_row(
            visible(match.other.id) + _gone(match),
            relation_lines(match),
            share(match.scores.aligned),
            share(match.scores.identity),
            share(match.scores.order),
            share(match.scores.verbatim),
        )
    if len(matches) > MATCHES_SHOWN:
        made.caption = f"and {len(matches) - MATCHES_SHOWN} more: --json has all"
    return made


def _gone(match: Match) -> str:
    if not match.removed:
        return ""
    return " (expired)" if match.expired else " (removed)"


def relation_lines(match: Match) -> str:
    """Relation, kind and direction, one under the other."""
    direction = None if match.direction == "unknown" else match.direction
    lines = (match.relation, match.kind, direction)
    return "\n".join(line.replace("_", " ") for line in lines if line)


def finding_table(findings: Iterable[Finding]) -> Table:
    """What the artifact rules found: a line per rule, with the first place as an example."""
    found: dict[str, list[Finding]] = {}
    for finding in findings:
        found.setdefault(finding.rule, []).append(finding)
    made = table("artifact", "times", "weight", "the first")
    for rule, places in found.items():
        first = places[0]
        made.add_row(
            rule.replace("_", " "),
            str(len(places)),
            Text(first.weight, WEIGHT_STYLES[first.weight]),
            f"at {first.span.start}: {visible(first.says)}",
        )
    return made
