from __future__ import annotations

import re
from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.index.keys import NUMBER_BITS, SHARDS
from dedup.index.postings import (
    ENTRY_BYTES,
    GROUP_DIGITS,
    REST_BITS,
    count_numbers,
    pack_entries,
    pack_ranges,
    place,
)

KEY = st.integers(0, 2**64 - 1)
NUMBER = st.integers(0, 2**NUMBER_BITS - 1)
GROUP_BITS = st.integers(1, 24)


def rows(packed_shards, pattern):
    """Shard, group and entries of packed arguments, read plainly."""
    row = re.compile(rb"([0-9a-f]{%d})" % GROUP_DIGITS + pattern, re.DOTALL)
    found = []
    for shard, packed in packed_shards:
        matches = list(row.finditer(packed))
        assert b"".join(match[0] for match in matches) == packed
        found += [
            (shard, int(match[1], 16), *(int.from_bytes(e, "big") for e in match.groups()[1:]))
            for match in matches
        ]
    return found


ENTRY = rb"(.{%d})" % ENTRY_BYTES
RANGE = rb"\[" + ENTRY + rb"\[" + ENTRY


@given(st.lists(KEY, max_size=40), NUMBER, GROUP_BITS)
def test_each_distinct_key_gets_one_entry_in_its_groups_shard(keys, number, group_bits):
    places = place(np.array(keys, dtype=np.uint64), group_bits)
    entries = rows(pack_entries(places, number), ENTRY)
    assert len(entries) == len(set(keys))
    assert all(group < 2**group_bits and group % SHARDS == shard for shard, group, _ in entries)
    assert all(entry % 2**NUMBER_BITS == number for _, _, entry in entries)


@given(st.lists(KEY, max_size=40), NUMBER, GROUP_BITS)
def test_a_range_spans_the_entries_of_its_key_whatever_the_number(keys, number, group_bits):
    places = place(np.array(keys, dtype=np.uint64), group_bits)
    entries = rows(pack_entries(places, number), ENTRY)
    ranges = rows(pack_ranges(places), RANGE)
    for (*place_of_entry, entry), (*searched, lowest, highest) in zip(entries, ranges, strict=True):
        assert place_of_entry == searched
        assert lowest <= entry <= highest
        assert highest - lowest == 2**NUMBER_BITS - 1


@given(st.lists(st.lists(st.tuples(st.integers(0, 2**REST_BITS - 1), NUMBER))))
def test_numbers_are_counted_over_all_replies(replies):
    packed = [
        b"".join(
            (rest << NUMBER_BITS | number).to_bytes(ENTRY_BYTES, "big") for rest, number in reply
        )
        for reply in replies
    ]
    numbers, counts = count_numbers(packed)
    plain = Counter(number for reply in replies for _, number in reply)
    assert list(zip(numbers.tolist(), counts.tolist(), strict=True)) == sorted(plain.items())


def test_groups_fill_evenly_even_if_keys_differ_in_low_bits_only():
    places = place(np.arange(100_000, dtype=np.uint64), group_bits=7)
    sizes = np.bincount(places.groups.astype(np.int64), minlength=128)
    mean = 100_000 / 128
    assert np.abs(sizes - mean).max() < 5 * np.sqrt(mean)
