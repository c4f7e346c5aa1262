"""Which characters are quotation marks, and what languages use them for."""

from __future__ import annotations

from typing import Literal, NamedTuple

Role = Literal["opens", "closes", "either"]

SINGLE = "single"
DOUBLE = "double"
FAMILIES = {
    DOUBLE: ("“", "”", "„", "‟", '"', "＂", "״", "``", "''", "‘‘", "’’"),
    SINGLE: ("‘", "’", "‚", "'"),
    "guillemets": ("«", "»"),
    "single guillemets": ("‹", "›"),
    "corner brackets": ("「", "」"),
    "white corner brackets": ("『", "』"),
    "prime marks": ("〝", "〞", "〟"),
}
FAMILY = {mark: family for family, marks in FAMILIES.items() for mark in marks}
STRAIGHT = '"'

_LANGUAGES_REVERSED = frozenset({"ur", "sd", "ks", "skr", "pnb"})
_LANGUAGES_UNSPACED = frozenset({"zh", "zh-Hant", "ja"})
_LANGUAGES_OPENING_WITH_CLOSING_MARK = _LANGUAGES_REVERSED | {"sv", "fi", "no", "nn", "da"}


class Habits(NamedTuple):
    """How a language uses marks, where not as most do.

    Attributes:
        is_reversed: Curly marks stand the other way round: ”so“.
        is_unspaced: Spaces mean nothing; curly marks never change sides.
        opens_with_closing_mark: ’ opens, too; elsewhere one in front of a word is an apostrophe.
    """

    is_reversed: bool
    is_unspaced: bool
    opens_with_closing_mark: bool

    @classmethod
    def of(cls, lang: str) -> Habits:
        """Of a language (ISO 639-1)."""
        return cls(
            lang in _LANGUAGES_REVERSED,
            lang in _LANGUAGES_UNSPACED,
            lang in _LANGUAGES_OPENING_WITH_CLOSING_MARK,
        )


class Mark(NamedTuple):
    """A mark that opens or closes.

    Attributes:
        start: Where it begins.
        end: Behind it; some are two characters.
        character: The mark itself.
        family: With which others it pairs.
        role: What it does.
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
