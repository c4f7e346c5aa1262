"""The tests of what is written in C once more, where every wrong access and undefined step stops.

Whoever writes a test of C code marks its file ``native``; it is then run here, too: with the
extensions built again, in a copy of the project, with AddressSanitizer and
UndefinedBehaviorSanitizer.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
COPIED = ("dedup", "native", "service", "tests", "seeds", "benchmarks")
FLAGS = "-fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer -O1 -g"

pytestmark = pytest.mark.long


def runtime(name: str) -> str:
    """The path of a sanitizer's library. Python is not built with it, so it is loaded first."""
    compiler = sysconfig.get_config_var("CC").split()[0]
    asked = subprocess.run(
        [compiler, f"-print-file-name={name}"], capture_output=True, text=True, check=True
    )
    return asked.stdout.strip()


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project, with extensions that watch themselves."""
    copy = tmp_path_factory.mktemp("sanitized")
    for name in COPIED:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("*.so"))
    for name in ("setup.py", "pyproject.toml", "README.md"):
        shutil.copy(ROOT / name, copy)
    subprocess.run(
        [sys.executable, "setup.py", "--quiet", "build_ext", "--inplace"],
        cwd=copy,
        env=os.environ | {"CFLAGS": FLAGS, "LDFLAGS": FLAGS, "SECONDHAND_EXTENSIONS": "required"},
        check=True,
    )
    return copy


def test_every_extension_watches_itself(project: Path) -> None:
    built = list(project.glob("dedup/**/*.so"))
    assert len(built) == len(list(project.glob("dedup/**/_native.pyi")))
    for extension in built:
        code = extension.read_bytes()
        assert b"__asan_report_load" in code
        assert b"__ubsan_handle_" in code


def test_tests_of_c_code_pass_under_sanitizers(project: Path) -> None:
    watched = {
        "LD_PRELOAD": " ".join(runtime(name) for name in ("libasan.so", "libubsan.so")),
        # Leaks are Python's own, which frees little at its end. Its allocator would hide the
        # borders of objects.
        "ASAN_OPTIONS": "detect_leaks=0",
        "UBSAN_OPTIONS": "print_stacktrace=1",
        "PYTHONMALLOC": "malloc",
    }
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-x", "-m", "native", "tests/dedup"],
        cwd=project,
        env=os.environ | watched,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
