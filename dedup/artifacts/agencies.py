"""News agencies as credits name them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from dedup.artifacts.scan import Scan, Words
from dedup.model import Span

AGENCIES: Final = {
    "AAP": ("Australian Associated Press", "AAP"),
    "AFP": (
        "Agence France-Presse",
        "Agence France Presse",
        "AFP",
        "أ ف ب",
        "اے ایف پی",
        "एएफपी",
        "法新社",
    ),
    "Anadolu": ("Anadolu Agency", "Anadolu", "الأناضول"),
    "ANI": ("ANI", "एएनआई"),
    "ANSA": ("ANSA",),
    "Antara": ("Antara", "ANTARA"),
    "AP": ("The Associated Press", "Associated Press", "AP", "اے پی", "एपी", "美联社"),
    "APA": ("APA",),
    "APP": ("APP", "اے پی پی"),
    "Belga": ("Belga", "BELGA"),
    "Bernama": ("Bernama", "BERNAMA"),
    "Bloomberg": ("Bloomberg News", "Bloomberg", "BLOOMBERG"),
    "CP": ("The Canadian Press", "Canadian Press", "THE CANADIAN PRESS"),
    "dpa": ("Deutsche Presse-Agentur", "dpa", "DPA", "د ب أ"),
    "EFE": ("EFE",),
    "IANS": ("IANS", "आईएएनएस"),
    "INP": ("آئی این پی",),
    "Interfax": ("Interfax", "INTERFAX", "Интерфакс"),
    "IRNA": ("IRNA",),
    "Jiji": ("Jiji Press", "時事"),
    "Kyodo": ("Kyodo News", "Kyodo", "KYODO", "共同"),
    "Lusa": ("Lusa", "LUSA"),
    "NNI": ("این این آئی",),
    "PA": ("Press Association", "PA Media", "PA"),
    "PTI": ("Press Trust of India", "PTI", "पीटीआई", "भाषा"),
    "Reuters": (
        "Thomson Reuters",
        "Reuters",
        "REUTERS",
        "Рейтер",
        "رويترز",
        "رائٹرز",
        "रॉयटर",
        "路透社",
        "ロイター",
    ),
    "Sputnik": ("RIA Novosti", "Sputnik", "РИА Новости"),
    "TASS": ("ITAR-TASS", "TASS", "ТАСС"),
    "Ukrinform": ("Ukrinform", "Укринформ"),
    "UPI": ("United Press International", "UPI"),
    "WAM": ("WAM", "وام"),
    "Xinhua": ("Xinhua", "XINHUA", "新华社", "新華社"),
    "Yonhap": ("Yonhap", "YONHAP", "연합뉴스"),
}
"""Name as reported to spellings. Short ones count only in the form of a credit."""

_NAME_OF: Final = {spelling: name for name, spellings in AGENCIES.items() for spelling in spellings}

AGENCY: Final = (
    r"(?<!\w)(?:" + "|".join(sorted(map(re.escape, _NAME_OF), key=len, reverse=True)) + r")(?!\w)"
)
"""Any one of them: a pattern."""

AGENCY_LIST: Final = (
    rf"{AGENCY}(?:(?: ?[,/&] ?| and |, and | und | et | y | e | и ){AGENCY}){{0,4}}"
)
"""One or some of them: a pattern."""

# The shortest spellings: wherever another one stands, one of these does.
_WORDS: Final = tuple(
    word for word in _NAME_OF if not any(other in word for other in _NAME_OF if other != word)
)
LATIN_WORDS: Final = Words(*(word for word in _WORDS if word.isascii()))
"""One of them stands wherever an agency is named in Latin letters."""
OTHER_WORDS: Final = Words(*(word for word in _WORDS if not word.isascii()))
"""The same in other letters."""
_OTHER_LETTER: Final = re.compile("[\u0370-\u1dff\u2e80-\ud7ff]")
_BEGINNING: Final = 300
"""Characters from which the script of a text is seen."""

# Scripts without spaces and inflected forms join a name to what follows it. Looking at one
# character first makes it ten times as fast.
_SPELLING: Final = re.compile(
    f"(?=[{''.join(sorted({spelling[0] for spelling in _NAME_OF}))}])(?:"
    + "|".join(
        re.escape(spelling) if spelling[0] >= "\u2e80" else rf"(?<!\w){re.escape(spelling)}(?!\w)"
        for spelling in sorted(_NAME_OF, key=len, reverse=True)
    )
    + ")"
)


def named_in(scan: Scan) -> Sequence[Span]:
    """Where a text may name agencies, in the scripts that it is in."""
    latin, other = scan.places(LATIN_WORDS), scan.places(OTHER_WORDS)
    if other and _OTHER_LETTER.search(scan.text, 0, _BEGINNING):
        return [*latin, *other]
    return latin


def agency(publisher: str) -> str | None:
    """The name under which an agency is reported, if a publisher is one: "AP"."""
    return _NAME_OF.get(publisher.strip())


def names(text: str) -> str:
    """The agencies that a credit names, each once: "AFP, Reuters"."""
    return ", ".join(dict.fromkeys(_NAME_OF[spelling] for spelling in _SPELLING.findall(text)))
