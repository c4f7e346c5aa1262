"""What a fingerprint kernel is given and returns, whatever it is written in.

A kernel takes clean texts and gives arrays, many texts per call, so that a native one can
tokenize, hash, sign and band without coming back to Python in between. It asks a language's
``Vocabulary`` only for words that it has not met: stems and weights belong to distinct
words, not to occurrences. All kernels agree bit for bit with ``dedup.fingerprint.reference``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from dedup.config import FingerprintSettings
from dedup.model import ArticleKeys, Family


@dataclass(frozen=True, slots=True)
class Utf8Texts:
    """Texts as Arrow keeps a column of strings: a kernel reads them where they are.

    Attributes:
        data: uint8, shape (n_bytes,): UTF-8. Bytes that are none separate words.
        offsets: int32 or int64, shape (n_texts + 1,): text i stands from ``offsets[i]`` to
            ``offsets[i + 1]``.
    """

    data: NDArray[np.uint8]
    offsets: NDArray[np.int32] | NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def __iter__(self) -> Iterator[str]:
        for start, end in pairwise(self.offsets.tolist()):
            yield self.data[start:end].tobytes().decode("utf-8", "replace")


Texts: TypeAlias = Sequence[str] | Utf8Texts
"""Clean texts: any ``str``, lone surrogates included, or UTF-8."""


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """What makes texts findable: index keys, and the signatures that some are made of.

    Attributes:
        keys: uint64, shape (n_keys,): text after text; of a text, family after family in the
            order of their numbers, bands in theirs, passages in the order of the text.
        families: uint8, shape (n_keys,): the number of each key's family.
        starts: int32, shape (n_keys,): see ``ArticleKeys``.
        offsets: int64, shape (n_texts + 1,): the keys of text i are those from
            ``offsets[i]`` to ``offsets[i + 1]``. A family of which a text has no element (no
            shingle, no content term) gives it no key.
        signatures: Family -> uint32, shape (n_texts, permutations): MinHash of word shingles
            (``"wording"``) and of weighted content terms (``"content"``), of the families
            that were chosen. ``EMPTY`` throughout for a text without elements.
    """

    keys: NDArray[np.uint64]
    families: NDArray[np.uint8]
    starts: NDArray[np.int32]
    offsets: NDArray[np.int64]
    signatures: Mapping[Family, NDArray[np.uint32]]

    def article_keys(self, number: int) -> ArticleKeys:
        """The keys to index text ``number`` under."""
        own = slice(self.offsets[number], self.offsets[number + 1])
        return ArticleKeys(self.keys[own], self.families[own], self.starts[own])


class Kernel(Protocol):
    """Makes fingerprints. Deterministic; safe to call from several threads at once."""

    def __call__(
        self, texts: Texts, languages: Sequence[str], settings: FingerprintSettings
    ) -> Fingerprints:
        """Fingerprint clean texts.

        Args:
            texts: Many per call are faster than one.
            languages: A language code for each text.
            settings: Which families, and of what measures.
        """
        ...
