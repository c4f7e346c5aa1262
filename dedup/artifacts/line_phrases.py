"""Lines that are known by how they begin: the set phrases of the page around an article."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

LONGEST: Final = 320
"""Characters of a line that can be a set phrase: two sentences. A longer one holds a
paragraph of the article, too, where an extractor lost a line's end."""

# Bullets, arrows, brackets. Not quotation marks: what is said is no phrase of the page.
_MARKS: Final = " \t\u00a0\u200e\u200f|•·*»›>-–—_+=~#▶►→⦁■●…✉📩👉()[]{}【】<"
_SPACES: Final = " \t\u00a0|"
_ENDS: Final = _MARKS + ".,:;!?。।۔؟！：；\"“”'‘’«"
_UNSPACED: Final = "\u2e80"  # here and after are scripts that put no space between words


class Line(NamedTuple):
    """A line of a text, the marks before it left out.

    Attributes:
        start: Where it begins in the text.
        text: The line.
    """

    start: int
    text: str

    @property
    def end(self) -> int:
        """Where it ends in the text."""
        return self.start + len(self.text)


class _Phrase(NamedTuple):
    """A set phrase in folded case: its beginning, what follows somewhere, whether it ends."""

    begins: str
    follows: tuple[str, ...]
    ends: bool


class LinePhrases:
    """A list of set phrases, which lines are asked for.

    Args:
        phrases: One a line. ``…`` stands for anything, ``$`` at its end for the end of the
            line; else the line may go on with another word. Case and the form of the
            apostrophe do not matter; lines that begin with ``#`` are headings of the list.
        longest: Characters of a line that can be one of them.
        torn: Whether a line may begin with a small letter, as hard line breaks leave it; in
            prose that they tore, any words may stand there.
    """

    def __init__(self, phrases: str, longest: int = LONGEST, *, torn: bool = False) -> None:
        self.longest: Final = longest
        self.torn: Final = torn
        self.phrases: Final = tuple(
            _phrase(line.strip())
            for line in phrases.splitlines()
            if line.strip() and not line.startswith("#")
        )

    def may_have(self, line: str) -> bool:
        """Whether a line, the marks before it left out, can be any phrase of the list."""
        return len(line) <= self.longest and (self.torn or not line[0].islower())


_Group = tuple[tuple[str, ...], list[tuple[LinePhrases, _Phrase]]]
_NOTHING: Final[_Group] = ((), [])
_TELLING: Final = 6
"""Characters by which nearly every line is told from all phrases."""


class PhraseBook:
    """Some lists of set phrases, all of which lines are asked for in one pass.

    Args:
        lists: Of phrases.
    """

    def __init__(self, lists: Iterable[LinePhrases]) -> None:
        known: dict[str, list[tuple[LinePhrases, _Phrase]]] = defaultdict(list)
        for phrases in lists:
            for phrase in phrases.phrases:
                known[_key(phrase.begins)].append((phrases, phrase))
        self._known: Final = {
            key: (tuple({phrase.begins[:_TELLING] for _, phrase in group}), group)
            for key, group in known.items()
        }

    def lines(self, text: str) -> dict[LinePhrases, list[Line]]:
        """The lines of a text that are a phrase, in order, for each list that has one."""
        found: dict[LinePhrases, list[Line]] = {}
        end = -1
        while end < len(text):
            start, end = end + 1, text.find("\n", end + 1)
            if end < 0:
                end = len(text)
            if start == end:
                continue
            if not text[start].isalnum():
                start = end - len(text[start:end].lstrip(_MARKS))
            beginning = _fold(text[start : min(start + _TELLING, end)])
            begins, group = self._known.get(_key(beginning), _NOTHING)
            if beginning.startswith(begins):
                line = text[start:end]
                for phrases in _lists_with(line, group):
                    found.setdefault(phrases, []).append(Line(start, line.rstrip(_SPACES)))
        return found


def line_at(text: str, start: int) -> Line:
    """The line that begins at a place of a text, the marks before it left out."""
    end = text.find("\n", start)
    whole = text[start : end if end >= 0 else len(text)]
    line = whole.lstrip(_MARKS)
    return Line(start + len(whole) - len(line), line.rstrip(_SPACES))


def lines(text: str) -> Iterator[Line]:
    """The lines of a text that hold more than marks."""
    start = 0
    for whole in text.split("\n"):
        line = whole.lstrip(_MARKS)
        if line:
            yield Line(start + len(whole) - len(line), line.rstrip(_SPACES))
        start += len(whole) + 1


def _lists_with(line: str, group: Iterable[tuple[LinePhrases, _Phrase]]) -> dict[LinePhrases, None]:
    """The lists of which a line is a phrase, each once."""
    may_have = [(phrases, phrase) for phrases, phrase in group if phrases.may_have(line)]
    folded = _fold(line) if may_have else ""
    return {phrases: None for phrases, phrase in may_have if _is(folded, phrase)}


def _key(folded: str) -> str:
    """What phrases are sorted by: two letters, or one character that is none."""
    return folded[:2] if folded[:1].isalnum() else folded[:1]


def _fold(line: str) -> str:
    return line.casefold().replace("’", "'")


def _phrase(line: str) -> _Phrase:
    begins, *follows = _fold(line.removesuffix("$")).split("…")
    return _Phrase(begins, tuple(follows), line.endswith("$"))


def _is(folded: str, phrase: _Phrase) -> bool:
    if not folded.startswith(phrase.begins):
        return False
    at = len(phrase.begins)
    for part in phrase.follows:
        at = folded.find(part, at)
        if at < 0:
            return False
        at += len(part)
    rest = folded[at:]
    if phrase.ends:
        return not rest.strip(_ENDS)
    return not (folded[at - 1].isalpha() and rest[:1].isalpha()) or rest[0] >= _UNSPACED
