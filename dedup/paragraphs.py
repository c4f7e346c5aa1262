"""Lines and paragraphs: which line breaks mean something.

A blank line ends a paragraph. A single line break does so too, since text taken from web
pages has one per paragraph, unless it is a *hard wrap*: a break in mid-sentence, set by a
program that filled lines up to a width, or left over from the source of a page. Two signs
tell a hard wrap:

- the next line goes on in lower case, and this one does not end a sentence;
- the lines of the block (no blank line within) are filled: each is as long as it can be,
  the first word of the next line would have gone beyond the longest line.

The price: a list of lower-case lines without bullets ("apples / pears") becomes one
paragraph, and so does verse with equally long lines.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from dedup.model import Span

# Filled lines are wrapped at 60 to 80 columns by most programs; shorter equal lines are
# tables, verse and lists of names, longer ones are paragraphs.
MIN_WRAP_COLUMNS = 45
MAX_WRAP_COLUMNS = 120
# With two lines only, "the longest line" is no evidence of a width. Half of the lines must
# end in mid-sentence: a few short paragraphs of one line each are not filled lines.
MIN_FILLED_LINES = 3

# What stands at the end of a line that is complete, and what may stand behind it.
_TERMINATORS = frozenset(".!?…:;。！？؟۔।")
_CLOSERS = "'\"”’»)]」』"


def unwrap(text: str) -> str:
    r"""The text with every hard wrap replaced by a space; as long as before.

    >>> unwrap("The minister said on\nmonday.\nWeather")
    'The minister said on monday.\\nWeather'
    """
    pieces: list[str] = []
    for block in _blocks(text):
        pieces.extend(_unwrapped(block))
    return "".join(pieces)


def find_paragraphs(text: str) -> tuple[Span, ...]:
    """Spans of the paragraphs, trimmed, in order; every non-space character is in one."""
    spans: list[Span] = []
    start = 0
    for line in unwrap(text).splitlines(keepends=True):
        stripped = line.strip()
        if stripped:
            first = start + len(line) - len(line.lstrip())
            spans.append(Span(first, first + len(stripped)))
        start += len(line)
    return tuple(spans)


def _blocks(text: str) -> Iterator[list[str]]:
    """Runs of lines with text, and runs without, line breaks kept."""
    block: list[str] = []
    for line in text.splitlines(keepends=True):
        if block and line.isspace() != block[-1].isspace():
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _unwrapped(block: list[str]) -> list[str]:
    if len(block) == 1 or block[0].isspace():
        return block
    lines = [line.strip() for line in block]
    complete = [line.rstrip(_CLOSERS)[-1:] in _TERMINATORS for line in lines]
    full = _full_lines(lines, complete)
    wrapped = [
        is_full or (not is_complete and following[0].islower())
        for is_full, is_complete, following in zip(full, complete, lines[1:], strict=False)
    ]
    return [
        _with_spaces_at_end(line) if is_wrapped else line
        for line, is_wrapped in zip(block, [*wrapped, False], strict=True)
    ]


def _full_lines(lines: list[str], complete: list[bool]) -> list[bool]:
    """Which lines a program has filled up to its width; all False if none did.

    One value for each line but the last.
    """
    none = [False] * (len(lines) - 1)
    width = max(map(len, lines))
    if len(lines) < MIN_FILLED_LINES or not MIN_WRAP_COLUMNS <= width <= MAX_WRAP_COLUMNS:
        return none
    full = [
        len(line) + 1 + len(following.split(maxsplit=1)[0]) > width
        for line, following in itertools.pairwise(lines)
    ]
    broken_off = [
        is_full for is_full, is_complete in zip(full, complete, strict=False) if not is_complete
    ]
    if 2 * len(broken_off) < len(full) or not all(broken_off):
        return none
    return full


def _with_spaces_at_end(line: str) -> str:
    text = line.rstrip()
    return text + " " * (len(line) - len(text))
