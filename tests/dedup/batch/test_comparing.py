"""Pairs compared from a library of articles."""

from __future__ import annotations

import itertools

import pyarrow as pa
import pytest
from article_cases import ARTICLE, PARAGRAPHS, SEEDS

from dedup.batch.articles import Known
from dedup.batch.comparing import MOST_OF_ALL, Readings, compare_pairs
from dedup.batch.nested import record_batch
from dedup.batch.schema import PAIRS, RELATED
from dedup.config import Limits
from dedup.document import read_document
from dedup.model import Article, Span

LIMITS = Limits()
PLENTY = 10_000_000


class Books:
    """Articles by number; notes which are asked for."""

    def __init__(self, *texts: str) -> None:
        self._known = []
        for number, text in enumerate(texts):
            document = read_document(Article(f"n{number}", text))
            self._known.append(
                Known(
                    number,
                    document.article,
                    document.clean.text,
                    document.language,
                    document.findings,
                )
            )
        self.asked: list[int] = []

    def __getitem__(self, number: int) -> Known:
        self.asked.append(number)
        return self._known[number]


def pairs(*numbers: tuple[int, int]) -> pa.RecordBatch:
    return record_batch(PAIRS, [(query, other, 1, 1, 1.0, 1.0) for query, other in numbers])


ALL = pairs(*((a, b) for a, b in itertools.product(range(5), repeat=2) if a > b))


def test_what_is_kept_in_memory_changes_nothing() -> None:
    kept, read_again = (
        compare_pairs(ALL, Readings(Books(*SEEDS.values()), characters), LIMITS)
        for characters in (PLENTY, 1)
    )
    assert len(kept) > 0
    assert kept.equals(read_again)


def test_article_that_is_kept_is_read_once() -> None:
    books = Books(*SEEDS.values())
    compare_pairs(ALL, Readings(books, PLENTY), LIMITS)
    assert sorted(books.asked) == [0, 1, 2, 3, 4]


def test_no_more_is_kept_than_is_allowed() -> None:
    """Room for two of the articles: the one asked for longest ago goes."""
    texts = [ARTICLE] * 5
    books = Books(*texts)
    readings = Readings(books, 4 * len(ARTICLE))
    assert MOST_OF_ALL >= 1 / 4
    for number in (0, 1, 2, 3, 0, 4, 0, 1):
        readings[number]
    assert books.asked == [0, 1, 2, 3, 4, 1]


def test_related_pair_is_told_from_both_sides_in_order_of_number() -> None:
    books = Books(ARTICLE, SEEDS["003"], "\n\n".join(PARAGRAPHS[:3]))
    related = compare_pairs(pairs((2, 0), (2, 1)), Readings(books, PLENTY), LIMITS)
    assert related.schema == RELATED
    assert related.select(["number", "other_number", "kind", "direction"]).to_pylist() == [
        {"number": 0, "other_number": 2, "kind": "extended", "direction": "copied_by"},
        {"number": 2, "other_number": 0, "kind": "excerpt", "direction": "copied_from"},
    ]


@pytest.mark.parametrize("of_both", [True, False])
def test_boilerplate_of_an_article_is_not_compared(of_both: bool) -> None:  # noqa: FBT001
    """Two articles have nothing but three paragraphs in common."""
    block = "\n\n".join(PARAGRAPHS[:3])
    books = Books(f"{block}\n\n{SEEDS['000']}", f"{SEEDS['003']}\n\n{block}")
    places = {0: (Span(0, len(block)),)}
    if of_both:
        start = len(SEEDS["003"]) + 2
        places[1] = (Span(start, start + len(block)),)
    plain = compare_pairs(pairs((1, 0)), Readings(books, PLENTY), LIMITS)
    without = compare_pairs(pairs((1, 0)), Readings(books, PLENTY, places), LIMITS)
    assert set(plain.column("relation").to_pylist()) == {"derived"}
    assert "derived" not in without.column("relation").to_pylist()


def test_no_pairs_have_no_matches() -> None:
    related = compare_pairs(pairs(), Readings(Books(), PLENTY), LIMITS)
    assert len(related) == 0
    assert related.schema == RELATED
