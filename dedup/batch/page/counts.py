"""What a run found, counted: verdicts, languages, time, debris, outlets."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeAlias, TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from dedup.judge import SECOND_HAND
from dedup.lazy import lazy

VERDICTS: Final = ("copy", "retranslation", "independent", "undetermined")
"""In the order in which they are shown."""

PAIR_RELATIONS: Final = ("copy", "retranslation", "derived", "same_story")
"""Relations of pairs, in the order in which they are stacked."""

MOST_ROWS: Final = 25
"""Rows of a table of rules, outlets or languages; further ones are summed up in a last one."""

MOST_BARS: Final = 60
"""Bars of the timeline at most: what can be told apart beside each other on a screen."""

STEPS: Final = (
    (1, "hour"),
    (1, "day"),
    (1, "week"),
    (1, "month"),
    (1, "quarter"),
    (1, "year"),
    (10, "year"),
    (100, "year"),
    (1000, "year"),
)
"""Lengths of a bar of the timeline, the shortest first; the last holds any date that there is."""

LABEL_LENGTHS: Final = {"month": len("2024-05"), "quarter": len("2024-05"), "year": len("2024")}
"""How much of a date tells of which bar it is the first day, where that is not all."""

BINS: Final = 20
"""Bars of a histogram of shares, five per cent each."""

UNSAID: Final = "(not said)"
"""Stands for the outlet of an article that names none."""


Step: TypeAlias = tuple[int, str]
"""So many of a unit of time."""

T = TypeVar("T", str, tuple[str, str])


@dataclass(frozen=True, slots=True)
class Kind:
    """Articles with one verdict.

    Attributes:
        verdict: The verdict.
        kind: Its kind.
        articles: How many.
    """

    verdict: str
    kind: str
    articles: int


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar made of parts.

    Attributes:
        label: What it stands for.
        parts: Articles or pairs by name, in the order in which they are stacked.
    """

    label: str
    parts: tuple[tuple[str, int], ...]

    @property
    def total(self) -> int:
        """All parts together."""
        return sum(number for _, number in self.parts)


@dataclass(frozen=True, slots=True)
class Timeline:
    """Articles by verdict over time.

    Attributes:
        step: What time a bar stands for; empty if no date is known.
        bars: From the first to the last, those without articles too.
    """

    step: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Outlet:
    """What an outlet published, as far as it names itself.

    Attributes:
        name: As its articles give it.
        articles: How many.
        second_hand: How many of these are copies or re-translations.
        debris: How many carry strong debris of machine processing.
    """

    name: str
    articles: int
    second_hand: int
    debris: int


@dataclass(frozen=True, slots=True)
class Way:
    """Articles of one outlet that were taken from another one."""

    taker: str
    giver: str
    articles: int


@dataclass(frozen=True, slots=True)
class Rule:
    """An artifact rule that fired.

    Attributes:
        name: Its name.
        weight: How strongly it speaks for second-hand text, at its strongest.
        articles: How many articles it was seen in.
        excerpt: What it saw first.
    """

    name: str
    weight: str
    articles: int
    excerpt: str


class Articles:
    """Articles with their verdicts, in columns; no texts.

    Args:
        articles: Columns ``number``, ``source``, ``published``, ``language``.
        verdicts: Columns ``number``, ``verdict``, ``kind``, ``likely``, ``source_number``; the
            same articles in the same order.
    """

    def __init__(self, articles: pa.Table, verdicts: pa.Table) -> None:
        self._articles = articles
        self._verdicts = verdicts
        self._number: NDArray[np.int64] = articles["number"].to_numpy()

    def __len__(self) -> int:
        return len(self._articles)

    @lazy
    def kinds(self) -> tuple[Kind, ...]:
        """Articles by verdict and kind, in the order of verdicts, the most frequent first."""
        table = self._verdicts.group_by(["verdict", "kind"]).aggregate([([], "count_all")])
        found = [Kind(row["verdict"], row["kind"], row["count_all"]) for row in table.to_pylist()]
        return tuple(sorted(found, key=lambda k: (VERDICTS.index(k.verdict), -k.articles, k.kind)))

    def number_of(self, *verdicts: str) -> int:
        """Articles with one of these verdicts."""
        return sum(kind.articles for kind in self.kinds if kind.verdict in verdicts)

    @property
    def likely(self) -> int:
        """Articles of which the verdict is only likely."""
        return int(pc.sum(self._verdicts["likely"]).as_py() or 0)

    def languages(self) -> list[tuple[str, int]]:
        """Languages with their articles, the most frequent first."""
        return _most(Counter(self._articles["language"].to_pylist()))

    def dated(self) -> int:
        """Articles of which the date is known."""
        return len(self) - int(self._articles["published"].null_count)

    def timeline(self) -> Timeline:
        """Articles by verdict over time.

        The step is the shortest of which ``MOST_BARS`` hold all articles but the hundredth that
        is furthest off at either end: one article of 1970 does not flatten all others. Those
        before and after are counted in the first and in the last bar.
        """
        known = pc.is_valid(self._articles["published"])
        times = self._articles["published"].filter(known).combine_chunks()
        if not len(times):
            return Timeline("", ())
        ends = pc.quantile(times.cast(pa.int64()), q=[0.01, 0.99], interpolation="nearest")
        first, last = ends.cast(pa.int64()).to_pylist()
        within = pa.array(np.clip(_microseconds(times), first, last)).cast(times.type)
        step, starts = _steps(pa.scalar(first, times.type), pa.scalar(last, times.type))
        floors = _floor(within, step)
        places = np.searchsorted([start.value for start in starts], _microseconds(floors))
        verdicts = self._verdicts["verdict"].filter(known).to_numpy()
        count, unit = step
        return Timeline(
            unit if count == 1 else f"{count} {unit}s",
            tuple(
                Bar(_label(start, unit), _by_verdict(verdicts[places == place]))
                for place, start in enumerate(starts)
            ),
        )

    def outlets(self, strong: NDArray[np.int64]) -> list[Outlet]:
        """Outlets with most articles.

        Args:
            strong: Numbers of the articles with strong debris.
        """
        names = _named(self._articles["source"])
        second = pc.is_in(self._verdicts["verdict"], pa.array(SECOND_HAND)).to_numpy()
        debris = np.isin(self._number, strong)
        articles = Counter(names.tolist())
        taken, marked = Counter(names[second].tolist()), Counter(names[debris].tolist())
        return [Outlet(name, count, taken[name], marked[name]) for name, count in _most(articles)]

    def ways(self) -> list[Way]:
        """Who takes most from whom, outlets that name themselves only.

        Of known articles that no input holds it is not told who published them.
        """
        verdicts = self._verdicts["verdict"]
        is_told = pc.greater_equal(self._verdicts["source_number"], 0)
        taken = pc.and_(
            pc.is_in(verdicts, pa.array(SECOND_HAND)),
            pc.fill_null(is_told, False),  # noqa: FBT003
        ).to_numpy()
        names = _named(self._articles["source"])
        sources = self._verdicts["source_number"].filter(pa.array(taken)).to_numpy()
        givers = names[np.searchsorted(self._number, sources)]
        pairs = Counter(
            (taker, giver)
            for taker, giver in zip(names[taken].tolist(), givers.tolist(), strict=True)
            if UNSAID not in (taker, giver)
        )
        return [Way(taker, giver, number) for (taker, giver), number in _most(pairs)]


def rules(artifacts: pa.Table) -> list[Rule]:
    """Artifact rules by the number of articles that they were seen in.

    Args:
        artifacts: Columns ``number``, ``rule``, ``weight``, ``excerpt``.
    """
    table = artifacts.group_by("rule", use_threads=False).aggregate(
        [("number", "count_distinct"), ("weight", "list"), ("excerpt", "first")]
    )
    found = [
        Rule(
            name=row["rule"],
            weight=max(set(row["weight_list"]), key=("none", "weak", "strong").index),
            articles=row["number_count_distinct"],
            excerpt=row["excerpt_first"],
        )
        for row in table.to_pylist()
    ]
    return sorted(found, key=lambda rule: (-rule.articles, rule.name))


def with_strong_debris(artifacts: pa.Table) -> NDArray[np.int64]:
    """Numbers of the articles in which a rule saw strong debris: int64, shape (n_articles,)."""
    strong = artifacts.filter(pc.equal(artifacts["weight"], "strong"))
    return np.unique(strong["number"].to_numpy())


def histogram(relations: pa.ChunkedArray, shares: pa.ChunkedArray) -> tuple[Bar, ...]:
    """Pairs by a share in [0, 1] of theirs: ``BINS`` bars, stacked by relation."""
    names = relations.to_numpy()
    places = np.minimum((shares.to_numpy() * BINS).astype(int), BINS - 1)
    return tuple(
        Bar(f"{100 * place // BINS} %", _counted(names[places == place], PAIR_RELATIONS))
        for place in range(BINS)
    )


def _by_verdict(verdicts: NDArray[np.object_]) -> tuple[tuple[str, int], ...]:
    return _counted(verdicts, VERDICTS)


def _counted(values: NDArray[np.object_], names: Sequence[str]) -> tuple[tuple[str, int], ...]:
    counted = Counter(values.tolist())
    return tuple((name, counted[name]) for name in names)


def _named(sources: pa.ChunkedArray) -> NDArray[np.object_]:
    named: NDArray[np.object_] = pc.fill_null(sources, UNSAID).to_numpy()
    return named


def _most(counter: Counter[T]) -> list[tuple[T, int]]:
    """The most frequent, equally frequent ones in the order of their names."""
    return sorted(counter.items(), key=lambda item: (-item[1], item[0]))[:MOST_ROWS]


def _steps(first: pa.Scalar, last: pa.Scalar) -> tuple[Step, list[pa.Scalar]]:
    """The shortest step of which few enough reach from one time to another, and their starts."""
    for step in STEPS:
        starts = [_floor(first, step)]
        while len(starts) <= MOST_BARS and starts[-1].value < _floor(last, step).value:
            count, unit = step
            starts.append(pc.ceil_temporal(starts[-1], count, unit, ceil_is_strictly_greater=True))
        if len(starts) <= MOST_BARS:
            break
    return step, starts


def _floor(times: pa.Array | pa.Scalar, step: Step) -> pa.Array | pa.Scalar:
    count, unit = step
    return pc.floor_temporal(times, count, unit)


def _microseconds(times: pa.Array) -> NDArray[np.int64]:
    microseconds: NDArray[np.int64] = times.cast(pa.int64()).to_numpy()
    return microseconds


def _label(start: pa.Scalar, unit: str) -> str:
    # Not by Python's dates: what the years 1 to 9 begin with is the year 0.
    told = "%Y-%m-%d %H:00" if unit == "hour" else "%Y-%m-%d"
    label: str = pc.strftime(start, told).as_py()
    return label[: LABEL_LENGTHS.get(unit)]
