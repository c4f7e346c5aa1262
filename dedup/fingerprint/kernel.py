"""What a fingerprint kernel is given and returns, whatever it is written in.

A kernel takes clean texts and gives arrays, many texts per call, so that a native one can
tokenize, hash, sign and band without coming back to Python in between. It asks a language's
``Vocabulary`` only for words that it has not met: stems and weights belong to distinct
words, not to occurrences. All kernels agree bit for bit with ``dedup.fingerprint.reference``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from dedup.config import FingerprintSettings


@dataclass(frozen=True, slots=True)
class Fingerprints:
    """What makes texts findable: signatures of two families, and the keys of their bands.

    Attributes:
        wording: uint32, shape (n_texts, permutations): MinHash of word shingles.
        content: uint32, shape (n_texts, permutations): MinHash of weighted content terms.
        keys: uint64, shape (n_texts, wording_bands + content_bands): wording keys first.
        valid: bool, shape (n_texts, 2): whether the text has any shingle, and any content
            term. Without, the family's signature is ``EMPTY`` and its keys name nothing.
        wording_bands: How many of the keys are wording keys.
    """

    wording: NDArray[np.uint32]
    content: NDArray[np.uint32]
    keys: NDArray[np.uint64]
    valid: NDArray[np.bool_]
    wording_bands: int

    def article_keys(self, number: int) -> NDArray[np.uint64]:
        """The keys to index text ``number`` under: uint64, shape (k,), without invalid ones."""
        has_shingle, has_term = self.valid[number]
        first = 0 if has_shingle else self.wording_bands
        end = self.keys.shape[1] if has_term else self.wording_bands
        return self.keys[number, first:end]


class Kernel(Protocol):
    """Makes fingerprints. Deterministic; safe to call from several threads at once."""

    def __call__(
        self, texts: Sequence[str], languages: Sequence[str], settings: FingerprintSettings
    ) -> Fingerprints:
        """Fingerprint clean texts.

        Args:
            texts: Any ``str``, lone surrogates included.
            languages: A language code for each text.
            settings: Rows divide permutations.
        """
        ...
