"""Reporting clauses of a language whose names have capitals, as patterns."""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dedup.reporting import Reporting

MAX_ROLE: Final = 80
"""Code points of a role."""

UPPER: Final = "".join(filter(str.isupper, map(chr, range(0x41, 0x530))))
_PARTICLE: Final = (
    r"(?:(?:van|von)(?: de[rn]?)?|de(?: las?| los)?|da|do|dos|das|del|della|du|zu|ter|ten|bin|ibn)"
)
_SPACE: Final = "[ \u00a0]"
# A full stop belongs to initials and short titles only; what ends in 's is somebody else's.
_TOKEN: Final = (
    rf"(?:(?:Mr|Mrs|Ms|Dr|Prof|St|Sen|Rep|Gov|Gen|Col|Lt|Sgt|Capt|Rev|Sr|Sra|Dott|Sig|M|Mme)\.|"
    rf"(?:[{UPPER}]\.)+|[{UPPER}]\w*(?:[-’'](?!s\b)\w+)*(?!\w|['’]s\b|\.\w))"
)
NAME: Final = rf"{_TOKEN}(?:{_SPACE}(?:{_PARTICLE}{_SPACE})?{_TOKEN}){{0,6}}"
SHORT_TITLES: Final = (
    *("Mr", "Ms", "Dr", "St", "Lt", "Sr", "Jr", "vs", "Mrs", "Sen", "Rep", "Gov", "Gen", "Col"),
    *("Sgt", "Rev", "Sra", "Sig", "Mme", "Prof", "Capt"),
)
# Not behind a title, nor an initial.
_NO_TITLE: Final = r"(?<=\w\w)" + "".join(rf"(?<!\b{title})" for title in SHORT_TITLES)
SENTENCE_END: Final = re.compile(rf"{_NO_TITLE}[.!?…][”“\"»’']*\s+(?=[{UPPER}“„«\"‘])")
CLAUSE_END: Final = re.compile(rf"{_NO_TITLE}[.!?…](?=\s|$)|[;:“”„«»\"\n]")


@dataclass(frozen=True, slots=True)
class Grammar:
    """Compiled patterns of a language with capitals.

    Attributes:
        verb: A reporting verb; group ``told`` if the speaker stands before it only.
        according: "according to".
        pronoun: One that stands for a speaker.
        pronoun_last: The same, at the end.
        trailing: Auxiliaries at the end.
        name: A name with the titles before it.
        proper_name: Words behind a name that make it part of a role, and the ``name`` proper.
        last_name: A name at the end, or one with an apposition between commas (``role``).
        relation: A word at the end that makes a name behind it somebody else's.
        possessive: Something of somebody's, whose words may be quoted then.
        another: A second name, with "and".
        articles: Words that may stand alone between a verb and a name.
        apposition: A ``role`` behind a name.
        relative: A relative clause or an age, which is none.
        inverts: Whether verbs stand before their subject in front of a quotation, too.
        titles: Words before a name that are its role.
        endings: Of such words.
    """

    verb: re.Pattern[str]
    according: re.Pattern[str]
    pronoun: re.Pattern[str]
    pronoun_last: re.Pattern[str]
    trailing: re.Pattern[str]
    name: re.Pattern[str]
    proper_name: re.Pattern[str]
    last_name: re.Pattern[str]
    relation: re.Pattern[str]
    possessive: re.Pattern[str]
    another: re.Pattern[str]
    articles: frozenset[str]
    apposition: re.Pattern[str]
    relative: re.Pattern[str]
    inverts: bool
    titles: frozenset[str]
    endings: tuple[str, ...]

    def is_title(self, word: str) -> bool:
        """Whether a word before a name is a title."""
        return word in self.titles or (bool(self.endings) and word.lower().endswith(self.endings))


@functools.cache
def grammar(words: Reporting) -> Grammar:
    """The patterns that the words of a language make."""

    def any_of(alternatives: Sequence[str]) -> str:
        return "|".join(map(re.escape, sorted(alternatives, key=len, reverse=True))) or r"(?!)"

    auxiliaries = rf"(?:(?:{any_of(words.auxiliaries)})\s+){{0,2}}"
    verbs, told = any_of(words.verbs), any_of(words.told)
    role = rf"[^\W\d_{UPPER}][^,.;:“”„«»\"\n]{{2,{MAX_ROLE}}}"
    return Grammar(
        verb=re.compile(rf"(?<![\w’'-]){auxiliaries}(?:(?P<told>{told})|(?:{verbs}))(?![\w’'-])"),
        according=re.compile(rf"\b(?:{any_of(words.according)})\s", re.IGNORECASE),
        pronoun=re.compile(rf"(?:{any_of(words.pronouns)})\b"),
        pronoun_last=re.compile(rf"\b(?:{any_of(words.pronouns)})$", re.IGNORECASE),
        trailing=re.compile(rf"(?:\s+(?:{any_of(words.auxiliaries)}))+$"),
        name=re.compile(NAME),
        proper_name=re.compile(
            rf"(?:\s(?!(?:{any_of(words.relations)})\b)[^\W\d_{UPPER}]\w+){{1,4}}\s(?P<name>{NAME})"
        ),
        last_name=re.compile(
            rf"(?:(?P<name>{NAME})(?:\s\([^)]{{1,40}}\)|,\s[A-Z]-[A-Z][\w.]+,?)?(?:,\s(?P<role>{role}),)?|(?<=,\s)(?P<apart>{NAME}),)$"
        ),
        relation=re.compile(rf"(?:^|[\s’'])(?:{any_of(words.relations)})$", re.IGNORECASE),
        possessive=re.compile(rf"\b[{UPPER}]\w+['’]s\b"),
        another=re.compile(rf"\s+(?:and|und|y|et|e|en|и|&)\s+[{UPPER}]"),
        articles=frozenset(words.articles),
        apposition=re.compile(rf",\s(?P<role>{role})(?=[,.;:\n]|$)"),
        relative=re.compile(rf"(?:{any_of(words.relative)})\b|.*\d"),
        inverts=words.inverts,
        titles=frozenset(words.titles),
        endings=words.endings,
    )
