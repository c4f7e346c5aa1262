"""A look at each line of a text: in C where that was built, else in Python.

Both find the same (``tests/dedup/test_paragraphs_kernel.py``); ``_native.pyi`` says what each function
does, ``dedup.paragraphs.reference`` holds it in Python.
"""

from __future__ import annotations

try:
    from dedup.paragraphs import _native as kernel
except ImportError:  # no compiler was there when the package was installed
    from dedup.paragraphs import reference as kernel  # type: ignore[no-redef]

__all__ = ["kernel"]
