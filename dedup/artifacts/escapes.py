"""HTML entities left in the text, whole or torn apart."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dedup.artifacts.rule import Hit
from dedup.artifacts.scan import Scan
from dedup.model import Span

_SPACE = re.compile(r"[ \t\xa0]")
_AMPERSAND_TWICE = re.compile(r"&(?:amp|#0{0,5}38|#[xX]0{0,5}26);", re.IGNORECASE)

# A line is code if it holds any of these; prose about code may, too, and is then not judged.
_CODE = re.compile(r"[{}`]|&&|\|\||[=!<>]=|[-=]>|\w\(\)|[\w)] = |\breturn\b.*;")
_ADDRESS = re.compile(r"://|\bwww\.|[?&;][\w.-]{1,40}=")
_CONTEXT = 120  # characters on each side that are looked at for code


def spaced_numeric_entity(scan: Scan) -> Iterator[Hit]:
    """A numeric HTML entity with spaces in it: ``& # 39;``, ``&# 8217;``, ``& # 039;``.

    Catches what is left when HTML-escaped text went through a machine translator (or a naive
    tokenizer), which takes ``&``, ``#`` and the number for words. No writer and no newsroom
    system makes it, and copying does not either: strong evidence of machine translation.
    Leaves whole entities alone, and numbers that stand for no visible character. Price: an
    article *about* such damage is taken for damaged.
    """
    for span, entity in _torn(scan):
        if "#" in entity:
            yield Hit(span, f"the entity {entity!r} was torn apart by spaces", {"entity": entity})


def spaced_named_entity(scan: Scan) -> Iterator[Hit]:
    """A named HTML entity with spaces in it: ``& quot;``, ``& amp;``, ``& nbsp;``.

    The same damage as a spaced numeric entity, and nearly as strong. Only names that occur in
    news text count, and lines that look like program code are left alone, where ``flags &
    mask;`` is an operation. Price: code without braces, calls or comparisons is not recognized.
    """
    for span, entity in _torn(scan):
        if "#" not in entity and not _in_code(scan.text, span):
            yield Hit(span, f"the entity {entity!r} was torn apart by spaces", {"entity": entity})


# What follows an apostrophe inside a word; nobody writes it with a capital.
_AFTER_APOSTROPHE = re.compile(r"[ \t\xa0]?(?:S|T|Re|Ve|Ll|D|M)\b")
_CAPITAL = re.compile(r"[ \t\xa0]?[A-Z][a-z]")


def capital_after_broken_entity(scan: Scan) -> Iterator[Hit]:
    """A capital letter right after a torn entity that stands inside a word: ``& # 39; S army``.

    The translator took the semicolon for the end of a sentence and began a new one. Together
    with the torn entity it is strong evidence. An entity after a space may open a quotation,
    which rightly begins with a capital: then only endings such as ``'S`` and ``'T`` count.
    """
    for span, entity in _torn(scan):
        before = scan.text[max(0, span.start - 2) : span.start]
        inside_word = before[-1:].islower()
        follows = _AFTER_APOSTROPHE.match(scan.text, span.end)
        if follows is None and inside_word:
            follows = _CAPITAL.match(scan.text, span.end)
        if follows and before.strip(" \t\xa0")[-1:].islower():
            says = f"{follows[0].strip()!r} goes on with a capital after the torn entity {entity!r}"
            yield Hit(Span(span.start, follows.end()), says)


def unspaced_entity(scan: Scan) -> Iterator[Hit]:
    """An HTML entity left in the text: ``&#39;``, ``&quot;``.

    The text was escaped once too often or decoded once too seldom, somewhere between a page
    or feed and here. That is damage of transport and says nothing about translation: weight
    none. Addresses and code, where ``&amp;`` is at home, are left alone.
    """
    for span, entity in _whole(scan):
        if not _AMPERSAND_TWICE.match(entity) or entity.count(";") == 1:
            yield Hit(span, f"the entity {entity!r} was not decoded", {"entity": entity})


def double_escape(scan: Scan) -> Iterator[Hit]:
    """An entity that was escaped again: ``&amp;#39;``, ``&amp;quot;``, ``&amp;amp;``.

    Two systems in a row escaped the text, as feeds inside feeds do. Damage of transport:
    weight none. Addresses and code are left alone.
    """
    for span, entity in _whole(scan):
        if _AMPERSAND_TWICE.match(entity) and entity.count(";") > 1:
            layers = entity.count(";")
            yield Hit(span, f"{entity!r} was escaped {layers} times", {"layers": str(layers)})


def _torn(scan: Scan) -> Iterator[tuple[Span, str]]:
    for span in scan.clean.repaired("entities"):
        entity = scan.text[slice(*span)]
        if _SPACE.search(entity):
            yield span, entity


def _whole(scan: Scan) -> Iterator[tuple[Span, str]]:
    for span in scan.clean.repaired("entities"):
        entity = scan.text[slice(*span)]
        if not _SPACE.search(entity) and not _in_code(scan.text, span):
            yield span, entity


def _in_code(text: str, span: Span) -> bool:
    """Whether the line around a place looks like code, or the word around it like an address."""
    before = text[max(0, span.start - _CONTEXT) : span.start].rpartition("\n")[2]
    after = text[span.end : span.end + _CONTEXT].partition("\n")[0]
    word = before.rpartition(" ")[2] + text[slice(*span)] + after.partition(" ")[0]
    return bool(_CODE.search(f"{before} {after}") or _ADDRESS.search(word))
