"""Joining keys by sorting them, against buckets kept one by one."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from dedup.batch import join as joining
from dedup.batch.columns import Column, PieceKeys, write_keys
from dedup.batch.corpus import Corpus, mapped_to_write
from dedup.batch.gate import DEFAULT, THOROUGH, Gate, are_told_by_words
from dedup.batch.hapaxes import BITS, overlaps
from dedup.batch.join import Candidates, Joined, join, kept
from dedup.batch.sketches import resemblance
from dedup.batch.sums import CONTENT_WORTH, PASSAGE_WORTH, SCORE_UNIT, Shared
from dedup.index.postings import BUCKET_END
from dedup.index.ranking import FULL

PERMUTATIONS = 128
MOST_COMPARED = 12
PLENTY = 1 << 30

Keys = list[list[int]]


class Invented:
    """Articles with keys and sketches drawn at random, in pieces and in an order of time.

    Some are families: each member shares most of its keys with the first. A block of passages
    stands in a third of all articles.
    """

    def __init__(self, seed: int, n_articles: int = 200) -> None:
        drawn = np.random.default_rng(seed)
        self.ranks = drawn.permutation(n_articles).astype(np.uint32)
        family = drawn.integers(0, n_articles // 4, n_articles)
        whole = drawn.integers(0, 2**64, (n_articles, 12), dtype=np.uint64)
        sketches = drawn.integers(0, 256, (n_articles, PERMUTATIONS), dtype=np.uint8)
        block = drawn.integers(0, 2**64, 3, dtype=np.uint64)
        own_words = drawn.random((n_articles, BITS)) < 0.15
        same_words = drawn.random((n_articles, BITS)) < 0.7
        marked = np.where(same_words, own_words[family], own_words)
        self.hapaxes = np.packbits(marked, axis=1, bitorder="little").view(np.uint64)
        self.tongues = np.where(drawn.random(n_articles) < 0.8, 7, drawn.integers(0, 2, n_articles))
        self.tongues = self.tongues.astype(np.uint32)
        self.content: Keys = []
        self.passages: Keys = []
        self.sketches = np.empty((n_articles, PERMUTATIONS), dtype=np.uint8)
        for article, member in enumerate(family):
            own = drawn.random(12) < 0.4
            keys = np.where(own, drawn.integers(0, 2**64, 12, dtype=np.uint64), whole[member])
            chance = drawn.integers(0, 6, 1, dtype=np.uint64)
            self.content.append([*keys[:6].tolist(), *chance.tolist()])
            has_block = drawn.random() < 1 / 3
            self.passages.append([*keys[6:].tolist(), *(block.tolist() if has_block else [])])
            replaced = drawn.random(PERMUTATIONS) < 0.5
            self.sketches[article] = np.where(
                replaced, drawn.integers(0, 256, PERMUTATIONS), sketches[member]
            )

    def write(self, place: Path, n_pieces: int) -> Corpus:
        place.mkdir()
        paths = []
        for number, own in enumerate(np.array_split(np.arange(len(self.ranks)), n_pieces)):
            content, _ = self._column(self.content, own)
            passages, starts = self._column(self.passages, own)
            paths.append(place / f"keys-{number}.arrow")
            write_keys(
                paths[-1],
                PieceKeys(
                    content,
                    passages,
                    starts,
                    self.sketches[own],
                    self.hapaxes[own],
                    self.tongues[own],
                ),
            )
        return Corpus(tuple(paths), place / "join")

    def _column(self, keys: Keys, own: NDArray[np.intp]) -> tuple[Column, NDArray[np.int32]]:
        rows = sorted(
            (key, owner, start)
            for owner, article in enumerate(own)
            for start, key in enumerate(keys[article])
        )
        columns = list(zip(*rows, strict=True)) or [(), (), ()]
        column = Column(np.array(columns[0], np.uint64), np.array(columns[1], np.uint32))
        return column, np.array(columns[2], np.int32)

    def by_rank(self, keys: Keys) -> dict[int, list[int]]:
        return {int(rank): own for rank, own in zip(self.ranks, keys, strict=True)}


def buckets_of(keys: dict[int, list[int]]) -> dict[int, list[int]]:
    buckets = defaultdict(list)
    for rank in sorted(keys):
        for key in keys[rank]:
            buckets[key].append(rank)
    return buckets


def meetings(bucket: list[int]) -> list[tuple[int, int]]:
    return [
        (earlier, later)
        for place, later in enumerate(bucket)
        for before, earlier in enumerate(bucket[:place])
        if before < BUCKET_END or place - before <= BUCKET_END
    ]


def expected(
    invented: Invented, boilerplate: set[int], gate: Gate
) -> dict[tuple[int, int], tuple[float, ...]]:
    """Candidates as the module says them, one bucket after the other; no limit per article."""
    sketches, hapaxes, tongues = (
        np.empty_like(known) for known in (invented.sketches, invented.hapaxes, invented.tongues)
    )
    sketches[invented.ranks] = invented.sketches
    hapaxes[invented.ranks] = invented.hapaxes
    tongues[invented.ranks] = invented.tongues

    def has_hope(pair: tuple[int, int]) -> bool:
        """Whether the content that it shares may let it pass."""
        told = are_told_by_words(tongues, *columns_of(pair))[0]
        alike = overlaps(hapaxes, *columns_of(pair)).resemblance[0] >= gate.hapaxes
        return bool(likeness(sketches, *pair) >= gate.floor and (alike or not told))

    sums: Counter[tuple[tuple[int, int], int]] = Counter()
    for keys, worth, which in (
        (invented.content, CONTENT_WORTH, 0),
        (invented.passages, PASSAGE_WORTH, 1),
    ):
        for key, bucket in buckets_of(invented.by_rank(keys)).items():
            if which and key in boilerplate:
                continue
            for pair in meetings(bucket):
                if which or has_hope(pair):
                    sums[pair, which] += 1
                    sums[pair, 2] += int(worth[min(len(bucket), FULL)]) & 0xFFFFFFFF
    found = {}
    for pair in {pair for pair, _ in sums}:
        content, passages, score = (sums[pair, which] for which in range(3))
        shared = Shared(*(np.array([value]) for value in (content, passages, score / SCORE_UNIT)))
        overlap = overlaps(hapaxes, *columns_of(pair))
        if gate.passes(shared, overlap, are_told_by_words(tongues, *columns_of(pair)))[0]:
            found[pair] = content, passages, score / SCORE_UNIT, likeness(sketches, *pair)
    return found


def columns_of(pair: tuple[int, int]) -> tuple[NDArray[np.uint32], NDArray[np.uint32]]:
    earlier, later = pair
    return np.array([earlier], dtype=np.uint32), np.array([later], dtype=np.uint32)


def likeness(sketches: NDArray[np.uint8], earlier: int, later: int) -> float:
    agreeing = np.count_nonzero(sketches[earlier] == sketches[later])
    return float(resemblance(np.array([agreeing]), PERMUTATIONS)[0])


def rows(candidates: Candidates) -> dict[tuple[int, int], tuple[float, ...]]:
    columns = (
        candidates.content,
        candidates.passages,
        candidates.score,
        candidates.resemblance,
    )
    pairs = zip(candidates.earlier.tolist(), candidates.later.tolist(), strict=True)
    values = zip(*(column.tolist() for column in columns), strict=True)
    return dict(zip(pairs, values, strict=True))


def assert_same(one: Joined, other: Joined) -> None:
    assert rows(one.candidates) == rows(other.candidates)
    for name in ("ranks", "starts", "witnesses"):
        assert np.array_equal(getattr(one.boilerplate, name), getattr(other.boilerplate, name))


def block_of(invented: Invented) -> set[int]:
    """The passages that more than a full bucket of articles have."""
    counts = Counter(key for own in invented.passages for key in own)
    return {key for key, count in counts.items() if count > FULL}


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("gate", [DEFAULT, THOROUGH], ids=["default", "thorough"])
def test_candidates_are_those_of_buckets_kept_one_by_one(
    seed: int, gate: Gate, tmp_path: Path
) -> None:
    invented = Invented(seed)
    corpus = invented.write(tmp_path / "keys", 3)
    found = rows(join(corpus, invented.ranks, 10**6, PLENTY, gate=gate).candidates)
    assert len(found) > 100
    assert found == expected(invented, block_of(invented), gate)


def test_what_shares_nothing_but_a_block_is_boilerplate(tmp_path: Path) -> None:
    invented = Invented(0)
    joined = join(invented.write(tmp_path / "keys", 2), invented.ranks, 10**6, PLENTY)
    places = joined.boilerplate
    by_rank = invented.by_rank(invented.passages)
    block = block_of(invented)
    assert len(block) == 3
    assert [
        (rank, start)
        for rank in sorted(by_rank)
        for start, key in enumerate(by_rank[rank])
        if key in block
    ] == list(zip(places.ranks.tolist(), places.starts.tolist(), strict=True))
    for rank, start, witnesses in zip(
        places.ranks.tolist(), places.starts.tolist(), places.witnesses.tolist(), strict=True
    ):
        key = by_rank[rank][start]
        others = [other for other in sorted(by_rank) if key in by_rank[other] and other != rank]
        assert witnesses == others[:3]


def test_a_full_bucket_of_copies_is_no_boilerplate(tmp_path: Path) -> None:
    """They share their passages, and their content."""
    invented = Invented(0)
    copies = range(2 * FULL)
    for copy in copies:
        invented.passages[copy] = list(range(8))
        invented.sketches[copy] = invented.sketches[0]
    joined = join(invented.write(tmp_path / "keys", 2), invented.ranks, 10**6, PLENTY)
    in_time = sorted(invented.ranks[list(copies)].tolist())
    found = rows(joined.candidates)
    assert all(pair in found for pair in meetings(in_time))
    assert found[in_time[0], in_time[1]][1] == 8


@pytest.mark.parametrize("n_pieces", [1, 7])
@pytest.mark.parametrize("rows_at_once", [64, 1000])
def test_neither_pieces_nor_memory_change_what_is_found(
    n_pieces: int, rows_at_once: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    invented = Invented(5)
    whole = join(invented.write(tmp_path / "one", 2), invented.ranks, MOST_COMPARED, PLENTY)
    monkeypatch.setattr(joining, "FEWEST_ROWS", rows_at_once)
    monkeypatch.setattr(joining, "ENTRIES_AT_ONCE", rows_at_once // 20)
    corpus = invented.write(tmp_path / "other", n_pieces)
    assert_same(join(corpus, invented.ranks, MOST_COMPARED, 0), whole)
    n_parts = len(list(corpus.place.glob("content-*")))
    assert n_parts > 1


def test_other_processes_find_the_same(tmp_path: Path) -> None:
    invented = Invented(6)
    alone = join(invented.write(tmp_path / "one", 2), invented.ranks, MOST_COMPARED, PLENTY)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        together = join(
            invented.write(tmp_path / "other", 3),
            invented.ranks,
            MOST_COMPARED,
            PLENTY,
            lambda function, tasks: list(pool.map(function, tasks)),
        )
    assert_same(together, alone)


def test_a_join_goes_on_where_it_was_interrupted(tmp_path: Path) -> None:
    """At every step that there is."""
    invented = Invented(7)
    whole = join(invented.write(tmp_path / "one", 2), invented.ranks, MOST_COMPARED, PLENTY)
    corpus = invented.write(tmp_path / "other", 2)

    class InterruptionError(Exception):
        pass

    def only_one_new_task(function, tasks: Sequence[object]) -> None:
        for task in tasks:
            before = set(corpus.place.iterdir())
            function(task)
            if set(corpus.place.iterdir()) != before:
                raise InterruptionError

    interruptions = 0
    while True:
        try:
            joined = join(corpus, invented.ranks, MOST_COMPARED, PLENTY, only_one_new_task)
            break
        except InterruptionError:
            interruptions += 1
    assert interruptions > 3
    assert_same(joined, whole)


def test_a_corpus_without_articles_has_no_candidates(tmp_path: Path) -> None:
    joined = join(Corpus((), tmp_path), np.zeros(0, dtype=np.uint32), MOST_COMPARED, PLENTY)
    assert len(joined.candidates) == 0
    assert len(joined.boilerplate.ranks) == 0


@pytest.mark.parametrize("seed", range(5))
def test_a_pair_is_kept_if_it_is_among_the_strongest_of_either_article(seed: int) -> None:
    drawn = np.random.default_rng(seed)
    earlier, later = np.triu_indices(30, 1)
    chosen = drawn.random(len(earlier)) < 0.4
    pairs = (earlier[chosen].astype(np.uint64) << np.uint64(32)) | later[chosen].astype(np.uint64)
    strength = drawn.integers(0, 5, len(pairs)).astype(np.float64)
    by_article = defaultdict(list)
    for place, pair in enumerate(pairs.tolist()):
        for article, other in ((pair >> 32, pair & 0xFFFFFFFF), (pair & 0xFFFFFFFF, pair >> 32)):
            by_article[article].append((-strength[place], other, place))
    best = {place for own in by_article.values() for _, _, place in sorted(own)[:4]}
    assert set(np.flatnonzero(kept(pairs, strength, 30, 4)).tolist()) == best


def test_what_is_written_through_a_map_has_its_room_on_the_disk_before(tmp_path: Path) -> None:
    file = tmp_path / "room"
    room = mapped_to_write(file, np.dtype(np.uint64), (300_000, 2))
    assert file.stat().st_blocks * 512 >= room.nbytes  # a hole would be none
    assert not room.any()
