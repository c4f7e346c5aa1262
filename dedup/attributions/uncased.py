"""Who speaks, in languages without capitals, where a phrase before the verb says it."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import Final

from dedup.attributions.attribution import CLOSING, Attribution
from dedup.model import Quotation, Span
from dedup.reporting import Reporting

_DIACRITICS: Final = re.compile("[\u064b-\u0652]")


class UncasedReader:
    """Reads the reporting clauses of one text in a language without capitals.

    Args:
        text: Clean text.
        words: Of its language.
    """

    def __init__(self, text: str, words: Reporting) -> None:
        self._text = text
        self._words = words
        self._patterns = _patterns(words)

    def speaker(self, quotation: Quotation, begin: int, end: int) -> Attribution | None:
        """Who said a quotation, from what stands between it and its neighbours."""
        patterns = self._patterns
        closing = CLOSING.match(self._text, quotation.span.end, end)
        behind = closing.end() if closing else end
        if patterns.confirmed and not patterns.confirmed.match(self._text, behind, end):
            return None
        opening = max(quotation.span.start - 1, begin)
        line = self._text.rfind("\n", begin, opening) + 1
        for pattern in patterns.before:
            found = pattern.search(self._text, max(begin, line), opening)
            if found:
                return self._phrase(found)
        for pattern in patterns.after:
            found = pattern.match(self._text, behind, end)
            if found:
                return self._phrase(found)
        return None

    def _phrase(self, found: re.Match[str]) -> Attribution | None:
        phrase = found["name"].strip()
        words = self._words
        if words.spaced:
            parts = _DIACRITICS.sub("", phrase).split()
            is_doubtful = any(part in words.never or part in words.pronouns for part in parts)
        else:
            is_doubtful = any(part in phrase for part in (*words.never, *words.pronouns))
        start = found.start("name")
        return None if is_doubtful else Attribution(phrase, None, Span(start, start + len(phrase)))


@dataclass(frozen=True, slots=True)
class _Patterns:
    """Compiled patterns of a language without capitals."""

    before: tuple[re.Pattern[str], ...]
    after: tuple[re.Pattern[str], ...]
    confirmed: re.Pattern[str] | None


@functools.cache
def _patterns(words: Reporting) -> _Patterns:
    def compiled(pattern: str) -> re.Pattern[str]:
        return re.compile(
            pattern.replace("{verbs}", "|".join(map(re.escape, words.verbs)))
            .replace("{words}", r"(?:[^\s.,:;!?،؛؟۔।\"«»“”]+\s+){0,5}[^\s.,:;!?،؛؟۔।\"«»“”]+")
            .replace("{signs}", r"[^。！？；，、：:“”「」『』\n]{2,30}")
        )

    return _Patterns(
        before=tuple(compiled(pattern + r"[“”\"«‹「『‘’']?\Z") for pattern in words.before),
        after=tuple(compiled(pattern) for pattern in words.after),
        confirmed=compiled(words.confirmed) if words.confirmed else None,
    )
