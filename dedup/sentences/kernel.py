"""What sentences are: in C where that was built, else in Python.

Both agree (``tests/dedup/test_sentences_kernel.py``).
"""

from __future__ import annotations

try:
    from dedup.sentences import _native as kernel
except ImportError:  # no compiler was there when the package was installed
    from dedup.sentences import reference as kernel  # type: ignore[no-redef]

__all__ = ["kernel"]
