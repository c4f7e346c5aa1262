"""Train the table of translationese, and say how often it tells which text is the original.

    python benchmarks/train_direction.py --data DIR [--write]

DIR is a set or a folder of sets. Read are the English re-translations of which one side is known
to be the machine's: pairs that name their ``original``, and pairs of documents whose ``kind`` tells
them apart. In pairs of kind ``ref_vs_mt`` both are translations, one by people: the machine's side
counts as the second-hand one, with a quarter of the weight, and figures are given apart.

Printed are, of the table as shipped (unless another is written) and of two that have not seen
what they are asked about,

- cross-validated by article: none of an article's versions is in the training;
- leave one family of engines out: trained on all other sets and engines, and calibrated so;

how often each is right, also of the nine tenths of the pairs that it is surest of, and whether its
confidence holds. ``--write`` puts the table into ``dedup/judge/translationese.json``.
"""

from __future__ import annotations

import argparse
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from dedup.compare import compare
from dedup.evaluate import read_set, reader, set_folders
from dedup.judge.direction import SURE
from dedup.judge.translationese import (
    CEILING,
    FEATURES,
    LIMIT,
    TranslationModel,
    contrast_of,
    translation_model,
)

SIDES = ("original", "human_translation", "machine_translation")
"""Kinds of documents, those nearer to the author first."""

APART = "two translations"
"""Family of the pairs of which neither is the original."""

WEIGHTS = {APART: 0.25}
"""What a family counts for, 1 if not named: the sets differ in size by chance. Of 0, .25 and .5
for two translations, .25 gives most over the round trips left out."""

STRENGTH = 0.01
"""Inverse of the L2 penalty, for a mean weight of 1. A third or three times as much: accuracy on
families left out the same within .005."""

FOLDS = 5

COVERED = 0.9
"""Share of the pairs, surest first, of which accuracy is given beside that of all."""

PRUDENCE = 0.8
"""Part of the best stretch that is used. Errors fall off more slowly than a logistic curve has
it: with all of it, what is said of families left out with .90-.95 is right in .78, so in .92."""

BINS = (0.5, 0.6, 0.7, 0.8, 0.9, 0.95, CEILING, 1.0)


@dataclass(frozen=True)
class Pairs:
    """Pairs of which one side is the machine's, seen from that side; n pairs, f features.

    Attributes:
        values: float64 (n, f).
        families: str (n,): the family of engines.
        articles: str (n,): the article that both are versions of.
    """

    values: NDArray[np.float64]
    families: NDArray[np.str_]
    articles: NDArray[np.str_]

    @property
    def weights(self) -> NDArray[np.float64]:
        """What each pair counts for: families alike; of an article, the root of its pairs."""
        _, of_article, sizes = np.unique(self.articles, return_inverse=True, return_counts=True)
        weights = 1 / np.sqrt(sizes[of_article])
        for family in np.unique(self.families):
            here = self.families == family
            weights[here] *= WEIGHTS.get(family, 1.0) / weights[here].sum()
        scaled: NDArray[np.float64] = weights / weights.mean()
        return scaled

    @property
    def folds(self) -> NDArray[np.int64]:
        """The fold of each pair's article: int64 (n,)."""
        digests = [hashlib.blake2b(name.encode()).digest()[0] for name in self.articles.tolist()]
        return np.array(digests) % FOLDS


def main() -> None:
    """Read, train, estimate, print, and write if asked."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True, help="a set, or a folder of sets")
    parser.add_argument("--write", action="store_true", help="write the table")
    arguments = parser.parse_args()
    pairs = _concatenated([_pairs(folder) for folder in set_folders(arguments.data)])
    if not arguments.write:  # the table that ships may be one of other features
        print("the table as shipped")
        _report(pairs, odds(translation_model(), pairs.values))
    if len(np.unique(pairs.families)) == 1:
        return
    print("leave one family of engines out")
    left_out = leave_one_family_out(pairs)
    stretch = _stretch(pairs, left_out)
    figures = _report(pairs, stretch * left_out)
    print("cross-validated by article")
    _report(pairs, stretch * cross_validated(pairs))
    model = fit(pairs, np.ones(len(pairs.values), dtype=bool), stretch)
    _print_parts(pairs, model)
    if arguments.write:
        path = Path(__file__).parents[1] / "dedup" / "judge" / "translationese.json"
        path.write_text(_table(pairs, model, figures), encoding="utf-8")


def _pairs(folder: Path) -> Pairs:
    data = read_set(folder)
    read = reader(data)
    known = {row["id"]: row for row in _rows(folder / "docs.jsonl")}
    values, families, articles = [], [], []
    for row in _rows(folder / "pairs.jsonl"):
        sides = _sides(row, known)
        if row["label"] != "retranslation" or sides is None:
            continue
        machine, source = sides
        contrast = contrast_of(compare(read(machine), read(source)))
        if contrast is None:
            continue
        article = known[machine].get("article") or row["original"]
        values.append(contrast.values)
        families.append(_family(data.name, article, known.get(source, {})))
        articles.append(f"{data.name}/{article}")
    print(f"{data.name}: {len(values)} pairs", flush=True)
    return Pairs(
        np.array(values).reshape(-1, len(FEATURES)),
        np.array(families, dtype=np.str_),
        np.array(articles, dtype=np.str_),
    )


def _rows(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _sides(row: Mapping[str, Any], known: Mapping[str, Any]) -> tuple[str, str] | None:
    """The machine's side of a pair and the other one; None if nothing tells."""
    one, other = row["a"], row["b"]
    if "original" in row:
        return (other, one) if row["original"] == one else (one, other)
    rank = [SIDES.index(known[side].get("kind", SIDES[-1])) for side in (one, other)]
    if rank[0] == rank[1] or max(rank) < SIDES.index("machine_translation"):
        return None
    return (one, other) if rank[0] > rank[1] else (other, one)


def _family(set_name: str, article: str, source: Mapping[str, Any]) -> str:
    """Engines that are alike: those of one workshop, whatever the year, or of one set."""
    if source.get("kind") == "human_translation":
        return APART
    if ":" not in article:
        return set_name
    workshop = article.partition(":")[0]
    return "newstest" if workshop.startswith("newstest") else workshop


def _concatenated(parts: list[Pairs]) -> Pairs:
    return Pairs(
        np.concatenate([part.values for part in parts]),
        np.concatenate([part.families for part in parts]),
        np.concatenate([part.articles for part in parts]),
    )


def odds(model: TranslationModel, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Logarithm of the odds that the machine's side is called so: float64 (n, f) to (n,)."""
    return np.array([sum(model.parts(row).values()) for row in values.tolist()])


def fit(pairs: Pairs, seen: NDArray[np.bool_], stretch: float = 1.0) -> TranslationModel:
    """The model of the seen pairs, each taken from both sides."""
    values, weights = pairs.values[seen], pairs.weights[seen]
    scale = np.sqrt(np.average(values**2, axis=0, weights=weights)) + 1e-9
    z = np.clip(values / scale, -LIMIT, LIMIT)
    regression = LogisticRegression(C=STRENGTH, fit_intercept=False)
    regression.fit(
        np.concatenate((z, -z)),
        np.repeat((1, 0), len(z)),
        np.concatenate((weights, weights)) / 2,
    )
    return TranslationModel(
        dict(zip(FEATURES, scale.tolist(), strict=True)),
        dict(zip(FEATURES, (stretch * regression.coef_[0]).tolist(), strict=True)),
    )


def cross_validated(pairs: Pairs) -> NDArray[np.float64]:
    """Odds by models that have seen no version of a pair's article: float64 (n,)."""
    return _held_apart(pairs, pairs.folds)


def leave_one_family_out(pairs: Pairs) -> NDArray[np.float64]:
    """Odds by models that have seen nothing of a pair's family: float64 (n,).

    Articles may still be in both: a foreign article's human translation, for one.
    """
    return _held_apart(pairs, np.unique(pairs.families, return_inverse=True)[1])


def _held_apart(pairs: Pairs, parts: NDArray[np.int64]) -> NDArray[np.float64]:
    said = np.zeros(len(parts))
    for part in np.unique(parts):
        asked = parts == part
        said[asked] = odds(fit(pairs, ~asked), pairs.values[asked])
    return said


def _stretch(pairs: Pairs, said: NDArray[np.float64]) -> float:
    """What odds must be multiplied by for confidences to hold on families not seen.

    Of originals only: how sure one can be of two translations is another matter.
    """
    true = pairs.families != APART
    one = said[true, None]
    regression = LogisticRegression(C=np.inf, fit_intercept=False)
    weights = pairs.weights[true]
    regression.fit(
        np.concatenate((one, -one)),
        np.repeat((1, 0), len(one)),
        np.concatenate((weights, weights)),
    )
    return PRUDENCE * float(regression.coef_[0, 0])


def _report(pairs: Pairs, said: NDArray[np.float64]) -> dict[str, dict[str, float]]:
    """Print accuracy per family; and how confidence holds where there is an original."""
    figures = {}
    for family in np.unique(pairs.families):
        figures[str(family)] = row = _figures(said[pairs.families == family])
        print(
            f"  {family:18} {row['pairs']:5}  right {row['right']:.3f}"
            f"  surest {COVERED:.0%} {row['right_of_surest']:.3f}"
            f"  confidence {SURE} and more: {row['answered']:.3f}, right {row['right_of_sure']:.3f}"
        )
    of_originals = pairs.families != APART
    _print_reliability(said[of_originals])
    return figures


def _figures(said: NDArray[np.float64]) -> dict[str, float]:
    surest = np.sort(np.abs(said))[::-1][: round(COVERED * len(said))]
    sure = np.abs(said) >= np.log(SURE / (1 - SURE))
    return {
        "pairs": len(said),
        "right": float((said > 0).mean()),
        "right_of_surest": float((said[np.abs(said) >= surest[-1]] > 0).mean()),
        "answered": float(sure.mean()),
        "right_of_sure": float((said[sure] > 0).mean()) if sure.any() else 0.0,
    }


def _print_reliability(said: NDArray[np.float64]) -> None:
    confidence = np.minimum(1 / (1 + np.exp(-np.abs(said))), CEILING)
    places = np.digitize(confidence, BINS) - 1
    print("    confidence   pairs  mean  share right")
    for place in np.unique(places):
        here = places == place
        print(
            f"    {BINS[place]:.2f}-{BINS[place + 1]:.2f}   {here.sum():6}"
            f"  {confidence[here].mean():.3f}  {(said[here] > 0).mean():.3f}"
        )


def _print_parts(pairs: Pairs, model: TranslationModel) -> None:
    """What each feature adds for the machine's side, on average, per family."""
    parts = [model.parts(row) for row in pairs.values.tolist()]
    families = np.unique(pairs.families)
    print("what a feature adds to the odds:", *families, sep="  ")
    for name in sorted(FEATURES, key=model.weight.__getitem__):
        column = np.array([part[name] for part in parts])
        means = [f"{column[pairs.families == family].mean():+.2f}" for family in families]
        print(f"  {name:52} weight {model.weight[name]:+.2f}  ", *means, sep="  ")


def _table(pairs: Pairs, model: TranslationModel, figures: dict[str, dict[str, float]]) -> str:
    """The table as JSON: a feature a line."""
    head = {
        "made_by": "benchmarks/train_direction.py",
        "pairs": len(pairs.values),
        "articles": len(np.unique(pairs.articles)),
        "right_about_families_left_out": {
            family: {name: round(value, 3) for name, value in row.items()}
            for family, row in figures.items()
        },
    }
    lines = [f"  {json.dumps(key)}: {json.dumps(value)}" for key, value in head.items()]
    rows = [
        f"    {json.dumps(name)}: "
        + json.dumps({"scale": _short(model.scale[name]), "weight": _short(model.weight[name])})
        for name in FEATURES
    ]
    return "{\n" + ",\n".join([*lines, '  "features": {\n' + ",\n".join(rows) + "\n  }"]) + "\n}\n"


def _short(value: float) -> float:
    return float(f"{value:.4g}")


if __name__ == "__main__":
    main()
