"""From files to articles, in three steps: ``inputs``, ``pieces``, ``rows``.

``inputs`` finds the files and settles which field of each holds what. ``pieces`` goes through
them once, unpacks and cuts, and does nothing else: one process does it for all. ``rows`` makes
articles of a piece, anywhere.

Nothing is lost without a word: what cannot be taken comes out as a ``Reject``.
"""

from dedup.batch.sources.cutting import pieces
from dedup.batch.sources.fields import describe, parse_fields
from dedup.batch.sources.reading import rows
from dedup.batch.sources.records import (
    DOCUMENTS,
    Bounds,
    Fields,
    Input,
    Inputs,
    Kind,
    Passed,
    Piece,
    Reject,
    Row,
)
from dedup.batch.sources.survey import inputs, met_in

__all__ = [
    "DOCUMENTS",
    "Bounds",
    "Fields",
    "Input",
    "Inputs",
    "Kind",
    "Passed",
    "Piece",
    "Reject",
    "Row",
    "describe",
    "inputs",
    "met_in",
    "parse_fields",
    "pieces",
    "rows",
]
