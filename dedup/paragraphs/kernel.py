"""A look at each line of a text: in C where that was built, else in Python.

Both agree (``tests/dedup/test_paragraphs_kernel.py``).
"""

from __future__ import annotations

try:
    from dedup.paragraphs import _native as kernel
except ImportError:  # no compiler was there when the package was installed
    from dedup.paragraphs import reference as kernel  # type: ignore[no-redef]

__all__ = ["kernel"]
