"""What fingerprints cost, in µs of CPU time per text: the kernel in C beside the reference.

    python benchmarks/kernel.py [--texts FILE.jsonl.zst]

Takes the five seeds, cut to 3,200 characters, the length of a news article, or the first 2,000
texts of FILE (JSON lines with a field "text"). Each figure is the least of several rounds, all
in one process, so that ratios hold whatever else the machine does.
"""

from __future__ import annotations

import argparse
import gc
import io
import json
import time
from collections.abc import Callable
from functools import partial
from itertools import islice
from pathlib import Path

import numpy as np
import zstandard

from dedup import _native
from dedup.config import FingerprintSettings
from dedup.fingerprint import Utf8Texts
from dedup.fingerprint.native import native_kernel
from dedup.fingerprint.reference import reference_kernel
from dedup.model import FAMILIES, Family
from dedup.normalize import normalize
from dedup.tokens import alphabet, reference_tokenize, tokenize

SEEDS = Path(__file__).parent.parent / "seeds"
CHARACTERS = 3_200
READ = 2_000
PER_CALL = 200
ROUNDS = 7
REFERENCE_TEXTS = 50

CHOICES: tuple[tuple[Family, ...], ...] = (
    ("wording",),
    ("content",),
    ("passages",),
    ("content", "passages"),
    FAMILIES,
)


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--texts", type=Path, help="JSON lines, zstd; default: the seeds")
    texts = read_texts(parser.parse_args().texts)
    words = sum(len(tokenize(text)) for text in texts)
    print(
        f"{len(texts)} texts of {sum(map(len, texts)) / len(texts):,.0f} characters, "
        f"{words / len(texts):,.0f} words\n"
    )
    compare_families(texts)
    compare_ways_in(texts)
    compare_tokenizers(texts)


def read_texts(path: Path | None) -> list[str]:
    """Clean texts, enough for a call."""
    if path is None:
        seeds = [normalize(seed.read_text("utf-8")).text for seed in sorted(SEEDS.glob("*.txt"))]
        return [seed[:CHARACTERS] for seed in seeds] * (PER_CALL // len(seeds))
    with path.open("rb") as packed, zstandard.ZstdDecompressor().stream_reader(packed) as raw:
        lines = io.TextIOWrapper(raw, encoding="utf-8")
        return [normalize(json.loads(line)["text"]).text for line in islice(lines, READ)]


def compare_families(texts: list[str]) -> None:
    """By family and instruction set, beside the reference."""
    levels = _native.simd_levels()
    print(f"| families | {' | '.join(levels)} | reference | ratio |")
    print("|---|" + "---|" * (len(levels) + 2))
    for families in CHOICES:
        settings = FingerprintSettings(families=families)
        costs = []
        for level in levels:
            _native.use_simd(level)
            costs.append(cost(partial(in_calls, texts, settings), len(texts)))
        few = texts[:REFERENCE_TEXTS]
        reference = partial(reference_kernel, few, ["en"] * len(few), settings)
        slow = cost(reference, len(few))
        row = " | ".join(f"{each:.1f}" for each in costs)
        print(f"| {', '.join(families)} | {row} | {slow:.0f} | {slow / costs[-1]:.0f} |")
    print()


def compare_ways_in(texts: list[str]) -> None:
    """Content and passages: many texts per call, one, UTF-8."""
    settings = FingerprintSettings()
    utf8 = [text.encode() for text in texts]
    column = Utf8Texts(
        np.frombuffer(b"".join(utf8), dtype=np.uint8), np.cumsum([0, *map(len, utf8)])
    )
    languages = ["en"] * len(texts)
    print("| content, passages | µs |\n|---|---|")
    ways: dict[str, Callable[[], object]] = {
        f"strings, {PER_CALL} per call": partial(in_calls, texts, settings),
        "strings, one per call": lambda: [native_kernel([t], ["en"], settings) for t in texts],
        "UTF-8, all in one call": partial(native_kernel, column, languages, settings),
    }
    for name, way in ways.items():
        print(f"| {name} | {cost(way, len(texts)):.1f} |")
    print()


def compare_tokenizers(texts: list[str]) -> None:
    """Words with their places, and words' hashes alone."""
    few = texts[:REFERENCE_TEXTS]
    slow = cost(lambda: [reference_tokenize(text) for text in few], len(few))
    fast = cost(lambda: [tokenize(text) for text in texts], len(texts))
    hashed = cost(partial(alphabet().hash_words, texts), len(texts))
    print("| words | µs |\n|---|---|")
    print(f"| hashes only, all texts in one call | {hashed:.1f} |")
    print(f"| with places | {fast:.1f} |\n| reference | {slow:.1f} |")


def in_calls(texts: list[str], settings: FingerprintSettings) -> None:
    """Fingerprint strings, ``PER_CALL`` at a time."""
    for start in range(0, len(texts), PER_CALL):
        part = texts[start : start + PER_CALL]
        native_kernel(part, ["en"] * len(part), settings)


def cost(call: Callable[[], object], n_texts: int) -> float:
    """µs of CPU time per text: the least of several rounds."""
    call()  # words are met, tables are made
    gc.collect()
    took = []
    for _ in range(ROUNDS):
        before = time.process_time()
        call()
        took.append(time.process_time() - before)
    return min(took) / n_texts * 1e6


if __name__ == "__main__":
    main()
