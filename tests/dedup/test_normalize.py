"""Laws of normalization, on texts made to break them.

Hypothesis builds texts from the debris that news meets: surrogates, entities whole, nested
and torn, mojibake in layers, controls, marks. Golden cases are in ``cases/normalize``.
"""

from __future__ import annotations

import itertools
import re
import tomllib
import unicodedata
from pathlib import Path

import ftfy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dedup.model import Article, Repair, Span
from dedup.normalize import STEPS, characters, encoding, entities, normalize, read
from dedup.normalize import clean as stages
from dedup.normalize import debris as debris_found
from dedup.normalize.glance import steps_for
from dedup.normalize.offsets import rewrite
from dedup.tokens import tokenize

ROOT = Path(__file__).parents[2]
CASES = tomllib.loads((ROOT / "tests/cases/normalize/repairs.toml").read_text())
SEED_001 = (ROOT / "seeds/001_d55ea6f705596ad4.txt").read_text()

PIECES = [
    *"aeT;&# 39x!\n\t\r.'\"%[]<>",
    "&amp;", "&#39;", "& # 39;", "& quot ;", "&lt;", "& Eacute;", "&#8203;", "&#55357;", "&semi;",
    "amp;", "#38;", "&#0;", "&#xZZ;", "&#59;", "lt;", "&ccedil;", "&num;", "&NewLine;",
    "Ã©", "Â", "Ã ", "â€œ", "â€", "\x9d", "Ã\x83", "Â\x83", "ï¼›", "Ð¿Ñ€", "Å\x93", "œ", "Œ ",
    "ï¬\x81", "voilÃ  le", "é", "“", "”", "’", "—", "…", "\xa0", "\xad", "\x85", "\x80", "ñ",
    "\ud83d", "\ude00", "\udc00", "\u200b", "\u200c", "\u200d", "\ufeff", "\u2028", "\0", "\x1b[0m",
    "م", "ि", "ক", "👩", "\ufe0f", "e\u0301", "\u0301", "\u0323", "\u1100", "\u1161", "\u11a8", "가",
    "ﬁ", "Ａ", "；", "＆", "＃", "ｶﾞ", "\u3000", "中", "я", "ЂВ", "вЂ", "Ω", "\u2126", "Ґ",
    "%MINIFYHTML93693b440c098ab043288d3f91a6728511%", "\nADVERTISEMENT\n", "[caption id=1]",
    "The post A appeared first on B.", "\nPowered by automated translation\n", "\n$(a);\n",
]  # fmt: skip
debris = st.lists(st.sampled_from(PIECES) | st.characters(), max_size=30).map("".join)


@settings(deadline=None)  # a shared machine stalls
@given(debris)
def test_normalizing_twice_changes_nothing(text):
    once = normalize(text).text
    assert normalize(once).text == once


@settings(deadline=None)  # a shared machine stalls
@given(debris)
def test_clean_text_can_be_encoded_and_holds_no_controls(text):
    clean = normalize(text).text
    clean.encode()
    assert not re.search("[\0-\x08\x0b\r\x0e-\x1f\x7f]", clean)


@settings(deadline=None)  # a shared machine stalls
@given(debris)
def test_spans_map_into_the_submitted_text_and_in_order(text):
    clean = normalize(text)
    spans = [clean.submitted(Span(i, i + 1)) for i in range(len(clean.text))]
    for span in spans:
        assert 0 <= span.start <= span.end <= len(text)
    for left, right in itertools.pairwise(spans):
        assert left.start <= right.start
        assert left.end <= right.end


@settings(deadline=None)  # a shared machine stalls
@given(debris)
def test_a_span_covers_what_its_characters_cover(text):
    clean = normalize(text)
    if clean.text:
        whole = clean.submitted(Span(0, len(clean.text)))
        first = clean.submitted(Span(0, 1))
        last = clean.submitted(Span(len(clean.text) - 1, len(clean.text)))
        assert whole == (first.start, last.end)


@settings(deadline=None)  # a shared machine stalls
@given(st.lists(debris))
def test_an_unchanged_word_maps_to_itself(noises):
    text = "".join(f"\n|word{i}|\n{noise}" for i, noise in enumerate(noises))
    clean = normalize(text)
    for i in range(len(noises)):
        word = f"|word{i}|"
        at = clean.text.index(word)
        assert text[slice(*clean.submitted(Span(at, at + len(word))))] == word


@settings(deadline=None)  # a shared machine stalls
@given(debris)
def test_sparing_ftfy_gives_what_calling_it_on_every_line_gives(text):
    spared = normalize(text)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(encoding, "_could_be_mojibake", lambda _: True)
        patch.setattr(stages, "steps_for", lambda _: set(STEPS))
        everywhere = normalize(text)
    assert spared == everywhere


PATTERNS = {
    f"{module.__name__}.{name}": value
    for module in (characters, entities, encoding, debris_found)
    for name, value in vars(module).items()
    if isinstance(value, re.Pattern) and isinstance(value.pattern, str) and name != "_SURROGATES"
}


def check_needed(text):
    for steps in (stages._SAFETY, stages._REPAIRS):
        for name, step in steps.items():
            assert name in steps_for(text) or not step(text), name


@pytest.mark.parametrize("pattern", PATTERNS.values(), ids=PATTERNS)
@settings(max_examples=40, deadline=None)
@given(st.data())
def test_a_step_that_has_work_is_never_left_out(pattern, data):
    check_needed(data.draw(st.from_regex(pattern)))


@settings(deadline=None)
@given(debris)
def test_no_step_that_has_work_is_left_out_of_any_text(text):
    check_needed(text)


@pytest.mark.parametrize(("head", "middle"), debris_found._FEED_TAILS)
def test_no_feed_tail_is_overlooked(head, middle):
    check_needed(f"It rained.\n{head}Rain{middle}The Harbour Post.")


@settings(deadline=None)  # a shared machine stalls
@given(debris)
def test_repairs_are_named_in_order_and_counted_where_they_were_made(text):
    clean = normalize(text)
    names = [repair.step for repair in clean.repairs]
    assert names == [step for step in STEPS if step in names]
    for repair in clean.repairs:
        places = clean.repaired(repair.step)
        assert repair.count == len(places)
        assert all(0 <= place.start <= place.end <= len(text) for place in places)


def test_all_letter_forms_that_ftfy_knows_are_replaced():
    every = "\n".join(chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000)
    plain, _ = rewrite(every, encoding.letter_forms(every))
    assert plain == ftfy.fix_and_explain(every, encoding._FORMS).text


WIDE = st.text(st.sampled_from("！（），：；？．％　３ＡaテＺ7記。 \n"), max_size=30)


@given(WIDE)
def test_punctuation_among_han_and_kana_keeps_its_width_and_places_stay_right(text):
    clean = normalize(text)
    assert normalize(clean.text).text == clean.text
    assert len(clean.text) == len(text)
    for place, (char, given_char) in enumerate(zip(clean.text, text, strict=True)):
        assert char in {given_char, encoding._plain_form(given_char)}
        assert clean.submitted(Span(place, place + 1)) == Span(place, place + 1)


@given(WIDE)
def test_words_are_the_same_whatever_the_width_of_punctuation(text):
    plain = ftfy.fix_and_explain(text, encoding._FORMS).text
    assert tokenize(normalize(text).text).words == tokenize(plain).words


def test_the_shortcut_for_composition_knows_only_stable_characters():
    """Each character that it skips is composed, starts afresh, and composes with no other."""
    for code in range(0x110000):
        char = chr(code)
        if not encoding._NOT_SURELY_COMPOSED.match(char):
            assert unicodedata.is_normalized("NFC", char), hex(code)
            assert unicodedata.combining(char) == 0, hex(code)
            assert unicodedata.normalize("NFC", f"a{char}") == f"a{char}", hex(code)


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: case["label"])
def test_golden_case(case):
    assert normalize(case["submitted"]).text == case["clean"], case["comment"]


@pytest.mark.parametrize(
    "text",
    [
        "&" + "amp;" * 50_000 + "lt;",
        "&#" * 50_000 + "51;" * 50_000,
        "& " * 100_000,
        "&#38" * 50_000 + ";" * 100,
        ";" * 100_000,
        "Ã" + "\x83" * 100_000,
        "Ã\x83" + "Â\x83" * 50_000 + "中",
        "â€œ" * 50_000,
        "a" + "\u0301\u0323" * 50_000,
        "a" + "\u0301" * 50_000 + "\u0323" * 50_000,
        "\u200d" * 100_000,
        "\ud800" * 100_000,
        "\0" * 100_000,
        "The post " * 20_000,
        " appeared first on " * 10_000,
        "The post a appeared first on b. " * 5_000,
        "[caption " * 20_000,
        "% MINIFYHTML" * 10_000,
        "%MINIFYHTML" + "a " * 50_000,
        "function(" * 20_000,
        "$(\n" * 50_000,
        "Powered by " * 10_000,
        "\n" * 100_000,
        " \n" * 50_000,
        "œ" * 100_000,
        "ﬁ" * 100_000,
    ],
    ids=lambda text: f"{text[:12]!a}x{len(text)}",
)
def test_no_text_is_hard(text):
    """Each grows linearly; a quadratic step would take minutes here and hang the suite."""
    clean = normalize(text)
    assert normalize(clean.text).text == clean.text


def test_a_text_that_does_not_come_to_rest_is_made_safe_and_left_alone():
    """One layer of mojibake peels off per round: noise, not news."""
    endless = "& # 39; \0中 Ã" + "\x83" * 100
    assert normalize(endless).text == endless.replace("\0", "")
    assert normalize(endless).repairs == (Repair("control_characters", 1),)


def test_seed_001_is_repaired():
    clean = normalize(SEED_001)
    assert clean.repairs == (Repair("entities", 2), Repair("minify_markers", 2))
    assert "\n' Answer in the strongest way '\n" in clean.text
    assert "MINIFYHTML" not in clean.text
    answer = clean.text.index("Answer in the strongest way")
    span = clean.submitted(Span(answer, answer + len("Answer in the strongest way")))
    assert SEED_001[slice(*span)] == "Answer in the strongest way"


def test_plain_text_is_read_as_it_is():
    article = Article("x", "A < B & C &amp; D")
    assert read(article).text == "A < B & C & D"
    assert read(article).page is None


@pytest.mark.parametrize("media", ["text", "html"])
def test_what_stood_somewhere_as_submitted_is_found_in_the_clean_text(media):
    article = Article(
        "x", "<p>A tor& # 39;n caf\u0065\u0301.</p>\n<p>AD</p>\n<p>It ends.</p>", media
    )
    clean = read(article)
    for word in ("tor", "caf", "It ends"):
        start = article.text.index(word)
        assert clean.text[slice(*clean.located(Span(start, start + len(word))))] == word
