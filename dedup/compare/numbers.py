"""Numbers as a text writes them: digits with their separators, and small number words.

A tokenizer cuts "586,000" in two; a reader sees one number, and asks whether the other text
has the same.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from itertools import compress
from types import MappingProxyType
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.model import Span

_CHAIN: Final = re.compile(
    r"""
    \d (?<!\w\d) \d*                    # "A4" and "B52" are names; a digit is sought faster
    (?: [.,'’٫٬:/\-–\u00a0\u202f] \d+ )*  # than what is none before it
    """,
    re.VERBOSE,
)
"""Digits and what joins them: 586,000; 1.5; 8:30; 2-1; 28/02/2019."""

_GROUPED: Final = re.compile(r"\d{1,3}(?:([.,'’٬\u00a0\u202f])\d{3})(?:\1\d{3})*")
"""Thousands set off, all by the same sign. A decimal of three digits ("1.500") looks the same
in half of the languages, and counts as one of these."""

_DECIMAL: Final = re.compile(r"(\d+|\d{1,3}(?:[.,'’٬\u00a0\u202f]\d{3})+)[.,٫](\d+)")

_BEFORE: Final = re.compile(r"[$€£¥₹₽]\s?$|(?<!\w)(?:US|A|C|HK)\$$")
_AFTER: Final = re.compile(r"\s?(?:[%‰]|°[CF]?|[€£¥₹₽])|(?:st|nd|rd|th|[a-z]{1,2})\b|[万億亿千百]+")
"""Signs of unit that are shown with a number."""

_SCALES: Final = """
hundred thousand million millions billion billions trillion bn
hundert tausend million millionen milliarde milliarden billionen
cien mil millón millones cem milhão milhões bilhão bilhões
cent mille milliard milliards cento mila milione milioni miliardo miliardi
тысяч тысячи млн миллион миллиона миллионов млрд миллиард миллиарда миллиардов
ألف آلاف مليون ملايين مليار مليارات ہزار لاکھ کروڑ ارب हज़ार हजार लाख करोड़ अरब
"""

SCALES: Final = frozenset(_SCALES.split())
"""Words after a number that say how much of it there is, folded."""

_SMALL: Final = MappingProxyType(
    {
        "en": "two three four five six seven eight nine ten eleven twelve",
        "de": "zwei drei vier fünf sechs sieben acht neun zehn elf zwölf",
        "nl": "twee drie vier vijf zes zeven acht negen tien elf twaalf",
        "es": "dos tres cuatro cinco seis siete ocho nueve diez once doce",
        "pt": "dois três quatro cinco seis sete oito nove dez onze doze",
        "fr": "deux trois quatre cinq six sept huit neuf dix onze douze",
        "it": "due tre quattro cinque sei sette otto nove dieci undici dodici",
        "ru": "два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать",
    }
)
"""Two to twelve; "one" is an article or a pronoun in half of the languages."""

_WORDS: Final = MappingProxyType(
    {
        lang: MappingProxyType({word: str(n) for n, word in enumerate(words.split(), 2)})
        for lang, words in _SMALL.items()
    }
)


_ZERO: Final = np.uint8(ord("0"))

REMEMBERED_NUMBERS: Final = 1 << 14
"""Numbers whose value is remembered, some 2 MB when full: years and round numbers come again."""

_YEAR: Final = re.compile(r"(?:19|20)\d\d")


class Number(NamedTuple):
    """A number in digits.

    Attributes:
        span: Its digits and what joins them.
        shown: The same with signs of unit beside it ("$", "%").
        value: What it says, whatever it groups its digits with.
    """

    span: Span
    shown: Span
    value: str


def numbers(text: str, start: int = 0, end: int | None = None) -> Iterator[Number]:
    """The numbers that are written in digits between two places of a text.

    >>> [number.value for number in numbers("586,000 of 1.5 million (12.5%) by 8:30")]
    ['586000', '1.5', '12.5', '8-30']
    """
    for found in _CHAIN.finditer(text, start, len(text) if end is None else end):
        span = Span(*found.span())
        before = _BEFORE.search(text, max(0, span.start - 4), span.start)
        after = _AFTER.match(text, span.end)
        shown = Span(
            before.start() if before else span.start,
            after.end() if after else span.end,
        )
        yield Number(span, shown, _value(found.group()))


def _value(written: str) -> str:
    digits = written
    if not written.isascii():
        digits = "".join(
            str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in written
        )
    if digits.isdecimal():
        return digits
    if _GROUPED.fullmatch(digits):
        return _ungrouped(digits)
    decimal = _DECIMAL.fullmatch(digits)
    if decimal:
        return f"{_ungrouped(decimal[1])}.{decimal[2]}".rstrip("0").rstrip(".")
    return "-".join(part.lstrip("0") for part in re.split(r"[:/\-–]", digits))


def _ungrouped(digits: str) -> str:
    return "".join(filter(str.isdecimal, digits))


def telling_numbers(text: str, starts: NDArray[np.int32]) -> frozenset[str]:
    """The values of the numbers that say which report a text is.

    Args:
        text: A clean text.
        starts: int32, ascending: the places where a number may begin, which are those of words.
    """
    found = [match for match in _chains(text) if match.end() - match.start() > 1]
    if not found or not len(starts):
        return frozenset()
    begins = [match.start() for match in found]
    is_word = starts.take(starts.searchsorted(begins), mode="clip") == begins
    values = {_telling_value(match.group()) for match in compress(found, is_word.tolist())}
    return frozenset(filter(None, values))


def _chains(text: str) -> Iterator[re.Match[str]]:
    """Digits and what joins them; in ASCII digits are found in a third of the time."""
    if not text.isascii():
        yield from _CHAIN.finditer(text)
        return
    is_digit = np.frombuffer(text.encode("ascii"), dtype=np.uint8) - _ZERO < len(string.digits)
    is_first = is_digit.copy()
    np.greater(is_digit[1:], is_digit[:-1], out=is_first[1:])
    end = 0
    for start in np.flatnonzero(is_first).tolist():
        found = _CHAIN.match(text, start) if start >= end else None
        if found is not None:
            end = found.end()
            yield found


@lru_cache(maxsize=REMEMBERED_NUMBERS)
def _telling_value(written: str) -> str | None:
    """The value of a number that says which report it is from."""
    value = _value(written)
    return value if is_telling(value) else None


def is_telling(value: str) -> bool:
    """Whether a number says which report it is from: one digit, or a year, stands in any."""
    return sum(map(str.isdecimal, value)) >= 2 and not _YEAR.fullmatch(value)


def number_word(word: str, language: str) -> str | None:
    """What a small number word says: ``"3"`` for "three"; None if it is none.

    Args:
        word: Folded.
        language: Its code.
    """
    words = _WORDS.get(language.partition("-")[0])
    return None if words is None else words.get(word)
