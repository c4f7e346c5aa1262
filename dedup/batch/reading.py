"""The first stage: rows of an input to articles, their keys, and what was not taken.

Each article is taken through everything that looks at one text alone: repaired, its language
told, artifacts found, words counted, fingerprinted. Sentences and quotations are not looked
for: only an article with a candidate needs them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from dedup.artifacts import find_credits
from dedup.batch.columns import PieceKeys, keys_of
from dedup.batch.faults import OF_THE_MACHINE, reason_of
from dedup.batch.nested import record_batch
from dedup.batch.schema import READ
from dedup.batch.sources import Passed, Piece, Reject, Row, rows
from dedup.config import Settings
from dedup.document import Document, read_document
from dedup.errors import TooLargeError
from dedup.model import Finding
from dedup.validation import check_size


@dataclass(frozen=True, slots=True)
class ReadPiece:
    """What the first stage has made of a piece.

    Attributes:
        articles: Rows of ``schema.READ``, in order of number.
        keys: What they are found by, owners being places in ``articles``.
        rejects: Rows that are not taken, and what of others is not, in order.
        passed: How many rows were none of what is asked for, by reason.
    """

    articles: pa.RecordBatch
    keys: PieceKeys
    rejects: tuple[Reject, ...]
    passed: Mapping[str, int]


def read_piece(piece: Piece, settings: Settings) -> ReadPiece:
    """Read a piece of the input.

    Raises:
        InputError: The file that it is from has changed since.
    """
    taken: list[_Taken] = []
    rejects: list[Reject] = []
    passed: Counter[str] = Counter()
    for row in rows(piece, settings.limits):
        if isinstance(row, Reject):
            rejects.append(row)
        elif isinstance(row, Passed):
            passed[row.reason] += 1
        else:
            read = _read(row, settings)
            if isinstance(read, Reject):
                rejects.append(read)
            else:
                taken.append(read)
                rejects.extend(row.notes)
    taken, keys = _with_keys(taken, settings, rejects)
    return ReadPiece(
        articles=record_batch(READ, [one.fields for one in taken]),
        keys=keys,
        rejects=tuple(rejects),
        passed=dict(sorted(passed.items())),
    )


class _Taken(NamedTuple):
    """An article that was read.

    Attributes:
        fields: A row of ``schema.READ``.
    """

    row: Row
    document: Document
    fields: tuple[object, ...]


def _read(row: Row, settings: Settings) -> _Taken | Reject:
    try:
        document = read_document(row.article)
        check_size(len(document.clean.text), settings.limits.max_characters, "text of the page")
        return _Taken(row, document, _fields(row, document))
    except TooLargeError as error:
        return Reject(row.file, row.row, str(error), error.field)
    except OF_THE_MACHINE:
        raise
    except Exception as error:  # noqa: BLE001  # a fault at one article costs no others
        return Reject(row.file, row.row, reason_of(error))


def _with_keys(
    taken: list[_Taken], settings: Settings, rejects: list[Reject]
) -> tuple[list[_Taken], PieceKeys]:
    """Articles with what they are found by; without those that a fault is met at."""
    try:
        return taken, _keys([one.document for one in taken], settings)
    except OF_THE_MACHINE:
        raise
    except Exception:  # noqa: BLE001  # at one of them; which, is seen one by one
        found = [one for one in taken if not _is_rejected(one, settings, rejects)]
        return found, _keys([one.document for one in found], settings)


def _is_rejected(one: _Taken, settings: Settings, rejects: list[Reject]) -> bool:
    try:
        _keys([one.document], settings)
    except OF_THE_MACHINE:
        raise
    except Exception as error:  # noqa: BLE001  # a fault at one article costs no others
        rejects.append(Reject(one.row.file, one.row.row, reason_of(error)))
        return True
    return False


def _keys(documents: list[Document], settings: Settings) -> PieceKeys:
    """What the articles are found by; one too short to be judged is not found at all."""
    judged = [len(document.tokens) >= settings.limits.min_words for document in documents]
    return keys_of(
        [
            document.clean.text if long_enough else ""
            for document, long_enough in zip(documents, judged, strict=True)
        ],
        [document.language.code for document in documents],
        settings.fingerprint,
    )


def _fields(row: Row, document: Document) -> tuple[object, ...]:
    """The article as a row of ``schema.READ``."""
    article, clean, language = document.article, document.clean, document.language
    return (
        row.number,
        article.id,
        article.media,
        article.text,
        None if clean.text == article.text else clean.text,
        article.title or clean.title,
        article.url,
        article.source,
        article.published,
        row.captured,
        article.lang,
        language.code,
        language.confidence,
        language.by,
        len(document.tokens),
        int(np.count_nonzero(document.in_prose)),
        [
            (credit.name, credit.gives, *credit.span, credit.excerpt)
            for credit in find_credits(document.findings)
        ],
        [finding_fields(finding) for finding in document.findings],
    )


def finding_fields(finding: Finding) -> tuple[object, ...]:
    """A finding as a record of ``schema.FINDING``."""
    return (
        finding.rule,
        *finding.span,
        finding.excerpt,
        finding.weight,
        finding.says,
        list(finding.data.items()),
    )
