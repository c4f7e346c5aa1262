"""Into how many groups an index should be spread."""

from __future__ import annotations

from math import log2
from typing import Final

from dedup.config import FingerprintSettings

USUAL_WORDS: Final = 600
"""Of a news article. The longer they are, the more passages they have; with 1,200 words an
index fills its groups a fifth fuller."""

GROUP_ENTRIES: Final = 100
"""Entries that a group should hold: as many take half the memory each of what 7 do
(docs/index.md), and one in 500 exceeds 128, what a server keeps compact that is not told."""

FEWEST_BITS: Final = 1
MOST_BITS: Final = 24


def group_bits_for(articles: int, fingerprint: FingerprintSettings) -> int:
    """log2 of the number of groups for so many articles.

    >>> group_bits_for(100_000, FingerprintSettings()), group_bits_for(10**6, FingerprintSettings())
    (17, 20)

    Args:
        articles: How many the index is to hold in the end.
        fingerprint: Says what families of keys they have.
    """
    entries = max(1, articles) * _keys(fingerprint)
    return min(MOST_BITS, max(FEWEST_BITS, round(log2(entries / GROUP_ENTRIES))))


def _keys(fingerprint: FingerprintSettings) -> float:
    """Of an article of the usual length."""
    # Of windows that overlap, every other one selects a shingle that none before has.
    passages = 2 * USUAL_WORDS / (fingerprint.passage_window + 1)
    each = {
        "wording": fingerprint.wording_bands,
        "content": fingerprint.content_bands,
        "passages": passages,
    }
    return sum(each[family] for family in fingerprint.families)
