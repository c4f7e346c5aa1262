"""What a text or page says, or lets slip, about having been translated by machine."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dedup.artifacts.notices import NOTICES
from dedup.artifacts.rule import Hit
from dedup.artifacts.scan import Scan, Stems, Words
from dedup.artifacts.zones import Anchored
from dedup.model import Span

NOTICE_STEMS: Final = Stems(*(stem for notice in NOTICES for stem in notice.stems))


def machine_translation_notice(scan: Scan) -> Iterator[Hit]:
    """A sentence at head or foot by which the text declares itself machine-translated.

    "This article was automatically translated from German." Known in some thirty languages;
    strong evidence, for the text says so itself. The bare words "automatic translation" are
    only a topic and are left alone, as are sentences about other texts ("his post was
    automatically translated") and translations by people. Price: a short text that *quotes*
    such a notice at its head or foot is taken at its word.
    """
    for zone in scan.zones:
        words = scan.text[slice(*zone)].casefold()
        for notice in NOTICES:
            if any(stem in words for stem in notice.stems):
                for match in notice.pattern.finditer(scan.text, zone.start, zone.end):
                    says = f"the text declares itself machine-translated, in {notice.language}"
                    yield Hit(Span(*match.span()), says, {"language": notice.language})


_NESTED_FONTS = re.compile(
    r"<font\b[^<>]{0,100}vertical-align: ?inherit;?[^<>]{0,40}>\s{0,20}"
    r"<font\b[^<>]{0,100}vertical-align: ?inherit",
    re.IGNORECASE,
)
_TRANSLATED_PAGE = re.compile(r"<html\b[^<>]{0,500}\btranslated-(?:ltr|rtl)\b", re.IGNORECASE)


def saved_browser_translation(scan: Scan) -> Iterator[Hit]:
    """A page that was saved while a browser was translating it (HTML only).

    Chrome wraps each translated piece in two nested ``<font style="vertical-align: inherit;">``
    and marks the page ``translated-ltr``; Edge does so, too. No editor writes that: strong
    evidence that the text is a machine translation. A single such ``<font>`` is left alone.
    Reported once per page, with the number of pieces.
    """
    if scan.clean.page is None:
        return
    places = [Span(*match.span()) for match in _NESTED_FONTS.finditer(scan.clean.page)]
    places += [
        Span(*match.span()) for match in _TRANSLATED_PAGE.finditer(scan.clean.page, 0, 5_000)
    ]
    if places:
        says = f"the page holds {len(places)} marks of a browser's translation"
        yield Hit(min(places), says, {"places": str(len(places))}, in_page=True)


# Words that nothing but a sentence's start, or a title in capitals, begins with a capital.
# Not "May", "Will" or "The": a month, a name, "The Hague".
_CAPITALIZED = (
    *("It", "He", "She", "They", "This", "These", "Those", "His", "Their", "Its", "Has", "Have"),
    *("Had", "Is", "Was", "Were", "Are", "Would", "Could", "Should", "And", "But", "Which"),
    *("When", "While", "Because", "That"),
)
CAPITALIZED: Final = Words(*(f" {word} " for word in _CAPITALIZED))
"""Such words as they stand amid others."""
_STRAY = Anchored(
    rf"(?<=[a-z]{{2}}) (?:{'|'.join(_CAPITALIZED)})(?= [a-z]{{2}})", at=CAPITALIZED.strings
)
_LONGEST_WORD = 30  # characters that are looked at for the beginning of the word before


def stray_capital(scan: Scan) -> Iterator[Hit]:
    """A capital in mid-sentence where none belongs: "more than 300 civilians and It has".

    Machine translators set such capitals where they stitch pieces together. So do people and
    page extractors who lose a full stop, so it is a weak feature and never evidence alone
    (it fires on 4.1 % of machine-translated news, 0.6 % of originals, 0.1 % of newswire).
    English function words between lower-case words only: titles in capitals, names ("Liu He")
    and words after punctuation or quotation marks are left alone. Price: "His" for God.
    """
    starts = [place.start for place in scan.places(CAPITALIZED)]
    for match in _STRAY.matches(scan.text, Span(0, len(scan.text)), starts):
        before = scan.text[max(0, match.start() - _LONGEST_WORD) : match.start()].split()[-1]
        if not before[0].islower():
            continue
        word = match[0].strip()
        yield Hit(Span(match.start() + 1, match.end()), f"{word!r} has a capital in mid-sentence")
