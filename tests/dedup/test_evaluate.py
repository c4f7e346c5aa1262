"""Evaluation on small sets made from the seeds and an article of our own."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from article_cases import ARTICLE, PARAGRAPHS, SEEDS

from dedup.errors import DataError
from dedup.evaluate import evaluate, read_set, set_folders

GERMAN = (
    "Der Hafenrat von Millbrook hat am Dienstag beschlossen, die alte Eisenbrücke für zwei Jahre "
    "zu sperren. Prüfer hatten im März in elf der vierzig Träger Risse gefunden. Lastwagen von "
    "mehr als sieben Tonnen fahren künftig über das Viadukt von Westfield."
)
TEXTS = {
    **SEEDS,
    "article": ARTICLE,
    "copy": ARTICLE.replace("Tuesday", "Wednesday"),
    "excerpt": "\n\n".join(PARAGRAPHS[:3]),
    "german": GERMAN,
    "short": "Three short words",
}
NEWS = [
    ("001", "000", "retranslation"),
    ("002", "000", "partial_copy"),
    ("004", "000", "independent"),
    ("003", "article", "unrelated"),
]
OWN = [
    ("copy", "article", "copy"),
    ("article", "excerpt", "copy"),
    ("short", "article", "unrelated"),
    ("german", "article", "cross_lingual_translation"),
    ("003", "000", "paraphrase"),
]

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a set: its pairs, and those of the texts that they name."""

    def write(name: str, pairs: Sequence[tuple[str, str, str]]) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        named = sorted({article for query, candidate, _ in pairs for article in (query, candidate)})
        write_lines(folder / "docs.jsonl", [{"id": one, "text": TEXTS[one]} for one in named])
        write_lines(
            folder / "pairs.jsonl",
            [{"a": query, "b": candidate, "label": label} for query, candidate, label in pairs],
        )
        return folder

    return write


def write_lines(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")


def test_what_the_product_says_is_counted_against_the_labels(write: Write) -> None:
    result = evaluate(write("news", NEWS)).sets["news"].to_json()
    assert result["confusion"] == {
        "retranslation": {"retranslation": 1},
        "derived": {"derived": 1},
        "independent": {"independent": 2},
    }
    assert result["n"] == 4
    assert result["macro_f1"] == 1
    assert set(result["recall"].values()) == set(result["precision"].values()) == {1}
    assert (result["candidate_recall"], result["candidate_recall_by_label"]) == (None, {})


def test_labels_without_a_right_verdict_stand_apart(write: Write) -> None:
    result = evaluate(write("own", OWN)).sets["own"].to_json()
    assert result["apart"].keys() == {"cross_lingual_translation", "paraphrase"}
    assert result["apart"]["paraphrase"] == {"independent": 1}
    assert result["n"] == 3


def test_too_little_text_is_counted_as_undetermined(write: Write) -> None:
    result = evaluate(write("own", OWN)).sets["own"].to_json()
    assert result["confusion"] == {"copy": {"copy": 2}, "independent": {"undetermined": 1}}
    assert result["recall"] == {"copy": 1, "independent": 0}
    assert result["precision"] == {"copy": 1, "independent": None}
    assert result["macro_f1"] == 1 / 2


def test_wrong_answers_lower_precision_and_recall(write: Write) -> None:
    """The labels are wrong on purpose."""
    pairs = [
        ("copy", "article", "copy"),
        ("003", "000", "copy"),
        ("excerpt", "article", "retranslation"),
    ]
    result = evaluate(write("wrong", pairs)).sets["wrong"].to_json()
    assert result["confusion"] == {
        "copy": {"copy": 1, "independent": 1},
        "retranslation": {"copy": 1},
    }
    assert (result["recall"]["copy"], result["precision"]["copy"]) == (1 / 2, 1 / 2)
    assert result["f1"] == {"copy": 1 / 2, "retranslation": 0}


def test_index_is_asked_for_the_other_article_of_each_related_pair(write: Write) -> None:
    write("news", NEWS)
    folder = write("own", OWN).parent
    evaluation = evaluate(folder, with_index=True).to_json()
    news, own = evaluation["sets"]["news"], evaluation["sets"]["own"]
    assert news["candidate_recall_by_label"] == {"partial_copy": 1, "retranslation": 1}
    assert own["candidate_recall_by_label"] == {"copy": 1}
    assert evaluation["all"]["candidate_recall"] == 1


def test_pair_that_the_index_cannot_bring_together_lowers_recall(write: Write) -> None:
    """The second label is wrong on purpose: nothing in the two texts is alike."""
    pairs = [("copy", "article", "copy"), ("003", "article", "copy")]
    (result,) = evaluate(write("apart", pairs), with_index=True).to_json()["sets"].values()
    assert result["candidate_recall"] == 1 / 2


def test_all_is_the_sum_of_the_sets(write: Write) -> None:
    write("news", NEWS)
    folder = write("own", OWN).parent
    evaluation = evaluate(folder)
    assert list(evaluation.sets) == ["news", "own"]
    both = evaluation.all
    assert both.n == sum(result.n for result in evaluation.sets.values()) == 7
    assert both.confusion["independent"] == {"independent": 2, "undetermined": 1}
    assert both.confusion["copy"] == {"copy": 2}
    assert both.apart["paraphrase"] == {"independent": 1}


def test_progress_reaches_the_end(write: Write) -> None:
    told: list[tuple[str, int, int]] = []
    evaluate(write("news", NEWS), progress=lambda *news: told.append(news))
    assert told[0] == ("judging news", 0, 4)
    assert told[-1] == ("judging news", 4, 4)


def test_metadata_are_read_where_they_can_be(write: Write) -> None:
    folder = write("news", NEWS[:1])
    rows = [
        {"id": "000", "text": "a", "published": "2020-02-09", "source": "A", "lang": "en"},
        {"id": "001", "text": "b", "published": "last Sunday", "more": ["is", "ignored"]},
    ]
    write_lines(folder / "docs.jsonl", rows)
    one, other = read_set(folder).articles.values()
    assert one.published is not None
    assert one.published.isoformat() == "2020-02-09T00:00:00+00:00"
    assert (one.source, one.lang) == ("A", "en")
    assert (other.published, other.source, other.lang) == (None, None, None)


def test_folder_without_data_says_what_was_expected(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"expected docs\.jsonl and pairs\.jsonl"):
        set_folders(tmp_path)
    with pytest.raises(DataError, match="no labelled data"):
        set_folders(tmp_path / "nowhere")


def test_missing_file_is_named(write: Write) -> None:
    folder = write("news", NEWS)
    (folder / "docs.jsonl").unlink()
    with pytest.raises(DataError, match=r"docs\.jsonl cannot be read"):
        evaluate(folder)


GOOD = '{"id": "000", "text": "a"}'
PAIR = '{"a": "000", "b": "000", "label": "copy"}'


@pytest.mark.parametrize(
    ("docs", "pairs", "says"),
    [
        (f"{GOOD}\n{{", PAIR, r"docs\.jsonl, line 2: this is no JSON"),
        (f"{GOOD}\n\n", PAIR, r"docs\.jsonl, line 2: this is no JSON"),
        ("[1]", PAIR, r"docs\.jsonl, line 1: this is no JSON object"),
        ('{"id": "000"}', PAIR, r"docs\.jsonl, line 1: there is no 'text'"),
        ('{"text": "a"}', PAIR, r"docs\.jsonl, line 1: there is no 'id'"),
        ("\udcff", PAIR, r"docs\.jsonl cannot be read"),
        (GOOD, '{"a": "000", "b": "000"}', r"pairs\.jsonl, line 1: there is no 'label'"),
        (GOOD, PAIR.replace("copy", "Copy"), r"pairs\.jsonl, line 1: 'Copy' is not a known"),
        (GOOD, PAIR.replace('"b": "000"', '"b": "9"'), r"line 1: docs\.jsonl has no 9"),
    ],
    ids=[
        *["bad JSON", "empty line", "no object", "no text", "no id", "no Unicode"],
        *["no label", "unknown label", "unknown article"],
    ],
)
def test_broken_line_is_named(tmp_path: Path, docs: str, pairs: str, says: str) -> None:
    (tmp_path / "docs.jsonl").write_text(docs, encoding="utf-8", errors="surrogateescape")
    (tmp_path / "pairs.jsonl").write_text(pairs, encoding="utf-8")
    with pytest.raises(DataError, match=says):
        read_set(tmp_path)
