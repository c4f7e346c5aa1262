"""Texts as Arrow keeps them, read where they lie."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.batch.arrays import mapped
from dedup.fingerprint import Utf8Texts
from dedup.hashing import HAS_NATIVE, word_hashes
from dedup.tokens import alphabet, tokenize

SURROGATES: Final = "surrogatepass"
"""How lone surrogates become bytes. They are part of no word, whatever they become."""


@dataclass(frozen=True, slots=True)
class TextColumn:
    """A column of texts.

    Attributes:
        chunks: Arrays of (large) strings or bytes of UTF-8.
        firsts: int64, shape (n_chunks + 1,): the place of each one's first text; how many
            texts there are last.
    """

    chunks: tuple[pa.Array, ...]
    firsts: NDArray[np.int64]

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
        readable = tuple(_readable(chunk) for chunk in chunks)
        return cls(readable, np.cumsum([0, *map(len, readable)]))

    def __len__(self) -> int:
        return int(self.firsts[-1])

    def pieces(self, most: int) -> Iterator[pa.Array]:
        """All texts, so many at a time."""
        for chunk in self.chunks:
            for start in range(0, len(chunk), most):
                yield chunk.slice(start, most)

    def at(self, places: NDArray[np.int64]) -> pa.Array:
        """Some texts: int64, shape (n_texts,), ascending."""
        bounds = np.searchsorted(places, self.firsts).tolist()
        parts = [
            chunk.take(pa.array(places[begin:end] - first))
            for chunk, first, begin, end in zip(
                self.chunks, self.firsts.tolist(), bounds, bounds[1:], strict=False
            )
            if begin < end
        ]
        return pa.concat_arrays(parts)


class TextFile:
    """Texts gathered in a file, one behind the other: one array in the end, which is mapped.

    Args:
        path: A new file.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._file = path.open("wb")
        self._bounds = [np.zeros(1, dtype=np.int64)]

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """No more texts are added."""
        self._file.close()

    def add(self, texts: pa.Array) -> None:
        """Add texts behind those that are there: strings or UTF-8, without nulls."""
        read = utf8(texts)
        begin, end = read.offsets[[0, -1]].tolist()
        read.data[begin:end].tofile(self._file)
        self._bounds.append(read.offsets[1:] - begin + self._bounds[-1][-1])

    def read(self) -> pa.Array:
        """All of them, as large strings."""
        bounds = np.concatenate(self._bounds)
        data = mapped(self._path, np.uint8, (int(bounds[-1]),))
        return pa.LargeStringArray.from_buffers(
            len(bounds) - 1, pa.py_buffer(bounds), pa.py_buffer(data)
        )


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
    words = [word_hashes(tokenize(text).words) for text in read]
    sizes = [len(each) for each in words]
    return np.concatenate([np.zeros(0, np.uint64), *words]), np.cumsum([0, *sizes], dtype=np.int64)


def hashes_of_text(text: str) -> NDArray[np.uint64]:
    """The words of one clean text, hashed: uint64, shape (n_words,). No strings are made of them."""
    if HAS_NATIVE:
        hashes, _ = alphabet().hash_words([text])
        return np.frombuffer(hashes, dtype=np.uint64)
    return word_hashes(tokenize(text).words)


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
