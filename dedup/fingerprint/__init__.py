"""Clean text in, signatures and index keys out.

Families of keys, because each is blind to what another sees: *content* (MinHash of weighted
content terms) finds re-translations, *passages* (selected word shingles) finds copies and
excerpts, *wording* (MinHash of word shingles; off by default) finds copies of whole texts.
``docs/fingerprints.md`` specifies them and says what they find.
"""

from __future__ import annotations

from collections.abc import Sequence

from dedup.config import FingerprintSettings
from dedup.fingerprint.kernel import Fingerprints, Kernel
from dedup.fingerprint.reference import reference_kernel
from dedup.fingerprint.signature import resemblance
from dedup.model import CONTENT, PASSAGES, WORDING

__all__ = ["CONTENT", "PASSAGES", "WORDING", "Fingerprints", "fingerprint", "resemblance"]

_KERNEL: Kernel = reference_kernel


def fingerprint(
    texts: Sequence[str], languages: Sequence[str], settings: FingerprintSettings
) -> Fingerprints:
    """Fingerprint clean texts.

    A text's row depends on nothing but itself, its language and the settings; how texts are
    spread over calls only changes the speed.

    Args:
        texts: Clean texts (``dedup.normalize``).
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
    return _KERNEL(texts, languages, settings)
