"""How right the product is on labelled pairs: its own compare and judge, its own index.

A set is a folder with ``docs.jsonl`` (``id``, ``text``, and where known ``lang``, ``title``,
``source``, ``published``) and ``pairs.jsonl`` (``a``, ``b``, ``label``). Other fields are
not read.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from types import MappingProxyType
from typing import Any, Final

from dedup.compare import Profile, compare, profile
from dedup.config import Settings
from dedup.document import read_document
from dedup.errors import DataError
from dedup.index import open_index
from dedup.index.base import Index
from dedup.judge import relate
from dedup.model import Article, ArticleKeys
from dedup.pipeline import keys_of, worth_comparing
from dedup.times import parse_time

Progress = Callable[[str, int, int], None]
"""Told what is being done, how much of it is done, and how much there is."""

EXPECTED: Final[Mapping[str, str]] = MappingProxyType(
    {
        "copy": "copy",
        "partial_copy": "derived",
        "retranslation": "retranslation",
        "independent": "independent",
        "unrelated": "independent",
    }
)
"""Label -> what the product should say of the pair."""

APART: Final = ("cross_lingual_translation", "paraphrase")
"""Labels shown apart from the totals. A translation into another language should be called
``retranslation``; for human paraphrase there is no verdict that is right."""

SAYS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "copy": "copy",
        "derived": "derived",
        "retranslation": "retranslation",
        "same_story": "independent",
        "unrelated": "independent",
        "undetermined": "undetermined",
    }
)
"""Relation -> the class it counts as."""

RELATED: Final = ("copy", "partial_copy", "retranslation")
"""Labels of pairs that the index must bring together."""


@dataclass(frozen=True, slots=True)
class LabelledPair:
    """Two articles and what a person, or a rule, says of them."""

    query: str
    candidate: str
    label: str


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """One folder of labelled data."""

    name: str
    articles: Mapping[str, Article]
    pairs: tuple[LabelledPair, ...]


@dataclass(frozen=True, slots=True)
class Result:
    """What was said of the pairs of one set, or of all.

    Attributes:
        confusion: Expected class -> class said (``undetermined`` too) -> pairs.
        apart: Label shown apart -> class said -> pairs.
        found: Label -> pairs whose candidate the index proposed, and pairs looked up;
            empty without an index.
    """

    confusion: Mapping[str, Mapping[str, int]]
    apart: Mapping[str, Mapping[str, int]]
    found: Mapping[str, tuple[int, int]] = field(default_factory=dict)

    @property
    def n(self) -> int:
        """Pairs in the totals."""
        return sum(sum(row.values()) for row in self.confusion.values())

    def to_json(self) -> dict[str, Any]:
        """Counts and measures; a measure without a pair to measure is None."""
        recall = {label: self._recall(label) for label in self.confusion}
        precision = {label: self._precision(label) for label in self.confusion}
        f1 = {label: _harmonic(precision[label], recall[label]) for label in self.confusion}
        looked_up = sum(total for _, total in self.found.values())
        return {
            "n": self.n,
            "confusion": {label: dict(row) for label, row in self.confusion.items()},
            "precision": precision,
            "recall": recall,
            "f1": f1,
            "macro_f1": sum(f1.values()) / len(f1) if f1 else None,
            "candidate_recall": (
                sum(found for found, _ in self.found.values()) / looked_up if looked_up else None
            ),
            "candidate_recall_by_label": {
                label: found / total for label, (found, total) in self.found.items()
            },
            "apart": {label: dict(row) for label, row in self.apart.items()},
        }

    def _recall(self, label: str) -> float:
        row = self.confusion[label]
        return row.get(label, 0) / sum(row.values())

    def _precision(self, label: str) -> float | None:
        said = sum(row.get(label, 0) for row in self.confusion.values())
        return self.confusion[label].get(label, 0) / said if said else None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Results per set, and over all pairs of all sets."""

    sets: Mapping[str, Result]

    @property
    def all(self) -> Result:
        """All sets as one: pairs count alike, whatever set they are from."""
        return _sum(tuple(self.sets.values()))

    def to_json(self) -> dict[str, Any]:
        """``{"sets": {name: …}, "all": …}``, see ``Result.to_json``."""
        return {
            "sets": {name: result.to_json() for name, result in self.sets.items()},
            "all": self.all.to_json(),
        }


def evaluate(
    folder: Path,
    *,
    with_index: bool = False,
    settings: Settings | None = None,
    progress: Progress = lambda _what, _done, _of: None,
) -> Evaluation:
    """Judge every labelled pair below a folder.

    Args:
        folder: A set, or a folder of sets.
        with_index: Also store all articles of all sets in one new index, and look for each
            related pair's second article among the candidates of its first.
        settings: Of detection.
        progress: Is told how far it is.

    Raises:
        DataError: There is no set, or one cannot be read.
        StoreError: The index's server cannot start.
    """
    settings = settings or Settings()
    sets = [read_set(path) for path in set_folders(folder)]
    results = {item.name: _judge(item, settings, progress) for item in sets}
    if with_index:
        found = _look_up(sets, settings, progress)
        results = {
            name: Result(result.confusion, result.apart, found[name])
            for name, result in results.items()
        }
    return Evaluation(results)


def set_folders(folder: Path) -> tuple[Path, ...]:
    """The folder itself if it is a set, else the sets directly in it, by name.

    Raises:
        DataError: There is none.
    """
    if (folder / "pairs.jsonl").is_file():
        return (folder,)
    found = sorted(path.parent for path in folder.glob("*/pairs.jsonl"))
    if not found:
        raise DataError(
            f"no labelled data in {folder}: expected docs.jsonl and pairs.jsonl there, or in "
            "folders below it"
        )
    return tuple(found)


def read_set(folder: Path) -> LabelledSet:
    """One labelled set.

    Raises:
        DataError: A file is missing, or a line is not what it should be.
    """
    articles = {}
    for where, row in _rows(folder / "docs.jsonl"):
        try:
            articles[row["id"]] = Article(
                id=row["id"],
                text=row["text"],
                lang=row.get("lang"),
                title=row.get("title"),
                source=row.get("source"),
                published=_time(row.get("published")),
            )
        except KeyError as error:
            raise DataError(f"{where}: there is no {error}") from error
    pairs = []
    for where, row in _rows(folder / "pairs.jsonl"):
        try:
            pair = LabelledPair(row["a"], row["b"], row["label"])
        except KeyError as error:
            raise DataError(f"{where}: there is no {error}") from error
        if pair.label not in EXPECTED and pair.label not in APART:
            raise DataError(f"{where}: {pair.label!r} is not a known label")
        missing = {pair.query, pair.candidate} - articles.keys()
        if missing:
            raise DataError(f"{where}: docs.jsonl has no {', '.join(sorted(missing))}")
        pairs.append(pair)
    return LabelledSet(folder.resolve().name, articles, tuple(pairs))


def _rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        with path.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                where = f"{path}, line {number}"
                yield where, _object(line, where)
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path} cannot be read: {error}") from error


def _object(line: str, where: str) -> dict[str, Any]:
    try:
        row = json.loads(line)
    except ValueError as error:
        raise DataError(f"{where}: this is no JSON: {error}") from error
    if not isinstance(row, dict):
        raise DataError(f"{where}: this is no JSON object")
    return row


def _time(value: str | None) -> datetime | None:
    """A date of publication, where it can be read; sets print them in many ways."""
    try:
        return parse_time(value or "")
    except ValueError:
        return None


def reader(data: LabelledSet) -> Callable[[str], Profile]:
    """Reads articles of a set by id, each once; keeps them for as long as it is kept."""
    return cache(lambda article_id: profile(read_document(data.articles[article_id])))


def _judge(data: LabelledSet, settings: Settings, progress: Progress) -> Result:
    read = reader(data)
    confusion: defaultdict[str, Counter[str]] = defaultdict(Counter)
    apart: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for done, pair in enumerate(data.pairs):
        progress(f"judging {data.name}", done, len(data.pairs))
        said = _say(read(pair.query), read(pair.candidate), settings)
        if pair.label in APART:
            apart[pair.label][said] += 1
        else:
            confusion[EXPECTED[pair.label]][said] += 1
    progress(f"judging {data.name}", len(data.pairs), len(data.pairs))
    return Result(confusion, apart)


def _say(query: Profile, candidate: Profile, settings: Settings) -> str:
    return SAYS[relate(compare(query, candidate), limits=settings.limits).relation]


def _look_up(
    sets: Sequence[LabelledSet], settings: Settings, progress: Progress
) -> dict[str, dict[str, tuple[int, int]]]:
    """Per set and label: related pairs that the index brings together, and all of them."""
    with TemporaryDirectory(prefix="secondhand-") as directory:
        index = open_index(data_dir=Path(directory), redis_url=None, settings=settings)
        try:
            return _look_up_in(index, sets, settings, progress)
        finally:
            index.close()


def _look_up_in(
    index: Index, sets: Sequence[LabelledSet], settings: Settings, progress: Progress
) -> dict[str, dict[str, tuple[int, int]]]:
    keys: dict[tuple[str, str], ArticleKeys] = {}
    number: dict[tuple[str, str], int] = {}
    total = sum(len(data.articles) for data in sets)
    for data in sets:
        for article in data.articles.values():
            progress("indexing", len(keys), total)
            document = profile(read_document(article))
            name = (data.name, article.id)
            keys[name] = keys_of(document, settings)
            named = replace(article, id=f"{data.name}/{article.id}")
            language = document.document.language
            receipt = index.put(named, language, keys[name].keys)
            number[name] = receipt.stored.number
    return {data.name: _found(index, data, keys, number, settings) for data in sets}


def _found(
    index: Index,
    data: LabelledSet,
    keys: Mapping[tuple[str, str], ArticleKeys],
    number: Mapping[tuple[str, str], int],
    settings: Settings,
) -> dict[str, tuple[int, int]]:
    found: Counter[str] = Counter()
    looked_up: Counter[str] = Counter()
    for pair in data.pairs:
        if pair.label not in RELATED:
            continue
        query = data.name, pair.query
        nearby = index.nearby(keys[query], settings.limits.max_compared, number[query])
        candidates = worth_comparing(nearby, settings.limits)
        wanted = number[data.name, pair.candidate]
        looked_up[pair.label] += 1
        found[pair.label] += any(candidate.number == wanted for candidate in candidates)
    return {label: (found[label], looked_up[label]) for label in RELATED if looked_up[label]}


def _sum(results: Sequence[Result]) -> Result:
    confusion: defaultdict[str, Counter[str]] = defaultdict(Counter)
    apart: defaultdict[str, Counter[str]] = defaultdict(Counter)
    found: Counter[str] = Counter()
    looked_up: Counter[str] = Counter()
    for result in results:
        for label, row in result.confusion.items():
            confusion[label].update(row)
        for label, row in result.apart.items():
            apart[label].update(row)
        for label, (hits, total) in result.found.items():
            found[label] += hits
            looked_up[label] += total
    return Result(
        confusion, apart, {label: (found[label], looked_up[label]) for label in looked_up}
    )


def _harmonic(precision: float | None, recall: float) -> float:
    if not precision or not recall:
        return 0.0
    return 2 * precision * recall / (precision + recall)
