"""The table of the judge: it is read whole or refused, and gives probabilities."""

from __future__ import annotations

import json
from importlib import resources
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.errors import DataError
from dedup.judge.features import FEATURES
from dedup.judge.model import CLASSES, LIMIT, RelationModel, read_model, relation_model

TABLE = resources.files("dedup.judge").joinpath("table.json").read_text("utf-8")
ANY_VALUES = st.lists(st.floats(-1e9, 1e9), min_size=len(FEATURES), max_size=len(FEATURES))


def table(**changes: Any) -> str:
    return json.dumps({**json.loads(TABLE), **changes})


@pytest.fixture
def model() -> RelationModel:
    return relation_model()


@given(ANY_VALUES)
def test_probabilities_sum_to_one_for_any_features(values: list[float]) -> None:
    shares = relation_model().probabilities(np.array([values]))
    assert shares.shape == (1, len(CLASSES))
    assert (shares >= 0).all()
    assert shares.sum() == pytest.approx(1)


def test_rows_are_judged_each_for_itself(model: RelationModel) -> None:
    rows = np.random.default_rng(1).random((5, len(FEATURES)))
    together = model.probabilities(rows)
    apart = np.concatenate([model.probabilities(row[None]) for row in rows])
    assert together == pytest.approx(apart)


@pytest.mark.parametrize("sign", [-1, 1])
def test_a_feature_beyond_the_limit_counts_as_if_it_stood_there(
    model: RelationModel, sign: int
) -> None:
    for feature in range(len(FEATURES)):
        at_limit, beyond = model.mean.copy(), model.mean.copy()
        at_limit[feature] += sign * LIMIT * model.scale[feature]
        beyond[feature] += sign * 1e6 * model.scale[feature]
        assert model.probabilities(beyond[None]) == pytest.approx(
            model.probabilities(at_limit[None])
        )


def test_a_curve_is_bent_at_its_knots_and_straight_between() -> None:
    """One feature, one knot at 1: slope 2 up to it and 2 + 3 beyond, for the first class."""
    slopes = np.zeros((1, 2, len(CLASSES)))
    slopes[0, :, 0] = 2, 3
    model = RelationModel(
        mean=np.array([10.0]),
        scale=np.array([2.0]),
        knots=np.array([[1.0]]),
        slopes=slopes,
        intercept=np.zeros(len(CLASSES)),
    )
    for value, expected in ((10, 0), (12, 2), (14, 7), (8, -2)):
        first, second, *_ = model.probabilities(np.array([[float(value)]]))[0]
        assert np.log(first / second) == pytest.approx(expected)


def test_table_that_ships_states_what_it_was_made_from() -> None:
    shipped = json.loads(TABLE)
    assert list(shipped["features"]) == list(FEATURES)
    assert shipped["classes"] == list(CLASSES)
    assert shipped["made_by"] == "benchmarks/train_judge.py"
    assert shipped["pairs"] > 0
    assert shipped["sets"]


def test_table_has_numbers_for_every_feature_and_class(model: RelationModel) -> None:
    n_features, n_knots = model.knots.shape
    assert n_features == len(FEATURES)
    assert model.slopes.shape == (n_features, 1 + n_knots, len(CLASSES))
    assert model.mean.shape == model.scale.shape == (n_features,)
    assert model.intercept.shape == (len(CLASSES),)
    assert (model.scale > 0).all()
    assert (np.diff(model.knots, axis=1) >= 0).all()
    assert (np.abs(model.knots) <= LIMIT).all()


def test_table_of_other_features_is_refused() -> None:
    features = json.loads(TABLE)["features"]
    first, *rest = features.items()
    for others in (
        dict(rest),
        {**features, "mood": first[1]},
        dict([*rest, first]),
        {},
    ):
        with pytest.raises(DataError, match=r"make it again with benchmarks/train_judge\.py"):
            read_model(table(features=others))


def test_table_of_other_classes_is_refused() -> None:
    for others in ([], list(CLASSES[:-1]), list(reversed(CLASSES)), [*CLASSES, "satire"]):
        with pytest.raises(DataError, match="other features"):
            read_model(table(classes=others))


def test_table_is_read_once() -> None:
    assert relation_model() is relation_model()
