"""Abbreviations and sentence openers by language, from ``conventions.toml``."""

from __future__ import annotations

import functools
import importlib.resources
import tomllib
from dataclasses import dataclass, replace
from typing import Final

# Languages without a table of their own borrow this one: names and titles of English news
# are what they quote most, and of its abbreviations few are words elsewhere.
DEFAULT_LANGUAGE = "en"


LANGUAGES: Final = 256
"""More than there are in the news."""


@dataclass(frozen=True, slots=True)
class Conventions:
    """What a full stop means after which word.

    All words are in lower case, without their last full stop.

    Attributes:
        never_last: Words after which a full stop never ends a sentence ("Mr", "vs").
        before_number: Words that are abbreviations only in front of a digit ("No", "Art").
        maybe_last: Abbreviations that a sentence may end with ("Inc", "Jr").
        openers: Words that open a sentence far more often than they are part of a name. After
            an abbreviation that a sentence may end with, it does so in front of these only.
        ordinal_point: Whether "15." means "15th".
    """

    never_last: frozenset[str]
    before_number: frozenset[str]
    maybe_last: frozenset[str]
    openers: frozenset[str]
    ordinal_point: bool


@functools.lru_cache(maxsize=LANGUAGES)
def conventions(lang: str) -> Conventions:
    """The conventions of a language (ISO 639-1); the default ones if it has no table."""
    tables, ordinal_languages = _data()
    table = tables.get(lang)
    if table is not None:
        return table
    return replace(tables[DEFAULT_LANGUAGE], ordinal_point=lang in ordinal_languages)


@functools.cache
def _data() -> tuple[dict[str, Conventions], frozenset[str]]:
    """The tables by language, and the languages with ordinal points."""
    file = importlib.resources.files(__package__).joinpath("conventions.toml")
    content = tomllib.loads(file.read_text("utf-8"))
    ordinal_languages = frozenset(content.pop("ordinal_point").split())
    everywhere = frozenset(content.pop("everywhere_never_last").split())
    tables = {
        lang: Conventions(
            never_last=everywhere.union(table["never_last"].split()),
            before_number=frozenset(table["before_number"].split()),
            maybe_last=frozenset(table["maybe_last"].split()),
            openers=frozenset(table["openers"].split()),
            ordinal_point=lang in ordinal_languages,
        )
        for lang, table in content.items()
    }
    return tables, ordinal_languages
