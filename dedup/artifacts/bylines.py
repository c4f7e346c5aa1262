"""Who wrote a text, and where: bylines, datelines, sign-offs. None of it is prose."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from dedup.artifacts.agencies import names
from dedup.artifacts.line_phrases import LinePhrases, PhraseBook, lines
from dedup.artifacts.rule import Hit
from dedup.artifacts.scan import Scan, Words
from dedup.artifacts.zones import HEAD, LINE_START, Anchored, around
from dedup.model import Span

_WORD: Final = r"[A-ZÀ-Þ][\w.'’-]*"
_NAME: Final = rf"{_WORD}(?: (?:(?:de|van|von|der|di|al|bin|el) )?{_WORD}){{1,4}}"
# What may follow a name: office, outlet, time. No other word in lower case.
_OFFICE: Final = (
    r"(?:[A-Z0-9][\w.:'’/@-]*|of|the|for|in|at|and|a\.m\.|p\.m\.|am|pm|staff|writers?|reporters?"
    r"|editor|correspondents?|columnist|contributor|updated|last|reviewed|by|special|political"
    r"|senior|chief|national|sports|medical|[|/•·–—-])"
)
_PREPOSITIONS: Final = (
    *("By", "BY", "Von", "VON", "Par", "PAR", "Por", "POR", "Di", "DI", "Door", "Af", "Av"),
    *("Text von", "Reported by", "Written by"),
)
_BYLINE: Final = re.compile(
    rf"(?:{'|'.join(_PREPOSITIONS)})[: ] ?{_NAME}"
    rf"(?:(?:, | and | AND | & | und | et | y | e |, and | with ){_NAME}){{0,6}}"
    rf"(?:[ ,|/]{{1,3}}{_OFFICE}(?:[ ,]{{1,2}}{_OFFICE}){{0,14}})?$"
)
_ROLES: Final = (
    *("Writer", "Writers", "Reporter", "Reporters", "Correspondent", "Correspondents"),
    "Columnist",
)
_ROLE: Final = re.compile(rf"(?:[A-Z][\w.'’&]*[ /]){{1,5}}(?:Staff )?(?:{'|'.join(_ROLES)})$")
BYLINE_WORDS: Final = Words(
    *(f"{preposition}{mark}" for preposition in _PREPOSITIONS for mark in ": "),
    *("Writer", "Reporter", "Correspondent", "Columnist"),
)
"""One of them stands in every byline that is not known by a label."""
_LABELS: Final = LinePhrases(
    """
author:
authors:
byline:
from staff reports
from staff and wire reports
from wire reports
staff report$
staff and agencies$
autor:
autorin:
texte:
redacción$
da redação$
redazione$
автор:
авторы:
текст:
رپورٹ:
بقلم
بقلم:
कृत:
लेखक:
作者：
作者:
来源：
来源:
來源：
记者：
記者：
编辑：
责任编辑：
文：
執筆：
""",
    longest=80,
)
_LABEL_BOOK: Final = PhraseBook([_LABELS])
LONGEST_BYLINE: Final = 150
"""Characters: three names, an office and a time."""


def byline(scan: Scan) -> Iterator[Hit]:
    """A line that says who wrote the text: "By JANE DOE, Staff Writer", "Von Max Muster".

    Only in the head, and only a line that holds nothing but names, offices, outlets and
    times: "By Election Day, voters had …" is a sentence. In eight languages with a
    preposition, in others with a label ("作者："). Price: a title such as "By Sheer Force".
    """
    head = scan.text[:HEAD]
    named = any(place.end <= HEAD for place in scan.places(BYLINE_WORDS))
    for line in lines(head) if named else ():
        text = line.text.rstrip(" |")
        if len(text) <= LONGEST_BYLINE and _says_who(text):
            yield Hit(Span(line.start, line.end), f"the line {text[:60]!r} says who wrote the text")
    for line in _LABEL_BOOK.lines(head).get(_LABELS, ()):
        yield Hit(Span(line.start, line.end), f"the line {line.text!r} says who wrote the text")


def _says_who(line: str) -> bool:
    # Nearly all lines are told apart by the strings alone, in a tenth of a pattern's time.
    return (line.startswith(_PREPOSITIONS) and _BYLINE.match(line) is not None) or (
        line.endswith(_ROLES) and _ROLE.match(line) is not None
    )


_MONTH: Final = (
    r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mär|Mai|Okt|Dez|janv|févr|mars|avr|juin"
    r"|juil|août|sept|déc|ene|abr|ago|dic|fev|mai|set|out|dez|gen|mag|giu|lug|ott|янв|фев|мар|апр"
    r"|мая|июн|июл|авг|сен|окт|ноя|дек|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w{0,8}\.?"
)
_DAY: Final = rf"(?:{_MONTH} \d{{1,2}}|(?:le |den )?\d{{1,2}}\.?(?: de)? {_MONTH})(?:,? \d{{4}})?"
_DASH: Final = r"(?: ?(?:—|–|--)|\.-| -(?= ))[ \u00a0]?"
_CAPITALS: Final = r"[A-ZÀ-ÞА-Я][A-ZÀ-ÞА-Я.'’-]{2,}(?:[ /](?:DE|[A-ZÀ-ÞА-Я][A-ZÀ-ÞА-Я.'’-]+)){0,4}"
_REGION: Final = r"(?:, [A-Z][\w.]{1,20}(?: [A-Z][\w.]{1,20}){0,2}){0,2}"
_DATELINE: Final = Anchored(
    # WASHINGTON — ; STANDING ROCK, N.D. (WDAY) -- ; LONDON, Nov 3 -
    rf"^[ \t|]{{0,8}}(?:{_CAPITALS}{_REGION}(?:,? {_DAY})?(?: ?\([^()\n]{{2,40}}\))?{_DASH}"
    # Berlin, 3. November - ; Paris, le 3 mai (AFP) –
    rf"|{_WORD}(?: {_WORD}){{0,3}}(?:, {_WORD})?, {_DAY}(?: ?\([^()\n]{{2,40}}\))?{_DASH}"
    # (CNN) -- ; Denver (KCNC) -
    rf"|(?:{_WORD}(?: {_WORD}){{0,3}}{_REGION} ?)?\([A-Z][A-Z/]{{1,9}}(?: News)?\){_DASH})",
    re.MULTILINE,
    behind=LINE_START,
)
_URDU_DESKS: Final = (
    r"اے پی پی|اے ایف پی|این این آئی|آئی این پی|آن لائن|رائٹرز|ڈیسک|ڈسک|نیوز|رپورٹ|نمائندہ|نامہ نگار|خبر نگار|وقائع نگار"
    r"|ایجنسیاں|بی بی سی|اسٹاف|سٹاف|صباح|ثناء|خصوصی|وائس آف|مانیٹرنگ"
)
_OTHER_DATELINES: Final = Anchored(
    # واشنگٹن ۔ 6 اگست (اے پی پی)
    rf"\A\s{{0,8}}[^()\n؟:،0-9]{{2,60}}(?:[۔.،,]? ?\d{{1,2}} ?[^()\n\d]{{2,12}})?"
    rf"\((?=[^()\n]{{0,70}}(?:{_URDU_DESKS}))[^()\n]{{2,80}}\)[ :۔–—-]{{0,3}}"
    # القاهرة (رويترز) -
    r"|^[^()\n.،:0-9]{2,30}(?:[،,]? ?\d{1,2} [^()\n\d]{2,20})?\((?:رويترز|أ ?ف ?ب|د ?ب ?أ|سانا|وام|واس|قنا|وكالات|الأناضول|CNN|سي إن إن)\)[ :–—-]{0,3}"
    # नई दिल्ली, 3 नवंबर (भाषा)
    r"|^[^()\n।:0-9]{2,30}(?:[,،] ?\d{1,2} [^()\n\d]{2,12})?\((?:भाषा|वार्ता|एएनआई|आईएएनएस|पीटीआई|एपी|एएफपी|रॉयटर)\)[ :।–—-]{0,3}"
    # 新华社北京11月3日电（记者张三）
    r"|^[ \u3000]{0,4}(?:新华社|中新社|中新网|新華社|中央社|人民网|路透社|法新社)[^\n，。、]{0,24}?[电電讯訊](?:[（(][^）)\n]{1,40}[）)])?"
    # 【ワシントン共同】
    r"|^[ \u3000]{0,4}【[^】\n]{2,24}】|^[ \u3000]{0,4}[（(][^）)\n]{1,12}(?:共同|時事|ロイター)[）)]",
    re.MULTILINE,
    behind=LINE_START,
)
DASHES: Final = Words("—", "–", "--", " - ", ".-")
"""A dateline ends with one of them, in languages with capitals."""
OTHER_DESKS: Final = Words(
    *_URDU_DESKS.split("|"),
    *(
        "رويترز",
        "أف",
        "أ ف",
        "دب",
        "د ب",
        "سانا",
        "وام",
        "واس",
        "قنا",
        "وكالات",
        "الأناضول",
        "(CNN",
    ),
    *("سي إن إن", "भाषा", "वार्ता", "एएनआई", "आईएएनएस", "पीटीआई", "एपी", "एएफपी", "रॉयटर"),
    *("新华社", "中新社", "中新网", "新華社", "中央社", "人民网", "路透社", "法新社", "【"),
    *("共同", "時事", "ロイター"),
)
"""Who reports, in other languages' datelines: none is without."""


def dateline(scan: Scan) -> Iterator[Hit]:
    """The place, and perhaps the day, that a report begins with: "BERLIN, Nov 3 —", "(CNN) --".

    A place in capitals and a dash, a place with a date and a dash, or what corresponds to it
    in Russian, Urdu, Arabic, Hindi, Chinese and Japanese. At the start of a line in the head,
    and the first one only; ``data`` names an agency in it. Price: a label in capitals before a dash ("ANALYSIS — ").
    """
    head = Span(0, HEAD)
    for needed, pattern in ((DASHES, _DATELINE), (OTHER_DESKS, _OTHER_DATELINES)):
        places = [place.start for place in scan.places(needed) if place.end <= HEAD]
        if places:
            starts = {scan.text.rfind("\n", 0, place) + 1 for place in places}
            for match in pattern.matches(scan.text, head, sorted({0, *starts})):
                yield _dateline(match)
                return


def _dateline(match: re.Match[str]) -> Hit:
    says = f"the text is dated from {match[0].strip(' |')[:60]!r}"
    agencies = names(match[0])
    return Hit(
        Span(*match.span()), says, {"agencies": agencies, "gives": "all"} if agencies else {}
    )


LONGEST_SIGN_OFF: Final = 700
"""Characters of a line that can be a sign-off: a dozen names with their places."""

_SIGN_OFF: Final = Anchored(
    # (Reporting by Jane Roe in Rome; Editing by John Doe)
    r"\((?:Additional |Writing and )?[Rr]eporting (?:and writing )?by [^()\n]{3,600}\)"
    r"|\((?:Writing|Editing|Compiled|Created|Reporte|Reportagem|Escrito|Édité|Rédigé|Bericht) "
    r"(?:by|de|por|von|par) [^()\n]{3,300}\)"
    # The same on a line of its own.
    r"|^[ \t(—–-]{0,4}(?:Additional r|With r|R)eporting (?:and writing )?by [A-Z][^\n]{3,400}$"
    # Jane Roe in Rome and John Doe contributed to this report.
    r"|^[ \t•⦁*·(—–-]{0,4}(?!It |He |She |They |This |That |These |But |And )[A-Z][^“”\"\n]{2,600}?"
    r"\b(?:also )?contributed (?:to this (?:report|story|article|post|piece)|reporting)\b[^\n]{0,200}$"
    # Roe reported from Rome.
    r"|^[A-Z][\w’'-]+(?:(?:,|,? and) [A-Z][\w’'-]+){0,3} reported from [A-Z](?![^\n]* that )[^\n]{2,110}$",
    re.MULTILINE,
    at=("(",),
    behind=LINE_START,
)
SIGN_OFF_WORDS: Final = Words(
    "eporting by",
    "eporting and writing by",
    "diting by",
    "riting by",
    "ompiled by",
    "eporte de",
    "eportagem de",
    "contributed to this",
    "contributed reporting",
    "reported from",
)
"""One of them stands in every sign-off."""


def sign_off(scan: Scan) -> Iterator[Hit]:
    """Who reported, wrote and edited, at the end: "(Reporting by …; Editing by …)".

    Also "Jane Roe contributed to this report." and "Roe reported from Rome." on lines of
    their own. In the head or foot. Weight none; an agency named there is a finding of
    ``agency_credit``. English, and a few forms of Romance languages and German. Price: a
    short last sentence before "… contributed to this report." goes with it.
    """
    words = scan.places(SIGN_OFF_WORDS)
    places = around(words, scan.text, scan.zones, LONGEST_SIGN_OFF, LONGEST_SIGN_OFF)
    for match in _SIGN_OFF.search(scan.text, *places):
        says = f"the text is signed off: {match[0].strip()[:60]!r}"
        yield Hit(Span(*match.span()), says)
