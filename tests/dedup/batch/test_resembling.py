"""Pairs by Jaccard, against sets of shingles compared one by one."""

from __future__ import annotations

import random
from itertools import combinations, pairwise
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from dedup.batch import kernel, resembling
from dedup.batch import texts as columns
from dedup.batch.resembling import SIMILAR, Wanted, rows_per_band, similar_pairs
from dedup.batch.signing import sign
from dedup.batch.sketches import sketches_of
from dedup.batch.texts import TextColumn, hashes_of_words
from dedup.fingerprint import fingerprint
from dedup.tokens import tokenize

WORDS = ["storm", "harbour", "ferry", "island", "ΑΘΉΝΑ", "naïve", "straße", "İzmir", "мост"]
N_TEXTS = 300
SHINGLE = 5

pytestmark = pytest.mark.native


def corpus(seed: int) -> list[str]:
    """Originals of 40 to 120 words, and edited copies of some of these."""
    drawn = random.Random(seed)
    texts: list[str] = []
    while len(texts) < N_TEXTS:
        if texts and drawn.random() < 0.6:
            words = drawn.choice(texts).split()
            for _ in range(drawn.randrange(8)):
                words[drawn.randrange(len(words))] = f"edit{drawn.randrange(1000)}"
        else:
            words = [
                drawn.choice(WORDS) + str(drawn.randrange(99))
                for _ in range(drawn.randint(40, 120))
            ]
        texts.append(" ".join(words))
    return texts


def shingles(text: str) -> set[tuple[str, ...]]:
    words = tokenize(text).words
    return {words[start : start + SHINGLE] for start in range(len(words) - SHINGLE + 1)}


def brute_force(texts: list[str], jaccard: float) -> dict[tuple[int, int], tuple[float, ...]]:
    sets = [shingles(text) for text in texts]
    found = {}
    for (first, one), (second, other) in combinations(enumerate(sets), 2):
        n = len(one & other)
        if n and n / len(one | other) >= jaccard:
            found[first, second] = n / len(one | other), n / len(one), n / len(other)
    return found


def rows(table: pa.Table) -> dict[tuple[int, int], tuple[float, ...]]:
    return {
        (row["first"], row["second"]): tuple(list(row.values())[2:]) for row in table.to_pylist()
    }


@pytest.mark.parametrize("jaccard", [0.3, 0.5, 0.7, 0.8, 0.9, 1.0])
def test_what_is_found_is_exact_and_next_to_nothing_is_missed(jaccard: float) -> None:
    """Of pairs that reach the threshold, most by far, .02 (1 - J)^2 may be missed."""
    texts = corpus(1) + corpus(1)[:5]
    found, true = rows(similar_pairs(texts, jaccard)), brute_force(texts, jaccard)
    assert found.items() <= true.items()
    assert len(true) - len(found) <= 0.01 * len(true)
    assert len(true) >= 5


def test_pairs_stand_in_order() -> None:
    table = similar_pairs(corpus(2), 0.5)
    pairs = list(zip(table["first"].to_pylist(), table["second"].to_pylist(), strict=True))
    assert pairs == sorted(pairs)
    assert table.schema == SIMILAR
    assert all(first < second for first, second in pairs)


def test_neither_threads_nor_memory_nor_chunks_change_what_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = corpus(3)
    whole = similar_pairs(texts, 0.5)
    monkeypatch.setattr(resembling, "TEXTS_AT_ONCE", 7)
    monkeypatch.setattr(resembling, "PAIRS_AT_ONCE", 50)
    monkeypatch.setattr(resembling, "PAIRS_COUNTED_OUT", 3)
    chunks = pa.chunked_array([texts[:100], [], texts[100:]], pa.large_string())
    assert similar_pairs(chunks, 0.5, workers=3, memory=0, spill=tmp_path) == whole
    assert not list(tmp_path.iterdir())


def test_python_without_the_loops_in_c_finds_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = corpus(4)[:80]
    whole = similar_pairs(texts, 0.5)
    monkeypatch.setattr(kernel, "NATIVE", False)
    monkeypatch.setattr(columns, "HAS_NATIVE", False)
    assert similar_pairs(texts, 0.5) == whole


@pytest.mark.parametrize("kind", [pa.string(), pa.large_string(), pa.string_view(), pa.binary()])
def test_texts_may_be_any_strings_that_arrow_has(kind: pa.DataType) -> None:
    texts = corpus(5)[:60]
    given = pa.array([None, *(text.encode() for text in texts)], pa.binary()).cast(kind)
    found = rows(similar_pairs(given.slice(1), 0.5))
    assert found == rows(similar_pairs(texts, 0.5))
    assert found


def test_a_column_without_text_resembles_nothing() -> None:
    assert len(similar_pairs([], 0.5)) == 0
    assert len(similar_pairs(pa.nulls(3), 0.5)) == 0
    assert len(similar_pairs(["", "four words are few", "", "four words are few"], 0.5)) == 0


def test_a_text_with_lone_surrogates_has_the_words_around_them() -> None:
    text = corpus(6)[0]
    assert len(similar_pairs([f"\ud800 {text}", text], 1.0)) == 1


def test_a_column_of_numbers_is_refused() -> None:
    with pytest.raises(TypeError, match="texts are strings, not int64"):
        similar_pairs(pa.array([1, 2]), 0.5)


@pytest.mark.parametrize("jaccard", [0.0, 1.01, float("nan")])
def test_a_threshold_that_is_no_share_is_refused(jaccard: float) -> None:
    with pytest.raises(ValueError, match="must be above 0, and 1 at most"):
        similar_pairs(["a text"], jaccard)


def test_a_family_of_copies_is_all_pairs() -> None:
    texts = [corpus(7)[0]] * 60
    table = similar_pairs(texts, 0.9)
    assert len(table) == 60 * 59 // 2
    assert set(table["jaccard"].to_pylist()) == {1.0}


def test_bands_miss_as_few_of_the_pairs_at_the_threshold_as_they_say() -> None:
    """The next larger bands would miss more."""
    for jaccard in (0.2, 0.5, 0.6, 0.7, 0.8, 0.9):
        missed = [
            (1 - jaccard**rows) ** (resembling.PERMUTATIONS // rows)
            for rows in (rows_per_band(jaccard), rows_per_band(jaccard) + 1)
        ]
        allowed = resembling.MOST_MISSED * (1 - jaccard) ** 2
        assert missed[0] <= allowed or rows_per_band(jaccard) == 1
        assert missed[1] > allowed


def test_texts_are_taken_from_the_chunks_that_they_are_in() -> None:
    texts = [f"text {number}" for number in range(10)]
    column = TextColumn.of(pa.chunked_array([texts[:3], texts[3:4], texts[4:]]))
    pieces = [piece.to_pylist() for piece in column.pieces(4)]
    assert pieces == [texts[:3], texts[3:4], texts[4:8], texts[8:]]


def test_texts_are_signed_as_their_fingerprints_are() -> None:
    settings = Wanted(0.5).settings
    texts = ["", "four words are few", *corpus(8)[:40], corpus(8)[0] * 200]
    signed = sign(pa.array(texts), settings)
    made = fingerprint(texts, ["und"] * len(texts), settings)
    has_shingles = signed.sets.sizes > 0
    assert has_shingles.tolist() == (np.diff(made.offsets) > 0).tolist()
    assert signed.keys[has_shingles].ravel().tolist() == made.keys.tolist()
    assert (signed.sketches == sketches_of(made.signatures["wording"])).all()


def test_words_of_texts_are_hashed_text_after_text() -> None:
    texts = ["", "One two", "two, one"]
    hashes, offsets = hashes_of_words(pa.array(texts))
    assert offsets.tolist() == [0, 0, 2, 4]
    assert hashes.tolist() == hashes[[0, 1, 1, 0]].tolist()
    assert len(list(pairwise(offsets))) == len(texts)


@pytest.mark.parametrize("is_native", [True, False])
def test_words_of_one_text_are_those_it_has_among_others(
    *, is_native: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = "Ёлки, 30ہزار and the İtfaiye: 42,5 % of Çankırı's."
    monkeypatch.setattr(columns, "HAS_NATIVE", is_native)
    hashes, offsets = hashes_of_words(pa.array([text, text]))
    assert hashes.tolist() == [*tokenize(text).hashes.tolist()] * 2
    assert offsets.tolist() == [0, len(hashes) // 2, len(hashes)]
