"""Hard wraps: line breaks that mean nothing.

A blank line ends a paragraph. A single line break does so too, since text taken from web
pages has one per paragraph, unless it is a *hard wrap*: a break in mid-sentence, set by a
program that filled lines up to a width, or left over from the source of a page. Four signs
tell a hard wrap; none is taken behind a mark that ends a sentence but the first:

- the lines of the block (no blank line within) are filled: each is as long as it can be,
  the first word of the next line would have gone beyond the longest line;
- the next line goes on in lower case;
- the break before or after it is of that kind, and the two lines are about equally long;
- the line is one word in capitals and the next line goes on with another: a dateline that
  was cut in two ("LOS / ANGELES Authorities say").

The price: a list of lower-case lines without bullets ("apples / pears") becomes one
paragraph, so does verse with equally long lines, and a heading "NEWS" over "US troops leave
the town" is taken for a dateline.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from dedup.paragraphs.kernel import kernel
from dedup.paragraphs.reference import is_broken_off

# Filled lines are wrapped at 60 to 80 columns by most programs; shorter equal lines are
# tables, verse and lists of names, longer ones are paragraphs.
MIN_WRAP_COLUMNS = 45
MAX_WRAP_COLUMNS = 120
# With two lines only, "the longest line" is no evidence of a width. Half of the lines must
# end in mid-sentence: a few short paragraphs of one line each are not filled lines.
MIN_FILLED_LINES = 3
# A line beside a wrapped one is wrapped too if it is as long but for a long word's length.
# Below so many columns a line is a heading, a name or a menu entry.
MAX_RAGGED_COLUMNS = 12
MIN_NEIGHBOUR_COLUMNS = 30

_CAPITALS = re.compile(r"[A-Z]{2,}")
_REST_OF_DATELINE = re.compile(r"[A-Z]{2,},? [^A-Za-z]*\(?[A-Z]?[a-z]")


def unwrap(text: str) -> str:
    r"""The text with every hard wrap replaced by spaces; as long as before.

    >>> unwrap("The minister said on\nmonday.\nWeather")
    'The minister said on monday.\nWeather'
    """
    if not kernel.breaks_off(text):  # as nearly all
        return text
    pieces: list[str] = []
    for block in _blocks(text.splitlines(keepends=True)):
        pieces.extend(_unwrapped(block))
    return "".join(pieces)


def _blocks(lines: list[str]) -> Iterator[list[str]]:
    """Runs of lines with text, and runs without."""
    return (list(block) for _, block in itertools.groupby(lines, str.isspace))


def _unwrapped(block: list[str]) -> list[str]:
    if len(block) == 1 or block[0].isspace():
        return block
    lines = [line.strip() for line in block]
    broken_off = [is_broken_off(line) for line in lines[:-1]]
    wrapped = _filled(lines, broken_off) or _broken_in_sentence(lines, broken_off)
    return [
        _with_spaces_at_end(line) if is_wrapped else line
        for line, is_wrapped in zip(block, [*wrapped, False], strict=True)
    ]


def _filled(lines: list[str], broken_off: list[bool]) -> list[bool] | None:
    """Which lines but the last a program has filled up to its width; None if it was none."""
    width = max(map(len, lines))
    if len(lines) < MIN_FILLED_LINES or not MIN_WRAP_COLUMNS <= width <= MAX_WRAP_COLUMNS:
        return None
    full = [
        len(line) + 1 + len(following.split(maxsplit=1)[0]) > width
        for line, following in itertools.pairwise(lines)
    ]
    too_short = any(
        is_broken and not is_full for is_broken, is_full in zip(broken_off, full, strict=True)
    )
    return None if too_short or 2 * sum(broken_off) < len(full) else full


def _broken_in_sentence(lines: list[str], broken_off: list[bool]) -> list[bool]:
    """Which lines but the last go on in the next line."""
    goes_on = [
        is_broken and following[0].islower()
        for is_broken, following in zip(broken_off, lines[1:], strict=True)
    ]
    return [
        goes_on[index]
        or (broken_off[index] and _is_as_long_as_a_wrapped_neighbour(lines, goes_on, index))
        or _is_cut_dateline(line, following)
        for index, (line, following) in enumerate(itertools.pairwise(lines))
    ]


def _is_as_long_as_a_wrapped_neighbour(lines: list[str], goes_on: list[bool], index: int) -> bool:
    columns = len(lines[index])
    return columns >= MIN_NEIGHBOUR_COLUMNS and any(
        0 <= neighbour < len(goes_on)
        and goes_on[neighbour]
        and abs(len(lines[neighbour]) - columns) <= MAX_RAGGED_COLUMNS
        for neighbour in (index - 1, index + 1)
    )


def _is_cut_dateline(line: str, following: str) -> bool:
    return bool(_CAPITALS.fullmatch(line) and _REST_OF_DATELINE.match(following))


def _with_spaces_at_end(line: str) -> str:
    text = line.rstrip()
    return text + " " * (len(line) - len(text))
