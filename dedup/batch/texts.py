"""Texts as Arrow keeps them, read where they lie."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.fingerprint import Utf8Texts
from dedup.tokens import HAS_NATIVE, alphabet, tokenize

SURROGATES: Final = "surrogatepass"
"""How lone surrogates become bytes. They are part of no word, whatever they become."""


@dataclass(frozen=True, slots=True)
class TextColumn:
    """A column of texts.

    Attributes:
        chunks: Arrays of (large) strings or bytes of UTF-8.
    """

    chunks: tuple[pa.Array, ...]

    @classmethod
    def of(cls, texts: pa.Array | pa.ChunkedArray | Sequence[str]) -> TextColumn:
        """A column of what a caller has. Nulls are texts without words."""
        if isinstance(texts, pa.ChunkedArray):
            chunks = texts.chunks
        elif isinstance(texts, pa.Array):
            chunks = [texts]
        else:
            chunks = [
                pa.array([text.encode("utf-8", SURROGATES) for text in texts], pa.large_binary())
            ]
        return cls(tuple(_readable(chunk) for chunk in chunks))

    def pieces(self, most: int) -> Iterator[pa.Array]:
        """All texts, so many at a time."""
        for chunk in self.chunks:
            for start in range(0, len(chunk), most):
                yield chunk.slice(start, most)


def utf8(texts: pa.Array) -> Utf8Texts:
    """The same texts for a kernel, where they lie."""
    _, offsets, data = texts.buffers()
    wide = pa.types.is_large_string(texts.type) or pa.types.is_large_binary(texts.type)
    places = np.frombuffer(offsets, np.int64) if wide else np.frombuffer(offsets, np.int32)
    return Utf8Texts(
        data=np.frombuffer(data or b"", dtype=np.uint8),
        offsets=places[texts.offset : texts.offset + len(texts) + 1],
    )


def hashes_of_words(texts: pa.Array) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    """The words of texts (``dedup.tokens``), hashed.

    Returns:
        uint64, shape (n_words,): text after text; and int64, shape (n_texts + 1,): where each
        text's begin, and the last one's end.
    """
    read = utf8(texts)
    if HAS_NATIVE:
        hashes, offsets = alphabet().hash_words(read.data, read.offsets)
        return np.frombuffer(hashes, dtype=np.uint64), np.frombuffer(offsets, dtype=np.int64)
    words = [tokenize(text).hashes for text in read]
    sizes = [len(each) for each in words]
    return np.concatenate([np.zeros(0, np.uint64), *words]), np.cumsum([0, *sizes], dtype=np.int64)


def _readable(texts: pa.Array) -> pa.Array:
    """Without nulls, and with offsets."""
    if pa.types.is_null(texts.type) or pa.types.is_string_view(texts.type):
        texts = texts.cast(pa.large_string())
    if not (
        pa.types.is_string(texts.type)
        or pa.types.is_large_string(texts.type)
        or pa.types.is_binary(texts.type)
        or pa.types.is_large_binary(texts.type)
    ):
        raise TypeError(f"texts are strings, not {texts.type}")
    return texts.fill_null("") if texts.null_count else texts
