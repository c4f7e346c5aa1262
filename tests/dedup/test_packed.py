"""Compressed files: read whole, or up to where they break."""

from __future__ import annotations

import gzip
import io
import os
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from dedup.packed import GZIP_PIECE, UNREADABLE, packing, unpacked

DATA = os.urandom(3 * GZIP_PIECE).hex().encode()
PACKERS: dict[str, Callable[[bytes], bytes]] = {".gz": gzip.compress, ".zst": zstandard.compress}


def opened(data: bytes) -> io.BufferedIOBase:
    return unpacked(io.BufferedReader(io.BytesIO(data)))


@pytest.mark.parametrize("suffix", ["", *PACKERS])
def test_what_is_written_is_read(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / "file"
    with path.open("wb") as raw, packing(raw, suffix) as file:
        file.write(DATA)
    assert (path.read_bytes() == DATA) == (suffix == "")
    with path.open("rb") as raw:
        assert unpacked(raw).read() == DATA


@pytest.mark.parametrize("suffix", PACKERS)
def test_members_one_after_the_other_are_one_file(suffix: str) -> None:
    pack = PACKERS[suffix]
    assert opened(pack(DATA) + pack(b"") + pack(b"end")).read() == DATA + b"end"


@pytest.mark.parametrize("suffix", PACKERS)
def test_zeros_that_pad_a_file_are_passed_over(suffix: str) -> None:
    assert opened(PACKERS[suffix](DATA) + bytes(2 * GZIP_PIECE)).read() == DATA


def test_a_file_that_breaks_off_gives_what_stands_before() -> None:
    file = opened(gzip.compress(DATA)[:-20])
    assert DATA.startswith(file.read(len(DATA) - 100))
    with pytest.raises(EOFError):
        file.read()


@pytest.mark.parametrize("suffix", PACKERS)
@pytest.mark.parametrize("place", [12, 1000, -3])
def test_a_damaged_file_is_told(suffix: str, place: int) -> None:
    packed = bytearray(PACKERS[suffix](DATA))
    packed[place] ^= 0xFF
    packed[place + 1] ^= 0xFF
    if suffix == ".zst" and place != 12:
        packed[:20] = b"\x28\xb5\x2f\xfd" + b"\xff" * 16  # its frames here have no check sum
    with pytest.raises(UNREADABLE):
        opened(bytes(packed)).read()


def test_what_follows_a_member_and_is_none_is_told() -> None:
    with pytest.raises(UNREADABLE):
        opened(gzip.compress(DATA) + b"something else").read()
