"""Sentence spans.

ICU's sentence rules (Unicode Standard Annex 29) find where a sentence may end, in every
script. They know no abbreviations; ICU's own list of exceptions costs eight times the
segmentation and misses most of news usage ("5 p.m. Tuesday", "J. K. Rowling", "the U.S.
Senate"). So each place that they find is put right where quotation marks and brackets were
cut off on the wrong side, and looked at once more with the conventions of the language; three
kinds of places that they leave out are added.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from dedup.model import Span
from dedup.paragraphs import unwrap
from dedup.sentences.breaks import breaks
from dedup.sentences.fullstops import full_stops
from dedup.sentences.kernel import kernel


def split_sentences(text: str, lang: str) -> tuple[Span, ...]:
    """Cut a clean text into sentences.

    Args:
        text: Clean text; any `str` is accepted.
        lang: ISO 639-1 code, which chooses abbreviations; ``"und"`` if unknown.

    Returns:
        Trimmed spans in order; every character that is not white space is in exactly one.

    >>> text = "Mr. Smith paid 3.6 million. “Why?” he asked."
    >>> [text[start:end] for start, end in split_sentences(text, "en")]
    ['Mr. Smith paid 3.6 million.', '“Why?” he asked.']
    """
    starts, ends = _sentences(text, lang)
    return tuple(map(Span, starts.tolist(), ends.tolist()))


def sentence_starts(text: str, lang: str) -> NDArray[np.int32]:
    """Where the sentences begin: int32, shape (n_sentences,)."""
    return _sentences(text, lang)[0]


def words_by_sentence(
    starts: NDArray[np.int32], places: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Which words stand in which sentence; sentences without a word are left out.

    Args:
        starts: int32, shape (n_sentences,), ascending: where sentences begin.
        places: int32, shape (n_words,), ascending: where words begin.

    Returns:
        ``bounds``: int32, shape (n + 1,) for n sentences with a word: words ``bounds[i]:bounds[i + 1]``
        are sentence i; and int32, shape (n_words,): the sentence of each word.
    """
    # Every word stands in a sentence; a word before the first one would be a segmenter's
    # fault and is counted with the first rather than lost.
    bounds, sentences = kernel.words_by_sentence(starts, places)
    return np.frombuffer(bounds, dtype=np.int32), np.frombuffer(sentences, dtype=np.int32)


def _sentences(text: str, lang: str) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    """Where they begin, and where they end: int32, shape (n_sentences,) each."""
    starts, ends = kernel.sentences(unwrap(text), breaks(lang), full_stops(lang))
    return np.frombuffer(starts, dtype=np.int32), np.frombuffer(ends, dtype=np.int32)
