"""Planted copies: what becomes of them is what is said of them."""

from __future__ import annotations

import random

import pytest
from batch_planting import (
    FAMILIES,
    FATES,
    LEAST_KEPT,
    MOST_EDITED,
    MOST_KEPT,
    WORD,
    Planter,
    Site,
    families,
)
from batch_truth import shingle_sets

TEXT = " ".join(f"word{number}," for number in range(400)) + "\n\nThe end."
SITE = Site("Printed before everything here.", "Printed after it.")


@pytest.fixture
def planter() -> Planter:
    return Planter(["inserted"], [SITE], random.Random(7))


def test_a_copy_is_what_its_fate_says(planter: Planter) -> None:
    for _ in range(200):
        copy = planter.copy(TEXT)
        words, changes = WORD.findall(copy.text), copy.fate.split("+")
        kept = [word for word in words if word.startswith("word")]
        least = LEAST_KEPT if "cut" in changes else 1
        least *= 1 - MOST_EDITED if "edited" in changes else 1
        most = MOST_KEPT if "cut" in changes else 1
        assert least - 0.01 <= len(kept) / 400 <= most + 0.01
        assert copy.text.startswith(SITE.before) == ("framed" in changes)
        assert copy.text.endswith(SITE.after) == ("framed" in changes)
        assert kept == sorted(kept, key=lambda word: int(word[4:]))
        if changes == ["framed"]:
            assert TEXT in copy.text
        if changes == ["cut"]:
            assert copy.text.removesuffix(".") in TEXT


def test_every_fate_comes_about(planter: Planter) -> None:
    met = {planter.copy(TEXT).fate for _ in range(300)}
    assert met == {"+".join(fate) for fate in FATES}


def test_copies_are_of_all_degrees_of_similarity(planter: Planter) -> None:
    sets = shingle_sets([TEXT, *(planter.copy(TEXT).text for _ in range(300))])
    jaccard = [sets._jaccard(0, copy) for copy in range(1, 301)]
    assert min(jaccard) < 0.1
    assert max(jaccard) > 0.9


def test_the_same_seed_plants_the_same() -> None:
    once, again = (
        [Planter(["new"], [SITE], random.Random(3)).copy(TEXT) for _ in range(20)] for _ in "12"
    )
    assert once == again


def test_as_many_copies_are_planted_as_were_asked_for(planter: Planter) -> None:
    planned = list(families(originals=1000, planted=500, planter=planter))
    places = [place for place, _ in planned]
    assert sum(copies for _, copies in planned) == 500
    assert places == sorted(set(places))
    assert max(copies for _, copies in planned) <= FAMILIES[-1][1]


def test_more_copied_articles_than_there_are_is_refused(planter: Planter) -> None:
    with pytest.raises(SystemExit, match="there are 5"):
        list(families(originals=5, planted=500, planter=planter))
