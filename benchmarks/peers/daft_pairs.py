"""Similar pairs by daft: its minhash expression, bands exploded, grouped into buckets."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

import daft
from daft import col
from daft.functions import chunk, list_agg, list_count, minhash, normalize
from daft.functions import slice as slice_of
from protocol import PERMUTATIONS, SHINGLE, Run

ROWS = 5
BANDS = PERMUTATIONS // ROWS
"""25 bands: the best for a threshold of .5 by the rule that daft's own example of deduplication
takes over from datasketch."""


def main() -> None:
    """Signatures, then buckets, in one query."""
    daft.set_runner_native()
    run = Run()
    articles = daft.from_pydict({"article": list(range(len(run.texts))), "text": run.texts})
    clean = normalize(col("text"), remove_punct=True, lowercase=True, white_space=True)
    signature = minhash(clean, num_hashes=PERMUTATIONS, ngram_size=SHINGLE, hash_function="xxhash")
    bands = (
        articles.select("article", slice_of(signature, 0, BANDS * ROWS).alias("signature"))
        .select("article", chunk(col("signature"), ROWS).alias("band"))
        .with_column("number", daft.lit(list(range(BANDS))))
        .explode("band", "number")
        .collect()
    )
    run.mark("signatures")
    buckets = (
        bands.groupby("number", "band")
        .agg(list_agg(col("article")).alias("articles"))
        .where(list_count(col("articles")) > 1)
        .select("articles")
        .to_arrow()["articles"]
    )
    settings = f"normalize, minhash (xxhash), groupby, {BANDS} bands of {ROWS}"
    run.finish(settings, candidates(buckets.to_pylist()))


def candidates(buckets: list[list[int]]) -> Iterator[tuple[int, int]]:
    """Pairs that share a bucket, each once."""
    pairs: set[tuple[int, int]] = set()
    for bucket in buckets:
        pairs.update(combinations(sorted(bucket), 2))
    yield from pairs


if __name__ == "__main__":
    main()
