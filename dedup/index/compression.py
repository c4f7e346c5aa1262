"""Records as zstd frames, each with a dictionary of the common words of its language.

An article is too short for a compressor to learn its language from it: half of what it takes
says which letters "government" has. The dictionaries know the words already.

They hold no text of any article, so that a deleted article leaves no word of its own behind.
Each has a number, which the frames made with it carry. What was once released is never changed
or taken away, only added to: the newest of a language, the one with the highest number, is
written with; all are read with. Frames without a dictionary are read as well.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Final

import zstandard

from dedup.errors import IndexFormatError

FRAME_MAGIC: Final = zstandard.FRAME_HEADER
"""What every frame begins with."""

LEVEL = 7
"""Of zstd's 22. With a dictionary 3 makes records of 3 KB larger by 4 % of their text, in half
the time; 12 makes them smaller by .3 %, in twice the time."""

COMMON = "und"
"""Names the dictionary for languages that have none of their own: the fields of a record."""

_SUFFIX = ".zdict"

_SHARED = MappingProxyType(
    {"bs": "sh", "hr": "sh", "nn": "nb", "no": "nb", "sr": "sh", "tl": "fil"}
)
"""Language -> the language whose dictionary it uses."""


class _Workers(threading.local):
    """One thread's compressors and decompressors, by dictionary; zstd's may not be shared."""

    def __init__(self) -> None:
        self.compressors: dict[int, zstandard.ZstdCompressor] = {}
        self.decompressors: dict[int, zstandard.ZstdDecompressor] = {}


_workers = _Workers()


def compress(record: bytes, language: str) -> bytes:
    """A record's frame.

    Args:
        record: The fields of a record.
        language: Code of the language they are in; any other only costs space.
    """
    numbers = _numbers_to_write()
    number = numbers.get(_SHARED.get(language, language), numbers[COMMON])
    compressor = _workers.compressors.get(number)
    if compressor is None:
        compressor = zstandard.ZstdCompressor(LEVEL, dict_data=_dictionary(number))
        _workers.compressors[number] = compressor
    return compressor.compress(record)


def decompress(frame: bytes) -> bytes:
    """What was compressed.

    Raises:
        IndexFormatError: The frame needs a dictionary that this program does not have.
    """
    number = zstandard.get_frame_parameters(frame).dict_id
    decompressor = _workers.decompressors.get(number)
    if decompressor is None:
        decompressor = zstandard.ZstdDecompressor(dict_data=_dictionary(number) if number else None)
        _workers.decompressors[number] = decompressor
    return decompressor.decompress(frame)


@cache
def _dictionary(number: int) -> zstandard.ZstdCompressionDict:
    """A dictionary, digested once for all threads: 650 KB of memory."""
    file = _files().get(number)
    if file is None:
        raise IndexFormatError(
            f"a record was compressed with dictionary {number}, which this program does not have: "
            "a newer version of secondhand wrote it and is needed to read it"
        )
    dictionary = zstandard.ZstdCompressionDict(
        file.read_bytes(), dict_type=zstandard.DICT_TYPE_FULLDICT
    )
    dictionary.precompute_compress(LEVEL)
    return dictionary


@cache
def _files() -> Mapping[int, Traversable]:
    """The dictionaries by number: ``009-en.zdict`` is number 9."""
    folder = resources.files("dedup.index").joinpath("dictionaries")
    return {
        int(file.name.partition("-")[0]): file
        for file in folder.iterdir()
        if file.name.endswith(_SUFFIX)
    }


@cache
def _numbers_to_write() -> Mapping[str, int]:
    return numbers_to_write(file.name for file in _files().values())


def numbers_to_write(names: Iterable[str]) -> dict[str, int]:
    """Language -> the number of the newest of these dictionaries.

    >>> numbers_to_write(["009-en.zdict", "044-en.zdict"])
    {'en': 44}
    """
    newest = {}
    for name in sorted(names):
        number, _, language = name.removesuffix(_SUFFIX).partition("-")
        newest[language] = int(number)
    return newest
