"""The tables of the judge: they are read whole or refused, and give probabilities."""

from __future__ import annotations

import json
from collections.abc import Sequence
from importlib import resources
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.errors import DataError
from dedup.judge.features import FEATURES, PASSAGE, WHOLE
from dedup.judge.model import (
    CLASSES,
    DOUBT,
    LIMIT,
    OWN_TABLES,
    PART_OF,
    PASSAGE_WORDS,
    SURE,
    Curves,
    RelationModel,
    read_model,
    relation_model,
)

TABLE = resources.files("dedup.judge").joinpath("table.json").read_text("utf-8")
ANY_VALUES = st.lists(st.floats(-1e9, 1e9), min_size=len(FEATURES), max_size=len(FEATURES))


def table(**changes: Any) -> str:
    return json.dumps({**json.loads(TABLE), **changes})


PARTS = {"whole": WHOLE, "passage": PASSAGE}


@pytest.fixture
def model() -> RelationModel:
    return relation_model()


@pytest.fixture(params=PARTS)
def curves(model: RelationModel, request: pytest.FixtureRequest) -> Curves:
    shipped: Curves = getattr(model, request.param)
    return shipped


@given(ANY_VALUES)
def test_probabilities_sum_to_one_for_any_features(values: list[float]) -> None:
    shares = relation_model().probabilities(np.array([values]))
    assert shares.shape == (1, len(CLASSES))
    assert (shares >= 0).all()
    assert shares.sum() == pytest.approx(1)


@given(ANY_VALUES)
def test_a_pair_is_judged_alone_as_among_others(values: list[float]) -> None:
    alone = relation_model().of_pair(dict(zip(FEATURES, values, strict=True)))
    among_others = relation_model().probabilities(np.array([values, [0.5] * len(values)]))
    assert list(alone) == list(CLASSES)
    assert list(alone.values()) == pytest.approx(among_others[0].tolist())


def test_rows_are_judged_each_for_itself(model: RelationModel) -> None:
    rows = np.random.default_rng(1).random((5, len(FEATURES)))
    together = model.probabilities(rows)
    apart = np.concatenate([model.probabilities(row[None]) for row in rows])
    assert together == pytest.approx(apart)


@pytest.mark.parametrize("sign", [-1, 1])
def test_a_feature_beyond_the_limit_counts_as_if_it_stood_there(curves: Curves, sign: int) -> None:
    for feature in range(len(curves.mean)):
        at_limit, beyond = curves.mean.copy(), curves.mean.copy()
        at_limit[feature] += sign * LIMIT * curves.scale[feature]
        beyond[feature] += sign * 1e6 * curves.scale[feature]
        assert curves.probabilities(beyond[None]) == pytest.approx(
            curves.probabilities(at_limit[None])
        )


def test_a_curve_is_bent_at_its_knots_and_straight_between() -> None:
    """One feature, one knot at 1: slope 2 up to it and 2 + 3 beyond, for the first class."""
    slopes = np.zeros((1, 2, len(CLASSES)))
    slopes[0, :, 0] = 2, 3
    curves = Curves(
        mean=np.array([10.0]),
        scale=np.array([2.0]),
        knots=np.array([[1.0]]),
        slopes=slopes,
        intercept=np.zeros(len(CLASSES)),
    )
    for value, expected in ((10, 0), (12, 2), (14, 7), (8, -2)):
        first, second, *_ = curves.probabilities(np.array([[float(value)]]))[0]
        assert np.log(first / second) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("aligned", "passage_words", "part"),
    [
        (PART_OF - 0.01, PASSAGE_WORDS, "passage"),
        (PART_OF - 0.01, PASSAGE_WORDS - 1, "whole"),
        (PART_OF, PASSAGE_WORDS, "whole"),
    ],
)
def test_passage_is_judged_where_little_else_is_shared(
    model: RelationModel, aligned: float, passage_words: int, part: str
) -> None:
    values = dict.fromkeys(FEATURES, 0.5)
    values |= {"aligned_low": aligned, "passage_words": np.log1p(passage_words)}
    row = np.array([[values[name] for name in PARTS[part]]])
    shares = getattr(model, part).probabilities(row)
    expected = (1 - DOUBT) * shares + DOUBT / len(CLASSES)
    assert model.probabilities(np.array([list(values.values())])) == pytest.approx(expected)


def constant(shares: Sequence[float], names: Sequence[str]) -> Curves:
    """A table that says the same of every pair."""
    return Curves(
        mean=np.zeros(len(names)),
        scale=np.ones(len(names)),
        knots=np.zeros((len(names), 1)),
        slopes=np.zeros((len(names), 2, len(CLASSES))),
        intercept=np.log(np.array(shares)),
    )


@pytest.mark.parametrize(
    ("said", "aligned_low", "expected"),
    [
        ((0.05, 0.1, SURE - 0.01, 0.06), 0.1, (0.05, 0.1 + SURE - 0.01, 0, 0.06)),
        ((0.05, 0.1, SURE + 0.01, 0.04), 0.1, (0.05, 0.1, SURE + 0.01, 0.04)),
        ((0.05, 0.1, SURE - 0.01, 0.06), 0.5, (0.05, 0.1, SURE - 0.01, 0.06)),
        ((0.6, 0.05, 0.3, 0.05), 0.1, (0.6, 0.05, 0.3, 0.05)),
    ],
    ids=["doubtful passage", "sure passage", "whole text", "something else is likelier"],
)
def test_a_passage_alone_makes_a_retranslation_only_where_it_is_sure(
    said: Sequence[float], aligned_low: float, expected: Sequence[float]
) -> None:
    model = RelationModel(constant(said, WHOLE), constant(said, PASSAGE))
    values = dict.fromkeys(FEATURES, 0.0)
    values |= {"aligned_low": aligned_low, "passage_words": np.log1p(100)}
    shares = model.probabilities(np.array([list(values.values())]))[0]
    total = sum(said)
    assert shares == pytest.approx(
        [(1 - DOUBT) * share / total + DOUBT / len(CLASSES) for share in expected]
    )


def test_nothing_is_surer_than_labels_can_show() -> None:
    sure = (1.0, 1e-300, 1e-300, 1e-300)
    model = RelationModel(constant(sure, WHOLE), constant(sure, PASSAGE))
    assert model.probabilities(np.zeros((1, len(FEATURES)))).max() == pytest.approx(0.9925)


def test_table_that_ships_states_what_it_was_made_from() -> None:
    shipped = json.loads(TABLE)
    for part, names in PARTS.items():
        assert list(shipped[part]["features"]) == list(names)
    assert shipped["classes"] == list(CLASSES)
    assert shipped["made_by"] == "benchmarks/train_judge.py"
    assert shipped["pairs"] > shipped["pairs_of_passages"] > 0
    assert shipped["sets"]
    assert 0.9 < shipped["f1_cross_validated_by_article"]["news"]["macro"] < 1


@pytest.mark.parametrize("language", OWN_TABLES)
def test_a_language_with_tables_of_its_own_is_judged_by_them(language: str) -> None:
    values = np.zeros((1, len(FEATURES)))
    own = relation_model(language).probabilities(values)
    assert own.sum() == pytest.approx(1.0)
    assert not np.allclose(own, relation_model().probabilities(values))


def test_a_language_without_is_judged_by_the_general_ones() -> None:
    values = np.zeros((1, len(FEATURES)))
    general = relation_model().probabilities(values)
    assert (relation_model("de").probabilities(values) == general).all()


def test_every_feature_stands_in_a_table() -> None:
    assert {*WHOLE, *PASSAGE} == {*FEATURES}


def test_table_has_numbers_for_every_feature_and_class(curves: Curves) -> None:
    n_features, n_knots = curves.knots.shape
    assert curves.slopes.shape == (n_features, 1 + n_knots, len(CLASSES))
    assert curves.mean.shape == curves.scale.shape == (n_features,)
    assert curves.intercept.shape == (len(CLASSES),)
    assert (curves.scale > 0).all()
    assert (np.diff(curves.knots, axis=1) >= 0).all()
    assert (np.abs(curves.knots) <= LIMIT).all()


@pytest.mark.parametrize("part", PARTS)
def test_table_of_other_features_is_refused(part: str) -> None:
    shipped = json.loads(TABLE)[part]
    first, *rest = shipped["features"].items()
    for others in (
        dict(rest),
        {**shipped["features"], "mood": first[1]},
        dict([*rest, first]),
        {},
    ):
        with pytest.raises(DataError, match=r"make it again with benchmarks/train_judge\.py"):
            read_model(table(**{part: {**shipped, "features": others}}))


def test_table_of_other_classes_is_refused() -> None:
    for others in ([], list(CLASSES[:-1]), list(reversed(CLASSES)), [*CLASSES, "satire"]):
        with pytest.raises(DataError, match="other features"):
            read_model(table(classes=others))


def test_table_is_read_once() -> None:
    assert relation_model() is relation_model()
