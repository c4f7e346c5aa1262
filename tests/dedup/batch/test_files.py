"""Files that are there as a whole or not at all."""

from __future__ import annotations

import errno
import os
from contextlib import nullcontext
from pathlib import Path

import pytest

from dedup.batch.files import directory_written_whole, sync_directory, written_whole


@pytest.fixture
def synced(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was forced to the disk, each with whether ``whole`` stood beside it at that moment."""
    told: list[str] = []

    def fsync(descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        there = (path / "whole").exists() or (path.parent / "whole").exists()
        told.append(f"{path.name} {'after' if there else 'before'}")

    monkeypatch.setattr(os, "fsync", fsync)
    return told


def test_a_file_is_on_the_disk_before_it_has_its_name(tmp_path: Path, synced: list[str]) -> None:
    with written_whole(tmp_path / "whole") as part:
        part.write_text("all", encoding="utf-8")
    assert synced == ["whole.part before"]
    assert (tmp_path / "whole").read_text(encoding="utf-8") == "all"


def test_a_directory_is_on_the_disk_with_its_files_before_it_has_its_name(
    tmp_path: Path, synced: list[str]
) -> None:
    with directory_written_whole(tmp_path / "whole") as part:
        (part / "file").write_text("all", encoding="utf-8")
    assert synced == ["file before", "whole.part before"]
    assert [path.name for path in tmp_path.iterdir()] == ["whole"]


def test_what_was_there_stays_if_it_cannot_be_written_anew(tmp_path: Path) -> None:
    (tmp_path / "whole").write_text("before", encoding="utf-8")
    with pytest.raises(UnicodeEncodeError), written_whole(tmp_path / "whole") as part:
        part.write_text("half \ud800", encoding="utf-8")
    assert (tmp_path / "whole").read_text(encoding="utf-8") == "before"
    assert [path.name for path in tmp_path.iterdir()] == ["whole"]


@pytest.mark.parametrize(("number", "is_told"), [(errno.EINVAL, False), (errno.EIO, True)])
def test_a_file_system_without_a_way_to_sync_directories_is_none_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, number: int, is_told: bool
) -> None:
    def fsync(_descriptor: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", fsync)
    with pytest.raises(OSError, match="error") if is_told else nullcontext():
        sync_directory(tmp_path)
