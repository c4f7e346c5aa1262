"""Whether a text says of itself that it corrects, updates or repeats an earlier version.

Agencies head a new version with a bracketed notice, "(Corrects spelling in paragraph 3)", and
its title with a mark, "UPDATE 2-"; papers put a line below the text, "An earlier version of
this article misstated …". A text that says so is not the first of its versions, and which of
two versions is the later is hard to tell by anything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final, Literal

from dedup.artifacts.rule import Hit
from dedup.artifacts.scan import FORMS_OF_I, Scan, Stems, Words
from dedup.artifacts.zones import LINE_START, Anchored
from dedup.model import Span

Revises = Literal["corrects", "updates", "repeats"]

LONGEST: Final = 600
"""Characters of a notice. The longest that were read have 400: they list every slip."""

LONGEST_TITLE: Final = 200
"""Characters of a first line that can be the text's title."""

_TEXT: Final = r"(?:article|story|post|report|item|obituary|column|dispatch|review|headline)"
_CORRECT: Final = (
    r"(?:corrects?|corrected|fix(?:es|ed)|clarif(?:y|ies|ied)|amend(?:s|ed)|re-?filed)"
)
_CHANGE: Final = rf"(?:{_CORRECT}|updates?|updated|adds|removes|drops|deletes|replaces|changes)"

# What only an editor's note speaks of: places in a text, and slips of the pen.
_PLACE: Final = (
    r"\b(?:paragraphs?|paras?|pars?|grafs?|lede|headlines?|bylines?|datelines?|bullet points?"
    r"|throughout|typo(?:s|graphical)?|spelling|dropped|extraneous|syntax|garbled?)\b"
)

# The rest of a notice, as far as its bracket: hard line breaks may stand in it, empty lines not.
_INSIDE: Final = rf"(?:[^()\[\]\n]|\n(?![ \t]*\n)|\([^()\n]{{0,80}}\)){{0,{LONGEST}}}"
_BRACKETED: Final = Anchored(
    r"[(\[] ?(?:"
    # (Corrects …), (Refiles to …); (Corrected paragraph:) is a label
    rf"(?:Corrects|Refiles|refiles to|Repeats to|Corrected|Officially corrects)\b(?!{_INSIDE}: ?[)\]])"
    # (This July 9 story was officially corrected …), (This version of the story corrects …)
    r"|(?:This|The(?: following)?)(?: [A-Z][\w.]{2,8} \d{1,2})? (?:version of (?:the|this) )?"
    rf"{_TEXT}(?: version)? (?:(?:is|was|has been) (?:officially )?)?{_CHANGE}\b"
    # (In Aug. 31 story, corrects …), (In 13th paragraph, corrects …)
    r"|In [^()\n]{2,40}(?:story|item|paragraph|article),? corrects\b"
    # (Korrigiert …), (Corrige …): German; French and Spanish
    r"|(?:Korrigiert|Berichtigt|Corrige|Rectifie|Rectifica|Berichtigung|Korrektur) "
    # (Adds dropped word in paragraph 5)
    rf"|(?:Adds|Changes|Fixes|Clarifies|Removes|Deletes|Drops|Alters|Amends)\b(?={_INSIDE}{_PLACE})"
    rf"){_INSIDE}[)\]]",
    at=("(", "["),
)
BRACKETS: Final = Words(
    *(
        f"{bracket}{space}{word}"
        for bracket in "(["
        for space in ("", " ")
        for word in (
            *(
                "Corrects",
                "Refiles",
                "refiles to",
                "Repeats to",
                "Corrected",
                "Officially corrects",
            ),
            *("This", "The", "In ", "Korrigiert", "Berichtigt", "Corrige", "Rectifie", "Rectifica"),
            *("Berichtigung", "Korrektur", "Adds", "Changes", "Fixes", "Clarifies", "Removes"),
            *("Deletes", "Drops", "Alters", "Amends", "Updates", "Recasts", "Repeats", "Rewrites"),
            *("Aktualisiert", "Wiederhol", "Actualise", "Actualiza", "Répète", "Repite"),
        )
    )
)
"""How notices in brackets begin, at the beginning of a line or elsewhere."""

_AT_LINE_START: Final = Anchored(
    # (Adds analyst comment), (Updates with …); not (Adds Roe: "…")
    r"^[ \t]{0,3}[(\[] ?(?:Adds|Updates|Recasts|Repeats|Rewrites|Aktualisiert mit|Wiederholt|"
    rf"Wiederholung|Actualise|Actualiza|Répète|Repite)\b"
    rf"(?!{_INSIDE}:(?: ?[“\"«]|[)\]]))(?: ?,| [^\W_]){_INSIDE}[)\]]",
    re.MULTILINE,
    behind=LINE_START,
)
_UNBRACKETED: Final = re.compile(rf"\s*(?:Corrects|Refiles|Repeats) [^\n]{{4,{LONGEST}}}")
_HAS_PLACE: Final = re.compile(rf"{_PLACE}|\bto (?:show|say|read)\b")

_LABEL: Final = (
    r"(?:Corrections?|Clarifications?|Corrections? (?:and|&) (?:clarifications?|updates?)"
    r"|Editors?['’]?s?['’]? note|Korrektur|Berichtigung|Anmerkung der Redaktion|Correction"
    r"|Rectificatif|Corrección|Fe de errores|Nota de la redacción)"
)
_LINE: Final = Anchored(
    rf"^[ \t*•>—–-]{{0,4}}(?:{_LABEL}(?:[ ,(]{{1,2}}[^:\n]{{0,25}})?: ?)?(?:"
    # An earlier version of this article, of a picture caption with this article
    r"(?:An?|The) (?:earlier|previous|prior|original) version of "
    rf"(?:(?:a|the) [\w ]{{4,30}} (?:with|accompanying|in) )?this {_TEXT}\b"
    rf"|This version (?:of (?:this|the) {_TEXT} )?(?:corrects|fixes|clarifies|updates|adds)\b"
    rf"|This {_TEXT} (?:has been|was) (?:corrected|amended)\b"
    # In einer früheren Version dieses Artikels
    r"|(?:In einer|Eine) (?:früheren?|vorherigen?|ersten?|ursprünglichen?) (?:Version|Fassung) "
    r"(?:dieses|des) (?:Artikels|Textes|Beitrags|Berichts)\b"
    r"|(?:Dans )?une (?:version (?:précédente|antérieure|initiale)|(?:précédente|première) version)"
    r" de (?:cet article|ce texte)\b"
    r"|(?:En )?una (?:versión (?:anterior|previa|inicial)|primera versión)"
    r" de (?:este (?:artículo|texto)|esta (?:noticia|nota|información))\b"
    rf")[^\n]{{0,{LONGEST}}}$"
    # Correction: This article originally said …
    r"|^[ \t*•>—–-]{0,4}(?:Corrections?|Clarifications?|Korrektur)(?: [^:\n]{0,25})?: "
    rf"(?=[^\n]{{0,60}}\b(?:this|the) {_TEXT} "
    r"(?:has been|was|originally|initially|incorrectly|previously|misstated|misspelled|gave)\b)"
    rf"[^\n]{{8,{LONGEST}}}$",
    re.MULTILINE | re.IGNORECASE,
    behind=LINE_START,
)
LINE_STEMS: Final = Stems(
    *(f"vers{i}{o}n" for i in FORMS_OF_I for o in "oó"),
    *("fassung", "correct", "amended", "korrektur"),
    *(f"clar{i}f" for i in FORMS_OF_I),
)
"""One of them stands in every such line."""

MARKS: Final = Words(
    *("OFFICIAL", "CORRECT", "REFILE", "UPDATE", "RPT", "REPEAT", "KORREKTUR", "BERICHTIGUNG"),
    *("WDH", "RECTIFICATIF", "CORRECCIÓN", "Corrects ", "Refiles ", "Repeats "),
)
"""How the marks of titles begin, and notices that lost their brackets."""

_MARK: Final = re.compile(
    r"\s*(?:(?:OFFICIAL[ -]CORRECT(?:ED|ION)|CORRECT(?:ED|ION)|REFILED?|UPDATE ?\d{1,2}|RPT|REPEAT"
    r"|KORREKTUR|BERICHTIGUNG|WDH|RECTIFICATIF|CORRECCIÓN)(?: ?\(OFFICIAL\))?(?: ?[-–—:/] ?)){1,3}"
    r"(?=\S)"
)
_MARK_OF_TITLE: Final = re.compile(
    rf"{_MARK.pattern}|\s*(?:Update ?\d{{0,2}}|UPDATE|Updated|UPDATED|Correction|Corrected|Korrektur"
    r"|Rectificatif|Corrección) ?[:–—] ?(?=\S)"
)

_REPEATS: Final = re.compile(r"\W*(?:repeat|rpt|wdh|wiederhol|répète|repite)", re.IGNORECASE)
_UPDATES: Final = re.compile(
    r"\W*(?:(?:this|the)\b[\w .]{0,40}? )?(?:adds(?! (?:the )?(?:dropped|missing|word))|updat|recasts|rewrites|aktualis"
    r"|actuali[sz])",
    re.IGNORECASE,
)


def revision_notice(scan: Scan) -> Iterator[Hit]:
    """A notice that the text revises an earlier version: "(Corrects paragraph 3)", "UPDATE 2-".

    ``data`` tells whether the text ``corrects``, ``updates`` or ``repeats`` it (``revises``);
    what is filed again to mend a slip corrects. In brackets in the head or foot; as a line of
    its own that speaks of an earlier version of this article; as the mark of a title in the
    first line. English, and a few forms of German, French and Spanish. Weight none: a revision
    is its outlet's own. Price: a notice that stands in the middle of a text is not seen, nor is
    one that names no earlier version ("This story has been updated").
    """
    text = scan.text
    found: list[tuple[int, int]] = []
    if BRACKETS in scan.met:
        found += (match.span() for match in _BRACKETED.search(text, *scan.zones))
        found += (match.span() for match in _AT_LINE_START.search(text, scan.zones[0]))
    if LINE_STEMS in scan.met:
        found += (match.span() for match in _LINE.search(text, *scan.zones))
    if MARKS in scan.met:
        found += _first_line(text)
    last = -1
    for start, end in sorted(found):
        if start < last:
            continue
        last = end
        notice = text[start:end]
        data = {"revises": _revises(notice)}
        says = f"the text says of itself that it {data['revises']} an earlier version"
        yield Hit(Span(end - len(notice.lstrip()), end), says, data)


def title_revises(title: str) -> Revises | None:
    """What a title says that its text does to an earlier version: "UPDATE 2-", "Correction: ".

    Args:
        title: As submitted.
    """
    mark = _MARK_OF_TITLE.match(title)
    return _revises(mark[0]) if mark else None


def _first_line(text: str) -> Iterator[tuple[int, int]]:
    """The mark of a title, or a notice that lost its brackets."""
    end = text.find("\n")
    if 0 <= end <= LONGEST_TITLE and (mark := _MARK.match(text)):
        yield mark.span()
    notice = _UNBRACKETED.match(text)
    if notice and end >= 0 and _HAS_PLACE.search(notice[0]):
        yield notice.span()


def _revises(notice: str) -> Revises:
    if _REPEATS.match(notice):
        return "repeats"
    return "updates" if _UPDATES.match(notice) else "corrects"
