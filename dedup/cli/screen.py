"""Where commands print: consoles, colours, and text that is safe to show.

Article text is hostile input: a terminal obeys escape sequences, and rich obeys markup.
So nothing of an article is printed but through ``visible``, and markup is off.
"""

from __future__ import annotations

import json

import click
from rich.console import Console
from rich.text import Text

from dedup.model import ArticleRef, Report, Verdict
from dedup.report import time_to_json

# Characters that a terminal acts on instead of showing them: C0 and C1 controls but tab and
# line feed, and the marks that turn the writing direction until they are ended.
UNSAFE = dict.fromkeys(
    (
        *range(0x09),
        *range(0x0B, 0x20),
        *range(0x7F, 0xA0),
        *range(0x202A, 0x202F),
        *range(0x2066, 0x206A),
    ),
    "\N{REPLACEMENT CHARACTER}",
)

VERDICT_STYLES = {
    "copy": "bold red",
    "retranslation": "bold magenta",
    "independent": "bold green",
    "undetermined": "bold yellow",
}
WEIGHT_STYLES = {"strong": "bold red", "weak": "yellow", "none": "dim"}

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON for programs.")


def out() -> Console:
    """Standard output."""
    return Console(markup=False, highlight=False, emoji=False)


def err() -> Console:
    """Standard error: what is not the result."""
    return Console(stderr=True, markup=False, highlight=False, emoji=False)


def visible(text: str) -> str:
    r"""Text as it may be sent to a terminal.

    >>> visible("a\x1b[31mb")
    'a�[31mb'
    """
    return text.translate(UNSAFE)


def counted(number: int, noun: str, nouns: str | None = None) -> str:
    """So many of something.

    >>> counted(1, "row"), counted(2_000, "article"), counted(0, "family", "families")
    ('1 row', '2,000 articles', '0 families')
    """
    return f"{number:,} {noun if number == 1 else nouns or f'{noun}s'}"


def print_json(value: object, *, indent: int | None = 2) -> None:
    """A value as JSON on standard output; lone surrogates, which no article holds, escaped."""
    console = out()
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    console.file.write(text + "\n")


def phrase(verdict: Verdict) -> Text:
    """A verdict in words: ``retranslation (same language)``."""
    kind = verdict.kind.replace("_", " ")
    likely = "likely " if verdict.likely else ""
    return Text(f"{likely}{verdict.verdict} ({kind})", VERDICT_STYLES[verdict.verdict])


def share(value: float | None) -> str:
    """A share or confidence, two decimals."""
    return "–" if value is None else f"{value:.2f}"


def named(reference: ArticleRef) -> str:
    """An article by all the names that are known of it, on one line."""
    published = time_to_json(reference.published) if reference.published else None
    names = (reference.id, reference.title, reference.source, published, reference.url)
    return visible(" · ".join(name for name in names if name))


def source_of(report: Report) -> str:
    """The id of the article it was taken from, or nothing."""
    return visible(report.verdict.source.id) if report.verdict.source else ""
