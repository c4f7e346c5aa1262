"""From files to articles, in three steps: ``inputs``, ``pieces``, ``rows``.

``inputs`` finds the files and settles which field of each holds what. ``pieces`` goes through
them once, unpacks and cuts, and does nothing else: one process does it for all. ``rows`` makes
articles of a piece, anywhere.

Nothing is lost without a word: what cannot be taken comes out as a ``Reject``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dedup.batch.sources.records import (
    Fields,
    Input,
    Inputs,
    Kind,
    Passed,
    Piece,
    Reject,
    Row,
)
from dedup.config import Limits

__all__ = [
    "Fields",
    "Input",
    "Inputs",
    "Kind",
    "Passed",
    "Piece",
    "Reject",
    "Row",
    "inputs",
    "parse_fields",
    "pieces",
    "rows",
]


def parse_fields(given: Sequence[str]) -> Mapping[str, str | None]:
    """Choices spelled ``text=body``; ``url=`` is for none, whatever a row has.

    Raises:
        InputError: One is spelled otherwise, or names nothing that an article has.
    """
    raise NotImplementedError


def inputs(paths: Sequence[str], chosen: Mapping[str, str | None] | None = None) -> Inputs:
    """The files that paths stand for, and which of their fields holds what.

    Args:
        paths: Files, and folders that are searched through; see ``docs/batch.md``.
        chosen: Fields that the caller has settled (``parse_fields``), for all files.

    Raises:
        InputError: A path is not there or no input, or which field of a file is the text
            cannot be told.
    """
    raise NotImplementedError


def pieces(given: Inputs, limits: Limits) -> Iterator[Piece]:
    """Cut inputs into pieces, in order; memory does not depend on how large they are.

    A file that cannot be read on ends with a ``Reject``, and the next one begins.
    """
    raise NotImplementedError


def rows(piece: Piece, limits: Limits) -> Iterator[Row | Reject | Passed]:
    """The rows of a piece, in order.

    Raises:
        InputError: The file that the piece is from has changed since.
    """
    raise NotImplementedError
