"""Any bytes go through the C kernel, which must agree with plain versions of itself.

``native/fuzz/target.c`` says what is checked. libFuzzer drives it where clang is, else
``native/fuzz/driver.c``, which any compiler builds.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sysconfig
from pathlib import Path

import pytest

NATIVE = Path(__file__).parents[2] / "native"
SECONDS = int(os.environ.get("FUZZ_SECONDS", "60"))
"""Of each run; ``make test-long FUZZ_SECONDS=3600`` looks longer."""

SANITIZED = ("-std=gnu11", "-O1", "-g", "-fsanitize=address,undefined", "-fno-sanitize-recover=all")

pytestmark = pytest.mark.long


def sources() -> list[str]:
    """The kernel, without what speaks with Python."""
    return [str(path) for path in NATIVE.glob("*.c") if "module.h" not in path.read_text("utf-8")]


def build_with_clang(place: Path) -> Path:
    """The target on libFuzzer."""
    fuzzer = place / "fuzz"
    flags = [*SANITIZED, "-fsanitize=fuzzer", f"-I{NATIVE}", "-o", str(fuzzer)]
    subprocess.run(["clang", *flags, *sources(), str(NATIVE / "fuzz/target.c")], check=True)
    return fuzzer


def build_with_any(place: Path) -> Path:
    """The target on the driver, which is not watched itself."""
    compiler = sysconfig.get_config_var("CC").split()[0]
    fuzzer = place / "fuzz"
    watched = [*sources(), str(NATIVE / "fuzz/target.c")]
    flags = [*SANITIZED, f"-I{NATIVE}"]
    subprocess.run(
        [compiler, *flags, "-fsanitize-coverage=trace-pc", "-c", *watched], cwd=place, check=True
    )
    subprocess.run(
        [compiler, "-std=gnu11", "-O2", "-c", str(NATIVE / "fuzz/driver.c")], cwd=place, check=True
    )
    objects = [str(path) for path in place.glob("*.o")]
    subprocess.run([compiler, *flags, *objects, "-o", str(fuzzer)], check=True)
    return fuzzer


def test_no_input_makes_the_kernel_differ_from_its_plain_version(tmp_path: Path) -> None:
    if shutil.which("clang"):
        run = [build_with_clang(tmp_path), f"-max_total_time={SECONDS}", "-max_len=2048"]
    else:
        run = [build_with_any(tmp_path), str(SECONDS), "1"]
    stopping = dict.fromkeys(("ASAN_OPTIONS", "UBSAN_OPTIONS"), "abort_on_error=1")
    done = subprocess.run(
        run, cwd=tmp_path, env=os.environ | stopping, capture_output=True, text=True, check=False
    )
    crashes = [path.read_bytes() for path in tmp_path.glob("crash*")]
    assert done.returncode == 0, f"{done.stderr}\nthe input: {crashes}"
