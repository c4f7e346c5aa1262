"""Which sentences are aligned: what a translator, an editor or chance may do to them."""

from __future__ import annotations

import pytest
from article_cases import ARTICLE, ORDERED_PAIRS, PARAGRAPHS, compare_texts, read, seed

from dedup.compare import Profile
from dedup.compare.alignment import Alignment, SentencePair, align

REWORDED = (
    "On Tuesday, the Millbrook harbour council decided to shut the old bridge of iron for two "
    "years. During an inspection in March, engineers found cracks in eleven of the forty "
    "girders.\n\n“We were unable to wait another winter,” stated Ines Calder, head of the "
    "council. Trucks weighing over seven tonnes are to go over the Westfield viaduct, nine "
    "kilometres further up."
)
"""The first two paragraphs of the article in other words."""

ELSEWHERE = (
    "Scientists in Patagonia have dug up the skull of a whale that lived nineteen million years "
    "ago. Its teeth suggest that the animal swallowed penguins whole. A museum in Trelew will "
    "show the fossil from next spring."
)


def aligned(query: str, candidate: str) -> set[tuple[int, int]]:
    """Aligned sentences by their numbers."""
    pairs = align(read(query), read(candidate)).pairs
    return {(pair.query, pair.candidate) for pair in pairs}


def alignment_of(*places: int) -> Alignment:
    """One aligned pair per sentence of the query; the places are those of the candidate."""
    return Alignment(tuple(SentencePair(i, j, 1.0, 1.0, mutual=True) for i, j in enumerate(places)))


def test_every_sentence_is_aligned_with_itself() -> None:
    article = read(ARTICLE)
    pairs = align(article, article).pairs
    assert [(pair.query, pair.candidate) for pair in pairs] == [
        (sentence, sentence) for sentence in range(article.n_sentences)
    ]
    assert all(pair.mutual and pair.identity == 1 for pair in pairs)
    assert all(pair.similarity == pytest.approx(1, abs=1e-5) for pair in pairs)


def test_reworded_sentences_find_their_originals() -> None:
    assert aligned(REWORDED, ARTICLE) == {(0, 0), (1, 1), (2, 2), (3, 3)}


def test_sentences_on_something_else_find_nothing() -> None:
    assert aligned(ELSEWHERE, ARTICLE) == set()


def test_every_sentence_of_a_round_trip_is_aligned_in_order() -> None:
    alignment = align(seed("001"), seed("000"))
    assert {pair.query for pair in alignment.pairs if pair.mutual} >= {1, 5, 10, 15, 20}
    assert alignment.order == 1


def test_moved_sentences_are_aligned_and_told_from_ordered_ones() -> None:
    moved = "\n\n".join((*PARAGRAPHS[3:], *PARAGRAPHS[:3]))
    alignment = align(read(moved), read(ARTICLE))
    assert {pair.candidate for pair in alignment.pairs} == set(range(10))
    assert 0.5 <= alignment.order < 1


def test_merged_sentence_is_aligned_with_both_halves() -> None:
    merged = PARAGRAPHS[0].replace("two years. Engineers had", "two years after engineers had")
    assert aligned(merged, PARAGRAPHS[0]) == {(0, 0), (0, 1)}
    assert aligned(PARAGRAPHS[0], merged) == {(0, 0), (1, 0)}


def test_short_sentence_is_found_inside_a_much_longer_one() -> None:
    """It is a part of the longer one's content, so that overlap alone would lose it."""
    short = "Pilots were told to announce themselves by radio on channel twelve."
    longer = (
        f"{PARAGRAPHS[2].split('. ')[1].removesuffix('.')}, while {short[0].lower()}{short[1:-1]} "
        "and lorries heavier than seven tonnes were sent across the Westfield viaduct."
    )
    assert aligned(short, longer) == {(0, 0)}
    assert aligned(longer, short) == {(0, 0)}


def test_sentence_told_twice_is_aligned_twice_but_mutual_once() -> None:
    twice = f"{PARAGRAPHS[2]} {PARAGRAPHS[2]}"
    pairs = align(read(twice), read(PARAGRAPHS[2])).pairs
    assert {(pair.query, pair.candidate) for pair in pairs} == {(0, 0), (1, 1), (2, 0), (3, 1)}
    assert sum(pair.mutual for pair in pairs) == 2


def test_texts_without_a_word_are_aligned_with_nothing() -> None:
    assert align(read(""), read(ARTICLE)).pairs == ()
    assert align(read(ARTICLE), read("…")).pairs == ()


@pytest.mark.parametrize(("query", "candidate"), ORDERED_PAIRS)
def test_pairs_are_ordered_unique_and_mutual_for_one_partner_only(
    query: str, candidate: str
) -> None:
    check_pairs(seed(query), seed(candidate))


def check_pairs(query: Profile, candidate: Profile) -> None:
    pairs = align(query, candidate).pairs
    places = [(pair.query, pair.candidate) for pair in pairs]
    assert places == sorted(set(places))
    for pair in pairs:
        assert 0 <= pair.query < query.n_sentences
        assert 0 <= pair.candidate < candidate.n_sentences
        assert 0 < pair.similarity <= 1 + 1e-6
        assert 0 <= pair.identity <= 1
    mutual = [pair for pair in pairs if pair.mutual]
    assert len({pair.query for pair in mutual}) == len(mutual)
    assert len({pair.candidate for pair in mutual}) == len(mutual)


@pytest.mark.parametrize(
    ("places", "order"),
    [
        ((), 1),
        ((3,), 1),
        ((0, 1, 5), 1),
        ((1, 0), 1 / 2),
        ((2, 0, 1, 3), 3 / 4),
        ((2, 1, 0), 1 / 3),
    ],
)
def test_order_is_the_longest_chain_over_the_aligned_sentences(
    places: tuple[int, ...], order: float
) -> None:
    assert alignment_of(*places).order == order


def test_only_mutual_pairs_have_an_order() -> None:
    stray = SentencePair(2, 0, 0.5, 0.5, mutual=False)
    assert Alignment((*alignment_of(0, 1).pairs, stray)).order == 1


def test_wording_tells_identity_and_content_similarity() -> None:
    """Reworded sentences keep their content, and lose their words."""
    exact, reworded = (
        compare_texts(text, ARTICLE).scores for text in ("\n\n".join(PARAGRAPHS[:2]), REWORDED)
    )
    assert exact.aligned == reworded.aligned == 1
    assert reworded.identity < exact.identity == 1
