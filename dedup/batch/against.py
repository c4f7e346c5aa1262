"""Articles that are known already, out of an index into a file that a run reads as any other."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dedup.batch.files import written_whole
from dedup.batch.sources import Fields, Input
from dedup.packed import packing

FIELDS: Final = Fields(
    text="text",
    html="html",
    id="id",
    title="title",
    url="url",
    source="source",
    published="published",
    captured="received",
    lang="lang",
)
"""Of the lines that an index's articles are exported as."""

TOLD_EVERY: Final = 1000
"""Articles."""


@dataclass(frozen=True, slots=True)
class Export:
    """All articles of an index.

    Attributes:
        name: What the index is called; without a password.
        lines: Gives them as ``index export`` writes them, in an order that depends on what the
            index holds alone.
    """

    name: str
    lines: Callable[[], Iterable[str]]


def write_export(path: Path, export: Export, told: Callable[[int], None]) -> None:
    """Write the articles of an index to a file, which is there when it is whole.

    Args:
        path: Of the file; its name ends in ``.zst``.
        export: The index.
        told: Is told of every so many articles more.
    """
    untold = 0
    with written_whole(path) as part, part.open("wb") as raw, packing(raw, path.suffix) as file:
        for line in export.lines():
            file.write(line.encode())
            untold += 1
            if untold == TOLD_EVERY:
                told(untold)
                untold = 0
    told(untold)


def exported_file(path: Path) -> Input:
    """What ``write_export`` has written, as an input."""
    return Input(0, str(path), "known", "jsonl", path.stat().st_size, FIELDS)
