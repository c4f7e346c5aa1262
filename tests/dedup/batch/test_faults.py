"""A fault of ours costs the article or the pair that it is met at, and no other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, NoReturn

import pyarrow as pa
import pytest
from article_cases import ARTICLE
from batch_cases import EDITED, by_id, run, write_files
from source_cases import LIMITS

from dedup.batch import comparing, reading
from dedup.batch.columns import PieceKeys
from dedup.batch.faults import reason_of
from dedup.batch.outputs import Outputs
from dedup.config import Settings
from dedup.document import Document
from dedup.judge import Beside
from dedup.model import Article

ROWS = (
    {"id": "first", "text": ARTICLE, "published": "2024-05-01"},
    {"id": "bad", "text": "The text that a rule fails at.", "published": "2024-05-02"},
    {"id": "copy", "text": EDITED, "published": "2024-05-03"},
    {"id": "again", "text": ARTICLE + " It is so.", "published": "2024-05-04"},
)


def fail(*_: object) -> NoReturn:
    raise IndexError("list index\nout of range")


def failing_at(monkeypatch: pytest.MonkeyPatch, error: type[Exception]) -> None:
    """Let reading the text of the bad article raise an error."""
    real = reading.read_document

    def read_document(article: Article) -> Document:
        if article.id == "bad":
            raise error("no way")
        return real(article)

    monkeypatch.setattr(reading, "read_document", read_document)


def finished(tmp_path: Path) -> tuple[Outputs, dict[str, Any], list[dict[str, Any]]]:
    """A run over the rows: its outputs, its summary, its rejects."""
    paths, out = write_files(tmp_path / "in", {"a.jsonl": ROWS}), tmp_path / "out"
    outputs = run(paths, out, report=True)
    summary = json.loads((out / "summary.json").read_text(encoding="utf-8"))
    lines = (out / "rejects.jsonl").read_text(encoding="utf-8").splitlines()
    return outputs, summary, [json.loads(line) for line in lines]


def test_an_article_that_a_rule_fails_at_is_a_reject(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing_at(monkeypatch, ZeroDivisionError)
    outputs, summary, (reject,) = finished(tmp_path)
    assert (summary["articles"], summary["rejected"], summary["pairs"]["left_out"]) == (3, 1, 0)
    assert (reject["row"], reject["kept"]) == (2, False)
    assert reject["reason"].startswith("a fault of secondhand, not of the article (")
    assert "ZeroDivisionError: no way); please report it with this line" in reject["reason"]
    assert by_id(outputs.read("verdicts"))["copy"]["source"] == "first"


@pytest.mark.parametrize("error", [MemoryError, OSError])
def test_what_is_no_fault_at_one_article_ends_the_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[Exception]
) -> None:
    failing_at(monkeypatch, error)
    with pytest.raises(error, match="no way"):
        finished(tmp_path)


def test_an_article_whose_keys_cannot_be_made_is_a_reject(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = reading._keys

    def keys(documents: list[Document], settings: Settings) -> PieceKeys:
        if any(document.article.id == "bad" for document in documents):
            fail()
        return real(documents, settings)

    monkeypatch.setattr(reading, "_keys", keys)
    outputs, summary, (reject,) = finished(tmp_path)
    assert (summary["articles"], summary["rejected"], reject["row"]) == (3, 1, 2)
    assert "IndexError: list index out of range" in reject["reason"]
    assert by_id(outputs.read("verdicts")).keys() == {"first", "copy", "again"}


def test_a_pair_that_cannot_be_compared_is_left_out_and_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = Beside.judge

    def judge(beside: Beside, other: Any) -> Any:
        return fail() if other.article.id == "first" else real(beside, other)

    monkeypatch.setattr(comparing.Beside, "judge", judge)
    outputs, summary, rejects = finished(tmp_path)
    assert (summary["articles"], summary["rejected"]) == (4, 0)
    assert summary["pairs"] == {"compared": 1, "left_out": 2, "related": {"copy": 1}}
    assert [(reject["row"], reject["kept"]) for reject in rejects] == [(3, True), (4, True)]
    assert all(
        reject["reason"].startswith("not compared with 'first': a fault of secondhand")
        for reject in rejects
    )
    assert by_id(outputs.read("verdicts"))["again"]["source"] == "copy"


def test_without_a_place_for_pairs_left_out_a_fault_is_raised() -> None:
    pairs = pa.record_batch({"query": pa.array([1]), "candidate": pa.array([0])})
    readings = comparing.Readings({0: NOT_READABLE, 1: NOT_READABLE}, 1000)
    with pytest.raises(IndexError):
        comparing.compare_pairs(pairs, readings, LIMITS)


class _NotReadable:
    """An article that no document can be made of."""

    article = Article("a", ARTICLE)
    document = staticmethod(fail)


NOT_READABLE: Any = _NotReadable()


def truncation() -> None:
    """Called as a rule is."""
    fail()


def test_the_reason_names_the_rule_and_the_place() -> None:
    with pytest.raises(IndexError) as raised:
        truncation()
    told = reason_of(raised.value)
    assert "(rule truncation, dedup/batch/test_faults.py:" in told
    assert "IndexError: list index out of range)" in told
