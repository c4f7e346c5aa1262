"""One document as the arrays that comparison works on."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.attributions import Attribution, attribute
from dedup.compare.kernel import kernel
from dedup.compare.numbers import telling_numbers
from dedup.compare.sketch import Sketch
from dedup.compare.words import FIGURE, FIRST_PERSON, Words
from dedup.document import Document
from dedup.lazy import lazy
from dedup.model import Span
from dedup.posts import find_signatures
from dedup.sentences import words_by_sentence

_SQUARE_BRACKETS = re.compile(r"\[[^\]\n]{1,60}\]")

SHINGLE_WORDS = 5
"""Words per shingle of the scores; the wording family's length (config)."""

MIN_QUOTE_WORDS = 4
"""Shortest quotation that is compared. One to three words are scare quotes and titles."""

MIN_QUOTE_CHARACTERS = 8
"""The same in a script written without spaces, where each character is a word to us; a
Chinese word has two on average."""

QUOTE_WINDOW = 4
"""Words in a row by which a quotation is looked for in another text."""

MAX_SENTENCES = 1500
"""Sentences of a text that are aligned, about 30,000 words; exact runs are looked for beyond
them too. Bounds the memory of a comparison to some 50 MB for prose."""


@dataclass(frozen=True)
class Profile:
    """A document's tokens as arrays; n tokens in s sentences.

    Attributes:
        document: What it was made of.
        words: uint64 (n,): one hash per folded word.
        terms: uint64 (n,): one hash per stem.
        weights: float32 (n,): in [0, 1], 0 for function words, 1 for rare words and names.
        kinds: uint8 (n,): what a token is (``dedup.compare.words``).
    """

    document: Document
    words: NDArray[np.uint64]
    terms: NDArray[np.uint64]
    weights: NDArray[np.float32]
    kinds: NDArray[np.uint8]

    @lazy
    def bounds(self) -> NDArray[np.int32]:
        """Where sentences begin: int32 (s + 1,); tokens ``bounds[i]:bounds[i + 1]`` are sentence i.

        Sentences without a word are left out, so indices are those of this array.
        """
        return self._by_sentence[0]

    @lazy
    def sentence(self) -> NDArray[np.int32]:
        """Which sentence a token stands in: int32 (n,)."""
        return self._by_sentence[1]

    @lazy
    def _by_sentence(self) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
        return words_by_sentence(self.document.sentence_starts, self.document.tokens.starts)

    @property
    def prose(self) -> Profile:
        """What of it is compared: all but the words of furniture (``dedup.artifacts.prose``)."""
        return self._prose if self.document.furniture else self

    @lazy
    def _prose(self) -> Profile:
        rest = self.only(self.document.in_prose)
        return replace(rest, document=rest.document.without_furniture())

    def only(self, kept: NDArray[np.bool_]) -> Profile:
        """The document with some of its words.

        Args:
            kept: bool (n,): which ones.
        """
        places = kept.nonzero()[0]
        chosen: slice | NDArray[np.intp] = places
        if len(places) and places[-1] - places[0] < len(places):  # a slice copies nothing
            chosen = slice(int(places[0]), int(places[-1]) + 1)
        tokens = self.document.tokens[chosen]
        return Profile(
            document=self.document.with_words(tokens),
            words=tokens.hashes,
            terms=self.terms[chosen],
            weights=self.weights[chosen],
            kinds=self.kinds[chosen],
        )

    def submitted(self, start: int, end: int) -> Span:
        """Where its words ``[start, end)`` stand in the text as submitted."""
        return self.all_submitted([(start, end)])[0]

    def all_submitted(self, stretches: Iterable[tuple[int, int]]) -> list[Span]:
        """Where some of its words stand in the text as submitted."""
        starts, ends, clean = self.word_starts, self.word_ends, self.document.clean
        spans = [Span(starts[start], ends[end - 1]) for start, end in stretches]
        return spans if clean.is_as_submitted else list(map(clean.submitted, spans))

    @property
    def word_starts(self) -> memoryview[int]:
        """Where each word begins in the clean text, for whoever asks for a few, one at a time."""
        return self.document.tokens.starts.data

    @property
    def word_ends(self) -> memoryview[int]:
        """Where each word ends in the clean text, likewise."""
        return self.document.tokens.ends.data

    def words_at(self, submitted: Span) -> Span:
        """Which of its words begin inside a span of the text as submitted."""
        clean = self.document.clean.located(submitted)
        return Span(*np.searchsorted(self.document.tokens.starts, clean).tolist())

    @property
    def n_words(self) -> int:
        """Number of tokens."""
        return len(self.words)

    @property
    def n_sentences(self) -> int:
        """Number of sentences that hold a word."""
        return len(self.bounds) - 1

    @property
    def wording(self) -> tuple[NDArray[np.uint64], NDArray[np.uint8], NDArray[np.int32]]:
        """Its terms, what each is, and where sentences begin."""
        return self.terms, self.kinds, self.bounds

    @lazy
    def sentence_terms(self) -> SentenceTerms:
        """The content terms of its first ``MAX_SENTENCES`` sentences."""
        return SentenceTerms.of(self)

    @lazy
    def content_words(self) -> NDArray[np.uint64]:
        """uint64: all words that weigh anything, in text order."""
        return self.words[self.weights > 0]

    @lazy
    def sentence_bounds(self) -> list[int]:
        """``bounds`` as a list: a number at a time, it is faster than an array."""
        bounds: list[int] = self.bounds.tolist()
        return bounds

    @lazy
    def sentence_ranges(self) -> list[tuple[int, int]]:
        """The first word of each sentence, and the one behind its last."""
        return list(pairwise(self.sentence_bounds))

    @lazy
    def sentence_lengths(self) -> list[int]:
        """How many words each sentence has."""
        return [end - start for start, end in self.sentence_ranges]

    @property
    def unquoted(self) -> bytes:
        """Which words stand outside quotations: n bytes, 1 for each that does, else 0."""
        return self._quoted_words[2]

    @lazy
    def reporting(self) -> bytes:
        """Which words are the writer's own report: n bytes, 1 for each that is, else 0.

        Those outside quotations, in sentences that are not in the first person either.
        """
        is_unquoted = np.frombuffer(self.unquoted, dtype=np.bool_)
        spoken = ((self.kinds & FIRST_PERSON) != 0) & is_unquoted
        reporting = bytearray(self.unquoted)
        for sentence in set(self.sentence[spoken].tolist()):
            start, end = self.sentence_ranges[sentence]
            reporting[start:end] = bytes(end - start)
        return bytes(reporting)

    @lazy
    def telling_numbers(self) -> frozenset[str]:
        """The values of its whole numbers of two digits and more, years left out."""
        starts = self.document.tokens.starts[(self.kinds & FIGURE) != 0]
        return telling_numbers(self.document.clean.text, starts.tolist())

    @lazy
    def sketch(self) -> Sketch:
        """What is looked at first."""
        words = Words(self.words, self.terms, self.weights, self.kinds)
        return Sketch.of(words, self.document.language.code)

    @property
    def told_quotations(self) -> bytearray:
        """int32: of quotations that are compared the first word, and the one behind the last."""
        return self._quoted_words[1]

    @lazy
    def _quoted_words(self) -> tuple[bytearray, bytearray, bytes]:
        tokens, spans = self.document.tokens, [found.span for found in self.document.quotations]
        shortest = (MIN_QUOTE_WORDS, MIN_QUOTE_CHARACTERS)
        return kernel.quoted_words(tokens.starts, tokens.ends, spans, shortest)

    @lazy
    def inserted(self) -> bytes:
        """Words in square brackets and signatures of posts, which are not the speaker's.

        n bytes, 1 for each such word, else 0.
        """
        tokens, text = self.document.tokens, self.document.clean.text
        inserted = bytearray(len(tokens))
        spans = list(find_signatures(text))
        if "[" in text:
            spans += [Span(*found.span()) for found in _SQUARE_BRACKETS.finditer(text)]
        if not spans:
            return bytes(inserted)
        for begin, end in tokens.starts.searchsorted(np.array(spans)).tolist():
            inserted[begin:end] = b"\1" * (end - begin)
        return bytes(inserted)

    @lazy
    def speakers(self) -> dict[int, Attribution]:
        """Who said the quotation that begins at a word, where the text tells."""
        document = self.document
        said_by = attribute(document.clean.text, document.quotations, document.language.code)
        begins = [quotation.span.start for quotation in document.quotations]
        words = np.searchsorted(document.tokens.starts, begins).tolist()
        return {word: by for word, by in zip(words, said_by, strict=True) if by is not None}

    @lazy
    def quoting(self) -> QuotingText:
        """What following a quotation needs of it."""
        return QuotingText(
            words=self.words,
            terms=self.terms,
            weights=self.weights,
            inserted=self.inserted,
            bounds=self.bounds,
            quotation_words=np.frombuffer(self._quoted_words[0], dtype=np.int32),
            told_quotations=np.frombuffer(self.told_quotations, dtype=np.int32),
        )


class QuotingText(NamedTuple):
    """The arrays of `Profile` that quotations are followed by."""

    words: NDArray[np.uint64]
    terms: NDArray[np.uint64]
    weights: NDArray[np.float32]
    inserted: bytes
    bounds: NDArray[np.int32]
    quotation_words: NDArray[np.int32]
    told_quotations: NDArray[np.int32]


class SentenceTerms(NamedTuple):
    """Which content terms each sentence of a document holds; t terms, p places.

    Attributes:
        terms: uint64 (t,), sorted: the distinct terms that weigh anything.
        weights: float32 (t,).
        frequency: int32 (t,): how many sentences hold the term.
        scaled_weights: float32 (t,): what it weighs in a sentence of this document.
        sentence: int32 (p,): term after term, the sentences that hold it, ascending.
        words: uint64 (n,): the document's words.
        bounds: int32 (s + 1,): of its sentences.
    """

    terms: NDArray[np.uint64]
    weights: NDArray[np.float32]
    frequency: NDArray[np.int32]
    scaled_weights: NDArray[np.float32]
    sentence: NDArray[np.int32]
    words: NDArray[np.uint64]
    bounds: NDArray[np.int32]

    @classmethod
    def of(cls, document: Profile) -> SentenceTerms:
        """Of the first ``MAX_SENTENCES`` sentences."""
        terms, weights, frequency, scaled, sentence = kernel.sentence_terms(
            document.terms, document.weights, document.sentence, MAX_SENTENCES
        )
        return cls(
            terms=np.frombuffer(terms, dtype=np.uint64),
            weights=np.frombuffer(weights, dtype=np.float32),
            frequency=np.frombuffer(frequency, dtype=np.int32),
            scaled_weights=np.frombuffer(scaled, dtype=np.float32),
            sentence=np.frombuffer(sentence, dtype=np.int32),
            words=document.words,
            bounds=document.bounds,
        )


def profile(document: Document) -> Profile:
    """Turn a document into arrays, once, for any number of comparisons."""
    words = Words.of(document.tokens, document.language.code)
    return Profile(document, words.hashes, words.terms, words.weights, words.kinds)
