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
from dedup.batch.sketches import sketches_of
from dedup.batch.texts import utf8
from dedup.config import FingerprintSettings
from dedup.fingerprint import fingerprint

UNKNOWN: Final = "und"
"""Shingles are the same in every language."""


@dataclass(frozen=True, slots=True)
class Signed:
    """What some texts are found by.

    Attributes:
        keys: uint64, shape (n_texts, n_bands); they mean nothing where there are no shingles.
        sketches: uint8, shape (n_texts, n_permutations): see ``dedup.batch.sketches``.
        has_shingles: bool, shape (n_texts,).
    """

    keys: NDArray[np.uint64]
    sketches: NDArray[np.uint8]
    has_shingles: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.has_shingles)


def sign(texts: pa.Array, settings: FingerprintSettings) -> Signed:
    """Sign texts.

    Args:
        texts: Strings or UTF-8, without nulls.
        settings: With the family wording alone.
    """
    made = fingerprint(utf8(texts), [UNKNOWN] * len(texts), settings)
    has_shingles = np.diff(made.offsets) > 0
    keys = np.zeros((len(texts), settings.wording_bands), dtype=np.uint64)
    keys[has_shingles] = made.keys.reshape(-1, settings.wording_bands)
    return Signed(keys, sketches_of(made.signatures["wording"]), has_shingles)


class Signatures:
    """What is known of many texts, gathered in files.

    Args:
        place: An empty directory.
        settings: That texts are signed with.
    """

    def __init__(self, place: Path, settings: FingerprintSettings) -> None:
        self._place = place
        self._settings = settings
        self._has_shingles = [np.zeros(0, dtype=bool)]
        self._keys = (place / "keys").open("wb")
        self._sketches = (place / "sketches").open("wb")

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

    def add(self, signed: Signed) -> None:
        """Add texts behind those that are there."""
        signed.keys.tofile(self._keys)
        signed.sketches.tofile(self._sketches)
        self._has_shingles.append(signed.has_shingles)

    def read(self) -> Signed:
        """All of them, mapped into memory."""
        has_shingles = np.concatenate(self._has_shingles)
        n_texts = len(has_shingles)
        return Signed(
            mapped(self._place / "keys", np.uint64, (n_texts, self._settings.wording_bands)),
            mapped(self._place / "sketches", np.uint8, (n_texts, self._settings.permutations)),
            has_shingles,
        )
