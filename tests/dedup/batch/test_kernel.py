"""The loops of a join, against what they are defined to do, spelled out pair by pair."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from dedup.batch import _native, kernel, reference
from dedup.batch.buckets import RANK_BITS, Buckets
from dedup.batch.hapaxes import BITS, bitmaps, overlaps
from dedup.batch.reference import Likeness, ShingleSets, Wording
from dedup.fingerprint.mixing import fmix32
from dedup.fingerprint.signature import EMPTY, permutations
from dedup.index.postings import BUCKET_END

pytestmark = pytest.mark.native

U64 = st.integers(0, 2**64 - 1)
# Few keys, so that many are equal, and some of which all bytes differ.
ENTRIES = st.lists(st.tuples(st.integers(0, 5) | U64, st.integers(0, 5) | U64), max_size=300)
LENGTHS = st.lists(st.integers(2, 5 * BUCKET_END), max_size=6)
WORTH = np.array([0, 0, 90, 80, 70, 60], dtype=np.uint64)


def test_the_loops_in_c_are_there() -> None:
    """Else this file would hold numpy against itself."""
    assert kernel.NATIVE


few = settings(max_examples=30)
"""Numpy takes its time over many small arrays."""

pytestmark = pytest.mark.native

modules = pytest.mark.parametrize("module", [reference, kernel], ids=["reference", "kernel"])


def arrays(entries: list[tuple[int, int]]) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    keys, values = np.array(entries, dtype=np.uint64).reshape(-1, 2).T.copy()
    return keys, values


def buckets_of(lengths: list[int], n_articles: int, seed: int) -> Buckets:
    drawn = np.random.default_rng(seed)
    chosen = [np.sort(drawn.choice(n_articles, length, replace=False)) for length in lengths]
    ranks = np.concatenate([np.zeros(0, dtype=np.uint64), *chosen]).astype(np.uint64)
    starts = drawn.integers(0, 2**31, len(ranks), dtype=np.uint64)
    return Buckets(ranks << RANK_BITS | starts, np.cumsum([0, *lengths], dtype=np.int64))


def sketches_for(n_articles: int, seed: int) -> NDArray[np.uint8]:
    """Of values that agree often, and of no handy length."""
    return np.random.default_rng(seed).integers(0, 3, (n_articles, 45), dtype=np.uint8)


def meetings(
    buckets: Buckets, part: range, reach: int = BUCKET_END
) -> Counter[tuple[int, int, int]]:
    """Pairs and what they count, as the definition has it."""
    met: Counter[tuple[int, int, int]] = Counter()
    ranks = buckets.ranks.tolist()
    for first, end in pairwise(buckets.firsts.tolist()):
        for later in range(max(first, part.start), min(end, part.stop)):
            for earlier in range(first, later):
                if earlier - first < reach or later - earlier <= reach:
                    pair = ranks[earlier], ranks[later]
                    met[*pair, int(WORTH[min(end - first, len(WORTH) - 1)])] += 1
    return met


def found(pairs: NDArray[np.uint64], counted: NDArray[np.uint64]) -> Counter[tuple[int, int, int]]:
    both = zip(pairs.tolist(), counted.tolist(), strict=True)
    return Counter((pair >> 32, pair & 0xFFFFFFFF, count) for pair, count in both)


@modules
@few
@given(ENTRIES)
def test_entries_are_sorted_by_key_then_value(module, entries) -> None:
    keys, values = arrays(entries)
    module.sort(keys, values)
    assert list(zip(keys.tolist(), values.tolist(), strict=True)) == sorted(entries)


@modules
def test_many_entries_are_sorted_too(module) -> None:
    """So many that a sort by digits works its way through several of them."""
    drawn = np.random.default_rng(3)
    keys = drawn.integers(0, 2**64, 200_000, dtype=np.uint64)
    keys[::3] &= np.uint64(0xFF)
    keys[1::3] |= np.uint64(0xFFFFFFFFFFFF0000)
    values = drawn.integers(0, 2**64, len(keys), dtype=np.uint64)
    order = np.lexsort((values, keys))
    expected = keys[order], values[order]
    module.sort(keys, values)
    assert (keys == expected[0]).all()
    assert (values == expected[1]).all()


@modules
@few
@given(st.lists(st.tuples(st.integers(0, 5) | U64, st.integers(0, 2**50)), max_size=300))
def test_values_of_equal_keys_are_added_up(module, entries) -> None:
    sums: Counter[int] = Counter()
    for key, value in entries:
        sums[key] += value
    keys, values = arrays(entries)
    n_keys = module.add_up(keys, values)
    assert keys[:n_keys].tolist() == sorted(sums)
    assert dict(zip(keys[:n_keys].tolist(), values[:n_keys].tolist(), strict=True)) == sums


@modules
@few
@given(LENGTHS, st.integers(0, 99))
def test_an_article_meets_the_oldest_in_its_bucket_and_those_right_before_it(
    module, lengths, seed
) -> None:
    buckets = buckets_of(lengths, 100, seed)
    everyone = range(len(buckets.entries))
    anyone = Likeness(sketches_for(100, seed), 0)
    assert found(*module.collide(buckets, everyone, WORTH, anyone)) == meetings(buckets, everyone)


@modules
@few
@given(LENGTHS, st.integers(0, 99), st.sampled_from([1, 3, 10**9]))
def test_how_far_an_article_sees_can_be_chosen(module, lengths, seed, reach) -> None:
    buckets = buckets_of(lengths, 100, seed)
    everyone = range(len(buckets.entries))
    anyone = Likeness(sketches_for(100, seed), 0)
    collided = found(*module.collide(buckets, everyone, WORTH, anyone, reach))
    assert collided == meetings(buckets, everyone, reach)


@modules
@few
@given(LENGTHS, st.integers(0, 99), st.integers(1, 30))
def test_pairs_whose_sketches_agree_too_little_are_left_out(module, lengths, seed, least) -> None:
    buckets = buckets_of(lengths, 100, seed)
    everyone = range(len(buckets.entries))
    sketches = sketches_for(100, seed)
    expected = Counter(
        {
            (a, b, count): times
            for (a, b, count), times in meetings(buckets, everyone).items()
            if np.count_nonzero(sketches[a] == sketches[b]) >= least
        }
    )
    alike = Likeness(sketches, least)
    assert found(*module.collide(buckets, everyone, WORTH, alike)) == expected


@modules
@few
@given(LENGTHS, st.integers(0, 99), st.sampled_from([0.1, 0.4]))
def test_pairs_whose_words_are_unlike_are_left_out_where_words_tell(
    module, lengths, seed, resemblance
) -> None:
    buckets = buckets_of(lengths, 100, seed)
    everyone = range(len(buckets.entries))
    drawn = np.random.default_rng(seed)
    tongues = drawn.integers(0, 3, 100, dtype=np.uint32)
    bitmaps = drawn.integers(0, 2**64, (100, BITS // 64), dtype=np.uint64)
    bitmaps[1:] &= np.roll(bitmaps, 1, axis=0)[1:] | drawn.integers(0, 2**64, dtype=np.uint64)
    bitmaps[5] = 0
    a, b = (side.astype(np.uint32) for side in np.indices((100, 100)))
    alike = overlaps(bitmaps, a.ravel(), b.ravel()).resemblance.reshape(100, 100) >= resemblance
    told = (tongues[a] == tongues[b]) & (tongues[a] > 0)
    expected = Counter(
        {
            (a, b, count): times
            for (a, b, count), times in meetings(buckets, everyone).items()
            if alike[a, b] or not told[a, b]
        }
    )
    likeness = Likeness(sketches_for(100, seed), 0, Wording(bitmaps, tongues, resemblance))
    assert found(*module.collide(buckets, everyone, WORTH, likeness)) == expected


@pytest.mark.parametrize("level", range(3))
def test_vector_instructions_of_every_level_count_the_same(level: int) -> None:
    sketches = np.random.default_rng(5).integers(0, 4, (50, 128), dtype=np.uint8)
    marked = np.random.default_rng(6).random((50, BITS)) < 0.1
    marked[:, : BITS // 2] = marked[0, : BITS // 2]
    bitmaps = np.packbits(marked, axis=1, bitorder="little").view(np.uint64)
    tongues = np.ones(50, dtype=np.uint32)
    buckets = buckets_of([50], 50, seed=1)
    likeness = Likeness(sketches, 30, Wording(bitmaps, tongues, 0.3))
    expected = found(*reference.collide(buckets, range(50), WORTH, likeness))
    best = _native.use_simd(99)
    try:
        assert _native.use_simd(level) == min(level, best)
        assert found(*kernel.collide(buckets, range(50), WORTH, likeness)) == expected
    finally:
        _native.use_simd(best)
    assert 0 < len(expected) < 50 * 49 // 2


@modules
@few
@given(LENGTHS, st.integers(0, 99), st.data())
def test_parts_of_the_entries_make_the_pairs_of_all(module, lengths, seed, data) -> None:
    buckets = buckets_of(lengths, 100, seed)
    n_entries = len(buckets.entries)
    cut = data.draw(st.integers(0, n_entries))
    likeness = Likeness(sketches_for(100, seed), 15)
    parts = [
        found(*module.collide(buckets, part, WORTH, likeness))
        for part in (range(cut), range(cut, n_entries))
    ]
    whole = found(*module.collide(buckets, range(n_entries), WORTH, likeness))
    assert parts[0] + parts[1] == whole


@modules
def test_sketches_agree_in_as_many_values_as_are_equal(module) -> None:
    sketches = np.random.default_rng(5).integers(0, 4, (50, 128), dtype=np.uint8)
    earlier, later = np.triu_indices(50)
    counted = module.agreeing(sketches, earlier.astype(np.uint32), later.astype(np.uint32))
    assert counted.dtype == np.uint8
    assert (counted == (sketches[earlier] == sketches[later]).sum(axis=1)).all()


# Few words, so that shingles occur again.
WORDS = st.lists(st.lists(st.integers(0, 3) | U64, max_size=60), max_size=8)


@modules
@few
@given(WORDS, st.integers(1, 5))
def test_a_text_is_the_set_of_its_shingles(module, texts, size) -> None:
    sets = module.shingle_sets(*words_of(texts), size)
    for number, text in enumerate(texts):
        windows = {tuple(text[start : start + size]) for start in range(len(text) - size + 1)}
        own = sets.elements[sets.bounds[number] : sets.bounds[number + 1]]
        assert len(own) == len(windows)
        assert (np.diff(own) > 0).all()


@modules
@few
@given(WORDS)
def test_what_two_sets_have_in_common_is_counted(module, texts) -> None:
    sets = module.shingle_sets(*words_of(texts), 2)
    one, other = np.triu_indices(len(texts))
    shingles = [set(pairwise(text)) for text in texts]
    expected = [len(shingles[a] & shingles[b]) for a, b in zip(one, other, strict=True)]
    assert module.common(sets, one, other).tolist() == expected


def signed_one_by_one(sets: list[list[int]]) -> list[list[int]]:
    """As the definition has it: the least of each permutation's values."""
    drawn = permutations(7, seed=1)
    return [
        [
            min(
                (
                    (element * multiplier + increment) % 2**32
                    for element in fmix32(
                        (np.array(elements, np.uint64) >> 32).astype(np.uint32)
                    ).tolist()
                ),
                default=int(EMPTY),
            )
            for multiplier, increment in np.hstack(drawn).tolist()
        ]
        for elements in sets
    ]


@modules
@few
@given(st.lists(st.sets(U64, max_size=40).map(sorted), max_size=8))
def test_a_set_is_signed_by_the_upper_halves_of_its_elements(module, sets) -> None:
    signed = module.minhash(ShingleSets(*words_of(sets)), permutations(7, seed=1))
    assert signed.tolist() == signed_one_by_one(sets)


@pytest.mark.parametrize("level", range(3))
def test_vector_instructions_of_every_level_sign_the_same(level: int) -> None:
    """Sets of more than one block, too."""
    drawn = permutations(20, seed=1)
    elements = np.random.default_rng(4).integers(0, 2**64, 9_000, dtype=np.uint64)
    sets = ShingleSets(elements, np.array([0, 0, 17, 500, len(elements)]))
    best = _native.use_simd(99)
    try:
        assert _native.use_simd(level) == min(level, best)
        assert (kernel.minhash(sets, drawn) == reference.minhash(sets, drawn)).all()
    finally:
        _native.use_simd(best)


@few
@given(WORDS)
def test_hapaxes_are_marked_as_they_are_defined(texts) -> None:
    words, offsets = words_of(texts)
    assert (kernel.hapaxes(words, offsets) == bitmaps(np.split(words, offsets[1:-1]))).all()


@modules
def test_long_texts_are_sets_too(module) -> None:
    """Longer than there are heaps to sort it by."""
    words = np.random.default_rng(2).integers(0, 2**64, 50_000, dtype=np.uint64)
    sets = module.shingle_sets(words, np.array([0, len(words)]), 5)
    assert len(sets.elements) == len(words) - 4
    assert (np.diff(sets.elements) > 0).all()


def words_of(texts: list[list[int]]) -> tuple[NDArray[np.uint64], NDArray[np.int64]]:
    words = np.array([word for text in texts for word in text], dtype=np.uint64)
    return words, np.cumsum([0, *map(len, texts)], dtype=np.int64)


def test_arrays_that_do_not_go_together_are_refused() -> None:
    words, none = np.zeros(4, dtype=np.uint64), np.zeros(0, dtype=np.int64)
    bitmap = np.zeros(BITS // 64, dtype=np.uint64)
    with pytest.raises(ValueError, match="bounds hold a number"):
        _native.shingle_sets(words, none, 5, words.copy(), none.copy())
    with pytest.raises(ValueError, match="bounds hold a number"):
        _native.hapaxes(words, none, BITS, bitmap)
    drawn = permutations(4, seed=1)
    with pytest.raises(ValueError, match="bounds hold a number"):
        _native.minhash(words, none, *drawn, np.zeros(4, dtype=np.uint32))
    with pytest.raises(ValueError, match="signatures of another size"):
        _native.minhash(words, np.array([0, 4]), *drawn, np.zeros(3, dtype=np.uint32))
    with pytest.raises(ValueError, match="different lengths"):
        _native.minhash(words, np.array([0, 4]), drawn[0], drawn[1][:3], np.zeros(4, np.uint32))
    with pytest.raises(ValueError, match="bitmaps of another size"):
        _native.hapaxes(words, np.array([0, 4]), 0, bitmap[:0])
