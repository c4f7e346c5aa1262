"""What differs where two texts say the same: numbers, names, words, sentences.

Aligned sentences are laid side by side word by word. Where a stretch of words that both have
is interrupted by a word or two that differ, the *frame* says what the two words are to each
other: another number, another name, or another word for the same thing. A thesaurus is not
needed for that, and would be needed for every language.

A translator changes all words alike and keeps names and numbers; an editor changes a few words,
and the facts that are new. So both are told by what they changed.

This costs about as much as the comparison itself, and is made for those pairs only that
somebody asks about.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, pairwise, takewhile
from typing import Final, NamedTuple

from rapidfuzz.distance import Indel, LCSseq

from dedup.compare.comparison import Comparison
from dedup.compare.irregular import are_irregular_forms
from dedup.compare.numbers import SCALES, number_word, numbers
from dedup.compare.profile import MAX_SENTENCES, Profile
from dedup.compare.rewording import CONTENT_WEIGHT, LOOSE_FRAME
from dedup.model import Change, Differences, KeptWords, Span, Substitution, WordKind
from dedup.terms import vocabulary
from dedup.tokens import SOLO, code_point_classes

NAME_WEIGHT: Final = 0.9
"""Weight from which a capitalised word is a name where capitals alone do not tell: at the
beginning of a sentence, and in languages that write every noun so."""

FRAME: Final = 0.5
"""Share of the words of aligned sentences that must stand in both in the same order before
what differs is read as a change of the same statement. Below, two sentences of one subject
have words in the same place by chance; from ``LOOSE_FRAME`` on only numbers near each other
are read: "sent some 586,000 civilians onto the roads" and "displaced some 600,000 people"."""

NEAR: Final = 1.5
"""Ratio of two numbers up to which they are taken for counts of one thing, where more than a
few words around them differ."""

FIRM_FRAME: Final = 0.65
"""The same, before single words are read out of an interruption of several. Measured on 110
pairs of words of re-translations, read by hand: of the words that stand alone in their
interruption 1 in 50 took the place of another by chance, of the others 1 in 6; of these
most stand in frames below this."""

MOST_WORDS: Final = 3
"""Longest interruption, in words, that is read as one thing in place of another. In longer ones
a clause was rewritten, and no word of it answers to another."""

WORDS_OF_CHARACTERS: Final = frozenset({(2, 2), (2, 3), (3, 2)})
"""Lengths of two interruptions, in characters, that are read as words where no spaces tell
words apart. Of Chinese and Japanese translations of one text, most such pairs are words that
mean the same; of single characters most are halves of words."""

FEWEST_LETTERS: Final = 2
"""A single letter is an initial, or what an apostrophe has left of a word."""

SAME_BEGINNING: Final = 4
"""Letters that two words have in common at their beginning from which they count as forms of
one ("Turkish" and "Turkey"), if these are half of the longer one. "Protect" and "protest" are
lost by that; they are few."""

ALIKE: Final = 0.7
"""Similarity of spelling (Indel) of two words that begin with the same letter from which
they count as forms of one: "colour" and "color", "wrote" and "write"."""

NOUNS_CAPITALISED: Final = frozenset({"de", "lb"})
"""Languages that write every noun with a capital."""

_OPENING: Final = "\"'“‘„«‹([:–—-"


def differences(comparison: Comparison) -> Differences:
    """What differs between two texts where they say the same, and what only one has.

    Both articles are told the same: it is worked out in one order of the two.
    """
    if comparison.canonical is not comparison:
        return _mirrored(differences(comparison.canonical))
    query, candidate = comparison.query, comparison.candidate
    ours, theirs = _Reading(query), _Reading(candidate)
    same_language = query.document.language.code == candidate.document.language.code
    found = _Found()
    for in_query, in_candidate in _stretches(comparison):
        frame = _Frame(ours, ours.units(in_query), theirs, theirs.units(in_candidate))
        found.count(frame)
        if same_language:
            found.read(frame)
    return Differences(
        numbers=tuple(sorted(found.numbers, key=_place)),
        names=tuple(sorted(found.names, key=_place)),
        substitutions=found.substitutions.ranked(),
        forms=found.forms.ranked(),
        function_words=found.kept("function"),
        content_words=found.kept("content"),
        kept_names=found.kept("name"),
        kept_numbers=found.kept("number"),
        only_query=_unanswered(query, {pair.query for pair in comparison.alignment.pairs}),
        only_candidate=_unanswered(
            candidate, {pair.candidate for pair in comparison.alignment.pairs}
        ),
    )


def _place(change: Change) -> tuple[Span, Span]:
    return change.query, change.candidate


def _mirrored(seen: Differences) -> Differences:
    def swapped(changes: Iterable[Change]) -> tuple[Change, ...]:
        turned = [
            Change(
                query=change.candidate,
                candidate=change.query,
                query_text=change.candidate_text,
                candidate_text=change.query_text,
            )
            for change in changes
        ]
        return tuple(sorted(turned, key=_place))

    def turned(pairs: Iterable[Substitution]) -> tuple[Substitution, ...]:
        return tuple(Substitution(one.candidate, one.query, one.count) for one in pairs)

    return replace(
        seen,
        numbers=swapped(seen.numbers),
        names=swapped(seen.names),
        substitutions=turned(seen.substitutions),
        forms=turned(seen.forms),
        only_query=seen.only_candidate,
        only_candidate=seen.only_query,
    )


def _stretches(comparison: Comparison) -> Iterator[tuple[range, range]]:
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


def _unanswered(document: Profile, aligned: set[int]) -> tuple[Span, ...]:
    """The sentences that have no counterpart, as submitted."""
    starts, ends = document.document.tokens.starts, document.document.tokens.ends
    bounds = document.bounds.tolist()[: MAX_SENTENCES + 1]
    return tuple(
        document.document.clean.submitted(Span(int(starts[first]), int(ends[stop - 1])))
        for i, (first, stop) in enumerate(pairwise(bounds))
        if i not in aligned
    )


class _Unit(NamedTuple):
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


class _Reading:
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
        self._has_figures = profile.figures
        self._known: dict[str, tuple[str, WordKind, float]] = {}

    def units(self, sentences: range) -> list[_Unit]:
        """The units of sentences that stand one after the other."""
        return [unit for sentence in sentences for unit in self._sentence(sentence)]

    def is_one_name(self, one: _Unit, other: _Unit) -> bool:
        """Whether two words that follow each other are parts of one name."""
        between = self.clean.text[one.span.end : other.span.start]
        return one.kind == other.kind == "name" and between.strip(" \n.-'’") == ""

    def text(self, span: Span) -> str:
        """What stands there, in one line."""
        return " ".join(self.clean.text[slice(*span)].split())

    def _sentence(self, sentence: int) -> list[_Unit]:
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
            units.append(_Unit(key, word, kind, weight, span))
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

    def _with_numbers(self, words: list[_Unit]) -> list[_Unit]:
        """The same with the words of each number as one."""
        text = self.clean.text
        units: list[_Unit] = []
        found = {n.span.start: n for n in numbers(text, words[0].span.start, words[-1].span.end)}
        end = 0
        for word in words:
            number = found.get(word.span.start)
            if number is not None:
                end = number.span.end
                digits = text[slice(*number.span)]
                units.append(_Unit(number.value, digits, "number", 1.0, number.shown))
            elif word.span.start >= end:
                units.append(word)
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
        before = self.clean.text[max(0, start - 2) : start].rstrip()
        return before[-1:] in _OPENING


class _Gap(NamedTuple):
    """What interrupts a stretch of equal words, on both sides."""

    ours: list[_Unit]
    theirs: list[_Unit]


class _Frame:
    """Sentences that answer to each other, word beside word."""

    def __init__(
        self, ours: _Reading, our_units: list[_Unit], theirs: _Reading, their_units: list[_Unit]
    ) -> None:
        self.ours, self.theirs = ours, theirs
        self.our_units, self.their_units = our_units, their_units
        our_keys, their_keys = [u.key for u in our_units], [u.key for u in their_units]
        self.equal: list[tuple[_Unit, _Unit]] = []
        self.gaps: list[_Gap] = []
        ops = LCSseq.opcodes(our_keys, their_keys)
        for is_equal, part in groupby(ops, key=lambda op: op.tag == "equal"):
            block = list(part)
            one = our_units[block[0].src_start : block[-1].src_end]
            other = their_units[block[0].dest_start : block[-1].dest_end]
            if is_equal:
                self.equal.extend(zip(one, other, strict=True))
            elif one and other:
                self.gaps.append(_Gap(one, other))
        self._our_keys, self._their_keys = set(our_keys), set(their_keys)

    @property
    def kept(self) -> float:
        """Share of the units that stand in both in the same order, in [0, 1]."""
        return 2 * len(self.equal) / max(len(self.our_units) + len(self.their_units), 1)

    def is_elsewhere(self, unit: _Unit, *, ours: bool) -> bool:
        """Whether the other side has it, too, in some place."""
        return unit.key in (self._their_keys if ours else self._our_keys)

    def only(self, gap: _Gap, *kinds: WordKind) -> tuple[list[_Unit], list[_Unit]]:
        """The units of some kinds in a gap that the other side has nowhere."""
        return (
            [u for u in gap.ours if u.kind in kinds and not self.is_elsewhere(u, ours=True)],
            [u for u in gap.theirs if u.kind in kinds and not self.is_elsewhere(u, ours=False)],
        )

    def whole_name(
        self, ours: Sequence[_Unit], theirs: Sequence[_Unit]
    ) -> tuple[list[_Unit], list[_Unit]]:
        """Parts of a name with those parts beside them that both have: "Joe" before "Biden"."""
        return (
            _with_neighbours(ours[0], self.our_units, self.ours),
            _with_neighbours(theirs[0], self.their_units, self.theirs),
        )

    def scaled(self, gap: _Gap) -> tuple[list[_Unit], list[_Unit]]:
        """Two words of scale, each with the number before it."""
        at, there = self.our_units.index(gap.ours[0]), self.their_units.index(gap.theirs[0])
        return self.our_units[max(0, at - 1) : at + 1], self.their_units[
            max(0, there - 1) : there + 1
        ]

    def change(self, ours: Sequence[_Unit], theirs: Sequence[_Unit]) -> Change:
        """One thing in place of another."""
        our_span = Span(ours[0].span.start, ours[-1].span.end)
        their_span = Span(theirs[0].span.start, theirs[-1].span.end)
        return Change(
            query=self.ours.clean.submitted(our_span),
            candidate=self.theirs.clean.submitted(their_span),
            query_text=self.ours.text(our_span),
            candidate_text=self.theirs.text(their_span),
        )


def _with_neighbours(name: _Unit, units: Sequence[_Unit], reading: _Reading) -> list[_Unit]:
    """A name with the names right beside it: no comma parts them."""
    first = last = units.index(name)
    while first > 0 and reading.is_one_name(*units[first - 1 : first + 1]):
        first -= 1
    while last + 1 < len(units) and reading.is_one_name(*units[last : last + 2]):
        last += 1
    return list(units[first : last + 1])


class _Tally:
    """Pairs of words by their stems, each shown as it stands where it is met first."""

    def __init__(self) -> None:
        self._count: Counter[tuple[str, str]] = Counter()
        self._shown: dict[tuple[str, str], tuple[str, str, float]] = {}

    def add(self, ours: _Unit, theirs: _Unit) -> None:
        pair = ours.key, theirs.key
        self._count[pair] += 1
        self._shown.setdefault(pair, (ours.word, theirs.word, min(ours.weight, theirs.weight)))

    def ranked(self) -> tuple[Substitution, ...]:
        """The most frequent first; of equally frequent ones those that say most."""
        order = sorted(self._count, key=lambda pair: (-self._count[pair], -self._shown[pair][2]))
        return tuple(Substitution(*self._shown[pair][:2], self._count[pair]) for pair in order)


class _Found:
    """What was found in the frames looked at."""

    def __init__(self) -> None:
        self.numbers: list[Change] = []
        self.names: list[Change] = []
        self.substitutions = _Tally()
        self.forms = _Tally()
        self._total: Counter[WordKind] = Counter()
        self._kept: Counter[WordKind] = Counter()

    def kept(self, kind: WordKind) -> KeptWords:
        return KeptWords(total=self._total[kind], kept=self._kept[kind])

    def count(self, frame: _Frame) -> None:
        """Count what stands on either side, and what of it the other side has."""
        in_place = sum(
            one.word == other.word for one, other in frame.equal if one.kind == "function"
        )
        self._kept["function"] += 2 * in_place
        for units, ours in ((frame.our_units, True), (frame.their_units, False)):
            for unit in units:
                self._total[unit.kind] += 1
                if unit.kind != "function":
                    self._kept[unit.kind] += frame.is_elsewhere(unit, ours=ours)

    def read(self, frame: _Frame) -> None:
        """Read what each gap says."""
        if frame.kept < LOOSE_FRAME:
            return
        firm = frame.kept >= FRAME
        for one, other in frame.equal:
            if firm and one.word != other.word and one.kind == other.kind == "content":
                self.forms.add(one, other)
        for gap in frame.gaps:
            short = firm and max(len(gap.ours), len(gap.theirs)) <= MOST_WORDS
            self._numbers(frame, gap, only_near=not short)
            if short:
                self._names(frame, gap)
                self._words(frame, gap)

    def _numbers(self, frame: _Frame, gap: _Gap, *, only_near: bool) -> None:
        if _are_scales(gap):
            self.numbers.append(frame.change(*frame.scaled(gap)))
            return
        ours, theirs = frame.only(gap, "number")
        if len(ours) != len(theirs) or _digits(gap.ours) == _digits(gap.theirs):
            return
        for one, other in zip(ours, theirs, strict=True):
            if _is_year(one.key, other.key) or (only_near and not _are_near(one.key, other.key)):
                continue
            self.numbers.append(frame.change([one], [other]))

    def _names(self, frame: _Frame, gap: _Gap) -> None:
        ours, theirs = frame.only(gap, "name")
        if not ours or not theirs or _is_same_name(ours, theirs):
            return
        one, other = frame.whole_name(ours, theirs)
        if set(ours) <= set(one) and set(theirs) <= set(other):
            self.names.append(frame.change(one, other))

    def _words(self, frame: _Frame, gap: _Gap) -> None:
        if _are_scales(gap):
            return
        if frame.kept < FIRM_FRAME and not len(gap.ours) == len(gap.theirs) == 1:
            return
        if _is_spaceless(gap.ours) or _is_spaceless(gap.theirs):
            self._characters(frame, gap)
            return
        ours, theirs = frame.only(gap, "content")
        if len(ours) != len(theirs) or (len(ours) > 1 and len(gap.ours) != len(gap.theirs)):
            return
        for one, other in zip(ours, theirs, strict=True):
            if _is_form(one, other):
                self.forms.add(one, other)
            elif min(len(one.word), len(other.word)) >= FEWEST_LETTERS:
                self.substitutions.add(one, other)

    def _characters(self, frame: _Frame, gap: _Gap) -> None:
        """Where no spaces tell words apart, what interrupts the equal characters is the word."""
        lengths = len(gap.ours), len(gap.theirs)
        ours, theirs = frame.only(gap, "content")
        if lengths in WORDS_OF_CHARACTERS and ours and theirs:
            one, other = _joined(gap.ours), _joined(gap.theirs)
            if one is not None and other is not None:
                self.substitutions.add(one, other)


def _digits(units: Iterable[_Unit]) -> str:
    """All digits of some units: "2 000" is two numbers, and the same as "2000"."""
    return "".join(re.sub(r"\D", "", unit.key) for unit in units if unit.kind == "number")


def _are_scales(gap: _Gap) -> bool:
    """Whether "million" stands in place of "billion", and nothing else is changed."""
    words = [unit.word for unit in (*gap.ours, *gap.theirs)]
    return len(gap.ours) == len(gap.theirs) == 1 and SCALES.issuperset(words)


def _are_near(one: str, other: str) -> bool:
    try:
        low, high = sorted((float(one), float(other)))
    except ValueError:  # a date, a time, a score
        return False
    return 0 < high <= NEAR * low


def _is_year(one: str, other: str) -> bool:
    """Whether two numbers are one year, with its century and without: "07" and "2007"."""
    short, long = sorted((one, other), key=len)
    return (len(short), len(long)) == (2, 4) and long.endswith(short)


def _is_same_name(ours: Sequence[_Unit], theirs: Sequence[_Unit]) -> bool:
    """Whether two names are one, but for an ending, accents, blanks, or all but its initials."""
    one, other = _letters(ours), _letters(theirs)
    if one.startswith(other) or other.startswith(one):
        return True
    initials = "".join(u.word[0] for u in ours), "".join(u.word[0] for u in theirs)
    if initials in ((initials[0], one), (other, initials[1])):
        return True
    known = max(unit.weight for unit in (*ours, *theirs)) < 1
    return known and len(ours) == len(theirs) == 1 and _is_form(ours[0], theirs[0])


def _letters(units: Iterable[_Unit]) -> str:
    """The letters of some words, without accents."""
    decomposed = unicodedata.normalize("NFD", "".join(unit.word for unit in units))
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def _is_spaceless(units: Iterable[_Unit]) -> bool:
    return any(code_point_classes()[ord(unit.word[0])] == SOLO for unit in units)


def _joined(units: Sequence[_Unit]) -> _Unit | None:
    """Characters that stand side by side, as one word."""
    if any(one.span.end != other.span.start for one, other in pairwise(units)):
        return None
    word = "".join(unit.word for unit in units)
    weight = sum(unit.weight for unit in units) / len(units)
    return _Unit(word, word, "content", weight, Span(units[0].span.start, units[-1].span.end))


def _is_form(one: _Unit, other: _Unit) -> bool:
    """Whether two words are, or look like, forms or spellings of one."""
    if are_irregular_forms(one.word, other.word) or are_irregular_forms(one.key, other.key):
        return True
    same = sum(
        1
        for _ in takewhile(lambda pair: pair[0] == pair[1], zip(one.word, other.word, strict=False))
    )
    longer = max(len(one.word), len(other.word))
    if same >= SAME_BEGINNING and 2 * same >= longer:
        return True
    return same > 0 and Indel.normalized_similarity(one.word, other.word) >= ALIKE
