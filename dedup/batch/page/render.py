"""The figures as one HTML file."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from importlib.resources import files
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.compute as pc
from jinja2 import Environment, PackageLoader, StrictUndefined, Template

from dedup import __version__
from dedup.batch.deciding import passage_of
from dedup.batch.files import written_whole
from dedup.batch.outputs import Outputs
from dedup.batch.page import counts
from dedup.batch.page.counts import Articles
from dedup.batch.page.examples import Example, choose, example
from dedup.batch.page.families import largest
from dedup.model import Article

LEAST_SHARE: Final = 0.1
"""Per cent, below which a share is not spelled out."""

NAMES: Final = {
    "copy": "copies",
    "retranslation": "re-translations",
    "independent": "independent",
    "undetermined": "undetermined",
    "derived": "shared passages",
    "same_story": "same story",
}
"""What verdicts and relations are called in the plural."""

ArticlesOf = Callable[[Sequence[int]], Mapping[int, Article]]
"""Reads articles as submitted, by their numbers."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """Rows that were not taken.

    Attributes:
        rows: How many.
        shown: Some of them: file, row from 1 (None for the rest of a file) and reason.
    """

    rows: int
    shown: tuple[tuple[str, int | None, str], ...]


def write_page(
    path: Path, outputs: Outputs, articles_of: ArticlesOf, inputs: Sequence[str], rejected: Rejected
) -> None:
    """Write the report of a run.

    Args:
        path: The HTML file.
        outputs: What the run wrote.
        articles_of: Reads articles as submitted, for the examples.
        inputs: What was read.
        rejected: What was not.
    """
    about = outputs.read(
        "articles", ["number", "id", "title", "source", "published", "language", "words"]
    )
    verdicts = outputs.read(
        "verdicts", ["number", "verdict", "kind", "likely", "source_number", "cluster"]
    )
    artifacts = outputs.read("artifacts", ["number", "rule", "weight", "excerpt"])
    clusters = outputs.read("clusters")
    articles = Articles(about, verdicts)
    timeline = articles.timeline()
    page = _template().render(
        version=__version__,
        style=(files("dedup.batch.page") / "style.css").read_text("utf-8"),
        names=NAMES,
        inputs=inputs,
        rejected=rejected,
        articles=articles,
        languages=articles.languages(),
        timeline=timeline,
        families=largest(clusters, about),
        n_families=len(pc.unique(clusters["cluster"])),
        in_families=pc.sum(pc.greater_equal(clusters["number"], 0)).as_py() or 0,
        rules=counts.rules(artifacts),
        outlets=articles.outlets(counts.with_strong_debris(artifacts)),
        ways=articles.ways(),
        histograms=_histograms(outputs),
        examples=_examples(outputs, verdicts, about, articles_of),
    )
    with written_whole(path) as part:
        part.write_text(page, encoding="utf-8")


def _histograms(outputs: Outputs) -> tuple[tuple[str, str, tuple[counts.Bar, ...]], ...]:
    """Title, explanation and bars of each histogram; every pair counts once."""
    matches = outputs.read("matches", ["number", "other_number", "relation", "scores"])
    once = matches.filter(pc.greater(matches["number"], matches["other_number"]))
    return tuple(
        (title, says, counts.histogram(once["relation"], pc.struct_field(once["scores"], score)))
        for title, says, score in HISTOGRAMS
    )


HISTOGRAMS: Final = (
    (
        "Resemblance",
        (
            "Jaccard of the two articles' sets of five words in a row. Re-translations lie far to "
            "the left: by this alone they would not be found."
        ),
        "resemblance",
    ),
    (
        "Aligned",
        "Share of the later article's words in sentences that have a counterpart in the other.",
        "aligned",
    ),
    (
        "Identity",
        "Share of the words that are the same inside those sentences.",
        "identity",
    ),
)


def _examples(
    outputs: Outputs, verdicts: pa.Table, about: pa.Table, articles_of: ArticlesOf
) -> list[Example]:
    numbers = choose(verdicts, about)
    chosen = {row["number"]: row for row in outputs.rows("verdicts", numbers)}
    sources = {number: chosen[number]["source_number"] for number in numbers}
    texts = articles_of(sorted({*sources, *sources.values()}))
    shared = {
        row["number"]: [passage_of(each.values()) for each in row["passages"]]
        for row in outputs.rows("matches", numbers)
        if row["other_number"] == sources[row["number"]]
    }
    return [
        example(chosen[number], shared[number], texts[number], texts[sources[number]])
        for number in numbers
    ]


def _template() -> Template:
    environment = Environment(
        loader=PackageLoader("dedup.batch.page", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["number"] = lambda number: f"{number:,}"
    environment.filters["percent"] = _percent
    environment.filters["after"] = _after
    return environment.get_template("report.html.jinja")


def _percent(part: int, whole: int) -> str:
    if not whole:
        return "–"
    share = 100 * part / whole
    if 0 < share < LEAST_SHARE:
        return f"< {LEAST_SHARE} %"
    return f"{share:.0f} %" if share >= 10 or not part else f"{share:.1f} %"


def _after(delay: timedelta | None) -> str:
    """A delay in its largest unit: ``3 h``, ``2 days``."""
    if delay is None:
        return ""
    seconds = delay.total_seconds()
    for unit, length in (("days", 86_400), ("h", 3_600), ("min", 60)):
        if abs(seconds) >= 2 * length or (unit != "days" and abs(seconds) >= length):
            return f"{seconds / length:+.0f} {unit}"
    return f"{seconds:+.0f} s"
