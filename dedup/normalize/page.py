"""The main text of an HTML page, and where in the page each part of it stands.

resiliparse finds the main text but says nothing about places. So each text node is given
one character as a mark before the page is parsed: a code point of the private planes 15
and 16, which counts the nodes. Where a mark comes out in the main text, the text of that
node begins, and the way back is exact; the marks are taken out again.

Deliberately not done: no guessing where comments, lists of links or captions belong (the
extractor's rules decide), no scripts run, no other page fetched.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.html import HTMLTree

from dedup.model import Span
from dedup.normalize.offsets import OffsetMap

_FIRST_MARK = 0xF0000
_MARKS = 0x10FFFE - _FIRST_MARK
_MARK = re.compile("[\U000f0000-\U0010fffd]")
# What would be taken for a mark, and what cannot be handed to the parser.
_FOREIGN = re.compile("[\U000f0000-\U0010ffff\ud800-\udfff\0]")

# An attribute value may hold ">" between quotes. Possessive throughout: no backtracking.
_TAG = re.compile(
    r"""</?([a-zA-Z][^\s/>]*+)(?:[^>=]|=\s*+"[^"]*+"|=\s*+'[^']*+'|=(?!\s*+["']))*+>""",
)
_TEXT_ONLY = ("script", "style", "title", "textarea", "iframe", "noembed", "noframes", "xmp")
_VOID = frozenset(
    ("area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr")
)
_SELF_CLOSING = frozenset(("p", "li", "td", "th", "tr", "dt", "dd", "option", "tbody", "thead"))

# The extractor takes quadratic time in the nesting of blocks (a megabyte of <div>, 990 deep:
# 5.9 s, 250 deep: 1.6 s), quadratic space in that of lists (10,000 deep: 100 MB), and the
# parser quadratic time in the attributes of one tag (60,000: 6.5 s). Pages of news sites
# stay below 60 deep and a few dozen attributes. A deeper page is read without layout and
# without telling main text from the rest, which takes linear time.
_DEEPEST = 250
_LONGEST_TAG = 50_000  # characters; a longer tag is read without its attributes


@dataclass(frozen=True, slots=True)
class Page:
    """What was read from an HTML page.

    Attributes:
        text: The main text, entities decoded, otherwise not repaired.
        title: Of the ``<title>`` element, white space trimmed; None if there is none.
        places: Maps the text into the page's source.
    """

    text: str
    title: str | None
    places: OffsetMap


def read_page(source: str) -> Page:
    """Main text of a page; empty if it holds no text. Never raises on bad markup."""
    same_length = _FOREIGN.sub("\ufffd", source)
    outline = _outline(same_length)
    tree = HTMLTree.parse(_marked(same_length, outline))
    marked = _main_text(tree, outline)
    title = _MARK.sub("", tree.title or "").strip() or None
    return _placed(marked, same_length, outline.nodes, title)


@dataclass(frozen=True, slots=True)
class _Outline:
    """Text nodes of a page, its overlong tags, and how deep it is nested."""

    nodes: list[Span]
    overlong_tags: list[tuple[Span, str]]
    depth: int


def _outline(source: str) -> _Outline:
    nodes: list[Span] = []
    overlong: list[tuple[Span, str]] = []
    depth = deepest = position = 0
    for span, name in _markup(source):
        if position < span.start:
            nodes.append(Span(position, span.start))
        position = span.end
        if span.end - span.start > _LONGEST_TAG and name and not name.startswith("!"):
            overlong.append((span, name))
        if name and name not in _VOID and name not in _SELF_CLOSING:
            depth += -1 if source.startswith("</", span.start) else 1
            deepest = max(deepest, depth)
    if position < len(source):
        nodes.append(Span(position, len(source)))
    return _Outline([n for n in nodes if not source[n.start : n.end].isspace()], overlong, deepest)


def _markup(source: str) -> Iterator[tuple[Span, str]]:
    """Everything that is not text, with the tag's name in lower case ("" for comments)."""
    start = source.find("<")
    while start >= 0:
        end, name = _markup_end(source, start)
        if end > start:
            yield Span(start, end), name
        start = source.find("<", max(end, start + 1))


def _markup_end(source: str, start: int) -> tuple[int, str]:
    """Where the markup that begins at ``start`` ends; ``start`` itself if it is a plain "<"."""
    following = source[start + 1 : start + 4]
    if following == "!--":
        return _after(source, "-->", start + 4), ""
    if following[:1] in ("!", "?"):
        return _after(source, ">", start + 2), ""
    if not following.lstrip("/")[:1].isalpha():
        return start, ""
    tag = _TAG.match(source, start)
    if tag is None:  # the tag never ends: the rest of the page is in it
        return len(source), ""
    name = tag[1].lower()
    if name in _TEXT_ONLY and not tag[0].startswith("</"):
        closing = re.compile(f"</{name}", re.IGNORECASE).search(source, tag.end())
        return (closing.start() if closing else len(source)), "!" + name
    return tag.end(), name


def _after(source: str, closing: str, start: int) -> int:
    found = source.find(closing, start)
    return found + len(closing) if found >= 0 else len(source)


def _marked(source: str, outline: _Outline) -> str:
    """The page with a mark before the first visible character of each text node."""
    changes: list[tuple[int, int, str]] = [
        (span.start, span.end, f"<{name}>") for span, name in outline.overlong_tags
    ]
    for number, node in enumerate(outline.nodes[:_MARKS]):
        text = source[node.start : node.end]
        first = node.start + len(text) - len(text.lstrip())
        changes.append((first, first, chr(_FIRST_MARK + number)))
    pieces: list[str] = []
    copied = 0
    for start, end, replacement in sorted(changes):
        pieces += (source[copied:start], replacement)
        copied = end
    return "".join((*pieces, source[copied:]))


def _main_text(tree: HTMLTree, outline: _Outline) -> str:
    """The main text with marks; all text where there is no main text to be told."""
    plain = outline.depth <= _DEEPEST
    main = _extract(tree, layout=True, main_content=True) if plain else ""
    return main if main.strip() else _extract(tree, layout=plain, main_content=False)


def _extract(tree: HTMLTree, *, layout: bool, main_content: bool) -> str:
    return extract_plain_text(
        tree,
        preserve_formatting=layout,
        main_content=main_content,
        list_bullets=False,
        alt_texts=False,
        comments=False,
    )


class _Run(NamedTuple):
    """A stretch of the main text and the stretch of the page that it was made from."""

    text: Span
    source: Span


def _placed(marked: str, source: str, nodes: list[Span], title: str | None) -> Page:
    """Take the marks out of the main text and note where its parts stand in the page."""
    pieces: list[str] = []
    runs: list[_Run] = []
    length = latest = 0
    starts = [mark.start() for mark in _MARK.finditer(marked)]
    for start, end in zip([0, *starts], [*starts, len(marked)], strict=True):
        marks = _MARK.match(marked, start, end) is not None
        piece = marked[start + marks : end]
        number = ord(marked[start]) - _FIRST_MARK if marks else len(nodes)
        if number < len(nodes) and nodes[number].start >= latest:
            latest = nodes[number].end
            runs += _runs_of_node(piece, length, source, nodes[number])
        pieces.append(piece)
        length += len(piece)
    text = "".join(pieces)
    return Page(text, title, _offset_map(runs, text, source))


def _runs_of_node(piece: str, at: int, source: str, node: Span) -> list[_Run]:
    raw = source[node.start : node.end]
    shown = piece.rstrip()
    begin = node.start + len(raw) - len(raw.lstrip())
    if source.startswith(shown, begin):
        return [_Run(Span(at, at + len(shown)), Span(begin, begin + len(shown)))]
    visible = (at + i for i, char in enumerate(piece) if not char.isspace())
    runs = []
    for (char, span), place in zip(_visible_characters(raw, node.start), visible, strict=False):
        if piece[place - at] != char:
            break  # the parser read on differently: what follows is left coarse
        runs.append(_Run(Span(place, place + 1), span))
    return runs


# As the HTML standard has it; a name without its semicolon is not decoded here.
_ENTITY = re.compile(r"&(?:#[0-9]{1,9};?|#[xX][0-9A-Fa-f]{1,8};?|[0-9A-Za-z]{2,31};)")


def _visible_characters(raw: str, start: int) -> Iterator[tuple[str, Span]]:
    """Characters other than white space that a stretch of the page shows, with their places."""
    position = 0
    while position < len(raw):
        entity = _ENTITY.match(raw, position) if raw[position] == "&" else None
        end = entity.end() if entity else position + 1
        span = Span(start + position, start + end)
        for char in html.unescape(raw[position:end]) if entity else raw[position]:
            if not char.isspace():
                yield char, span
        position = end


def _offset_map(runs: list[_Run], text: str, source: str) -> OffsetMap:
    """The map from text to page: between two runs, the gaps stand for each other."""
    segments: list[tuple[int, int, int, int]] = []
    text_end = source_end = 0
    for run in runs:
        if (run.text.start, run.source.start) != (text_end, source_end):
            segments.append((text_end, run.text.start, source_end, run.source.start))
        if text[slice(*run.text)] != source[slice(*run.source)]:
            segments.append((*run.text, *run.source))
        text_end, source_end = run.text.end, max(source_end, run.source.end)
    if text_end < len(text):
        segments.append((text_end, len(text), source_end, source_end))
    starts, ends, source_starts, source_ends = (
        zip(*segments, strict=True) if segments else ((),) * 4
    )
    return OffsetMap(starts, ends, source_starts, source_ends)
