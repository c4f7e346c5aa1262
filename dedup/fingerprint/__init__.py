"""Clean text in, signatures and index keys out.

Two families: *wording* (MinHash of word shingles) finds copies, *content* (MinHash of
weighted content terms) finds re-translations. ``docs/fingerprints.md`` specifies both and
says what they find.
"""

from __future__ import annotations

from collections.abc import Sequence

from dedup.config import FingerprintSettings
from dedup.fingerprint.kernel import Fingerprints, Kernel
from dedup.fingerprint.reference import reference_kernel
from dedup.fingerprint.signature import resemblance

__all__ = ["Fingerprints", "fingerprint", "resemblance"]

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
        ValueError: Not as many languages as texts, or rows that do not divide permutations.

    >>> one = fingerprint(["Two men were rescued off Skye"], ["en"], FingerprintSettings())
    >>> one.keys.shape, len(one.article_keys(0))
    ((1, 96), 96)
    """
    if len(texts) != len(languages):
        raise ValueError(f"{len(texts)} texts but {len(languages)} languages")
    for name in ("wording_rows", "content_rows"):
        rows = getattr(settings, name)
        if settings.permutations % rows:
            raise ValueError(f"{name}={rows} does not divide permutations={settings.permutations}")
    return _KERNEL(texts, languages, settings)
