"""Every language from end to end: texts of our own, by language and by what they are.

``tests/cases/languages`` has a folder per language, all with the same six texts; its
``pairs.toml`` says what each is to the article, ``languages.toml`` what is found in that.
"""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from dedup.compare import compare, profile
from dedup.config import FingerprintSettings
from dedup.document import Document, read_document
from dedup.fingerprint import fingerprint
from dedup.judge.relate import relate
from dedup.model import Article
from dedup.terms import vocabulary
from dedup.tokens import tokenize

CASES = Path(__file__).parent.parent / "cases" / "languages"
PAIRS = tomllib.loads((CASES / "pairs.toml").read_text("utf-8"))["pair"]
LANGUAGES: dict[str, dict[str, Any]] = tomllib.loads((CASES / "languages.toml").read_text("utf-8"))

TELLING = 0.5
"""Weight from which a term counts twice in the content keys."""

UNSAID = 0.1
"""Weight below which a word tells nothing: a tenth of a name."""


@cache
def document(lang: str, name: str) -> Document:
    """A text of a language, read without being told which."""
    text = (CASES / lang / f"{name}.txt").read_text("utf-8")
    return read_document(Article(id=f"{lang}/{name}", text=text))


def test_every_folder_is_a_language_that_is_tested() -> None:
    assert {path.name for path in CASES.iterdir() if path.is_dir()} == LANGUAGES.keys()


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: str(pair["query"]))
@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_pair_is_what_it_was_written_to_be(lang: str, pair: dict[str, Any]) -> None:
    query, candidate = (profile(document(lang, pair[side])) for side in ("query", "candidate"))
    assert relate(compare(query, candidate)).relation in pair["expected"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_language_is_told(lang: str) -> None:
    names = [path.stem for path in (CASES / lang).glob("*.txt")]
    assert {name: document(lang, name).language.code for name in names} == dict.fromkeys(
        names, lang
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_sentences_are_found(lang: str) -> None:
    assert len(document(lang, "article").sentence_starts) == LANGUAGES[lang]["sentences"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_quotation_is_found(lang: str) -> None:
    article = document(lang, "article")
    spans = [quotation.span for quotation in article.quotations]
    said = [tokenize(article.clean.text[start:end]).words for start, end in spans]
    assert tokenize(LANGUAGES[lang]["quotation"]).words in said


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_quotation_is_kept_by_an_independent_report_and_reworded_by_a_round_trip(
    lang: str,
) -> None:
    article = profile(document(lang, "article"))
    independent = compare(profile(document(lang, "independent")), article).quotes
    roundtrip = compare(profile(document(lang, "roundtrip")), article).quotes
    assert independent.shared == 1
    assert roundtrip.shared == 0


@pytest.mark.parametrize("lang", LANGUAGES)
def test_words_of_the_subject_tell_and_others_do_not(lang: str) -> None:
    known, case = vocabulary(lang), LANGUAGES[lang]
    unsaid, telling = (tokenize(case[kind]).words for kind in ("unsaid", "telling"))
    assert [word for word in unsaid if known.weight(word) > UNSAID] == []
    assert [word for word in telling if known.weight(word) < TELLING] == []
    assert set(unsaid + telling) <= set(document(lang, "article").tokens.words)


@pytest.mark.parametrize("name", ["edited", "excerpt", "roundtrip"])
@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_was_taken_from_an_article_shares_keys_with_it(lang: str, name: str) -> None:
    """Else the index would not propose the article."""
    texts = [document(lang, each).clean.text for each in (name, "article", "unrelated")]
    prints = fingerprint(texts, [lang] * len(texts), FingerprintSettings())
    taken, article, unrelated = (prints.article_keys(number).keys for number in range(len(texts)))
    assert len(np.intersect1d(taken, article)) > len(np.intersect1d(taken, unrelated))
