"""How often each artifact rule fires on news text that people wrote.

    python benchmarks/artifact_false_hits.py --data DIR [--data DIR …] [--show RULE]

Each DIR is searched for ``docs.jsonl`` files (one article a line: ``text``, ``id``, perhaps
``kind``) and for ``*.jsonl.zst`` corpora. Machine-translated documents (``kind`` or id) are
left out. Prints a Markdown table: texts with at least one hit, per rule and set. A hit is not
always false: scraped sets hold true debris, and credits are meant to be found. ``--show``
prints where a rule fired, so that they can be read.
"""

from __future__ import annotations

import argparse
import io
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import zstandard

from dedup.artifacts import RULES, detect
from dedup.model import Article, Finding
from dedup.normalize import read

# Sets of news that people wrote; the others hold web pages or students' answers.
NEWS_SETS = ("news_allsides", "news_frontpages", "spotsigs", "basil", "counter", "retranslation")
WINDOW_LOG = 27  # of the corpus's compression
SHOWN_AROUND = 60  # characters on each side of a hit


def main() -> None:
    """Read the arguments, count, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, action="append", required=True)
    parser.add_argument("--show", metavar="RULE", choices=RULES)
    parser.add_argument("--most", type=int, default=40, help="hits shown per set")
    arguments = parser.parse_args()
    counts: dict[str, Counter[str]] = {}
    sizes: dict[str, int] = {}
    for name, articles in news_sets(arguments.data):
        counts[name] = Counter()
        sizes[name] = 0
        for article in articles:
            findings = detect(article, read(article))
            sizes[name] += 1
            counts[name].update({finding.rule for finding in findings})
            shown = [f for f in findings if f.rule == arguments.show]
            if shown and counts[name][arguments.show] <= arguments.most:
                show(name, article, shown)
    print_table(counts, sizes)


def news_sets(folders: list[Path]) -> Iterator[tuple[str, Iterator[Article]]]:
    """Each set's name and its articles."""
    for folder in folders:
        for path in sorted(folder.rglob("docs.jsonl")):
            if path.parent.name in NEWS_SETS:
                yield path.parent.name, from_lines(path.open(encoding="utf-8"))
        for path in sorted(folder.rglob("*.jsonl.zst")):
            yield path.name.removesuffix(".jsonl.zst"), from_lines(compressed_lines(path))


def compressed_lines(path: Path) -> Iterator[str]:
    """The lines of a corpus."""
    reader = zstandard.ZstdDecompressor(max_window_size=1 << WINDOW_LOG)
    with path.open("rb") as file, reader.stream_reader(file) as stream:
        yield from io.TextIOWrapper(stream, encoding="utf-8")


def from_lines(lines: Iterator[str]) -> Iterator[Article]:
    """Articles that people wrote or translated."""
    for line in lines:
        document = json.loads(line)
        if document.get("kind") != "machine_translation":
            yield Article(id=document["id"], text=document["text"])


def show(name: str, article: Article, findings: list[Finding]) -> None:
    """Print where a rule fired."""
    for finding in findings[:3]:
        start, end = finding.span
        around = article.text[max(0, start - SHOWN_AROUND) : end + SHOWN_AROUND]
        print(f"{name} {article.id} {finding.says}\n    {around!r}")


def print_table(counts: dict[str, Counter[str]], sizes: dict[str, int]) -> None:
    """Texts with a hit, per rule and set."""
    print("| rule | weight | " + " | ".join(f"{name} ({sizes[name]:,})" for name in counts) + " |")
    print("|---" * (len(counts) + 2) + "|")
    for rule in RULES.values():
        cells = " | ".join(str(count[rule.name]) for count in counts.values())
        print(f"| `{rule.name}` | {rule.weight} | {cells} |")


if __name__ == "__main__":
    main()
