"""What is said of two translations of one article into one language, language by language.

    python benchmarks/same_language.py --data DIR [--positives 40] [--negatives 80]

DIR is a set whose documents name their ``article`` and ``lang``, as ``retranslation`` does. Two
documents of one article in one language are versions of it; two of different articles are not.
The set labels such pairs in English only; this is what it holds of the other languages.
"""

from __future__ import annotations

import argparse
import itertools
import json
import random
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path

from dedup.compare import Profile, compare, profile
from dedup.config import Limits
from dedup.document import read_document
from dedup.judge.relate import judge
from dedup.model import Article

Document = Mapping[str, str]
Pair = tuple[Document, Document]

SHORTEST = 80
"""Words, or characters of scripts without spaces, of a document that is taken."""

FEWEST = 10
"""Pairs of versions from which a language is reported."""

SECOND_HAND = ("copy", "derived", "retranslation")


def main() -> None:
    """Judge the pairs of every language and print a line for each."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="a set")
    parser.add_argument("--positives", type=int, default=40)
    parser.add_argument("--negatives", type=int, default=80)
    options = parser.parse_args()
    lines = (options.data / "docs.jsonl").read_text("utf-8").splitlines()
    by_language: dict[str, list[Document]] = defaultdict(list)
    for document in map(json.loads, lines):
        by_language[document["lang"]].append(document)
    print("language  versions: pairs, found  others: pairs, false  said of versions")
    for lang, documents in sorted(by_language.items()):
        chance = random.Random(1)  # noqa: S311 - the same pairs every time, no secret
        versions, others = _pairs(documents, options.positives, options.negatives, chance)
        if lang != "en" and len(versions) >= FEWEST:
            _report(lang, versions, others)


def _pairs(
    documents: Sequence[Document], positives: int, negatives: int, chance: random.Random
) -> tuple[list[Pair], list[Pair]]:
    by_article: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        if _read(document["id"], document["text"], document["lang"]).n_words >= SHORTEST:
            by_article[document["article"]].append(document)
    versions = [pair for own in by_article.values() for pair in itertools.combinations(own, 2)]
    strangers = list(_strangers(by_article, negatives, chance))
    return chance.sample(versions, min(positives, len(versions))), strangers


def _strangers(
    by_article: Mapping[str, Sequence[Document]], number: int, chance: random.Random
) -> Iterator[Pair]:
    articles = list(by_article)
    for _ in range(number if len(articles) > 1 else 0):
        one, other = chance.sample(articles, 2)
        yield chance.choice(by_article[one]), chance.choice(by_article[other])


@cache
def _read(name: str, text: str, lang: str) -> Profile:
    return profile(read_document(Article(id=name, text=text, lang=lang)))


def _said(pairs: Sequence[Pair]) -> Counter[str]:
    return Counter(
        judge(
            compare(*(_read(each["id"], each["text"], each["lang"]) for each in pair)), Limits()
        ).relation
        for pair in pairs
    )


def _report(lang: str, versions: Sequence[Pair], others: Sequence[Pair]) -> None:
    of_versions, of_others = _said(versions), _said(others)
    found = sum(of_versions[relation] for relation in SECOND_HAND) / len(versions)
    false = sum(of_others[relation] for relation in SECOND_HAND) / max(len(others), 1)
    print(
        f"{lang:8} {len(versions):8} {found:.3f} {len(others):8} {false:.3f}   "
        + " ".join(f"{relation} {number}" for relation, number in of_versions.most_common())
    )


if __name__ == "__main__":
    main()
