"""Which pairs the sieve rules out before the judge: unrelated ones, and no other."""

from __future__ import annotations

import pytest
from article_cases import ARTICLE, ORDERED_PAIRS, PARAGRAPHS, SEEDS, read, seed

from dedup.compare import Profile, compare, sketch
from dedup.compare.sketch import may_share_a_run, shared_content
from dedup.judge import is_hardly_aligned, is_plainly_unrelated, relate
from dedup.model import Article, Language

ENGLISH = Language("en", None, "declared")

REPORTS = {
    "harvest": (
        "Olive growers along the coast expect half of last year's harvest. Drought in June "
        "withered the blossom, and a fly that lays its eggs in ripe fruit did the rest, said "
        "the cooperative in Petrovac, which presses for nine hundred families."
    ),
    "chess": (
        "A nineteen-year-old student won the national chess championship on tie-break after "
        "drawing her last game in fourteen moves. Nobody younger has held the title since it "
        "was first played for, in a hotel that has since become a hospital."
    ),
}


def is_ruled_out(query: Profile, candidate: Profile) -> bool:
    return is_plainly_unrelated(query.sketch, candidate.sketch) or is_hardly_aligned(
        compare(query, candidate)
    )


@pytest.mark.parametrize(("query", "candidate"), ORDERED_PAIRS)
def test_what_is_ruled_out_the_judge_calls_unrelated(query: str, candidate: str) -> None:
    relation = relate(compare(seed(query), seed(candidate))).relation
    assert is_ruled_out(seed(query), seed(candidate)) == (relation == "unrelated")


@pytest.mark.parametrize("paragraph", PARAGRAPHS)
def test_a_paragraph_is_not_ruled_out_beside_its_article(paragraph: str) -> None:
    assert not is_ruled_out(read(paragraph), read(ARTICLE))
    assert not is_ruled_out(read(ARTICLE), read(paragraph))


@pytest.mark.parametrize("name", SEEDS)
def test_texts_on_other_subjects_are_ruled_out_by_their_words(name: str) -> None:
    for text in REPORTS.values():
        other = read(text)
        assert is_plainly_unrelated(seed(name).sketch, other.sketch)
        assert is_plainly_unrelated(other.sketch, seed(name).sketch)
        assert relate(compare(seed(name), other)).relation in ("unrelated", "undetermined")


def test_one_copied_sentence_in_another_subject_is_not_ruled_out() -> None:
    sentence = PARAGRAPHS[0].split(". ")[0]
    other = read(f"{REPORTS['chess']} {sentence}. {REPORTS['harvest']}")
    assert not is_ruled_out(read(ARTICLE), other)
    assert not is_ruled_out(other, read(ARTICLE))


def test_two_reports_from_one_country_are_ruled_out_by_their_alignment_only() -> None:
    query, candidate = seed("001"), seed("003")
    assert not is_plainly_unrelated(query.sketch, candidate.sketch)
    assert is_hardly_aligned(compare(query, candidate))


def test_a_sketch_of_an_article_is_that_of_its_profile() -> None:
    of_profile, of_article = read(ARTICLE).sketch, sketch(Article("a", ARTICLE), ENGLISH)
    assert of_profile.terms.tolist() == of_article.terms.tolist()
    assert of_profile.words.tolist() == of_article.words.tolist()
    assert of_profile.weight == of_article.weight


def test_a_text_shares_all_its_content_with_itself_and_with_a_longer_one() -> None:
    whole, part = read(ARTICLE).sketch, read(PARAGRAPHS[1]).sketch
    assert shared_content(whole, whole).resemblance == pytest.approx(1)
    assert shared_content(part, whole).containment == pytest.approx(1)
    assert shared_content(whole, part).resemblance < 0.6


@pytest.mark.parametrize("text", ["", "…", "bridge"])
def test_hardly_any_text_shares_nothing_and_divides_by_nothing(text: str) -> None:
    nothing, article = read(text).sketch, read(ARTICLE).sketch
    assert not may_share_a_run(nothing, article)
    assert not may_share_a_run(article, nothing)
    assert shared_content(nothing, nothing).resemblance <= 1
    assert is_plainly_unrelated(read("", lang="en").sketch, article)


def test_a_text_in_another_language_is_not_ruled_out_by_its_words() -> None:
    query, candidate = (
        read(REPORTS[name], lang=lang) for name, lang in [("harvest", "en"), ("chess", "de")]
    )
    assert not is_plainly_unrelated(query.sketch, candidate.sketch)


def test_in_a_language_with_tables_of_its_own_alignment_rules_nothing_out() -> None:
    dam = read("ڈیم کی تعمیر اگلے سال مکمل ہو گی اور کسانوں کو پانی ملے گا۔", lang="ur")
    match = read("کراچی نے فائنل جیت لیا، آخری اوور میں دو چھکے لگے۔", lang="ur")
    assert not is_hardly_aligned(compare(dam, match))
