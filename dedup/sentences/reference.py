"""Which possible ends of sentences are ends, and which words stand in which, in Python.

What ``native/sentences/`` does in C; ``_native.pyi`` says what each function is given and gives.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from dedup.sentences.breaks import Breaks
from dedup.sentences.fullstops import ASKS, BEFORE_NUMBER, ENDS, FullStops

# How far behind a possible end its next word is looked for: marks, spaces and a word.
# A longer word is cut, which no list of words notices.
_LOOK_AHEAD = 40

_LINE_BREAKS = frozenset("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")
_ASKS_OR_CALLS = frozenset("!?")
_CLOSERS = "\"'”’»›)]}"

# "« … » Next", "(…) Next": ICU cuts in front of a closing mark that follows a space.
_STRAY_CLOSERS = re.compile(r"[”’»›)\]}]+(?=\s|$)")
# "He said.“Next", "他走了。（": ICU counts opening marks to the sentence in front of them.
_STRAY_OPENERS = "“‘«‹„‚([{「『（【〔《〈"

# A word with its apostrophe or full stop: "L'Europe" opens a sentence, "L. Dupont" does not.
_NEXT_WORD = re.compile(r"[^\w]*([^\W_]+['’.]?)")
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


def sentences(text: str, breaks: Breaks, stops: FullStops) -> tuple[bytes, bytes]:
    """See ``_native.pyi``."""
    spans: list[tuple[int, int]] = []
    start = previous = 0
    for end in _possible_ends(text, segment_ends(text, breaks)):
        segment = text[previous:end]
        is_number = start == previous and _is_list_number(segment)
        if not is_number and _is_end(segment, text, end, stops):
            spans.append(_trimmed(text, start, end))
            start = end
        previous = end
    spans.append(_trimmed(text, start, len(text)))
    starts, ends = np.array(spans, dtype=np.int32).T
    return starts[starts < ends].tobytes(), ends[starts < ends].tobytes()


def segment_ends(text: str, breaks: Breaks) -> list[int]:
    """See ``_native.pyi``."""
    return breaks.ends(text)


def words_by_sentence(begins: NDArray[np.int32], places: NDArray[np.int32]) -> tuple[bytes, bytes]:
    """See ``_native.pyi``."""
    borders = np.concatenate(([0], places.searchsorted(begins[1:]), [len(places)]))
    first = np.ones(len(borders), dtype=bool)
    np.not_equal(borders[1:], borders[:-1], out=first[1:])
    bounds = borders[first].astype(np.int32)
    sentences = np.repeat(np.arange(len(bounds) - 1, dtype=np.int32), np.diff(bounds))
    return bounds.tobytes(), sentences.tobytes()


def _is_list_number(segment: str) -> bool:
    if segment[:1].isalpha():  # as nearly all
        return False
    return _LIST_NUMBER.fullmatch(segment) is not None


def _possible_ends(text: str, ends: list[int]) -> list[int]:
    """Where a sentence may end, ascending."""
    beside_marks = {_beside_marks(text, end) for end in ends}
    return sorted(beside_marks.union(found.end() for found in _OVERLOOKED.finditer(text)))


def _beside_marks(text: str, end: int) -> int:
    """The end moved so that opening marks follow it and closing marks precede it."""
    if end == len(text) or text[end - 1] in _LINE_BREAKS:
        return end
    if text[end - 1] in _STRAY_OPENERS:
        while end > 1 and text[end - 1] in _STRAY_OPENERS:
            end -= 1
        return end
    closers = _STRAY_CLOSERS.match(text, end)
    return closers.end() if closers else end


def _is_end(segment: str, text: str, end: int, stops: FullStops) -> bool:
    """Whether a sentence ends between two possible ends' segments.

    Args:
        segment: The text since the possible end before this one.
        text: All of it.
        end: Where the segment ends in it.
        stops: What a full stop says behind a word.
    """
    body = segment.rstrip()
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
    return _full_stop_ends(body[body.rfind(" ") + 1 : -1], text, end, stops)


def _full_stop_ends(last: str, text: str, end: int, stops: FullStops) -> bool:
    says = stops[last]
    if not says & ASKS:
        return bool(says & ENDS)
    next_word = _next_word(text, end)
    if says & BEFORE_NUMBER and next_word[:1].isdigit():
        return False
    return bool(says & ENDS) or stops.is_opener(next_word)


def _next_word(text: str, end: int) -> str:
    found = _NEXT_WORD.match(text, end, end + _LOOK_AHEAD)
    return found[1] if found else ""


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch without the white space around it."""
    body = text[start:end]
    return end - len(body.lstrip()), start + len(body.rstrip())
