"""The search for quotation marks, in C (``native/quotations/``). Not there where no compiler was."""

from collections.abc import Sequence
from typing import TypeVar

Record = TypeVar("Record", bound=tuple[object, ...])  # noqa: PYI001 - named as in the reference

def has_marks(text: str) -> bool:
    """Whether anything in a text looks like a mark; apostrophes inside words do not."""

def find_marks(
    record: type[Record], text: str, paragraph: tuple[int, int], habits: tuple[bool, bool, bool]
) -> list[Record]:
    """Find the marks of a paragraph that open or close, in order.

    Args:
        record: What a mark is given as: a class of named tuples with the fields of
            ``dedup.quotations.marks.Mark``.
        text: Clean text.
        paragraph: Where it begins and ends; beside it is white space.
        habits: Of the language: ``dedup.quotations.marks.Habits``.

    Raises:
        IndexError: The paragraph is not in the text.
    """

def plain_quotations(
    text: str, paragraphs: Sequence[tuple[int, int]], habits: tuple[bool, bool, bool]
) -> list[list[tuple[int, int]] | None]:
    """Find the quotations of paragraphs whose marks leave nothing to be settled, as most do.

    Their double marks open and close by turns. They have no others, but for single ones that
    close, which are apostrophes unless the paragraph before left a single mark open.

    Args:
        text: Clean text.
        paragraphs: Where each begins and ends; beside them is white space.
        habits: Of the language: ``dedup.quotations.marks.Habits``.

    Returns:
        For each paragraph where its quotations begin and end, trimmed, none of them empty; None
        if its marks are not of this kind.

    Raises:
        IndexError: A paragraph is not in the text.
    """
