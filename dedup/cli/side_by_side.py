"""Two texts beside each other, shared passages in the same colour.

Rows follow the order of the query. What stands between two passages, in either text, is
shown dim; nothing of either text is left out, but long stretches that match nothing are
shortened. On a narrow terminal the two sides stand one under the other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from dedup.cli.screen import visible
from dedup.model import Passage, PassageType, Span, Tokens
from dedup.tokens import tokenize

MIN_COLUMNS = 80
"""Narrower than this, two columns of text are too thin to read."""

SHOWN_AROUND_GAP = 160
"""Code points kept at either end of a long stretch that matches nothing, one that is more
than three times as long."""

CLOSING = frozenset(".,;:!?…\"'”’»)]。！？、，」』")
OPENING = frozenset("\"'“‘„«([「『")

# Tell neighbours apart on light and dark backgrounds; red and green are the verdicts'.
COLOURS = ("cyan", "yellow", "magenta", "blue", "bright_cyan", "bright_magenta")

SIGNS: dict[PassageType, str] = {"verbatim": "=", "reworded": "~", "translated": "T"}
QUOTATION_SIGN = '"'
LEGEND = (
    f"= word for word, ~ reworded, T translated, {QUOTATION_SIGN} quotation; dim: in no passage; "
)
CHANGED_COLOURED = "underlined: changed words"
CHANGED_PLAIN = "[in brackets]: changed words"


@dataclass(frozen=True, slots=True)
class Row:
    """What stands side by side: a passage, or what lies between two (``passage`` None)."""

    query: Span
    candidate: Span
    passage: Passage | None


def rows(query: str, candidate: str, passages: Sequence[Passage]) -> Iterator[Row]:
    """Cut two texts into rows, in the order of the query.

    What precedes a passage in the candidate is shown with that passage, so each part of
    both texts is shown once, wherever passages have moved to.
    """
    ordered = sorted(passages, key=lambda passage: passage.query)
    *before, rest = _candidate_gaps(ordered, len(candidate))
    position = 0
    for passage, candidate_gap in zip(ordered, before, strict=True):
        query_gap = Span(position, max(position, passage.query.start))
        yield from _gap_row(query, candidate, query_gap, candidate_gap)
        yield Row(passage.query, passage.candidate, passage)
        position = max(position, passage.query.end)
    yield from _gap_row(query, candidate, Span(position, len(query)), rest)


def _candidate_gaps(passages: Sequence[Passage], end: int) -> list[Span]:
    """What lies before each passage in the candidate, and at last what follows them all."""
    gaps = [Span(0, 0)] * len(passages)
    position = 0
    for number in sorted(range(len(passages)), key=lambda number: passages[number].candidate):
        start, stop = passages[number].candidate
        gaps[number] = Span(position, max(position, start))
        position = max(position, stop)
    return [*gaps, Span(position, max(position, end))]


def _gap_row(query: str, candidate: str, left: Span, right: Span) -> Iterator[Row]:
    if query[slice(*left)].strip() or candidate[slice(*right)].strip():
        yield Row(left, right, None)


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
    shown = [
        replace(
            passage,
            query=with_punctuation(query, passage.query),
            candidate=with_punctuation(candidate, passage.candidate),
        )
        for passage in outermost(passages)
    ]
    number = 0
    for row in rows(query, candidate, shown):
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


def outermost(passages: Sequence[Passage]) -> list[Passage]:
    """Those that are not part of another one on both sides, such as a run in a sentence."""
    kept: list[Passage] = []
    for passage in sorted(passages, key=_size, reverse=True):
        if not any(
            _holds(other.query, passage.query) and _holds(other.candidate, passage.candidate)
            for other in kept
        ):
            kept.append(passage)
    return kept


def _size(passage: Passage) -> int:
    return passage.query.end - passage.query.start


def _holds(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def with_punctuation(text: str, span: Span) -> Span:
    """A span with the marks that stick to its ends, which no word of it reaches.

    >>> text = 'He said: "We won." Then he left.'
    >>> start, end = with_punctuation(text, Span(10, 16))
    >>> text[start:end]
    '"We won."'
    """
    start, end = span
    while end < len(text) and text[end] in CLOSING:
        end += 1
    # Only at the beginning of a word: elsewhere it closes what stands before.
    if start > 0 and text[start - 1] in OPENING and not text[: start - 1][-1:].strip():
        start -= 1
    return Span(start, end)


def changed_words(query: str, candidate: str) -> tuple[Sequence[Span], Sequence[Span]]:
    """Runs of words that stand in one of two passages only, in either.

    >>> changed_words("the last major bastion", "The last stronghold")
    ([Span(start=9, end=22)], [Span(start=9, end=19)])
    """
    left, right = tokenize(query), tokenize(candidate)
    if left.words == right.words:  # which costs the matcher seconds where it is a long article
        return [], []
    matcher = SequenceMatcher(None, left.words, right.words, autojunk=False)
    changes = [change for change in matcher.get_opcodes() if change[0] != "equal"]
    return (
        [_reach(left, first, stop) for _, first, stop, _, _ in changes if first < stop],
        [_reach(right, first, stop) for _, _, _, first, stop in changes if first < stop],
    )


def _reach(tokens: Tokens, first: int, stop: int) -> Span:
    return Span(int(tokens.starts[first]), int(tokens.ends[stop - 1]))


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
