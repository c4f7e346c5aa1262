"""What may name an article."""

from __future__ import annotations

from dedup.errors import BadIdError

MAX_ID_BYTES = 512
"""Longest id, in bytes of UTF-8: room for nearly every URL that news sites use, and three
times as much percent-encoded still fits a request line of 4,094 bytes."""

JOINERS = frozenset("\u200c\u200d")
"""Zero-width non-joiner and joiner: part of the spelling of words in Persian and in Indic
scripts, so also of addresses made from headlines."""


def check_id(article_id: str) -> None:
    r"""Accept any printable name: a number, a slug, a whole URL, in any script.

    Ids are compared code point by code point, so what cannot be seen is refused:
    two ids that look alike on a screen would name two articles. The price: a character
    younger than this Python's Unicode tables counts as unprintable.

    Raises:
        BadIdError: The id is empty, longer than ``MAX_ID_BYTES``, begins or ends with
            white space, or holds an unprintable character.

    >>> check_id("https://example.com/nachrichten/größe?page=2")
    >>> check_id("two\nlines")
    Traceback (most recent call last):
    dedup.errors.BadIdError: the id holds the unprintable character U+000A at position 3; ...
    """
    if not article_id:
        raise BadIdError(f"the id is empty; give 1 to {MAX_ID_BYTES} bytes of text", "id")
    for position, character in enumerate(article_id):
        if not character.isprintable() and character not in JOINERS:
            raise BadIdError(
                f"the id holds the unprintable character U+{ord(character):04X} at position "
                f"{position}; use printable characters only",
                "id",
            )
    if article_id != article_id.strip():
        raise BadIdError("the id begins or ends with white space; take it off", "id")
    size = len(article_id.encode())
    if size > MAX_ID_BYTES:
        raise BadIdError(
            f"the id is {size} bytes of UTF-8 long; at most {MAX_ID_BYTES} are allowed", "id"
        )
