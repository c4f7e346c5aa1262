"""Looking after an index: what needs the stored texts and the keys that are made of them."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
from numpy.typing import NDArray

from dedup.config import Settings
from dedup.fingerprint import fingerprint
from dedup.index.base import Links, Stored, has_expired
from dedup.index.exchange import Progress, batches
from dedup.index.rebuild import Rebuilt, Wanted, clear, is_idle, plan_under_way
from dedup.index.redis_index import RedisIndex
from dedup.model import NO_KEYS
from dedup.normalize import read
from dedup.pairs import decode
from dedup.pipeline import Detector
from dedup.tokens import tokenize

BATCH: Final = 128
"""Numbers looked at at once: half a megabyte of records, and their links."""

PATIENCE_SECONDS: Final = 10.0
"""Before what may be a put under way is looked at once more. One takes some hundredths of a
second, and with many long candidates a second or two."""

Kind = Literal[
    "stray_postings",
    "missing_postings",
    "left_versions",
    "unnamed_versions",
    "dangling_ids",
    "stray_links",
    "stray_expiries",
    "hidden_pairs",
    "used_numbers",
    "abandoned_rebuild",
    "unused_groups",
]

KINDS: Final[Mapping[Kind, str]] = {
    "stray_postings": "postings of numbers under which nothing is stored",
    "missing_postings": "postings that articles lack in buckets that have room",
    "left_versions": "versions replaced or deleted, and not forgotten",
    "unnamed_versions": "versions that their id does not know of",
    "dangling_ids": "numbers that ids name, and under which nothing is stored",
    "stray_links": "links of numbers under which nothing is stored",
    "stray_expiries": "expiries of numbers under which nothing is stored",
    "hidden_pairs": "pairs with a version that is gone, which no answer shows",
    "used_numbers": "numbers in use that the counter would hand out again",
    "abandoned_rebuild": "a rebuild that no process is at",
    "unused_groups": "groups of postings of a generation that is not in use",
}
"""What a check looks for."""


def reindex(index: RedisIndex, wanted: Wanted, progress: Progress) -> Rebuilt:
    """Make an index's postings anew from its stored texts; it serves meanwhile.

    A call that was cut off is gone on with by the next one.

    Args:
        index: Also one of another format, or made with other settings.
        wanted: What to build.
        progress: Is told how far it is.

    Raises:
        IndexFormatError: The records cannot be read, or something else is being built.
        StoreError: There is no index; or another process has taken the rebuild over.
    """
    return index.rebuild(wanted, keys_of_stored, progress)


def keys_of_stored(versions: Sequence[Stored], settings: Settings) -> list[NDArray[np.uint64]]:
    """The keys of stored versions: those of ``pipeline.keys_of``, for many texts at a time.

    Args:
        versions: Their languages are settled.
        settings: Of the index.

    Returns:
        For each uint64, shape (n_keys,).
    """
    texts = [read(stored.article).text for stored in versions]
    languages = [stored.language.code for stored in versions]
    prints = fingerprint(texts, languages, settings.fingerprint)
    return [
        prints.article_keys(at).keys
        if len(tokenize(text)) >= settings.limits.min_words
        else NO_KEYS.keys
        for at, text in enumerate(texts)
    ]


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check has found.

    Attributes:
        articles: Looked at.
        found: How many of each kind, of all kinds.
        mended: How many of those were mended.
    """

    articles: int
    found: Mapping[Kind, int]
    mended: Mapping[Kind, int]

    @property
    def is_sound(self) -> bool:
        """Whether nothing is left to mend."""
        return self.found == self.mended


def check(
    index: RedisIndex,
    progress: Progress,
    *,
    repair: bool = False,
    quick: bool = False,
    patience: float = PATIENCE_SECONDS,
) -> Checked:
    """Find what a crash can leave in an index, and mend it. Others may use it meanwhile.

    Args:
        index: The index.
        progress: Is told how far it is.
        repair: Mend what is found; else nothing is written.
        quick: Do not look for postings that articles lack, which takes reading all texts.
        patience: Seconds after which what may be a put under way is looked at once more.

    Raises:
        StoreError: It cannot be looked at, or was rebuilt meanwhile.
    """
    return _Check(index, progress, repair=repair, quick=quick).run(patience)


class _Check:
    """One check, with what it has found so far."""

    def __init__(self, index: RedisIndex, progress: Progress, *, repair: bool, quick: bool) -> None:
        self._index = index
        self._audit = index.audit()
        self._detector = Detector(index, self._audit.layout.settings)
        self._progress = progress
        self._repair = repair
        self._quick = quick
        self._articles = 0
        self._found: Counter[Kind] = Counter()
        self._mended: Counter[Kind] = Counter()
        self._suspects: dict[int, Kind] = {}
        self._orphans: Counter[int] = Counter()

    def run(self, patience: float) -> Checked:
        """All looks, those last that are to come late."""
        self._look_at_rebuild()
        self._look_at_counter()
        self._look_at_ids()
        self._look_at_numbers()
        self._look_at_expiries()
        self._look_at_postings()
        self._look_at_generations()
        if self._suspects or self._orphans:
            time.sleep(patience)
        self._look_again()
        return Checked(
            articles=self._articles,
            found={kind: self._found[kind] for kind in KINDS},
            mended={kind: self._mended[kind] for kind in KINDS},
        )

    def _count(self, kind: Kind, found: int) -> None:
        """Count what is found, and is going to be mended if that is wanted."""
        self._found[kind] += found
        self._mended[kind] += found if self._repair else 0

    def _look_at_rebuild(self) -> None:
        exchange = self._audit.exchange
        plan = plan_under_way(exchange)
        if plan is None or not is_idle(exchange):
            return
        self._count("abandoned_rebuild", 1)
        if self._repair:
            clear(exchange, plan, self._progress)

    def _look_at_counter(self) -> None:
        behind = self._audit.exchange.counter_behind()
        self._count("used_numbers", behind)
        if self._repair and behind:
            self._audit.exchange.move_counter(behind)

    def _look_at_ids(self) -> None:
        for found in self._audit.named_without_record():
            self._count("dangling_ids", len(found))
            if self._repair:
                self._audit.unname(found)

    def _look_at_numbers(self) -> None:
        exchange = self._audit.exchange
        last = exchange.counter() + exchange.counter_behind()
        for first in batches(1, last, BATCH):
            end = min(last, first + BATCH - 1)
            stretch = self._audit.stretch(first, end)
            self._count("stray_links", len(stretch.stray_links))
            if self._repair and stretch.stray_links:
                self._audit.drop_links(stretch.stray_links)
            current = [one.stored for one in stretch.versions if one.standing == "current"]
            for version in stretch.versions:
                if version.standing != "current":
                    is_unnamed = version.standing == "unnamed"
                    kind: Kind = "unnamed_versions" if is_unnamed else "left_versions"
                    self._suspects[version.stored.number] = kind
            self._articles += len(current)
            self._look_at_pairs(current)
            if not self._quick:
                self._look_for_postings([one for one in current if not has_expired(one.expires)])
            self._progress("looking at articles", end, last)

    def _look_at_pairs(self, versions: Sequence[Stored]) -> None:
        links = self._index.links([stored.number for stored in versions])
        others = {other for of_one in links for other in of_one.pairs}
        gone = set(self._audit.without_record(np.array(sorted(others), dtype=np.uint64)).tolist())
        hidden = [
            (stored.number, other)
            for stored, of_one in zip(versions, links, strict=True)
            for other in gone.intersection(of_one.pairs)
            if self._is_hidden(of_one, other)
        ]
        self._count("hidden_pairs", len(hidden))
        if self._repair and hidden:
            self._index.unlink(hidden)

    def _is_hidden(self, links: Links, other: int) -> bool:
        """Whether the pair with a version that is gone is in no answer (``Families``)."""
        match = decode(links.pairs[other], None)
        current = self._index.find(match.other.id)
        # A pair is shown as long as its id names nothing, or the same text.
        return current is not None and (
            current.number in links.pairs or match.arrived != current.received
        )

    def _look_for_postings(self, versions: Sequence[Stored]) -> None:
        keys = keys_of_stored(versions, self._audit.layout.settings)
        lacking = self._audit.lacking(versions, keys)
        self._count("missing_postings", sum(map(len, lacking.values())))
        if self._repair and lacking:
            self._audit.add_lacking(lacking)

    def _look_at_expiries(self) -> None:
        for found in self._audit.expiring_without_record():
            self._count("stray_expiries", len(found))
            if self._repair:
                self._audit.drop_expiries(found)

    def _look_at_postings(self) -> None:
        groups = 1 << self._audit.layout.settings.index.group_bits
        for done, orphans in self._audit.orphans():
            if self._repair and len(orphans.numbers):
                self._count("stray_postings", self._audit.remove_orphans(orphans))
            else:
                self._orphans.update(orphans.numbers.tolist())
            self._progress("looking at postings", done, groups)

    def _look_at_generations(self) -> None:
        for found in self._audit.unused_groups():
            if self._repair:
                self._count("unused_groups", self._audit.drop_groups(found))
            else:
                self._count("unused_groups", len(found))

    def _look_again(self) -> None:
        """What a put or a deletion under way would have brought to an end by now."""
        for number, standing in self._audit.standing(list(self._suspects)).items():
            if standing == "current":
                continue
            self._count(self._suspects[number], 1)
            if self._repair:
                self._detector.forget_left(number)
        still = self._audit.without_record(np.array(sorted(self._orphans), dtype=np.uint64))
        self._count("stray_postings", sum(self._orphans[number] for number in still.tolist()))
