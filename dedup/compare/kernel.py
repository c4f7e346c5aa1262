"""The inner loops of the comparison: in C where that was built, else in Python.

Both agree bit for bit (``tests/dedup/test_compare_kernel.py``); ``_native.pyi`` says what each
function does, ``dedup.compare.reference`` holds it in Python, which takes some five times as long.
"""

from __future__ import annotations

try:
    from dedup.compare import _native as kernel
except ImportError:  # no compiler was there when the package was installed
    from dedup.compare import reference as kernel  # type: ignore[no-redef]

__all__ = ["kernel"]
