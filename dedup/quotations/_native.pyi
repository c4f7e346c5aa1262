"""The search for quotation marks, in C (``native/quotations/``). Not there where no compiler was."""

from collections.abc import Sequence
from typing import TypeVar

Record = TypeVar("Record", bound=tuple[object, ...])  # noqa: PYI001 - named as in the reference

def has_marks(text: str) -> bool:
    """Whether anything in a text looks like a mark; apostrophes inside words do not."""

def find_marks(
    record: type[Record],
    text: str,
    paragraphs: Sequence[tuple[int, int]],
    habits: tuple[bool, bool, bool],
) -> list[list[Record]]:
    """Find the marks that open or close.

    Args:
        record: What a mark is given as: a class of named tuples with the fields of
            ``dedup.quotations.marks.Mark``.
        text: Clean text.
        paragraphs: Where each begins and ends, in order and apart; all between them is white
            space.
        habits: Of the language: ``dedup.quotations.marks.Habits``.

    Returns:
        For each paragraph its marks, in order.

    Raises:
        IndexError: A paragraph is not in the text.
    """
