"""How the index's keys on the server are spelled, and how a number finds its shard.

    <prefix>:meta                         hash    what made the index (see layout.py)
    {<prefix>:meta}:rebuild               hash    the rebuild under way (see rebuild.py)
    <prefix>:1:sequence                   integer the last sequence number handed out
    <prefix>:1:notes                      hash    name -> what was dear to compute
    {<prefix>:1:<shard>}:ids              hash    article id -> its numbers, newest first
    {<prefix>:1:<shard>}:n:<number>       string  one stored version (see records.py)
    {<prefix>:1:<shard>}:l:<number>       hash    its links, their sequence, the verdict
    {<prefix>:1:<shard>}:expiries         zset    number -> when it expires, microseconds
    {<prefix>:1:<shard>}:generations      hash    which are read and written (see generations.py)
    {<prefix>:1:<shard>}:g<generation>:<group>
                                          zset    one group of buckets (see postings.py)

The braces are a hash tag: on Redis Cluster everything of one shard lives in one slot, so
one script may touch an id, its record and its links together, and one script call may read
all buckets of a shard. A number carries its shard, and an article's shard is that of its
id; so an id and all versions ever stored under it share a slot.

A *generation* is a complete set of postings. An index has one; while it is rebuilt with
other settings there are two, and records, ids and links stay where they are.
"""

from __future__ import annotations

import re
import zlib
from dataclasses import dataclass

from dedup.errors import StoreError

FORMAT = 2
"""Version of the layout; an index of another one is refused. Format 1 had one generation,
named by an empty string, and buckets of any length."""

RECORDS = 1
"""Version of where records, ids and links are kept: part of every key but ``meta``."""

FIRST_GENERATION = "1"
"""The generation of an index that was never rebuilt."""

SHARD_BITS = 4
SHARDS = 1 << SHARD_BITS
"""Parts of an index that a cluster can spread over its nodes. There each costs a query one
command, hence no more of them; one server is sent one command for all."""

SEQUENCE_BITS = 32
NUMBER_BITS = SEQUENCE_BITS + SHARD_BITS
"""Bits of a number. 4.29e9 versions can be stored in one index before it must be rebuilt."""

GROUP_DIGITS = 6
"""Hexadecimal digits of a group in its key; allows for 2**24 groups."""

_PREFIX = re.compile(r"[A-Za-z0-9._:-]+")


@dataclass(frozen=True, slots=True)
class Keys:
    """Every key of one index.

    Args:
        prefix: Letters, digits and ``._:-``.
    """

    prefix: str

    def __post_init__(self) -> None:
        if not _PREFIX.fullmatch(self.prefix):
            raise StoreError(
                f"{self.prefix!r} cannot be an index prefix: use letters, digits and any of ._:-"
            )

    @property
    def meta(self) -> str:
        """The hash that says what made the index."""
        return f"{self.prefix}:meta"

    @property
    def rebuild(self) -> str:
        """The hash of the rebuild under way; in the slot of ``meta``."""
        return f"{{{self.meta}}}:rebuild"

    @property
    def sequence(self) -> str:
        """The counter of numbers handed out."""
        return f"{self.prefix}:{RECORDS}:sequence"

    @property
    def notes(self) -> str:
        """The hash of notes."""
        return f"{self.prefix}:{RECORDS}:notes"

    def ids(self, shard: int) -> str:
        """The hash of a shard's ids and their numbers."""
        return f"{self._shard(shard)}:ids"

    def record(self, number: int) -> str:
        """The string that holds one version."""
        return f"{self.records(number % SHARDS)}{number}"

    def records(self, shard: int) -> str:
        """What the record keys of a shard begin with."""
        return f"{self._shard(shard)}:n:"

    def links(self, number: int) -> str:
        """The hash of one version's links."""
        return f"{self.all_links(number % SHARDS)}{number}"

    def all_links(self, shard: int) -> str:
        """What the keys of a shard's links begin with."""
        return f"{self._shard(shard)}:l:"

    def expiries(self, shard: int) -> str:
        """The sorted set of a shard's versions that expire."""
        return f"{self._shard(shard)}:expiries"

    def generations(self, shard: int) -> str:
        """The hash that says which generation of a shard is read, and which is written."""
        return f"{self._shard(shard)}:generations"

    def groups(self, shard: int, generation: str) -> str:
        """What the group keys of a shard begin with in one generation."""
        return f"{self._shard(shard)}:g{generation}:"

    def group(self, group: int, generation: str) -> str:
        """The sorted set of one group of buckets."""
        return f"{self.groups(group % SHARDS, generation)}{group:0{GROUP_DIGITS}x}"

    @property
    def group_glob(self) -> str:
        """What a server finds groups of all generations by, and perhaps a few keys more."""
        return f"{{{self.prefix}:{RECORDS}:*}}:g*:*"

    @property
    def group_pattern(self) -> str:
        """A regular expression for groups; it names their shard and their generation."""
        shard = rf"\{{{re.escape(self.prefix)}:{RECORDS}:(?P<shard>\d+)\}}"
        return rf"{shard}:g(?P<generation>\d*):[0-9a-f]{{{GROUP_DIGITS}}}"

    def _shard(self, shard: int) -> str:
        return f"{{{self.prefix}:{RECORDS}:{shard}}}"


def shard_of_id(article_id: str) -> int:
    """The shard in which an id and all its versions live."""
    return zlib.crc32(encode_id(article_id)) % SHARDS


def number_of(sequence: int, article_id: str) -> int:
    """The number that a sequence number makes for an article's version.

    Raises:
        StoreError: all numbers have been handed out.
    """
    if sequence >> SEQUENCE_BITS:
        raise StoreError(
            f"the index has handed out all its {1 << SEQUENCE_BITS} numbers; "
            "move its articles into a new one with `secondhand index export` and `import`"
        )
    return sequence * SHARDS + shard_of_id(article_id)


def encode_id(article_id: str) -> bytes:
    """An id as the server sees it. Any string: lone surrogates too."""
    return article_id.encode("utf-8", "surrogatepass")
