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
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise, takewhile
from typing import Final

from rapidfuzz.distance import Indel

from dedup.compare.comparison import Comparison
from dedup.compare.frames import Frame, Gap, Reading, Unit, stretches
from dedup.compare.irregular import are_irregular_forms
from dedup.compare.numbers import SCALES
from dedup.compare.profile import MAX_SENTENCES, Profile
from dedup.compare.rewording import LOOSE_FRAME
from dedup.model import Change, Differences, KeptWords, Span, Substitution, WordKind
from dedup.tokens import SOLO, code_point_classes

FRAME: Final = 0.5
"""Share of the words of aligned sentences that must stand in both in the same order before
what differs is read as a change of the same statement. Below, two sentences of one subject
have words in the same place by chance; from ``LOOSE_FRAME`` on only numbers near each other
are read: "sent some 586,000 civilians onto the roads" and "displaced some 600,000 people"."""

FIRM_FRAME: Final = 0.65
"""The same, before words are read out of an interruption of several. Of 110 pairs of words of
English re-translations, read by hand without this bound, 11 did not stand for the same, 10 of
these in interruptions of several words and looser frames; of 100 pairs read with it, 7."""

NEAR: Final = 1.5
"""Ratio of two numbers up to which they are taken for counts of one thing, where more than a
few words around them differ."""

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


def differences(comparison: Comparison) -> Differences:
    """What differs between two texts where they say the same, and what only one has.

    Both articles are told the same: it is worked out in one order of the two.
    """
    if comparison.canonical is not comparison:
        return _mirrored(differences(comparison.canonical))
    query, candidate = comparison.query, comparison.candidate
    ours, theirs = Reading(query), Reading(candidate)
    found = _Found()
    for in_query, in_candidate in stretches(comparison):
        frame = Frame(ours, ours.units(in_query), theirs, theirs.units(in_candidate))
        found.count(frame)
        if comparison.is_in_one_language:
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


def _unanswered(document: Profile, aligned: set[int]) -> tuple[Span, ...]:
    """The sentences that have no counterpart, as submitted."""
    bounds = document.bounds.tolist()[: MAX_SENTENCES + 1]
    return tuple(
        document.submitted(first, stop)
        for i, (first, stop) in enumerate(pairwise(bounds))
        if i not in aligned
    )


class _Tally:
    """Pairs of words by their stems, each shown as it stands where it is met first."""

    def __init__(self) -> None:
        self._count: Counter[tuple[str, str]] = Counter()
        self._shown: dict[tuple[str, str], tuple[str, str, float]] = {}

    def add(self, ours: Unit, theirs: Unit) -> None:
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

    def count(self, frame: Frame) -> None:
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

    def read(self, frame: Frame) -> None:
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

    def _numbers(self, frame: Frame, gap: Gap, *, only_near: bool) -> None:
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

    def _names(self, frame: Frame, gap: Gap) -> None:
        ours, theirs = frame.only(gap, "name")
        if not ours or not theirs or _is_same_name(ours, theirs):
            return
        one, other = frame.whole_name(ours, theirs)
        if set(ours) <= set(one) and set(theirs) <= set(other):
            self.names.append(frame.change(one, other))

    def _words(self, frame: Frame, gap: Gap) -> None:
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

    def _characters(self, frame: Frame, gap: Gap) -> None:
        """Where no spaces tell words apart, what interrupts the equal characters is the word."""
        lengths = len(gap.ours), len(gap.theirs)
        ours, theirs = frame.only(gap, "content")
        if lengths in WORDS_OF_CHARACTERS and ours and theirs:
            one, other = _joined(gap.ours), _joined(gap.theirs)
            if one is not None and other is not None:
                self.substitutions.add(one, other)


def _digits(units: Iterable[Unit]) -> str:
    """All digits of some units: "2 000" is two numbers, and the same as "2000"."""
    return "".join(re.sub(r"\D", "", unit.key) for unit in units if unit.kind == "number")


def _are_scales(gap: Gap) -> bool:
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


def _is_same_name(ours: Sequence[Unit], theirs: Sequence[Unit]) -> bool:
    """Whether two names are one, but for an ending, accents, blanks, or all but its initials."""
    one, other = _letters(ours), _letters(theirs)
    if one.startswith(other) or other.startswith(one):
        return True
    initials = "".join(u.word[0] for u in ours), "".join(u.word[0] for u in theirs)
    if initials in ((initials[0], one), (other, initials[1])):
        return True
    known = max(unit.weight for unit in (*ours, *theirs)) < 1
    return known and len(ours) == len(theirs) == 1 and _is_form(ours[0], theirs[0])


def _letters(units: Iterable[Unit]) -> str:
    """The letters of some words, without accents."""
    decomposed = unicodedata.normalize("NFD", "".join(unit.word for unit in units))
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def _is_spaceless(units: Iterable[Unit]) -> bool:
    return any(code_point_classes()[ord(unit.word[0])] == SOLO for unit in units)


def _joined(units: Sequence[Unit]) -> Unit | None:
    """Characters that stand side by side, as one word."""
    if any(one.span.end != other.span.start for one, other in pairwise(units)):
        return None
    word = "".join(unit.word for unit in units)
    weight = sum(unit.weight for unit in units) / len(units)
    return Unit(word, word, "content", weight, Span(units[0].span.start, units[-1].span.end))


def _is_form(one: Unit, other: Unit) -> bool:
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
