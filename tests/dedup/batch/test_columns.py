"""Sorted columns of keys: nothing is lost on the way from fingerprints to a file and back."""

from __future__ import annotations

from pathlib import Path

import pytest

from dedup.batch.columns import PieceKeys, keys_of, read_keys, write_keys
from dedup.batch.files import written_whole
from dedup.batch.gate import tongues
from dedup.batch.hapaxes import bitmaps
from dedup.batch.sketches import sketches_of
from dedup.config import FingerprintSettings
from dedup.fingerprint import CONTENT, PASSAGES, Fingerprints, fingerprint
from dedup.tokens import tokenize

TEXTS = [
    "Two men were rescued off Skye on Monday, the coastguard said",
    "",
    "The harbour at Oban stays closed until the weekend because of the storm, its master said",
]

LANGUAGES = ["en", "en", "ur"]


@pytest.fixture(scope="module")
def made() -> Fingerprints:
    return fingerprint(TEXTS, LANGUAGES, FingerprintSettings())


def assert_same(one: PieceKeys, other: PieceKeys) -> None:
    for mine, theirs in (
        (one.content.keys, other.content.keys),
        (one.content.owners, other.content.owners),
        (one.passages.keys, other.passages.keys),
        (one.passages.owners, other.passages.owners),
        (one.starts, other.starts),
        (one.sketches, other.sketches),
        (one.hapaxes, other.hapaxes),
        (one.tongues, other.tongues),
    ):
        assert mine.dtype == theirs.dtype
        assert mine.shape == theirs.shape
        assert (mine == theirs).all()


def test_columns_hold_every_key_with_its_owner(made: Fingerprints) -> None:
    columns = keys_of(TEXTS, LANGUAGES, FingerprintSettings())
    for owner in range(len(TEXTS)):
        own = made.article_keys(owner)
        content = columns.content.keys[columns.content.owners == owner]
        assert sorted(own.select(CONTENT).keys) == content.tolist()
        its = columns.passages.owners == owner
        passages = own.select(PASSAGES)
        assert dict(zip(passages.keys, passages.starts, strict=True)) == dict(
            zip(columns.passages.keys[its], columns.starts[its], strict=True)
        )


def test_what_else_is_known_of_an_article_stands_at_its_place(made: Fingerprints) -> None:
    columns = keys_of(TEXTS, LANGUAGES, FingerprintSettings())
    assert (columns.sketches == sketches_of(made.signatures["content"])).all()
    assert (columns.hapaxes == bitmaps([tokenize(text).hashes for text in TEXTS])).all()
    assert (columns.tongues == tongues(LANGUAGES)).all()


def test_columns_are_sorted() -> None:
    columns = keys_of(TEXTS, LANGUAGES, FingerprintSettings())
    for column in (columns.content, columns.passages):
        assert (column.keys[1:] >= column.keys[:-1]).all()


def test_equal_keys_stand_in_the_order_of_their_owners() -> None:
    thrice = keys_of([TEXTS[0]] * 3, ["en"] * 3, FingerprintSettings())
    owners = thrice.content.owners.reshape(-1, 3)
    assert (owners == [0, 1, 2]).all()


def test_a_file_gives_back_what_was_written(tmp_path: Path) -> None:
    columns = keys_of(TEXTS, LANGUAGES, FingerprintSettings())
    write_keys(tmp_path / "keys.arrow", columns)
    assert_same(read_keys(tmp_path / "keys.arrow"), columns)


def test_a_piece_without_articles_is_written_and_read(tmp_path: Path) -> None:
    nothing = keys_of([], [], FingerprintSettings())
    write_keys(tmp_path / "keys.arrow", nothing)
    assert_same(read_keys(tmp_path / "keys.arrow"), nothing)


def test_what_fails_while_it_is_written_leaves_what_was_there(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("before", encoding="utf-8")

    def fail() -> None:
        with written_whole(path) as part:
            part.write_text("half", encoding="utf-8")
            raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        fail()
    assert path.read_text(encoding="utf-8") == "before"
    assert list(tmp_path.iterdir()) == [path]
