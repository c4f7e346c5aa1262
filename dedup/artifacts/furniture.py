"""What stands in an article's text and is not its prose: captions, links, notices, calls.

Any two articles of one house may share such lines, and no such line says anything about where
the prose comes from. So their words are left out of comparison (``dedup.artifacts.prose``). Precision
comes first: a line of reporting that is taken for furniture is not compared, and a piece of
furniture that is overlooked is compared like prose, which many texts can bear. The lists of
set phrases are ``furniture_phrases``; who wrote the text and where is found by ``bylines``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import islice
from types import MappingProxyType
from typing import Final

from dedup.artifacts import furniture_phrases as phrases
from dedup.artifacts.agencies import names
from dedup.artifacts.credit_lines import PICTURES
from dedup.artifacts.line_phrases import Line, LinePhrases, line_at, lines
from dedup.artifacts.rule import Hit
from dedup.artifacts.scan import Scan, Words
from dedup.artifacts.zones import LINE_START, Anchored
from dedup.model import Span


def call_to_readers(scan: Scan) -> Iterator[Hit]:
    """A line that asks the reader to do something: "Sign up for our newsletter", "Follow @…".

    Subscribe, follow, write to the reporter, send a tip, download, pay; and the notice that
    views are their author's. Known by how the line begins, in twelve languages. What somebody
    says in quotation marks is left alone, and so is a line longer than two sentences. Price:
    a report of two sentences that begins with an order to its reader.
    """
    return _phrase_lines(phrases.CALLS, scan, "asks the reader to do something")


def page_control(scan: Scan) -> Iterator[Hit]:
    """A line of the page around the text: "Share", "Comments", "Story continues below", "Site map".

    Buttons, links of the site, labels of players and galleries; in twelve languages. A single
    word counts only if it is the whole line. Price: a sub-heading of one such word.
    """
    return _phrase_lines(phrases.CONTROLS, scan, "belongs to the page, not the article")


def copyright_notice(scan: Scan) -> Iterator[Hit]:
    """A line on who owns the text: "© 2016 The Associated Press. All rights reserved …".

    Only at the beginning of a line, in twelve languages, and the parts of such a notice that
    hard line breaks cut off. Proves nothing: a text may be printed by right. ``data`` names
    an agency that owns it.
    """
    for line in scan.phrases(phrases.COPYRIGHTS):
        agencies = names(line.text)
        data = {"agencies": agencies, "gives": "all"} if agencies else {}
        yield _hit(line, "says who owns the text", data)


_CHANGED: Final = re.compile(
    r"\d{1,2}(?::\d\d)? ?[ap]\.?m\.: (?:This (?:article|story|post|report)|Updated)\b"
)


HALF_DAY: Final = Words("m.: ")
"""As in "8:15 p.m.: This story has been updated"."""


def version_note(scan: Scan) -> Iterator[Hit]:
    """A line on when the text appeared or was changed: "Last updated …", "This story has been updated".

    In twelve languages. A time without more counts only in a short line: "Published in May,
    the report …" begins a sentence. Dates that the head prints are read by another rule.
    """
    yield from _phrase_lines(phrases.STAMPS, scan, "says when the text appeared or changed")
    yield from _phrase_lines(phrases.VERSIONS, scan, "says when the text appeared or changed")
    for line in _lines_with(HALF_DAY, scan):
        if _CHANGED.match(line.text):
            yield _hit(line, "says when the text appeared or changed")


MOST_LINKS: Final = 8
"""Titles that are looked for below a heading such as "Related stories"."""

LONGEST_TITLE: Final = 130
"""Characters of a title below such a heading; a longer line is a paragraph."""

_SENTENCE_ENDS: Final = (".", ".”", '."', "。", "۔", "।")
_IN_BRACKETS: Final = Anchored(
    r"^\[ ?[A-Z0-9“‘\"'](?:[^\[\]\n ]* ){3,40}[^\[\]\n]{2,60}(?<!\.) ?\][ \t]{0,3}$",
    re.MULTILINE,
    behind=LINE_START,
)

CLOSING_BRACKET: Final = Words("]")
"""The line that is the title of another article ends with one."""


def related_link(scan: Scan) -> Iterator[Hit]:
    """A line that leads to another article: "ALSO READ: …", "Related: …", "[Title of a story]".

    Known by its label, in twelve languages; below a heading such as "Related stories" up to
    eight titles, which are short and no sentences; and a line in square brackets that is no
    sentence. Price: a note in brackets, and a short sub-heading right below such a heading.
    """
    text = scan.text
    for line in scan.phrases(phrases.RELATED):
        yield _hit(line, "leads to another article")
    if scan.places(CLOSING_BRACKET):
        for match in _IN_BRACKETS.search(text, Span(0, len(text))):
            yield Hit(Span(*match.span()), f"the line {_start(match[0])} leads to another article")
    for heading in scan.phrases(phrases.RELATED_HEADINGS):
        for line in _titles_below(heading, text):
            says = f"the line {_start(line.text)} stands below {heading.text!r}"
            yield Hit(Span(line.start, line.end), says)


def _titles_below(heading: Line, text: str) -> Iterator[Line]:
    end = text.find("\n", heading.end)
    below = lines(text[end:]) if end >= 0 else ()
    for line in islice(below, MOST_LINKS):
        if line.text.endswith(_SENTENCE_ENDS) or len(line.text) > LONGEST_TITLE:
            return
        yield Line(end + line.start, line.text)


LONGEST_CAPTION: Final = 600
"""Characters of a line that can be a caption: three long sentences and a credit."""

_PERSON: Final = r"[A-ZÀ-Þ][\w.'’-]+(?: [A-ZÀ-Þ][\w.'’-]*){1,3}"
_CREDIT_ENDS: Final = Anchored(
    # (Photo by Jane Roe/Getty Images), (AP Photo/Jane Roe), (Foto: dpa)
    r"(?:(?:\(|^)(?:(?:AP |EPA |AFP )?Photo|PHOTO|Image|Picture|Foto|Bild|Crédito?|REUTERS)\b[^()\n]{0,110}\)"
    # (Jane Roe / The Daily Planet)
    rf"|(?:\(|^){_PERSON} ?/ ?[A-Z][^()\n]{{1,60}}\)"
    # Jane Roe/AFP via Getty Images; Jane Roe, Getty Images
    rf"|(?:[/|]|, )[ ]?{PICTURES}(?: for [A-Z][\w ]{{1,30}})?"
    r"|\bREUTERS/[A-Z][\w.' /-]{2,60}"
    # Photo: Jane Roe
    rf"|\b(?:Photo|PHOTO|Photograph|Foto|Image|Bild|Picture)(?: credit)?: ?{_PERSON}[^.\n]{{0,60}})"
    r"[ \t.)\]]{0,3}$",
    at=("(", "/", "|", ", ", "REUTERS/", "Photo", "PHOTO", "Foto", "Image", "Bild", "Picture"),
    behind=LINE_START,
)
_CREDIT_WORDS: Final = ("hoto", "HOTO", "oto:", "mage", "/", "REUTERS", "Bild", "icture", "Getty")
_CAPTION_BEGINS: Final = re.compile(
    r"FILE ?(?:PHOTO|IMAGE)?(?: ?:| ?[-–—])|FILE PHOTO|File (?:photo|picture|image)\b ?[:.]"
    r"|In this (?:[A-Z]\w{2,8}\.?(?: \d{1,2})?,? (?:\d{4},? )?|undated |\w{4,7}day, [^\n,]{3,12}, "
    r"(?:\d{4},? )?)(?:file |handout )?(?:photo|image|picture|frame)\b"
    r"|Enlarge this image|(?:toggle|hide) caption|Image (?:copyright|caption|source|credit)\b"
    r"|(?:Photo|Foto|Picture|Image|Bild)(?: (?:by|von|de|di|courtesy of)|(?: credit)? ?:) ?[A-Z]"
    r"|Bildunterschrift|Symbolbild|Archivbild|Crédits? photo|Légende de l['’]image|Фото ?:"
    r"|Подпись к фото|तस्वीर ?:|इमेज (?:कैप्शन|स्रोत)|تصویر کا ذریعہ|صدر الصورة|图片来源|圖片來源|图为|写真[:：]"
)

CAPTION_WORDS: Final = Words(
    *_CREDIT_WORDS,
    *("FILE", "In this ", "caption", "Foto", "Symbolbild", "Archivbild", "Légende de l"),
    *("Фото", "Подпись к фото", "तस्वीर", "इमेज", "تصویر کا ذریعہ", "صدر الصورة", "图片来源"),
    *("圖片來源", "图为", "写真"),
)
"""What captions begin or end with: one of them is in each."""


def photo_caption(scan: Scan) -> Iterator[Hit]:
    """A picture's caption: a line with a picture's credit at its end, or "FILE PHOTO: …" at its start.

    "Jane Roe speaks in Rome. (Photo by John Doe/Getty Images)". Pictures are bought beside
    the words, and two articles of different hands may print the same one. A caption without
    either mark is left alone. Price: where an extractor lost a line's end, the paragraph
    before the credit goes with it, if both are not longer than a caption may be.
    """
    for line in _lines_with(CAPTION_WORDS, scan):
        text = line.text
        if len(text) > LONGEST_CAPTION:
            continue
        begins = _CAPTION_BEGINS.match(text)
        if begins or (any(word in text for word in _CREDIT_WORDS) and _ends_with_credit(text)):
            yield _hit(line, "is a picture's caption or credit")


def _ends_with_credit(line: str) -> bool:
    return any(_CREDIT_ENDS.search(line, Span(0, len(line))))


def _lines_with(words: Words, scan: Scan) -> Iterator[Line]:
    """The lines that hold one of some words, in order."""
    text = scan.text
    for start in sorted({text.rfind("\n", 0, place.start) + 1 for place in scan.places(words)}):
        line = line_at(text, start)
        if line.text:
            yield line


def _phrase_lines(known: LinePhrases, scan: Scan, what: str) -> Iterator[Hit]:
    for line in scan.phrases(known):
        yield _hit(line, what)


def _hit(line: Line, what: str, data: Mapping[str, str] = MappingProxyType({})) -> Hit:
    return Hit(Span(line.start, line.end), f"the line {_start(line.text)} {what}", data)


def _start(text: str) -> str:
    """The beginning of a line, as it is quoted."""
    return repr(text if len(text) <= 40 else f"{text[:39]}…")
