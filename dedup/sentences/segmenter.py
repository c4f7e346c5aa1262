"""Sentence spans.

ICU's sentence rules (Unicode Standard Annex 29) find where a sentence may end, in every
script. They know no abbreviations; ICU's own list of exceptions costs eight times the
segmentation and misses most of news usage ("5 p.m. Tuesday", "J. K. Rowling", "the U.S.
Senate"). So each place they find is looked at once more, with the conventions of the
language; and two kinds of places that they leave out are added.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
from icu4py.breakers import SentenceBreaker

from dedup.model import Span
from dedup.paragraphs import unwrap
from dedup.sentences.conventions import Conventions, conventions

# The one language for which ICU's sentence rules differ (";" asks in Greek).
_TAILORED_LANGUAGES = frozenset({"el"})

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE_BREAKS = "\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"
_OPENERS = "\"'“‘«‹„‚([{¿¡"
_CLOSERS = "\"'”’»›)]}"
_DOTTED = re.compile(r"(?:[^\W\d_]\.)+[^\W\d_]")
_NEXT_WORD = re.compile(r"[\"'“‘«‹„‚(\[{¿¡\s]*([^\W_]+)")

# A missing space: a full stop between a lower-case word and a capitalised one. Two letters
# on each side, so that file names, domains ("example.Com") and initials are rarely hit.
_MISSING_SPACE = re.compile(r"(?<=[^\W\d_A-Z]{2})[.!?][\"”’»)]?(?=[“\"‘«]?[A-Z][a-z]+\s)")


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
    rules = conventions(lang)
    unwrapped = _LONE_SURROGATE.sub("\ufffd", unwrap(text))
    spans: list[Span] = []
    start = begin = 0
    for end in _possible_ends(unwrapped, lang):
        if _is_end(unwrapped[begin:end], unwrapped[end : end + 40], rules):
            spans.extend(_trimmed(unwrapped, start, end))
            start = end
        begin = end
    return tuple(spans)


def _possible_ends(text: str, lang: str) -> list[int]:
    """Where ICU ends a sentence, and where a space is missing; ascending, the end included."""
    breaker = SentenceBreaker(text, lang if lang in _TAILORED_LANGUAGES else "en")
    ends = [end for _, end in breaker.segments()]
    if ends and ends[-1] != len(text):
        ends = _code_points(text, ends)
    missing = [found.end() for found in _MISSING_SPACE.finditer(text)]
    return sorted({*ends, *missing}) if missing else ends


def _code_points(text: str, utf16_offsets: list[int]) -> list[int]:
    """Offsets in UTF-16 code units, as ICU counts, turned into code points."""
    code_points = np.frombuffer(text.encode("utf-32-le"), dtype="<u4")
    ends = np.cumsum(1 + (code_points > 0xFFFF))
    return [int(found) + 1 for found in np.searchsorted(ends, utf16_offsets)]


def _is_end(segment: str, following: str, rules: Conventions) -> bool:
    body = segment.rstrip()
    if segment[len(body) :].strip(" \t\u00a0") or not following.strip():
        return True
    core = body.rstrip(_CLOSERS)
    mark = core[-1:]
    found = _NEXT_WORD.match(following)
    word = found.group(1) if found else ""
    if mark in "!?":
        return not word[:1].islower()
    if mark != "." or core != body:
        return True
    return _stop_ends(core, word, rules)


def _stop_ends(core: str, following: str, rules: Conventions) -> bool:
    last = core[:-1].split()[-1:]
    word = last[0].lstrip(_OPENERS) if last else ""
    folded = word.lower()
    if folded in rules.never_last:
        return False
    if folded in rules.before_number and following[:1].isdigit():
        return False
    if rules.ordinal_point and word.isdigit() and len(word) <= 2:
        return False
    is_letter = len(word) == 1 and word.isalpha()
    if is_letter or folded in rules.maybe_last or _DOTTED.fullmatch(word):
        return following.lower() in rules.openers
    return True


def _trimmed(text: str, start: int, end: int) -> Iterator[Span]:
    piece = text[start:end]
    stripped = piece.strip()
    if stripped:
        start += len(piece) - len(piece.lstrip())
        yield Span(start, start + len(stripped))
