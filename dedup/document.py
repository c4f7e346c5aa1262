"""An article read: clean text, language, tokens, sentences, quotations, findings."""

from __future__ import annotations

from dataclasses import dataclass

from dedup.artifacts import detect, find_furniture
from dedup.language import detect_language
from dedup.model import Article, Finding, Language, Quotation, Span, Tokens
from dedup.normalize import CleanText, read
from dedup.posts import find_posts, with_posts
from dedup.quotations import find_quotations
from dedup.sentences import split_sentences
from dedup.tokens import tokenize


@dataclass(frozen=True, slots=True)
class Document:
    """What the stages before the comparison have made of one article.

    Attributes:
        article: As submitted.
        clean: Its repaired text; ``clean.submitted`` maps spans back.
        language: Of the clean text.
        tokens: Of the clean text.
        sentences: Of the clean text, in order.
        quotations: Of the clean text, in order, embedded posts among them.
        findings: What the artifact rules saw.
        furniture: What of the clean text is not its prose: spans, in order.
    """

    article: Article
    clean: CleanText
    language: Language
    tokens: Tokens
    sentences: tuple[Span, ...]
    quotations: tuple[Quotation, ...]
    findings: tuple[Finding, ...]
    furniture: tuple[Span, ...]


def read_document(article: Article, language: Language | None = None) -> Document:
    """Take an article through every stage that looks at one text alone.

    Args:
        article: As submitted.
        language: Settled earlier (for an article that was stored); detected if None.
    """
    clean = read(article)
    if language is None:
        language = detect_language(clean.text, article.lang)
    tokens = tokenize(clean.text)
    findings = detect(article, clean)
    return Document(
        article=article,
        clean=clean,
        language=language,
        tokens=tokens,
        sentences=split_sentences(clean.text, language.code),
        quotations=with_posts(find_quotations(clean.text, language.code), find_posts(clean.text)),
        findings=findings,
        furniture=find_furniture(clean, tokens, findings),
    )
