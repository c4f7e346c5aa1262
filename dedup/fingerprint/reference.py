"""The kernel in plain Python and numpy: the definition that others are measured against."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dedup.config import FingerprintSettings
from dedup.fingerprint.banding import CONTENT, WORDING, band_keys
from dedup.fingerprint.content import content_hashes
from dedup.fingerprint.kernel import Fingerprints
from dedup.fingerprint.shingle import shingle_hashes
from dedup.fingerprint.signature import permutations, signatures
from dedup.hashing import word_hashes
from dedup.terms import vocabulary
from dedup.tokens import tokenize


def reference_kernel(
    texts: Sequence[str], languages: Sequence[str], settings: FingerprintSettings
) -> Fingerprints:
    """Fingerprint clean texts; see ``dedup.fingerprint.kernel.Kernel``."""
    shingles: list[NDArray[np.uint32]] = []
    terms: list[NDArray[np.uint32]] = []
    for text, language in zip(texts, languages, strict=True):
        tokens = tokenize(text)
        shingles.append(shingle_hashes(word_hashes(tokens.words), settings.shingle_words))
        terms.append(content_hashes(tokens, vocabulary(language)))
    wording, content = _sign(shingles, settings), _sign(terms, settings)
    has_elements = [[len(elements) > 0 for elements in family] for family in (shingles, terms)]
    keys = (
        band_keys(wording, settings.wording_rows, WORDING),
        band_keys(content, settings.content_rows, CONTENT),
    )
    return Fingerprints(
        wording=wording,
        content=content,
        keys=np.concatenate(keys, axis=1),
        valid=np.array(has_elements, dtype=np.bool_).T,
        wording_bands=settings.wording_bands,
    )


def _sign(sets: Sequence[NDArray[np.uint32]], settings: FingerprintSettings) -> NDArray[np.uint32]:
    """Signatures of sets of element hashes: uint32, shape (n_sets, permutations)."""
    sizes = np.array([len(elements) for elements in sets], dtype=np.intp)
    elements = np.concatenate([np.zeros(0, dtype=np.uint32), *sets])
    return signatures(elements, sizes, permutations(settings.permutations, settings.seed))
