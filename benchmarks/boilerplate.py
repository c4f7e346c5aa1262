"""What is taken for boilerplate in a corpus, to be read by a person.

    python benchmarks/boilerplate.py FILE [--articles 8000]

FILE holds an article per line, an object with ``text``; ``.zst`` or not. All are put into an
index of their own, one after the other, each asked about as it comes. Prints how many had a
block, what share of their words it was, and the blocks, most frequent first.
"""

from __future__ import annotations

import argparse
import tempfile
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path

from candidate_recall import read_lines

from dedup.boilerplate import find_blocks
from dedup.compare import Profile, profile
from dedup.config import Settings
from dedup.document import read_document
from dedup.index import open_index
from dedup.index.base import Index
from dedup.model import Article
from dedup.pipeline import keys_of

SHOWN = 60
SHOWN_CHARACTERS = 150


def main() -> None:
    """Index, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--articles", type=int, default=8000, help="read at most (default: 8000)")
    wanted = parser.parse_args()
    settings = Settings()
    blocks: Counter[str] = Counter()
    shares: list[float] = []
    asked = 0
    with (
        tempfile.TemporaryDirectory() as directory,
        closing(open_index(data_dir=Path(directory), redis_url=None, settings=settings)) as index,
    ):
        for number, line in enumerate(islice(read_lines(wanted.file), wanted.articles)):
            article = Article(str(number), str(line["text"]))
            query = profile(read_document(article))
            keys = keys_of(query, settings)
            stored = index.put(article, query.document.language, keys.keys).stored
            nearby = index.nearby(keys, settings.limits.max_compared, stored.number)
            found = find_blocks(query, nearby.boilerplate, lambda some: _read(index, some))
            blocks.update(
                " ".join(article.text[span.start : span.end].split())[:SHOWN_CHARACTERS]
                for span in found.submitted
            )
            asked += 1
            if found.spans:
                words = sum(span.end - span.start for span in found.spans)
                shares.append(words / query.n_words)
    print(f"{len(shares)} of {asked} articles have boilerplate", end="")
    print(f", at most {max(shares):.0%} of their words" if shares else "")
    for text, count in blocks.most_common(SHOWN):
        print(f"{count:6d}  {text}")


def _read(index: Index, numbers: Sequence[int]) -> dict[int, Profile]:
    return {
        one.number: profile(read_document(one.article, one.language))
        for one in index.fetch(numbers)
        if one is not None
    }


if __name__ == "__main__":
    main()
