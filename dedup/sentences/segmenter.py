"""Sentence spans.

ICU's sentence rules (Unicode Standard Annex 29) find where a sentence may end, in every
script, in a tenth of the time of any rule in Python. They know no abbreviations; ICU's own
list of exceptions costs eight times the segmentation and misses most of news usage ("5 p.m.
Tuesday", "J. K. Rowling", "the U.S. Senate"). So each place that they find is put right
where quotation marks and brackets were cut off on the wrong side, and looked at once more
with the conventions of the language; three kinds of places that they leave out are added.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Final, NamedTuple

import numpy as np
from icu4py.breakers import SentenceBreaker

from dedup.model import Span
from dedup.paragraphs import unwrap
from dedup.sentences.conventions import conventions

# The one language for which ICU's sentence rules differ: ";" asks in Greek.
_TAILORED_LANGUAGE = "el"

# How far behind a possible end its next word is looked for: marks, spaces and a word.
# A longer word is cut, which no list of words notices.
_LOOK_AHEAD = 40

REMEMBERED_WORDS: Final = 1 << 15
"""Last words of sentences remembered, with what a full stop behind them says: 5 MB when full.
Of .87 it is known after a thousand articles of English news."""

LONGEST_REMEMBERED: Final = 40
"""Code points of the longest of them; what is longer is no abbreviation, mostly an address."""

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE_BREAKS = frozenset("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")
_ASKS_OR_CALLS = frozenset("!?")
_OPENERS = "\"'“‘«‹„‚([{¿¡「『（【〔"
_CLOSERS = "\"'”’»›)]}"

# "« … » Next", "(…) Next": ICU cuts in front of a closing mark that follows a space.
_STRAY_CLOSERS = re.compile(r"[”’»›)\]}]+(?=\s|$)")
# "He said.“Next", "他走了。（": ICU counts opening marks to the sentence in front of them.
_STRAY_OPENERS = "“‘«‹„‚([{「『（【〔《〈"

# A word with its apostrophe or full stop: "L'Europe" opens a sentence, "L. Dupont" does not.
_NEXT_WORD = re.compile(r"[^\w]*([^\W_]+['’.]?)")
# "U.S", "a.m", "S.p.A", "Ph.D", "t.ex".
_DOTTED = re.compile(r"(?:[^\W\d_]{1,2}\.-?)+[^\W\d_]{1,2}")
_WORD_BREAKS = re.compile("[ \t\n\u00a0'’]")
_ORDINAL = re.compile(r"\d{1,2}|[IVX]+")
_LIST_NUMBER = re.compile(r"\s*\d{1,3}[.)][^\S\n]*")

# Ends that ICU leaves out. Each pattern looks back to its mark: together they begin with one
# set of characters, which is what `re` searches fastest.
_MISSING_SPACE = r"""
    # "at the end.Next morning": paragraphs glued together. Two letters in front, none of them
    # a capital, and a word in sentence case behind, so that initials, "ASP.NET" and domains
    # are left alone. The price: a file name such as "config.Json" is cut.
    (?<= [^\W\d_A-Z]{2} [.!?] ) [”"’»)]?
    (?= [“"‘«]? [A-ZÀ-ÖØ-ÞА-Я] (?: [^\W\d_A-Z]+ [\s,] | \s ) )
"""
_ELLIPSIS = r"""
    # ICU takes "…" for a comma.
    (?<= … ) [”"’»)]? (?= \s+ [“"‘«(]? [A-ZÀ-ÖØ-ÞА-Я] )
"""
_NUMBER_OPENS = r"""
    # "in 2016. 12 people": ICU takes a full stop before a number and lower case for an
    # abbreviation. Only behind a word of four letters, a year or a per cent sign.
    (?: (?<= [^\W\d_]{4} [.] ) | (?<= \b [12]\d\d\d [.] ) | (?<= % [.] ) ) [”"’»)]?
    (?= \s+ \d[\d.,]* \s+ [^\W\d_] )
"""
_OVERLOOKED = re.compile(
    f"[.!?…] (?: {_MISSING_SPACE} | {_ELLIPSIS} | {_NUMBER_OPENS} )", re.VERBOSE
)


def split_sentences(text: str, lang: str) -> tuple[Span, ...]:
    """Cut a clean text into sentences.

    Args:
        text: Clean text; any `str` is accepted.
        lang: ISO 639-1 code, which chooses abbreviations; ``"und"`` if unknown.

    Returns:
        Trimmed spans in order; every character that is not white space is in exactly one.

    >>> text = "Mr. Smith paid 3.6 million. “Why?” he asked."
    >>> [text[start:end] for start, end in split_sentences(text, "en")]
    ['Mr. Smith paid 3.6 million.', '“Why?” he asked.']
    """
    unwrapped = _encodable(unwrap(text))
    spans: list[Span] = []
    start = previous = 0
    for end in _possible_ends(unwrapped, lang):
        segment = unwrapped[previous:end]
        is_number = start == previous and _is_list_number(segment)
        if not is_number and _is_end(segment, unwrapped, end, lang):
            spans.append(_trimmed(unwrapped, start, end))
            start = end
        previous = end
    spans.append(_trimmed(unwrapped, start, len(unwrapped)))
    return tuple([span for span in spans if span.start < span.end])


def _encodable(text: str) -> str:
    """The text without halves of surrogate pairs, which ICU does not take."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return _LONE_SURROGATE.sub("\ufffd", text)
    return text


def _is_list_number(segment: str) -> bool:
    if segment[:1].isalpha():  # as nearly all
        return False
    return segment.lstrip()[:1].isdecimal() and _LIST_NUMBER.fullmatch(segment) is not None


def _possible_ends(text: str, lang: str) -> list[int]:
    """Where a sentence may end, ascending."""
    breaker = SentenceBreaker(text, lang if lang == _TAILORED_LANGUAGE else "en")
    ends = [end for _, end in breaker.segments()]
    if ends and ends[-1] != len(text):
        ends = _in_code_points(text, ends)
    beside_marks = {_beside_marks(text, end) for end in ends}
    return sorted(beside_marks.union(found.end() for found in _OVERLOOKED.finditer(text)))


def _in_code_points(text: str, utf16_offsets: list[int]) -> list[int]:
    """ICU's offsets, which count UTF-16 code units, turned into code points."""
    code_points = np.frombuffer(text.encode("utf-32-le"), dtype="<u4")
    ends = np.cumsum(1 + (code_points > 0xFFFF))
    return [int(found) + 1 for found in np.searchsorted(ends, utf16_offsets)]


def _beside_marks(text: str, end: int) -> int:
    """The end moved so that opening marks follow it and closing marks precede it."""
    if end == len(text) or text[end - 1] in _LINE_BREAKS:
        return end
    if text[end].isalnum() and text[end - 1] == " ":  # as nearly all
        return end
    if text[end - 1] in _STRAY_OPENERS:
        while end > 1 and text[end - 1] in _STRAY_OPENERS:
            end -= 1
        return end
    closers = _STRAY_CLOSERS.match(text, end)
    return closers.end() if closers else end


def _is_end(segment: str, text: str, end: int, lang: str) -> bool:
    """Whether a sentence ends between two possible ends' segments.

    Args:
        segment: The text since the possible end before this one.
        text: All of it.
        end: Where the segment ends in it.
        lang: Of the text.
    """
    body = segment.rstrip()
    if not body.endswith(".") or segment[len(body) :] != " ":
        if not _LINE_BREAKS.isdisjoint(segment[len(body) :]):
            return True
        if not body:  # the possible end before this one stood in front of the same space
            return False
        core = body.rstrip(_CLOSERS)
        mark = core[-1:]
        if mark in _ASKS_OR_CALLS:
            # "Why?" he asked; shares of Yahoo! fell.
            return not _next_word(text, end)[:1].islower()
        if mark != "." or len(core) != len(body):
            return True
    return _full_stop_ends(body[:-1], text, end, lang)


def _next_word(text: str, end: int) -> str:
    found = _NEXT_WORD.match(text, end, end + _LOOK_AHEAD)
    return found[1] if found else ""


def _full_stop_ends(before: str, text: str, end: int, lang: str) -> bool:
    last = before[before.rfind(" ") + 1 :]
    known = _full_stop if len(last) <= LONGEST_REMEMBERED else _full_stop.__wrapped__
    stop = known(last, lang)
    if not stop.asks:
        return stop.ends
    next_word = _next_word(text, end)
    if stop.before_number and next_word[:1].isdigit():
        return False
    return stop.ends or next_word.lower().replace("’", "'") in conventions(lang).openers


class _FullStop(NamedTuple):
    """What a full stop says behind a word.

    Attributes:
        ends: It ends a sentence, if none of the following speaks against it.
        asks: That depends on the next word.
        before_number: Not in front of a number.
    """

    ends: bool
    asks: bool = False
    before_number: bool = False


@lru_cache(REMEMBERED_WORDS)
def _full_stop(last: str, lang: str) -> _FullStop:
    """What it says behind the last word of some text that has no space."""
    rules = conventions(lang)
    word = _WORD_BREAKS.split(last)[-1].lstrip(_OPENERS)
    folded = word.lower()
    if folded in rules.never_last or (rules.ordinal_point and _ORDINAL.fullmatch(word)):
        return _FullStop(ends=False)
    may_go_on = (
        (len(word) == 1 and word.isalpha())
        or folded in rules.maybe_last
        or _DOTTED.fullmatch(word) is not None
    )
    before_number = folded in rules.before_number
    return _FullStop(not may_go_on, may_go_on or before_number, before_number)


def _trimmed(text: str, start: int, end: int) -> Span:
    """A stretch without the white space around it."""
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return Span(start, end)
