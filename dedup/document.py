"""An article read: clean text, language, tokens, sentences, quotations, findings."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dedup.artifacts import detect, find_furniture
from dedup.language import detect_language
from dedup.lazy import lazy
from dedup.model import Article, Finding, Language, Quotation, Span
from dedup.normalize import CleanText, read
from dedup.posts import find_posts, with_posts
from dedup.quotations import find_quotations
from dedup.sentences import sentence_starts
from dedup.tokens import Tokens, tokenize


@dataclass(frozen=True)
class Document:
    """What the stages before the comparison make of one article.

    Its text and language are known; everything else is made when it is first asked for, and
    kept. Most articles are never compared with another, and these need no more than a finding
    or two. Two threads that ask at once may both make it; they make the same.

    Attributes:
        article: As submitted.
        clean: Its repaired text; ``clean.submitted`` maps spans back.
        language: Of the clean text.
    """

    article: Article
    clean: CleanText
    language: Language

    @lazy
    def tokens(self) -> Tokens:
        """Of the clean text."""
        return tokenize(self.clean.text)

    @lazy
    def sentence_starts(self) -> NDArray[np.int32]:
        """Where each sentence of the clean text begins: int32, shape (n_sentences,)."""
        return sentence_starts(self.clean.text, self.language.code)

    @lazy
    def quotations(self) -> tuple[Quotation, ...]:
        """Of the clean text, in order, embedded posts among them."""
        text = self.clean.text
        return with_posts(find_quotations(text, self.language.code), find_posts(text))

    @lazy
    def findings(self) -> tuple[Finding, ...]:
        """What the artifact rules saw, in the order of the text as submitted."""
        return detect(self.article, self.clean)

    @lazy
    def furniture(self) -> tuple[Span, ...]:
        """What of the clean text is not its prose: spans, in order; they may overlap."""
        return find_furniture(self.clean, self.tokens, self.findings)

    @property
    def in_prose(self) -> NDArray[np.bool_]:
        """Which words are prose and no furniture: bool, shape (n_words,)."""
        kept = np.ones(len(self.tokens), dtype=bool)
        if self.furniture:
            for begin, end in self.tokens.within(self.furniture):
                kept[begin:end] = False
        return kept

    def with_findings(self, findings: tuple[Finding, ...]) -> Document:
        """The same, with what the artifact rules saw in this very text before."""
        return self._but(findings=findings)

    def of(self, article: Article) -> Document:
        """The same, of another article that has this very text."""
        return self._but(article=article)

    def with_words(self, tokens: Tokens) -> Document:
        """The same with some of its words; all else is what it was in the whole, and made once."""
        return self._but(
            tokens=tokens,
            furniture=self.furniture,
            sentence_starts=self.sentence_starts,
            quotations=self.quotations,
        )

    def without_furniture(self) -> Document:
        """The same, of which all that is left is prose."""
        return self._but(furniture=())

    def _but(self, **known: object) -> Document:
        changed = object.__new__(Document)
        changed.__dict__.update(self.__dict__, **known)  # what was made of this one goes along
        return changed


def read_document(article: Article, language: Language | None = None) -> Document:
    """Read an article: repair its text and say which language it is in.

    Args:
        article: As submitted.
        language: Settled earlier (for an article that was stored); detected if None.
    """
    clean = read(article)
    if language is None:
        language = detect_language(clean.text, article.lang)
    return Document(article, clean, language)
