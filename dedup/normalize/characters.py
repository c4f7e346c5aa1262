"""Characters that no reader sees, and line breaks of other systems.

These repairs run before all others, in this order, and doing them twice changes nothing.
"""

from __future__ import annotations

import re

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


def all_visible(text: str) -> bool:
    r"""Whether every character but ``\n`` is one that Python calls printable.

    Then none of the steps of this module has anything to do. One pass in C instead of one
    search per step; no-break spaces and tabs make it say False, which only costs time.
    """
    return text.replace("\n", " ").isprintable()


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
