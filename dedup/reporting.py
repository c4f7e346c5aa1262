"""The words that tell whose words are quoted, by language, from ``reporting.toml``."""

from __future__ import annotations

import functools
import importlib.resources
import tomllib
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Reporting:
    """Reporting clauses of one language; the file says what each list is for."""

    verbs: tuple[str, ...]
    told: tuple[str, ...] = ()
    auxiliaries: tuple[str, ...] = ()
    according: tuple[str, ...] = ()
    pronouns: tuple[str, ...] = ()
    participles: tuple[str, ...] = ()
    masculine: tuple[str, ...] = ()
    feminine: tuple[str, ...] = ()
    relations: tuple[str, ...] = ()
    articles: tuple[str, ...] = ()
    indefinite: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    endings: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    confirmed: str = ""
    relative: tuple[str, ...] = ()
    inverts: bool = False
    nouns_capitalized: bool = False
    spaced: bool = True

    @property
    def has_capitals(self) -> bool:
        """Whether names are told by their capitals; else by patterns of the language."""
        return not self.before


def reporting(lang: str) -> Reporting | None:
    """Reporting clauses of a language (ISO 639-1); None if they are not known."""
    return _tables().get(lang.partition("-")[0])


@functools.cache
def _tables() -> dict[str, Reporting]:
    file = importlib.resources.files(__package__).joinpath("reporting.toml")
    tables: dict[str, dict[str, Any]] = tomllib.loads(file.read_text("utf-8"))
    return {lang: _reporting(table) for lang, table in tables.items()}


def _reporting(table: dict[str, Any]) -> Reporting:
    lists: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in table.items()
    }
    return Reporting(**lists)
