"""A look at each line of a text, in Python: what ``native/paragraphs/`` does in C."""

from __future__ import annotations

from itertools import pairwise
from typing import TypeVar

Record = TypeVar("Record", bound=tuple[int, int])

# What stands at the end of a line that is complete, and what may stand behind it.
_TERMINATORS = frozenset(".!?…:;。！？：；؟۔।")
_CLOSERS = "'\"”’»)]）」』"


def is_broken_off(line: str) -> bool:
    """Whether a line, trimmed, does not end as a sentence does."""
    return line.rstrip(_CLOSERS)[-1:] not in _TERMINATORS


def breaks_off(text: str) -> bool:
    """See ``_native.pyi``."""
    lines = [line.strip() for line in text.splitlines()]
    return any(line and below and is_broken_off(line) for line, below in pairwise(lines))


def paragraphs(record: type[Record], text: str) -> tuple[Record, ...]:
    """See ``_native.pyi``."""
    found: list[Record] = []
    start = 0
    for line in text.splitlines(keepends=True):
        stripped = line.strip()
        if stripped:
            first = start + len(line) - len(line.lstrip())
            found.append(tuple.__new__(record, (first, first + len(stripped))))
        start += len(line)
    return tuple(found)
