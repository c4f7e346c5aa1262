"""What a judge said of labelled pairs: F1, confusion, recall by kind of pair, reliability.

Works on arrays alone, so that estimates of tables that are not shipped (cross-validated, one set
left out) and of the one that is are reported alike.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import confusion_matrix, f1_score

from dedup.judge.model import CLASSES

BINS = np.array([0.0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.99, 1.0])
"""Edges of confidence; fine where nearly all pairs are."""


def figures(labels: NDArray[np.int64], said: NDArray[np.int64]) -> dict[str, float]:
    """F1 of the classes that are labelled, and their mean as ``macro``."""
    present = np.unique(labels)
    scores = f1_score(labels, said, labels=present, average=None, zero_division=0.0)
    of_class = {CLASSES[place]: float(score) for place, score in zip(present, scores, strict=True)}
    return {"macro": float(np.mean(scores)), **of_class}


def f1_line(labels: NDArray[np.int64], said: NDArray[np.int64]) -> str:
    """``figures`` on a line."""
    return "  ".join(f"{name} {score:.3f}" for name, score in figures(labels, said).items())


def confusion_lines(labels: NDArray[np.int64], said: NDArray[np.int64]) -> Iterator[str]:
    """A Markdown table: a row for each labelled class, a column for each said."""
    matrix = confusion_matrix(labels, said, labels=range(len(CLASSES)))
    yield f"| labelled | {' | '.join(CLASSES)} |"
    yield f"|---|{'---|' * len(CLASSES)}"
    for name, row in zip(CLASSES, matrix, strict=True):
        if row.any():
            yield f"| {name} | {' | '.join(str(count) for count in row)} |"


def groups(folder: Path) -> Mapping[tuple[str, str], str]:
    """What kind of pair each is, where the data say: ``subset`` or ``detail``, and test set.

    Fields that only some sets have, and that the product never reads; the test set is what
    stands before the colon of a document's ``article``.

    Args:
        folder: One set.

    Returns:
        Both articles' ids, in the order of the file -> kind.
    """
    tests = {
        document["id"]: document["article"].partition(":")[0]
        for document in map(json.loads, (folder / "docs.jsonl").open(encoding="utf-8"))
        if document.get("article")
    }
    return {
        (pair["a"], pair["b"]): " ".join(
            filter(None, (pair.get("subset") or pair.get("detail"), tests.get(pair["a"])))
        )
        for pair in map(json.loads, (folder / "pairs.jsonl").open(encoding="utf-8"))
    }


def recall_lines(
    kinds: Sequence[str], labels: NDArray[np.int64], said: NDArray[np.int64]
) -> Iterator[str]:
    """A Markdown table: how many of each kind of pair were called what they are."""
    yield "| label | kind of pair | pairs | share right |"
    yield "|---|---|---|---|"
    named = np.array(kinds)
    for label, kind in sorted({*zip(labels.tolist(), kinds, strict=True)}):
        here = (labels == label) & (named == kind)
        right = float((said[here] == label).mean())
        yield f"| {CLASSES[label]} | {kind} | {here.sum()} | {right:.3f} |"


def reliability(
    labels: NDArray[np.int64], probabilities: NDArray[np.float64]
) -> list[tuple[float, float, int, float, float]]:
    """Per bin that holds a pair: its edges, pairs, mean confidence, share right."""
    confidence = probabilities.max(axis=1)
    right = probabilities.argmax(axis=1) == labels
    places = np.clip(np.digitize(confidence, BINS) - 1, 0, len(BINS) - 2)
    rows = []
    for place in np.unique(places):
        here = places == place
        mean, share = float(confidence[here].mean()), float(right[here].mean())
        rows.append((float(BINS[place]), float(BINS[place + 1]), int(here.sum()), mean, share))
    return rows


def reliability_lines(rows: Sequence[tuple[float, float, int, float, float]]) -> Iterator[str]:
    """``reliability`` as a Markdown table."""
    yield "| confidence | pairs | mean confidence | share right |"
    yield "|---|---|---|---|"
    for low, high, pairs, mean, share in rows:
        yield f"| {low:g}-{high:g} | {pairs} | {mean:.3f} | {share:.3f} |"


def plot_reliability(
    curves: Mapping[str, Sequence[tuple[float, float, int, float, float]]], path: Path
) -> None:
    """Draw confidence against the share that was right, with 95 % intervals (Wilson).

    Args:
        curves: Name -> ``reliability``.
        path: An SVG file, the same bytes for the same figures.
    """
    import matplotlib as mpl  # noqa: PLC0415 - needed for the plot only (docs/dependencies.md)

    mpl.use("svg")
    mpl.rcParams["svg.hashsalt"] = "secondhand"
    from matplotlib import pyplot as plt  # noqa: PLC0415 - as above

    figure, axes = plt.subplots(figsize=(5, 5))
    axes.plot([0.4, 1], [0.4, 1], color="grey", linewidth=0.8, label="as stated")
    for name, rows in curves.items():
        pairs, mean, share = (np.array(column) for column in list(zip(*rows, strict=True))[2:])
        low, high = _wilson(share, pairs)
        axes.errorbar(mean, share, (share - low, high - share), marker="o", capsize=2, label=name)
    axes.set_xlabel("confidence stated (mean of the bin)")
    axes.set_ylabel("share of pairs that were judged right")
    axes.set_xlim(0.4, 1.01)
    axes.set_ylim(0.2, 1.01)
    axes.legend(loc="upper left")
    figure.tight_layout()
    figure.savefig(path, metadata={"Date": None})


def _wilson(
    share: NDArray[np.float64], pairs: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The Wilson score interval at 95 %."""
    z = 1.96
    middle = (share + z**2 / (2 * pairs)) / (1 + z**2 / pairs)
    half = z / (1 + z**2 / pairs) * np.sqrt(share * (1 - share) / pairs + z**2 / (4 * pairs**2))
    return np.minimum(middle - half, share), np.maximum(middle + half, share)
