"""Texts that try what C code gets wrong: borders of blocks, widths of strings, odd characters."""

from __future__ import annotations

from hypothesis import strategies as st

# Few of each kind, so that random texts mix them.
LETTERS = st.sampled_from("aZéßªİΣДёقیٱﻻनक東かカーก한𝐁𠮷\ufb01\u1e9e\u0130\u0149\ufefb")
MARKS = st.sampled_from("\u0301\u0307\u064e\u0640\u093e\u0e49\u3099\ufe0f\u200d")
NUMBERS = st.sampled_from("05½Ⅳ२๒〇")
OTHERS = st.sampled_from(" \n.,'’-_،。\u00ad\u200c\ud800\x00😀“”…\u2027\u2028\u200f")

ASCII = st.text(st.sampled_from("abcXYZ019 .-@[`{/:\x7f"), max_size=140)
"""Long enough for two blocks of 64."""

SINGLE = st.one_of(LETTERS, MARKS, NUMBERS, OTHERS, st.characters())
"""Of all of Unicode, lone surrogates included."""

WORDS = st.sampled_from(
    [
        "the",
        "volcano",
        "erupted",
        "in",
        "Iceland",
        "on",
        "Monday",
        "said",
        "Straße",
        "İstanbul",
        "2020",
        "٣٠",
        "संयुक्त",
        "東京都",
        "ภูเขาไฟ",
        "부산항",
        "извержение",
        "вулкана",
        "café",
        "ﷲ",
        "ﻻ",
        "ہزار",
        "don’t",
        "—",
    ]
)

TEXTS = st.one_of(
    st.text(st.characters(), max_size=200),
    st.lists(st.one_of(ASCII, SINGLE), max_size=30).map("".join),
    st.lists(WORDS, max_size=150).map(" ".join),
    st.lists(SINGLE, max_size=150).map("".join),
)
