"""Frozen parameters with their units and reasons; built once, passed in."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Literal

from dedup.model import FAMILIES, Family

Acknowledge = Literal["server", "replica"]
"""What must have a write before it returns; see ``IndexSettings.acknowledge``."""


@dataclass(frozen=True, slots=True)
class FingerprintSettings:
    """What makes two signatures comparable. Any change makes another index.

    What each family costs and buys: ``docs/fingerprints.md``.

    Attributes:
        families: Families of keys that are made, in the order of ``dedup.model.FAMILIES``.
            Wording finds nothing that content and passages together do not.
        shingle_words: Words per shingle, for wording and passages. 5: shorter ones fire on
            set phrases, longer ones die of a single changed word.
        permutations: MinHash values per signature (uint32 each), for wording and content.
        wording_rows: Rows per wording band. 4 with 32 bands finds .989 of the pairs with
            true Jaccard .5-.8 (5 rows: .917, 3 rows: 1.000; on newswire, when designed).
        content_rows: Rows per content band. 2: with 3 rows and 64 bands .956 of English
            re-translations are found, else .998 (measured likewise).
        content_bands: Content keys per article. There is room for ``permutations //
            content_rows`` bands side by side and as many across their borders.
        passage_window: Shingles of which one at least is selected, so that any
            ``passage_window + shingle_words - 1`` words in common give a key in common: 54,
            less than the 60 of a paragraph.
        seed: Of the permutations; datasketch's default.
        version: Of everything else that moves a key: tokenizer, term weights, hashes.

    Raises:
        ValueError: They contradict each other; the text names what does.
    """

    families: tuple[Family, ...] = ("content", "passages")
    shingle_words: int = 5
    permutations: int = 128
    wording_rows: int = 4
    content_rows: int = 2
    content_bands: int = 96
    passage_window: int = 50
    seed: int = 1
    version: int = 3

    def __post_init__(self) -> None:
        if not self.families or self.families != tuple(
            family for family in FAMILIES if family in self.families
        ):
            raise ValueError(
                f"families={self.families}; choose one or more of {FAMILIES}, in this order"
            )
        for name in ("wording_rows", "content_rows"):
            rows = getattr(self, name)
            if self.permutations % rows:
                raise ValueError(f"{name}={rows} does not divide permutations={self.permutations}")
        # Bands of one row have no inside that another could start in.
        most = self.permutations // self.content_rows * (2 if self.content_rows > 1 else 1)
        if not 1 <= self.content_bands <= most:
            raise ValueError(
                f"content_bands={self.content_bands}; {self.permutations} permutations in "
                f"content_rows={self.content_rows} make 1 to {most} bands"
            )
        for name in ("shingle_words", "passage_window"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name}={getattr(self, name)} must be 1 or more")

    @property
    def wording_bands(self) -> int:
        """Wording keys per article."""
        return self.permutations // self.wording_rows

    @property
    def digest(self) -> str:
        """16 hexadecimal digits that name these settings."""
        text = ",".join(f"{name}={value}" for name, value in sorted(asdict(self).items()))
        return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


@dataclass(frozen=True, slots=True)
class IndexSettings:
    """How an index is laid out and read.

    Attributes:
        prefix: First part of every key on the server, so that indexes can share one.
        group_bits: log2 of the number of bucket groups, 1 to 24. A group should hold about
            100 entries at the expected size; more than 512 leave the compact encoding. An
            index that exists keeps its own.
        time_to_live: How long an article is kept that says nothing itself; None is for
            good. An index that exists keeps its own.
        acknowledge: What must have a write before it returns: the server, or a replica too
            (``WAIT``). No part of the index's layout, so writers may differ.
    """

    prefix: str = "secondhand"
    group_bits: int = 17
    time_to_live: timedelta | None = None
    acknowledge: Acknowledge = "server"


@dataclass(frozen=True, slots=True)
class Limits:
    """What is refused, and what cannot be judged.

    Attributes:
        min_words: Below it a text is "undetermined": too few words to tell a shared
            sentence from a shared article.
        max_characters: Longest text accepted, in code points: about 40,000 words, several
            times the longest newspaper article.
        max_page_characters: Longest HTML source accepted, in code points: the page around an
            article is often ten times as long.
        max_compared: Candidates compared per article at most.
        always_compared: Candidates compared however little they share; those beyond must
            score more than 1, what a content key is worth that nobody else has: they share a
            passage or two content keys. A single content key is mostly chance
            (docs/fingerprints.md); demanding more of all would lose reworded copies in
            languages without stems (Urdu: .971 found, else .897).
        enough_second_hand: Copies and re-translations found, after which the other members
            of their families are not compared: a family of thousands costs no more than
            one of twenty.
        max_followers: Articles kept with a stored one as taken from it; of the others it is
            only known that there are more. One takes 1 to 2 KB. What it was itself taken
            from, and its neighbours, are the ``max_compared`` best.
    """

    min_words: int = 30
    max_characters: int = 250_000
    max_page_characters: int = 2_000_000
    max_compared: int = 50
    always_compared: int = 20
    enough_second_hand: int = 20
    max_followers: int = 100


@dataclass(frozen=True, slots=True)
class Settings:
    """All parameters of detection."""

    fingerprint: FingerprintSettings = field(default_factory=FingerprintSettings)
    index: IndexSettings = field(default_factory=IndexSettings)
    limits: Limits = field(default_factory=Limits)
