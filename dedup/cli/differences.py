"""What differs between two articles, for people: a line for each kind of difference."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import Console
from rich.table import Table

from dedup.cli.screen import visible
from dedup.model import Change, Differences, Direction, KeptWords, Substitution

SHOWN = 12
"""Differences of one kind that are printed; ``--json`` has all."""


def print_differences(
    console: Console, differences: Differences, direction: Direction, names: tuple[str, str]
) -> None:
    """Print an empty line and what differs; nothing if no sentence of one text has a counterpart in the other.

    Args:
        console: Where to.
        differences: Of the article asked about and another.
        direction: Arrows lead from the source's words to those of the text taken from it.
        names: Of the two articles.
    """
    if not differences.content_words.total:
        return
    listed = Table.grid(padding=(0, 1))
    for label, says in _lines(differences, direction, names):
        listed.add_row(f"  {label}:", visible(says))
    console.print()
    console.print(f"Where {visible(names[0])} and {visible(names[1])} say the same:")
    console.print(listed)


def _lines(
    differences: Differences, direction: Direction, names: tuple[str, str]
) -> Iterator[tuple[str, str]]:
    if differences.numbers:
        yield "numbers changed", _changes(differences.numbers)
    if differences.names:
        yield "names changed", _changes(differences.names)
    if differences.substitutions:
        yield "words substituted", _pairs(differences.substitutions, direction)
    if differences.forms:
        yield "other forms", _pairs(differences.forms, direction)
    yield "kept", _kept(differences)
    alone = len(differences.only_query), len(differences.only_candidate)
    if any(alone):
        yield "sentences", f"{alone[0]} only in {names[0]}, {alone[1]} only in {names[1]}"


def _changes(changes: Sequence[Change]) -> str:
    return _first(
        list(dict.fromkeys(f"{one.query_text} against {one.candidate_text}" for one in changes))
    )


def _pairs(pairs: Sequence[Substitution], direction: Direction) -> str:
    return _first([_pair(pair, direction) for pair in pairs])


def _pair(pair: Substitution, direction: Direction) -> str:
    words = {
        "copied_from": f"{pair.candidate} → {pair.query}",
        "copied_by": f"{pair.query} → {pair.candidate}",
        "unknown": f"{pair.query} / {pair.candidate}",
    }[direction]
    return words if pair.count == 1 else f"{words} ({pair.count} times)"


def _first(said: Sequence[str]) -> str:
    unsaid = len(said) - SHOWN
    return ", ".join(said[:SHOWN]) + (f" and {unsaid} more" if unsaid > 0 else "")


def _kept(differences: Differences) -> str:
    kinds: dict[str, KeptWords] = {
        "names": differences.kept_names,
        "numbers": differences.kept_numbers,
        "other words": differences.content_words,
        "function words": differences.function_words,
    }
    return ", ".join(
        f"{words.kept} of {words.total} {name}" for name, words in kinds.items() if words.total
    )
