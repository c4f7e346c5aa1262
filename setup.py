"""The C extensions; all else about the package is in ``pyproject.toml``.

They are optional: without a C compiler the package installs all the same, and says when it is
first used that it works slower. ``SECONDHAND_EXTENSIONS=required`` makes a failure of the compiler
one of the installation, as for wheels.
"""

import os
from pathlib import Path

from setuptools import Extension, setup

# -O3 turns the loops over arrays into vector instructions. Contracted, a product and a sum would be
# rounded once where the processor can, and numbers would differ from machine to machine.
FLAGS = ["-std=c11", "-O3", "-ffp-contract=off", "-fvisibility=hidden", "-Wall", "-Wextra"]

IS_OPTIONAL = os.environ.get("SECONDHAND_EXTENSIONS") != "required"

# Module -> its sources.
SOURCES = {
    "dedup._native": sorted(map(str, Path("native").glob("*.c"))),
    "dedup.compare._native": sorted(map(str, Path("native/compare").glob("*.c"))),
    "dedup.paragraphs._native": sorted(map(str, Path("native/paragraphs").glob("*.c"))),
    "dedup.quotations._native": sorted(map(str, Path("native/quotations").glob("*.c"))),
    "dedup.sentences._native": sorted(map(str, Path("native/sentences").glob("*.c"))),
    "dedup.batch._native": [
        "native/minhash.c",
        "native/passages.c",
        "native/simd.c",
        *sorted(map(str, Path("native/batch").glob("*.c"))),
    ],
}

setup(
    ext_modules=[
        Extension(
            name,
            sources,
            depends=sorted(map(str, Path("native").rglob("*.h"))),
            include_dirs=["native"],
            extra_compile_args=FLAGS,
            optional=IS_OPTIONAL,
        )
        for name, sources in SOURCES.items()
    ]
)
