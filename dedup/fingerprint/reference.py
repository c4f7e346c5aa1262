"""The kernel in plain Python and numpy: the definition that others are measured against."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dedup.config import FingerprintSettings
from dedup.fingerprint.banding import band_keys, passage_keys
from dedup.fingerprint.content import content_hashes
from dedup.fingerprint.kernel import Fingerprints, Texts
from dedup.fingerprint.passages import select_passages
from dedup.fingerprint.shingle import shingle_hashes
from dedup.fingerprint.signature import permutations, signatures
from dedup.model import CONTENT, NO_KEYS, PASSAGES, WORDING, ArticleKeys, Family
from dedup.terms import vocabulary
from dedup.tokens import reference_tokenize

_NOWHERE = -1
"""Where a key stands that is no passage's."""


def reference_kernel(
    texts: Texts, languages: Sequence[str], settings: FingerprintSettings
) -> Fingerprints:
    """Fingerprint clean texts; see ``dedup.fingerprint.kernel.Kernel``."""
    tokens = [reference_tokenize(text) for text in texts]
    signed: dict[Family, NDArray[np.uint32]] = {}
    made: list[list[ArticleKeys]] = []
    if "wording" in settings.families:
        shingles = [shingle_hashes(each.hashes, settings.shingle_words) for each in tokens]
        signed["wording"] = _sign(shingles, settings)
        bands = band_keys(signed["wording"], settings.wording_rows, settings.wording_bands, WORDING)
        made.append(_banded(shingles, bands, WORDING))
    if "content" in settings.families:
        terms = [
            content_hashes(each, vocabulary(language))
            for each, language in zip(tokens, languages, strict=True)
        ]
        signed["content"] = _sign(terms, settings)
        bands = band_keys(signed["content"], settings.content_rows, settings.content_bands, CONTENT)
        made.append(_banded(terms, bands, CONTENT))
    if "passages" in settings.families:
        made.append([_passages(each.hashes, settings) for each in tokens])
    return _joined(made, signed)


def _sign(sets: Sequence[NDArray[np.uint32]], settings: FingerprintSettings) -> NDArray[np.uint32]:
    """Signatures of sets of element hashes: uint32, shape (n_sets, permutations)."""
    sizes = np.array([len(elements) for elements in sets], dtype=np.intp)
    elements = np.concatenate([np.zeros(0, dtype=np.uint32), *sets])
    return signatures(elements, sizes, permutations(settings.permutations, settings.seed))


def _banded(
    sets: Sequence[NDArray[np.uint32]], keys: NDArray[np.uint64], family: int
) -> list[ArticleKeys]:
    """The keys of a MinHash family, text by text; none for an empty set."""
    families = np.full(keys.shape[1], family, dtype=np.uint8)
    starts = np.full(keys.shape[1], _NOWHERE, dtype=np.int32)
    return [
        ArticleKeys(row, families, starts) if len(elements) else NO_KEYS
        for elements, row in zip(sets, keys, strict=True)
    ]


def _passages(words: NDArray[np.uint64], settings: FingerprintSettings) -> ArticleKeys:
    hashes, starts = select_passages(words, settings.shingle_words, settings.passage_window)
    return ArticleKeys(passage_keys(hashes), np.full(len(hashes), PASSAGES, dtype=np.uint8), starts)


def _joined(
    made: Sequence[Sequence[ArticleKeys]], signed: dict[Family, NDArray[np.uint32]]
) -> Fingerprints:
    """Put the families' keys of each text side by side, text after text."""
    by_text = list(zip(*made, strict=True))
    parts = [NO_KEYS, *(part for text in by_text for part in text)]
    sizes = [sum(len(part) for part in text) for text in by_text]
    return Fingerprints(
        keys=np.concatenate([part.keys for part in parts]),
        families=np.concatenate([part.families for part in parts]),
        starts=np.concatenate([part.starts for part in parts]),
        offsets=np.cumsum([0, *sizes], dtype=np.int64),
        signatures=signed,
    )
