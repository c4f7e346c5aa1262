"""Signatures travel to datasketch and back."""

from __future__ import annotations

import numpy as np
import pytest
from datasketch import MinHash, MinHashLSH

from dedup.config import FingerprintSettings
from dedup.fingerprint import fingerprint, resemblance
from dedup.fingerprint.exchange import from_minhash, to_minhash

SETTINGS = FingerprintSettings(families=("wording",))
TEXT = "The ferry to the outer islands was cancelled on Monday after a storm tore its moorings. "


def wording(*texts: str) -> np.ndarray:
    return fingerprint(texts, ["en"] * len(texts), SETTINGS).signatures["wording"]


def test_signature_survives_the_way_there_and_back() -> None:
    (signature,) = wording(TEXT)
    assert (from_minhash(to_minhash(signature, SETTINGS), SETTINGS) == signature).all()


def test_datasketch_sees_the_same_resemblance() -> None:
    query, candidate = wording(TEXT * 2, TEXT + "Nobody was hurt, the company said.")
    there = to_minhash(query, SETTINGS).jaccard(to_minhash(candidate, SETTINGS))
    assert there == pytest.approx(resemblance(query, candidate))


def test_index_of_datasketch_finds_our_copies() -> None:
    original, copy, other = wording(TEXT, TEXT, "Shares fell after the bank cut its forecast.")
    lsh = MinHashLSH(threshold=0.5, num_perm=SETTINGS.permutations)
    lsh.insert("original", to_minhash(original, SETTINGS))
    assert lsh.query(to_minhash(copy, SETTINGS)) == ["original"]
    assert lsh.query(to_minhash(other, SETTINGS)) == []


def test_signatures_of_other_permutations_are_refused() -> None:
    for other in (MinHash(num_perm=64), MinHash(seed=2), MinHash(scheme="affine64")):
        with pytest.raises(ValueError, match="cannot be compared"):
            from_minhash(other, SETTINGS)
