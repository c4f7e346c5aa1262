"""Abbreviations and sentence openers by language, from ``conventions.toml``."""

from __future__ import annotations

import functools
import importlib.resources
import tomllib
from dataclasses import dataclass

# Languages without a table of their own borrow this one: names and titles of English news
# are what they quote most, and of its abbreviations few are words elsewhere.
DEFAULT_LANGUAGE = "en"


@dataclass(frozen=True, slots=True)
class Conventions:
    """What a full stop means after which word.

    Attributes:
        never_last: Words whose full stop does not end a sentence ("Mr", "z.B"), in lower case.
        before_number: Words that are abbreviations only in front of a digit ("No", "Art").
        openers: Words that open a sentence far more often than they are part of a name. Where
            an abbreviation may end a sentence ("U.S.", "Inc.", "p.m."), it does so in front
            of one of these. Empty: it does in front of any capital.
        maybe_last: Abbreviations that may end a sentence, in lower case; dotted ones
            ("U.S", "a.m") and single letters are known by their form.
        ordinal_point: Whether "15." means "15th".
    """

    never_last: frozenset[str]
    before_number: frozenset[str]
    openers: frozenset[str]
    maybe_last: frozenset[str]
    ordinal_point: bool


def conventions(lang: str) -> Conventions:
    """The conventions of a language (ISO 639-1), or the default ones."""
    tables = _tables()
    return tables.get(lang, tables[DEFAULT_LANGUAGE])


@functools.cache
def _tables() -> dict[str, Conventions]:
    data = importlib.resources.files(__package__).joinpath("conventions.toml")
    return {
        lang: Conventions(
            never_last=_words(table["never_last"]),
            before_number=_words(table["before_number"]),
            openers=_words(table["openers"]),
            maybe_last=_words(table["maybe_last"]),
            ordinal_point=table["ordinal_point"],
        )
        for lang, table in tomllib.loads(data.read_text("utf-8")).items()
    }


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())
