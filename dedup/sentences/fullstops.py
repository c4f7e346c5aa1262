"""What a full stop says behind a word, and which words open a sentence."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final

from dedup.sentences.conventions import LANGUAGES, Conventions, conventions

# What a full stop says, added up; native/sentences/rules.c has the same.
ENDS: Final = 1
"""It ends a sentence, if none of the following speaks against it."""
ASKS: Final = 2
"""That depends on the next word."""
BEFORE_NUMBER: Final = 4
"""Not in front of a number."""

REMEMBERED_WORDS: Final = 1 << 15
"""Last words of sentences remembered of a language, with what a full stop behind them says: 4 MB
when full. They are the first ones met, so the most frequent are among them."""

LONGEST_REMEMBERED: Final = 40
"""Code points of the longest of them; what is longer is no abbreviation, mostly an address."""

_OPENERS = "\"'“‘«‹„‚([{¿¡「『（【〔"

# "U.S", "a.m", "S.p.A", "Ph.D", "t.ex".
_DOTTED = re.compile(r"(?:[^\W\d_]{1,2}\.-?)+[^\W\d_]{1,2}")
_WORD_BREAKS = re.compile("[ \t\n\u00a0'’]")
_ORDINAL = re.compile(r"\d{1,2}|[IVX]+")


class FullStops(dict[str, int]):
    """What a full stop says behind the last word of some text, which has no space."""

    def __init__(self, rules: Conventions) -> None:
        super().__init__()
        self._rules = rules

    def __missing__(self, last: str) -> int:
        says = _says(_WORD_BREAKS.split(last)[-1].lstrip(_OPENERS), self._rules)
        if len(last) <= LONGEST_REMEMBERED and len(self) < REMEMBERED_WORDS:
            self[last] = says
        return says

    def is_opener(self, next_word: str) -> bool:
        """Whether a word opens a sentence, behind an abbreviation that may end one."""
        return next_word.lower().replace("’", "'") in self._rules.openers


@lru_cache(LANGUAGES)
def full_stops(lang: str) -> FullStops:
    """Those of a language (ISO 639-1)."""
    return FullStops(conventions(lang))


def _says(word: str, rules: Conventions) -> int:
    folded = word.lower()
    if folded in rules.never_last or (rules.ordinal_point and _ORDINAL.fullmatch(word)):
        return 0
    may_go_on = (
        (len(word) == 1 and word.isalpha())
        or folded in rules.maybe_last
        or _DOTTED.fullmatch(word) is not None
    )
    says = ASKS if may_go_on else ENDS
    return says | ASKS | BEFORE_NUMBER if folded in rules.before_number else says
