"""Texts signed by their wording: what they are found by when only their Jaccard is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from dedup.batch.arrays import mapped
from dedup.batch.kernel import minhash, shingle_sets
from dedup.batch.reference import ShingleSets
from dedup.batch.sketches import sketches_of
from dedup.batch.texts import hashes_of_words
from dedup.config import FingerprintSettings
from dedup.fingerprint.banding import band_keys
from dedup.fingerprint.signature import permutations
from dedup.model import WORDING

TEXTS_AT_ONCE: Final = 1 << 8
"""Texts to be signed in one call: .8 MB of news. What passes from one loop to the next, and 8 bytes
a word, then stays in the second-level cache, in memory that is used again for the next texts. Of
1,250 texts the system has to clear so many new pages that all takes a tenth longer."""


@dataclass(frozen=True, slots=True)
class Signed:
    """What some texts are found by.

    Attributes:
        keys: uint64, shape (n_texts, n_bands); they mean nothing where there are no shingles.
        sketches: uint8, shape (n_texts, n_permutations): see ``dedup.batch.sketches``.
        sets: The shingles themselves.
    """

    keys: NDArray[np.uint64]
    sketches: NDArray[np.uint8]
    sets: ShingleSets

    def __len__(self) -> int:
        return len(self.sets)


def sign(texts: pa.Array, settings: FingerprintSettings) -> Signed:
    """Sign texts.

    Args:
        texts: Strings or UTF-8, without nulls; see ``TEXTS_AT_ONCE``.
        settings: Those of the family wording count.
    """
    sets = shingle_sets(*hashes_of_words(texts), settings.shingle_words)
    signatures = minhash(sets, permutations(settings.permutations, settings.seed))
    keys = band_keys(signatures, settings.wording_rows, settings.wording_bands, WORDING)
    return Signed(keys, sketches_of(signatures), sets)


class Signatures:
    """What is known of many texts, gathered in files.

    Args:
        place: An empty directory.
        settings: That texts are signed with.
    """

    def __init__(self, place: Path, settings: FingerprintSettings) -> None:
        self._place = place
        self._settings = settings
        self._sizes = [np.zeros(1, dtype=np.int64)]
        self._keys = (place / "keys").open("wb")
        self._sketches = (place / "sketches").open("wb")
        self._shingles = (place / "shingles").open("wb")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """No more texts are added."""
        self._keys.close()
        self._sketches.close()
        self._shingles.close()

    def add(self, signed: Signed) -> None:
        """Add texts behind those that are there."""
        signed.keys.tofile(self._keys)
        signed.sketches.tofile(self._sketches)
        signed.sets.elements.tofile(self._shingles)
        self._sizes.append(signed.sets.sizes)

    def read(self) -> Signed:
        """All of them, mapped into memory."""
        bounds = np.cumsum(np.concatenate(self._sizes))
        n_texts = len(bounds) - 1
        return Signed(
            mapped(self._place / "keys", np.uint64, (n_texts, self._settings.wording_bands)),
            mapped(self._place / "sketches", np.uint8, (n_texts, self._settings.permutations)),
            ShingleSets(mapped(self._place / "shingles", np.uint64, (int(bounds[-1]),)), bounds),
        )
