"""Clean text in, signatures and index keys out.

Families of keys, because each is blind to what another sees: *content* (MinHash of weighted
content terms) finds re-translations, *passages* (selected word shingles) finds copies and
excerpts, *wording* (MinHash of word shingles; off by default) finds copies of whole texts.
``docs/fingerprints.md`` specifies them and says what they find.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from functools import cache

from dedup.config import FingerprintSettings
from dedup.errors import SlowKernelWarning
from dedup.fingerprint.kernel import Fingerprints, Kernel, Texts, Utf8Texts
from dedup.fingerprint.reference import reference_kernel
from dedup.fingerprint.signature import resemblance
from dedup.model import CONTENT, PASSAGES, WORDING

__all__ = [
    "CONTENT",
    "PASSAGES",
    "WORDING",
    "Fingerprints",
    "Utf8Texts",
    "fingerprint",
    "resemblance",
]

_native: Kernel | None
try:
    from dedup.fingerprint.native import native_kernel
except ImportError:  # installed without a compiler
    _native = None
else:
    _native = native_kernel


@cache
def _kernel() -> Kernel:
    """The fastest kernel that there is. Said once per process if it is not the one in C."""
    if _native is not None:
        return _native
    warnings.warn(
        "secondhand was installed without a C compiler: all it says is the same, but fingerprints "
        "take 30 times as long, comparisons several times. Install one (Debian and Ubuntu: gcc "
        "and python3-dev), then secondhand again.",
        SlowKernelWarning,
        stacklevel=3,
    )
    return reference_kernel


def fingerprint(
    texts: Texts, languages: Sequence[str], settings: FingerprintSettings
) -> Fingerprints:
    """Fingerprint clean texts.

    A text's row depends on nothing but itself, its language and the settings; how texts are
    spread over calls only changes the speed.

    Args:
        texts: Clean texts (``dedup.normalize``): strings, or UTF-8 as Arrow keeps it.
        languages: A language code for each (``Language.code``; ``"und"`` if unknown).
        settings: What makes signatures comparable.

    Raises:
        ValueError: Not as many languages as texts.

    >>> text = "Two men were rescued off Skye on Monday, the coastguard said"
    >>> one = fingerprint([text], ["en"], FingerprintSettings())
    >>> keys = one.article_keys(0)
    >>> len(keys), len(keys.select(CONTENT)), keys.select(PASSAGES).starts.tolist()
    (103, 96, [0, 1, 2, 3, 4, 5, 6])
    """
    if len(texts) != len(languages):
        raise ValueError(f"{len(texts)} texts but {len(languages)} languages")
    return _kernel()(texts, languages, settings)
