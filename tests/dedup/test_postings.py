from __future__ import annotations

import re

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dedup.index.keys import GROUP_DIGITS, NUMBER_BITS, SHARDS
from dedup.index.postings import (
    ENTRY_BYTES,
    pack_entries,
    pack_ranges,
    place,
    read_buckets,
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


@given(st.lists(KEY, max_size=40), st.data())
def test_entries_are_read_back_under_the_keys_asked_for(keys, data):
    places = place(np.array(keys, dtype=np.uint64), group_bits=9)
    numbers = {key: data.draw(st.lists(NUMBER, max_size=4)) for key in set(keys)}
    replies = []
    for shard in np.unique(places.shards):
        asked = [keys[which] for which in places.which[places.shards == shard]]
        lengths = bytes(len(numbers[key]) for key in asked)
        entries = b"".join(
            number.to_bytes(ENTRY_BYTES, "big") for key in asked for number in numbers[key]
        )
        replies.append((lengths, entries))
    found = read_buckets(replies, places, len(keys))
    firsts = {keys.index(key) for key in keys}
    assert found.lengths.tolist() == [
        len(numbers[key]) if place in firsts else 0 for place, key in enumerate(keys)
    ]
    for first in firsts:
        assert found.numbers[found.keys == first].tolist() == numbers[keys[first]]


def test_groups_fill_evenly_even_if_keys_differ_in_low_bits_only():
    places = place(np.arange(100_000, dtype=np.uint64), group_bits=7)
    sizes = np.bincount(places.groups.astype(np.int64), minlength=128)
    mean = 100_000 / 128
    assert np.abs(sizes - mean).max() < 5 * np.sqrt(mean)
