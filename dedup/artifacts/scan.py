"""One look at a text for all that any rule needs.

Most rules can fire only where one of some fixed strings stands ("MINIFYHTML", " reporting by"),
where a line is a set phrase, or where normalization repaired something. The strings of all
rules are looked for in one pass, the phrases in another. A rule of whose needs a text has none
is not tried, and most others look no further than where theirs stand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Generic, TypeAlias, TypeVar

from dedup.artifacts.line_phrases import Line, LinePhrases, PhraseBook
from dedup.artifacts.zones import head_and_foot
from dedup.model import Span
from dedup.normalize import CleanText
from dedup.strings import Strings


class Words:
    """Fixed strings, looked for everywhere in the text as shown; case matters."""

    def __init__(self, *words: str) -> None:
        self.strings: Final = words


class Stems:
    """Fixed strings in folded case, looked for in the head and foot of the text as shown."""

    def __init__(self, *stems: str) -> None:
        self.strings: Final = stems


FORMS_OF_I: Final = ("i", "i\u0307", "ı")
"""What a case-blind pattern takes for an i, in folded case: those of "I", "İ" and "ı"."""

Need: TypeAlias = Words | Stems | LinePhrases | str
"""What a rule cannot fire without. A ``str`` is the name of a repair (``normalize.STEPS``)."""


@dataclass(frozen=True, slots=True)
class Scan:
    """A text, and where it has what rules need.

    Attributes:
        clean: The text.
        zones: The head and the foot of the text as shown, or one span if they meet.
        words: Where words stand, in the order of their ends; also where they overlap.
        lines: The lines that are a set phrase, in order.
        met: Every need of which the text has something.
    """

    clean: CleanText
    zones: tuple[Span, ...]
    words: Mapping[Words, Sequence[Span]]
    lines: Mapping[LinePhrases, Sequence[Line]]
    met: frozenset[Need]

    @property
    def text(self) -> str:
        """The text as shown, which the rules read."""
        return self.clean.shown

    def places(self, words: Words) -> Sequence[Span]:
        """Where some words stand, in the order of their ends."""
        return self.words.get(words, ())

    def phrases(self, known: LinePhrases) -> Sequence[Line]:
        """The lines that are one of some phrases, in order."""
        return self.lines.get(known, ())


class Scanner:
    """Looks for all that some rules need. Safe for threads.

    Args:
        needs: Of all of them.
    """

    def __init__(self, needs: Iterable[Need]) -> None:
        distinct = dict.fromkeys(needs)  # a set has another order in every process
        self.needs: Final = frozenset(distinct)
        self._words = _Lists([need for need in distinct if isinstance(need, Words)])
        self._stems = _Lists([need for need in distinct if isinstance(need, Stems)])
        self._phrases = PhraseBook([need for need in distinct if isinstance(need, LinePhrases)])

    def scan(self, clean: CleanText) -> Scan:
        """Look a text over."""
        text = clean.shown
        zones = head_and_foot(text)
        words = self._words.places(text)
        lines = self._phrases.lines(text)
        # Zones end with their line or the text: no string stands across the border.
        stems = self._stems.places("\n".join(text[slice(*zone)] for zone in zones).casefold())
        repairs = [repair.step for repair in clean.repairs]
        return Scan(clean, zones, words, lines, frozenset([*words, *stems, *lines, *repairs]))


_Strings = TypeVar("_Strings", Words, Stems)


class _Lists(Generic[_Strings]):
    """Finds all strings of all lists in one pass."""

    def __init__(self, lists: Sequence[_Strings]) -> None:
        owners: dict[str, list[_Strings]] = defaultdict(list)
        for strings in lists:
            for string in strings.strings:
                owners[string].append(strings)
        self._owners: Final[list[list[_Strings]]] = list(owners.values())
        self._strings = Strings(owners)

    def places(self, text: str) -> dict[_Strings, list[Span]]:
        """Where strings of each list stand; lists of which there is none are left out."""
        places: dict[_Strings, list[Span]] = {}
        for number, start, end in self._strings.find(text):
            for strings in self._owners[number]:
                places.setdefault(strings, []).append(Span(start, end))
        return places
