"""Whom a text names as the source of its words, in one form whatever rule saw it."""

from __future__ import annotations

import pytest

from dedup.artifacts import detect, find_credits
from dedup.document import read_document
from dedup.judge.direction import named_source
from dedup.model import Article
from dedup.normalize import read


def credits_of(text):
    article = Article("x", text)
    return find_credits(detect(article, read(article)))


@pytest.mark.parametrize(
    ("text", "name", "gives"),
    [
        ("Comet in sight\nBy Reuters\n\nIt comes in May.", "Reuters", "all"),
        ("ZURICH (AP) — A comet comes in May.", "AP", "all"),
        ("لندن ۔ 15 اکتوبر (اے پی پی) ایک ستارہ نظر آئے گا۔", "APP", "all"),
        ("It comes in May.\n(With input from AFP)", "AFP", "part"),
        ("It comes in May.\nCopyright 2016 The Associated Press.", "AP", "all"),
        ("It comes.\nThis article first appeared on The Conversation.", "The Conversation", "all"),
        ("It comes.\nThe post A comet appeared first on The Planet.", "The Planet", "all"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else None,
)
def test_a_credit_names_who_gave_what(text, name, gives):
    (credit,) = credits_of(text)
    assert (credit.name, credit.gives) == (name, gives)
    assert text[slice(*credit.span)] == credit.excerpt


def test_agencies_are_named_one_by_one_in_text_order():
    found = credits_of("It comes in May.\n(With input from AFP and Reuters)")
    assert [credit.name for credit in found] == ["AFP", "Reuters"]


def test_who_gave_all_is_not_named_again_for_a_part():
    found = credits_of("It comes in May.\n(With input from AFP)\nAFP")
    assert [(credit.name, credit.gives) for credit in found] == [("AFP", "all")]


@pytest.mark.parametrize(
    "text",
    [
        "A comet comes in May, Reuters reported.",
        "A comet over Zurich. (Photo by Jane Roe/AFP via Getty Images)",
        "By JANE ROE\nA comet comes in May.",
    ],
)
def test_sources_in_a_sentence_pictures_and_persons_are_no_credits(text):
    assert credits_of(text) == ()


STORY = (
    "A comet that nobody expected will cross the evening sky over Dorsten in the second week of "
    "May, astronomers in the town said. It was noticed in March by a robot camera that looks "
    "for junk in space, and it last came near the sun about 3,400 years ago."
)


@pytest.mark.parametrize("publisher", ["Reuters", "Thomson Reuters"])
def test_who_credits_the_publisher_of_the_other_has_it_from_there(publisher):
    agency = read_document(Article("a", f"DORSTEN (Reuters) - {STORY}", source=publisher))
    reprint = read_document(Article("b", f"By Reuters\n{STORY}", source="The Harbour Post"))
    way = named_source(reprint, agency)
    assert way is not None
    assert way.direction == "copied_from"
    assert way.reason == "this article says that it comes from Reuters"
    mirrored = named_source(agency, reprint)
    assert mirrored is not None
    assert mirrored.direction == "copied_by"
