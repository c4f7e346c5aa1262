"""How often the language of a text is told rightly, by length of the text.

    python benchmarks/language.py --data DIR [--data DIR …]

Each DIR is searched for ``docs.jsonl`` files (one article a line: ``text``, ``lang``). From
each of up to 60 articles a language, one stretch that begins at a word is asked about. Prints
a Markdown table: the share of right, wrong and unknown answers of pycld2 and langdetect alone
and of secondhand, and what a question costs. zh and zh-Hant count as one language.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from pathlib import Path

import pycld2
from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory
from langdetect.lang_detect_exception import LangDetectException

from dedup.language import detect_language, parse_tag

LENGTHS = (10, 20, 40, 80, 150, 300, 100_000)  # characters
ARTICLES_PER_LANGUAGE = 60
SEED = 2
UNKNOWN = "und"


def main() -> None:
    """Read the arguments, ask, print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, action="append", required=True)
    articles = _articles(parser.parse_args().data)
    asked = {"pycld2": by_pycld2, "langdetect": by_langdetect(), "secondhand": by_secondhand}
    print(f"{len(articles)} languages: {' '.join(sorted(articles))}\n")
    print("| characters | by | right | wrong | unknown | µs |\n|---|---|---|---|---|---|")
    for length in LENGTHS:
        stretches = _stretches(articles, length)
        for name, detector in asked.items():
            start = time.perf_counter()
            answers = Counter(_outcome(detector(text), lang) for text, lang in stretches)
            cost = (time.perf_counter() - start) / len(stretches)
            shares = (
                answers[outcome] / len(stretches) for outcome in ("right", "wrong", "unknown")
            )
            columns = " | ".join(f"{share:.3f}" for share in shares)
            print(f"| {length} | {name} | {columns} | {cost * 1e6:.0f} |")


def by_secondhand(text: str) -> str:
    """Both, as secondhand combines them."""
    return detect_language(text).code


def by_pycld2(text: str) -> str:
    """Ask pycld2, which counts where it calls itself reliable."""
    reliable, _, answers = pycld2.detect(text.encode("utf-8", "replace"))
    return answers[0][1] if reliable else UNKNOWN


def by_langdetect() -> Callable[[str], str]:
    """Make a detector that asks langdetect, seeded."""
    factory = DetectorFactory()
    factory.set_seed(SEED)
    factory.load_profile(PROFILES_DIRECTORY)

    def detect(text: str) -> str:
        detector = factory.create()
        detector.append(text)
        try:
            return str(detector.detect())
        except LangDetectException:
            return UNKNOWN

    return detect


def _articles(folders: list[Path]) -> dict[str, list[str]]:
    """Texts by language, a sample of each."""
    texts: dict[str, list[str]] = defaultdict(list)
    for folder in folders:
        for file in sorted(folder.rglob("docs.jsonl")):
            for line in file.read_text("utf-8").splitlines():
                document = json.loads(line)
                code = parse_tag(document["lang"])
                if code is not None:
                    texts[code].append(document["text"])
    draw = random.Random(SEED)  # noqa: S311 - samples articles
    return {
        lang: draw.sample(found, min(ARTICLES_PER_LANGUAGE, len(found)))
        for lang, found in sorted(texts.items())
    }


def _stretches(articles: dict[str, list[str]], length: int) -> list[tuple[str, str]]:
    """One stretch of each article that has letters in it, with its language."""
    draw = random.Random(SEED)  # noqa: S311 - samples articles
    stretches = []
    for lang, texts in articles.items():
        for text in texts:
            start = draw.randrange(max(1, len(text) - length))
            start = text.find(" ", start, start + 30) + 1 or start
            stretch = (
                text[start : start + length] if start + length <= len(text) else text[-length:]
            )
            if any(map(str.isalpha, stretch)):
                stretches.append((stretch, lang))
    return stretches


def _outcome(answer: str, lang: str) -> str:
    code = parse_tag(answer)
    if code is None:
        return "unknown"
    return "right" if code.partition("-")[0] == lang.partition("-")[0] else "wrong"


if __name__ == "__main__":
    main()
