from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import Stemmer
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.terms import (
    _STEMMERS,
    NEUTRAL_CHARACTER_WEIGHT,
    YEAR_WEIGHT,
    Vocabulary,
    vocabulary,
)
from dedup.tokens import fold

# With a stemmer and a word list, with one of them, with none; alphabet, abjad, characters.
LANGUAGES = ["en", "tr", "ar", "zh", "hu", "et", "he", "th", "und"]

words = st.text(st.characters(categories=["L", "M", "N"]), min_size=1).map(str.casefold)


@pytest.mark.parametrize("lang", LANGUAGES)
@settings(deadline=None)  # the first word of a language loads its vocabulary
@given(word=words)
def test_any_word_has_a_stem_and_a_weight_between_0_and_1(lang: str, word: str) -> None:
    term = vocabulary(lang).term(word)
    assert term.stem
    assert 0.0 <= term.weight <= 1.0


@pytest.mark.parametrize("lang", LANGUAGES)
@settings(deadline=None)  # the first word of a language loads its vocabulary
@given(word=words)
def test_a_weight_belongs_to_the_stem_not_to_the_word(lang: str, word: str) -> None:
    """Else the set of a text's terms would depend on the order of its words."""
    known = vocabulary(lang)
    stem, weight = known.term(word)
    assert known._weigh(stem) == weight or stem.isdecimal()


@pytest.mark.parametrize(
    ("lang", "forms"),
    [
        ("en", ["announce", "announced", "announces", "announcing"]),
        ("de", ["häuser", "häusern"]),
        ("ru", ["правительство", "правительства", "правительству"]),
        ("es", ["elección", "elecciones"]),
        ("ur", ["کھلاڑی", "کھلاڑیوں", "كھلاڑي"]),
        ("ur", ["اجراء", "اجرا"]),
        ("ar", ["الحكومة", "حكومة", "الحکومة"]),
        ("fa", ["کتابهای", "كتابهاي"]),
        ("hi", ["चुनावों", "चुनाव"]),
    ],
)
def test_forms_of_a_word_are_one_term(lang: str, forms: list[str]) -> None:
    assert len({vocabulary(lang).term(form) for form in forms}) == 1


def test_a_word_that_is_all_suffix_is_its_own_stem() -> None:
    assert vocabulary("ne").stem("छ") == "छ"


@pytest.mark.parametrize("word", ["میں", "وہی", "ء", "اور"])
def test_short_urdu_words_keep_their_endings(word: str) -> None:
    assert vocabulary("ur").stem(word) == fold(word)


def test_serbian_is_one_language_in_both_alphabets() -> None:
    assert vocabulary("sr").term("влада") == vocabulary("hr").term("vlada")


@pytest.mark.parametrize(
    ("lang", "function_words"),
    [
        ("en", "the of and to in that is was for with"),
        ("en", "don t s m re"),  # what tokenizing leaves of contractions
        ("de", "der die und in zu den das nicht von sie"),
        ("fr", "de la le et les des que pour dans"),
        ("ru", "и в не на я что с по как это"),
        ("ur", "کے کی میں ہے اور سے کا"),
        ("zh", "的"),
        ("ja", "のにて"),
    ],
)
def test_function_words_weigh_nothing(lang: str, function_words: str) -> None:
    separate = function_words.split() if " " in function_words else list(function_words)
    assert {word: vocabulary(lang).weight(word) for word in separate} == dict.fromkeys(separate, 0)


@pytest.mark.parametrize(
    ("lang", "rising"),
    [
        ("en", ["the", "government", "minister", "volcano", "volcanologist"]),
        ("de", ["und", "polizei", "vulkan"]),
        ("zh", ["的", "国", "警", "炸"]),
        ("ja", ["の", "相", "爆"]),
        ("und", ["ab", "abcde", "abcdefghi"]),
    ],
)
def test_rarer_words_weigh_more(lang: str, rising: list[str]) -> None:
    weights = [vocabulary(lang).weight(word) for word in rising]
    assert weights == sorted(set(weights))


def test_numbers_weigh_in_full_and_years_less() -> None:
    english = vocabulary("en")
    assert [english.weight(number) for number in ("7", "42", "1899", "2100")] == [1.0] * 4
    assert [english.weight(year) for year in ("1900", "2019", "2099")] == [YEAR_WEIGHT] * 3


def test_digits_of_all_scripts_are_one_number() -> None:
    assert vocabulary("ar").term("٤٢") == vocabulary("hi").term("४२") == vocabulary("en").term("42")


def test_a_language_without_a_word_list_keeps_long_words() -> None:
    """Hausa: "and" weighs nothing, "government" does."""
    assert vocabulary("ha").weight("da") == 0.0
    assert vocabulary("ha").weight("gwamnatin") > 0.5


@pytest.mark.parametrize("character", "กขລကក")
def test_characters_without_known_frequency_weigh_neutrally(character: str) -> None:
    assert vocabulary("th").weight(character) == NEUTRAL_CHARACTER_WEIGHT


def test_the_region_of_a_language_is_nobodys_business() -> None:
    assert vocabulary("pt-BR") is vocabulary("PT")


def test_unknown_languages_share_one_vocabulary() -> None:
    """So that whatever a caller declares takes no memory."""
    assert vocabulary("tlh") is vocabulary("") is vocabulary("und")


def test_every_stemmer_exists() -> None:
    assert set(_STEMMERS.values()) <= set(Stemmer.algorithms())


def test_threads_share_a_vocabulary() -> None:
    listed = [f"{stem}{ending}" for stem in ("report", "announc", "walk") for ending in
              ("ing", "ed", "s", "er", "ers", "ingly", "edly")]  # fmt: skip
    alone = [Vocabulary("en").term(word) for word in listed]
    shared = Vocabulary("en")
    with ThreadPoolExecutor(8) as pool:
        for terms in pool.map(lambda _: [shared.term(word) for word in listed], range(50)):
            assert terms == alone
