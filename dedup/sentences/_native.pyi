"""What sentences are, in C (``native/sentences/``). Not there where no compiler was.

Arrays are int32, and contiguous. Those that are returned are bytes to be read as such.
"""

from collections.abc import Callable, Mapping

import numpy as np
from numpy.typing import NDArray

def sentences(
    text: str,
    segments: list[tuple[int, int]],
    stops: Mapping[str, int],
    is_opener: Callable[[str], bool],
) -> tuple[bytearray, bytearray]:
    """Where each sentence of a text begins, and where each ends, in code points.

    Args:
        text: Without lone surrogates; hard wraps are spaces.
        segments: ICU's, in UTF-16 code units, ascending.
        stops: What a full stop says behind a word (``dedup.sentences.fullstops``).
        is_opener: Whether a word opens a sentence behind an abbreviation that may end one.
    """

def words_by_sentence(
    begins: NDArray[np.int32], places: NDArray[np.int32]
) -> tuple[bytearray, bytearray]:
    """The first word of each sentence that has one, and the number of all; the sentence of each.

    Args:
        begins: Of sentences, ascending.
        places: Of words, ascending. Those in front of the first sentence are counted with it.
    """
