"""Which articles of a corpus are worth a comparison: candidates by sorting columns of keys.

1. Keys are cut into *parts*, each so small that it can be sorted in memory. Equal keys then
   stand together: buckets. In a bucket an article meets the oldest and those right before it in
   time (``dedup.batch.reference``), as it would have in an index on its arrival. Two that meet by
   a content key are dropped at once if they could pass the gate by nothing else and will not pass
   (``dedup.batch.gate``): nearly all of these meetings are chance.
2. Passages that more articles share than a bucket brings together are put aside, until it is
   known which of them are boilerplate (``dedup.batch.boilerplate``). The others are then joined.
3. What pairs share is added up (``dedup.batch.sums``), the gate decides, and of what passes each
   article keeps so many of its strongest as ``Limits.max_compared`` says; a pair stays if either
   article keeps it.

What comes out depends on the keys and the order of time alone: not on the parts, nor on who
does which when. Each step of each part is one file, written whole, and is not made again if it is
there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from dedup.batch.arrays import Array, read_arrays, read_runs, write_arrays, write_runs
from dedup.batch.boilerplate import Places, find_boilerplate, places
from dedup.batch.buckets import Buckets, shared
from dedup.batch.corpus import (
    Corpus,
    KeyFamily,
    Part,
    count_keys,
    entries,
    mapped_articles,
    write_articles,
)
from dedup.batch.gate import DEFAULT, Gate, are_told_by_words, strength
from dedup.batch.hapaxes import overlaps
from dedup.batch.kernel import agreeing, collide, sort
from dedup.batch.known import Standing
from dedup.batch.reference import Likeness, Wording
from dedup.batch.sketches import least_agreeing, resemblance
from dedup.batch.sums import (
    CONTENT_WORTH,
    PASSAGE_WORTH,
    cut,
    earlier_of,
    later_of,
    merged,
    read_sums,
    runs,
)
from dedup.index.ranking import FULL

ForEach = Callable[[Callable[[Any], None], Sequence[Any]], object]
"""Calls a function with each of some tasks, here or in other processes, and returns when all
are done. Functions and tasks can be pickled."""

BYTES_PER_ROW: Final = 96
"""Memory per key or pair that is sorted at once: 16 for itself, as much for the room to sort in,
and half of all for what is next to it."""

FEWEST_ROWS: Final = 1 << 20
"""Rows sorted at once however little memory there is: 100 MB."""

ENTRIES_AT_ONCE: Final = 1 << 15
"""Entries whose pairs are made at once: at most 20 each, together 10 MB."""


@dataclass(frozen=True, slots=True)
class Candidates:
    """Pairs of articles that are worth a comparison: by the earlier one's rank, then the later's.

    Attributes:
        earlier: uint32, shape (n_pairs,): ranks.
        later: uint32, shape (n_pairs,): ranks.
        content: int32, shape (n_pairs,): content keys that they share.
        passages: int32, shape (n_pairs,): passages that they share.
        score: float64, shape (n_pairs,): as in ``dedup.index.ranking``.
        resemblance: float64, shape (n_pairs,): of their content, estimated from sketches.
    """

    earlier: NDArray[np.uint32]
    later: NDArray[np.uint32]
    content: NDArray[np.int32]
    passages: NDArray[np.int32]
    score: NDArray[np.float64]
    resemblance: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.earlier)


@dataclass(frozen=True, slots=True)
class Joined:
    """What a join has found, mapped into memory."""

    candidates: Candidates
    boilerplate: Places


@dataclass(frozen=True, slots=True)
class _Join:
    """A corpus, how many rows are sorted at once, and what a pair must show."""

    corpus: Corpus
    rows: int
    gate: Gate

    def file(self, step: str, part: Part) -> Path:
        return self.corpus.place / f"{step}-{part.number}-of-{1 << part.bits}.arrow"


def in_turn(function: Callable[[Any], None], tasks: Sequence[Any]) -> None:
    """Do all tasks here."""
    for task in tasks:
        function(task)


def join(
    corpus: Corpus,
    ranks: NDArray[np.uint32],
    most_compared: int,
    memory: int,
    for_each: ForEach = in_turn,
    *,
    known: NDArray[np.uint8] | None = None,
    gate: Gate = DEFAULT,
) -> Joined:
    """Find the pairs that are worth a comparison, and the boilerplate.

    Args:
        corpus: Files of the keys, and a directory for what is made on the way; what an
            interrupted join has left there is not made again.
        ranks: uint32, shape (n_articles,): of every article its place in the order of time,
            piece after piece, in each in order.
        most_compared: Pairs that an article keeps (``Limits.max_compared``).
        memory: Bytes that a task may take.
        for_each: Does the tasks.
        known: uint8, shape (n_articles,), in the order of ``ranks``: what each article is
            (``dedup.batch.known.Standing``); None if all are asked about.
        gate: What a pair must show.
    """
    this = _Join(corpus, max(FEWEST_ROWS, memory // BYTES_PER_ROW), gate)
    corpus.place.mkdir(parents=True, exist_ok=True)
    write_articles(corpus, ranks, np.zeros(len(ranks), np.uint8) if known is None else known)
    content, passages = (_parts(this, family) for family in ("content", "passages"))
    for_each(partial(_join_content, this), content)
    for_each(partial(_join_passages, this), passages)
    boilerplate = _find_boilerplate(this, passages)
    for_each(partial(_join_full_buckets, this), passages)
    files = [
        *(this.file("content", part) for part in content),
        *(this.file(step, part) for step in ("passages", "common") for part in passages),
    ]
    found = [run for file in files for run in read_runs(file)]
    ranges = cut(found, len(ranks), this.rows)
    for_each(partial(_pass_gate, this, files), ranges)
    return Joined(_choose(this, ranges, most_compared), boilerplate)


def _join_content(this: _Join, part: Part) -> None:
    """Write what articles share in a part of the content keys."""
    file = this.file("content", part)
    if file.exists():
        return
    articles = mapped_articles(this.corpus)
    likeness = Likeness(
        articles.sketches,
        least_agreeing(this.gate.floor, articles.sketches.shape[1]),
        Wording(articles.hapaxes, articles.tongues, this.gate.hapaxes),
    )
    _write_meetings(this, file, _buckets(this, "content", part), CONTENT_WORTH, likeness)


def _join_passages(this: _Join, part: Part) -> None:
    """Write what articles share in a part of the passages, and full buckets aside."""
    file = this.file("passages", part)
    if file.exists():
        return
    buckets = _buckets(this, "passages", part)
    full = buckets.lengths > FULL
    aside = buckets.only(full)
    write_arrays(this.file("full", part), {"entries": aside.entries, "firsts": aside.firsts})
    _write_meetings(this, file, buckets.only(~full), PASSAGE_WORTH, _anyone(this))


def _join_full_buckets(this: _Join, part: Part) -> None:
    """Write what articles share in full buckets that are not boilerplate."""
    file = this.file("common", part)
    if file.exists():
        return
    boilerplate = read_arrays(this.file("boilerplate", part))["boilerplate"].astype(bool)
    honest = _full_buckets(this, part).only(~boilerplate)
    _write_meetings(this, file, honest, PASSAGE_WORTH, _anyone(this))


def _find_boilerplate(this: _Join, parts: Sequence[Part]) -> Places:
    """Write which full buckets are boilerplate, and where it stands."""
    file = this.corpus.place / "places.arrow"
    decided = [this.file("boilerplate", part) for part in parts]
    if not all(path.exists() for path in (*decided, file)):
        full = [_full_buckets(this, part) for part in parts]
        boilerplate = find_boilerplate(full, mapped_articles(this.corpus))
        found = places([own.only(which) for own, which in zip(full, boilerplate, strict=True)])
        for path, which in zip(decided, boilerplate, strict=True):
            write_arrays(path, {"boilerplate": which.astype(np.uint8)})
        write_arrays(file, _columns(found))
    return Places(**read_arrays(file))


def _pass_gate(this: _Join, files: Sequence[Path], some: range) -> None:
    """Write the pairs of some earlier articles that are worth a comparison."""
    file = _gated(this, some)
    if file.exists():
        return
    pairs, sums = merged([run for path in files for run in read_runs(path)], some)
    articles, earlier, later = mapped_articles(this.corpus), earlier_of(pairs), later_of(pairs)
    overlap = overlaps(articles.hapaxes, earlier, later)
    told = are_told_by_words(articles.tongues, earlier, later)
    passed = this.gate.passes(read_sums(sums), overlap, told)
    columns: dict[str, Array] = {
        "pairs": pairs[passed],
        "sums": sums[passed],
        "alike": agreeing(articles.sketches, earlier[passed], later[passed]),
        "hapaxes": overlap.resemblance[passed],
    }
    write_arrays(file, columns)


def _choose(this: _Join, ranges: Sequence[range], most_compared: int) -> Candidates:
    """Of what passed the gate, what some article keeps."""
    file = this.corpus.place / "candidates.arrow"
    if not file.exists():
        passed = [read_arrays(_gated(this, earlier)) for earlier in ranges]
        pairs, sums, alike, hapaxes = (
            np.concatenate([np.zeros(0, dtype), *(columns[name] for columns in passed)])
            for name, dtype in (
                ("pairs", np.uint64),
                ("sums", np.uint64),
                ("alike", np.uint8),
                ("hapaxes", np.float64),
            )
        )
        articles = mapped_articles(this.corpus)
        strongest = strength(read_sums(sums), hapaxes)
        chosen = kept(pairs, strongest, len(articles), most_compared)
        common = read_sums(sums[chosen])
        candidates = Candidates(
            earlier_of(pairs[chosen]),
            later_of(pairs[chosen]),
            common.content,
            common.passages,
            common.score,
            resemblance(alike[chosen], articles.sketches.shape[1]),
        )
        write_arrays(file, _columns(candidates))
    return Candidates(**read_arrays(file))


def kept(
    pairs: NDArray[np.uint64], strengths: NDArray[np.float64], n_articles: int, most: int
) -> NDArray[np.bool_]:
    """Which pairs are among the strongest of one of their articles: bool, shape (n_pairs,).

    Args:
        pairs: uint64, shape (n_pairs,): of ranks; all different.
        strengths: float64, shape (n_pairs,): of equals the one with the earlier article is kept.
        n_articles: Ranks are below it.
        most: Pairs that an article keeps.
    """
    sides = earlier_of(pairs), later_of(pairs)
    counts = [np.bincount(side, minlength=n_articles) for side in sides]
    crowded = counts[0] + counts[1] > most
    chosen = ~(crowded[sides[0]] & crowded[sides[1]])
    # An article that keeps all its pairs needs no ranking.
    which = [np.flatnonzero(crowded[side]) for side in sides]
    pair = np.concatenate(which)
    article = np.concatenate([sides[0][which[0]], sides[1][which[1]]])
    other = np.concatenate([sides[1][which[0]], sides[0][which[1]]])
    order = np.lexsort((other, -strengths[pair], article))
    article = article[order]
    firsts = np.searchsorted(article, article)
    chosen[pair[order[np.arange(len(order)) - firsts < most]]] = True
    return chosen


def _parts(this: _Join, family: KeyFamily) -> list[Part]:
    """Parts of a family's keys, each of a size to be sorted at once."""
    bits = (count_keys(this.corpus, family) // this.rows).bit_length()
    return [Part(number, bits) for number in range(1 << bits)]


def _buckets(this: _Join, family: KeyFamily, part: Part) -> Buckets:
    """The buckets of a part of the keys."""
    keys, values = entries(this.corpus, family, part)
    sort(keys, values)
    buckets = shared(keys, values)
    standings = mapped_articles(this.corpus).standings
    if not len(buckets) or not standings.any():
        return buckets
    asked = standings[buckets.ranks] < Standing.KNOWN
    return buckets.only(np.logical_or.reduceat(asked, buckets.firsts[:-1]))


def _full_buckets(this: _Join, part: Part) -> Buckets:
    return Buckets(**read_arrays(this.file("full", part)))


def _anyone(this: _Join) -> Likeness:
    return Likeness(mapped_articles(this.corpus).sketches, 0)


def _write_meetings(
    this: _Join, file: Path, buckets: Buckets, worth: NDArray[np.uint64], likeness: Likeness
) -> None:
    n_entries = len(buckets.entries)
    steps = (
        range(begin, min(begin + ENTRIES_AT_ONCE, n_entries))
        for begin in range(0, n_entries, ENTRIES_AT_ONCE)
    )
    met = (_asked(this, *collide(buckets, step, worth, likeness)) for step in steps)
    write_runs(file, runs(met, this.rows))


def _asked(
    this: _Join, pairs: NDArray[np.uint64], sums: NDArray[np.uint64]
) -> tuple[NDArray[np.uint64], NDArray[np.uint64]]:
    """Without the pairs of two articles that are known already."""
    standings = mapped_articles(this.corpus).standings
    if not standings.any():
        return pairs, sums
    sides = earlier_of(pairs), later_of(pairs)
    asked = np.any([standings[side] < Standing.KNOWN for side in sides], axis=0)
    return pairs[asked], sums[asked]


def _gated(this: _Join, earlier: range) -> Path:
    return this.corpus.place / f"gated-{earlier.start}-{earlier.stop}.arrow"


def _columns(table: Candidates | Places) -> dict[str, Array]:
    return {field.name: getattr(table, field.name) for field in fields(table)}
