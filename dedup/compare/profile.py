"""One document as the arrays that comparison works on."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import compress, pairwise

import numpy as np
from numpy.typing import NDArray

from dedup.attributions import Attribution, attribute
from dedup.compare.numbers import is_telling, numbers
from dedup.compare.runs import MIN_RUN_WORDS, Seeds
from dedup.compare.sets import distinct
from dedup.compare.sketch import Sketch
from dedup.compare.words import Words
from dedup.document import Document
from dedup.first_person import first_person
from dedup.hashing import window_hashes
from dedup.model import Span, Tokens
from dedup.posts import find_signatures

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

NAME_WEIGHT = 0.9
"""Weight from which a word counts as a name: rarer than one word in a million."""

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
        sentence: int32 (n,): which sentence a token stands in.
        bounds: int32 (s + 1,): tokens ``bounds[i]:bounds[i + 1]`` are sentence i. Sentences
            without a word are left out, so indices are those of this array.
        quoted: bool (n,): whether a token stands inside a quotation.
        figures: bool (n,): whether a token has a digit.
    """

    document: Document
    words: NDArray[np.uint64]
    terms: NDArray[np.uint64]
    weights: NDArray[np.float32]
    sentence: NDArray[np.int32]
    bounds: NDArray[np.int32]
    quoted: NDArray[np.bool_]
    figures: NDArray[np.bool_]

    @property
    def prose(self) -> Profile:
        """What of it is compared: all but the words of furniture (``dedup.artifacts.prose``)."""
        return self._prose if self.document.furniture else self

    @cached_property
    def _prose(self) -> Profile:
        rest = self.only(self.document.in_prose)
        return replace(rest, document=rest.document.without_furniture())

    def only(self, kept: NDArray[np.bool_]) -> Profile:
        """The document with some of its words.

        Args:
            kept: bool (n,): which ones.
        """
        tokens = self.document.tokens
        words = tuple(compress(tokens.words, kept.tolist()))
        rest = Tokens(words, tokens.starts[kept], tokens.ends[kept])
        _, first, sentence = np.unique(self.sentence[kept], return_index=True, return_inverse=True)
        return Profile(
            document=self.document.with_words(rest),
            words=self.words[kept],
            terms=self.terms[kept],
            weights=self.weights[kept],
            sentence=sentence.astype(np.int32),
            bounds=np.append(first, len(words)).astype(np.int32),
            quoted=self.quoted[kept],
            figures=self.figures[kept],
        )

    def submitted(self, start: int, end: int) -> Span:
        """Where its words ``[start, end)`` stand in the text as submitted."""
        tokens = self.document.tokens
        span = Span(int(tokens.starts[start]), int(tokens.ends[end - 1]))
        return self.document.clean.submitted(span)

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

    @cached_property
    def sentence_terms(self) -> SentenceTerms:
        """The content terms of its first ``MAX_SENTENCES`` sentences."""
        return _sentence_terms(self, MAX_SENTENCES)

    @cached_property
    def sentence_words(self) -> list[list[int]]:
        """The words of each sentence, as a sequence matcher takes them."""
        words = self.words.tolist()
        return [words[start:end] for start, end in self.sentence_ranges]

    @cached_property
    def content_words(self) -> list[int]:
        """All words that weigh anything, in text order, as a sequence matcher takes them."""
        words: list[int] = self.words[self.weights > 0].tolist()
        return words

    @cached_property
    def sentence_ranges(self) -> list[tuple[int, int]]:
        """The first word of each sentence, and the one behind its last."""
        return list(pairwise(self.bounds.tolist()))

    @cached_property
    def sentence_lengths(self) -> list[int]:
        """How many words each sentence has."""
        return [end - start for start, end in self.sentence_ranges]

    @cached_property
    def term_sets(self) -> list[frozenset[int]]:
        """The terms of each sentence."""
        terms = self.terms.tolist()
        return [frozenset(terms[start:end]) for start, end in self.sentence_ranges]

    @cached_property
    def figure_terms(self) -> list[list[int]]:
        """The terms of each sentence's words that have a digit, in order."""
        return self._by_sentence(self.figures)

    @cached_property
    def name_terms(self) -> list[list[int]]:
        """The terms of each sentence's names, in order."""
        return self._by_sentence(self.weights >= NAME_WEIGHT)

    def _by_sentence(self, chosen: NDArray[np.bool_]) -> list[list[int]]:
        terms = self.terms[chosen].tolist()
        before = np.append(0, np.cumsum(chosen))[self.bounds].tolist()
        return [terms[start:end] for start, end in pairwise(before)]

    @cached_property
    def unquoted(self) -> bytes:
        """Which words stand outside quotations: n bytes, 1 for each that does, else 0."""
        return (~self.quoted).tobytes()

    @cached_property
    def reporting(self) -> bytes:
        """Which words are the writer's own report: n bytes, 1 for each that is, else 0.

        Those outside quotations, in sentences that are not in the first person either.
        """
        spoken = np.isin(self.words, first_person(self.document.language.code)) & ~self.quoted
        sentences = np.bincount(self.sentence[spoken], minlength=self.n_sentences) > 0
        return (~self.quoted & ~sentences[self.sentence]).tobytes()

    @cached_property
    def telling_numbers(self) -> frozenset[str]:
        """The values of its whole numbers of two digits and more, years left out."""
        starts = frozenset(self.document.tokens.starts.tolist())
        return frozenset(
            number.value
            for number in numbers(self.document.clean.text)
            if number.span.start in starts and is_telling(number.value)
        )

    @cached_property
    def seeds(self) -> Seeds:
        """What exact runs grow from."""
        return Seeds.of(self.words, MIN_RUN_WORDS)

    @cached_property
    def sketch(self) -> Sketch:
        """What is looked at first."""
        words = Words(self.words, self.terms, self.weights, self.figures)
        return Sketch.of(words, self.document.language.code)

    @cached_property
    def distinct_shingles(self) -> NDArray[np.uint64]:
        """uint64 (s,), sorted: every shingle once."""
        return distinct(self.shingles)

    def shingles_among(self, chosen: bytes) -> NDArray[np.uint64]:
        """Distinct shingles, all of whose words are chosen.

        Args:
            chosen: n bytes, 1 for each word that is.

        Returns:
            uint64 (s,), sorted.
        """
        if chosen == self.unquoted:
            return self._unquoted_shingles
        return self._shingles_among(chosen)

    @cached_property
    def _unquoted_shingles(self) -> NDArray[np.uint64]:
        return self._shingles_among(self.unquoted)

    def _shingles_among(self, chosen: bytes) -> NDArray[np.uint64]:
        if 0 not in chosen:
            return self.distinct_shingles
        left_out = np.cumsum(np.frombuffer(b"\1" + chosen, dtype=np.uint8) ^ 1)
        if self.n_words < SHINGLE_WORDS:
            return self.shingles
        return distinct(self.shingles[left_out[SHINGLE_WORDS:] == left_out[:-SHINGLE_WORDS]])

    @cached_property
    def shingles(self) -> NDArray[np.uint64]:
        """uint64 (n - 4,): hashes of all word 5-shingles, in text order."""
        return window_hashes(self.words, SHINGLE_WORDS)

    @cached_property
    def quotation_words(self) -> tuple[tuple[int, int], ...]:
        """The words of each quotation, from first to behind the last; empty ones left out."""
        spans = np.array([quotation.span for quotation in self.document.quotations])
        places = np.searchsorted(self.document.tokens.starts, spans.reshape(-1, 2))
        return tuple((start, end) for start, end in places.tolist() if start < end)

    @cached_property
    def inserted(self) -> NDArray[np.bool_]:
        """Words in square brackets and signatures of posts, bool (n,): not the speaker's."""
        tokens, text = self.document.tokens, self.document.clean.text
        inserted = np.zeros(len(tokens), dtype=bool)
        brackets = (found.span() for found in _SQUARE_BRACKETS.finditer(text))
        for span in (*brackets, *find_signatures(text)):
            begin, end = np.searchsorted(tokens.starts, span)
            inserted[begin:end] = True
        return inserted

    @cached_property
    def speakers(self) -> dict[int, Attribution]:
        """Who said the quotation that begins at a word, where the text tells."""
        document = self.document
        said_by = attribute(document.clean.text, document.quotations, document.language.code)
        begins = [quotation.span.start for quotation in document.quotations]
        words = np.searchsorted(document.tokens.starts, begins).tolist()
        return {word: by for word, by in zip(words, said_by, strict=True) if by is not None}

    @cached_property
    def told_quotations(self) -> tuple[tuple[int, int, range], ...]:
        """Those that are compared: their words, and their sentences."""
        starts, ends = self.document.tokens.starts, self.document.tokens.ends
        return tuple(
            (start, end, range(int(self.sentence[start]), int(self.sentence[end - 1]) + 1))
            for start, end in self.quotation_words
            if _is_compared(end - start, int(ends[end - 1] - starts[start]))
        )

    @cached_property
    def quoted_windows(self) -> NDArray[np.uint64]:
        """uint64: hashes of the windows of ``QUOTE_WINDOW`` words inside each of those."""
        windows = window_hashes(self.words, QUOTE_WINDOW)
        inside = [windows[a : b - QUOTE_WINDOW + 1] for a, b, _ in self.told_quotations]
        return np.concatenate([windows[:0], *inside])

    @cached_property
    def ranked_quote_windows(self) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
        """All such windows, sorted: uint64 (n - 3,), and where each stands, int64 (n - 3,)."""
        windows = window_hashes(self.words, QUOTE_WINDOW)
        order = np.argsort(windows, kind="stable")
        return windows[order], order


@dataclass(frozen=True, slots=True)
class SentenceTerms:
    """Which content terms each sentence of a document holds; t terms, p places.

    Attributes:
        terms: uint64 (t,), sorted: the distinct terms that weigh anything.
        weights: float32 (t,).
        frequency: int64 (t,): how many sentences hold the term.
        scaled_weights: float32 (t,): what it weighs in a sentence of this document.
        sentence: int64 (p,): a sentence, once for every distinct term in it.
        term: int64 (p,): that term's place in ``terms``.
    """

    terms: NDArray[np.uint64]
    weights: NDArray[np.float32]
    frequency: NDArray[np.int64]
    scaled_weights: NDArray[np.float32]
    sentence: NDArray[np.int64]
    term: NDArray[np.int64]


def _sentence_terms(document: Profile, n_sentences: int) -> SentenceTerms:
    chosen = (document.weights > 0) & (document.sentence < n_sentences)
    terms, first, place = np.unique(document.terms[chosen], return_index=True, return_inverse=True)
    held = np.unique(document.sentence[chosen].astype(np.int64) * len(terms) + place)
    sentence, term = np.divmod(held, max(len(terms), 1))
    weights = document.weights[chosen][first]
    frequency = np.bincount(term, minlength=len(terms))
    return SentenceTerms(
        terms=terms,
        weights=weights,
        frequency=frequency,
        scaled_weights=(weights / np.sqrt(frequency)).astype(np.float32),
        sentence=sentence,
        term=term,
    )


def profile(document: Document) -> Profile:
    """Turn a document into arrays, once, for any number of comparisons."""
    words = Words.of(document.tokens.words, document.language.code)
    sentence, bounds = _sentences(document)
    return Profile(
        document=document,
        words=words.hashes,
        terms=words.terms,
        weights=words.weights,
        sentence=sentence,
        bounds=bounds,
        quoted=_quoted(document),
        figures=words.figures,
    )


def _sentences(document: Document) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    starts = np.array([span.start for span in document.sentences], dtype=np.int32)
    of_token = np.searchsorted(starts, document.tokens.starts, side="right") - 1
    # Every word stands in a sentence; a word before the first one would be a segmenter's
    # fault and is counted with the first rather than lost.
    _, first, sentence = np.unique(np.maximum(of_token, 0), return_index=True, return_inverse=True)
    bounds = np.append(first, len(of_token)).astype(np.int32)
    return sentence.astype(np.int32), bounds


def _is_compared(n_words: int, n_characters: int) -> bool:
    """Whether a quotation is long enough to tell where it went."""
    is_spaced = n_characters > 2 * n_words
    return n_words >= (MIN_QUOTE_WORDS if is_spaced else MIN_QUOTE_CHARACTERS)


def _quoted(document: Document) -> NDArray[np.bool_]:
    quoted = np.zeros(len(document.tokens), dtype=bool)
    starts = document.tokens.starts
    for quotation in document.quotations:
        begin, end = np.searchsorted(starts, (quotation.span.start, quotation.span.end))
        quoted[begin:end] = True
    return quoted
