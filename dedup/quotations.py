"""Stretches between quotation marks.

What a mark does is told by what stands beside it, since the same character opens in one
language and closes in another (”, “, », «). It *opens* after white space, an opening
bracket, a colon or a dash and before anything else; it *closes* after anything else and
before white space, punctuation or the end. Where this does not tell (Chinese, French
« spaced » marks, glued sentences), the character does what it does in most languages; and a
straight mark opens if no quotation is open.

Marks pair within their family ("double", "single", guillemets, corner brackets ...), since
typists and content systems mix “ " „ at will. Outermost pairs count. A mark that opens
while one of its family is open is nested if the paragraph has as many closing as opening
marks; otherwise the first one was a stray.

Machine translation sets straight marks with the space on the wrong side ("We won, "she
said). Where the straight marks of a paragraph do not add up by their sides but are even in
number, they open and close by turns, strays left out.

Pairs are looked for within a paragraph, so a stray mark never swallows more than the rest
of its own. A quotation over several paragraphs, each re-opened without the one before being
closed, as newspapers print it, gives one piece for each; so does one that the next
paragraph closes without re-opening. The same holds where the line breaks were lost, if the
quotation began a sentence or followed a comma or colon, and re-opens behind a full stop.

Without marks, a line is speech that begins with a dash and has a reporting clause between
dashes (— Vamos —dijo ella—. Ya.), in the languages whose reporting verbs are known and that
print it so. Lines of an interview without such a clause are not: a list begins with dashes, too.

Not taken for quotations: 《titles》; apostrophes; feet and inches. The prices: a possessive
plural ('the players' union') ends a single-quoted stretch unless another mark follows that
can; a navigation line "« back | next »" is a quotation.
"""

from __future__ import annotations

import functools
import itertools
import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Literal, NamedTuple

from dedup.model import Quotation, Span
from dedup.paragraphs import find_paragraphs
from dedup.reporting import Reporting, reporting

Role = Literal["opens", "closes", "either"]

SINGLE = "single"
_FAMILIES = {
    "double": ("“", "”", "„", "‟", '"', "＂", "״", "``", "''", "‘‘", "’’"),
    SINGLE: ("‘", "’", "‚", "'"),
    "guillemets": ("«", "»"),
    "single guillemets": ("‹", "›"),
    "corner brackets": ("「", "」"),
    "white corner brackets": ("『", "』"),
    "prime marks": ("〝", "〞", "〟"),
}
_FAMILY = {mark: family for family, marks in _FAMILIES.items() for mark in marks}
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
_LANGUAGES_REVERSED = frozenset({"ur", "sd", "ks", "skr", "pnb"})
# Brackets never change sides. Nor do curly marks where spaces mean nothing.
_BRACKETS = frozenset("「」『』〝〞〟")
_LANGUAGES_UNSPACED = frozenset({"zh", "zh-Hant", "ja"})
_STRAIGHT = '"'
# Only here is ’ also an opening mark; elsewhere one in front of a word is an apostrophe.
_LANGUAGES_OPENING_WITH_CLOSING_MARK = _LANGUAGES_REVERSED | {"sv", "fi", "no", "nn", "da"}

# Single marks between two letters are apostrophes and gershayim, and not even looked at; but
# in Thai, Lao and East Asian scripts words and particles follow a mark without a space. The
# pattern begins with one set of characters: that is what `re` searches fastest.
_MARK = re.compile(
    r"""([“”„‟«»‹›「」『』〝〞〟＂‘’‚"'״`])(?:(?<=[`'‘’])\1)?"""
    r"""(?<!\w['’״](?=[^\W\u0e00-\u0eff\u1100-\u11ff\u2e80-\uffff]))"""
)
# Speech between dashes: a line begins with one; in it they stand beside white space.
_DIALOGUE = re.compile(r"^[ \t]*[-–—―]{1,2}[ \u00a0]?(?:[^\W\d_]|[¿¡])", re.MULTILINE)
_DASH = re.compile(r"(?:^|(?<=\s)|(?<=^[ \t]))[-–—―]{1,2}|[–—―](?=[\s.,;:])", re.MULTILINE)
_MARK_CHARACTERS = frozenset("".join(_FAMILY))
_BEFORE_OPENING = frozenset("([{<-–—―/…:：¿¡，、")
_AFTER_CLOSING = frozenset(")]}>,.;:!?-–—―/…。，、；：！？）؟،؛۔।")
_NEVER_AFTER_OPENING = _AFTER_CLOSING - frozenset("<-–—―/")
_ELISIONS = frozenset("'’")
_HEBREW = frozenset(map(chr, range(0x0590, 0x0600)))
# From here on scripts that do not put spaces around marks.
_FIRST_UNSPACED = "\u2e80"

_TERMINATORS = frozenset(".!?…。！？।۔؟")
_BEFORE_SPEECH = _TERMINATORS | frozenset(",:，：、،")

# Straight marks that do not add up: what it costs to take one for a stray, where to take it
# for the contrary of what its sides say costs 1. A stray between two quotations would turn both
# marks of the next one around.
STRAY_COST = 1.5

# A stretch that nothing closes or re-opens is dropped if it is longer: in US news 99 % of
# closed quotations have at most 505 characters, and some texts are one single paragraph.
MAX_STRAY_CHARACTERS = 600

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


class _Mark(NamedTuple):
    """A mark that opens or closes.

    Attributes:
        is_possessive: It might be the plural's apostrophe.
        behind: The last character before it that is no space; a full stop at the beginning
            of the paragraph.
    """

    start: int
    end: int
    character: str
    family: str
    role: Role
    is_possessive: bool
    behind: str


_Pair = tuple[_Mark | None, _Mark | None]


def find_quotations(text: str, lang: str) -> tuple[Quotation, ...]:
    """Find what stands between quotation marks, the outermost ones where they are nested.

    Args:
        text: Clean text; any `str` is accepted.
        lang: ISO 639-1 code of the text; ``"und"`` if unknown.

    Returns:
        In text order, not overlapping, trimmed and never empty, however short: whoever
        wants no scare quotes goes by length. ``closed`` is False where the paragraph ended
        first.

    >>> text = "“We won’t go,” she said, “not ‘today’.”"
    >>> [text[found.span.start : found.span.end] for found in find_quotations(text, "en")]
    ['We won’t go,', 'not ‘today’.']
    """
    found = _found_marks(text)
    if not found and not _DIALOGUE.search(text):
        return ()
    ends = [mark.end() for mark in found]
    quotations: list[Quotation] = []
    left_open: str | None = None
    paragraphs = find_paragraphs(text)
    for paragraph, following in itertools.zip_longest(paragraphs, paragraphs[1:]):
        inside = found[bisect_right(ends, paragraph.start) : bisect_right(ends, paragraph.end)]
        marks = list(_marks(inside, text, paragraph, lang)) if inside else None
        if not marks:
            left_open = None
            quotations.extend(_dialogue(text, paragraph, lang))
            continue
        reopened = _family_at(text, following.start) if following else None
        pairs = list(_pairs(_with_partners(_by_turns(marks), reopened)))
        quotations.extend(_quotations(text, pairs, paragraph, left_open, reopened))
        left_open = _left_open(pairs)
    return tuple(quotations)


def _dialogue(text: str, paragraph: Span, lang: str) -> Iterator[Quotation]:
    """What is said in a paragraph that dashes divide into speech and reporting clauses."""
    words = reporting(lang)
    if words is None or not words.inverts or not _DIALOGUE.match(text, paragraph.start):
        return
    dashes = [*_DASH.finditer(text, paragraph.start, paragraph.end)]
    pieces = [
        Span(dash.end(), following.start() if following else paragraph.end)
        for dash, following in itertools.zip_longest(dashes, dashes[1:])
    ]
    clause = _clause(words)
    is_clause = [clause.match(text, piece.start, piece.end) is not None for piece in pieces]
    if is_clause[0] or not any(is_clause[1:2]):
        return
    for piece, is_said in zip(pieces, (not found for found in is_clause), strict=True):
        said = text[piece.start : piece.end]
        start = piece.end - len(said.lstrip(" \u00a0,.;:"))
        end = piece.start + len(said.rstrip(" \u00a0,"))
        if is_said and start < end:
            yield Quotation(Span(start, end), closed=True)


@functools.cache
def _clause(words: Reporting) -> re.Pattern[str]:
    """How a reporting clause between dashes begins."""
    verbs, auxiliaries = "|".join(words.verbs), "|".join(words.auxiliaries)
    return re.compile(rf"[\s,]*(?:(?:{auxiliaries})\s)?(?:{verbs})\b")


def _family_at(text: str, position: int) -> str | None:
    """The family of the mark at a position; None if there is none."""
    found = _MARK.match(text, position)
    return _FAMILY.get(found.group()) if found else None


def _found_marks(text: str) -> list[re.Match[str]]:
    """All that look like marks, in order: looked for by character, which is faster."""
    places: list[int] = []
    for character in _MARK_CHARACTERS:
        place = text.find(character)
        while place >= 0:
            places.append(place)
            place = text.find(character, place + 1)
    found: list[re.Match[str]] = []
    end = 0
    for place in sorted(places):
        mark = _MARK.match(text, place) if place >= end else None
        if mark:
            found.append(mark)
            end = mark.end()
    return found


def _marks(
    found_marks: list[re.Match[str]], text: str, paragraph: Span, lang: str
) -> Iterator[_Mark]:
    """The marks of one paragraph that open or close, in order."""
    for found in found_marks:
        mark, start, end = found.group(), found.start(), found.end()
        if mark not in _FAMILY:  # a single backtick
            continue
        before, after = _beside(text, start, end, paragraph)
        if _follows_elision(text, start, after):
            before = " "
        role = _role(mark, before, after, lang)
        if role is None or _is_apostrophe(mark, role, text, end, lang):
            continue
        if before.isdecimal() and _FEET.search(text, max(0, start - _FEET_CHARACTERS), start):
            continue
        is_possessive = (
            before == "s" and text[end : end + 1] == " " and text[end + 1 : end + 2].islower()
        )
        behind = text[max(paragraph.start, start - _NEAR) : start].rstrip()[-1:] or "."
        yield _Mark(start, end, mark, _FAMILY[mark], role, is_possessive, behind)


def _beside(text: str, start: int, end: int, paragraph: Span) -> tuple[str, str]:
    """The characters beside a mark, other marks skipped; a space beyond the paragraph."""
    left, right = start - 1, end
    while (
        left >= paragraph.start
        and text[left] in _MARK_CHARACTERS
        and start - left <= _MARKS_IN_A_ROW
    ):
        left -= 1
    while (
        right < paragraph.end and text[right] in _MARK_CHARACTERS and right - end < _MARKS_IN_A_ROW
    ):
        right += 1
    before = text[left] if left >= paragraph.start else " "
    after = text[right] if right < paragraph.end else " "
    return before, after


def _follows_elision(text: str, start: int, after: str) -> bool:
    """Whether a mark opens behind a word cut short before it: l’“air”, d’« importants »."""
    if start < 2 or text[start - 1] not in _ELISIONS or not text[start - 2].isalpha():
        return False
    return after.isalnum() or text[start] == "«"


@functools.lru_cache(maxsize=_REMEMBERED_PLACES)
def _role(mark: str, before: str, after: str, lang: str) -> Role | None:
    """What a mark between these characters does; None if it is no quotation mark."""
    usual = _usual_role(mark, lang)
    if mark in _BRACKETS or (usual != "either" and lang in _LANGUAGES_UNSPACED):
        return usual
    follows_gap = before.isspace() or before in _BEFORE_OPENING
    can_open = follows_gap and not after.isspace() and after not in _NEVER_AFTER_OPENING
    can_close = not before.isspace() and (after.isspace() or after in _AFTER_CLOSING)
    if can_open != can_close:
        return "opens" if can_open else "closes"
    is_inside_word = before.isalnum() and after.isalnum() and max(before, after) < _FIRST_UNSPACED
    # Two straight marks between letters are glued to them by mistake, but in Hebrew.
    is_glued = mark == _STRAIGHT and before.isalpha() and before not in _HEBREW
    return None if usual == "either" and is_inside_word and not is_glued else usual


def _usual_role(mark: str, lang: str) -> Role:
    if lang in _LANGUAGES_REVERSED and mark in _REVERSED_ROLE:
        return _REVERSED_ROLE[mark]
    return _USUAL_ROLE[mark]


def _is_apostrophe(mark: str, role: Role, text: str, end: int, lang: str) -> bool:
    """Whether an opening single mark stands for letters left out."""
    if _FAMILY[mark] != SINGLE or role == "closes":
        return False
    if mark == "’" and lang not in _LANGUAGES_OPENING_WITH_CLOSING_MARK:
        return True
    return _CLIPPED_WORD.match(text, end) is not None


def _by_turns(marks: list[_Mark]) -> list[_Mark]:
    """The marks, straight ones opening and closing by turns if they do not add up."""
    straight = [mark for mark in marks if mark.character == _STRAIGHT]
    if not straight:
        return marks
    doubles = sum(mark.family == _FAMILY[_STRAIGHT] for mark in marks)
    may_open = any(mark.role == "opens" for mark in straight)
    if len(straight) % 2 or len(straight) != doubles or not may_open or _add_up(straight):
        return marks
    roles = iter(_turns(straight))
    turned: list[_Mark] = []
    for mark in marks:
        role = next(roles) if mark.character == _STRAIGHT else mark.role
        if role is not None:
            turned.append(mark._replace(role=role))
    return turned


def _turns(marks: list[_Mark]) -> list[Role | None]:
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


def _cost_to_stay(mark: _Mark) -> float:
    """What it costs to go on inside a quotation behind a mark."""
    return 1 if mark.role == "opens" and mark.behind in _TERMINATORS else STRAY_COST


def _add_up(marks: list[_Mark]) -> bool:
    """Whether each mark that opens is closed by a later one, and the other way round."""
    depth = 0
    for mark in marks:
        depth += 1 if mark.role == "opens" or (mark.role == "either" and not depth) else -1
        if depth < 0:
            return False
    return depth == 0


def _with_partners(marks: list[_Mark], reopened: str | None) -> list[_Mark]:
    """The marks without opening ones that nothing closes, where that means they are none.

    A single mark is an apostrophe then, unless the next paragraph re-opens with one. A mark
    of either role then closes.
    """
    kept: list[_Mark] = []
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


def _pairs(marks: list[_Mark]) -> Iterator[_Pair]:
    """Opening and closing marks of the outermost quotations, in order.

    None stands for an opening mark in an earlier paragraph, or for a closing one that is
    missing; an opening mark in its place re-opens.
    """
    paired: dict[str, bool] = {}
    opening: _Mark | None = None
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
        elif _pair_up(mark.family, marks, paired):
            depth += 1
        else:
            if opening.behind in _BEFORE_SPEECH and mark.behind in _TERMINATORS:
                yield opening, mark
            opening, depth = mark, 1
    if opening is not None:
        yield opening, None


def _pair_up(family: str, marks: list[_Mark], known: dict[str, bool]) -> bool:
    """Whether as many marks of a family open as close; counted once for each family."""
    if family not in known:
        roles = [mark.role for mark in marks if mark.family == family]
        known[family] = roles.count("opens") == roles.count("closes")
    return known[family]


def _is_plural(mark: _Mark, following: _Mark | None) -> bool:
    """Whether a mark is the apostrophe of a plural, since the next one closes."""
    return mark.is_possessive and following is not None and _may_close(following, mark)


def _may_close(mark: _Mark, possessive: _Mark) -> bool:
    return mark.family == possessive.family and mark.role != "opens"


def _quotations(
    text: str, pairs: list[_Pair], paragraph: Span, left_open: str | None, reopened: str | None
) -> Iterator[Quotation]:
    """What the pairs of one paragraph enclose.

    Args:
        text: The whole text.
        pairs: Of the paragraph.
        paragraph: Its span.
        left_open: The family of the quotation that the paragraph before left open.
        reopened: The family of the mark that the next paragraph begins with.
    """
    for index, (opening, closing) in enumerate(pairs):
        if opening is None and (index or closing is None or closing.family != left_open):
            continue  # a closing mark that nothing opened
        start = opening.end if opening else paragraph.start
        end = closing.start if closing else paragraph.end
        piece = text[start:end]
        stripped = piece.strip()
        closed = closing is not None and closing.role != "opens"
        is_stray = (
            not closed
            and opening is not None
            and not (closing is None and opening.family == reopened)
        )
        if stripped and not (is_stray and len(stripped) > MAX_STRAY_CHARACTERS):
            start += len(piece) - len(piece.lstrip())
            yield Quotation(Span(start, start + len(stripped)), closed=closed)


def _left_open(pairs: list[_Pair]) -> str | None:
    """The family of the quotation that a paragraph leaves open."""
    if not pairs or pairs[-1][1] is not None:
        return None
    opening = pairs[-1][0]
    return opening.family if opening else None
