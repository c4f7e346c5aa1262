"""What costs too much in Python, in C (``native/``). Not there where no compiler was."""

from collections.abc import Sequence

def hash_words(words: Sequence[str]) -> bytearray:
    """The hash of each word (``dedup.hashing.word_hash``) as native uint64."""
