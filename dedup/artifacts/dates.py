"""Dates that a text prints about itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from dedup.artifacts.rule import Hit
from dedup.artifacts.scan import FORMS_OF_I, Scan, Stems
from dedup.artifacts.zones import search
from dedup.model import Span

_HEAD = 400  # characters; a dateline further down belongs to something else
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_TIME = (
    r"(?:\d{1,2}[:.]\d{2}(?::\d{2})?(?: ?[ap]\.?m\.?)?(?: ?\(?(?:GMT|UTC|[A-Z]{2,4}T)\)?)?,? ?)?"
)
_WEEKDAY = r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},? )?"
# ISO; day, month name, year; month name, day, year. "09/02/2020" is two dates, and left alone.
_DATE = (
    r"(?:(?P<iso>\d{4}-\d{2}-\d{2})"
    rf"|(?P<d1>\d{{1,2}})[- ](?P<m1>{_MONTH})[- ,]{{1,2}}(?P<y1>\d{{4}})"
    rf"|(?P<m2>{_MONTH}) (?P<d2>\d{{1,2}}),? (?P<y2>\d{{4}}))\b"
)
_YEAR = re.compile(r"\d{4}")
_LABEL = r"(?:(?:first |last )?(?:published|updated|posted|modified)(?: (?:on|at))?|date)"
LABEL_STEMS: Final = Stems(
    *(f"publ{i}shed" for i in FORMS_OF_I),
    *(f"mod{i}f{j}ed" for i in FORMS_OF_I for j in FORMS_OF_I),
    *("posted", "date"),
)
"""One of them stands in every label."""
_LABELLED = re.compile(
    rf"\b(?P<label>{_LABEL}) ?:? ?{_WEEKDAY}{_TIME}{_WEEKDAY}{_DATE}", re.IGNORECASE
)


def dateline_date(scan: Scan) -> Iterator[Hit]:
    """A date that the text's head gives for itself: "Updated 11:01, 09-Feb-2020".

    Says when the text, or the copy it was taken from, was published: used where the article
    came without a date, and to search for a marker's render clock. Weight none. Needs a label
    ("Published", "Updated", "Posted", "date") in the first 400 characters, and a date that can
    be read in one way: ``09/02/2020`` is left alone. English month names only.
    """
    if not _YEAR.search(scan.text, 0, _HEAD):
        return
    for match in search(_LABELLED, scan.text, Span(0, _HEAD)):
        day = _day(match)
        if day is not None:
            says = f"the text's head says {match['label'].lower()!r} {day.isoformat()}"
            yield Hit(Span(*match.span()), says, {"date": day.isoformat()})


def _day(match: re.Match[str]) -> date | None:
    try:
        if match["iso"]:
            return date.fromisoformat(match["iso"])
        month = (match["m1"] or match["m2"])[:3].lower()
        day, year = int(match["d1"] or match["d2"]), int(match["y1"] or match["y2"])
        return date(year, _MONTHS.index(month) + 1, day)
    except ValueError:  # February 30
        return None
