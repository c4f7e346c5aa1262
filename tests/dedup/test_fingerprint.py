from __future__ import annotations

from dataclasses import replace
from hashlib import blake2b
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.config import FingerprintSettings
from dedup.fingerprint import Fingerprints, fingerprint, resemblance
from dedup.fingerprint.signature import EMPTY
from dedup.normalize import normalize

SETTINGS = FingerprintSettings()
SEEDS = sorted((Path(__file__).parents[2] / "seeds").glob("*.txt"))

texts = st.text(st.characters(), max_size=200)  # lone surrogates among them
languages = st.sampled_from(["en", "ru", "ja", "th", "und"])
articles = st.lists(st.tuples(texts, languages), max_size=6)


def prints_of(listed: list[tuple[str, str]]) -> Fingerprints:
    return fingerprint([text for text, _ in listed], [lang for _, lang in listed], SETTINGS)


@pytest.fixture(scope="module")
def seeds() -> Fingerprints:
    cleaned = [normalize(path.read_text(encoding="utf-8")).text for path in SEEDS]
    return fingerprint(cleaned, ["en"] * len(cleaned), SETTINGS)


def shared_keys(prints: Fingerprints, query: int, candidate: int) -> int:
    return len(np.intersect1d(prints.article_keys(query), prints.article_keys(candidate)))


@settings(deadline=None)
@given(listed=articles)
def test_shapes_and_types_hold_for_any_text(listed: list[tuple[str, str]]) -> None:
    prints = prints_of(listed)
    n = len(listed)
    assert (prints.wording.dtype, prints.wording.shape) == (np.uint32, (n, 128))
    assert (prints.content.dtype, prints.content.shape) == (np.uint32, (n, 128))
    assert (prints.keys.dtype, prints.keys.shape) == (np.uint64, (n, 96))
    assert (prints.valid.dtype, prints.valid.shape) == (np.bool_, (n, 2))


@settings(deadline=None)
@given(listed=articles, split=st.integers(0, 6))
def test_any_split_into_calls_gives_the_same_rows(
    listed: list[tuple[str, str]], split: int
) -> None:
    whole, parts = prints_of(listed), (prints_of(listed[:split]), prints_of(listed[split:]))
    for name in ("wording", "content", "keys", "valid"):
        joined = np.concatenate([getattr(part, name) for part in parts])
        assert np.array_equal(getattr(whole, name), joined)


@settings(deadline=None)
@given(text=texts, lang=languages)
def test_a_family_without_elements_gives_no_key(text: str, lang: str) -> None:
    prints = prints_of([(text, lang)])
    has_shingle, has_term = prints.valid[0]
    assert has_shingle == (prints.wording[0] != EMPTY).any()
    assert has_term == (prints.content[0] != EMPTY).any()
    assert len(prints.article_keys(0)) == 32 * has_shingle + 64 * has_term


def test_a_text_of_four_words_has_content_only() -> None:
    prints = prints_of([("Volcano erupts near Reykjavik", "en")])
    assert prints.valid.tolist() == [[False, True]]
    assert prints.article_keys(0).tolist() == prints.keys[0, 32:].tolist()


def test_a_text_of_function_words_has_wording_only() -> None:
    prints = prints_of([("it is what it is", "en")])
    assert prints.valid.tolist() == [[True, False]]
    assert prints.article_keys(0).tolist() == prints.keys[0, :32].tolist()


def test_case_and_punctuation_are_no_difference() -> None:
    plain, loud = prints_of(
        [("Two men were rescued off Skye", "en"), ("TWO MEN — were rescued; off Skye!", "en")]
    ).keys
    assert plain.tolist() == loud.tolist()


def test_the_round_trip_is_found_by_content_and_hardly_by_wording(seeds: Fingerprints) -> None:
    assert shared_keys(seeds, 1, 0) >= 10
    assert resemblance(seeds.content[1], seeds.content[0]) > 0.4
    assert resemblance(seeds.wording[1], seeds.wording[0]) < 0.3


def test_the_round_trip_shares_more_keys_than_any_other_seed(seeds: Fingerprints) -> None:
    others = [shared_keys(seeds, other, 0) for other in (2, 3, 4)]
    assert shared_keys(seeds, 1, 0) > max(others)


def test_a_copy_without_its_last_paragraphs_is_found_by_wording() -> None:
    text = SEEDS[0].read_text(encoding="utf-8")
    cut = text[: len(text) * 3 // 4]
    prints = prints_of([(text, "en"), (cut, "en")])
    assert len(np.intersect1d(prints.keys[0, :32], prints.keys[1, :32])) >= 5


def test_keys_are_those_of_version_1() -> None:
    """Stored keys are of no use with other ones: a change here needs another ``version``."""
    text = SEEDS[0].read_text(encoding="utf-8").encode("ascii", "ignore").decode()
    prints = prints_of([(text, "en")])
    assert SETTINGS.version == 1
    assert (
        blake2b(prints.keys.astype("<u8").tobytes(), digest_size=8).hexdigest()
        == "bc77ea1bb514df6c"
    )


def test_other_settings_make_other_keys() -> None:
    other = replace(SETTINGS, permutations=64, wording_rows=2, content_rows=4, shingle_words=3)
    prints = fingerprint(["Two men were rescued"], ["en"], other)
    assert prints.wording.shape == (1, 64)
    assert prints.keys.shape == (1, 32 + 16)
    assert prints.valid.tolist() == [[True, True]]
    assert len(prints.article_keys(0)) == 48


def test_every_text_needs_a_language() -> None:
    with pytest.raises(ValueError, match="2 texts but 1 languages"):
        fingerprint(["one", "two"], ["en"], SETTINGS)


@pytest.mark.parametrize("name", ["wording_rows", "content_rows"])
def test_rows_that_do_not_divide_the_permutations_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match=f"{name}=5 does not divide"):
        fingerprint(["one"], ["en"], replace(SETTINGS, **{name: 5}))
