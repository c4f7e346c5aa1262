"""Looking after an index: what needs the stored texts and the keys that are made of them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dedup.config import Settings
from dedup.fingerprint import fingerprint
from dedup.index.base import Stored
from dedup.index.exchange import Progress
from dedup.index.rebuild import Rebuilt, Wanted
from dedup.index.redis_index import RedisIndex
from dedup.model import NO_KEYS
from dedup.normalize import read
from dedup.tokens import tokenize


def reindex(index: RedisIndex, wanted: Wanted, progress: Progress) -> Rebuilt:
    """Make an index's postings anew from its stored texts; it serves meanwhile.

    A call that was cut off is gone on with by the next one.

    Args:
        index: Also one of another format, or made with other settings.
        wanted: What to build.
        progress: Is told how far it is.

    Raises:
        IndexFormatError: The records cannot be read, or something else is being built.
        StoreError: There is no index; or another process has taken the rebuild over.
    """
    return index.rebuild(wanted, keys_of_stored, progress)


def keys_of_stored(versions: Sequence[Stored], settings: Settings) -> list[NDArray[np.uint64]]:
    """The keys of stored versions: those of ``pipeline.keys_of``, for many texts at a time.

    Args:
        versions: Their languages are settled.
        settings: Of the index.

    Returns:
        For each uint64, shape (n_keys,).
    """
    texts = [read(stored.article).text for stored in versions]
    languages = [stored.language.code for stored in versions]
    prints = fingerprint(texts, languages, settings.fingerprint)
    return [
        prints.article_keys(at).keys
        if len(tokenize(text)) >= settings.limits.min_words
        else NO_KEYS.keys
        for at, text in enumerate(texts)
    ]
