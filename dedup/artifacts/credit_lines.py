"""Lines in which a text says where it has its words or pictures from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from dedup.artifacts.rule import Hit
from dedup.artifacts.zones import HEAD, around, head_and_foot, search
from dedup.model import Span
from dedup.normalize import CleanText

# Name as reported, and its spellings. Short ones count only in the form of a credit.
AGENCIES = {
    "AAP": ("Australian Associated Press", "AAP"),
    "AFP": ("Agence France-Presse", "Agence France Presse", "AFP"),
    "Anadolu": ("Anadolu Agency", "Anadolu"),
    "ANI": ("ANI",),
    "ANSA": ("ANSA",),
    "Antara": ("Antara", "ANTARA"),
    "AP": ("The Associated Press", "Associated Press", "AP"),
    "APA": ("APA",),
    "APP": ("APP",),
    "Belga": ("Belga", "BELGA"),
    "Bernama": ("Bernama", "BERNAMA"),
    "Bloomberg": ("Bloomberg News", "Bloomberg", "BLOOMBERG"),
    "CP": ("The Canadian Press", "Canadian Press", "THE CANADIAN PRESS"),
    "dpa": ("Deutsche Presse-Agentur", "dpa", "DPA"),
    "EFE": ("EFE",),
    "IANS": ("IANS",),
    "Interfax": ("Interfax", "INTERFAX"),
    "IRNA": ("IRNA",),
    "Kyodo": ("Kyodo News", "Kyodo", "KYODO"),
    "Lusa": ("Lusa", "LUSA"),
    "PA": ("Press Association", "PA Media", "PA"),
    "PTI": ("Press Trust of India", "PTI"),
    "Reuters": ("Thomson Reuters", "Reuters", "REUTERS"),
    "Sputnik": ("RIA Novosti", "Sputnik"),
    "TASS": ("ITAR-TASS", "TASS"),
    "Ukrinform": ("Ukrinform",),
    "UPI": ("United Press International", "UPI"),
    "WAM": ("WAM",),
    "Xinhua": ("Xinhua", "XINHUA"),
    "Yonhap": ("Yonhap", "YONHAP"),
}
"""News agencies that credits name: name in findings to spellings."""

_NAME_OF = {spelling: name for name, spellings in AGENCIES.items() for spelling in spellings}
_AGENCY = r"\b(?:" + "|".join(sorted(map(re.escape, _NAME_OF), key=len, reverse=True)) + r")\b"
# The shortest spellings: wherever another one stands, one of these does.
_WORDS = tuple(
    word for word in _NAME_OF if not any(other in word for other in _NAME_OF if other != word)
)
_SPELLING = re.compile(_AGENCY)
_LIST = rf"{_AGENCY}(?:(?: ?[,/&] ?| and |, and ){_AGENCY}){{0,4}}"

_CREDITS = re.compile(
    # A line of its own: "By Reuters", "AFP", "Source: Xinhua", "© 2020 AFP".
    rf"^[ \t(]{{0,3}}(?:(?:By|BY|Source|SOURCE|Text|Copyright|©|\(c\))\b:? ?(?:\d{{4}} )?)?(?:by )?"
    rf"{_LIST}[ \t).]{{0,3}}$"
    # In parentheses or not: With input from AFP and Reuters
    rf"|\b[Ww]ith (?:additional )?(?:inputs?|reporting|reports|material|files|contributions?)"
    rf" (?:from|by) [^()\n]{{0,60}}?{_LIST}"
    # "... on Monday. — AFP", "... on Monday. (Reuters)" at the end of a paragraph
    rf"|(?<=[.!?”\"])[ ]?(?:[-–—]{{1,2}} ?|\()(?:with )?{_LIST}\)?[ \t.]{{0,2}}$",
    re.MULTILINE,
)
_CONTRIBUTED = re.compile(rf"{_LIST} (?:also )?contributed to this (?:report|story|article)")
# How Reuters signs off: "(Reporting by Jane Roe; Editing by John Doe)"
_SIGN_OFF = re.compile(
    r"\b(?:Additional r|R)eporting (?:and writing )?by [^()\n]{1,200}?; ?(?:[Ww]riting|[Ee]diting) by "
)


def agency_credit(clean: CleanText) -> Iterator[Hit]:
    """A credit that names a news agency: "By Reuters", "(With input from AFP and Reuters)".

    Says that the words, or some of them, come from the agency, and helps to tell which of two
    like texts is the source. Weight none: many newsrooms print agency text by right. Only
    lines and phrases in the form of a credit in the head or foot count; an agency that is
    quoted in a sentence does not. ``data`` tells whether the agency gave the whole text
    ("By Reuters") or a part of it ("With input from AFP"). Price: a list of agencies that is
    not complete.
    """
    text, zones = clean.shown, head_and_foot(clean.shown)
    for match in search(_CREDITS, text, *around(_WORDS, text, zones, 120, 60)):
        gives = "part" if "ith " in match[0] else "whole"
        yield _agency_hit(match, _names(match[0]), "credits", {"gives": gives})
    for match in search(_CONTRIBUTED, text, *around(("ontributed to this",), text, zones, 80, 30)):
        yield _agency_hit(match, _names(match[0]), "credits", {"gives": "part"})
    for match in search(_SIGN_OFF, text, *around(("eporting ",), text, zones, 12, 250)):
        yield _agency_hit(match, "Reuters", "is signed off in the manner of")


# A place, and perhaps a date: words with capitals, numbers, and what joins names.
_PLACE = (
    r"[A-Z][\w.'’-]{0,30}"
    r"(?:[ ,/]{1,2}(?:[A-Z0-9][\w.'’-]{0,30}|al|and|de|del|du|el|la|le|of|on|the)){0,9}[ ,:]{0,2}"
)
_DATELINE = re.compile(
    rf"^[ \t]{{0,8}}(?:{_PLACE})?\((?:[A-Z]{{2,6}}/)?(?P<agencies>{_LIST})\)(?: ?[-–—:]|\xa0|$)",
    re.MULTILINE,
)


def agency_dateline(clean: CleanText) -> Iterator[Hit]:
    """A dateline with an agency: "ANKARA (Reuters) -", "PARIS, Feb 9 (AFP) –".

    The text is the agency's, or follows it. Weight none, as for a credit. Only at the start
    of a line in the head.
    """
    places = around(_WORDS, clean.shown, (Span(0, HEAD),), 160, 40)
    for match in search(_DATELINE, clean.shown, *places):
        yield _agency_hit(match, _names(match["agencies"]), "has a dateline of")


_KIND = r"(?:story|article|post|piece|report|column|op-ed|essay|interview|text|analysis)"
_REPUBLISHED = re.compile(
    rf"\bThis {_KIND} (?:was |has been )?(?:originally|first) (?:appeared|published|posted|ran|written)"
    r" (?:in|on|at|by|with|for) (?P<outlet1>[^\n]{2,100})"
    rf"|\bThis {_KIND} (?:is|was|has been) (?:re-?published|reprinted|reposted|syndicated)"
    r" (?:here )?(?:from|with permission (?:from|of)|courtesy of) (?P<outlet2>[^\n]{2,100})"
    r"|^[ \t(]{0,3}(?:Originally|First) (?:published|posted|appeared) (?:in|on|at|by)"
    r" (?P<outlet3>[^\n]{2,100})"
    rf"|\bRead the (?:original|full) {_KIND} (?:in|on|at) (?P<outlet4>[^\n]{{2,100}})",
    re.MULTILINE,
)
_REPUBLICATION_WORDS = (
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
)
# "This article was originally published at 4:05 p.m." names a time, not an outlet.
_WHEN = re.compile(
    r"\d|(?:an?|the same|this) |(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\b"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
)
_OUTLET_ENDS = re.compile(
    r"[.,;()](?:\s|$)| under | and (?:is|was|has)\b| with permission| as part of"
    r"| on (?:\d|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|Mon|Tue|Wed|Thu|Fri|Sat|Sun)| in \d{4}"
)


def republication_credit(clean: CleanText) -> Iterator[Hit]:
    """A notice that the text appeared elsewhere first: "This story originally appeared in …".

    Names the outlet that has it first-hand, unless that is the article's own. Weight none: the
    reprint is declared, and ``data`` names the outlet for whoever can compare. Only in the head
    or foot, and only where the text speaks of itself ("This story", "Originally published").
    English only.
    """
    zones = head_and_foot(clean.shown)
    places = around(_REPUBLICATION_WORDS, clean.shown, zones, 60, 140)
    for match in search(_REPUBLISHED, clean.shown, *places):
        place = next(group for group in match.groups() if group is not None)
        outlet = _OUTLET_ENDS.split(place, maxsplit=1)[0].strip(" .,;:")
        if outlet and not _WHEN.match(outlet):
            yield Hit(
                Span(*match.span()), f"says that it appeared first at {outlet}", {"outlet": outlet}
            )


_PICTURES = (
    rf"(?:{_AGENCY}|Getty Images|EPA|Shutterstock)(?: Photos?| Images| via [A-Z][\w ]{{1,30}})?"
)
_PHOTO = re.compile(
    rf"\((?![A-Z]{{2,6}} ?/)[^()\n]{{0,80}}?[/|] ?{_PICTURES}(?: ?/[^()\n]{{0,60}})?\)"
    rf"|\((?:Photos?|Images?|Pictures?)(?: credit)?(?: by|:| courtesy of) [^()\n]{{0,60}}?{_PICTURES}[^()\n]{{0,60}}\)"
    rf"|\b(?:PHOTO|Photo|Image|Picture)(?: credit)?: ?[^\n]{{0,60}}?{_PICTURES}"
    rf"|[ ./]/ ?{_PICTURES}(?: ?/ ?[^\n]{{0,40}})?$|\bREUTERS/[A-Z][\w. ]{{1,40}}",
    re.MULTILINE,
)


def photo_credit(clean: CleanText) -> Iterator[Hit]:
    """A picture's credit that names an agency: "/AP Photo", "(OMAR HAJ KADOUR / AFP)".

    Says where a picture comes from, not the words: kept apart from agency credits so that
    nobody mistakes it for one. Weight none. Only in the head or foot.
    """
    places = around(_WORDS, clean.shown, head_and_foot(clean.shown), 160, 100)
    for match in search(_PHOTO, clean.shown, *places):
        names = _names(match[0])
        if names:
            yield _agency_hit(match, names, "credits a picture to")


def _names(text: str) -> str:
    return ", ".join(dict.fromkeys(_NAME_OF[spelling] for spelling in _SPELLING.findall(text)))


def _agency_hit(
    match: re.Match[str], names: str, verb: str, data: Mapping[str, str] | None = None
) -> Hit:
    return Hit(Span(*match.span()), f"the text {verb} {names}", {"agencies": names, **(data or {})})
