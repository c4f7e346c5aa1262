"""``compare``: two articles side by side."""

from __future__ import annotations

from dataclasses import replace

import click
from rich.console import Console
from rich.text import Text

from dedup.cli.differences import print_differences
from dedup.cli.inputs import read_article
from dedup.cli.quotations import print_quotations
from dedup.cli.screen import VERDICT_STYLES, json_option, out, print_json, share, visible
from dedup.cli.sections import print_sections
from dedup.cli.side_by_side import side_by_side
from dedup.cli.verdicts import print_reasons, table
from dedup.config import Limits
from dedup.judge import is_likely, reference
from dedup.model import Article, Match, Scores
from dedup.normalize import read
from dedup.pipeline import compare_articles
from dedup.report import match_to_json, reference_to_json
from dedup.validation import validate

SCORE_NAMES = {
    "containment_in": "containment of A in B",
    "containment_of": "containment of B in A",
}

TAKEN = frozenset({"copy", "retranslation", "derived"})
"""Relations of which sections are printed. What two reports of one event have in common makes
some, too; "this part comes from there" would be a false accusation."""


@click.command(short_help="Compare two articles side by side, without an index.")
@click.argument("a")
@click.argument("b")
@json_option
def compare(*, a: str, b: str, as_json: bool) -> None:
    """Compare the article in A with the one in B, without an index.

    The relation is said of A: what it took from B.
    """
    limits = Limits()
    query, candidate = read_article(a, limits), read_article(b, limits)
    for article in (query, candidate):
        validate(article, limits)
    match = compare_articles(query, candidate, limits)
    if as_json:
        subject = reference_to_json(reference(query))
        print_json({"article": subject, "match": match_to_json(match)})
        return
    console = out()
    _print_texts(console, query, candidate, match, (a, b))
    _print_match(console, query, candidate, match)


def _print_texts(
    console: Console, query: Article, candidate: Article, match: Match, titles: tuple[str, str]
) -> None:
    if "html" in (query.media, candidate.media):
        # People read the page's text, not its source: compare what a reader sees.
        query, candidate = _as_read(query), _as_read(candidate)
        match = compare_articles(query, candidate, Limits())
    console.print(side_by_side(console, query.text, candidate.text, match.passages, titles))


def _as_read(article: Article) -> Article:
    return replace(article, text=read(article).text, media="text")


def _print_match(console: Console, query: Article, candidate: Article, match: Match) -> None:
    kind = f" ({match.kind.replace('_', ' ')})" if match.kind else ""
    style = VERDICT_STYLES.get(match.relation, VERDICT_STYLES["independent"])
    console.print()
    console.print(
        Text.assemble(
            ("likely " if is_likely(match.confidence) else "", style),
            (match.relation.replace("_", " ") + kind, style),
            "" if match.confidence is None else f", confidence {share(match.confidence)}",
        )
    )
    print_reasons(console, match.reasons)
    if match.direction == "unknown":
        console.print(f"Direction unknown: {visible(match.direction_reason)}.")
    else:
        console.print(
            f"Direction: {visible(query.id)} {match.direction.replace('_', ' ')} "
            f"{visible(match.other.id)}: {visible(match.direction_reason)}."
        )
    if match.differences is not None:
        print_differences(console, match.differences, match.direction, ("A", "B"))
    scores = table("score", "all words", "outside quotations")
    for name, value, unquoted in zip(
        Scores._fields, match.scores, match.scores_unquoted, strict=True
    ):
        scores.add_row(SCORE_NAMES.get(name, name), share(value), share(unquoted))
    console.print()
    console.print(scores)
    console.print()
    if match.relation in TAKEN:
        print_sections(console, query, candidate, match.sections or ())
    quotes = match.quotes
    console.print(
        f"Quotations in A: {quotes.total}, of them {quotes.shared} word for word in B, "
        f"{quotes.reworded} reworded there."
    )
    print_quotations(console, query, match.quotations or ())
