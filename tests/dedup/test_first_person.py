"""Sentences in the first person, and what is left for the writer's own report."""

from __future__ import annotations

import pytest

from dedup.compare import profile
from dedup.document import read_document
from dedup.first_person import first_person
from dedup.hashing import word_hashes
from dedup.model import Article


def reported(text: str, lang: str = "en") -> list[str]:
    read = profile(read_document(Article("a", text, lang=lang)))
    words = read.document.tokens.words
    return [word for word, own in zip(words, read.reporting, strict=True) if own]


def test_sentences_that_speak_of_themselves_are_no_report() -> None:
    text = "The mayor spoke at noon. I will not resign. Then she left the hall."
    assert reported(text) == [
        "the",
        "mayor",
        "spoke",
        "at",
        "noon",
        "then",
        "she",
        "left",
        "the",
        "hall",
    ]


def test_words_of_quotations_do_not_make_their_sentence_speak() -> None:
    text = 'The mayor said, "I will not resign," before she left the hall.'
    assert reported(text) == ["the", "mayor", "said", "before", "she", "left", "the", "hall"]


@pytest.mark.parametrize(
    ("lang", "text", "own"),
    [
        ("de", "Der Minister sprach. Wir zahlen nicht.", "der minister sprach"),
        ("es", "Habló el ministro. Nosotros no pagamos.", "habló el ministro"),
        ("ru", "Министр говорил. Мы не платим.", "министр говорил"),
    ],
)
def test_other_languages_have_their_own_pronouns(lang: str, text: str, own: str) -> None:
    assert reported(text, lang) == own.split()


def test_a_country_is_no_pronoun_and_an_unknown_language_has_none() -> None:
    assert word_hashes(("us",))[0] not in first_person("en")
    assert not len(first_person("und"))
