"""Where ICU's sentence rules break a text, and the classes of characters that they go by.

The rules are those of Unicode Standard Annex 29. ``native/sentences/breaks.c`` follows them in a
seventh of the time of ICU, which copies a text twice before it looks at it. Of which class a
character is, ICU alone says, by whether it breaks short texts with that character.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from enum import IntEnum
from functools import cache
from itertools import accumulate, compress, pairwise
from operator import not_

import numpy as np
from icu4py.breakers import SentenceBreaker

# The one language for which ICU's sentence rules differ: ";" asks in Greek.
_TAILORED_LANGUAGE = "el"
_ANY_OTHER = "en"

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
# Code points that Python stores in a byte each: texts of these alone need no look whether all are
# known. native/sentences/module.c goes by it.
_ALWAYS_KNOWN = 256


class Class(IntEnum):
    """The property Sentence_Break, as far as it matters: some of its values act alike.

    ``native/sentences/breaks.h`` has the same.
    """

    SEPARATOR = 1
    """Sep, CR, LF."""
    FULL_STOP = 2
    """ATerm."""
    END_MARK = 3
    """STerm."""
    CONTINUING = 4
    """SContinue."""
    SPACE = 5
    CLOSING = 6
    IGNORED = 7
    """Extend, Format."""
    LOWER = 8
    UPPER = 9
    LETTER = 10
    NUMBER = 11
    OTHER = 12


# Texts that tell a class from all that stand below, by whether they stay in one piece.
_TELLING = (
    ("x{},", False, Class.SEPARATOR),
    ("x{}x", False, Class.END_MARK),
    ("x{} A", False, Class.FULL_STOP),
    ("x! {}A", True, Class.CONTINUING),
    ("x. {}A", True, Class.LOWER),
    ("5.{}A", True, Class.NUMBER),
    ("5{}.A", True, Class.UPPER),
    ("a{}.A", True, Class.IGNORED),
    ("x! {}", True, Class.SPACE),
    ("x!{}", True, Class.CLOSING),
    ("x. {}a", False, Class.LETTER),
    ("{}", True, Class.OTHER),
)


class Breaks:
    """ICU's sentence rules.

    Attributes:
        classes: The class of each code point; 0 if it was not learned yet.
    """

    def __init__(self, locale: str) -> None:
        self._locale = locale
        self.classes = bytearray(sys.maxunicode + 1)
        self.learn("".join(map(chr, range(_ALWAYS_KNOWN))))

    def learn(self, text: str) -> None:
        """Add the classes of a text's characters."""
        unknown = [character for character in set(text) if not self.classes[ord(character)]]
        for telling, is_whole, found in _TELLING:
            lines = [telling.format(character) + "\n" for character in unknown]
            told = [whole is is_whole for whole in self._are_whole(lines)]
            for character in compress(unknown, told):
                self.classes[ord(character)] = found
            unknown = list(compress(unknown, map(not_, told)))

    def ends(self, text: str) -> list[int]:
        """Where ICU's segments of a text end, in code points, ascending."""
        breaker = SentenceBreaker(_encodable(text), self._locale)
        ends = [end for _, end in breaker.segments()]
        return ends if not ends or ends[-1] == len(text) else _in_code_points(text, ends)

    def _are_whole(self, lines: list[str]) -> Iterator[bool]:
        """Whether each line is a segment."""
        segments = set(pairwise([0, *self.ends("".join(lines))]))
        borders = accumulate(map(len, lines), initial=0)
        return (line in segments for line in pairwise(borders))


def breaks(lang: str) -> Breaks:
    """Those of a language (ISO 639-1)."""
    return _breaks(_TAILORED_LANGUAGE if lang == _TAILORED_LANGUAGE else _ANY_OTHER)


_breaks = cache(Breaks)


def _encodable(text: str) -> str:
    """The text without halves of surrogate pairs, which ICU does not take."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return _LONE_SURROGATE.sub("\ufffd", text)
    return text


def _in_code_points(text: str, utf16_offsets: list[int]) -> list[int]:
    """ICU's offsets, which count UTF-16 code units, turned into code points."""
    code_points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    ends = np.cumsum(1 + (code_points > 0xFFFF))
    return [int(found) + 1 for found in np.searchsorted(ends, utf16_offsets)]
