from __future__ import annotations

from math import sqrt

import datasketch
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from dedup.fingerprint.signature import (
    BLOCK_ELEMENTS,
    EMPTY,
    permutations,
    resemblance,
    signatures,
)

DRAWN = permutations(128, seed=1)

element_sets = st.lists(arrays(np.uint32, st.integers(0, 30)), max_size=6)


def sign(*sets: NDArray[np.uint32]) -> NDArray[np.uint32]:
    elements = np.concatenate([np.zeros(0, dtype=np.uint32), *sets])
    return signatures(elements, np.array([len(each) for each in sets], dtype=np.intp), DRAWN)


def datasketch_signature(elements: NDArray[np.uint32]) -> NDArray[np.uint32]:
    minhash = datasketch.MinHash(num_perm=128, seed=1, scheme="affine32", hashfunc=int)
    minhash.update_batch(elements.tolist())
    return minhash.hashvalues


def random_set(seed: int, size: int) -> NDArray[np.uint32]:
    return np.random.default_rng(seed).integers(0, 1 << 32, size, dtype=np.uint32)


@given(sets=element_sets)
def test_signatures_are_those_of_datasketch(sets: list[NDArray[np.uint32]]) -> None:
    signed = sign(*sets)
    assert signed.dtype == np.uint32
    assert signed.shape == (len(sets), 128)
    for row, elements in zip(signed, sets, strict=True):
        assert row.tolist() == datasketch_signature(elements).tolist()


@pytest.mark.parametrize(("number", "seed"), [(1, 1), (64, 1), (256, 7)])
def test_permutations_are_those_of_datasketch(number: int, seed: int) -> None:
    minhash = datasketch.MinHash(num_perm=number, seed=seed, scheme="affine32")
    drawn = permutations(number, seed)
    assert np.array_equal(np.concatenate(drawn, axis=1).T, minhash.permutations)


def test_datasketch_reads_our_signatures() -> None:
    ours, theirs = (
        datasketch.MinHash(hashvalues=sign(random_set(seed, 50))[0], scheme="affine32")
        for seed in (1, 2)
    )
    ours.merge(theirs)
    together = np.concatenate([random_set(1, 50), random_set(2, 50)])
    assert ours.hashvalues.tolist() == sign(together)[0].tolist()


@given(sets=element_sets, split=st.integers(0, 6))
def test_any_split_into_calls_gives_the_same_rows(
    sets: list[NDArray[np.uint32]], split: int
) -> None:
    parts = [sign(*sets[:split]), sign(*sets[split:])]
    assert np.array_equal(np.concatenate(parts), sign(*sets))


@given(elements=arrays(np.uint32, st.integers(1, 30)), seed=st.integers(0, 99))
def test_order_and_repetition_change_nothing(elements: NDArray[np.uint32], seed: int) -> None:
    shuffled = np.random.default_rng(seed).permutation(np.tile(elements, 2))
    assert np.array_equal(sign(elements), sign(shuffled))


@pytest.mark.parametrize(
    "sizes", [(3 * BLOCK_ELEMENTS + 5,), (BLOCK_ELEMENTS - 1, 2, 0, BLOCK_ELEMENTS, 7)]
)
def test_sets_that_cross_blocks_are_signed_whole(sizes: tuple[int, ...]) -> None:
    sets = [random_set(number, size) for number, size in enumerate(sizes)]
    for row, elements in zip(sign(*sets), sets, strict=True):
        assert row.tolist() == datasketch_signature(elements).tolist()


@pytest.mark.parametrize("jaccard", [0.1, 0.3, 0.5, 0.9])
def test_resemblance_estimates_jaccard(jaccard: float) -> None:
    """Each of 100 pairs within 4 standard errors, and their mean within 4 of its own."""
    size, n_pairs = 1000, 100
    shared = round(2 * size * jaccard / (1 + jaccard))
    true = shared / (2 * size - shared)
    standard_error = sqrt(true * (1 - true) / 128)
    estimates = []
    for seed in range(n_pairs):
        drawn = random_set(seed, 2 * size - shared)
        estimates.append(resemblance(*sign(drawn[:size], drawn[size - shared :])))
    assert np.abs(np.array(estimates) - true).max() < 4 * standard_error
    assert abs(np.mean(estimates) - true) < 4 * standard_error / sqrt(n_pairs)


@given(query=arrays(np.uint32, 20), candidate=arrays(np.uint32, 20))
def test_resemblance_is_symmetric(query: NDArray[np.uint32], candidate: NDArray[np.uint32]) -> None:
    rows = sign(query, candidate)
    assert resemblance(*rows) == resemblance(*rows[::-1])
    assert resemblance(rows[0], rows[0]) == 1.0


def test_an_empty_set_has_the_empty_signature() -> None:
    assert (sign(np.zeros(0, dtype=np.uint32)) == EMPTY).all()


def test_an_empty_set_resembles_nothing_not_even_itself() -> None:
    empty, full = sign(np.zeros(0, dtype=np.uint32), random_set(1, 5))
    for pair in ((empty, empty), (empty, full), (full, empty)):
        with pytest.raises(ValueError, match="empty set"):
            resemblance(*pair)


def test_signatures_of_different_length_are_refused() -> None:
    full = sign(random_set(1, 5))[0]
    with pytest.raises(ValueError, match="shapes"):
        resemblance(full, full[:64])
