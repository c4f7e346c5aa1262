"""An order in which those that belong to a pair stand near each other.

Whoever goes through pairs in it makes each article ready once, not once a pair. It is that of
Cuthill and McKee (1969), reversed: breadth first through the graph of all pairs, from its edge.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import reverse_cuthill_mckee


def places_near(one: NDArray[np.uint32], other: NDArray[np.uint32]) -> NDArray[np.int64]:
    """The place of every article in that order.

    Args:
        one: uint32, shape (n_pairs,): of each pair one article.
        other: uint32, shape (n_pairs,): the other.

    Returns:
        int64: by article, up to the largest that has a pair; of those without, 0.
    """
    if not len(one):
        return np.zeros(0, dtype=np.int64)
    members, ends = np.unique(np.concatenate([one, other]), return_inverse=True)
    ends = ends.reshape(2, -1)
    shape = (len(members), len(members))
    graph = coo_array((np.ones(len(one), np.int8), (ends[0], ends[1])), shape).tocsr()
    order = reverse_cuthill_mckee((graph + graph.T).tocsr(), symmetric_mode=True)
    places = np.zeros(int(members[-1]) + 1, dtype=np.int64)
    places[members[order]] = np.arange(len(order))
    return places
