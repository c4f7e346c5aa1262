"""``--against``: what is known already, in indexes, earlier runs, and files."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Final

from dedup.batch.against import Export
from dedup.batch.outputs import Outputs
from dedup.batch.sources import Inputs, inputs
from dedup.batch.work import is_run
from dedup.cli.inputs import entry_to_json
from dedup.config import Settings
from dedup.index import open_index
from dedup.index.embedded import is_data_dir
from dedup.transfer import export

ADDRESS: Final = re.compile(r"[a-z+]+://")
PASSWORD: Final = re.compile(r"//[^/]*@")

READ_AGAIN: Final = {"lang": None, "captured": None}
"""Fields of a run's articles: what language it has read is read again, as from their files."""


def find_known(
    given: Sequence[str],
    chosen: Mapping[str, str | None],
    key_prefix: str,
    settings: Settings,
    met: Collection[str] = (),
) -> tuple[Inputs, tuple[Export, ...]]:
    """The files and the indexes that known articles are in.

    Args:
        given: Directories of indexes or their addresses, directories of runs, files, folders.
        chosen: Fields of files that the caller has settled.
        key_prefix: Of the indexes.
        settings: Of the run.
        met: Which of the chosen fields the inputs have.

    Raises:
        InputError: Something is not there, or cannot be read.
    """
    exports: list[Export] = []
    found: list[Inputs] = []
    files: list[str] = []
    for what in given:
        path = Path(what)
        if ADDRESS.match(what):
            exports.append(_exported(what, None, what, key_prefix, settings))
        elif is_data_dir(path):
            exports.append(_exported(what, path, None, key_prefix, settings))
        elif is_run(path):
            Outputs(path)  # refuses a run that was cut off
            found.append(inputs([str(path / "articles")], READ_AGAIN, settings.limits))
        else:
            files.append(what)
    if files:
        found.append(inputs(files, chosen, settings.limits, met))
    return (
        Inputs(
            tuple(file for one in found for file in one.files),
            tuple(path for one in found for path in one.passed_over),
        ),
        tuple(exports),
    )


def _exported(
    what: str, data_dir: Path | None, redis_url: str | None, key_prefix: str, settings: Settings
) -> Export:
    settings = replace(settings, index=replace(settings.index, prefix=key_prefix))

    def lines() -> Iterator[str]:
        opened = open_index(data_dir=data_dir, redis_url=redis_url, settings=settings)
        with closing(opened) as index:
            for entry in export(index):
                yield entry_to_json(entry)

    return Export(PASSWORD.sub("//", what), lines)
