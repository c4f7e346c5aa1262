# /// script
# requires-python = ">=3.11"
# dependencies = ["backports.zstd==1.8.0", "wordfreq==3.1.1"]
# ///
"""Make the zstd dictionaries that records are compressed with.

    uv run --script benchmarks/make_dictionaries.py DIRECTORY

Never over those that the project ships: records that were written with them could not be
read any more. A better one for a language is made in an empty directory and added to
``dedup/index/dictionaries`` under the next free number, and to the NOTICE there.

No article goes in, or words of one that was deleted would stay on the server. What goes in, in
this order, because zstd writes a shorter distance to what stands near the end:

1. the most frequent words of the language by wordfreq, the rarest of them first;
2. phrases that were written for this, where ``benchmarks/dictionaries`` has any;
3. the fields of a record.

Before these zstd puts tables of how often letters and distances occur. It takes them from made-up
articles: words drawn as often as they occur in the language, in a record's fields.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import wordfreq
from backports import zstd

PHRASES = Path(__file__).parent / "dictionaries"

WORDS_BYTES = 32 * 1024
"""Of words per language. Twice as many make articles smaller by .3 to 1.1 % of their text, half as
many larger by .4 to 1.8 %."""

MIN_WORD_BYTES = 4
"""What shorter words save, zstd spends on saying where they are; 3 changes nothing."""

TABLE_BYTES = 4096
"""Room for zstd's tables before the content."""

LEVEL = 7
"""At which the tables are counted: that of ``dedup.index.compression``."""

SPACELESS = frozenset({"ja", "zh"})
SAMPLES = 60
SAMPLE_WORDS = (100, 600)
VOCABULARY = 40_000
"""Words that the made-up articles are drawn from: many more than the dictionary holds, as in
real ones."""

COMMON = "und"
"""The dictionary of all languages that have none: the fields alone."""

FIELDS = (
    '{"title":"","source":"www. .com","published":"2024-11-05T12:30:00+00:00","url":"http://www. '
    '.html" "media":"html" <div class=\\"\\">\\n<a href=\\"https://www.\\"></a></p>\\n\\n<p>'
    '"https://www. .com/2024/11/05/news/world/article/ ","expires":"2026-01-01T00:00:00+00:00",'
    '"due":"2026-01-01T00:00:00+00:00"},"declared":"%(lang)s","language":["%(lang)s",null,"declared"]'
    '"media":"text","language":["%(lang)s",0.9,"langdetect"]} \\n\\n \\" — – “ ” ‘ ’ "media":"text",'
    '"title":"","url":"https://www. .com/","source":" .com","published":"2025-10-12T00:00:00+00:00",'
    '"language":["%(lang)s",0.99,"pycld2"]}{"text":"'
)
"""What stands in a record besides its words (``dedup.index.records``)."""

RECORD = (
    '{"text":"%(text)s","media":"text","title":"%(title)s","url":"https://www.example.com/news/'
    '%(number)d","source":"example.com","published":"2023-04-%(day)02dT00:00:00+00:00","language":'
    '["%(lang)s",0.9%(digit)d,"pycld2"]}'
)


def main() -> None:
    """Write one dictionary per word list, numbered in the order of their codes, and a common one."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("directory", type=Path)
    directory = parser.parse_args().directory
    directory.mkdir(parents=True, exist_ok=True)
    lists = wordfreq.available_languages("small")
    samples: list[bytes] = []
    for number, lang in enumerate(sorted(lists), 1):
        words = listed_words(lists[lang])
        made_up = [made_up_record(lang, words, seed) for seed in range(SAMPLES)]
        samples += made_up[:3]
        write(directory, number, lang, word_content(lang, words) + phrases(lang), made_up)
    write(directory, len(lists) + 1, COMMON, b"", samples)


def write(directory: Path, number: int, lang: str, words: bytes, samples: list[bytes]) -> None:
    """Put zstd's tables before a dictionary's content and its number into them."""
    content = words + (FIELDS % {"lang": lang}).encode()
    finished = zstd.finalize_dict(
        zstd.ZstdDict(content, is_raw=True), samples, len(content) + TABLE_BYTES, LEVEL
    ).dict_content
    # Magic number, then the number: https://www.rfc-editor.org/rfc/rfc8878#section-5
    finished = finished[:4] + number.to_bytes(4, "little") + finished[8:]
    path = directory / f"{number:03d}-{lang}.zdict"
    with path.open("xb") as file:
        file.write(finished)
    print(f"{path}: {len(finished)} bytes")


def listed_words(path: str) -> list[tuple[str, float]]:
    """A language's words, most frequent first, and their share of all words."""
    return [
        (word, wordfreq.cB_to_freq(-centibels))
        for centibels, words in enumerate(wordfreq.read_cBpack(path))
        for word in words
        if not any(map(str.isdigit, word))
    ][:VOCABULARY]


def word_content(lang: str, words: list[tuple[str, float]]) -> bytes:
    """As many of the most frequent words as there is room for, the most frequent last."""
    space = b"" if lang in SPACELESS else b" "
    content = b""
    for word, _ in words:
        spelled = word.encode()
        if len(content) + len(spelled) >= WORDS_BYTES:
            break
        if len(spelled) >= MIN_WORD_BYTES:
            content = spelled + space + content
    return space + content


def phrases(lang: str) -> bytes:
    """The phrases written for a language, none for most."""
    path = PHRASES / f"{lang}.txt"
    return " ".join([*path.read_text("utf-8").splitlines(), ""]).encode() if path.exists() else b""


def made_up_record(lang: str, words: list[tuple[str, float]], seed: int) -> bytes:
    """A record whose text says nothing, with the words of a language as often as they occur."""
    draw = random.Random(seed)  # noqa: S311 - to be the same every time
    space, comma, stop = ("", "，", "。") if lang in SPACELESS else (" ", ", ", ". ")
    drawn = draw.choices(
        [word for word, _ in words], [share for _, share in words], k=draw.randint(*SAMPLE_WORDS)
    )
    text, first = "", True
    for word in drawn:
        kind = draw.random()
        if kind < 0.02:
            text += f"{draw.randint(1, 3000)}{space}"
            continue
        # One word in ten is a name.
        text += word.capitalize() if first or kind > 0.9 else word
        first = kind < 0.06
        text += stop if first else comma if kind < 0.1 else space
    fields = {"lang": lang, "number": seed * 7919, "day": seed % 28 + 1, "digit": seed % 10}
    text = text.replace(stop, f"{stop.strip()}\\n", 2)
    return (RECORD % {"text": text, "title": text[40:95], **fields}).encode()


if __name__ == "__main__":
    main()
