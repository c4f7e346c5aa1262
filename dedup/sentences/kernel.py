"""Where sentences begin and end: in C where that was built, else in Python.

Both find the same (``tests/dedup/test_sentences_kernel.py``); ``_native.pyi`` says what each function
does, ``dedup.sentences.reference`` holds it in Python, which takes some ten times as long.
"""

from __future__ import annotations

try:
    from dedup.sentences import _native as kernel
except ImportError:  # no compiler was there when the package was installed
    from dedup.sentences import reference as kernel  # type: ignore[no-redef]

__all__ = ["kernel"]
