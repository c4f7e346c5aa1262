"""What a stored article takes, and what packing and reading it costs.

    python benchmarks/text_store.py [--data DIR] [--corpus FILE] [--per-group N]

Takes the labelled sets in DIR and a file of JSON lines with ``id``, ``text`` and ``lang``
(``.zst`` or not), or the five seeds; groups them by set, language and length; packs N of each
group drawn by chance. Prints a Markdown table. Sizes are of whole records (time, id and all
fields) in per cent of the UTF-8 bytes of the texts; ``text`` is that of the text alone. Beside it
what zstd's level 3 makes of the same fields without a dictionary. Times are µs per article in this
process, the fastest of several rounds.
"""

from __future__ import annotations

import argparse
import io
import json
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import zstandard

from dedup.evaluate import read_set, set_folders
from dedup.index.compression import compress, decompress
from dedup.index.records import STAMP_DIGITS, pack_record, unpack_record
from dedup.model import Article, Language

SEEDS = Path(__file__).parent.parent / "seeds"
PLAIN_LEVEL = 3

LENGTHS = ((0, 500), (500, 1500), (1500, 5000), (5000, 10**9))
"""Characters, half-open."""

ROUNDS = 5

FEWEST = 15
"""Articles; a group of fewer says nothing."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Bytes of a group's articles, and seconds."""

    text: int
    text_stored: int
    record: int
    record_plain: int
    packing: float
    reading: float


def main() -> None:
    """Read, group, pack, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, help="a set, or a folder of sets")
    parser.add_argument("--corpus", type=Path, help="JSON lines")
    parser.add_argument("--per-group", type=int, default=100)
    wanted = parser.parse_args()
    groups: dict[tuple[str, str, int], list[Article]] = defaultdict(list)
    for name, article in articles(wanted.data, wanted.corpus):
        groups[name, article.lang or "und", band(article)].append(article)
    print(
        "| set | language | characters | articles | bytes | record | level 3, none | text |", end=""
    )
    print(" packing µs | reading µs |\n|---|---|---|---|---|---|---|---|---|---|")
    drawing = random.Random(1)  # noqa: S311 - to be the same every time
    for (name, lang, length), found in sorted(groups.items()):
        if len(found) < FEWEST and wanted.data:
            continue
        drawn = drawing.sample(found, min(wanted.per_group, len(found)))
        print_row(name, lang, LENGTHS[length], len(drawn), measure(drawn, lang))


def articles(data: Path | None, corpus: Path | None) -> Iterator[tuple[str, Article]]:
    """Set and article."""
    if data is None and corpus is None:
        for path in sorted(SEEDS.glob("0*.txt")):
            yield "seeds", Article(path.stem, path.read_text(encoding="utf-8"), lang="en")
    for folder in set_folders(data) if data else ():
        labelled = read_set(folder)
        for article in labelled.articles.values():
            yield labelled.name, article
    if corpus is not None:
        unpack = zstandard.open if corpus.suffix == ".zst" else io.open
        with unpack(corpus, "rt", encoding="utf-8") as lines:
            for line in lines:
                row = json.loads(line)
                yield (
                    corpus.name.partition(".")[0],
                    Article(row["id"], row["text"], lang=row["lang"]),
                )


def band(article: Article) -> int:
    """Which of ``LENGTHS`` an article's is."""
    return next(
        place for place, (low, high) in enumerate(LENGTHS) if low <= len(article.text) < high
    )


def measure(drawn: list[Article], lang: str) -> Sizes:
    """Pack and read the articles of a group, as a service would with the language detected."""
    language = Language(lang, 0.99, "pycld2")
    texts = [article.text.encode() for article in drawn]
    submitted = [
        Article(a.id, a.text, title=a.title, source=a.source, published=a.published) for a in drawn
    ]
    stored = [b"0" * STAMP_DIGITS + pack_record(article, language) for article in submitted]
    return Sizes(
        text=sum(map(len, texts)),
        text_stored=sum(len(compress(text, lang)) for text in texts),
        record=sum(map(len, stored)),
        record_plain=sum(map(plain, stored, submitted)),
        packing=seconds(lambda: [pack_record(article, language) for article in submitted]),
        reading=seconds(lambda: [unpack_record(1, record) for record in stored]),
    )


def seconds(call: Callable[[], object]) -> float:
    """The fastest of several rounds: others use the machine too."""
    spent = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        call()
        spent.append(time.perf_counter() - start)
    return min(spent)


def plain(record: bytes, article: Article) -> int:
    """Bytes of a record if its fields are compressed at zstd's usual level without a dictionary."""
    head = STAMP_DIGITS + 4 + len(article.id.encode())
    return head + len(zstandard.compress(decompress(record[head:]), PLAIN_LEVEL))


def print_row(name: str, lang: str, length: tuple[int, int], count: int, sizes: Sizes) -> None:
    """A row of the table."""
    low, high = length
    span = f"{low}-{high}" if high < LENGTHS[-1][1] else f"{low}-"
    shares = (sizes.record, sizes.record_plain, sizes.text_stored)
    cells = [
        *(name, lang, span, str(count), f"{sizes.text / count:.0f}"),
        *(f"{share / sizes.text:.1%}" for share in shares),
        *(f"{spent / count * 1e6:.0f}" for spent in (sizes.packing, sizes.reading)),
    ]
    print(f"| {' | '.join(cells)} |")


if __name__ == "__main__":
    main()
