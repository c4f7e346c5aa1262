"""Characters that no reader sees, and line breaks of other systems.

These repairs run before all others, in this order, and doing them twice changes nothing.
"""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from dedup.normalize.offsets import Edit

_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]|[\ud800-\udfff]")
_PAIR_LENGTH = 2
_REPLACEMENT = "\ufffd"

# C0 controls without tab, line feed, form feed and carriage return; delete; deprecated
# format characters; interlinear annotation and the object replacement character: what
# ftfy removes too. C1 controls stay here, for they tell which mojibake happened.
_CONTROLS = re.compile("[\0-\x08\x0b\x0e-\x1f\x7f\u206a-\u206f\ufff9-\ufffc]+")

# Zero-width space, word joiner and byte order mark never carry meaning in running text;
# the (non-)joiners do, in scripts that join letters and inside emoji.
_INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufeff]+")
_MEANINGLESS = str.maketrans(dict.fromkeys("\u200b\u2060\ufeff"))
# Hebrew to Myanmar, Khmer to Tai Tham, Arabic presentation forms; then emoji, and the
# variation selector that may stand before a joiner.
_JOINABLE = re.compile(
    "[\u0590-\u109f\u1780-\u1aff\ufb1d-\ufdff\ufe70-\ufefc\ufe0f\u2600-\u27bf\U0001f000-\U0001faff]"
)

_LINE_BREAKS = re.compile("\r\n?|[\u2028\u2029]")

_SOFT_HYPHENS = re.compile("\xad+")


STRINGS: Final = {
    "control_characters": tuple(filter(_CONTROLS.fullmatch, map(chr, range(0x10000)))),
    "zero_width": tuple("\u200b\u200c\u200d\u2060\ufeff"),
    "line_breaks": ("\r", "\u2028", "\u2029"),
    "soft_hyphens": ("\xad",),
}
"""For each step of this module but ``surrogates``: without any of these it has no work."""

_ASCII = bytes(range(0x80))
# One byte for each character: the first of its bytes in UTF-8, as "n" if there are others.
_KINDS = b"a" * 0x80 + b"n" * 0x80
_CONTINUATIONS = bytes(range(0x80, 0xC0))


class Others(NamedTuple):
    """The characters of a text that are not ASCII.

    Attributes:
        characters: All of them, in text order.
        kinds: The whole text, "n" for each of them and "a" for any other.
        surrogates: Whether some are halves of a surrogate pair.
    """

    characters: str
    kinds: bytes
    surrogates: bool

    @classmethod
    def of(cls, text: str) -> Others:
        """Those of a text, found ten times as fast as by a pattern."""
        try:
            encoded, surrogates = text.encode(), False
        except UnicodeEncodeError:
            encoded, surrogates = text.encode("utf-8", "surrogatepass"), True
        characters = encoded.translate(None, _ASCII).decode("utf-8", "surrogatepass")
        return cls(characters, encoded.translate(_KINDS, _CONTINUATIONS), surrogates)


def surrogates(text: str) -> list[Edit]:
    """Join surrogate pairs; a lone surrogate becomes U+FFFD."""
    return [
        Edit(match.start(), match.end(), _joined(match[0]), "surrogates")
        for match in _SURROGATES.finditer(text)
    ]


def _joined(found: str) -> str:
    if len(found) == _PAIR_LENGTH:
        return found.encode("utf-16", "surrogatepass").decode("utf-16")
    return _REPLACEMENT


def control_characters(text: str) -> list[Edit]:
    """Remove control characters other than white space and C1."""
    return [Edit(m.start(), m.end(), "", "control_characters") for m in _CONTROLS.finditer(text)]


def zero_width(text: str) -> list[Edit]:
    """Remove zero-width characters; joiners stay where a script or an emoji needs them."""
    edits = []
    for match in _INVISIBLE.finditer(text):
        before = text[match.start() - 1] if match.start() else ""
        kept = match[0].translate(_MEANINGLESS) if _JOINABLE.match(before) else ""
        if kept != match[0]:
            edits.append(Edit(match.start(), match.end(), kept, "zero_width"))
    return edits


def line_breaks(text: str) -> list[Edit]:
    r"""Turn the line breaks of other systems into ``\n``."""
    return [Edit(m.start(), m.end(), "\n", "line_breaks") for m in _LINE_BREAKS.finditer(text)]


def soft_hyphens(text: str) -> list[Edit]:
    """Remove soft hyphens, after mojibake is mended: U+00AD is the second half of many an ``í``."""
    if "\xad" not in text:
        return []
    return [Edit(m.start(), m.end(), "", "soft_hyphens") for m in _SOFT_HYPHENS.finditer(text)]
