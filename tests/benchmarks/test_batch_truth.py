"""The truth about an archive, against the slow way to it."""

from __future__ import annotations

import random

import numpy as np
import pytest
from batch_planting import WORD
from batch_truth import SHINGLE, shingle_sets, similar_pairs
from peers.protocol import depth_first, words_of


def related_texts(seed: int) -> list[str]:
    """Texts in few words, many of them made from others by changing some."""
    chance = random.Random(seed)
    texts = [[chance.choice("abcdefgh") for _ in range(chance.randint(1, 40))] for _ in range(40)]
    for _ in range(80):
        words = list(chance.choice(texts))
        for _ in range(chance.randint(0, 4)):
            words[chance.randrange(len(words))] = chance.choice("abcdefgh")
        texts.append(words)
    return [" ".join(words) for words in texts]


def true_pairs(texts: list[str], floor: float) -> dict[tuple[int, int], float]:
    sets = [set(zip(*(text.split()[k:] for k in range(SHINGLE)), strict=False)) for text in texts]
    similar = {}
    for second, other in enumerate(sets):
        for first, one in enumerate(sets[:second]):
            jaccard = len(one & other) / max(1, len(one | other))
            if jaccard >= floor:
                similar[first, second] = jaccard
    return similar


@pytest.mark.parametrize("floor", [0.2, 0.5, 0.8])
@pytest.mark.parametrize("seed", range(3))
def test_all_similar_pairs_are_found_and_no_others(floor: float, seed: int) -> None:
    texts = related_texts(seed)
    pairs, jaccard = similar_pairs(shingle_sets(texts), floor)
    found = dict(zip(map(tuple, pairs.tolist()), jaccard.tolist(), strict=True))
    expected = true_pairs(texts, floor)
    assert found == pytest.approx(expected)
    assert len(expected) > 10


def test_texts_without_a_shingle_are_similar_to_nothing() -> None:
    sets = shingle_sets(["two words", "two words"])
    assert len(similar_pairs(sets, 0.2)[0]) == 0
    assert sets.jaccard(np.array([[0, 1]])).tolist() == [0]


@pytest.mark.parametrize(
    "text",
    [
        "The U.S. didn't; snake_case, “quoted” – and 3,000.5 more.",
        "naïve ΑΒΓ ١٢٣ x² ½ İstanbul\u00a0no\u2019break\ttab",
        "".join(map(chr, range(0x3000))),
    ],
)
def test_peers_are_given_the_words_that_the_truth_knows(text: str) -> None:
    assert words_of(text) == WORD.findall(text.lower())


def test_candidates_are_put_in_order_and_none_is_lost() -> None:
    chance = random.Random(1)
    pairs = {tuple(sorted(chance.sample(range(100), 2))) for _ in range(150)}
    candidates = [(first, second) for first, second in sorted(pairs)]
    assert sorted(depth_first(candidates)) == candidates
