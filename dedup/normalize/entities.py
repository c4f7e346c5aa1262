"""HTML entities in plain text: whole, escaped many times over, or torn apart by spaces.

A machine translator (or a naive tokenizer) that meets ``&#39;`` gives back ``& # 39;``.
"""

from __future__ import annotations

import html
import re

from dedup.normalize.encoding import NAMED_ENTITIES
from dedup.normalize.offsets import Edit

AMPERSAND = "&"
"""Every entity begins with it."""

# Spaces allowed at each place inside a torn entity. One is usual; non-breaking and double
# spaces occur. More would reach across columns of a table.
_GAP = "[ \t\xa0]{0,3}"

# Names that occur torn in news text. Not every name that HTML knows: "AT & T;" is not an
# entity only because "T" is none; "& image;" (U+2111) in a list of things is not one either.
SPACED_NAMES = (
    "quot|amp|nbsp|apos|lt|gt|lsquo|rsquo|sbquo|ldquo|rdquo|bdquo|laquo|raquo|lsaquo|rsaquo"
    "|ndash|mdash|hellip|bull|middot|iexcl|iquest|euro|pound|copy|reg|trade|deg|shy|ensp|emsp"
    "|[aeiouy](?:acute|grave|circ|uml|tilde|ring)|ntilde|ccedil|szlig|aelig|oslash"
)

_NUMERIC = f"&{_GAP}#{_GAP}(?:[0-9]{{1,24}}|[xX][0-9A-Fa-f]{{1,24}}){_GAP};"
_NAMED = f"&[0-9A-Za-z]{{2,31}};|&{_GAP}(?i:{SPACED_NAMES}){_GAP};"
_ENTITY = re.compile(f"{_NUMERIC}|{_NAMED}")
_TORN_NAME = re.compile(f"&(?i:{SPACED_NAMES});")
_LONGEST = 40  # characters: & + gap + # + gap + 24 digits and an x + gap + ;
_SPACES = re.compile("[ \t\xa0]+")


def entities(text: str) -> list[Edit]:
    """Decode entities, also nested (``&amp;#39;``) and torn (``& # 39;``) ones, in one pass.

    ftfy's own decoding stops at the first ``<`` and peels one layer per round; here a
    decoded character may complete the entity around it, so that the result holds none,
    in time proportional to the text.
    """
    if "&" not in text or not _ENTITY.search(text):
        return []
    edits: list[Edit] = []
    start = 0
    for line in text.split("\n"):
        if "&" in line and ";" in line:
            edits += _decode_line(line, start)
        start += len(line) + 1
    return edits


def decode(entity: str) -> str | None:
    """The text that one entity stands for; None if it is no entity.

    >>> decode("& # 39;"), decode("& Quot;"), decode("&Eacute;"), decode("&foo;")
    ("'", '"', 'É', None)
    """
    if not _ENTITY.fullmatch(entity):
        return None
    whole = _SPACES.sub("", entity)
    if whole.startswith("&#"):
        return _decode_numeric(whole, torn=whole != entity)
    found = NAMED_ENTITIES.get(whole)
    if found is None and _TORN_NAME.fullmatch(whole):
        found = NAMED_ENTITIES.get(whole.lower())  # translators capitalize: "& Quot;"
    return found


def _decode_numeric(whole: str, *, torn: bool) -> str | None:
    decoded = html.unescape(whole)
    readable = decoded.isprintable() or decoded.isspace()
    if decoded == whole or (torn and not (decoded and readable)):
        return None
    return decoded


def _decode_line(line: str, offset: int) -> list[Edit]:
    """Decode by a stack of characters: each ``;`` may close the entity that ends there."""
    stack: list[str] = []  # the line decoded so far, one character each
    starts: list[int] = []  # where in ``line`` the text that each character stands for begins
    edits: list[Edit] = []
    for position, char in enumerate(line):
        stack.append(char)
        starts.append(position)
        while stack and stack[-1] == ";":
            place, decoded = _closed_entity(stack)
            if decoded is None:
                break
            begin = starts[place]
            while edits and edits[-1].start >= begin + offset:  # this entity swallows them
                edits.pop()
            edits.append(Edit(begin + offset, position + 1 + offset, decoded, "entities"))
            del stack[place:], starts[place:]
            stack += decoded
            starts += [begin] * len(decoded)
    return edits


def _closed_entity(stack: list[str]) -> tuple[int, str | None]:
    """Place on the stack, and decoded text, of the entity that its last character closes."""
    tail = "".join(stack[-_LONGEST:])
    ampersand = tail.rfind("&")
    if ampersand < 0:
        return 0, None
    return len(stack) - len(tail) + ampersand, decode(tail[ampersand:])
