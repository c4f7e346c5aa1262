r"""Mojibake and odd letter forms, by ftfy; composed characters (NFC).

ftfy says which steps it took but not where. Its explanation is therefore replayed on the
pieces of a line: where the mended pieces, put together, are the mended line, their borders
are exact offsets.

Three of ftfy's choices are not taken over. Curly quotes stay (quotations are found by
them). Entities are decoded by :mod:`dedup.normalize.entities`. And its search for mojibake
amid sound text (``decode_inconsistent_utf8``) is called place by place, because inside
``fix_encoding`` it may take as many rounds as the text has characters (``"Ã" + "\x83" * n``).
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Iterator

import ftfy
from ftfy import chardata
from ftfy.badness import is_bad

from dedup.model import Span
from dedup.normalize.characters import Others
from dedup.normalize.offsets import Edit, narrow

NAMED_ENTITIES = chardata.HTML_ENTITIES
"""``&name;`` to text: all of HTML 5, and Latin letters whose entity was put in capitals."""

_LEAVE_ALONE = ftfy.TextFixerConfig(
    unescape_html=False,
    remove_terminal_escapes=False,  # no news text holds them
    fix_encoding=False,
    decode_inconsistent_utf8=False,
    fix_c1_controls=False,
    fix_latin_ligatures=False,
    fix_character_width=False,
    uncurl_quotes=False,
    fix_line_breaks=False,
    fix_surrogates=False,
    remove_control_chars=False,
    normalization=None,
    explain=True,
)
_ENCODING = _LEAVE_ALONE._replace(fix_encoding=True, fix_c1_controls=True)
_FORMS = _LEAVE_ALONE._replace(fix_latin_ligatures=True, fix_character_width=True)

_FORM = re.compile("[ĲĳŉǄ-ǌǱ-ǳ\ufb00-\ufb06\u3000\uff01-\uffef]")
_DISTINCT_FORMS = 512  # more than there are

# Marks that are printed in full width in Chinese and Japanese, and plain ones would look wrong there.
# Told by the line: "（ABC）" has Latin letters on both sides of a mark. Between two letters or digits
# those that join numbers and times are plain all the same, "３，５００", "１２：３０"; and so is the
# semicolon that machine translators put at the end of an entity: "&#39；".
_WIDE_MARKS = frozenset("！（）？")
_WIDE_JOINERS = frozenset("，：")
_HAN_OR_KANA = re.compile(
    "[\u3041-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff66-\uff9f"
    "\U00020000-\U0003ffff]"
)
_LATIN_OR_DIGIT = re.compile("[0-9A-Za-z\uff10-\uff19\uff21-\uff3a\uff41-\uff5a]")
_LONGEST_ENTITY = 40  # characters: the longest name has 31, and a few are spaces
_ENTITY = re.compile(rf"[&\uff06](?:[ #\uff03]|{_LATIN_OR_DIGIT.pattern})+\Z")

# A run of non-ASCII characters without any of these is sound to ftfy, whatever stands around
# it: C1 controls, Œ, œ, Ã or Â, or two neighbours from the characters that single-byte code
# pages hold, not both of them Greek or Cyrillic letters.
_LETTERS = "\u0386\u0388-\u03ce\u0401\u0410-\u044f\u0451"
_CODE_PAGES = "\x80-\u052f\u2000-\u2bff\uf8ff\ufb00-\ufb06\ufffd"
_SUSPICIOUS = re.compile(
    "[\x80-\x9fŒœÃÂ]"
    f"|(?![{_LETTERS}])[{_CODE_PAGES}][{_CODE_PAGES}]"
    f"|[{_LETTERS}](?![{_LETTERS}])[{_CODE_PAGES}]"
)
_SUSPICIOUS_ALONE = re.compile("[\x80-\x9fŒœÃÂ]")
# Of what ``Others.kinds`` says: neighbours that are not ASCII.
_RUN = re.compile(b"n+")
_LONGER_RUN = re.compile(b"nn+")
# Characters on each side of such a run that ftfy's test for mojibake may look at: the longest
# thing that it knows has seven.
_NEIGHBOURS = 8

# Ways to cut a line into pieces for the replay, finest first. The last ones keep together
# what mojibake with lost no-break spaces ("voilÃ  tout") or a neighbour's context needs.
_PIECES = (
    re.compile(r"[\x00-\x7f]+|[^\x00-\x7f]+"),
    re.compile(r"\S+\s*|\s+"),
    re.compile(r"[!->@-~]+[^!->@-~]*|[^!->@-~]+"),
)


def encoding(text: str) -> list[Edit]:
    """Mend mojibake and C1 controls, line by line."""
    if not _could_be_mojibake(text):
        return []
    edits: list[Edit] = []
    for line in _lines(text):
        part = text[line.start : line.end]
        if _could_be_mojibake(part):
            edits += _mend_line(part, line.start)
    return edits


def _could_be_mojibake(text: str) -> bool:
    """Whether ftfy might find work in a text; never False where it would.

    ftfy's own test takes .4 µs a character. Only the surroundings of what could make it say
    yes are handed to it.
    """
    if text.isascii():
        return False
    others = Others.of(text)
    # A character alone between ASCII is sound but for a few, so most are not looked at.
    runs = _RUN if _SUSPICIOUS_ALONE.search(others.characters) else _LONGER_RUN
    return any(
        is_bad(text[max(0, start - _NEIGHBOURS) : end + _NEIGHBOURS])
        for start, end in (run.span() for run in runs.finditer(others.kinds))
        if _SUSPICIOUS.search(text, start, end)
    )


def steps_for(others: Others) -> set[str]:
    """The names of the steps of this module that may find work among some characters."""
    found = set()
    if _LONGER_RUN.search(others.kinds) or _SUSPICIOUS_ALONE.search(others.characters):
        found.add("encoding")
    if _FORM.search(others.characters):
        found.add("letter_forms")
    if _NOT_SURELY_COMPOSED.search(others.characters):
        found.add("composition")
    return found


def letter_forms(text: str) -> list[Edit]:
    """Replace Latin ligatures, and full or half width forms, by plain letters and signs.

    Punctuation of Chinese and Japanese keeps its width.
    """
    if text.isascii():
        return []
    edits: list[Edit] = []
    for line in _lines(text):
        forms = list(_FORM.finditer(text, line.start, line.end))
        keeps = bool(forms) and _HAN_OR_KANA.search(text, line.start, line.end) is not None
        edits += (
            Edit(match.start(), match.end(), _plain_form(match[0]), "letter_forms")
            for match in forms
            if _plain_form(match[0]) != match[0] and not (keeps and _is_wide_mark(text, match))
        )
    return edits


def _is_wide_mark(text: str, form: re.Match[str]) -> bool:
    """Whether a form is punctuation of the line that it stands in, which has Han or kana."""
    start, end = form.span()
    if form[0] == "；":
        return not _ENTITY.search(text, max(0, start - _LONGEST_ENTITY), start)
    if form[0] in _WIDE_JOINERS:
        return not all(map(_LATIN_OR_DIGIT.match, (text[start - 1 : start], text[end : end + 1])))
    return form[0] in _WIDE_MARKS


@functools.lru_cache(_DISTINCT_FORMS)
def _plain_form(char: str) -> str:
    return ftfy.fix_and_explain(char, _FORMS).text


def composition(text: str) -> list[Edit]:
    """Compose letters and their marks (Unicode normalization form C)."""
    if text.isascii() or not _NOT_SURELY_COMPOSED.search(text):
        return []
    edits: list[Edit] = []
    for line in _lines(text):
        if _NOT_SURELY_COMPOSED.search(text, line.start, line.end):
            edits += _compose_line(text[line.start : line.end], line.start)
    return edits


def _lines(text: str) -> Iterator[Span]:
    start = 0
    for line in text.split("\n"):
        yield Span(start, start + len(line))
        start += len(line) + 1


def _mend_line(line: str, offset: int) -> list[Edit]:
    fixed, plan = ftfy.fix_and_explain(line, _ENCODING)
    if fixed == line:
        return _mend_places(line, offset)
    steps = [(action, parameter) for action, parameter in plan or ()]
    return _replay(line, fixed, lambda piece: ftfy.apply_plan(piece, steps), "encoding", offset)


def _mend_places(line: str, offset: int) -> list[Edit]:
    """Mend what is surely UTF-8 read as something else, amid text that is not."""
    if not is_bad(line):
        return []
    edits = []
    for place in chardata.UTF8_DETECTOR_RE.finditer(line):
        if is_bad(place[0]):
            fixed = ftfy.fix_encoding_and_explain(place[0], _ENCODING).text
            if fixed != place[0]:
                edits.append(Edit(place.start() + offset, place.end() + offset, fixed, "encoding"))
    return edits


def _replay(
    line: str, fixed: str, mend: Callable[[str], str], step: str, offset: int
) -> list[Edit]:
    """Edits that turn ``line`` into ``fixed``, as small as a replay on pieces can show."""
    for cut in _PIECES:
        pieces = cut.findall(line)
        try:
            mended = [mend(piece) for piece in pieces]
        except UnicodeError:
            continue  # cut through a character
        if "".join(mended) == fixed:
            return _edits_of_pieces(pieces, mended, step, offset)
    return [narrow(Edit(offset, offset + len(line), fixed, step), line)]


def _edits_of_pieces(pieces: list[str], mended: list[str], step: str, offset: int) -> list[Edit]:
    edits = []
    for old, new in zip(pieces, mended, strict=True):
        if old != new:
            edits.append(narrow(Edit(offset, offset + len(old), new, step), old))
        offset += len(old)
    return edits


# The characters of most text, each of which is composed, keeps its place beside any other of
# them, and composes with none: a line of these alone is in form C.
_NOT_SURELY_COMPOSED = re.compile(
    "[^\0-\u02ff\u0388-\u03ff\u0400-\u0482\u048a-\u052f\u05d0-\u05ea\u0620-\u064a\u0660-\u066f"
    "\u0671-\u06d4\u0904-\u0928\u0e01-\u0e30\u2010-\u2027\u2030-\u205e\u20a0-\u20bf"
    "\u3001-\u3029\u3030-\u3098\u309b-\u30ff\u4e00-\u9fff\uac00-\ud7a3\uff01-\uff9d]"
)

# Marks in a row that are still put in canonical order: that takes quadratic time, and the
# Unicode standard's own stream-safe format ends at 30 (UAX 15, D4).
_MOST_MARKS = 30


def _compose_line(line: str, offset: int) -> list[Edit]:
    if _has_endless_marks(line):
        return []
    fixed = unicodedata.normalize("NFC", line)
    if fixed == line:
        return []
    return _replay(line, fixed, _composed, "composition", offset)


def _composed(piece: str) -> str:
    return unicodedata.normalize("NFC", piece)


def _has_endless_marks(line: str) -> bool:
    run = 0
    for char in line:
        run = run + 1 if unicodedata.combining(char) else 0
        if run > _MOST_MARKS:
            return True
    return False
