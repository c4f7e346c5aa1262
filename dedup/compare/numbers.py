"""Numbers as a text writes them: digits with their separators, and small number words.

A tokenizer cuts "586,000" in two; a reader sees one number, and asks whether the other text
has the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import lru_cache
from types import MappingProxyType
from typing import Final, NamedTuple

from dedup.model import Span

_JOINERS: Final = frozenset(".,'’٫٬:/-–\u00a0\u202f")
"""What joins digits to one number."""

_CHAIN: Final = re.compile(
    rf"""
    \d (?<!\w\d) \d*                    # "A4" and "B52" are names; a digit is sought faster
    (?: [{re.escape("".join(sorted(_JOINERS)))}] \d+ )*  # than what is none before it
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


def telling_numbers(text: str, starts: Iterable[int]) -> frozenset[str]:
    """The values of the numbers that say which report a text is.

    Args:
        text: A clean text.
        starts: Ascending: where words begin that have a digit. Numbers that begin elsewhere do
            not count.
    """
    written = set()
    end = 0
    for start in starts:
        if start < end:
            continue
        found = _CHAIN.match(text, start)
        if found is not None and text[start - 1 : start] in _JOINERS:
            found = _CHAIN.search(text, _leftmost(text, start))
        if found is not None:
            end = found.end()
            if found.start() == start:
                written.add(found[0])
    return frozenset(filter(None, map(_telling_value, written)))


def _leftmost(text: str, start: int) -> int:
    """Where the first of the digits stand that are joined to a digit.

    They may be a word that is left out: of "1,200" the 200 is no number. Those of "A1,200" are a
    name's, and the number begins behind the comma.
    """
    while start > 1 and text[start - 1] in _JOINERS and text[start - 2].isdecimal():
        start -= 2
        while start > 0 and text[start - 1].isdecimal():
            start -= 1
    return start


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
