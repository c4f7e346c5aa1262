from __future__ import annotations

import tracemalloc

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray
from test_fingerprint_shingle import MASK, plain_fmix64

from dedup.fingerprint.passages import Passages, select_passages, window_minima

SIZE, WINDOW = 5, 50
PROMISED = WINDOW + SIZE - 1
"""Words in common from which two texts share a passage."""

lengths = st.integers(0, 1500)
seeds = st.integers(0, 1 << 32)
# Few different words, so that shingles recur.
repetitive = st.lists(st.integers(0, 2), max_size=120).map(lambda n: np.array(n, dtype=np.uint64))


def words(seed: int, number: int) -> NDArray[np.uint64]:
    return np.random.default_rng(seed).integers(0, MASK, number, dtype=np.uint64, endpoint=True)


def select(text: NDArray[np.uint64], widest: int = WINDOW) -> Passages:
    return select_passages(text, SIZE, widest)


def plain_passages(text: list[int], size: int, widest: int) -> list[tuple[int, int]]:
    """As the module's docstring says."""
    multiplier = 0x9E3779B97F4A7C15
    shingles = [text[start : start + size] for start in range(len(text) - size + 1)]
    hashes = [
        plain_fmix64(
            sum(word * multiplier ** (size - 1 - place) for place, word in enumerate(shingle))
            & MASK
        )
        for shingle in shingles
    ]
    window = max(1, min(widest, len(hashes) // 10))
    chosen = {min(hashes[at : at + window]) for at in range(len(hashes) - window + 1)}
    return [(each, at) for at, each in enumerate(hashes) if each in chosen - set(hashes[:at])]


@given(text=repetitive, size=st.integers(1, 6), widest=st.integers(1, 12))
def test_passages_are_those_of_the_specification(
    text: NDArray[np.uint64], size: int, widest: int
) -> None:
    found = select_passages(text, size, widest)
    assert (found.hashes.dtype, found.starts.dtype) == (np.uint64, np.int32)
    pairs = list(zip(found.hashes.tolist(), found.starts.tolist(), strict=True))
    assert pairs == plain_passages(text.tolist(), size, widest)


@given(values=arrays(np.uint64, st.integers(1, 60)), data=st.data())
def test_window_minima_are_those_of_the_windows(
    values: NDArray[np.uint64], data: st.DataObject
) -> None:
    window = data.draw(st.integers(1, len(values)))
    windows = np.lib.stride_tricks.sliding_window_view(values, window)
    assert window_minima(values, window).tolist() == windows.min(axis=1).tolist()


@given(seed=seeds, before=lengths, after=lengths, other_before=lengths, other_after=lengths)
def test_texts_with_54_words_in_common_share_a_passage_there(
    seed: int, before: int, after: int, other_before: int, other_after: int
) -> None:
    """Whatever stands before and after, and however long the texts are."""
    shared = words(seed, PROMISED)
    query = np.concatenate([words(seed + 1, before), shared, words(seed + 2, after)])
    candidate = np.concatenate(
        [words(seed + 3, other_before), shared, words(seed + 4, other_after)]
    )
    ours, theirs = select(query), select(candidate)
    _, at, there = np.intersect1d(ours.hashes, theirs.hashes, return_indices=True)
    assert len(at)
    places = ours.starts[at] - before
    assert ((places >= 0) & (places <= PROMISED - SIZE)).all()
    assert places.tolist() == (theirs.starts[there] - other_before).tolist()


def test_of_a_third_as_many_words_some_are_missed() -> None:
    """So the test above does not pass by selecting everything."""
    missed = 0
    for seed in range(200):
        shared = words(seed, PROMISED // 3)
        query = np.concatenate([words(seed + 1000, 700), shared, words(seed + 2000, 700)])
        candidate = np.concatenate([words(seed + 3000, 700), shared, words(seed + 4000, 700)])
        missed += not np.intersect1d(select(query).hashes, select(candidate).hashes).size
    assert missed


@given(text=repetitive | st.builds(words, seeds, lengths), narrow=st.integers(1, 60))
def test_a_narrower_window_selects_the_same_and_more(text: NDArray[np.uint64], narrow: int) -> None:
    few = select(text, widest=narrow + 5).hashes
    many = select(text, widest=narrow).hashes
    assert set(few.tolist()) <= set(many.tolist())


@given(seed=seeds, sizes=st.lists(st.integers(100, 700), min_size=1, max_size=4), data=st.data())
def test_paragraphs_keep_their_passages_in_any_order(
    seed: int, sizes: list[int], data: st.DataObject
) -> None:
    """All of them but those selected at the seams."""
    paragraphs = [words(seed + n, 2 * WINDOW + size) for n, size in enumerate(sizes)]
    order = data.draw(st.permutations(range(len(paragraphs))))
    sorted_, shuffled = (
        select(np.concatenate([paragraphs[n] for n in places]), widest=10)
        for places in (range(len(paragraphs)), order)
    )
    for paragraph in paragraphs:
        inner = set(window_minima_of(paragraph, 10))
        assert inner <= set(sorted_.hashes.tolist())
        assert inner <= set(shuffled.hashes.tolist())


def window_minima_of(text: NDArray[np.uint64], window: int) -> list[int]:
    return select_passages(text, SIZE, window).hashes.tolist()


@given(text=repetitive | st.builds(words, seeds, lengths), times=st.integers(2, 3))
def test_a_shingle_that_recurs_is_selected_once_where_it_stands_first(
    text: NDArray[np.uint64], times: int
) -> None:
    found = select(np.tile(text, times))
    assert len(set(found.hashes.tolist())) == len(found.hashes)
    assert (found.starts < len(text)).all()


@pytest.mark.parametrize("n_words", [30, 60, 100, 200, 500, 600, 3000, 40_000])
def test_every_text_has_about_twenty_passages_or_two_in_fifty_one_words(n_words: int) -> None:
    """The mean of 30 texts; the number in one has a standard deviation below its mean's root."""
    n_shingles = n_words - SIZE + 1
    window = min(WINDOW, n_shingles // 10)
    numbers = [len(select(words(seed, n_words)).hashes) for seed in range(30)]
    expected = (n_shingles - window) * 2 / (window + 1)
    assert abs(np.mean(numbers) - expected) < 4 * np.sqrt(expected / 30) + 1
    assert min(numbers) >= 10


def test_a_text_shorter_than_a_shingle_has_none() -> None:
    found = select(words(1, SIZE - 1))
    assert (found.hashes.shape, found.starts.shape) == ((0,), (0,))


@given(number=st.integers(SIZE, SIZE + 18))
def test_of_a_text_of_a_sentence_every_shingle_is_selected(number: int) -> None:
    assert len(select(words(number, number)).hashes) == number - SIZE + 1


def test_memory_does_not_grow_with_the_window() -> None:
    text = words(1, 200_000)
    peaks = []
    for widest in (10, 1000):
        tracemalloc.start()
        select(text, widest)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert text.nbytes < max(peaks) < 10 * text.nbytes
