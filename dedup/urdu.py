"""Stems of Urdu words, for which Snowball has no algorithm."""

from __future__ import annotations

from typing import Final

SUFFIXES: Final = ("يوں", "ياں", "يں", "وں", "ات", "ي", "ے", "ا", "ه")
"""Endings of number, case and gender, longest first, in the letters that ``dedup.tokens``
folds to: Indic and Persian plurals (لڑکیوں, خبریں, کتابوں), Arabic ones (حالات), and the
singulars that they stand beside (لڑکا, لڑکے, لڑکی). Verbs are left alone but for these."""

MIN_STEM: Final = 3
"""Least letters of a stem: "میں" and "وہی" are words of their own."""

_SAME_LETTERS: Final = str.maketrans({"ئ": "ي", "ؤ": "و", "ء": None})
"""Hamza and its carriers, which writers put, move and leave out ("لئے", "لیے"; "اجراء")."""


def urdu_stem(word: str) -> str:
    """What the forms of a word have in common.

    Args:
        word: A token, as ``dedup.tokens`` makes them.

    >>> from dedup.tokens import fold
    >>> len({urdu_stem(fold(word)) for word in ("کھلاڑی", "کھلاڑیوں")})
    1
    """
    plain = word.translate(_SAME_LETTERS) or word
    for suffix in SUFFIXES:
        if plain.endswith(suffix) and len(plain) - len(suffix) >= MIN_STEM:
            return plain.removesuffix(suffix)
    return plain
