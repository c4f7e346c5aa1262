"""Which of two texts reads like a translation: what is counted, what it says, and when nothing."""

from __future__ import annotations

import json
import re
from importlib import resources

import pytest
from article_cases import ROOT, SEEDS, compare_texts, read

from dedup.compare import Comparison, compare
from dedup.compare.edits import MOST_WORDS, Edit, edits
from dedup.errors import DataError
from dedup.judge.translationese import (
    ABBREVIATIONS,
    CEILING,
    COMPOUNDS,
    COUNTS,
    FEATURES,
    LIMIT,
    RARE_WORDS,
    SUBSTITUTIONS,
    UNEVEN,
    Contrast,
    Reading,
    count,
    read_translation_model,
    reading,
    translation_model,
)

FERRY = (ROOT / "tests/cases/articles/ferry.txt").read_text(encoding="utf-8")
"""Made up for these tests, as a local reporter might write."""

FERRY_BACK = (ROOT / "tests/cases/articles/ferry_round_trip.txt").read_text(encoding="utf-8")
"""The same, as if it had been through a Romance language and back."""

SEED_WITHOUT_DEBRIS = re.sub(r"%MINIFYHTML\w+%", "", SEEDS["001"]).replace("& # 39;", "'")


def said(query: str, candidate: str) -> Reading:
    answer = reading(compare_texts(query, candidate))
    assert answer is not None
    return answer


def differences(query: str, candidate: str) -> list[Edit]:
    return list(edits(compare_texts(query, candidate)))


def counted(*pieces: str) -> dict[str, int]:
    """What pieces count for that the other text has not."""
    return dict(count([Edit(pieces, ())]).query)


@pytest.mark.parametrize(
    ("original", "translation"), [(FERRY, FERRY_BACK), (SEEDS["000"], SEED_WITHOUT_DEBRIS)]
)
def test_translation_is_known_by_its_reading_whoever_is_asked_about(
    original: str, translation: str
) -> None:
    of_translation, of_original = said(translation, original), said(original, translation)
    assert of_translation.of_query
    assert not of_original.of_query
    assert of_translation.confidence == of_original.confidence == CEILING
    assert of_translation.differences == of_original.differences


def test_the_most_telling_differences_are_named_with_both_numbers() -> None:
    told = said(FERRY_BACK, FERRY).differences
    assert "fewer phrasal particles (up, out, off) (0 against 11)" in told
    assert "fewer forms in -ing (3 against 15)" in told
    assert "more definite articles (38 against 0)" in told


def test_the_reason_holds_no_word_that_only_one_of_the_texts_has() -> None:
    told = set(re.findall(r"\w+", said(FERRY_BACK, FERRY).differences.casefold()))
    ours, theirs = ({*re.findall(r"\w{5,}", text.casefold())} for text in (FERRY, FERRY_BACK))
    assert not told & (ours ^ theirs)


def test_equal_texts_say_nothing() -> None:
    assert said(FERRY, FERRY).confidence == 0.5


def test_nothing_is_said_unless_both_texts_are_english() -> None:
    ours, theirs = read(FERRY, "x", lang="en"), read(FERRY_BACK, "y", lang="de")
    assert reading(compare(ours, theirs)) is None
    assert reading(compare(theirs, ours)) is None


def test_the_same_difference_in_more_text_tells_more() -> None:
    model = translation_model()
    little, much = (
        model.read(Contrast({"of-phrases": 2 * times}, {}, 10 * times, (0.0, 0.0), 0)).confidence
        for times in (1, 4)
    )
    assert 0.5 < little < much < CEILING


def test_what_only_one_text_adds_or_leaves_out_does_not_count() -> None:
    """A paragraph more on one side, however it reads."""
    paragraph = "He went up, out and off, and they've been walking, talking and singing since."
    assert said(FERRY_BACK, f"{FERRY}\n\n{paragraph}") == said(FERRY_BACK, FERRY)
    assert count([Edit((), ("the",) * (UNEVEN + 1))]).pieces == 0
    assert count([Edit((), ("the",) * UNEVEN)]).pieces == UNEVEN


def test_edits_lay_aligned_sentences_side_by_side() -> None:
    ours = "The harbour board didn't shut the ferry terminal in Brennholm on U.S. advice."
    theirs = "The Harbour board did not close the ferry terminal in Brennholm on US advice."
    assert differences(ours, theirs) == [
        Edit(("didn", "'t", "shut"), ("did", "not", "close")),
        Edit(("U.S",), ("US",)),
    ]


def test_of_an_endless_sentence_so_much_is_read() -> None:
    table = " ".join(f"row {number} of the harbour" for number in range(MOST_WORDS))
    assert differences(f"Ferries, {table} today", f"Boats, {table} now") == [
        Edit(("Ferries",), ("Boats",))
    ]


def test_equal_sentences_have_no_edits() -> None:
    assert differences(FERRY, FERRY) == []


@pytest.mark.parametrize(
    ("pieces", "feature"),
    [
        (("The",), "definite articles"),
        (("an",), "indefinite articles"),
        (("Solheim", "'s"), "genitives in -s"),
        (("Solheim", "’s"), "genitives in -s"),
        (("couldn", "'t"), "contractions"),
        (("they", "’ll"), "contractions"),
        (("off",), "phrasal particles (up, out, off)"),
        (("she", "'ve"), "forms of have"),
        (("closing",), "forms in -ing"),
        (("negotiations",), "long words"),
        (("not",), "negations in full"),
        (("took",), "everyday verbs (get, put, take)"),
        (("U.S",), ABBREVIATIONS),
        (("fjord",), RARE_WORDS),
        (("ferry", "terminal"), COMPOUNDS),
    ],
)
def test_pieces_count_for_what_they_are(pieces: tuple[str, ...], feature: str) -> None:
    assert counted(*pieces)[feature] == 1


@pytest.mark.parametrize(
    ("piece", "feature"),
    [
        ("king", "forms in -ing"),
        ("Beijing", "forms in -ing"),
        ("Brennholmers", "long words"),
        ("Brennholm", RARE_WORDS),
        ("3.5", ABBREVIATIONS),
        ("end.Of", ABBREVIATIONS),
        ("'", "genitives in -s"),
    ],
)
def test_look_alikes_count_for_nothing(piece: str, feature: str) -> None:
    assert feature not in counted(piece)


def test_the_commoner_of_two_words_is_the_translators() -> None:
    contrast = count([Edit(("postponed",), ("scuppered",))])
    ours, theirs = contrast.rarity
    assert ours < theirs
    assert dict(zip(FEATURES, contrast.values, strict=True))[SUBSTITUTIONS] > 0
    assert contrast.substitutions == 1


def test_function_words_are_no_substitutions() -> None:
    assert count([Edit(("on",), ("at",))]).substitutions == 0


def test_every_feature_turns_its_sign_when_the_texts_change_places() -> None:
    contrast = count(edits(compare_texts(FERRY, FERRY_BACK).canonical))
    assert any(contrast.values)
    assert contrast.mirrored.values == tuple(-value for value in contrast.values)
    assert contrast.mirrored.mirrored == contrast


def test_no_single_feature_decides_beyond_its_limit() -> None:
    model = translation_model()
    wild = Contrast({ABBREVIATIONS: 10_000}, {}, 10_000, (0.0, 0.0), 0)
    parts = model.parts(wild.values)
    assert parts[ABBREVIATIONS] == LIMIT * model.weight[ABBREVIATIONS]
    assert sum(map(abs, parts.values())) == abs(parts[ABBREVIATIONS])


def test_the_table_says_how_right_it_is_about_engines_left_out() -> None:
    table = json.loads(
        resources.files("dedup.judge").joinpath("translationese.json").read_text("utf-8")
    )
    for family, figures in table["right_about_families_left_out"].items():
        assert figures["right_of_sure"] >= figures["right"] > 0.5, family
        assert figures["pairs"] > 0, family
    assert set(COUNTS) < set(FEATURES) == set(table["features"])


def test_a_table_of_other_features_is_refused() -> None:
    with pytest.raises(DataError, match="train_direction"):
        read_translation_model('{"features": {"commas": {"scale": 1, "weight": 1}}}')


def test_a_comparison_and_its_mirror_are_read_once_the_same_way() -> None:
    seen: Comparison = compare_texts(FERRY_BACK, FERRY)
    one, other = reading(seen), reading(seen.mirrored)
    assert one is not None
    assert other is not None
    assert (one.of_query, other.of_query) == (True, False)
    assert (one.confidence, one.differences) == (other.confidence, other.differences)
