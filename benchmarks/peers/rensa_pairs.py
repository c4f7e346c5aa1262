"""Similar pairs by rensa: RMinHash from token sets in bulk, RMinHashLSH."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from protocol import PERMUTATIONS, Run, pairs_of, shingle_texts
from rensa import RMinHash, RMinHashLSH

BANDS = 32
"""Of four rows: the number must divide that of permutations, and 16 bands of eight find few
pairs of similarity .5."""

MARGIN = 0.13
"""What a signature may be wrong by: three standard errors at a similarity of .5. A third of the
candidates is not worth an exact check."""

SEED = 42
BATCH = 1_000
"""Articles whose shingles are held at a time."""


def main() -> None:
    """Insert all, then ask for each."""
    run = Run()
    signatures: list[RMinHash] = []
    for first in range(0, len(run.texts), BATCH):
        shingles = [shingle_texts(text) for text in run.texts[first : first + BATCH]]
        signatures += RMinHash.from_token_sets(shingles, PERMUTATIONS, SEED)
    run.mark("signatures")
    lsh = RMinHashLSH(run.options.jaccard, PERMUTATIONS, BANDS)
    lsh.insert_many(signatures)
    found = lsh.query_all(signatures)
    settings = f"RMinHash.from_token_sets, insert_many, query_all, {BANDS} bands of 4"
    pairs = pairs_of(range(len(found)), found.__getitem__)
    run.finish(settings, likely(pairs, signatures, run.options.jaccard - MARGIN))


def likely(
    pairs: Iterable[tuple[int, int]], signatures: list[RMinHash], floor: float
) -> Iterator[tuple[int, int]]:
    """Pairs that are at least so similar by their signatures."""
    for first, second in pairs:
        if signatures[first].jaccard(signatures[second]) >= floor:
            yield first, second


if __name__ == "__main__":
    main()
