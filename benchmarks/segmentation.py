"""Compare sentence segmenters on the golden cases, and time them on one article.

    python benchmarks/segmentation.py [ARTICLE]

sentencex, pysbd and nupunkt are compared as well where they are installed; secondhand does
not need them. A case is right if all its cuts are; an end counts as found if a sentence
begins at the right place behind it.
"""

from __future__ import annotations

import functools
import importlib
import importlib.util
import sys
import time
import tomllib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from icu4py.breakers import SentenceBreaker

from dedup.sentences import split_sentences

ROOT = Path(__file__).parent.parent
CASES = ROOT / "tests" / "cases" / "sentences"
ARTICLE = ROOT / "seeds" / "000_a493959b8eeb3824.txt"
REPETITIONS = 20

Pairs = Iterable[tuple[int, int]]
Segmenter = Callable[[str, str], Pairs]


def icu(text: str, lang: str, *, suppressions: bool = False) -> Pairs:
    """ICU alone, or with its own lists of abbreviations."""
    locale = "en" if lang == "und" else lang
    segments = SentenceBreaker(text, f"{locale}@ss=standard" if suppressions else locale).segments()
    if len(text.encode("utf-16-le", "replace")) == 2 * len(text):
        return segments
    places = _code_points(text)
    return [(places[start], places[end]) for start, end in segments]


def _code_points(text: str) -> dict[int, int]:
    """Code point offset for each UTF-16 offset at which a character begins."""
    places, unit = {}, 0
    for place, character in enumerate(text):
        places[unit] = place
        unit += 1 + (ord(character) > 0xFFFF)
    return places | {unit: len(text)}


def sentencex(text: str, lang: str) -> Pairs:
    """Wikimedia's segmenter."""
    found = importlib.import_module("sentencex").get_sentence_boundaries(lang, text)
    return [(piece["start_index"], piece["end_index"]) for piece in found]


@functools.cache
def _pysbd(lang: str) -> Any:  # noqa: ANN401 - an optional package without types
    package = importlib.import_module("pysbd")
    try:
        return package.Segmenter(language=lang, clean=False, char_span=True)
    except ValueError:
        return package.Segmenter(language="en", clean=False, char_span=True)


def pysbd(text: str, lang: str) -> Pairs:
    """The Pragmatic Segmenter's rules."""
    return [(piece.start, piece.end) for piece in _pysbd(lang).segment(text)]


def nupunkt(text: str, lang: str) -> Pairs:  # noqa: ARG001 - it knows English only
    """Punkt, trained on legal English."""
    pairs: Pairs = importlib.import_module("nupunkt").sent_spans(text)
    return pairs


SEGMENTERS: dict[str, Segmenter] = {
    "icu": icu,
    "icu, suppressions": functools.partial(icu, suppressions=True),
    "secondhand": split_sentences,
    **{
        function.__name__: function
        for function in (sentencex, pysbd, nupunkt)
        if importlib.util.find_spec(function.__name__)
    },
}


@dataclass
class Score:
    """How many cases are right throughout, and how many ends were found."""

    right: int = 0
    cases: int = 0
    found: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, expected: list[int], starts: list[int]) -> None:
        """Count one case."""
        self.cases += 1
        self.right += starts == expected
        self.found += len({*starts} & {*expected})
        self.wrong += len({*starts} - {*expected})
        self.missed += len({*expected} - {*starts})

    def __str__(self) -> str:
        precision = self.found / max(1, self.found + self.wrong)
        recall = self.found / max(1, self.found + self.missed)
        return f"{self.right:3}/{self.cases:<3} {precision:9.3f} {recall:7.3f}"


def starts_of(text: str, pairs: Pairs) -> list[int]:
    """Where the sentences but the first begin, white space left out."""
    trimmed = [
        start + len(text[start:end]) - len(text[start:end].lstrip())
        for start, end in pairs
        if text[start:end].strip()
    ]
    return trimmed[1:]


def score(segmenter: Segmenter, cases: list[dict[str, str]]) -> Score:
    """Cut all cases of a file."""
    total = Score()
    for case in cases:
        text, ends = "", []
        for piece in case["text"].split("|"):
            text += piece
            ends.append(len(text))
        expected = starts_of(text, zip([0, *ends], ends, strict=False))
        total.add(expected, starts_of(text, segmenter(text, case["lang"])))
    return total


def microseconds(segmenter: Segmenter, text: str) -> float:
    """The best of several runs: what the work costs when nothing else runs."""
    list(segmenter(text, "en"))
    best = float("inf")
    for _ in range(REPETITIONS):
        start = time.perf_counter()
        list(segmenter(text, "en"))
        best = min(best, time.perf_counter() - start)
    return best * 1e6


def main(article: Path) -> None:
    """Print both tables."""
    text = article.read_text("utf-8")
    print(f"{'':18} {'cases right':>11} {'precision':>9} {'recall':>7}")
    for file in ("fires", "silent", "lines", "known_to_fail"):
        cases = tomllib.loads((CASES / f"{file}.toml").read_text("utf-8"))["case"]
        print(f"{file}:")
        for name, segmenter in SEGMENTERS.items():
            print(f"  {name:18} {score(segmenter, cases)}")
    print(f"microseconds for {article.name}, {len(text.split())} words:")
    for name, segmenter in SEGMENTERS.items():
        print(f"  {name:18} {microseconds(segmenter, text):10.0f}")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else ARTICLE)
