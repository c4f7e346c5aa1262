"""Which articles share keys with a query, and which keys say nothing.

A shared key says the more, the fewer articles have it. So a candidate's *score* is the sum,
over the keys it shares, of the family's factor times

    ln(S / l) / ln(S)

with l the length of the key's bucket and S = 2^20: 1 for a key that nobody else has, .75 for
one whose bucket is full. Ranked by it, .9982 of English re-translations are among the 50
best of 54,299 articles, and .9968 if every shared key counts the same
(``benchmarks/candidate_recall.py``).

A passage that very many articles have in common, and that have nothing else in common, is
*boilerplate*: a newsletter block, a disclaimer, a caption. It is recognised by its bucket:
full, while most articles in it share less than half of the query's passages (copies of the
query share most of them) and next to none of its rarer keys (articles on one story do).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from dedup.index.postings import BUCKET_END, Found
from dedup.model import PASSAGES, ArticleKeys, Candidate

RARITY_SCALE: Final = 2.0**20
"""S: more articles than one bucket could ever hold at a size that was looked at. Not the
index's own size, which would have to be asked for: with 2^16 the ranking is the same."""

PASSAGE_FACTOR: Final = 2.0
"""What a shared passage counts beside a shared content key of the same rarity. It is five words
in a row, a content key two words anywhere. 1 loses .004 of the partial copies; 3 and 5 gain
nothing."""

FULL: Final = 2 * BUCKET_END
"""Articles in a bucket from which its key may be boilerplate. What more of them there were
cannot be told, since a full bucket keeps its ends only."""

COPIED_SHARE: Final = 0.5
"""Share of the query's passages that the articles in a full bucket have at least, at the
median, if it is full of copies of the query."""

RELATED_KEYS: Final = 1
"""Keys outside full buckets that articles with nothing in common share by chance, at the
median. Of 11,956 articles only 19 unrelated ones share two with a query
(``docs/fingerprints.md``); articles on one story share a few."""


@dataclass(frozen=True, slots=True)
class Boilerplate:
    """A passage that very many articles have in common and nothing else with it.

    Attributes:
        start: The place among the query's words where the passage's shingle begins.
        numbers: Some of the articles that have it, oldest and newest.
    """

    start: int
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Nearby:
    """What the index knows to be near a query.

    Attributes:
        candidates: Best score first; of equal scores the smaller number first.
        boilerplate: Passages of the query that brought none of them, in text order.
    """

    candidates: tuple[Candidate, ...]
    boilerplate: tuple[Boilerplate, ...]


NOTHING_NEARBY: Final = Nearby((), ())


def rank(keys: ArticleKeys, found: Found, limit: int, exclude: int | None) -> Nearby:
    """Rank the articles in a query's buckets.

    Args:
        keys: Of the query.
        found: What stands in their buckets.
        limit: Candidates returned at most.
        exclude: A number to leave out.
    """
    if exclude is not None:
        others = found.numbers != exclude
        found = Found(found.lengths, found.keys[others], found.numbers[others])
    numbers, article = np.unique(found.numbers, return_inverse=True)
    common = _boilerplate(keys, found, article, len(numbers))
    telling = ~common[found.keys]
    weights = _weights(keys, found.lengths)
    collisions = np.bincount(article[telling], minlength=len(numbers))
    scores = np.bincount(
        article[telling], weights=weights[found.keys[telling]], minlength=len(numbers)
    )
    order = np.lexsort((numbers, -scores))[:limit]
    return Nearby(
        candidates=tuple(
            Candidate(number, count, score)
            for number, count, score in zip(
                numbers[order].tolist(),
                collisions[order].tolist(),
                scores[order].tolist(),
                strict=True,
            )
            if count
        ),
        boilerplate=tuple(
            Boilerplate(int(keys.starts[key]), tuple(found.numbers[found.keys == key].tolist()))
            for key in sorted(np.flatnonzero(common), key=lambda key: int(keys.starts[key]))
        ),
    )


def _weights(keys: ArticleKeys, lengths: NDArray[np.int64]) -> NDArray[np.float64]:
    """What each key counts: float64, shape (n_keys,)."""
    weights: NDArray[np.float64] = 1 - np.log(np.maximum(lengths, 1)) / np.log(RARITY_SCALE)
    weights[keys.families == PASSAGES] *= PASSAGE_FACTOR
    return weights


def _boilerplate(
    keys: ArticleKeys, found: Found, article: NDArray[np.intp], n_articles: int
) -> NDArray[np.bool_]:
    """Which keys are boilerplate: bool, shape (n_keys,).

    Args:
        keys: Of the query.
        found: What stands in their buckets.
        article: intp, shape (n_entries,): whose entry it is, by its place.
        n_articles: How many there are.
    """
    full = found.lengths >= FULL
    passages = keys.families == PASSAGES
    suspects = np.flatnonzero(full & passages)
    common = np.zeros(len(keys), dtype=bool)
    if not len(suspects):
        return common
    shared = np.bincount(article[passages[found.keys]], minlength=n_articles)
    rare = np.bincount(article[~full[found.keys]], minlength=n_articles)
    copied = COPIED_SHARE * passages.sum()
    for key in suspects:
        having = article[found.keys == key]
        common[key] = np.median(shared[having]) < copied and np.median(rare[having]) <= RELATED_KEYS
    return common
