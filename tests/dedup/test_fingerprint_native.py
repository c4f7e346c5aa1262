"""The kernel in C makes what the reference makes, bit for bit."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given
from hypothesis import settings as checked
from hypothesis import strategies as st
from native_cases import TEXTS

from dedup import _native
from dedup.config import FingerprintSettings
from dedup.fingerprint import Fingerprints, Utf8Texts, native
from dedup.fingerprint.kernel import Texts
from dedup.fingerprint.native import native_kernel
from dedup.fingerprint.reference import reference_kernel
from dedup.model import FAMILIES
from dedup.terms import vocabulary
from dedup.tokens import alphabet, reference_tokenize

pytestmark = pytest.mark.native

ALL = FingerprintSettings(families=FAMILIES)
CASES = Path(__file__).parents[1] / "cases" / "languages"
LANGUAGES = sorted(path.name for path in CASES.iterdir() if path.is_dir())

# With stems and word lists, with one of them, with none; with and without spaces.
languages = st.sampled_from(["en", "ar", "hi", "ja", "ne", "th", "tr", "ur", "zh-Hant", "und"])
articles = st.lists(st.tuples(TEXTS, languages), max_size=5)


@pytest.fixture(params=_native.simd_levels(), autouse=True)
def simd(request: pytest.FixtureRequest) -> Iterator[str]:
    """Every instruction set that this machine has."""
    _native.use_simd(request.param)
    yield request.param
    _native.use_simd(_native.simd_levels()[-1])


# What a level computes does not depend on the example before.
anywhere = partial(
    checked, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@st.composite
def choices(draw: st.DrawFn) -> FingerprintSettings:
    """Any settings that are allowed, small ones."""
    rows = [draw(st.integers(1, 5)) for _ in range(2)]
    permutations = rows[0] * rows[1] * draw(st.integers(1, 20))
    most = permutations // rows[1] * (2 if rows[1] > 1 else 1)
    chosen = draw(st.sets(st.sampled_from(FAMILIES), min_size=1))
    return FingerprintSettings(
        families=tuple(family for family in FAMILIES if family in chosen),
        shingle_words=draw(st.integers(1, 8)),
        permutations=permutations,
        wording_rows=rows[0],
        content_rows=rows[1],
        content_bands=draw(st.integers(1, most)),
        passage_window=draw(st.integers(1, 60)),
        seed=draw(st.integers(0, 2**32 - 1)),
    )


def assert_same(made: Fingerprints, expected: Fingerprints) -> None:
    for name in ("keys", "families", "starts", "offsets"):
        ours, theirs = getattr(made, name), getattr(expected, name)
        assert ours.dtype == theirs.dtype
        assert ours.tolist() == theirs.tolist()
    assert made.signatures.keys() == expected.signatures.keys()
    for family, signatures in expected.signatures.items():
        assert made.signatures[family].dtype == np.uint32
        assert made.signatures[family].tolist() == signatures.tolist()


def assert_agree(
    texts: Texts, languages: Sequence[str], settings: FingerprintSettings = ALL
) -> None:
    assert_same(
        native_kernel(texts, languages, settings), reference_kernel(texts, languages, settings)
    )


def utf8(*texts: bytes, offset_type: type[np.int32 | np.int64] = np.int64) -> Utf8Texts:
    ends = np.cumsum([0, *map(len, texts)]).astype(offset_type)
    return Utf8Texts(np.frombuffer(b"".join(texts), dtype=np.uint8), ends)


@anywhere(max_examples=150)
@given(listed=articles)
@example(listed=[])
@example(listed=[("", "en"), ("\u0301", "en"), ("\ud800", "ja")])
@example(listed=[("東京都知事は記者団に" * 20, "ja"), ("กรุงเทพมหานคร ของไทย", "th")])
def test_any_texts_have_the_same_fingerprints(listed: list[tuple[str, str]]) -> None:
    assert_agree([text for text, _ in listed], [language for _, language in listed])


@anywhere(max_examples=80)
@given(text=TEXTS, settings=choices())
def test_any_settings_make_the_same_fingerprints(text: str, settings: FingerprintSettings) -> None:
    assert_agree([text, text + text[:20]], ["en", "th"], settings)


@anywhere(max_examples=80)
@given(
    texts=st.lists(
        st.one_of(st.binary(max_size=200), TEXTS.map(lambda text: text.encode("utf-8", "replace"))),
        max_size=4,
    ),
    offset_type=st.sampled_from([np.int32, np.int64]),
)
@example([b"\xf0\x9f", b"\x98\x80 a\xc3", b"\xa9"], np.int32)
@example([b"\xed\xa0\x80a \xe0\x80\x80b \xf4\x90\x80\x80c \xc0\x80d \xf8e"], np.int64)
def test_any_bytes_are_read_as_the_utf8_that_they_are(
    texts: list[bytes], offset_type: type[np.int32 | np.int64]
) -> None:
    assert_agree(utf8(*texts, offset_type=offset_type), ["en"] * len(texts))


@pytest.mark.parametrize("language", LANGUAGES)
def test_articles_of_every_language_have_the_same_fingerprints(language: str) -> None:
    texts = [path.read_text("utf-8") for path in sorted((CASES / language).glob("*.txt"))]
    assert_agree(texts, [language] * len(texts))
    assert_agree(utf8(*(text.encode() for text in texts)), [language] * len(texts))


@pytest.mark.parametrize("n_words", [1 << 12, 4099, 20_000])
def test_long_texts_are_signed_block_by_block(n_words: int) -> None:
    """More elements than are permuted at once, with repetitions, and without a remainder."""
    some = np.random.default_rng(n_words)
    words = [f"w{number}" for number in some.integers(0, n_words, n_words + 4)]
    assert_agree([" ".join(words), " ".join(words[::-1])], ["und", "en"])


@pytest.mark.parametrize("period", [1, 3, 49, 50, 51, 600])
def test_repeated_shingles_are_selected_once(period: int) -> None:
    words = [f"w{place % period}" for place in range(1500)]
    assert_agree([" ".join(words)], ["en"], FingerprintSettings(families=("passages",)))


def test_words_that_are_forgotten_are_asked_for_again() -> None:
    """A lexicon of three words: every text pushes others out."""
    texts = [f"volcano number{i} in iceland erupted, ferry number{i % 7} sank" for i in range(60)]
    asked: list[str] = []

    def answer(words: list[str]) -> list[tuple[str, float, int]]:
        asked.extend(words)
        return [(*vocabulary("en").term(word), 0) for word in words]

    small = _native.Lexicon(answer, 3)
    kernel, languages = native._kernel(ALL), np.zeros(20, dtype=np.int32)
    expected = native_kernel(texts, ["en"] * 60, ALL)
    keys = [kernel.fingerprint(texts[i : i + 20], languages, (small,))[0] for i in (0, 20, 40)]
    assert b"".join(keys) == expected.keys.tobytes()
    assert asked.count("volcano") >= 2
    assert len(small) <= 3


def test_words_met_again_are_kept_when_a_lexicon_is_full() -> None:
    asked: list[str] = []

    def answer(words: list[str]) -> list[tuple[str, float, int]]:
        asked.extend(words)
        return [(word, 1.0, 0) for word in words]

    lexicon = _native.Lexicon(answer, 1000)
    kernel, language = native._kernel(ALL), np.zeros(1, dtype=np.int32)
    for once in range(5000):
        kernel.fingerprint([f"volcano once{once}"], language, (lexicon,))
    assert asked.count("volcano") == 1
    assert len(asked) == 5001
    assert len(lexicon) <= 1000


def test_joined_characters_are_forgotten_with_their_lexicon() -> None:
    """Their stems are kept as bytes, of which there is a bound, too."""
    marks = "\u3099" * 2000
    texts = [f"{chr(0x4E00 + number)}{marks}東京" for number in range(300)]
    lexicon = _native.Lexicon(native._answer(vocabulary("ja")), 500)
    made = [
        native._kernel(ALL).fingerprint([text], np.zeros(1, dtype=np.int32), (lexicon,))[0]
        for text in texts
    ]
    assert b"".join(made) == reference_kernel(texts, ["ja"] * 300, ALL).keys.tobytes()
    assert len(lexicon) < 100


@pytest.fixture
def impatient() -> Iterator[None]:
    """Threads take turns a hundred times as often as they would."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(5e-5)
    yield
    sys.setswitchinterval(usual)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("most_words", [200, 2500, 10_000])
def test_threads_make_the_same_fingerprints_with_a_lexicon_that_all_of_them_fill(
    most_words: int,
) -> None:
    """One that is full all the time, one that is replaced, and one that grows."""
    some = np.random.default_rng(5)
    texts = [" ".join(f"w{word}" for word in some.integers(0, 3000, 300)) for _ in range(200)]
    kernel, languages = native._kernel(ALL), np.zeros(2, dtype=np.int32)
    expected = native_kernel(texts, ["en"] * 200, ALL).keys.tobytes()

    def keys(lexicon: _native.Lexicon, start: int) -> bytes:
        return bytes(kernel.fingerprint(texts[start : start + 2], languages, (lexicon,))[0])

    with ThreadPoolExecutor(8) as threads:
        for _ in range(5):
            empty = _native.Lexicon(native._answer(vocabulary("en")), most_words)
            made = list(threads.map(partial(keys, empty), [*range(0, 200, 2)] * 2))
            assert b"".join(made) == expected * 2


@anywhere(max_examples=60)
@given(texts=st.lists(TEXTS, max_size=4))
def test_hashes_of_words_come_without_the_words(texts: list[str]) -> None:
    hashes, offsets = alphabet().hash_words(texts)
    expected = [_native.hash_words(reference_tokenize(text).words) for text in texts]
    assert hashes == b"".join(expected)
    assert np.diff(np.frombuffer(offsets, dtype=np.int64)).tolist() == [
        len(each) // 8 for each in expected
    ]


def test_an_answer_that_cannot_be_given_is_an_error() -> None:
    def refuse(words: list[str]) -> list[tuple[str, float, int]]:
        raise LookupError(words[0])

    with pytest.raises(LookupError, match="volcano"):
        native._kernel(ALL).fingerprint(
            ["Volcano"], np.zeros(1, dtype=np.int32), (_native.Lexicon(refuse, 10),)
        )


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ([], ValueError),
        (["volcano"], TypeError),
        ([("volcano", 1.0)], TypeError),
        (None, TypeError),
    ],
)
def test_an_answer_of_another_shape_is_an_error(answers: object, error: type[Exception]) -> None:
    lexicon = _native.Lexicon(lambda _: answers, 10)  # type: ignore[arg-type, return-value]
    with pytest.raises(error):
        native._kernel(ALL).fingerprint(["Volcano"], np.zeros(1, dtype=np.int32), (lexicon,))


@pytest.mark.parametrize(
    "offsets",
    [[0, 5, 3], [-1, 3], [0, 7], [], [0.0, 6.0]],
)
def test_offsets_outside_of_the_data_are_refused(offsets: list[float]) -> None:
    column = np.array(
        offsets, dtype=np.float32 if offsets and isinstance(offsets[0], float) else np.int32
    )
    texts = Utf8Texts(np.frombuffer(b"abcdef", dtype=np.uint8), column)
    with pytest.raises(ValueError, match=r"stands from|offsets are"):
        native_kernel(texts, ["en"] * max(0, len(column) - 1), ALL)


def test_what_is_no_string_is_refused() -> None:
    with pytest.raises(TypeError, match="a text is a str, not bytes"):
        native_kernel([b"abc"], ["en"], ALL)  # type: ignore[list-item]
    with pytest.raises(TypeError, match="a word is a str, not int"):
        _native.hash_words([5])  # type: ignore[list-item]


def test_a_text_whose_places_could_not_be_numbered_is_refused() -> None:
    with pytest.raises(ValueError, match="longer than 134217728: cut it"):
        native_kernel(["a" * ((1 << 27) + 1)], ["en"], ALL)


def test_every_text_needs_a_language_that_there_is() -> None:
    kernel = native._kernel(ALL)
    lexicons = (_native.Lexicon(native._answer(vocabulary("en")), 10),)
    for languages in ([], [0, 0], [1], [-1]):
        with pytest.raises(ValueError, match="language"):
            kernel.fingerprint(["abc"], np.array(languages, dtype=np.int32), lexicons)


def test_a_machine_without_an_instruction_set_says_so() -> None:
    with pytest.raises(ValueError, match="no level 'mmx'"):
        _native.use_simd("mmx")
