"""Archives of growing size, cleaned: time, memory, and what is found.

    python benchmarks/batch_million.py --text FILE -o ARCHIVE
    python benchmarks/batch_scale.py ARCHIVE [--blocks 1,5,50] [--workers 2] [--memory 2G]

For each number of blocks (20,000 articles each) `secondhand pairs` and `secondhand batch` are
run over so many files of the archive.

**Recall** of pairs: the share of all pairs inside a block, of similarity .8 and more, and from .5
to .8, that `secondhand pairs` writes. Of what it writes, **precision** is the share that is among
these; pairs across blocks, of which chance makes hardly any, count as wrong.

**Copies found** by the full run: planted copies that are in one cluster with their original, by
their similarity to it; and those among them that are called its ``copy``, ``excerpt`` and so on
by their verdict.

CPU time is that of all processes; memory the most that they held at once.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import zstandard
from batch import NEAR, SECONDHAND, THRESHOLD
from batch_contender import Spent, run
from batch_corpus import FLOOR
from candidate_recall import figure, show
from numpy.typing import NDArray

BANDS = ((NEAR, 1.01), (THRESHOLD, NEAR), (FLOOR, THRESHOLD), (0.0, FLOOR))
"""Ranges of similarity, from the lower bound to below the upper one."""

HEADS = ["articles", "wall s", "articles / s", "CPU µs / article", "peak MB"]


@dataclass(frozen=True)
class Part:
    """The first blocks of an archive."""

    folder: Path
    blocks: int

    @property
    def articles(self) -> list[Path]:
        """The files of articles."""
        return sorted((self.folder / "articles").iterdir())[: self.blocks]

    def table(self, kind: str) -> pa.Table:
        """The truth, or what is planted."""
        files = sorted((self.folder / kind).iterdir())[: self.blocks]
        return pa.concat_tables(map(pq.read_table, files))


def main() -> None:
    """Measure all sizes, and print two tables."""
    options = read_options()
    parts = [Part(options.archive, int(blocks)) for blocks in options.blocks.split(",")]
    more = ["--workers", str(options.workers), "--memory", options.memory]
    only = options.only.split(",")
    if "pairs" in only:
        rows = [measure_pairs(part, more, options.address_space) for part in parts]
        print("\n`secondhand pairs`:")
        show([*HEADS, "pairs", "recall ≥ .8", ".5 to .8", "precision"], rows)
    if "batch" in only:
        rows = [measure_full(part, more, options.address_space) for part in parts]
        print("\n`secondhand batch`:")
        bands = [f"{low} to {min(high, 1)}" for low, high in BANDS]
        show([*HEADS, *(f"copies found, {band}" for band in bands)], rows)


def measure_pairs(part: Part, more: Sequence[str], address_space: int) -> list[str]:
    """A row of the table of pairs."""
    with tempfile.TemporaryDirectory(dir=part.folder) as folder:
        out = Path(folder) / "pairs.parquet"
        command = [SECONDHAND, "pairs", *part.articles, "--jaccard", str(THRESHOLD)]
        spent = run([*command, "--output", out, *more], address_space)
        found = codes(pq.read_table(out, columns=["first", "second"]))
    truth = part.table("truth")
    true, jaccard = codes(truth), truth["jaccard"].to_numpy()
    is_found = np.isin(true, found)
    recall = [is_found[(jaccard >= low) & (jaccard < high)].mean() for low, high in BANDS[:2]]
    precision = np.isin(found, true[jaccard >= THRESHOLD]).mean()
    articles = count(part)
    return [
        *costs(spent, articles),
        f"{len(found):,}",
        *(figure(share) for share in (*recall, precision)),
    ]


def measure_full(part: Part, more: Sequence[str], address_space: int) -> list[str]:
    """A row of the table of full runs."""
    with tempfile.TemporaryDirectory(dir=part.folder) as folder:
        out = Path(folder) / "out"
        command = [SECONDHAND, "batch", *part.articles, "--output", out]
        spent = run([*command, *more], address_space)
        print((out / "summary.json").read_text())
        verdicts = ds.dataset(out / "verdicts").to_table(columns=["id", "verdict", "cluster"])
    return [*costs(spent, verdicts.num_rows), *found_copies(part, verdicts)]


def found_copies(part: Part, verdicts: pa.Table) -> list[str]:
    """Of each range of similarity: copies in one cluster with their original, called so or not."""
    cluster = dict(zip(*(verdicts[name].to_pylist() for name in ("id", "cluster")), strict=True))
    verdict = dict(zip(*(verdicts[name].to_pylist() for name in ("id", "verdict")), strict=True))
    truth = part.table("truth")
    similarity = dict(zip(codes(truth).tolist(), truth["jaccard"].to_pylist(), strict=True))
    planted = part.table("planted")
    copies, originals = planted["id"].to_pylist(), planted["original"].to_pylist()
    jaccard = np.array([similarity.get(code, 0.0) for code in pair_codes(copies, originals)])
    together = np.array(
        [
            cluster[copy] is not None and cluster[copy] == cluster[original]
            for copy, original in zip(copies, originals, strict=True)
        ]
    )
    called = np.array([verdict[copy] == "copy" for copy in copies]) & together
    cells = []
    for low, high in BANDS:
        inside = (jaccard >= low) & (jaccard < high)
        shares = figure(together[inside].mean()), figure(called[inside].mean())
        cells.append("{} ({} as copies) of {:,}".format(*shares, inside.sum()))
    return cells


def count(part: Part) -> int:
    """How many articles there are: lines."""
    articles = 0
    for path in part.articles:
        with path.open("rb") as file:
            reader = zstandard.ZstdDecompressor().stream_reader(file)
            while portion := reader.read(1 << 20):
                articles += portion.count(b"\n")
    return articles


def costs(spent: Spent, articles: int) -> list[str]:
    """What a run took, as cells."""
    return [
        f"{articles:,}",
        f"{spent.wall:,.0f}",
        f"{articles / spent.wall:,.0f}",
        f"{1e6 * spent.cpu / articles:,.0f}",
        f"{spent.peak / 2**20:,.0f}",
    ]


def codes(pairs: pa.Table) -> NDArray[np.uint64]:
    """A number for each pair, whichever article stands first."""
    return pair_codes(pairs["first"].to_pylist(), pairs["second"].to_pylist())


def pair_codes(first: Iterable[str], second: Iterable[str]) -> NDArray[np.uint64]:
    """Numbers of pairs of ids: equal for equal pairs."""
    one, other = (np.fromiter(map(id_code, ids), np.uint64) for ids in (first, second))
    return np.minimum(one, other) << np.uint64(32) | np.maximum(one, other)


COPY_BITS, ORIGINAL_BITS = 8, 15


def id_code(name: str) -> int:
    """The number of an id such as ``b012-a00345-6``: block, original, copy, in 32 bits."""
    block, original, *copy = name.split("-")
    code = int(block[1:]) << ORIGINAL_BITS | int(original[1:])
    return code << COPY_BITS | int(copy[0] if copy else 0)


def read_options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("archive", type=Path, help="folder made by batch_million.py")
    parser.add_argument("--blocks", default="1,5,50", help="how many, in each run")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--memory", default="2G", help="what secondhand is told to stay within")
    parser.add_argument("--only", default="pairs,batch")
    parser.add_argument(
        "--address-space",
        type=lambda gigabytes: int(float(gigabytes) * 2**30),
        default=64 * 2**30,
        help="GB that each process may map, files between the stages with them",
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
