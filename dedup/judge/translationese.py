"""Which of two English texts reads like a translation of the other.

A text that went through another language and back comes out plainer and more explicit: rarer
words give way to commoner ones and short native verbs to long ones, phrasal verbs, contractions
and participles are put into full words, stacked nouns and genitives in -s are taken apart with
articles and of-phrases, and possessives and perfect tenses are lost. Translators do so whoever or whatever they are
(Baker 1993 calls it explicitation and simplification); single engines add errors of their
own, which are left out here, since the next engine makes others.

Only what differs between aligned sentences is counted, on either side, so that subject and
house style, which both share, cancel. Every feature is the difference of the two sides, and
the model has no intercept: when the two change places, its answer is the reverse.

Its table, ``translationese.json``, is made by ``benchmarks/train_direction.py``, which says how
often it is right about engines that it has not seen. For other languages nothing is measured,
so nothing is said.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib import resources
from types import MappingProxyType
from typing import Final

from dedup.compare import Comparison
from dedup.compare.edits import Edit, edits
from dedup.errors import DataError
from dedup.terms import CACHED_WORDS, vocabulary

LANGUAGE: Final = "en"
"""The only language in which translations are known by their reading."""

UNEVEN: Final = 8
"""Pieces by which one side of an edit may be longer: beyond, something was left out or added,
which translators do not do."""

CONTENT: Final = 0.1
"""Weight of a word (``dedup.terms``) from which it is none of the function words."""

RARE: Final = 0.66
"""Weight from which a word is rare: once in 100,000 words and less."""

WITH_ENDING: Final = 6
"""Letters from which a word in -ing has an ending: not "king"; "spring" passes for one."""

LONG: Final = 10
"""Letters from which a word is long: in English, one of Latin or Greek stock or a compound."""

FEW: Final = 60
"""Pieces that are taken to differ before any is looked at: of little text little is said."""

LIMIT: Final = 3.0
"""Differences further than this many scales from none count as if they were there: no table
of abbreviations may decide alone."""

CEILING: Final = 0.99
"""Confidence that is never exceeded: the engines that it was measured on are not all."""

NAMED: Final = 3
"""Differences that a reason names."""

FORMS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "definite articles": ("the",),
        "indefinite articles": ("a", "an"),
        "of-phrases": ("of",),
        "at-phrases": ("at",),
        "that-clauses": ("that",),
        "phrasal particles (up, out, off)": ("up", "out", "off", "down", "back", "away", "over"),
        "everyday verbs (get, put, take)": (
            *("get", "gets", "got", "getting", "gotten", "put", "puts", "set", "sets"),
            *("take", "takes", "took", "taken", "make", "makes", "made", "run", "runs", "ran"),
            *("come", "comes", "came", "go", "goes", "went", "keep", "kept"),
            *("give", "gave", "gives"),
        ),
        "forms of have": ("have", "has", "had", "'ve", "’ve"),
        "possessives (his, its)": ("his", "her", "its", "their", "our", "my", "your"),
        "negations in full": ("not",),
        "genitives in -s": ("'s", "’s"),
        "contractions": tuple(
            mark + ending for mark in "'’" for ending in ("t", "re", "ve", "ll", "d", "m")
        ),
    }
)
"""Features that are counts of certain pieces."""

PARTICIPLES: Final = "forms in -ing"
LONG_WORDS: Final = "long words"
ABBREVIATIONS: Final = "abbreviations with points"
RARE_WORDS: Final = "rare words"
COMPOUNDS: Final = "words stacked with none of the small words between"
SUBSTITUTIONS: Final = "commoner words"

COUNTS: Final = (*FORMS, PARTICIPLES, LONG_WORDS, ABBREVIATIONS, RARE_WORDS, COMPOUNDS)
FEATURES: Final = (*COUNTS, SUBSTITUTIONS)
"""Names of the features, as reasons call them, in the order of the table."""


@dataclass(frozen=True, slots=True)
class Contrast:
    """What differs between two texts, counted on either side.

    Attributes:
        query: Feature -> how often, among the query's pieces that differ.
        candidate: Likewise.
        pieces: Pieces that differ, of both.
        rarity: Summed weight of the query's words, and of the candidate's, where one word
            stands in the place of one other.
        substitutions: How many such places there are.
    """

    query: Mapping[str, int]
    candidate: Mapping[str, int]
    pieces: int
    rarity: tuple[float, float]
    substitutions: int

    @property
    def values(self) -> tuple[float, ...]:
        """The features: larger is more of it in the query; zero where both have as much.

        Over the square root of the pieces, as chance differences grow: so they mean the same in
        short texts and long ones.
        """
        ours, theirs = self.rarity
        differences = [self.query.get(name, 0) - self.candidate.get(name, 0) for name in COUNTS]
        spread = math.sqrt(self.pieces + FEW)
        return tuple(difference / spread for difference in (*differences, theirs - ours))

    @property
    def mirrored(self) -> Contrast:
        """The same, asked about the other text."""
        return Contrast(
            self.candidate, self.query, self.pieces, self.rarity[::-1], self.substitutions
        )


@dataclass(frozen=True, slots=True)
class Reading:
    """Which of two texts reads like a translation of the other.

    Attributes:
        of_query: The query is the one that does.
        confidence: Share of such pairs in which that is right, in [.5, ``CEILING``].
        differences: The most telling ones, said of the translation.
    """

    of_query: bool
    confidence: float
    differences: str


@dataclass(frozen=True, slots=True)
class TranslationModel:
    """What each feature says.

    Attributes:
        scale: Feature -> its spread, in its own unit.
        weight: Feature -> what one scale of it adds to the logarithm of the odds that the
            query is the translation.
    """

    scale: Mapping[str, float]
    weight: Mapping[str, float]

    def parts(self, values: Iterable[float]) -> dict[str, float]:
        """What each feature adds to the logarithm of the odds."""
        return {
            name: self.weight[name] * max(-LIMIT, min(LIMIT, value / self.scale[name]))
            for name, value in zip(FEATURES, values, strict=True)
        }

    def read(self, contrast: Contrast) -> Reading:
        """Which of the two reads like a translation."""
        parts = self.parts(contrast.values)
        odds = sum(parts.values())
        of_query = odds > 0
        telling = sorted(parts, key=lambda name: parts[name] if of_query else -parts[name])
        of_translation = contrast if of_query else contrast.mirrored
        return Reading(
            of_query=of_query,
            confidence=min(CEILING, 1 / (1 + math.exp(-abs(odds)))),
            differences=_listed(
                [_said(name, of_translation) for name in telling[: -NAMED - 1 : -1]]
            ),
        )


def reading(comparison: Comparison) -> Reading | None:
    """Which text of a pair reads like a translation; None if they are not both English.

    The answer about either agrees with the answer about the other.
    """
    contrast = contrast_of(comparison)
    return None if contrast is None else translation_model().read(contrast)


def contrast_of(comparison: Comparison) -> Contrast | None:
    """What the model reads; None if the two are not both English."""
    documents = (comparison.query.document, comparison.candidate.document)
    if any(document.language.code != LANGUAGE for document in documents):
        return None
    found = comparison.once(_contrast)
    return found if comparison.canonical is comparison else found.mirrored


def _contrast(comparison: Comparison) -> Contrast:
    return count(edits(comparison))


def count(found: Iterable[Edit]) -> Contrast:
    """Count what the sides of edits hold."""
    query: Counter[str] = Counter()
    candidate: Counter[str] = Counter()
    pieces = substitutions = 0
    our_rarity = their_rarity = 0.0
    for one, other in found:
        if abs(len(one) - len(other)) > UNEVEN:
            continue
        pieces += len(one) + len(other)
        is_content = _tally(one, query) & _tally(other, candidate)
        if is_content and len(one) == len(other) == 1:
            substitutions += 1
            our_rarity += _weight(one[0])
            their_rarity += _weight(other[0])
    return Contrast(query, candidate, pieces, (our_rarity, their_rarity), substitutions)


def _tally(pieces: tuple[str, ...], counts: Counter[str]) -> bool:
    """Add the features of pieces; whether the last is none of the function words."""
    is_content = False
    for piece in pieces:
        follows_content = is_content
        names, is_content = _read_piece(piece)
        for name in names:
            counts[name] += 1
        if follows_content and is_content:
            counts[COMPOUNDS] += 1
    return is_content


@lru_cache(maxsize=CACHED_WORDS)
def _read_piece(piece: str) -> tuple[tuple[str, ...], bool]:
    """The features that one piece counts for, and whether it is none of the function words."""
    return _features(piece), _is_content(piece)


def _features(piece: str) -> tuple[str, ...]:
    """The features that one piece counts for."""
    folded = piece.casefold()
    names = [name for name, forms in FORMS.items() if folded in forms]
    letters = piece.split(".")
    if len(letters) > 1 and all(letter.isupper() and len(letter) == 1 for letter in letters):
        names.append(ABBREVIATIONS)
    if piece.islower() and piece.isalpha():
        if len(piece) >= WITH_ENDING and piece.endswith("ing"):
            names.append(PARTICIPLES)
        if len(piece) >= LONG:
            names.append(LONG_WORDS)
        if _weight(piece) >= RARE:
            names.append(RARE_WORDS)
    return tuple(names)


def _is_content(piece: str) -> bool:
    return piece.isalpha() and _weight(piece) >= CONTENT


def _weight(piece: str) -> float:
    """How rare a word is, in [0, 1]."""
    return vocabulary(LANGUAGE).weight(piece.casefold())


def _said(name: str, contrast: Contrast) -> str:
    """One difference, of the query: ``more commas (9 against 4)``."""
    if name == SUBSTITUTIONS:
        ours, theirs = (total / max(contrast.substitutions, 1) for total in contrast.rarity)
        which = name if ours < theirs else "rarer words"
        return (
            f"{which} where one word stands for one other (mean rarity {ours:.2f} against "
            f"{theirs:.2f} in {contrast.substitutions} places)"
        )
    ours, theirs = contrast.query.get(name, 0), contrast.candidate.get(name, 0)
    return f"{'more' if ours > theirs else 'fewer'} {name} ({ours} against {theirs})"


def _listed(parts: list[str]) -> str:
    return ", ".join(parts[:-1]) + f" and {parts[-1]}"


def read_translation_model(text: str) -> TranslationModel:
    """The model of a table.

    Raises:
        DataError: The table is not one of these features.
    """
    features = json.loads(text).get("features", {})
    if tuple(features) != FEATURES:
        raise DataError(
            "the table of translations was made for other features; make it again with "
            "benchmarks/train_direction.py"
        )
    return TranslationModel(
        scale={name: row["scale"] for name, row in features.items()},
        weight={name: row["weight"] for name, row in features.items()},
    )


@cache
def translation_model() -> TranslationModel:
    """The model that ships with the package."""
    table = resources.files("dedup.judge").joinpath("translationese.json")
    return read_translation_model(table.read_text("utf-8"))
