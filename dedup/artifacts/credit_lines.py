"""Lines in which a text says where it has its words or pictures from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from dedup.artifacts.agencies import AGENCY, AGENCY_LIST, named_in, names
from dedup.artifacts.rule import Hit
from dedup.artifacts.scan import Scan, Words
from dedup.artifacts.zones import HEAD, LINE_START, Anchored, around, search
from dedup.model import Span

# A line of its own says so with one of these words, or without: "Source: Xinhua", "AFP".
_LABEL: Final = (
    r"(?:By|BY|Source|SOURCE|Text|Copyright|©|\(c\)|Quelle|Von|Fuente|Por|Fonte|Par|Источник"
    r"|来源|來源|出典|المصدر|ماخذ|स्रोत)"
)
_CREDITS: Final = Anchored(
    rf"^[ \t(]{{0,3}}(?:{_LABEL}[:：]? ?(?:\d{{4}} )?)?(?:by )?{AGENCY_LIST}[ \t).]{{0,3}}$"
    # In parentheses or not: With input from AFP and Reuters
    rf"|(?P<part>\b[Ww]ith (?:additional )?(?:inputs?|reporting|reports|material|files|contributions?)"
    rf" (?:from|by) [^()\n]{{0,60}}?{AGENCY_LIST}"
    # (mit Material von dpa), (avec AFP), (con información de EFE)
    rf"|\((?:[Mm]it|[Aa]vec|[Cc]on|[Cc]om|С|с)(?: [^()\n]{{1,40}}?)? {AGENCY_LIST}\))"
    # "... on Monday. — AFP", "... on Monday. (Reuters)" at the end of a paragraph
    rf"|(?<=[.!?”\"])[ ]?(?:[-–—]{{1,2}} ?|\()(?:with )?{AGENCY_LIST}\)?[ \t.]{{0,2}}$",
    re.MULTILINE,
    at=("With ", "with ", "("),
    behind=(*LINE_START, ".", "!", "?", "”", '"'),
)
_CONTRIBUTED: Final = re.compile(
    rf"{AGENCY_LIST} (?:also )?contributed to this (?:report|story|article)"
)
CONTRIBUTED: Final = Words("ontributed to this")
# How Reuters signs off: "(Reporting by Jane Roe; Editing by John Doe)"
_SIGN_OFF: Final = re.compile(
    r"\b(?:Additional r|R)eporting (?:and writing )?by [^()\n]{1,200}?; ?(?:[Ww]riting|[Ee]diting) by "
)
REPORTING: Final = Words("eporting ")


def agency_credit(scan: Scan) -> Iterator[Hit]:
    """A credit that names a news agency: "By Reuters", "(With input from AFP and Reuters)".

    Says that the words, or some of them, come from the agency, and helps to tell which of two
    like texts is the source. Weight none: many newsrooms print agency text by right. Only
    lines and phrases in the form of a credit in the head or foot count; an agency that is
    quoted in a sentence does not. ``data`` tells whether the agency gave all of the text
    ("By Reuters") or a part of it ("With input from AFP"). Price: a list of agencies that is
    not complete.
    """
    text, zones = scan.text, scan.zones
    places = around(named_in(scan), text, zones, 120, 60)
    for match in _CREDITS.search(text, *places):
        gives = "part" if match["part"] else "all"
        yield _agency_hit(match, names(match[0]), "credits", {"gives": gives})
    for match in search(_CONTRIBUTED, text, *around(scan.places(CONTRIBUTED), text, zones, 80, 30)):
        yield _agency_hit(match, names(match[0]), "credits", {"gives": "part"})
    for match in search(_SIGN_OFF, text, *around(scan.places(REPORTING), text, zones, 12, 250)):
        yield _agency_hit(match, "Reuters", "is signed off in the manner of", {"gives": "all"})


# A place, and perhaps a date: words with capitals, numbers, and what joins names.
_PLACE = (
    r"[A-Z][\w.'’-]{0,30}"
    r"(?:[ ,/]{1,2}(?:[A-Z0-9][\w.'’-]{0,30}|al|and|de|del|du|el|la|le|of|on|the)){0,9}[ ,:]{0,2}"
)
_DATELINE = Anchored(
    rf"^[ \t]{{0,8}}(?:{_PLACE})?\((?:[A-Z]{{2,6}}/)?(?P<agencies>{AGENCY_LIST})\)(?: ?[-–—:]|\xa0|$)",
    re.MULTILINE,
    behind=LINE_START,
)


def agency_dateline(scan: Scan) -> Iterator[Hit]:
    """A dateline with an agency: "ANKARA (Reuters) -", "PARIS, Feb 9 (AFP) –".

    The text is the agency's, or follows it. Weight none, as for a credit. Only at the start
    of a line in the head.
    """
    places = around(named_in(scan), scan.text, (Span(0, HEAD),), 160, 40)
    for match in _DATELINE.search(scan.text, *places):
        yield _agency_hit(match, names(match["agencies"]), "has a dateline of", {"gives": "all"})


_KIND = r"(?:story|article|post|piece|report|column|op-ed|essay|interview|text|analysis)"
_REPUBLISHED = re.compile(
    rf"\bThis {_KIND} (?:was |has been )?(?:originally|first) (?:appeared|published|posted|ran|written)"
    r" (?:in|on|at|by|with|for) (?P<outlet1>[^\n]{2,100})"
    rf"|\bThis {_KIND} (?:is|was|has been) (?:re-?published|reprinted|reposted|syndicated)"
    r" (?:here )?(?:from|with permission (?:from|of)|courtesy of) (?P<outlet2>[^\n]{2,100})"
    r"|^[ \t(]{0,3}(?:Originally|First) (?:published|posted|appeared) (?:in|on|at|by)"
    r" (?P<outlet3>[^\n]{2,100})"
    rf"|\bRead the (?:original|full) {_KIND} (?:in|on|at) (?P<outlet4>[^\n]{{2,100}})"
    r"|^[ \t(]{0,3}(?:Reprinted|Republished|Syndicated|(?:Story|Text) courtesy)"
    r" (?:with permission )?(?:from|of) (?P<outlet5>[^\n]{2,80})$"
    r"|\bContent created by (?P<outlet6>[^\n]{2,80}?) is available\b"
    # German
    r"|\bDieser (?:Artikel|Text|Beitrag) (?:erschien zuerst|ist zuerst) (?:bei|auf|in(?: der)?|im)"
    r" (?P<outlet7>[^\n]{2,80}?)(?: erschienen|$)"
    # French
    r"|\bCet article (?:a été|est) (?:initialement |d['’]abord )?(?:re)?(?:publié|paru)"
    r" (?:initialement |d['’]abord |à l['’]origine )?(?:sur|dans|par|à partir de) (?P<outlet8>[^\n]{2,80})"
    # Spanish, Portuguese
    r"|\bEste (?:artículo|texto|artigo) (?:fue|ha sido|foi|se) (?:originalmente )?public(?:ado|ó)"
    r" (?:originalmente |por primera vez |primeiro )?(?:en|em|no|na|por) (?P<outlet9>[^\n]{2,80})"
    # Italian
    r"|\bQuesto articolo è (?:apparso|stato pubblicato) (?:originariamente|per la prima volta) su"
    r" (?P<outlet10>[^\n]{2,80})",
    re.MULTILINE,
)
REPUBLICATION_WORDS: Final = Words(
    "riginally ",
    "irst appeared",
    "irst published",
    "irst posted",
    "irst ran",
    "irst written",
    "epublished",
    "e-published",
    "reprinted",
    "reposted",
    "syndicated",
    "Read the ",
    "ourtesy of",
    "ontent created by",
    "Dieser ",
    "Cet article ",
    "Este ",
    "Questo articolo ",
)
"""One of them stands in every notice of republication."""
# "This article was originally published at 4:05 p.m." names a time, not an outlet.
_WHEN = re.compile(
    r"\d|(?:an?|the same|this) |(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\b"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
)
_OUTLET_ENDS = re.compile(
    r"[.,;()](?:\s|$)| under | and (?:is|was|has)\b| with permission| as part of"
    r"| on (?:\d|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun)| in \d{4}"
)


def republication_credit(scan: Scan) -> Iterator[Hit]:
    """A notice that the text appeared elsewhere first: "This story originally appeared in …".

    Names the outlet that has it first-hand, unless that is the article's own. Weight none: the
    reprint is declared, and ``data`` names the outlet for whoever can compare. Only in the head
    or foot, and only where the text speaks of itself ("This story", "Originally published").
    English, German, French, Spanish, Portuguese and Italian.
    """
    places = around(scan.places(REPUBLICATION_WORDS), scan.text, scan.zones, 60, 140)
    for match in search(_REPUBLISHED, scan.text, *places):
        place = next(group for group in match.groups() if group is not None)
        outlet = _OUTLET_ENDS.split(place, maxsplit=1)[0].strip(" .,;:")
        if outlet and not _WHEN.match(outlet):
            says = f"says that it appeared first at {outlet}"
            yield Hit(Span(*match.span()), says, {"outlet": outlet, "gives": "all"})


PICTURES = (
    rf"(?:{AGENCY}|Getty Images|EPA|Shutterstock)(?: Photos?| Images| via [A-Z][\w ]{{1,30}})?"
)
"""An agency as pictures are credited to it: a pattern."""
_PHOTO = Anchored(
    rf"\((?![A-Z]{{2,6}} ?/)[^()\n]{{0,80}}?[/|] ?{PICTURES}(?: ?/[^()\n]{{0,60}})?\)"
    rf"|\((?:Photos?|Images?|Pictures?)(?: credit)?(?: by|:| courtesy of) [^()\n]{{0,60}}?{PICTURES}[^()\n]{{0,60}}\)"
    rf"|\b(?:PHOTO|Photo|Image|Picture)(?: credit)?: ?[^\n]{{0,60}}?{PICTURES}"
    rf"|[ ./]/ ?{PICTURES}(?: ?/ ?[^\n]{{0,40}})?$|\bREUTERS/[A-Z][\w. ]{{1,40}}",
    re.MULTILINE,
    at=("(", "PHOTO", "Photo", "Image", "Picture", " /", "./", "//", "REUTERS/"),
)


PICTURE_SIGNS: Final = Words("/", "|", "hoto", "HOTO", "Image", "Picture")
"""One of them stands in every such credit."""


def photo_credit(scan: Scan) -> Iterator[Hit]:
    """A picture's credit that names an agency: "/AP Photo", "(OMAR HAJ KADOUR / AFP)".

    Says where a picture comes from, not the words: kept apart from agency credits so that
    nobody mistakes it for one. Weight none. Only in the head or foot.
    """
    signs = [place.start for place in scan.places(PICTURE_SIGNS)]
    places = [
        span
        for span in around(named_in(scan), scan.text, scan.zones, 160, 100)
        if any(span.start <= sign < span.end for sign in signs)
    ]
    for match in _PHOTO.search(scan.text, *places):
        credited = names(match[0])
        if credited:
            yield _agency_hit(match, credited, "credits a picture to")


def _agency_hit(
    match: re.Match[str], agencies: str, verb: str, data: Mapping[str, str] | None = None
) -> Hit:
    says = f"the text {verb} {agencies}"
    return Hit(Span(*match.span()), says, {"agencies": agencies, **(data or {})})
