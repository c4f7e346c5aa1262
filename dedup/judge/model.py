"""The model of relations: from features to probabilities, by one readable table.

Two articles are judged as wholes. Where less than ``PART_OF`` of either has a counterpart in the
other, yet ``PASSAGE_WORDS`` of them stand together, the shared passage is judged instead:
seen as a whole, a re-translated passage of a long text is nearly nothing, and a copied one
too. Each judgement has a table of its own.

A table is a multinomial logistic regression in which every feature enters through a curve of
straight pieces: ``sum_c = intercept_c + sum over features of (slope_c0 z + slope_c1
max(0, z - knot_1) + …)`` with ``z = (value - mean) / scale``, and probabilities by softmax.
So each feature's part in an answer can be read off and drawn. ``table.json`` is made by
``benchmarks/train_judge.py``; its training figures stand in it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, reduce
from importlib import resources
from operator import add, itemgetter
from typing import Any, Final, Literal

import numpy as np
from numpy.typing import NDArray

from dedup.compare.kernel import kernel
from dedup.errors import DataError
from dedup.judge.features import FEATURES, PASSAGE, WHOLE, log_words

Class = Literal["copy", "derived", "retranslation", "independent"]

CLASSES: Final[tuple[Class, ...]] = ("copy", "derived", "retranslation", "independent")
"""What the model tells apart, in the order of its columns."""

OWN_TABLES: Final = ("ur",)
"""Languages with tables of their own. Urdu papers take agency text over sentence by sentence in
other words, and readers there call "derived" (COUNTER, Sharjeel, Nawab and Rayson 2017) what
in English looks like two reports of one event. Macro-F1 of copy, derived and independent there,
cross-validated by article, is .66 with its own table and .31 with the general one."""

LIMIT = 4.0
"""Features further than this many scales from their mean count as if they were there: no
single odd number may decide alone."""


PART_OF: Final = 0.2
"""Aligned share of the longer text below which the shared passage is judged. Macro-F1 of
the news sets, cross-validated by article, at .15, .2, .25, .3: .960, .960, .958, .957; of all
sets .932, .935, .934, .934."""

PASSAGE_WORDS: Final = 25
"""Words of the shared passage from which there is something to judge: a long sentence. With
40 the F1 of re-translations over all sets is .002 lower."""


SURE: Final = 0.8
"""Probability from which a shared passage alone makes a re-translation; below it the next class
is said, with both probabilities. Among newswire a passage in other words is background that a
house keeps rewording: of 400 hard pairs of it that were read, 14 more are judged right. The
price: in the essays of ``pan13`` .05 of the re-translated passages are called independent."""

DOUBT: Final = 0.01
"""Share of all pairs on which the tables know nothing, so that no answer is surer than .9925.
Of pairs held apart that the tables alone are sure of to .999 and more, .998 are judged right in
the news sets and .988 in all (docs/quality.md)."""


@dataclass(frozen=True, slots=True)
class Curves:
    """One table as arrays; f features, k knots each, 4 classes.

    Attributes:
        mean: float64 (f,).
        scale: float64 (f,).
        knots: float64 (f, k), in scales from the mean, ascending.
        slopes: float64 (f, 1 + k, 4): of ``z`` and of each hinge.
        intercept: float64 (4,).
    """

    mean: NDArray[np.float64]
    scale: NDArray[np.float64]
    knots: NDArray[np.float64]
    slopes: NDArray[np.float64]
    intercept: NDArray[np.float64]

    def basis(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Features as pieces of their curves.

        Args:
            values: float64 (n, f).

        Returns:
            float64 (n, f * (1 + k)).
        """
        scaled = (values - self.mean) / self.scale
        z = np.minimum(np.maximum(scaled, -LIMIT), LIMIT)[:, :, None]
        pieces = np.concatenate((z, np.maximum(z - self.knots, 0.0)), axis=2)
        return pieces.reshape(len(values), -1)

    def probabilities(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Probability of each class: float64 (n, f) to float64 (n, 4), rows sum to 1."""
        sums = self._sums(self.basis(values))
        odds = np.exp(sums - sums.max(axis=1, keepdims=True))
        shares: NDArray[np.float64] = odds / odds.sum(axis=1, keepdims=True)
        return shares

    def of_pair(self, values: Sequence[float]) -> list[float]:
        """The same of the f features of one pair, in a tenth of the time.

        Of four numbers Python makes shares faster than NumPy does.
        """
        pieces = kernel.curve_pieces(values, (self.mean, self.scale, self.knots), LIMIT)
        sums = self._sums(np.frombuffer(pieces))
        odds: list[float] = np.exp(sums - max(sums.tolist())).tolist()
        # Not by sum(), which from Python 3.12 on corrects what is lost by rounding.
        total = reduce(add, odds)
        return [odd / total for odd in odds]

    def _sums(self, pieces: NDArray[np.float64]) -> NDArray[np.float64]:
        sums: NDArray[np.float64] = pieces @ self.slopes.reshape(-1, len(CLASSES)) + self.intercept
        return sums


@dataclass(frozen=True, slots=True)
class RelationModel:
    """Both tables.

    Attributes:
        whole: Judges by the features ``WHOLE``.
        passage: Judges by the features ``PASSAGE``.
    """

    whole: Curves
    passage: Curves

    def probabilities(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Probability of each class, rows sum to 1.

        Args:
            values: float64 (n, f), in the order of ``FEATURES``.

        Returns:
            float64 (n, 4).
        """
        by_passage = shares_only_a_passage(values)
        shares = np.empty((len(values), len(CLASSES)))
        for curves, names, chosen in (
            (self.whole, WHOLE, ~by_passage),
            (self.passage, PASSAGE, by_passage),
        ):
            if chosen.any():
                shares[chosen] = curves.probabilities(columns(values[chosen], names))
        shares = _without_doubtful_passages(shares, by_passage)
        return (1 - DOUBT) * shares + DOUBT / len(CLASSES)

    def of_pair(self, values: Mapping[str, float]) -> dict[Class, float]:
        """The same of one pair, from its features by name: a third of the time."""
        by_passage = is_passage_judged(values)
        curves, of_table = (self.passage, _of_passage) if by_passage else (self.whole, _of_whole)
        shares = curves.of_pair(of_table(values))
        if by_passage:
            shares = _without_doubtful_passage(shares)
        return {
            name: (1 - DOUBT) * share + DOUBT / len(CLASSES)
            for name, share in zip(CLASSES, shares, strict=True)
        }


_of_whole, _of_passage = itemgetter(*WHOLE), itemgetter(*PASSAGE)
"""The features of either table, by name, in its order."""


def _without_doubtful_passages(
    shares: NDArray[np.float64], by_passage: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """What passages say of re-translation, given to the next class where they do not show it."""
    place = CLASSES.index("retranslation")
    said = shares[:, place]
    others = shares.copy()
    others[:, place] = 0.0
    rows = np.flatnonzero(by_passage & (said >= others.max(axis=1)) & (said < SURE))
    others[rows, others[rows].argmax(axis=1)] += said[rows]
    settled = shares.copy()
    settled[rows] = others[rows]
    return settled


def _without_doubtful_passage(shares: Sequence[float]) -> list[float]:
    """The same of one pair."""
    place = CLASSES.index("retranslation")
    settled, said = list(shares), shares[place]
    settled[place] = 0.0
    most = max(settled)
    if not most <= said < SURE:
        return list(shares)
    settled[settled.index(most)] += said
    return settled


def columns(values: NDArray[np.float64], names: Sequence[str]) -> NDArray[np.float64]:
    """Some features of all: float64 (n, f) to float64 (n, len(names))."""
    return values[:, _places(tuple(names))]


@cache
def _places(names: tuple[str, ...]) -> NDArray[np.intp]:
    place = {name: number for number, name in enumerate(FEATURES)}
    return np.array([place[name] for name in names])


def shares_only_a_passage(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which pairs are judged by their shared passage: float64 (n, f) to bool (n,)."""
    aligned, words = columns(values, ("aligned_low", "passage_words")).T
    only: NDArray[np.bool_] = (aligned < PART_OF) & (words >= np.log1p(PASSAGE_WORDS))
    return only


def is_passage_judged(values: Mapping[str, float]) -> bool:
    """The same of one pair, from its features by name."""
    return values["aligned_low"] < PART_OF and values["passage_words"] >= log_words(PASSAGE_WORDS)


def read_model(text: str) -> RelationModel:
    """The model of a table.

    Raises:
        DataError: The table is not one of these features and classes.
    """
    table = json.loads(text)
    if table.get("classes") != list(CLASSES) or any(
        list(table.get(part, {}).get("features", ())) != list(names)
        for part, names in (("whole", WHOLE), ("passage", PASSAGE))
    ):
        raise DataError(
            "the judge's table was made for other features; make it again with "
            "benchmarks/train_judge.py"
        )
    return RelationModel(_curves(table["whole"]), _curves(table["passage"]))


def _curves(table: Mapping[str, Any]) -> Curves:
    rows = list(table["features"].values())
    return Curves(
        mean=np.array([row["mean"] for row in rows]),
        scale=np.array([row["scale"] for row in rows]),
        knots=np.array([row["knots"] for row in rows]),
        slopes=np.array([np.transpose([row[name] for name in CLASSES]) for row in rows]),
        intercept=np.array([table["intercept"][name] for name in CLASSES]),
    )


@cache
def relation_model(language: str = "") -> RelationModel:
    """The model that ships with the package.

    Args:
        language: ISO 639-1 code of both texts. Of a language in which people were seen to draw
            the lines elsewhere there is a model of its own (``table.ur.json``).
    """
    tables = resources.files("dedup.judge")
    name = f"table.{language}.json" if language in OWN_TABLES else "table.json"
    return read_model(tables.joinpath(name).read_text("utf-8"))
