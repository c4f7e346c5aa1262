"""Similar pairs by gaoya: tokenized, hashed and asked for in Rust."""

from __future__ import annotations

from gaoya.minhash import MinHashStringIndex
from protocol import SHINGLE, Run, pairs_of

BANDS, ROWS = 42, 3
"""What gaoya's documentation shows for a threshold of .5, and what it chooses by itself."""


def main() -> None:
    """Insert all, then ask for each; gaoya leaves out whom its signatures say to be less alike."""
    run = Run()
    index = MinHashStringIndex(
        hash_size=32,
        jaccard_threshold=run.options.jaccard,
        num_bands=BANDS,
        band_size=ROWS,
        analyzer="word",
        lowercase=True,
        ngram_range=(SHINGLE, SHINGLE),
        id_container="smallvec",
    )
    index.par_bulk_insert_docs(list(range(len(run.texts))), run.texts)
    run.mark("signatures")
    found = index.par_bulk_query(run.texts)
    settings = f"par_bulk_insert_docs, par_bulk_query, smallvec, {BANDS} bands of {ROWS}"
    run.finish(settings, pairs_of(range(len(found)), found.__getitem__))


if __name__ == "__main__":
    main()
