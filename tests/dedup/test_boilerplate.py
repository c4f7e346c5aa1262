"""Boilerplate in a real index: recognised, left out, reported; copies of one text are not."""

from __future__ import annotations

import random
from contextlib import closing

import pytest
import wordfreq

from dedup.boilerplate import Blocks, find_blocks
from dedup.compare import profile
from dedup.document import read_document
from dedup.index.ranking import FULL, Boilerplate
from dedup.model import Article, Span
from dedup.pipeline import Detector, _Keyed

BLOCK = (
    "Sign up for our morning letter and get the stories that matter before breakfast every day "
    "of the week. By signing up you agree to our terms of use and say that you have read what "
    "we do with your address. You can leave at any time by following the link at the bottom of "
    "each message we send. Our reporters work around the clock in thirty countries to bring you "
    "coverage you can trust, and readers like you make that possible."
)
WORDS = wordfreq.top_n_list("en", 20_000)[500:]


def story(number: int, n_words: int = 320) -> str:
    """A text of its own: words at random, in sentences of twelve."""
    chosen = random.Random(number).choices(WORDS, k=n_words)
    sentences = [chosen[start : start + 12] for start in range(0, n_words, 12)]
    return " ".join(" ".join(sentence).capitalize() + "." for sentence in sentences)


def read(text: str):
    return profile(read_document(Article("x", text, lang="en")))


@pytest.fixture(scope="module")
def detector(open_new):
    with open_new() as index, closing(Detector(index)) as opened:
        for number in range(2 * FULL):
            opened.put(Article(str(number), f"{story(number)}\n\n{BLOCK}", lang="en"))
        yield opened


def test_a_block_that_everybody_has_brings_no_matches_and_is_reported(detector):
    text = f"{story(1000)}\n\n{BLOCK}\n\n{story(1001, 60)}"
    report = detector.check(Article("new", text, lang="en"))
    assert report.verdict.kind == "unmatched"
    assert report.matches == ()
    (finding,) = [finding for finding in report.artifacts if finding.rule == "boilerplate"]
    assert text[finding.span.start : finding.span.end] in (BLOCK, BLOCK.removesuffix("."))
    assert finding.weight == "none"
    assert str(FULL) in finding.says


def test_a_stored_article_tells_its_boilerplate_when_it_is_shown(detector):
    detector.put(Article("stored", f"{BLOCK}\n\n{story(2000)}", lang="en"))
    shown = detector.report("stored")
    assert [finding.rule for finding in shown.artifacts] == ["boilerplate"]
    assert shown.verdict.kind == "unmatched"
    detector.delete("stored")


def test_an_article_is_not_compared_with_all_who_have_its_boilerplate(detector):
    query = read(f"{story(1000)}\n\n{BLOCK}")
    _, near = detector._near(_Keyed(query, detector._index))
    _, alone = detector._near(_Keyed(read(story(1000)), detector._index))
    assert [stored.article.id for stored in near] == [stored.article.id for stored in alone]


def test_a_copy_is_found_beside_its_boilerplate(detector):
    text = f"{BLOCK}\n\n{story(7)}"
    report = detector.check(Article("copy", text, lang="en"))
    assert (report.verdict.verdict, report.verdict.source.id) == ("copy", "7")
    assert [match.other.id for match in report.matches] == ["7"]
    assert report.matches[0].scores.aligned == 1


def test_very_many_copies_of_one_article_are_no_boilerplate(open_new):
    with open_new() as index, closing(Detector(index)) as detector:
        for number in range(2 * FULL):
            detector.put(Article(str(number), f"{story(1)} {story(number, 24)}", lang="en"))
        report = detector.check(Article("new", story(1), lang="en"))
        assert report.artifacts == ()
        assert (report.verdict.verdict, report.verdict.source.id) == ("copy", "0")


def test_a_block_is_as_long_as_two_of_three_witnesses_say():
    query = read(f"{story(1)} {BLOCK} {story(2)}")
    start = read(story(1)).n_words
    end = start + read(BLOCK).n_words
    others = {
        1: read(f"{story(3)} {BLOCK} {story(4)}"),
        2: query,
        3: read(f"{story(5)} {BLOCK} {story(6)}"),
    }
    blocks = find_blocks(
        query,
        [Boilerplate(start + 5, (1, 2, 3)), Boilerplate(start + 40, (1, 2, 3))],
        lambda numbers: {number: others[number] for number in numbers},
    )
    assert blocks.spans == (Span(start, end),)
    assert Blocks.at(query, blocks.submitted).spans == blocks.spans
    assert blocks.strip(query).n_words == query.n_words - (end - start)
    assert read(blocks.rest).document.tokens.words == blocks.strip(query).document.tokens.words
    assert blocks.strip(read(story(8))).n_words == read(story(8)).n_words


def test_a_block_whose_witnesses_are_gone_is_none():
    query = read(f"{story(1)} {BLOCK}")
    assert find_blocks(query, [Boilerplate(5, (1, 2))], lambda _: {}).spans == ()
    assert Blocks(query).strip(query) is query
