"""How far boilerplate reaches in articles: read off their words, and nothing else is made of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final, Protocol

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.batch.articles import Library
from dedup.batch.nested import record_batch
from dedup.batch.schema import BLOCKS
from dedup.boilerplate import block_spans
from dedup.document import Document
from dedup.index.ranking import Boilerplate
from dedup.model import Span
from dedup.tokens import tokenize

WITNESSES_KEPT: Final = 512
"""Articles whose words are kept: the oldest of a bucket are the witnesses of all in it. 4 MB of
usual ones, 160 MB if all are of the longest. With 256 twice as many are read again."""


class Texts(Library, Protocol):
    """Gives articles by number, and their clean texts."""

    def clean(self, number: int) -> str:
        """The clean text of an article.

        Raises:
            KeyError: There is none of that number.
        """
        ...


class Finder:
    """Finds boilerplate in the articles of a library."""

    def __init__(self, library: Texts) -> None:
        self._library = library
        self._witness = lru_cache(WITNESSES_KEPT)(self._words)

    def blocks(self, articles: Iterable[tuple[int, Sequence[Boilerplate]]]) -> pa.RecordBatch:
        """Where it stands in some articles.

        Args:
            articles: Numbers, and the passages of each that are boilerplate, in text order.

        Returns:
            Rows of ``schema.BLOCKS``, in the order of the articles.
        """
        rows = [
            (number, *span)
            for number, passages in articles
            for span in self._spans(number, passages)
        ]
        return record_batch(BLOCKS, rows)

    def _spans(self, number: int, passages: Sequence[Boilerplate]) -> list[Span]:
        found = block_spans(self._words(number), passages, self._witnesses)
        if not found:
            return []
        document = self._library[number].document()
        return [_submitted(document, span) for span in found]

    def _witnesses(self, numbers: Sequence[int]) -> dict[int, NDArray[np.uint64]]:
        return {number: self._witness(number) for number in numbers}

    def _words(self, number: int) -> NDArray[np.uint64]:
        return tokenize(self._library.clean(number)).hashes


def _submitted(document: Document, span: Span) -> Span:
    """Where words stand in the text as submitted."""
    tokens = document.tokens
    clean = Span(int(tokens.starts[span.start]), int(tokens.ends[span.end - 1]))
    return document.clean.submitted(clean)
