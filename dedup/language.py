"""Which language a text is in, and how sure that is.

A declared language is trusted. Otherwise pycld2 reads a bounded excerpt (tens of
microseconds). langdetect (milliseconds, and half a second once to load its profiles)
arbitrates where pycld2 is unsure or the text is short. A text that neither is sure of, or
that has no letters, is ``"und"``. ``docs/languages.md`` has the accuracy by length.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path

import pycld2
from langcodes import Language as LanguageTag
from langdetect.detector_factory import PROFILES_DIRECTORY, DetectorFactory
from langdetect.lang_detect_exception import LangDetectException

from dedup.model import Language

UNKNOWN = Language("und", None, "nobody")

# Characters of the text that pycld2 reads: enough for its answer not to change with more,
# few enough to cost the same for a book.
EXCERPT_CHARACTERS = 2000
# langdetect draws n-grams at random, so more text only makes it slower.
ARBITER_CHARACTERS = 300
# Under so many letters langdetect is asked as well. Measured on 17 languages of news: from
# 60 letters on the two differ, over languages that both know, in 0.3 % of texts.
SHORT_LETTERS = 60
# Under so many letters langdetect alone is not believed: it is right in 60 % of texts of
# 8 to 16 letters, in 81 % of 17 to 20, and always calls itself certain.
ARBITER_MIN_LETTERS = 17
# langdetect's probabilities are near 1 even when it is wrong; below this it says itself
# that it hesitates between two languages.
ARBITER_MIN_PROBABILITY = 0.9
# langdetect draws with this seed, so that the same text always gives the same answer.
ARBITER_SEED = 0

# Other names of a language that the detectors or senders use.
_SAME_LANGUAGE = {"nb": "no", "fil": "tl"}
# Codes that say "undetermined", "several", "uncoded" and "no linguistic content".
_NO_LANGUAGE = frozenset({"und", "mul", "mis", "zxx"})
# pycld2 calls one Croatian article in ten Bosnian; langdetect knows Croatian only, so this
# answer is never taken without it. The price: Bosnian comes out as Croatian.
_DOUBTED = frozenset({"bs"})

# Scripts that one living language of news is written in.
_SCRIPT_LANGUAGES = (
    (re.compile("[\u3040-\u30ff]"), "ja"),
    (re.compile("[\uac00-\ud7a3]"), "ko"),
    (re.compile("[\u0e01-\u0e5b]"), "th"),
    (re.compile("[\u0e81-\u0edf]"), "lo"),
    (re.compile("[\u1780-\u17f9]"), "km"),
    (re.compile("[\u1000-\u109f]"), "my"),
    (re.compile("[\u10a0-\u10ff]"), "ka"),
    (re.compile("[\u0531-\u0587]"), "hy"),
    (re.compile("[\u0370-\u03ff]"), "el"),
    (re.compile("[\u05d0-\u05ea]"), "he"),
    (re.compile("[\u0a80-\u0aff]"), "gu"),
    (re.compile("[\u0a00-\u0a7f]"), "pa"),
    (re.compile("[\u0b80-\u0bff]"), "ta"),
    (re.compile("[\u0c00-\u0c7f]"), "te"),
    (re.compile("[\u0c80-\u0cff]"), "kn"),
    (re.compile("[\u0d00-\u0d7f]"), "ml"),
    (re.compile("[\u0d80-\u0dff]"), "si"),
    (re.compile("[\u0b00-\u0b7f]"), "or"),
    (re.compile("[\u0980-\u09ff]"), "bn"),
    (re.compile("[\u1200-\u137f]"), "am"),
    # After the kana: Han without any is Chinese, but for a few Japanese headlines.
    (re.compile("[\u3400-\u9fff]"), "zh"),
)
# Japanese has kana beside Han, in news a third to a half of the letters.
MIN_SCRIPT_SHARE = 0.2

_LETTERS = re.compile(r"[^\W\d_]+")
# BCP 47: a primary subtag and others; its old forms "i-…" and private "x-…" name no language.
_TAG = re.compile(r"([A-Za-z]{2,3})((?:[-_][A-Za-z0-9]{1,8})*)")

_DISTINCT_TAGS = 1024  # more than one archive has; tags are what senders write


@functools.lru_cache(maxsize=_DISTINCT_TAGS)
def parse_tag(tag: str) -> str | None:
    """The code of the language that a BCP 47 tag names; None if it names none.

    ISO 639-1, 639-3 where there is none; region and script are dropped, but for ``zh-Hant``.

    >>> parse_tag("en_US"), parse_tag("deu"), parse_tag("zh-TW"), parse_tag("english")
    ('en', 'de', 'zh-Hant', None)
    """
    shape = _TAG.fullmatch(tag.strip())
    if shape is None:
        return None
    # The primary subtag alone: langcodes remembers every tag that it was ever asked about.
    parsed = LanguageTag.get(shape[1].lower())
    if not parsed.is_valid() or parsed.language is None:
        return None
    code = parsed.prefer_macrolanguage().language or parsed.language
    if code in _NO_LANGUAGE:
        return None
    if code == "zh" and _is_traditional(shape[2]):
        return "zh-Hant"
    return _SAME_LANGUAGE.get(code, code)


def _is_traditional(subtags: str) -> bool:
    """Whether script or region of a Chinese tag mean traditional characters."""
    given = set(re.split("[-_]", subtags.lower()))
    return "hant" in given or ("hans" not in given and not given.isdisjoint({"tw", "hk", "mo"}))


def detect_language(text: str, declared: str | None = None) -> Language:
    """Say which language a clean text is in.

    Args:
        text: Clean text; any `str` is accepted.
        declared: BCP 47 tag given with the text. It is trusted; one that names no language,
            or ``"und"``, is passed over.

    >>> detect_language("Der Minister sagte am Montag, er werde nicht zurücktreten.").code
    'de'
    """
    code = parse_tag(declared) if declared else None
    if code is not None:
        return Language(code, None, "declared")
    excerpt = _excerpt(text)
    letters = _count_letters(excerpt, SHORT_LETTERS)
    if not letters:
        return UNKNOWN
    guess = _ask_pycld2(excerpt)
    if guess is not None and guess.code not in _DOUBTED and letters >= SHORT_LETTERS:
        return guess
    return _arbitrate(excerpt, _count_letters(excerpt, EXCERPT_CHARACTERS), guess)


def _count_letters(excerpt: str, enough: int) -> int:
    """How many letters there are; some number from ``enough`` on if there are that many."""
    letters = 0
    for run in _LETTERS.finditer(excerpt):
        letters += run.end() - run.start()
        if letters >= enough:
            break
    return letters


def _excerpt(text: str) -> str:
    """The middle of the text: both ends are where menus, credits and banners stand."""
    start = max(0, (len(text) - EXCERPT_CHARACTERS) // 2)
    return text[start : start + EXCERPT_CHARACTERS]


def _ask_pycld2(excerpt: str) -> Language | None:
    """What pycld2 answers where it calls itself reliable."""
    try:
        reliable, _, answers = pycld2.detect(excerpt.encode("utf-8", "replace"))
    except pycld2.error:
        # It refuses control characters and non-characters. Few texts have any.
        printable = "".join(char if char.isprintable() else " " for char in excerpt)
        reliable, _, answers = pycld2.detect(printable.replace("\ufffd", " ").encode())
    _, tag, percent, _ = answers[0]
    code = parse_tag(tag) if reliable else None
    return Language(code, percent / 100, "pycld2") if code else None


def _arbitrate(excerpt: str, letters: int, guess: Language | None) -> Language:
    """Decide where pycld2's guess does not: by script, else by langdetect."""
    by_script = _by_script(excerpt, letters)
    if by_script is not None:
        agrees = guess is not None and guess.code.startswith(by_script.code)
        return guess if guess is not None and agrees else by_script
    factory = _langdetect_factory()
    if guess is not None and guess.code not in factory.langlist and guess.code not in _DOUBTED:
        return guess
    ruling = _ask_langdetect(factory, excerpt) if letters >= ARBITER_MIN_LETTERS else None
    return ruling or guess or UNKNOWN


def _by_script(excerpt: str, letters: int) -> Language | None:
    for script, code in _SCRIPT_LANGUAGES:
        share = len(script.findall(excerpt)) / letters
        if share >= MIN_SCRIPT_SHARE:
            return Language(code, min(share, 1.0), "script")
    return None


def _ask_langdetect(factory: DetectorFactory, excerpt: str) -> Language | None:
    """What langdetect answers where it does not hesitate."""
    detector = factory.create()
    detector.append(excerpt[:ARBITER_CHARACTERS])
    try:
        answers = detector.get_probabilities()
    except LangDetectException:  # no n-gram that it knows
        return None
    if not answers or answers[0].prob < ARBITER_MIN_PROBABILITY:
        return None
    code = parse_tag(answers[0].lang)
    return Language(code, min(answers[0].prob, 1.0), "langdetect") if code else None


@functools.cache
def _langdetect_factory() -> DetectorFactory:
    """Load langdetect's profiles in a fixed order: its own loader takes the folder's."""
    factory = DetectorFactory()
    factory.set_seed(ARBITER_SEED)
    profiles = sorted(Path(PROFILES_DIRECTORY).iterdir())
    factory.load_json_profile([profile.read_text("utf-8") for profile in profiles])
    return factory
