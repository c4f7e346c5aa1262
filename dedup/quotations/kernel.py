"""The search for marks: in C where that was built, else in Python.

Both find the same (``tests/dedup/test_quotation_marks.py``); ``_native.pyi`` says what each
function does, ``dedup.quotations.reference`` holds it in Python, which takes some six times as long.
"""

from __future__ import annotations

try:
    from dedup.quotations import _native as kernel
except ImportError:  # no compiler was there when the package was installed
    from dedup.quotations import reference as kernel  # type: ignore[no-redef]

__all__ = ["kernel"]
