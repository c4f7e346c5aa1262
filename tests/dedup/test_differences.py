"""What differs inside sentences that say the same: numbers, names, words, in several languages."""

from __future__ import annotations

import pytest
from article_cases import ARTICLE, ORDERED_PAIRS, SEEDS, compare_texts, seed

from dedup.compare import compare
from dedup.compare.alignment import MAX_SEQUENCE
from dedup.compare.differences import differences
from dedup.compare.irregular import are_irregular_forms
from dedup.compare.numbers import numbers
from dedup.model import Change, Differences, KeptWords, Substitution
from dedup.tokens import tokenize

FLOOD = (
    "The flood has driven 586,000 people from their homes in the valley of the Oder, the mayor "
    "of Breslau said on Tuesday after a long meeting. Engineers worked through the night to "
    "strengthen the dam above the old town, and soldiers filled sandbags."
)


def between(query: str, candidate: str) -> Differences:
    return differences(compare_texts(query, candidate))


def pairs(found: tuple[Change, ...]) -> list[tuple[str, str]]:
    return [(change.query_text, change.candidate_text) for change in found]


def words(found: tuple[Substitution, ...]) -> list[tuple[str, str]]:
    return [(one.query, one.candidate) for one in found]


def test_a_changed_number_is_shown_from_both_texts_as_submitted() -> None:
    query = "<x>& # 39;" + FLOOD
    candidate = FLOOD.replace("586,000", "nearly 600,000")
    (change,) = between(query, candidate).numbers
    assert query[slice(*change.query)] == change.query_text == "586,000"
    assert candidate[slice(*change.candidate)] == change.candidate_text == "600,000"


def test_numbers_of_one_statement_are_seen_through_a_rewritten_sentence() -> None:
    comparison = compare(seed("002"), seed("000"))
    assert ("586,000", "600,000") in pairs(differences(comparison).numbers)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("586,000", "586.000"),
        ("586,000", "586 000"),
        ("586,000", "586000"),
        ("586,000", "3 of 4, or 586,000"),
        ("a long meeting", "a long, second meeting"),
        ("soldiers filled", "12 soldiers filled"),
    ],
    ids=["points", "blank", "no sign", "one more", "no number", "only there"],
)
def test_a_number_that_both_have_is_no_change(old: str, new: str) -> None:
    assert between(FLOOD, FLOOD.replace(old, new)).numbers == ()


@pytest.mark.parametrize(
    ("mine", "theirs", "shown"),
    [
        ("$1.5 million", "$1.7 million", ("$1.5", "$1.7")),
        ("12 percent", "14%", ("12", "14%")),
        ("three", "five", ("three", "five")),
        ("three", "5", ("three", "5")),
        ("4 million", "4 billion", ("4 million", "4 billion")),
        ("8:30", "9:30", ("8:30", "9:30")),
    ],
)
def test_numbers_are_read_with_their_units(mine: str, theirs: str, shown: tuple[str, str]) -> None:
    text = "The council said that the bridge would cost the town {} in the coming year."
    assert pairs(between(text.format(mine), text.format(theirs)).numbers) == [shown]


def test_small_numbers_are_the_same_in_words_and_digits() -> None:
    text = "Firefighters saved {} children from the burning school on Monday evening."
    assert between(text.format("three"), text.format("3")).numbers == ()


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1,234,567", "1234567"),
        ("1.234,5", "1234.5"),
        ("1,50", "1.5"),
        ("۵۸۶٬۰۰۰", "586000"),
        ("01:23", "1-23"),
        ("2–1", "2-1"),
        ("2020-02-09", "2020-2-9"),
        ("0", "0"),
        ("007", "007"),
    ],
)
def test_a_number_has_one_value_however_it_is_written(written: str, value: str) -> None:
    assert [number.value for number in numbers(written)] == [value]


def test_digits_inside_a_word_are_no_number() -> None:
    assert not list(numbers("the A4 and the B52s of the G20"))


def test_a_changed_name_is_shown_whole() -> None:
    candidate = FLOOD.replace("mayor of Breslau", "mayor of Frankfurt").replace("Oder", "Neisse")
    assert pairs(between(FLOOD, candidate).names) == [("Oder", "Neisse"), ("Breslau", "Frankfurt")]
    text = "The trainer praised the young keeper {} after the match on Saturday."
    found = between(text.format("Anna Velten"), text.format("Marta Velten")).names
    assert pairs(found) == [("Anna Velten", "Marta Velten")]


def test_a_capital_after_an_opening_mark_makes_no_name() -> None:
    text = "The old trainer told the reporters: “{} players need rest before the summer.”"
    found = between(text.format("Tired"), text.format("Weary"))
    assert found.names == ()
    assert words(found.substitutions) == [("tired", "weary")]


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("the Associated Press", "AP"),
        ("Hugo Chávez", "Hugo Chavez"),
        ("the B. B. C.", "the BBC"),
        ("Kovacs", "Kovacs'"),
    ],
)
def test_another_spelling_of_a_name_is_no_change(mine: str, theirs: str) -> None:
    text = "The minister had earlier told reporters of {} that the harvest was lost."
    assert between(text.format(mine), text.format(theirs)).names == ()


def test_words_of_a_headline_are_no_names() -> None:
    mine = "Old Bridge Closed After Heavy Flood In Northern Valley Town Today"
    assert between(mine, mine.replace("Closed", "Blocked")).names == ()


def test_words_replaced_one_for_one_are_listed_most_frequent_first() -> None:
    mine = (
        "The prize went to a young physicist from Warsaw. Nobody had expected the prize to leave "
        "Paris. The jury praised her stubborn patience."
    )
    theirs = mine.replace("prize", "award").replace("stubborn", "obstinate")
    found = between(mine, theirs)
    assert found.substitutions == (
        Substitution("prize", "award", 2),
        Substitution("stubborn", "obstinate", 1),
    )
    assert found.forms == ()


@pytest.mark.parametrize(
    ("mine", "theirs"),
    [
        ("crossing", "crossed"),
        ("colour", "color"),
        ("fallen", "fell"),
        ("driven", "drove"),
        ("defence", "defense"),
    ],
)
def test_forms_and_spellings_of_a_word_are_kept_apart(mine: str, theirs: str) -> None:
    text = "The children of the harbour quarter talked of {} over the icy river on Sunday."
    found = between(text.format(mine), text.format(theirs))
    assert found.substitutions == ()
    assert words(found.forms) == [(mine, theirs)]


def test_a_word_that_only_moved_is_not_replaced() -> None:
    mine = "On Tuesday the angry farmers blocked the motorway near Lyon with burning tyres."
    theirs = "The angry farmers blocked near Lyon the motorway with burning tyres on Tuesday."
    assert between(mine, theirs).substitutions == ()


def test_a_rewritten_clause_gives_no_words() -> None:
    mine = "The harbour of the town was closed because heavy storms had damaged both of its cranes."
    theirs = "The harbour of the town was closed, and nobody can tell when ships will dock again."
    assert between(mine, theirs).substitutions == ()


@pytest.mark.parametrize(
    ("mine", "theirs", "pair"),
    [
        (
            "Die Feuerwehr hat am Montag den Brand in der alten Scheune bei Kassel gelöscht.",
            "Die Feuerwehr hat am Montag das Feuer in der alten Scheune bei Kassel gelöscht.",
            ("brand", "feuer"),
        ),
        (
            "El alcalde de Toledo celebró el premio de la biblioteca con todos los vecinos.",
            "El alcalde de Toledo celebró el galardón de la biblioteca con todos los vecinos.",
            ("premio", "galardón"),
        ),
        (
            "Полиция задержала в понедельник трёх участников драки у вокзала в Казани.",
            "Полиция арестовала в понедельник трёх участников драки у вокзала в Казани.",
            ("задержала", "арестовала"),
        ),
        (
            "市政府昨天宣布将在河边修建一座新的图书馆,并增加学校的经费和教师。",
            "市政府昨天宣布将在河边修建一座新的图书馆,并提高学校的经费和教师。",
            ("增加", "提高"),
        ),
        (
            "ज़िला अधिकारी ने सोमवार को पुल की मरम्मत का काम तुरंत आरंभ करने का आदेश दिया।",
            "ज़िला अधिकारी ने सोमवार को पुल की मरम्मत का काम फ़ौरन आरंभ करने का आदेश दिया।",
            ("तुरंत", "फ़ौरन"),
        ),
    ],
    ids=["de", "es", "ru", "zh", "hi"],
)
def test_words_are_found_in_other_languages(mine: str, theirs: str, pair: tuple[str, str]) -> None:
    assert words(between(mine, theirs).substitutions) == [pair]


def test_a_changed_number_between_chinese_characters_is_a_number() -> None:
    mine = "英国北部一座城镇的防洪堤昨天清晨决口,约1200名居民被迫离开家园,消防员用船救出37人。"
    found = between(mine, mine.replace("1200", "2100").replace("37", "73"))
    assert pairs(found.numbers) == [("1200", "2100"), ("37", "73")]
    assert not found.substitutions
    assert found.kept_numbers == KeptWords(total=4, kept=0)


def test_kinds_of_words_are_counted_on_both_sides() -> None:
    mine = "The tired pilots landed 12 gliders beside Augsburg."
    found = between(mine, mine.replace("The tired", "Those weary").replace("12", "13"))
    assert found.kept_names == KeptWords(total=2, kept=2)
    assert found.kept_numbers == KeptWords(total=2, kept=0)
    assert found.content_words.total - found.content_words.kept == 2
    assert found.function_words.kept < found.function_words.total


def test_a_copy_differs_in_nothing() -> None:
    found = between(ARTICLE, ARTICLE)
    assert not found.numbers
    assert not found.names
    assert not found.substitutions
    assert not found.forms
    assert not found.only_query
    assert not found.only_candidate
    assert found.content_words.kept == found.content_words.total


def test_sentences_of_one_text_are_named() -> None:
    added = "Nothing of the sort has ever been reported from the quarries of Carrara."
    query = f"{FLOOD} {added}"
    found = between(query, FLOOD)
    assert [query[slice(*span)] for span in found.only_query] == [added.rstrip(".")]
    assert found.only_candidate == ()


@pytest.mark.parametrize(("query", "candidate"), ORDERED_PAIRS)
def test_both_articles_are_told_the_same(query: str, candidate: str) -> None:
    found = differences(compare(seed(query), seed(candidate)))
    other = differences(compare(seed(candidate), seed(query)))
    assert [(c.query, c.candidate) for c in found.numbers] == sorted(
        (c.candidate, c.query) for c in other.numbers
    )
    assert sorted(words(found.substitutions)) == sorted(
        (theirs, mine) for mine, theirs in words(other.substitutions)
    )
    assert found.only_query == other.only_candidate
    assert found.content_words == other.content_words


def test_a_retranslation_replaces_content_words_and_keeps_names_and_numbers() -> None:
    found = differences(compare(seed("001"), seed("000")))
    assert ("award", "prize") in words(found.substitutions)
    assert ("defense", "defence") in words(found.forms)
    assert found.kept_numbers.kept == found.kept_numbers.total
    assert len(found.substitutions) >= 20
    assert not found.numbers


def test_what_is_shown_stands_in_the_seeds() -> None:
    found = differences(compare(seed("004"), seed("002")))
    for change in (*found.numbers, *found.names):
        assert SEEDS["004"][slice(*change.query)] == change.query_text
        assert SEEDS["002"][slice(*change.candidate)] == change.candidate_text


def test_irregular_forms_are_those_of_one_word() -> None:
    assert are_irregular_forms("fell", "fallen")
    assert not are_irregular_forms("fell", "felt")
    assert not are_irregular_forms("harbour", "harbour")


def test_of_an_endless_sentence_only_the_beginning_is_laid_side_by_side() -> None:
    words = [*tokenize(ARTICLE).words] * (MAX_SEQUENCE // 100)
    found = between(" ".join(words), " ".join(["today", *words]))
    kinds = (found.function_words, found.content_words, found.kept_names, found.kept_numbers)
    assert sum(kind.total for kind in kinds) == 2 * MAX_SEQUENCE
