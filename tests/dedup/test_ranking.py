from __future__ import annotations

import numpy as np
import pytest

from dedup.index.postings import Found
from dedup.index.ranking import FULL, NOTHING_NEARBY, Boilerplate, rank
from dedup.model import CONTENT, NO_KEYS, PASSAGES, ArticleKeys


def keys_of(content: int, passages: int) -> ArticleKeys:
    families = np.repeat([CONTENT, PASSAGES], [content, passages]).astype(np.uint8)
    starts = np.r_[np.full(content, -1), 10 * np.arange(passages)].astype(np.int32)
    return ArticleKeys(np.arange(content + passages, dtype=np.uint64), families, starts)


def found(*buckets: list[int]) -> Found:
    """Bucket by bucket the numbers that stand in it."""
    lengths = np.array([len(bucket) for bucket in buckets], dtype=np.int64)
    numbers = np.array([number for bucket in buckets for number in bucket], dtype=np.uint64)
    return Found(lengths, np.repeat(np.arange(len(buckets)), lengths), numbers)


def test_a_rare_key_says_more_than_a_common_one():
    common = list(range(100, 110))
    nearby = rank(keys_of(2, 0), found([1], [2, *common]), 10, None)
    assert [candidate.number for candidate in nearby.candidates] == [1, 2, *common[:8]]
    assert nearby.candidates[0].score == 1


def test_two_common_keys_say_more_than_a_rare_one():
    others = list(range(100, 110))
    nearby = rank(keys_of(3, 0), found([1], [2, *others], [2]), 10, None)
    assert [candidate[:2] for candidate in nearby.candidates[:2]] == [(2, 2), (1, 1)]


def test_a_passage_says_more_than_a_content_key():
    nearby = rank(keys_of(1, 1), found([1], [2]), 10, None)
    assert [candidate.number for candidate in nearby.candidates] == [2, 1]


def test_an_excluded_number_is_left_out():
    nearby = rank(keys_of(2, 0), found([1, 2], [1]), 10, 1)
    assert [candidate[:2] for candidate in nearby.candidates] == [(2, 1)]


def test_no_keys_have_nothing_nearby():
    assert rank(NO_KEYS, found(), 10, None) == NOTHING_NEARBY


EVERYBODY = list(range(FULL))


def test_a_passage_that_everybody_has_and_nothing_else_is_boilerplate():
    nearby = rank(keys_of(0, 4), found([90], [91], [92], EVERYBODY), 10, None)
    assert nearby.boilerplate == (Boilerplate(30, tuple(EVERYBODY)),)
    assert [candidate.number for candidate in nearby.candidates] == [90, 91, 92]


@pytest.mark.parametrize(
    ("name", "keys", "buckets"),
    [
        ("not so many have it", keys_of(0, 3), [[90], [91], EVERYBODY[1:]]),
        ("they have most passages", keys_of(0, 2), [EVERYBODY, EVERYBODY]),
        ("they are on one story", keys_of(2, 3), [EVERYBODY[1:]] * 2 + [[90], [91], EVERYBODY]),
        ("it is no passage", keys_of(3, 0), [[90], [91], EVERYBODY]),
    ],
)
def test_a_full_bucket_alone_is_no_boilerplate(name, keys, buckets):
    nearby = rank(keys, found(*buckets), 100, None)
    assert nearby.boilerplate == (), name
    assert set(EVERYBODY[1:]) <= {candidate.number for candidate in nearby.candidates}
