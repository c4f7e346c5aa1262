"""In which order pairs are compared: so that an article is made ready once, not once a pair.

Queries are put into an order in which those with the same candidates stand near each other
(``dedup.batch.ordering``), and pairs follow them; so what was made ready for one is mostly still
there for the next.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.batch.join import Candidates
from dedup.batch.ordering import places_in_turn
from dedup.batch.schema import PAIRS

MOST_BLOCKS: Final = 4096
"""Blocks at most, if that takes larger ones: what comes of each is a file."""


def plan(
    candidates: Candidates, by_rank: NDArray[np.int64], block_pairs: int
) -> Iterator[pa.RecordBatch]:
    """Blocks of pairs, in the order in which they are best compared.

    Args:
        candidates: The pairs, by rank.
        by_rank: int64, shape (n_articles,): the article's number of each rank.
        block_pairs: Pairs of a block, at least.

    Yields:
        Rows of ``schema.PAIRS``; those of one query stand in one block, in a row.
    """
    later, earlier = candidates.later, candidates.earlier
    if not len(candidates):
        return
    order = np.lexsort((earlier, places_in_turn(later, earlier)[later]))
    queries = later[order]
    starts = np.flatnonzero(np.diff(queries, prepend=-1))
    size = max(block_pairs, len(queries) // MOST_BLOCKS)
    begin = 0
    while begin < len(queries):
        following = np.searchsorted(starts, begin + size)
        end = int(starts[following]) if following < len(starts) else len(queries)
        chosen = order[begin:end]
        yield pa.record_batch(
            [
                pa.array(by_rank[later[chosen]]),
                pa.array(by_rank[earlier[chosen]]),
                pa.array(candidates.content[chosen]),
                pa.array(candidates.passages[chosen]),
                pa.array(candidates.score[chosen]),
                pa.array(candidates.resemblance[chosen]),
            ],
            schema=PAIRS,
        )
        begin = end
