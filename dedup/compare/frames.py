"""Aligned sentences laid side by side word by word, and what interrupts the words that both have.

A *frame* is two stretches of sentences that answer to each other; a *gap* is a place in it
where either has other words.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby, islice
from typing import Final, NamedTuple

from rapidfuzz.distance import LCSseq

from dedup.compare.alignment import MAX_SEQUENCE
from dedup.compare.comparison import Comparison
from dedup.compare.numbers import number_word, numbers
from dedup.compare.profile import Profile
from dedup.compare.words import CONTENT_WEIGHT, FIGURE
from dedup.model import Change, Span, WordKind
from dedup.terms import vocabulary

NAME_WEIGHT: Final = 0.9
"""Weight from which a capitalised word is a name where capitals alone do not tell: at the
beginning of a sentence, and in languages that write every noun so."""

NOUNS_CAPITALISED: Final = frozenset({"de", "lb"})
"""Languages that write every noun with a capital."""

_OPENING: Final = frozenset("\"'“‘„«‹([")


class Unit(NamedTuple):
    """A word, or a number with all its digits.

    Attributes:
        key: Equal where two units say the same: a stem, the value of a number.
        word: Folded.
        kind: What it is.
        weight: How much it says, in [0, 1].
        span: In the clean text.
    """

    key: str
    word: str
    kind: WordKind
    weight: float
    span: Span


class Reading:
    """One document as units."""

    def __init__(self, profile: Profile) -> None:
        document = profile.document
        self.clean = document.clean
        self._language = document.language.code.partition("-")[0]
        self._lexicon = vocabulary(document.language.code)
        self._words = document.tokens.words
        self._starts = document.tokens.starts.tolist()
        self._ends = document.tokens.ends.tolist()
        self._bounds = profile.bounds.tolist()
        self._has_figures = (profile.kinds & FIGURE) != 0
        self._known: dict[str, tuple[str, WordKind, float]] = {}

    def units(self, sentences: range) -> list[Unit]:
        """The units of sentences that stand one after the other, the first ``MAX_SEQUENCE``."""
        units = (unit for sentence in sentences for unit in self._sentence(sentence))
        return list(islice(units, MAX_SEQUENCE))

    def is_one_name(self, one: Unit, other: Unit) -> bool:
        """Whether two words that follow each other are parts of one name."""
        between = self.clean.text[one.span.end : other.span.start]
        return one.kind == other.kind == "name" and between.strip(" \n.-'’") == ""

    def text(self, span: Span) -> str:
        """What stands there, in one line."""
        return " ".join(self.clean.text[slice(*span)].split())

    def _sentence(self, sentence: int) -> list[Unit]:
        first, stop = self._bounds[sentence : sentence + 2]
        text, starts, ends = self.clean.text, self._starts, self._ends
        capital = [text[start].isupper() for start in starts[first:stop]]
        # In headlines each word may have a capital, which tells nothing then.
        tells = 2 * sum(capital) <= len(capital)
        units = []
        for at, is_capital in enumerate(capital, first):
            word, span = self._words[at], Span(starts[at], ends[at])
            key, kind, weight = self._known.get(word) or self._look_up(word)
            if kind == "content" and is_capital and tells and self._is_name(at, first, weight):
                kind = "name"
            units.append(Unit(key, word, kind, weight, span))
        if self._has_figures[first:stop].any():
            return self._with_numbers(units)
        return units

    def _look_up(self, word: str) -> tuple[str, WordKind, float]:
        stem, weight = self._lexicon.term(word)
        small = number_word(word, self._language)
        found: tuple[str, WordKind, float]
        if small is not None:
            found = small, "number", 1.0
        else:
            found = stem, "content" if weight >= CONTENT_WEIGHT else "function", weight
        self._known[word] = found
        return found

    def _with_numbers(self, words: list[Unit]) -> list[Unit]:
        """The same with the words of each number as one."""
        text = self.clean.text
        units: list[Unit] = []
        found = {n.span.start: n for n in numbers(text, words[0].span.start, words[-1].span.end)}
        end = 0
        for word in words:
            number = found.get(word.span.start)
            if number is not None:
                end = number.span.end
                digits = text[slice(*number.span)]
                units.append(Unit(number.value, digits, "number", 1.0, number.shown))
            elif word.span.start >= end:
                # "约1200人": where no blanks part words, digits beside a letter are a number, too.
                is_number = word.word.isdecimal()
                units.append(word._replace(kind="number", weight=1.0) if is_number else word)
        return units

    def _is_name(self, at: int, first: int, weight: float) -> bool:
        """Whether a word of its own with a capital is a name."""
        if weight >= NAME_WEIGHT:
            return True
        if at == first or self._language in NOUNS_CAPITALISED:
            return False
        return not self._opens(self._starts[at])

    def _opens(self, start: int) -> bool:
        """Whether a quotation or a clause begins here, with a capital for that reason alone."""
        before = self.clean.text[max(0, start - 2) : start]
        return before[-1:] in _OPENING or before.rstrip().endswith(":")


class Gap(NamedTuple):
    """What interrupts a stretch of equal words, on both sides."""

    ours: list[Unit]
    theirs: list[Unit]


class Frame:
    """Sentences that answer to each other, word beside word."""

    def __init__(
        self, ours: Reading, our_units: list[Unit], theirs: Reading, their_units: list[Unit]
    ) -> None:
        self.ours, self.theirs = ours, theirs
        self.our_units, self.their_units = our_units, their_units
        our_keys, their_keys = [u.key for u in our_units], [u.key for u in their_units]
        self.equal: list[tuple[Unit, Unit]] = []
        self.gaps: list[Gap] = []
        ops = LCSseq.opcodes(our_keys, their_keys)
        for is_equal, part in groupby(ops, key=lambda op: op.tag == "equal"):
            block = list(part)
            one = our_units[block[0].src_start : block[-1].src_end]
            other = their_units[block[0].dest_start : block[-1].dest_end]
            if is_equal:
                self.equal.extend(zip(one, other, strict=True))
            elif one and other:
                self.gaps.append(Gap(one, other))
        self._our_keys, self._their_keys = set(our_keys), set(their_keys)

    @property
    def kept(self) -> float:
        """Share of the units that stand in both in the same order, in [0, 1]."""
        return 2 * len(self.equal) / max(len(self.our_units) + len(self.their_units), 1)

    def is_elsewhere(self, unit: Unit, *, ours: bool) -> bool:
        """Whether the other side has it, too, in some place."""
        return unit.key in (self._their_keys if ours else self._our_keys)

    def only(self, gap: Gap, *kinds: WordKind) -> tuple[list[Unit], list[Unit]]:
        """The units of some kinds in a gap that the other side has nowhere."""
        return (
            [u for u in gap.ours if u.kind in kinds and not self.is_elsewhere(u, ours=True)],
            [u for u in gap.theirs if u.kind in kinds and not self.is_elsewhere(u, ours=False)],
        )

    def whole_name(
        self, ours: Sequence[Unit], theirs: Sequence[Unit]
    ) -> tuple[list[Unit], list[Unit]]:
        """Parts of a name with those parts beside them that both have: "Joe" before "Biden"."""
        return (
            _with_neighbours(ours[0], self.our_units, self.ours),
            _with_neighbours(theirs[0], self.their_units, self.theirs),
        )

    def scaled(self, gap: Gap) -> tuple[list[Unit], list[Unit]]:
        """Two words of scale, each with the number before it."""
        return (
            _with_previous(gap.ours[0], self.our_units),
            _with_previous(gap.theirs[0], self.their_units),
        )

    def change(self, ours: Sequence[Unit], theirs: Sequence[Unit]) -> Change:
        """One thing in place of another."""
        our_span = Span(ours[0].span.start, ours[-1].span.end)
        their_span = Span(theirs[0].span.start, theirs[-1].span.end)
        return Change(
            query=self.ours.clean.submitted(our_span),
            candidate=self.theirs.clean.submitted(their_span),
            query_text=self.ours.text(our_span),
            candidate_text=self.theirs.text(their_span),
        )


def _with_previous(unit: Unit, units: Sequence[Unit]) -> list[Unit]:
    at = units.index(unit)
    return list(units[max(0, at - 1) : at + 1])


def _with_neighbours(name: Unit, units: Sequence[Unit], reading: Reading) -> list[Unit]:
    """A name with the names right beside it: no comma parts them."""
    first = last = units.index(name)
    while first > 0 and reading.is_one_name(*units[first - 1 : first + 1]):
        first -= 1
    while last + 1 < len(units) and reading.is_one_name(*units[last : last + 2]):
        last += 1
    return list(units[first : last + 1])


def stretches(comparison: Comparison) -> Iterator[tuple[range, range]]:
    """Sentences that answer to each other, those that were merged or split together.

    A pair of sentences that are each other's best partner takes in its neighbours that have
    no better one.
    """
    left, right = defaultdict(set), defaultdict(set)
    mutual = [(pair.query, pair.candidate) for pair in comparison.alignment.pairs if pair.mutual]
    paired, answered = {i for i, _ in mutual}, {j for _, j in mutual}
    for pair in comparison.alignment.pairs:
        if pair.query not in paired:
            left[pair.candidate].add(pair.query)
        if pair.candidate not in answered:
            right[pair.query].add(pair.candidate)
    for i, j in mutual:
        yield _around(i, left[j]), _around(j, right[i])


def _around(place: int, others: set[int]) -> range:
    """A sentence with those beside it that are among the others."""
    first = last = place
    while first - 1 in others:
        first -= 1
    while last + 1 in others:
        last += 1
    return range(first, last + 1)
