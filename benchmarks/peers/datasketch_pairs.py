"""Similar pairs by datasketch 2: MinHash.bulk with xxHash, MinHashLSH in memory."""

from __future__ import annotations

from collections.abc import Iterator

import xxhash
from datasketch import MinHash, MinHashLSH
from protocol import PERMUTATIONS, Run, shingle_texts


def main() -> None:
    """Insert an article, having asked for those like it that came before."""
    run = Run()
    signatures = MinHash.bulk(
        ([shingle.encode() for shingle in shingle_texts(text)] for text in run.texts),
        num_perm=PERMUTATIONS,
        hashfunc=xxhash.xxh32_intdigest,
    )
    run.mark("signatures")
    lsh = MinHashLSH(threshold=run.options.jaccard, num_perm=PERMUTATIONS)
    settings = f"bulk, xxh32, {lsh.b} bands of {lsh.r}"
    run.finish(settings, candidates(lsh, signatures))


def candidates(lsh: MinHashLSH, signatures: list[MinHash]) -> Iterator[tuple[int, int]]:
    """Pairs that share a bucket."""
    for place, signature in enumerate(signatures):
        for other in lsh.query(signature):
            yield other, place
        lsh.insert(place, signature, check_duplication=False)


if __name__ == "__main__":
    main()
