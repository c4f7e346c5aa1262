"""The kernel in C (``native/``): bit for bit what ``dedup.fingerprint.reference`` makes.

All constants, tables and random numbers are given to it from the modules that define them. It
keeps what words stand for per language, and asks ``dedup.terms`` for those it does not know.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dedup._native import Kernel, Lexicon
from dedup.config import FingerprintSettings
from dedup.fingerprint.banding import band_rows, first_keys
from dedup.fingerprint.content import CONTENT_WEIGHT, TELLING_WEIGHT, characters_per_term
from dedup.fingerprint.kernel import Fingerprints, Texts, Utf8Texts
from dedup.fingerprint.passages import LEAST_WINDOWS
from dedup.fingerprint.signature import permutations
from dedup.model import CONTENT, PASSAGES, WORDING, Family
from dedup.terms import Vocabulary, vocabulary
from dedup.tokens import alphabet

_SIGNED: Final[tuple[Family, ...]] = ("wording", "content")

REMEMBERED_WORDS: Final = 1 << 17
"""Distinct words remembered per language, 8 MB when full. When it is, those that occurred only
once since the last time are forgotten."""


def native_kernel(
    texts: Texts, languages: Sequence[str], settings: FingerprintSettings
) -> Fingerprints:
    """Fingerprint clean texts; see ``dedup.fingerprint.kernel.Kernel``."""
    lexicons: tuple[Lexicon, ...] = ()
    numbers = np.zeros(len(languages), dtype=np.int32)
    if "content" in settings.families:
        distinct = {language: number for number, language in enumerate(dict.fromkeys(languages))}
        lexicons = tuple(_lexicon(vocabulary(language)) for language in distinct)
        numbers[:] = [distinct[language] for language in languages]
    kernel = _kernel(settings)
    if isinstance(texts, Utf8Texts):
        made = kernel.fingerprint(texts.data, numbers, lexicons, texts.offsets)
    else:
        made = kernel.fingerprint(texts, numbers, lexicons)
    keys, families, starts, offsets, *signed = made
    return Fingerprints(
        keys=np.frombuffer(keys, dtype=np.uint64),
        families=np.frombuffer(families, dtype=np.uint8),
        starts=np.frombuffer(starts, dtype=np.int32),
        offsets=np.frombuffer(offsets, dtype=np.int64),
        signatures={
            family: np.frombuffer(rows, dtype=np.uint32).reshape(-1, settings.permutations)
            for family, rows in zip(_SIGNED, signed, strict=True)
            if rows is not None
        },
    )


@cache
def _kernel(settings: FingerprintSettings) -> Kernel:
    drawn = permutations(settings.permutations, settings.seed)
    return Kernel(
        alphabet=alphabet(),
        multipliers=drawn.multipliers,
        increments=drawn.increments,
        shingle_words=settings.shingle_words,
        passage_window=settings.passage_window,
        least_windows=LEAST_WINDOWS,
        passage_first=int(first_keys(PASSAGES, 1)[0]),
        content_weight=CONTENT_WEIGHT,
        telling_weight=TELLING_WEIGHT,
        wording=_banding(settings, WORDING) if "wording" in settings.families else None,
        content=_banding(settings, CONTENT) if "content" in settings.families else None,
        passages="passages" in settings.families,
    )


def _banding(
    settings: FingerprintSettings, family: int
) -> tuple[int, NDArray[np.int32], NDArray[np.uint64]]:
    """How signatures of a family become keys: rows per band, their places, first keys."""
    if family == WORDING:
        rows, n_bands = settings.wording_rows, settings.wording_bands
    else:
        rows, n_bands = settings.content_rows, settings.content_bands
    places = band_rows(settings.permutations, rows, n_bands).astype(np.int32)
    return rows, np.ascontiguousarray(places), first_keys(family, n_bands)


@cache
def _lexicon(known: Vocabulary) -> Lexicon:
    """What the kernel knows of a language: as long-lived as its vocabulary."""
    return Lexicon(_answer(known), REMEMBERED_WORDS)


def _answer(known: Vocabulary) -> Callable[[list[str]], list[tuple[str, float, int]]]:
    """What words stand for, as a ``Lexicon`` asks for it."""
    return lambda words: [(*known.term(word), characters_per_term(word)) for word in words]
