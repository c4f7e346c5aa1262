"""Articles to compare: the seeds, one short article of our own, and ways to read them."""

from __future__ import annotations

import itertools
from functools import cache
from pathlib import Path
from typing import Any

from dedup.compare import Comparison, Profile, compare, profile
from dedup.document import read_document
from dedup.model import Article

ROOT = Path(__file__).parents[2]

SEEDS = {
    path.name[:3]: path.read_text(encoding="utf-8")
    for path in sorted((ROOT / "seeds").glob("0*.txt"))
}
PAIRS = list(itertools.combinations(SEEDS, 2))
ORDERED_PAIRS = list(itertools.permutations(SEEDS, 2))

ARTICLE = (ROOT / "tests/cases/articles/bridge.txt").read_text(encoding="utf-8").strip()
"""Made up for these tests: ten sentences in five paragraphs."""

PARAGRAPHS = tuple(ARTICLE.split("\n\n"))


def read(text: str, article_id: str = "x", **fields: Any) -> Profile:
    """A text, ready for comparison."""
    return profile(read_document(Article(article_id, text, **fields)))


def compare_texts(query: str, candidate: str) -> Comparison:
    return compare(read(query, "query"), read(candidate, "candidate"))


@cache
def seed(name: str) -> Profile:
    return read(SEEDS[name], name)
