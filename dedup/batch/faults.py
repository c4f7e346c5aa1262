"""Faults of ours: one that an article or a pair meets is told and costs no more than these."""

from __future__ import annotations

from traceback import extract_tb
from typing import Final

from dedup.artifacts import RULES

OF_THE_MACHINE: Final = (MemoryError, OSError)
"""What is no fault at one article, but of memory, a disk or a network: it ends the run, which goes
on when it is mended."""

PACKAGE: Final = "/dedup/"


def reason_of(error: Exception) -> str:
    """What is told of an article or a pair that a fault was met at.

    Args:
        error: As caught, neither ours on purpose nor ``OF_THE_MACHINE``.
    """
    spelled = " ".join(f"{type(error).__name__}: {error}".split())
    return (
        f"a fault of secondhand, not of the article ({_place(error)}, {spelled}); please report it "
        "with this line and the article"
    )


def _place(error: Exception) -> str:
    """The artifact rule that it was met in, if it was in one; and the last place of ours."""
    frames = [frame for frame in extract_tb(error.__traceback__) if PACKAGE in frame.filename]
    rules = [f"rule {frame.name}" for frame in frames if frame.name in RULES]
    last = [
        f"{PACKAGE[1:]}{frame.filename.rpartition(PACKAGE)[2]}:{frame.lineno}" for frame in frames
    ]
    return ", ".join((*rules[-1:], *last[-1:]))
