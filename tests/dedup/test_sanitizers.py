"""The tests of what is written in C once more, where every wrong access and undefined step stops.

Whoever writes a test of C code marks its file ``native``; it is then run here, too: with the
extensions built again, in a copy of the project, with AddressSanitizer and
UndefinedBehaviorSanitizer. Those with "threads" in their name run with ThreadSanitizer as well.
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
ALWAYS = "-fno-omit-frame-pointer -g"
MEMORY = f"-fsanitize=address,undefined -fno-sanitize-recover=all {ALWAYS}"
THREADS = f"-fsanitize=thread {ALWAYS}"

# Leaks are Python's own, which frees little at its end. Its allocator would hide the borders of
# objects. In libraries that were not built for it ThreadSanitizer cannot follow the locks.
OPTIONS = {
    "ASAN_OPTIONS": "detect_leaks=0",
    "UBSAN_OPTIONS": "print_stacktrace=1",
    "TSAN_OPTIONS": "halt_on_error=1 ignore_noninstrumented_modules=1",
    "PYTHONMALLOC": "malloc",
    "OPENBLAS_NUM_THREADS": "1",
}

pytestmark = pytest.mark.long


def build(place: Path, flags: str) -> Path:
    """A copy of the project, with extensions that watch themselves."""
    for name in COPIED:
        shutil.copytree(ROOT / name, place / name, ignore=shutil.ignore_patterns("*.so"))
    for name in ("setup.py", "pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, place)
    subprocess.run(
        [sys.executable, "setup.py", "--quiet", "build_ext", "--inplace"],
        cwd=place,
        env=os.environ | {"CFLAGS": flags, "LDFLAGS": flags, "SECONDHAND_EXTENSIONS": "required"},
        check=True,
    )
    return place


def assert_watched(project: Path, report: bytes) -> None:
    """Every extension calls the sanitizer."""
    built = list(project.glob("dedup/**/*.so"))
    assert len(built) == len(list(project.glob("dedup/**/_native.pyi")))
    assert all(report in extension.read_bytes() for extension in built)


def assert_pass(project: Path, libraries: tuple[str, ...], *selected: str) -> None:
    """Run tests where Python, which is not built with the sanitizer, has its library."""
    compiler = sysconfig.get_config_var("CC").split()[0]
    paths = [
        subprocess.check_output([compiler, f"-print-file-name={name}"], text=True).strip()
        for name in libraries
    ]
    done = subprocess.run(
        # -s, or a report would go where pytest keeps what a test prints, and be lost with it.
        [sys.executable, "-m", "pytest", "-sqx", "-m", "native", *selected, "tests/dedup"],
        cwd=project,
        env=os.environ | OPTIONS | {"LD_PRELOAD": " ".join(paths)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_c_code_touches_no_memory_but_its_own_and_does_nothing_undefined(tmp_path: Path) -> None:
    project = build(tmp_path, MEMORY)
    assert_watched(project, b"__asan_report_load")
    assert_watched(project, b"__ubsan_handle_")
    assert_pass(project, ("libasan.so", "libubsan.so"))


def test_c_code_has_no_data_races(tmp_path: Path) -> None:
    project = build(tmp_path, THREADS)
    assert_watched(project, b"__tsan_read")
    assert_pass(project, ("libtsan.so",), "-k", "threads")
