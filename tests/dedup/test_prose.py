"""Furniture weighs nothing: its words are not compared, and all places stay where they are."""

from __future__ import annotations

from itertools import compress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dedup.compare import compare, profile
from dedup.compare.passages import passages
from dedup.config import Limits
from dedup.document import read_document
from dedup.judge import relate
from dedup.model import Article

STORY = (
    "A comet that nobody expected will cross the evening sky over Dorsten in the second week of "
    "May, astronomers in the town said. It was noticed in March by a robot camera that looks "
    "for junk in space, and it last came near the sun about 3,400 years ago.\n"
    "The best time to look will be an hour after sunset, low in the west. Such forecasts have "
    "gone wrong before, to the anger of people who had booked cruises to see a comet."
)
OTHER = (
    "The harbour of Lunden will be closed to fishing boats from the first of next month, the "
    "council decided by nine votes to four. Its quay walls have been crumbling since a storm "
    "in the winter, and a crane slid into the water last week.\n"
    "Fishermen fear for their catch of shrimps. They will have to sail thirty miles further, "
    "which costs each of them two hundred crowns a day in fuel, their union reckons."
)
HEAD = "By JANE DOE, Staff Writer\nDORSTEN, Lunden (AP) — "
FOOT = (
    "\nSign up for our morning newsletter and get the stories that matter in your inbox before "
    "breakfast, every day of the week.\nFollow us on Facebook and Twitter for more stories.\n"
    "Copyright 2016 The Daily Planet. All rights reserved. This material may not be published."
)


def read(text, media="text"):
    return profile(read_document(Article("x", text, media, lang="en")))


def words(text):
    return list(text.document.tokens.words)


def test_only_the_words_of_the_prose_are_compared():
    assert words(read(HEAD + STORY + FOOT).prose) == words(read(STORY))


def test_a_text_without_furniture_is_its_own_prose():
    text = read(STORY)
    assert text.prose is text


def test_the_prose_is_what_reading_the_prose_alone_gives():
    prose, alone = read(HEAD + STORY + FOOT).prose, read(STORY)
    for name in ("words", "terms", "weights", "kinds"):
        assert getattr(prose, name).tolist() == getattr(alone, name).tolist(), name
    assert prose.unquoted == alone.unquoted
    assert prose.bounds.tolist() == alone.bounds.tolist()


@given(st.data())
def test_some_words_stand_in_the_sentences_and_quotations_of_the_whole(data):
    whole = read(f"{STORY} “Too late,” he said. “We had hoped for more of it.”")
    n_words = whole.n_words
    kept = np.array(data.draw(st.lists(st.booleans(), min_size=n_words, max_size=n_words)))
    part = whole.only(kept)
    numbers = {number: at for at, number in enumerate(np.unique(whole.sentence[kept]).tolist())}
    assert part.sentence.tolist() == [numbers[each] for each in whole.sentence[kept].tolist()]
    assert part.n_sentences == len(numbers)
    assert part.unquoted == bytes(compress(whole.unquoted, kept))
    assert part.document.sentence_starts is whole.document.sentence_starts


def test_two_articles_that_share_nothing_but_furniture_share_nothing():
    match = relate(compare(read(STORY + FOOT), read(OTHER + FOOT)))
    assert match.relation == "unrelated"
    assert match.scores.verbatim == 0
    assert match.passages == ()


def test_a_copy_with_another_frame_is_an_exact_copy():
    match = relate(compare(read(HEAD + STORY), read(STORY + FOOT)))
    assert (match.relation, match.kind) == ("copy", "exact")


@pytest.mark.parametrize("media", ["text", "html"])
def test_passages_stand_where_they_were_submitted(media):
    lines = (HEAD + STORY + FOOT).split("\n")
    text = "".join(f"<p>{line}</p>\n" for line in lines) if media == "html" else "\n".join(lines)
    comparison = compare(read(text, media), read(STORY))
    (passage,) = passages(comparison)
    found = text[slice(*passage.query)]
    assert found.startswith("A comet that nobody")
    assert found.endswith("to see a comet")
    assert STORY[slice(*passage.candidate)].startswith("A comet that nobody")


def test_a_text_of_furniture_alone_is_too_short_to_be_judged():
    text = read(FOOT)
    assert text.n_words >= Limits().min_words > text.prose.n_words
    assert relate(compare(text, read(FOOT))).relation == "undetermined"


def test_a_gallery_is_its_captions():
    captions = "\n".join(
        f"{sentence}. (Photo by Jane Roe/Getty Images)"
        for sentence in (STORY + OTHER).replace("\n", " ").split(". ")
    )
    assert words(read(captions).prose)[:4] == ["a", "comet", "that", "nobody"]
    beside = read(STORY + "\n" + OTHER + "\n" + captions.split("\n")[0])
    assert words(beside.prose) == words(read(STORY + "\n" + OTHER))


def test_what_normalization_took_out_before_moves_nothing():
    text = read("A tor& # 39;n word.\nADVERTISEMENT\n" + HEAD + STORY + FOOT)
    assert words(text.prose)[-4:] == ["to", "see", "a", "comet"]
