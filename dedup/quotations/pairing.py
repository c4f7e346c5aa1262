"""Marks of one paragraph, paired."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from dedup.quotations.marks import DOUBLE, SINGLE, STRAIGHT, Mark, Role

_TERMINATORS = frozenset(".!?…。！？।۔؟")
_BEFORE_SPEECH = _TERMINATORS | frozenset(",:，：、،")

# Straight marks that do not add up: what it costs to take one for a stray, where to take it
# for the contrary of what its sides say costs 1. A stray between two quotations would turn both
# marks of the next one around.
STRAY_COST = 1.5

Pair = tuple[Mark | None, Mark | None]


def pair_up(marks: list[Mark], reopened: str | None) -> list[Pair]:
    """Find opening and closing marks of the outermost quotations.

    Args:
        marks: Of one paragraph, in order.
        reopened: The family of the mark that the next paragraph begins with.

    Returns:
        Pairs in order. None stands for an opening mark in an earlier paragraph, or for a closing
        one that is missing; an opening mark in its place re-opens.
    """
    return list(_pairs(_with_partners(_by_turns(marks), reopened)))


def _by_turns(marks: list[Mark]) -> list[Mark]:
    """The marks, straight ones opening and closing by turns if they do not add up."""
    straight = [mark for mark in marks if mark.character == STRAIGHT]
    if not straight:
        return marks
    doubles = sum(mark.family == DOUBLE for mark in marks)
    may_open = any(mark.role == "opens" for mark in straight)
    if len(straight) % 2 or len(straight) != doubles or not may_open or _add_up(straight):
        return marks
    roles = iter(_turns(straight))
    turned: list[Mark] = []
    for mark in marks:
        role = next(roles) if mark.character == STRAIGHT else mark.role
        if role is not None:
            turned.append(mark._replace(role=role))
    return turned


def _turns(marks: list[Mark]) -> list[Role | None]:
    """What straight marks do that open and close by turns; None for strays.

    Of all ways to read them the one that costs least: a mark is read against its sides, left
    out, or opens again behind a full stop where a paragraph began before line breaks were lost.
    """
    outside, inside = 0.0, float("inf")  # Least cost to stand so behind the marks so far.
    moves: list[tuple[bool, bool]] = []  # Whether each brought us outside, inside.
    for mark in marks:
        closed, opened = inside + (mark.role == "opens"), outside + (mark.role == "closes")
        left_out, stayed = outside + STRAY_COST, inside + _cost_to_stay(mark)
        moves.append((closed <= left_out, opened <= stayed))
        outside, inside = min(closed, left_out), min(opened, stayed)
    turns: list[Role | None] = []
    is_inside = False
    for mark, (brought_outside, brought_inside) in zip(
        reversed(marks), reversed(moves), strict=True
    ):
        moved = brought_inside if is_inside else brought_outside
        reopens = is_inside and _cost_to_stay(mark) < STRAY_COST
        turns.append(("opens" if is_inside else "closes") if moved or reopens else None)
        is_inside ^= moved
    return turns[::-1]


def _cost_to_stay(mark: Mark) -> float:
    """What it costs to go on inside a quotation behind a mark."""
    return 1 if mark.role == "opens" and mark.behind in _TERMINATORS else STRAY_COST


def _add_up(marks: list[Mark]) -> bool:
    """Whether each mark that opens is closed by a later one, and the other way round."""
    depth = 0
    for mark in marks:
        depth += 1 if mark.role == "opens" or (mark.role == "either" and not depth) else -1
        if depth < 0:
            return False
    return depth == 0


def _with_partners(marks: list[Mark], reopened: str | None) -> list[Mark]:
    """The marks without opening ones that nothing closes, where that means they are none.

    A single mark is an apostrophe then, unless the next paragraph re-opens with one. A mark
    of either role then closes.
    """
    kept: list[Mark] = []
    closed: set[str] = set()
    for mark in reversed(marks):
        if mark.role == "closes" or mark.family in closed:
            kept.append(mark)
        elif mark.role == "either":
            kept.append(mark._replace(role="closes"))
        elif mark.family != SINGLE or reopened == SINGLE:
            kept.append(mark)
        if mark.role != "opens":
            closed.add(mark.family)
    return kept[::-1]


def _pairs(marks: list[Mark]) -> Iterator[Pair]:
    """Opening and closing marks of the outermost quotations, in order."""
    balanced: dict[str, bool] = {}
    opening: Mark | None = None
    depth = 0
    for mark, following in itertools.zip_longest(marks, marks[1:]):
        if opening is None:
            if mark.role == "closes":
                yield None, mark
            else:
                opening, depth = mark, 1
        elif mark.family != opening.family or _is_plural(mark, following):
            continue
        elif mark.role != "opens":
            depth -= 1
            if not depth:
                yield opening, mark
                opening = None
        elif _is_balanced(mark.family, marks, balanced):
            depth += 1
        else:
            if opening.behind in _BEFORE_SPEECH and mark.behind in _TERMINATORS:
                yield opening, mark
            opening, depth = mark, 1
    if opening is not None:
        yield opening, None


def _is_balanced(family: str, marks: list[Mark], known: dict[str, bool]) -> bool:
    """Whether as many marks of a family open as close; counted once for each family."""
    if family not in known:
        roles = [mark.role for mark in marks if mark.family == family]
        known[family] = roles.count("opens") == roles.count("closes")
    return known[family]


def _is_plural(mark: Mark, following: Mark | None) -> bool:
    """Whether a mark is the apostrophe of a plural, since the next one closes."""
    return mark.is_possessive and following is not None and _may_close(following, mark)


def _may_close(mark: Mark, possessive: Mark) -> bool:
    return mark.family == possessive.family and mark.role != "opens"
