"""What a word stands for in its language: its stem, and how much it says about the subject.

Stems come from Snowball, frequencies from wordfreq, each where it has the language:

1. The **stem** of a word is its Snowball stem, else the word itself. Decimal digits of any
   script become ASCII digits, because numbers survive translation.
2. The **weight** of a word falls linearly with the frequency of its stem on the Zipf scale
   (log10 of occurrences per billion words), from 1 at ``RARE_ZIPF`` to 0 at
   ``COMMON_ZIPF``. All forms of one stem weigh the same, or the re-translated form of a
   word would count for less than the word.
3. In a script written without spaces each character is a word; its frequency is that of
   the character in the language's word list.
4. Without a word list, length stands in for rarity (function words are short), and a
   character of a script without spaces gets a neutral weight.

Deliberately not done: no stop word lists (the top of the frequency list is one), no
lemmatizer, no weight from the documents themselves: a term must weigh the same tomorrow.
"""

from __future__ import annotations

import threading
import unicodedata
from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from math import log10
from types import MappingProxyType
from typing import Final, NamedTuple

import Stemmer
import wordfreq

from dedup.tokens import fold
from dedup.urdu import urdu_stem

COMMON_ZIPF: Final = 6.0
"""Zipf value at and above which a stem weighs nothing: function words, "say", "people"."""

RARE_ZIPF: Final = 3.0
"""Zipf value at and below which a stem weighs 1; the cut-off of wordfreq's small lists."""

COMMON_CHARACTER_ZIPF: Final = 7.5
"""As ``COMMON_ZIPF``, for characters: a few thousand of them share what words divide
among tens of thousands, so that all sit higher on the scale."""

RARE_CHARACTER_ZIPF: Final = 5.0
"""As ``RARE_ZIPF``, for characters."""

NEUTRAL_CHARACTER_WEIGHT: Final = 0.5
"""Weight of a character of a script without spaces whose frequency is not known."""

NEUTRAL_WEIGHTS: Final = (0.0, 0.0, 0.0, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0)
"""Weight of a stem by its length in letters, where the language has no
word list; the last holds for all longer ones. Hausa, German and Russian news treated so:
.99 of the translations of one article still share content keys, and of the unrelated
articles 3-20 %, where a linear rise from one letter on gives 6-46 %."""

YEAR_WEIGHT: Final = 0.5
"""Weight of a number that reads as a year: every other article of that year has it too."""

YEARS: Final = range(1900, 2100)
"""Four-digit numbers that are taken for years."""

CACHED_WORDS: Final = 1 << 16
"""Distinct words remembered per language, some 10 MB when full. A year of one newspaper has
more, but those beyond are rare."""

_STEMMERS: Final = MappingProxyType(
    {
        "ar": "arabic",
        "bs": "serbian",
        "ca": "catalan",
        "cs": "czech",
        "da": "danish",
        "de": "german",
        "el": "greek",
        "en": "english",
        "eo": "esperanto",
        "es": "spanish",
        "et": "estonian",
        "eu": "basque",
        "fa": "persian",
        "fi": "finnish",
        "fr": "french",
        "ga": "irish",
        "hi": "hindi",
        "hr": "serbian",
        "hu": "hungarian",
        "hy": "armenian",
        "id": "indonesian",
        "it": "italian",
        "lt": "lithuanian",
        "nb": "norwegian",
        "ne": "nepali",
        "nl": "dutch",
        "nn": "norwegian",
        "no": "norwegian",
        "pl": "polish",
        "pt": "portuguese",
        "ro": "romanian",
        "ru": "russian",
        "sh": "serbian",
        "sr": "serbian",
        "st": "sesotho",
        "sv": "swedish",
        "ta": "tamil",
        "tr": "turkish",
        "yi": "yiddish",
    }
)
"""Language -> Snowball algorithm. The Serbian one reads both alphabets and writes Latin."""

_LISTED_AS: Final = MappingProxyType(
    {"bs": "sh", "hr": "sh", "nn": "nb", "no": "nb", "sr": "sh", "tl": "fil"}
)
"""Language -> the code under which wordfreq lists it."""

_SPACELESS_NAMES: Final = frozenset(
    {"CJK", "HIRAGANA", "IDEOGRAPHIC", "KATAKANA", "KHMER", "LAO", "MYANMAR", "THAI"}
)
"""First words of the Unicode names of characters that are words of their own."""

FIRST_SPACELESS: Final = "\u0e01"
"""The first of these characters: Thai. Names take long to look up."""


class Term(NamedTuple):
    """A word as a content term: what stands for it, and how much it says, in [0, 1]."""

    stem: str
    weight: float


class Vocabulary:
    """Stems and weights of one language. Get one from ``vocabulary``; safe in threads.

    Words are case-folded tokens, as ``dedup.tokens`` makes them.
    """

    def __init__(self, lang: str) -> None:
        self.lang = lang
        self.term = lru_cache(maxsize=CACHED_WORDS)(self._term)
        """``term(word) -> Term``, remembered per distinct word."""
        algorithm = _STEMMERS.get(lang)
        self._stemmer = Stemmer.Stemmer(algorithm, 0) if algorithm else None
        self._stemmer_lock = threading.Lock()  # a Snowball stemmer keeps its word in a buffer
        self._frequencies = self._stem_frequencies()

    def stem(self, word: str) -> str:
        """What stands for all forms of a word.

        >>> english = vocabulary("en")
        >>> english.stem("announced") == english.stem("announces")
        True
        """
        return self.term(word).stem

    def weight(self, word: str) -> float:
        """How much a word says about the subject, in [0, 1].

        0 for function words and the commonest others, 1 for rare words, names and numbers.

        >>> english = vocabulary("en")
        >>> english.weight("the"), english.weight("volcanologist")
        (0.0, 1.0)
        """
        return self.term(word).weight

    def _term(self, word: str) -> Term:
        stem = self._stem(fold(word))
        if stem.isdecimal():
            return _number(stem)
        return Term(stem, self._weigh(stem))

    def _stem(self, word: str) -> str:
        if self.lang == "ur":
            return urdu_stem(word)
        if self._stemmer is None:
            return word
        with self._stemmer_lock:
            return self._stemmer.stemWord(word) or word  # Nepali "छ" is all suffix

    def _weigh(self, stem: str) -> float:
        frequency = self._frequencies.get(stem)
        if _is_spaceless(stem):
            if frequency is None:
                return NEUTRAL_CHARACTER_WEIGHT
            return _rarity(frequency, RARE_CHARACTER_ZIPF, COMMON_CHARACTER_ZIPF)
        if not self._frequencies:
            return NEUTRAL_WEIGHTS[min(_letters(stem), len(NEUTRAL_WEIGHTS) - 1)]
        if frequency is None:
            return 1.0
        return _rarity(frequency, RARE_ZIPF, COMMON_ZIPF)

    def _stem_frequencies(self) -> Mapping[str, float]:
        """Frequency per stem (and per character of scripts without spaces)."""
        frequencies: defaultdict[str, float] = defaultdict(float)
        for entry, frequency in _listed_words(self.lang):
            for part in entry.replace("’", "'").split("'"):
                for word in part if _is_spaceless(part[:1]) else (part,):
                    frequencies[self._stem(fold(word))] += frequency
        return dict(frequencies)


@cache
def _vocabulary(lang: str) -> Vocabulary:
    return Vocabulary(lang)


def vocabulary(lang: str) -> Vocabulary:
    """The vocabulary of a language, made once per process (some 0.1 s, 5 MB) and kept.

    Args:
        lang: A language code (``"en"``, ``"pt-BR"``, ``"und"``). Only the part before the
            first ``-`` counts. A language that no library knows gets the neutral vocabulary.
    """
    primary = lang.partition("-")[0].lower()
    known = primary in _STEMMERS or _LISTED_AS.get(primary, primary) in _word_lists()
    return _vocabulary(primary if known else "und")


@cache
def _word_lists() -> Mapping[str, str]:
    """Language -> file of its word list.

    The small lists: the large ones (where there are any) add words rarer than
    ``RARE_ZIPF``, which weigh 1 anyway, and take ten times as long to load.
    """
    return wordfreq.available_languages("small")


def _listed_words(lang: str) -> Iterator[tuple[str, float]]:
    """The words of a language's list with their frequencies (share of all words)."""
    file = _word_lists().get(_LISTED_AS.get(lang, lang))
    if file is None:
        return
    for centibels, words in enumerate(wordfreq.read_cBpack(file)):
        frequency = wordfreq.cB_to_freq(-centibels)
        for word in words:
            yield word, frequency


def _rarity(frequency: float, rare_zipf: float, common_zipf: float) -> float:
    zipf = log10(frequency) + 9
    return min(1.0, max(0.0, (common_zipf - zipf) / (common_zipf - rare_zipf)))


def _letters(stem: str) -> int:
    """Letters in a stem: marks do not count, a Hangul syllable counts as its two or three."""
    decomposed = unicodedata.normalize("NFD", stem)
    return sum(not unicodedata.combining(character) for character in decomposed)


def _number(digits: str) -> Term:
    is_year = len(digits) == len(str(YEARS.start)) and int(digits) in YEARS
    return Term(digits, YEAR_WEIGHT if is_year else 1.0)


def _is_spaceless(word: str) -> bool:
    """Whether a word is one character of a script that is written without spaces."""
    if word[:1] < FIRST_SPACELESS:
        return False
    first_name = unicodedata.name(word[:1] or " ", "").replace("-", " ").partition(" ")[0]
    return first_name in _SPACELESS_NAMES
