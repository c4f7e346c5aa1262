"""Words and their places, by a rule on single code points.

Every code point has one of four classes, from its general category and, for letters, its
block:

    mark        M*: combining marks and vowel signs; the zero width joiner, which shapes words
    solo        L* in a script that is written without spaces between words
    word        every other L*, and N* of all scripts
    separator   all the rest, hyphens and apostrophes included, also those that Unicode
                counts as letters (ʼ in Ukrainian, ʻ in Hawaiian)

A token begins at a *solo*, and at a *word* that follows a separator, the text's beginning
or a token that began with a *solo*. A *mark* belongs to the token right before it; where
there is none (the variation selector of an emoji) it is a separator. So a token is a
maximal run of letters, marks and numbers, and in Han, kana, Thai, Lao, Khmer and Burmese
every letter with its marks: words cannot be told apart there without a dictionary, and
five letters in a row are as telling as five words.

Apostrophes separate ("don't" is *don*, *t*). To keep them would need a look at the
neighbours and a list of look-alikes (``'`` ``’`` ``ʼ`` ``‘``), which typists, machine
translation and content systems exchange for one another at will; separated, all spellings
give the same two tokens.

Words are folded with `str.casefold`. Categories come from `unicodedata`: both are the data
of the running Python (`unicodedata.unidata_version`). Two Pythons differ only on code points
that were unassigned in the older one.
"""

from __future__ import annotations

import functools
import sys
import unicodedata

import numpy as np
from numpy.typing import NDArray

from dedup.model import Tokens

SEPARATOR, WORD, MARK, SOLO = range(4)

# Blocks of the scripts that are written without spaces between words, first and last code
# point. Only their letters count: digits of these blocks stay together as numbers do.
UNSPACED_BLOCKS = (
    (0x0E00, 0x0EFF),  # Thai, Lao
    (0x1000, 0x109F),  # Myanmar
    (0x1780, 0x17FF),  # Khmer
    (0x3005, 0x3007),  # ideographic iteration mark, closing mark, zero
    (0x3021, 0x30FF),  # Hangzhou numerals, kana repeat marks, Hiragana, Katakana
    (0x31F0, 0x31FF),  # Katakana phonetic extensions
    (0x3400, 0x4DBF),  # CJK extension A
    (0x4E00, 0x9FFF),  # CJK unified ideographs
    (0xA9E0, 0xA9FF),  # Myanmar extended B
    (0xAA60, 0xAA7F),  # Myanmar extended A
    (0xF900, 0xFAFF),  # CJK compatibility ideographs
    (0xFF66, 0xFF9F),  # halfwidth Katakana
    (0x116D0, 0x116FF),  # Myanmar extended C
    (0x1AFF0, 0x1B16F),  # kana extensions
    (0x20000, 0x3FFFF),  # planes 2 and 3: ideographs
)

# Planes 4 to 13 are unassigned, 15 and 16 private; plane 14 holds tags and, as marks,
# variation selectors.
_SCANNED = (range(0x40000), range(0xE0000, 0xE0200))

ZERO_WIDTH_JOINER = 0x200D
APOSTROPHE_LETTERS = (0x02BB, 0x02BC)


@functools.cache
def code_point_classes() -> NDArray[np.uint8]:
    """The class of every code point: uint8, shape (0x110000,); made once, in about 50 ms.

    A native tokenizer is meant to read this very table, so that both agree on any Python.
    """
    classes = np.full(sys.maxunicode + 1, SEPARATOR, dtype=np.uint8)
    by_category = {"L": WORD, "N": WORD, "M": MARK}
    letters = np.zeros(len(classes), dtype=np.bool_)
    for scanned in _SCANNED:
        majors = [unicodedata.category(chr(code_point))[0] for code_point in scanned]
        part = slice(scanned.start, scanned.stop)
        classes[part] = [by_category.get(major, SEPARATOR) for major in majors]
        letters[part] = [major == "L" for major in majors]
    for first, last in UNSPACED_BLOCKS:
        block = slice(first, last + 1)
        classes[block][letters[block]] = SOLO
    classes[ZERO_WIDTH_JOINER] = MARK
    classes[list(APOSTROPHE_LETTERS)] = SEPARATOR
    classes.flags.writeable = False
    return classes


def tokenize(text: str) -> Tokens:
    """Cut a text into words.

    Any `str` is accepted; lone surrogates are separators.

    >>> tokenize("Don't panic: 42,5 % of Çankırı!").words
    ('don', 't', 'panic', '42', '5', 'of', 'çankırı')
    >>> tokenize("東京で ABC社").words
    ('東', '京', 'で', 'abc', '社')
    """
    code_points = _code_points(text)
    classes = code_point_classes().take(code_points)
    if classes.max(initial=SEPARATOR) <= WORD:
        return _runs(code_points, classes)
    starts, ends = _boundaries(classes)
    places = zip(starts.tolist(), ends.tolist(), strict=True)
    words = tuple([text[start:end].casefold() for start, end in places])
    return Tokens(words, starts, ends)


def _code_points(text: str) -> NDArray[np.uint8] | NDArray[np.uint32]:
    if text.isascii():
        return np.frombuffer(text.encode("ascii"), dtype=np.uint8)
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")


def _runs(
    code_points: NDArray[np.uint8] | NDArray[np.uint32], classes: NDArray[np.uint8]
) -> Tokens:
    """The tokens of a text of words and separators only: twice as fast as the general way."""
    edged = np.zeros(len(classes) + 2, dtype=np.uint8)
    edged[1:-1] = classes
    edges = np.flatnonzero(edged[1:] != edged[:-1]).astype(np.int32)
    spaced = np.where(classes == SEPARATOR, np.uint8(ord(" ")), code_points)
    encoding = "ascii" if spaced.dtype == np.uint8 else "utf-32-le"
    words = tuple(spaced.tobytes().decode(encoding).casefold().split())
    return Tokens(words, edges[::2].copy(), edges[1::2].copy())


def _boundaries(classes: NDArray[np.uint8]) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Where tokens start and end: int32, shape (n_words,) each."""
    types = _token_types(classes)
    begins = np.zeros(len(types) + 1, dtype=np.bool_)
    begins[0] = types[0] != SEPARATOR
    begins[1:-1] = (types[1:] != SEPARATOR) & ((types[1:] != types[:-1]) | (classes[1:] == SOLO))
    inside = np.zeros_like(begins)
    np.not_equal(types, SEPARATOR, out=inside[:-1])
    ends = 1 + np.flatnonzero(inside[:-1] & (begins[1:] | ~inside[1:]))
    return np.flatnonzero(begins).astype(np.int32), ends.astype(np.int32)


def _token_types(classes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """SEPARATOR, WORD or SOLO for each code point: uint8; a mark takes it from before."""
    bases = np.where(classes == MARK, 0, np.arange(len(classes)))
    types = classes[np.maximum.accumulate(bases)]
    types[types == MARK] = SEPARATOR  # marks at the very beginning
    return types
