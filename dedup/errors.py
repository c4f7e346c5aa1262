"""Everything that secondhand raises on purpose.

    SecondhandError
    ├── InputError              the caller's article or file cannot be used
    │   ├── TooLargeError       it is larger than the stated limit
    │   └── BadIdError          its id cannot name an article
    ├── UnknownArticleError     no article has that id
    ├── StoreError              the index cannot answer
    │   ├── IndexUnavailableError   the server is away, loading, or timed out: try again
    │   ├── IndexFullError          the server's memory limit is reached
    │   └── IndexFormatError        made by another version or with other settings
    ├── BatchError              a batch run cannot go on; what it has done is kept
    └── DataError               an evaluation folder or model table cannot be read

and warns of:

    SlowKernelWarning               it was installed without a compiler

An error's text says what is wrong and what to do; the values stand beside it as
attributes. Domain errors know no status codes: ``service/errors.py`` maps them.
"""

from __future__ import annotations


class SecondhandError(Exception):
    """Base of every error that secondhand raises on purpose."""


class InputError(SecondhandError):
    """The caller's article or file cannot be used as it is.

    Args:
        message: What is wrong and what to do.
        field: The name of the offending field (``"text"``), where there is one.
    """

    def __init__(self, message: str, field: str | None = None) -> None:
        super().__init__(message)
        self.field = field


class TooLargeError(InputError):
    """The input is larger than the stated limit."""


class BadIdError(InputError):
    """The id cannot name an article."""


class UnknownArticleError(SecondhandError):
    """No article in the index has that id."""

    def __init__(self, article_id: str) -> None:
        super().__init__(f"no article with the id {article_id!r} is in the index")
        self.article_id = article_id


class StoreError(SecondhandError):
    """The index cannot answer. Never to be read as "no duplicates"."""


class IndexUnavailableError(StoreError):
    """The index's server cannot be reached now; the same call may work later."""


class IndexFullError(StoreError):
    """The index's server has reached its memory limit.

    What ``Index.put`` raised it for was not stored; an article that a ``Detector`` was putting
    may be, without its verdict. The same call may be made again when there is room.
    """


class IndexFormatError(StoreError):
    """The index was made by another format version or with other settings."""


class BatchError(SecondhandError):
    """A batch run cannot go on: a worker died, or another run is at work. What is done is kept."""


class DataError(SecondhandError):
    """A data folder, file or model table cannot be read as what it should be."""


class SlowKernelWarning(RuntimeWarning):
    """What is written in C was not built, so plain Python does it: the same, but slower."""
