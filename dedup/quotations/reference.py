"""The search for quotation marks in Python: what ``native/quotations/`` says in C.

``_native.pyi`` says what each function is given and gives.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from typing import TypeVar

from dedup.quotations.marks import DOUBLE, FAMILY, SINGLE, STRAIGHT, Habits, Mark, Role

Record = TypeVar("Record", bound=tuple[object, ...])

__all__ = ["find_marks", "has_marks", "plain_quotations"]

# What a mark does in most languages.
_USUAL_ROLE: dict[str, Role] = {
    **dict.fromkeys(["“", "„", "‟", "‘", "‚", "«", "‹", "「", "『", "〝", "``", "‘‘"], "opens"),
    **dict.fromkeys(["”", "’", "»", "›", "」", "』", "〞", "〟", "''", "’’"], "closes"),
    **dict.fromkeys(['"', "'", "＂", "״"], "either"),
}
# Urdu and its neighbours set them the other way round; some set « spaced » ones besides.
_REVERSED_ROLE: dict[str, Role] = {
    **dict.fromkeys(["”", "’", "’’"], "opens"),
    **dict.fromkeys(["“", "‘", "‘‘"], "closes"),
}
# Brackets never change sides. Nor do curly marks where spaces mean nothing.
_BRACKETS = frozenset("「」『』〝〞〟")

# Single marks between two letters are apostrophes and gershayim, and not even looked at; but
# in Thai, Lao and East Asian scripts words and particles follow a mark without a space.
_MARK = re.compile(
    r"""([“”„‟«»‹›「」『』〝〞〟＂‘’‚"'״`])(?:(?<=[`'‘’])\1)?"""
    r"""(?<!\w['’״](?=[^\W\u0e00-\u0eff\u1100-\u11ff\u2e80-\uffff]))"""
)
_MARK_CHARACTERS = frozenset("".join(FAMILY))
_BEFORE_OPENING = frozenset("([{<（-–—―/…:：¿¡、")
_AFTER_CLOSING = frozenset(")]}>,.;:!?-–—―/…。，、；：！？）؟،؛۔।")
_NEVER_AFTER_OPENING = _AFTER_CLOSING - frozenset("<-–—―/")
_ELISIONS = frozenset("'’")
_HEBREW = frozenset(map(chr, range(0x0590, 0x0600)))
# From here on scripts that do not put spaces around marks.
_FIRST_UNSPACED = "\u2e80"

# 'tis, rock 'n' roll, the '90s.
_CLIPPED_WORD = re.compile(r"(?:\d\ds?|tis|twas|em|n|cause|til|bout)\b", re.IGNORECASE)
# 6'2", 6’2”: the mark for inches, told by the feet in front of it.
_FEET = re.compile(r"\d['’]\d{1,2}$")
_FEET_CHARACTERS = 5
# White space that may stand between a mark and what precedes it, with the character itself.
_NEAR = 3
# More marks in a row than this are decoration; looking past them all would be quadratic.
_MARKS_IN_A_ROW = 4

# Marks with the characters beside them, of which some hundred make up nearly all of the news.
_REMEMBERED_PLACES = 4096


def has_marks(text: str) -> bool:
    """Whether anything in a text looks like a mark; apostrophes inside words do not."""
    return bool(_found_marks(text, 0, len(text)))


def find_marks(
    record: Callable[..., Record],
    text: str,
    paragraph: tuple[int, int],
    habits: tuple[bool, bool, bool],
) -> list[Record]:
    """Find the marks of a paragraph that open or close, in order."""
    return [record(*mark) for mark in _marks(text, *paragraph, Habits(*habits))]


def plain_quotations(
    text: str, paragraphs: Sequence[tuple[int, int]], habits: tuple[bool, bool, bool]
) -> list[list[tuple[int, int]] | None]:
    """Find the quotations of paragraphs whose marks leave nothing to be settled, as most do."""
    return [
        _plain([Mark(*mark) for mark in _marks(text, start, end, Habits(*habits))], text)
        for start, end in paragraphs
    ]


def _plain(marks: list[Mark], text: str) -> list[tuple[int, int]] | None:
    told = [mark for mark in marks if mark.family != SINGLE or mark.role != "closes"]
    roles = itertools.cycle(("opens", "closes"))
    if len(told) % 2 or any(
        mark.family != DOUBLE or mark.role != role for mark, role in zip(told, roles, strict=False)
    ):
        return None
    between = [(a.end, b.start) for a, b in zip(told[::2], told[1::2], strict=True)]
    trimmed = [
        (end - len(text[start:end].lstrip()), start + len(text[start:end].rstrip()))
        for start, end in between
    ]
    return [(start, end) for start, end in trimmed if start < end]


def _found_marks(text: str, start: int, end: int) -> list[re.Match[str]]:
    """All that look like marks, in order: looked for by character, which is faster."""
    places: list[int] = []
    for character in _MARK_CHARACTERS:
        place = text.find(character, start, end)
        while place >= 0:
            places.append(place)
            place = text.find(character, place + 1, end)
    found: list[re.Match[str]] = []
    behind = 0
    for place in sorted(places):
        mark = _MARK.match(text, place) if place >= behind else None
        if mark:
            found.append(mark)
            behind = mark.end()
    return found


def _marks(
    text: str, first: int, behind_last: int, habits: Habits
) -> Iterator[tuple[int, int, str, str, Role, bool, str]]:
    """The marks of one paragraph that open or close, in order: the fields of `Mark`."""
    if not 0 <= first <= behind_last <= len(text):
        raise IndexError("a paragraph that is not in the text")
    for found in _found_marks(text, first, behind_last):
        mark, start, end = found.group(), found.start(), found.end()
        if mark not in FAMILY:  # a single backtick
            continue
        before, after = _beside(text, start, end, first, behind_last)
        if _follows_elision(text, start, after):
            before = " "
        role = _role(mark, before, after, habits)
        if role is None or _is_apostrophe(mark, role, text, end, habits):
            continue
        if before.isdecimal() and _FEET.search(text, max(0, start - _FEET_CHARACTERS), start):
            continue
        is_possessive = (
            before == "s" and text[end : end + 1] == " " and text[end + 1 : end + 2].islower()
        )
        behind = text[max(first, start - _NEAR) : start].rstrip()[-1:] or "."
        yield start, end, mark, FAMILY[mark], role, is_possessive, behind


def _beside(text: str, start: int, end: int, first: int, behind_last: int) -> tuple[str, str]:
    """The characters beside a mark, other marks skipped; a space beyond the paragraph."""
    left, right = start - 1, end
    while left >= first and text[left] in _MARK_CHARACTERS and start - left <= _MARKS_IN_A_ROW:
        left -= 1
    while right < behind_last and text[right] in _MARK_CHARACTERS and right - end < _MARKS_IN_A_ROW:
        right += 1
    before = text[left] if left >= first else " "
    after = text[right] if right < behind_last else " "
    return before, after


def _follows_elision(text: str, start: int, after: str) -> bool:
    """Whether a mark opens behind a word cut short before it: l’“air”, d’« importants »."""
    if start < 2 or text[start - 1] not in _ELISIONS or not text[start - 2].isalpha():
        return False
    return after.isalnum() or text[start] == "«"


@lru_cache(maxsize=_REMEMBERED_PLACES)
def _role(mark: str, before: str, after: str, habits: Habits) -> Role | None:
    """What a mark between these characters does; None if it is no quotation mark."""
    usual = _usual_role(mark, habits)
    if mark in _BRACKETS or (usual != "either" and habits.is_unspaced):
        return usual
    follows_gap = before.isspace() or before in _BEFORE_OPENING
    can_open = follows_gap and not after.isspace() and after not in _NEVER_AFTER_OPENING
    can_close = not before.isspace() and (after.isspace() or after in _AFTER_CLOSING)
    if can_open != can_close:
        return "opens" if can_open else "closes"
    is_inside_word = before.isalnum() and after.isalnum() and max(before, after) < _FIRST_UNSPACED
    # Two straight marks between letters are glued to them by mistake, but in Hebrew.
    is_glued = mark == STRAIGHT and before.isalpha() and before not in _HEBREW
    return None if usual == "either" and is_inside_word and not is_glued else usual


def _usual_role(mark: str, habits: Habits) -> Role:
    if habits.is_reversed and mark in _REVERSED_ROLE:
        return _REVERSED_ROLE[mark]
    return _USUAL_ROLE[mark]


def _is_apostrophe(mark: str, role: Role, text: str, end: int, habits: Habits) -> bool:
    """Whether an opening single mark stands for letters left out."""
    if FAMILY[mark] != SINGLE or role == "closes":
        return False
    if mark == "’" and not habits.opens_with_closing_mark:
        return True
    return _CLIPPED_WORD.match(text, end) is not None
