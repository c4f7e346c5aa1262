"""Two texts beside each other, shared passages in the same colour.

Rows follow the order of the query. What stands between two passages, in either text, is
shown dim; nothing of either text is left out, but long stretches that match nothing are
shortened. On a narrow terminal the two sides stand one under the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from dedup.beside import beside, changed_words
from dedup.cli.screen import visible
from dedup.model import Passage, PassageType, Span

MIN_COLUMNS = 80
"""Narrower than this, two columns of text are too thin to read."""

SHOWN_AROUND_GAP = 160
"""Code points kept at either end of a long stretch that matches nothing, one that is more
than three times as long."""

# Tell neighbours apart on light and dark backgrounds; red and green are the verdicts'.
COLOURS = ("cyan", "yellow", "magenta", "blue", "bright_cyan", "bright_magenta")

SIGNS: dict[PassageType, str] = {"verbatim": "=", "reworded": "~", "translated": "T"}
QUOTATION_SIGN = '"'
LEGEND = (
    f"= word for word, ~ reworded, T translated, {QUOTATION_SIGN} quotation; dim: in no passage; "
)
CHANGED_COLOURED = "underlined: changed words"
CHANGED_PLAIN = "[in brackets]: changed words"


def side_by_side(
    console: Console,
    query: str,
    candidate: str,
    passages: Sequence[Passage],
    titles: tuple[str, str],
) -> RenderableType:
    """Both texts with their passages marked, to be printed on ``console``.

    Args:
        console: Its width decides whether the sides stand beside or under each other, and
            its colours how changed words are marked.
        query: The text that ``Passage.query`` points into.
        candidate: The text that ``Passage.candidate`` points into.
        passages: What they share.
        titles: Of the two sides.
    """
    plain = console.color_system is None
    beside = console.width >= MIN_COLUMNS
    grid = Table.grid(padding=(0, 1), expand=beside)
    grid.add_column(justify="right", no_wrap=True)
    for _ in titles if beside else titles[:1]:
        grid.add_column(ratio=1, overflow="fold")
    for mark, left, right in [
        ("", Text(visible(titles[0]), "bold"), Text(visible(titles[1]), "bold")),
        *_marked_rows(query, candidate, passages, plain=plain),
    ]:
        if beside:
            grid.add_row(mark, left, right)
        else:
            _stack(grid, mark, left, right)
        grid.add_row()
    return Group(grid, Text(LEGEND + (CHANGED_PLAIN if plain else CHANGED_COLOURED), "dim"))


def _stack(grid: Table, mark: str, left: Text, right: Text) -> None:
    for side, text in (("A", left), ("B", right)):
        if text:
            grid.add_row(f"{mark} {side}".strip(), text)


def _marked_rows(
    query: str, candidate: str, passages: Sequence[Passage], *, plain: bool
) -> Iterator[tuple[str, Text, Text]]:
    """Each row's mark in the margin, and its two sides."""
    number = 0
    for row in beside(query, candidate, passages):
        left, right = query[slice(*row.query)], candidate[slice(*row.candidate)]
        if row.passage is None:
            yield "", _gap(left), _gap(right)
            continue
        number += 1
        colour = COLOURS[number % len(COLOURS)]
        # Of a verbatim passage, too: a byline or a caption in its midst weighs nothing, and may
        # stand in one text only.
        comparable = row.passage.type != "translated"
        changes = changed_words(left, right) if comparable else ((), ())
        yield (
            f"{number}{_sign(row.passage)}",
            _passage(left, changes[0], colour, plain=plain),
            _passage(right, changes[1], colour, plain=plain),
        )


def _passage(text: str, changes: Sequence[Span], colour: str, *, plain: bool) -> Text:
    line = _one_line(text)
    if not plain:
        marked = Text(line, colour)
        for span in changes:
            marked.stylize("bold underline", *span)
        return marked
    for start, end in reversed(changes):
        line = f"{line[:start]}[{line[start:end]}]{line[end:]}"
    return Text(line)


def _sign(passage: Passage) -> str:
    return SIGNS[passage.type] + (QUOTATION_SIGN if passage.quotation else " ")


def _gap(text: str) -> Text:
    line = _one_line(text.strip())
    if len(line) > 3 * SHOWN_AROUND_GAP:
        head = line[:SHOWN_AROUND_GAP].rpartition(" ")[0] or line[:SHOWN_AROUND_GAP]
        tail = line[-SHOWN_AROUND_GAP:].partition(" ")[2] or line[-SHOWN_AROUND_GAP:]
        line = f"{head} … {len(line) - len(head) - len(tail):,} characters … {tail}"
    return Text(line, "dim")


def _one_line(text: str) -> str:
    """Line breaks as blanks, code point for code point, so that spans keep their places."""
    return visible(text).replace("\n", " ").replace("\t", " ")
