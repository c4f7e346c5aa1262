"""The passages family: some shingles of a text, so chosen that shared passages share a choice.

**Winnowing** (Schleimer, Wilkerson and Aiken, SIGMOD 2003): of every w consecutive shingles the
one with the least hash is selected. What two texts have in common word by word over w shingles
is one window in both, and its least shingle is selected in both. So any w + k - 1 words in
common (k per shingle) give a key in common, wherever they stand and however long the texts are.

**Short texts** have a smaller window, ``max(1, min(passage_window, n_shingles // 10))``: about
20 of their shingles are selected, since 2 of w + 1 are on average. Texts of different windows
stay comparable: the least of a window is the least of every narrower window that holds it too,
so with a narrower window the same shingles are selected and some more. Hence the promise above
holds with the wider window of the two.

**Hash.** A shingle's is ``fmix64`` of its window hash (``dedup.hashing``): all 64 bits of what
the wording family keeps 32 of. A shingle that occurs twice is selected once.

Memory and time grow with the number of shingles, not with the window: minima are taken from
both ends of blocks of w (van Herk 1992; Gil and Werman 1993).
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from dedup.fingerprint.mixing import fmix64
from dedup.hashing import window_hashes

LEAST_WINDOWS: Final = 10
"""Windows side by side that a text has at least, which select about 20 shingles. Of articles of
100 words of which every fifth (tenth) has been replaced, .005 (.000) share none with the original;
with five windows .10 (.007), with three .28 (.05)."""

_LARGEST: Final = np.uint64(0xFFFFFFFFFFFFFFFF)


class Passages(NamedTuple):
    """The selected shingles of a text, in text order.

    Attributes:
        hashes: uint64, shape (n_passages,), all different.
        starts: int32, shape (n_passages,): where each first occurs, in words.
    """

    hashes: NDArray[np.uint64]
    starts: NDArray[np.int32]


def select_passages(words: NDArray[np.uint64], size: int, widest: int) -> Passages:
    """Select shingles of a text.

    Args:
        words: uint64, shape (n_words,): the words' hashes in text order.
        size: Words per shingle.
        widest: Shingles per window of a long text.
    """
    hashes = fmix64(window_hashes(words, size))
    if not len(hashes):
        return Passages(hashes, np.zeros(0, dtype=np.int32))
    window = max(1, min(widest, len(hashes) // LEAST_WINDOWS))
    selected = np.unique(window_minima(hashes, window))
    nearest = np.minimum(np.searchsorted(selected, hashes), len(selected) - 1)
    places = np.flatnonzero(selected[nearest] == hashes)
    firsts = np.empty(len(selected), dtype=np.intp)
    firsts[nearest[places[::-1]]] = places[::-1]  # of several the last one stays: the first
    firsts.sort()
    return Passages(hashes[firsts], firsts.astype(np.int32))


def window_minima(values: NDArray[np.uint64], window: int) -> NDArray[np.uint64]:
    """The least value of every window of consecutive values.

    Args:
        values: uint64, shape (n_values,).
        window: Values per window, 1 to n_values.

    Returns:
        uint64, shape (n_values - window + 1,).
    """
    n_blocks = -(-len(values) // window)
    blocks = np.full((n_blocks, window), _LARGEST)
    blocks.ravel()[: len(values)] = values
    # A window ends one block and begins the next: the least of a tail and of a head.
    heads = np.minimum.accumulate(blocks, axis=1).ravel()
    tails = np.minimum.accumulate(blocks[:, ::-1], axis=1)[:, ::-1].ravel()
    n_windows = len(values) - window + 1
    minima: NDArray[np.uint64] = np.minimum(
        tails[:n_windows], heads[window - 1 : window - 1 + n_windows]
    )
    return minima
