"""Which files are inputs, and what each holds.

The ending of a name says what a file holds; where it says nothing, the content is looked at. In
a folder, names that begin with a dot or an underscore are not looked at: programs write them
for themselves. Nor are endings that no input has, other than numbers.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import Final

from dedup.batch.sources.records import Input, Kind
from dedup.batch.sources.stream import Stream
from dedup.decoding import LOOKS_LIKE_HTML, refuse_other_than_text
from dedup.errors import InputError
from dedup.ids import MAX_ID_BYTES

STDIN: Final = "-"

_KINDS: Final[dict[str, Kind]] = {
    ".jsonl": "jsonl",
    ".ndjson": "jsonl",
    ".jsonlines": "jsonl",
    ".json": "json",
    ".csv": "csv",
    ".tsv": "csv",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".warc": "warc",
    ".wet": "warc",
    ".txt": "text",
    ".html": "html",
    ".htm": "html",
    ".xhtml": "html",
}
_PACKED: Final = frozenset((".gz", ".zst"))
_NOT_LOOKED_AT: Final = (".", "_")

_LOOKED_AT_BYTES: Final = 65_536
_JSON: Final = re.compile(rb"\s*(?:\[\s*)?\{")

# Leaves room in an id for a colon and the number of a row.
_NAME_BYTES: Final = MAX_ID_BYTES - len(f":{1 << 40}")


@dataclass(frozen=True, slots=True)
class Listing:
    """The files that paths stand for.

    Attributes:
        inputs: In order; what their fields hold is not settled yet.
        named: Numbers of those that were given themselves, and not by a folder.
        passed_over: Files in folders that are no inputs.
    """

    inputs: tuple[Input, ...]
    named: frozenset[int]
    passed_over: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _File:
    path: str
    name: str
    is_named: bool


def list_inputs(paths: Sequence[str]) -> Listing:
    """The files that paths stand for; one that is met twice counts once.

    Raises:
        InputError: A path is not there, is no input, or is not UTF-8.
    """
    inputs: list[Input] = []
    named: set[int] = set()
    passed_over: list[str] = []
    for file in _distinct(_files(paths), len(paths)):
        _refuse_unwritable(file.path)
        kind = _kind(file)
        if kind is None:
            passed_over.append(file.path)
            continue
        if file.is_named:
            named.add(len(inputs))
        size = Path(file.path).stat().st_size
        inputs.append(Input(len(inputs), file.path, _as_id(file.name), kind, size))
    if not inputs:
        raise InputError(
            f"no input in {', '.join(paths) or 'nothing'}; give files, or folders of them"
        )
    return Listing(tuple(inputs), frozenset(named), tuple(passed_over))


def _refuse_unwritable(path: str) -> None:
    """Refuse a path that cannot be written into a table: bytes that are no UTF-8."""
    try:
        path.encode()
    except UnicodeEncodeError as error:
        shown = path.encode("utf-8", "backslashreplace").decode()
        raise InputError(f"{shown}: the name is not UTF-8; rename the file") from error


def _files(paths: Iterable[str]) -> Iterator[_File]:
    for path in paths:
        mode = _mode(path)
        if stat.S_ISDIR(mode):
            yield from _below(path, "")
        elif stat.S_ISREG(mode):
            yield _File(path, PurePath(path).name, is_named=True)
        else:
            raise InputError(
                f"{path}: is neither a file nor a folder; a run that is cut off reads its input "
                "once more, so save it to a file first"
            )


def _mode(path: str) -> int:
    if path == STDIN:
        raise InputError(
            "standard input cannot be read once more when a run is cut off; save it to a file first"
        )
    try:
        return Path(path).stat().st_mode
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error


def _below(folder: str, prefix: str) -> Iterator[_File]:
    """Everything in a folder, and in those within, by name; links to folders are not followed."""
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError as error:
        raise InputError(f"{folder}: cannot be read: {error.strerror}") from error
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            if not entry.name.startswith(_NOT_LOOKED_AT):
                yield from _below(entry.path, f"{prefix}{entry.name}/")
        else:
            yield _File(entry.path, f"{prefix}{entry.name}", is_named=False)


def _distinct(files: Iterable[_File], paths: int) -> Iterator[_File]:
    if paths == 1:  # Folders are trees: nothing is met twice.
        yield from files
        return
    met: set[str] = set()
    for file in files:
        real = os.path.realpath(file.path)
        if real not in met:
            met.add(real)
            yield file


def _kind(file: _File) -> Kind | None:
    """What a file holds; None if it is no input."""
    path = PurePath(file.name)
    if path.suffix.lower() in _PACKED:
        path = path.with_suffix("")
    suffix = path.suffix.lower()
    if file.is_named:
        return _KINDS.get(suffix) or _sniffed(file.path)
    if path.name.startswith(_NOT_LOOKED_AT) or not Path(file.path).is_file():
        return None
    if suffix in _KINDS:
        return _KINDS[suffix]
    if suffix and not suffix[1:].isdigit():
        return None
    try:
        return _sniffed(file.path)
    except InputError:
        return None


def _sniffed(path: str) -> Kind:
    try:
        with Stream(path) as stream:
            start = stream.read(_LOOKED_AT_BYTES)
    except OSError as error:
        raise InputError(f"{path}: cannot be read: {error.strerror}") from error
    try:
        refuse_other_than_text(start)
        if start.startswith(b"PAR1"):
            return "parquet"
        if start.startswith(b"WARC/"):
            return "warc"
        if b"\0" in start:
            raise InputError("is neither text nor a known format; see docs/batch.md")  # noqa: TRY301
    except InputError as error:
        raise InputError(f"{path}: {error}") from error
    if _JSON.match(start):
        return "json"
    return "html" if LOOKS_LIKE_HTML.match(start.decode("utf-8", "replace")) else "text"


def _as_id(name: str) -> str:
    """The name with what no id may hold spelled out, and without its beginning if too long."""
    spelled = "".join(
        char if char.isprintable() else char.encode("unicode_escape").decode() for char in name
    ).strip()
    return spelled.encode()[-_NAME_BYTES:].decode("utf-8", "ignore").strip()
