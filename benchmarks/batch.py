"""Cleaning an archive side by side with datasketch, rensa, gaoya and daft, in one run.

    python benchmarks/batch_corpus.py --corpus FILE.jsonl.zst --data DIR -o ARCHIVE
    python benchmarks/batch.py ARCHIVE [--environments DIR] [--only NAME,…] [--repeat 1]

**Pairs.** Every contender is given the same Parquet file and writes the pairs of articles whose
word 5-shingle sets have a Jaccard similarity of .5 and more: 128 permutations, locality-sensitive
hashing, candidates checked exactly. Each of them as its documentation says is fastest
(``peers/``), with the bands that it chooses or shows for this threshold; they check candidates
by one piece of Python, which is part of what it takes to use them. Ours is `secondhand pairs`.

**CPU time** of the process and its children. Of the peers, what it took to start, to import and
to read the texts is left out. Of ours only the start is left out (a run over ten articles), and
reading counts. Of several runs (``--repeat``) the one that took least.

**Memory**: the most that all processes held at once, less what the peer held with all texts
read, or ours with ten articles: so ours pays for the texts that it holds, too.

**Recall** is the share of all pairs of the archive, of true similarity of at least .8, and from .5
to .8, planted or not, that are found; **precision** the share of found pairs that truly have .5.

**The full run** is `secondhand batch`: cleaning, language, all families, alignment, verdicts,
report; with one worker on one core, and with two on two.

The peers are installed into environments of their own, from files pinned by hash.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from batch_contender import Spent, run
from batch_truth import ShingleSets
from candidate_recall import show
from numpy.typing import NDArray

PEERS = ("datasketch", "rensa", "gaoya", "daft")
SCRIPTS = Path(__file__).parent / "peers"
SECONDHAND = Path(sys.executable).with_name("secondhand")
THRESHOLD, NEAR = 0.5, 0.8
FEW = 10
"""Articles of a run that shows what it takes to start."""

CORES = (1, 2)


@dataclass(frozen=True)
class Archive:
    """An archive made by ``batch_corpus``."""

    folder: Path

    @property
    def articles(self) -> Path:
        """The articles, as Parquet."""
        return self.folder / "articles.parquet"

    @cached_property
    def places(self) -> dict[str, int]:
        """Where each article stands, by its id."""
        ids = pq.read_table(self.articles, columns=["id"])["id"].to_pylist()
        return {name: place for place, name in enumerate(ids)}

    @cached_property
    def shingles(self) -> ShingleSets:
        """The shingles of every article."""
        with np.load(self.folder / "shingles.npz") as arrays:
            return ShingleSets(arrays["values"], arrays["starts"])

    @cached_property
    def truth(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """All similar pairs, as codes, and how similar they are."""
        table = pq.read_table(self.folder / "truth.parquet")
        return self.codes(table), table["jaccard"].to_numpy()

    def codes(self, pairs: pa.Table) -> NDArray[np.int64]:
        """A number for each pair, whichever article stands first: int64, shape (n_pairs,)."""
        places = np.array(
            [
                [self.places[name] for name in pairs[side].to_pylist()]
                for side in ("first", "second")
            ]
        ).reshape(2, -1)
        return places.min(axis=0) << 32 | places.max(axis=0)


@dataclass(frozen=True)
class Found:
    """How right the pairs of a contender are."""

    pairs: int
    recall_near: float
    recall_middling: float
    precision: float


@dataclass(frozen=True)
class Result:
    """One contender's row.

    Attributes:
        name: Who.
        cpu: Seconds of CPU time that count.
        wall: Seconds from start to end.
        extra: Bytes of memory beyond what it took to hold the texts, or to start.
        found: How right it is.
        settings: What was chosen, and how the time divides.
    """

    name: str
    cpu: float
    wall: float
    extra: int
    found: Found
    settings: str = field(default="")


def main() -> None:
    """Run all contenders, then the full run, and print both tables."""
    options = read_options()
    archive = Archive(options.archive)
    articles = len(archive.places)
    only = options.only.split(",")
    results = [
        measure_peer(name, archive, options.environments, options.address_space, options.repeat)
        for name in PEERS
        if name in only
    ]
    if "pairs" in only:
        results += measure_ours(archive, options.address_space, options.repeat)
    print_pairs(results, articles)
    if "batch" in only:
        print_full(archive, articles, options.address_space)


def measure_peer(
    name: str, archive: Archive, environments: Path, address_space: int, repeat: int
) -> Result:
    """Run a peer in its own environment."""
    python = environment(name, environments)
    with tempfile.TemporaryDirectory() as folder:
        pairs = Path(folder) / "pairs.parquet"
        script = SCRIPTS / f"{name}_pairs.py"
        command = [python, script, archive.articles, pairs, "--jaccard", str(THRESHOLD)]
        runs = [run(command, address_space) for _ in range(repeat)]
        found = judge(archive, pq.read_table(pairs))
    best = min(runs, key=peer_cpu)
    books = json.loads(best.output)
    stages = {stage: seconds for stage, seconds in books["stages"].items() if stage in COUNTED}
    settings = f"{books['settings']}; {books['candidates']:,} candidates; " + ", ".join(
        f"{stage} {seconds:.1f} s" for stage, seconds in stages.items()
    )
    return Result(name, peer_cpu(best), best.wall, best.peak - books["held"], found, settings)


COUNTED = ("signatures", "candidates", "verification")


def peer_cpu(spent: Spent) -> float:
    """CPU seconds of a peer that count: from texts to checked pairs."""
    stages = json.loads(spent.output)["stages"]
    return sum(stages[stage] for stage in COUNTED)


def measure_ours(archive: Archive, address_space: int, repeat: int) -> Iterator[Result]:
    """Run `secondhand pairs` with one worker, and with two."""
    for workers in CORES:

        def find(articles: Path, out: Path, workers: int = workers) -> Spent:
            out.unlink(missing_ok=True)  # Of the time before; nothing is written over.
            command = [SECONDHAND, "pairs", articles, "--jaccard", str(THRESHOLD)]
            more = ["--workers", str(workers), "--output", out]
            return run([*command, *more], address_space, workers)

        with tempfile.TemporaryDirectory() as folder:
            started = find(few(archive, Path(folder)), Path(folder) / "few.parquet")
            pairs = Path(folder) / "pairs.parquet"
            best = min((find(archive.articles, pairs) for _ in range(repeat)), key=cpu_of)
            found = judge(archive, pq.read_table(pairs))
        yield Result(
            f"secondhand pairs --workers {workers}",
            best.cpu - started.cpu,
            best.wall,
            best.peak - started.peak,
            found,
            f"start {started.cpu:.1f} s of CPU, {started.peak / 2**20:.0f} MB",
        )


def cpu_of(spent: Spent) -> float:
    """CPU seconds of a run."""
    return spent.cpu


def few(archive: Archive, folder: Path) -> Path:
    """The first articles of an archive."""
    path = folder / "few.parquet.in"
    pq.write_table(pq.read_table(archive.articles).slice(0, FEW), path)
    return path


def judge(archive: Archive, pairs: pa.Table) -> Found:
    """Hold the pairs of a contender against the truth."""
    found = np.unique(archive.codes(pairs))
    truth, jaccard = archive.truth
    near, middling = jaccard >= NEAR, (jaccard >= THRESHOLD) & (jaccard < NEAR)
    is_found = np.isin(truth, found)
    places = np.column_stack([found >> 32, found & 0xFFFFFFFF])
    return Found(
        len(found),
        float(is_found[near].mean()),
        float(is_found[middling].mean()),
        float((archive.shingles.jaccard(places) >= THRESHOLD).mean()),
    )


def print_pairs(results: list[Result], articles: int) -> None:
    """Print what all contenders took, and the ratios."""
    cpu = {result.name: result.cpu for result in results}
    heads = ["contender", "CPU s", "articles / CPU s", "wall s", "KB / article"]
    heads += [f"× {name}" for name in PEERS if name in cpu]
    heads += ["pairs", "recall ≥ .8", ".5 to .8", "precision"]
    rows = []
    for result in results:
        row = [result.name, f"{result.cpu:.1f}", f"{articles / result.cpu:,.0f}"]
        row += [f"{result.wall:.1f}", f"{result.extra / articles / 1000:.2f}"]
        row += [f"{cpu[name] / result.cpu:.1f}" for name in PEERS if name in cpu]
        found = result.found
        row += [f"{found.pairs:,}", f"{found.recall_near:.4f}", f"{found.recall_middling:.4f}"]
        rows.append([*row, f"{found.precision:.4f}"])
    print(f"\nPairs of similarity {THRESHOLD} and more among {articles:,} articles:")
    show(heads, rows)
    print()
    for result in results:
        print(f"- {result.name}: {result.settings}")
    ours = [result for result in results if result.name not in PEERS]
    if len(ours) == len(CORES):
        print(f"\nTwo cores are {ours[0].wall / ours[1].wall:.2f} × as fast as one.")


def print_full(archive: Archive, articles: int, address_space: int) -> None:
    """Run `secondhand batch` on one core and on two, and print what each stage took."""
    rows, walls, profiles = [], [], []
    for workers in CORES:
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "out"
            command = [SECONDHAND, "batch", archive.articles, "--output", out]
            spent = run([*command, "--workers", str(workers)], address_space, workers)
            profiles.append(json.loads((out / "timing.json").read_text())["stages"])
            summary = json.loads((out / "summary.json").read_text())
        walls.append(spent.wall)
        cost = 1e6 * spent.cpu / articles
        row = [str(workers), f"{spent.wall:.1f}", f"{articles / spent.wall:,.0f}"]
        rows.append([*row, f"{spent.cpu:.1f}", f"{cost:,.0f}", f"{spent.peak / 2**20:,.0f}"])
    heads = ["workers", "wall s", "articles / s", "CPU s", "CPU µs / article", "peak MB"]
    print(f"\nThe full run over {articles:,} articles:")
    show(heads, rows)
    print(f"\nTwo cores are {walls[0] / walls[1]:.2f} × as fast as one. By stage:")
    stages = [
        [stage, *(f"{1e6 * profile[stage]['cpu'] / articles:,.0f}" for profile in profiles)]
        for stage in profiles[0]
    ]
    show(["stage", *(f"CPU µs / article, {workers} workers" for workers in CORES)], stages)
    print("\n" + json.dumps({key: summary[key] for key in ("verdicts", "pairs", "families")}))


def environment(name: str, folder: Path) -> Path:
    """The Python of a peer's environment, which is made if it is missing or out of date."""
    locked = SCRIPTS / f"{name}.txt"
    digest = hashlib.sha256(locked.read_bytes()).hexdigest()
    home = folder / name
    stamp, python = home / "digest", home / "bin" / "python"
    if not stamp.exists() or stamp.read_text() != digest:
        print(f"installing {name} into {home}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=True)
        install = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*install, "--require-hashes", "--requirement", locked], check=True)
        stamp.write_text(digest)
    return python


def read_options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("archive", type=Path, help="folder made by batch_corpus.py")
    parser.add_argument(
        "--environments",
        type=Path,
        default=Path(tempfile.gettempdir()) / "secondhand-peers",
        help="folder for the peers' environments",
    )
    parser.add_argument("--only", default=",".join((*PEERS, "pairs", "batch")))
    parser.add_argument("--repeat", type=int, default=1, help="runs, of which the best counts")
    parser.add_argument(
        "--address-space",
        type=lambda gigabytes: int(float(gigabytes) * 2**30),
        default=8 * 2**30,
        help="GB that each process may map",
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
