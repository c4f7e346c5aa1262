"""The loops of joins, in C (``native/batch/``). Not there where no compiler was.

``dedup.batch.kernel`` calls them; ``dedup.batch.reference`` says what each does. Arrays are
contiguous. Other threads run meanwhile.
"""

from typing import Any, TypeAlias

from numpy.typing import NDArray

Array: TypeAlias = NDArray[Any]

def use_simd(level: int) -> int:
    """Use a level of vector instructions from now on, the lowest 0, the best one if that is lower.

    For tests. Returns the level that is used.
    """

def sort(keys: Array, values: Array) -> int:
    """Sort uint64 keys with their values, in place; how many there are."""

def add_up(keys: Array, values: Array) -> int:
    """Sort uint64 keys, and make one of all equal ones; how many are left."""

def agreeing(sketches: Array, width: int, earlier: Array, later: Array, counts: Array) -> None:
    """Fill ``counts`` (uint8) for pairs of uint32 places in ``sketches`` (uint8)."""

def collide(
    entries: Array,
    firsts: Array,
    begin: int,
    end: int,
    reach: int,
    worth: Array,
    sketches: Array,
    width: int,
    least: int,
    bitmaps: Array | None,
    bitmap_words: int,
    tongues: Array | None,
    sizes: Array | None,
    resemblance: float,
    pairs: Array,
    counted: Array,
) -> int:
    """Fill ``pairs`` and ``counted`` (uint64), which have room for all; how many there are."""

def common(sets: Array, bounds: Array, one: Array, other: Array, counts: Array) -> None:
    """Fill ``counts`` for pairs of places of sets; all int64 but the sets."""

def hapaxes(words: Array, offsets: Array, bits: int, bitmaps: Array) -> None:
    """Fill ``bitmaps`` (uint64, zero) of the texts that ``offsets`` (int64) divide ``words`` into."""

def minhash(
    sets: Array, bounds: Array, multipliers: Array, increments: Array, signatures: Array
) -> None:
    """Fill ``signatures`` (uint32, shape (n_sets, n_permutations)) from the sets' upper halves.

    Multipliers and increments are uint32, shape (n_permutations,).
    """

def shingle_sets(words: Array, offsets: Array, size: int, sets: Array, bounds: Array) -> int:
    """Fill ``sets`` (uint64, as long as ``words``) and ``bounds`` (int64, as ``offsets``)."""
