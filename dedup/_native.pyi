"""What costs too much in Python, in C (``native/``). Not there where no compiler was.

Arrays come as bytearrays, in the machine's byte order, and go in as contiguous buffers.
"""

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, final

import numpy as np
from numpy.typing import NDArray

_Array: TypeAlias = NDArray[Any]
_Banding: TypeAlias = tuple[int, NDArray[np.int32], NDArray[np.uint64]]

def hash_words(words: Sequence[str], /) -> bytearray:
    """The hash of each word (``dedup.hashing.word_hash``): uint64, shape (n_words,)."""

def simd_levels() -> tuple[str, ...]:
    """The instruction sets that this machine has and that were compiled for, the best last."""

def use_simd(level: str, /) -> None:
    """Use another one than the best from now on; for tests and benchmarks.

    Raises:
        ValueError: This machine has none of that name.
    """

@final
class Alphabet:
    """What words are made of (``dedup.tokens``)."""

    def __new__(
        cls,
        *,
        numbers: NDArray[np.uint16],
        classes: bytes,
        shifts: NDArray[np.int32],
        spellings: tuple[bytes | None, ...],
    ) -> Alphabet:
        """Take the tables over.

        Args:
            numbers: uint16, shape (0x110000,): for each code point, which of the entries of
                the other tables it is treated by.
            classes: Class per entry.
            shifts: int32: what is added to a code point to fold it.
            spellings: UTF-8 that it is folded to, or None for the shift.
        """

    def tokenize(self, text: str, /) -> tuple[bytearray, bytearray, bytearray]:
        """Of a text's words the hashes (uint64), starts and ends (int32): see ``dedup.tokens``."""

    def hash_words(
        self, texts: Sequence[str] | _Array, offsets: _Array | None = None
    ) -> tuple[bytearray, bytearray]:
        """Hashes of all words of all texts, without making strings of them.

        Args:
            texts: Strings; or UTF-8, if there are ``offsets``.
            offsets: int32 or int64, shape (n_texts + 1,).

        Returns:
            Hashes (uint64), text after text, and where each text's begin and the last one's
            end (int64, shape (n_texts + 1,)).
        """

@final
class Lexicon:
    """What the words of one language stand for, as far as it has been asked. Safe in threads."""

    def __new__(
        cls, answer: Callable[[list[str]], Sequence[tuple[str, float, int]]], most_words: int
    ) -> Lexicon:
        """An empty one.

        Args:
            answer: Gives for each of some words its stem, its weight, and of how many such
                words in a row a term is made (0: it is one by itself).
            most_words: Words remembered at most.
        """

    def __len__(self) -> int:
        """Words remembered."""

@final
class Kernel:
    """Makes fingerprints by one choice of settings. Safe in threads."""

    def __new__(
        cls,
        *,
        alphabet: Alphabet,
        multipliers: NDArray[np.uint32],
        increments: NDArray[np.uint32],
        shingle_words: int,
        passage_window: int,
        least_windows: int,
        passage_first: int,
        content_weight: float,
        telling_weight: float,
        wording: _Banding | None,
        content: _Banding | None,
        passages: bool,
    ) -> Kernel:
        """Take the settings over.

        Args:
            alphabet: Of the tokenizer.
            multipliers: uint32, shape (n_permutations,).
            increments: uint32, shape (n_permutations,).
            shingle_words: Words per shingle.
            passage_window: Shingles per window of a long text.
            least_windows: Windows side by side that a text has at least.
            passage_first: What the key of a passage begins as.
            content_weight: Least weight of a term that counts.
            telling_weight: Least weight of a term that counts twice.
            wording: Rows per band, places of the rows in a signature (int32, shape (n_bands,
                rows)), what the bands' keys begin as (uint64, shape (n_bands,)). None: the
                family is not made.
            content: The same.
            passages: Whether this family is made.
        """

    def fingerprint(
        self,
        texts: Sequence[str] | _Array,
        languages: NDArray[np.int32],
        lexicons: tuple[Lexicon, ...],
        offsets: _Array | None = None,
    ) -> tuple[bytearray, bytearray, bytearray, bytearray, bytearray | None, bytearray | None]:
        """Fingerprint texts: see ``dedup.fingerprint.kernel.Fingerprints``.

        Args:
            texts: Strings; or UTF-8, if there are ``offsets``.
            languages: int32, shape (n_texts,): the number of each text's lexicon.
            lexicons: Of the texts' languages. Not looked at without the family content.
            offsets: int32 or int64, shape (n_texts + 1,).

        Returns:
            keys, families, starts, offsets, signatures of wording and of content (uint32, shape
            (n_texts, n_permutations)).
        """

@final
class WordTable:
    """What comparison knows of words, by their hashes (``dedup.compare.word_table``)."""

    def __new__(cls, most_words: int) -> WordTable:
        """An empty one.

        Args:
            most_words: Words remembered at most; those of one ``add`` there is always room for.
        """

    def __len__(self) -> int:
        """Words remembered."""

    def look_up(
        self, words: NDArray[np.uint64], /
    ) -> tuple[bytearray, bytearray, bytearray, bytearray]:
        """What is known of each word of a text.

        Args:
            words: uint64, shape (n_words,): their hashes.

        Returns:
            terms (uint64), weights (float32) and kinds (uint8), shape (n_words,), all 0 where
            nothing is known; and the places where that is so (int32), ascending.
        """

    def add(
        self,
        words: NDArray[np.uint64],
        terms: NDArray[np.uint64],
        weights: NDArray[np.float32],
        kinds: NDArray[np.uint8],
        /,
    ) -> None:
        """Remember words; of one that is there already nothing changes.

        Where they would be too many, all others are forgotten.

        Args:
            words: uint64, shape (n_words,): their hashes.
            terms: uint64, shape (n_words,).
            weights: float32, shape (n_words,).
            kinds: uint8, shape (n_words,).
        """
