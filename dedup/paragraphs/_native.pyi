"""A look at each line of a text, in C (``native/paragraphs/``). Not there without a compiler."""

from typing import TypeVar

Record = TypeVar("Record", bound=tuple[int, int])  # noqa: PYI001 - named as in the reference

def breaks_off(text: str) -> bool:
    """Whether some line has another one right below it, and does not end as a sentence does."""

def paragraphs(record: type[Record], text: str) -> tuple[Record, ...]:
    """Where each line that is not blank begins and ends, without the white space around it.

    Args:
        record: A class of named pairs.
        text: Of which hard wraps are spaces.
    """
