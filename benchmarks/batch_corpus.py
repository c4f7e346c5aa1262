"""An archive of newswire with planted copies, and the truth about it.

    python benchmarks/batch_corpus.py --corpus FILE.jsonl.zst --data DIR -o OUT
        [--articles 100000] [--seed 1]

**Articles.** The originals are all of FILE (``{"id", "text"}`` a line) and the English documents
of 100 to 1,500 words of the labelled sets in DIR: with the 40,000 of newswire some 53,000, of
550 words on average. The rest, up to ``--articles``, are copies (``batch_planting``), nearly
half: an archive of many sites. Half of the originals have none. With fewer articles
the shares stay. Boilerplate comes from texts that are left out as articles.

**Order.** Shuffled, copies with originals. The time of publication grows along an original's
place and a copy comes later than its original, so it may stand before it in the file.

**Truth.** All pairs of articles with a Jaccard similarity of word 5-shingles of .2 and more,
planted or not: computed exactly (``batch_truth``), by the regular expression for a word that
all contenders are given.

Written to OUT: ``articles.parquet`` and ``articles.jsonl.zst`` (id, published, text),
``planted.parquet`` (id, original, copied, fate: which articles are copies, and of what),
``truth.parquet`` (first, second, jaccard), ``shingles.npz`` (for pairs below .2).
"""

from __future__ import annotations

import argparse
import json
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import zstandard
from batch_planting import COPIED_AGAIN, WORD, Planter, Site, families, make_sites
from batch_truth import ShingleSets, shingle_sets, similar_pairs
from candidate_recall import read_lines

LEAST, MOST = 100, 1500
"""Words of a labelled document that serves as an original: of news length."""

SITES = 50
SPARE = 100
"""Texts that are left out as articles, for boilerplate."""

WORDS = 200_000
"""Running words of the archive that inserted words are drawn from."""

FLOOR = 0.2
"""Least similarity of the pairs in the truth."""

START = datetime(2010, 1, 1, tzinfo=UTC)
LATER = 20_000
"""Minutes after which a copy is published, at most: two weeks."""

ORIGINALS = 53_000
"""Originals among 100,000 articles."""


@dataclass(frozen=True)
class Planted:
    """An article of the archive.

    Attributes:
        id: Its name.
        published: When.
        text: What it says.
        original: Which article it is a copy of, at first or second hand; empty if of none.
        copied: Which article it was made from: the original or another copy of it.
        fate: What became of it then.
    """

    id: str
    published: datetime
    text: str
    original: str = ""
    copied: str = ""
    fate: str = ""


def main() -> None:
    """Make an archive."""
    options = read_options()
    chance = random.Random(options.seed)  # noqa: S311 - the same archive every time, no secret
    texts = read_originals(options.corpus, options.data, chance)
    sites, originals = make_sites(texts[:SPARE], SITES, chance), texts[SPARE:]
    n_originals = min(len(originals), options.articles * ORIGINALS // 100_000)
    archive = plant(originals[:n_originals], options.articles, sites, chance)
    options.out.mkdir(parents=True, exist_ok=True)
    write_lines(archive, options.out / "articles.jsonl.zst")
    write(pa.Table.from_pylist(list(map(fields, archive))), options.out / "articles.parquet")
    write(copies_of(archive), options.out / "planted.parquet")
    sets = shingle_sets(article.text for article in archive)
    np.savez(options.out / "shingles.npz", values=sets.values, starts=sets.starts)
    truth = similar(archive, sets)
    write(truth, options.out / "truth.parquet")
    describe(archive, truth)


def read_originals(corpus: Path, data: Path | None, chance: random.Random) -> list[str]:
    """Different texts of news length, shuffled."""
    texts = [str(line["text"]) for line in read_lines(corpus)]
    for path in sorted(data.glob("*/docs.jsonl")) if data else ():
        texts += [str(line["text"]) for line in read_lines(path) if line["lang"] == "en"]
    fit = [text for text in dict.fromkeys(texts) if LEAST <= len(WORD.findall(text)) <= MOST]
    chance.shuffle(fit)
    return fit


def plant(
    originals: Sequence[str],
    articles: int,
    sites: Sequence[Site],
    chance: random.Random,
    prefix: str = "",
) -> list[Planted]:
    """Originals and copies of them, shuffled.

    Args:
        originals: Texts, none of which is a copy that was made here.
        articles: How many articles there shall be.
        sites: Where copies are printed.
        chance: Draws.
        prefix: Of all ids.
    """
    planter = Planter(some_words(originals, chance), sites, chance)
    step = timedelta(minutes=30)
    archive = [
        Planted(f"{prefix}a{place:05}", START + place * step, text)
        for place, text in enumerate(originals)
    ]
    for place, n_copies in families(len(originals), articles - len(originals), planter):
        family = [archive[place]]
        for number in range(n_copies):
            copied = chance.choice(family) if chance.random() < COPIED_AGAIN else family[0]
            copy = planter.copy(copied.text)
            later = copied.published + timedelta(minutes=chance.randint(5, LATER))
            name = f"{family[0].id}-{number + 1}"
            family.append(Planted(name, later, copy.text, family[0].id, copied.id, copy.fate))
        archive += family[1:]
    chance.shuffle(archive)
    return archive


def some_words(texts: Sequence[str], chance: random.Random) -> list[str]:
    """Running words of some texts, as frequent as in all."""
    words: list[str] = []
    while len(words) < WORDS:
        words += WORD.findall(chance.choice(texts))
    return words


def fields(article: Planted) -> dict[str, str]:
    """What the archive says of an article."""
    published = article.published.isoformat()
    return {"id": article.id, "published": published, "text": article.text}


def write_lines(archive: Iterable[Planted], path: Path) -> None:
    """Write articles as JSON lines, compressed."""
    with (
        path.open("wb") as file,
        zstandard.ZstdCompressor(3).stream_writer(file) as compressed,
    ):
        for article in archive:
            compressed.write(json.dumps(fields(article), ensure_ascii=False).encode() + b"\n")


def write(table: pa.Table, path: Path) -> None:
    """Write a table as Parquet."""
    pq.write_table(table, path, compression="zstd")


def copies_of(archive: Iterable[Planted]) -> pa.Table:
    """Which articles are copies, of what, and what became of them."""
    copies = [article for article in archive if article.original]
    names = ("id", "original", "copied", "fate")
    return pa.table({name: [getattr(copy, name) for copy in copies] for name in names})


def similar(archive: Sequence[Planted], sets: ShingleSets) -> pa.Table:
    """All similar pairs."""
    pairs, jaccard = similar_pairs(sets, FLOOR)
    ids = pa.array([article.id for article in archive])
    sides = {side: ids.take(pairs[:, place]) for place, side in enumerate(("first", "second"))}
    return pa.table({**sides, "jaccard": jaccard})


def describe(archive: Sequence[Planted], truth: pa.Table) -> None:
    """Print what is in the archive."""
    for line in _lines(archive, truth):
        print(line)


def _lines(archive: Sequence[Planted], truth: pa.Table) -> Iterator[str]:
    characters = sum(len(article.text) for article in archive)
    yield f"{len(archive):,} articles of {characters / len(archive):,.0f} characters"
    fates = Counter(article.fate for article in archive if article.original)
    yield f"{fates.total():,} copies: " + ", ".join(
        f"{count:,} {fate}" for fate, count in fates.most_common()
    )
    sizes = Counter(article.original for article in archive if article.original)
    yield f"{len(sizes):,} articles are copied, one of them {max(sizes.values())} times"
    family = {article.id: article.original or article.id for article in archive}
    first, second = (truth[name].to_pylist() for name in ("first", "second"))
    planted = np.array(
        [family[one] == family[other] for one, other in zip(first, second, strict=True)]
    )
    jaccard = truth["jaccard"].to_numpy()
    for low, high in ((0.8, 1.01), (0.5, 0.8), (FLOOR, 0.5)):
        inside = (jaccard >= low) & (jaccard < high)
        yield (
            f"Jaccard {low} to {min(high, 1)}: {inside.sum():,} pairs, "
            f"{(inside & ~planted).sum():,} of them not planted"
        )


def read_options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--corpus", type=Path, required=True, help="JSON lines with a text each")
    parser.add_argument("--data", type=Path, help="folder of labelled sets")
    parser.add_argument("-o", "--out", type=Path, required=True, help="folder to write to")
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    main()
