"""Text that machinery left in an article: where it stands, and what of it is removed.

Finding is shared: normalization takes debris out, artifact rules report it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from dedup.model import Span
from dedup.normalize.offsets import Edit


class MinifyMarker(NamedTuple):
    """A place holder of the HTML minifier mrclay/minify that was never filled in again.

    Attributes:
        digest: 32 hexadecimal digits, or all there are if they are not an MD5 and a counter.
        counter: Which place holder of the page; "" if unknown.
    """

    span: Span
    digest: str
    counter: str


class FeedTail(NamedTuple):
    """The line that WordPress appends to each entry of a feed."""

    span: Span
    title: str
    source: str


# Minify writes "%MINIFYHTML" + md5 + counter + "%"; a translator may have put spaces
# between. Other hashes than MD5 are longer or shorter: 8 to 128 digits.
_MINIFY_MARKER = re.compile(r"% ?MINIFYHTML ?((?:[0-9A-Fa-f] ?){8,128})%")
_MD5_AND_COUNTER = re.compile(r"([0-9a-f]{32})([0-9]{1,4})")
_MINIFY = "MINIFYHTML"


def minify_markers(text: str) -> Iterator[MinifyMarker]:
    """All minify markers, inner spaces tolerated."""
    if _MINIFY not in text:
        return
    for match in _MINIFY_MARKER.finditer(text):
        digits = match[1].replace(" ", "").lower()
        parts = _MD5_AND_COUNTER.fullmatch(digits)
        digest, counter = parts.groups() if parts else (digits, "")
        yield MinifyMarker(Span(*match.span()), digest, counter)


# What WordPress core appends ("The post %1$s appeared first on %2$s."), per translation.
_FEED_TAILS = (
    ("The post ", " appeared first on "),
    ("The post ", " first appeared on "),
    ("Der Beitrag ", " erschien zuerst auf "),
    ("L’article ", " est apparu en premier sur "),
    ("L'article ", " est apparu en premier sur "),
    ("La entrada ", " se publicó primero en "),
    ("La entrada ", " aparece primero en "),
    ("L'articolo ", " proviene da "),
    ("L’articolo ", " proviene da "),
    ("O post ", " apareceu primeiro em "),
    ("O conteúdo ", " aparece primeiro em "),
    ("Het bericht ", " verscheen eerst op "),
    ("Artykuł ", " pochodzi z serwisu "),
    ("Inlägget ", " dök först upp på "),
    ("Сообщение ", " появились сначала на "),
)
_LONGEST_TITLE = 300  # characters between the two halves of a feed tail
_LONGEST_SOURCE = 100  # characters of an outlet's name


def feed_tails(text: str) -> Iterator[FeedTail]:
    """Feed tails that end a line ("The post X appeared first on Y."), in text order."""
    found = []
    for head, middle in _FEED_TAILS:
        at = text.find(middle)
        while at >= 0:
            tail = _feed_tail(text, head, at, at + len(middle))
            if tail is not None:
                found.append(tail)
            at = text.find(middle, at + len(middle))
    end = -1
    for tail in sorted(found):
        if tail.span.start >= end:
            yield tail
            end = tail.span.end


def _feed_tail(text: str, head: str, middle: int, after: int) -> FeedTail | None:
    earliest = max(0, middle - _LONGEST_TITLE - len(head))
    line_start = text.rfind("\n", earliest, middle) + 1
    start = text.rfind(head, max(earliest, line_start), middle)
    line_end = text.find("\n", after, after + _LONGEST_SOURCE + 2)
    end = line_end if line_end >= 0 else len(text)
    source = text[after:end].strip().rstrip(".")
    if start < 0 or not source or len(source) > _LONGEST_SOURCE:
        return None
    return FeedTail(Span(start, end), text[start + len(head) : middle], source)


# Whole lines, white space and punctuation around them left aside.
_ADVERTISEMENTS = re.compile(
    r"^[^\w\n]{0,8}(?:"
    r"AD|ADVERTISEMENT|Advertisement|Advertisements|ADVERTISING|Advertising"
    r"|ADVERTISEMENT - CONTINUE READING BELOW|Scroll to continue with content"
    r"|(?:Story|Article) continues (?:below|after) (?:this |the )?ad(?:vertisement)?"
    r"|Continue reading the main story|(?:Article|Story) continues below"
    r"|Anzeige|ANZEIGE|Werbung|WERBUNG|PUBLICIDAD|Publicidad|PUBLICIDADE|Publicidade"
    r"|PUBLICITÉ|Publicité|PUBBLICITÀ|Pubblicità|REKLAMA|Reklama|РЕКЛАМА|Реклама|REKLAM|Reklam"
    r")[^\w\n]{0,8}$",
    re.MULTILINE,
)
# One of them is in each.
_ADVERTISEMENT_WORDS = (
    *("AD", "Advertis", "Scroll to continue", "continues", "Continue reading", "Anzeige"),
    *("ANZEIGE", "Werbung", "WERBUNG", "PUBLIC", "Publicidad", "Publicité", "PUBBLIC", "Pubblic"),
    *("REKLAM", "Reklam", "РЕКЛАМА", "Реклама"),
)
_POWERED_BY = ("Powered by ", "powered by ", "POWERED BY ")
_WIDGET_BANNERS = re.compile(
    r"^[^\w\n]{0,8}(?:Beta V ?\.? ?\d[\d.]{0,8} ?[-–—] ?)?"
    r"(?i:Powered by (?:automated|automatic|machine) translation|Powered by Google Translate"
    r"|Select Language[^\w\n]{0,4}Powered by (?:Google )?Translate)"
    r"[^\w\n]{0,8}$",
    re.MULTILINE,
)
# How advertising and analytics snippets begin; such a line ends like a statement too.
_SCRIPT_START = re.compile(
    r"^[ \t]{0,40}(?:googletag\.|\(adsbygoogle|window\.\w{1,60} ?[=.(]|document\.\w{1,60}\("
    r"|(?:var|let|const) \w{1,60} ?= ?(?:window|document|\w{1,60}\(|[\[{|])|\$\(|jQuery\("
    r"|gtag\(|fbq\(|_taboola\b|_gaq\b|[!(;]{0,2}function ?\w{0,60} ?\()",
    re.MULTILINE,
)
# One of them is in each.
_SCRIPT_WORDS = (
    *("googletag.", "(adsbygoogle", "window.", "document.", "var ", "let ", "const ", "$("),
    *("jQuery(", "gtag(", "fbq(", "_taboola", "_gaq", "function"),
)
_STATEMENT_ENDS = (";", "{", "}", ")")
_CAPTION = "caption"
_CAPTION_TAGS = re.compile(r"\[/?caption\b[^\]\n]{0,500}\]")

STRINGS: Final = {
    "minify_markers": (_MINIFY,),
    "feed_tails": tuple({middle: None for _, middle in _FEED_TAILS}),
    "widget_banners": _POWERED_BY,
    "advertisements": _ADVERTISEMENT_WORDS,
    "scripts": _SCRIPT_WORDS,
    "captions": (_CAPTION,),
}
"""For each step of this module: without any of these in a text it has no work."""


def advertisements(text: str) -> Iterator[Span]:
    """Lines that only mark the place of an advertisement."""
    return _spans(_ADVERTISEMENTS, text)


def widget_banners(text: str) -> Iterator[Span]:
    """Lines of a reader's translation widget."""
    if not any(words in text for words in _POWERED_BY):
        return iter(())
    return _spans(_WIDGET_BANNERS, text)


def scripts(text: str) -> Iterator[Span]:
    """Lines of JavaScript."""
    if "(" not in text or not (";" in text or "{" in text):
        return iter(())
    return _script_lines(text)


def _script_lines(text: str) -> Iterator[Span]:
    for match in _SCRIPT_START.finditer(text):
        start, end = match.start(), text.find("\n", match.end())
        line = text[start : end if end >= 0 else len(text)]
        if line.rstrip().endswith(_STATEMENT_ENDS):
            yield Span(start, start + len(line))


def caption_tags(text: str) -> Iterator[Span]:
    """WordPress short codes around a picture's caption; the caption is not part of it."""
    if _CAPTION not in text:
        return iter(())
    return _spans(_CAPTION_TAGS, text)


def _spans(pattern: re.Pattern[str], text: str) -> Iterator[Span]:
    return (Span(*match.span()) for match in pattern.finditer(text))


def remove_minify_markers(text: str) -> list[Edit]:
    """Take out minify markers."""
    return _removed((marker.span for marker in minify_markers(text)), "minify_markers")


def remove_feed_tails(text: str) -> list[Edit]:
    """Take out feed tails."""
    return _removed((tail.span for tail in feed_tails(text)), "feed_tails")


def remove_widget_banners(text: str) -> list[Edit]:
    """Take out banners of translation widgets."""
    return _removed(widget_banners(text), "widget_banners")


def remove_advertisements(text: str) -> list[Edit]:
    """Take out advertisement lines."""
    return _removed(advertisements(text), "advertisements")


def remove_scripts(text: str) -> list[Edit]:
    """Take out lines of JavaScript."""
    return _removed(scripts(text), "scripts")


def remove_caption_tags(text: str) -> list[Edit]:
    """Take out caption short codes; the caption itself stays."""
    return _removed(caption_tags(text), "captions")


def _removed(spans: Iterator[Span], step: str) -> list[Edit]:
    return [Edit(span.start, span.end, "", step) for span in spans]
