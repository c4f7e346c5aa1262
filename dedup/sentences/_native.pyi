"""What sentences are, in C (``native/sentences/``). Not there where no compiler was.

Arrays are int32, and contiguous. Those that are returned are bytes to be read as such.
"""

import numpy as np
from numpy.typing import NDArray

from dedup.sentences.breaks import Breaks
from dedup.sentences.fullstops import FullStops

def segment_ends(text: str, breaks: Breaks) -> list[int]:
    """Where ICU's rules break a text, its end among them, in code points, ascending; for tests."""

def sentences(text: str, breaks: Breaks, stops: FullStops) -> tuple[bytearray, bytearray]:
    """Where each sentence of a text begins, and where each ends, in code points.

    Args:
        text: Of which hard wraps are spaces.
        breaks: Of its language.
        stops: Of its language.
    """

def words_by_sentence(
    begins: NDArray[np.int32], places: NDArray[np.int32]
) -> tuple[bytearray, bytearray]:
    """The first word of each sentence that has one, and the number of all; the sentence of each.

    Args:
        begins: Of sentences, ascending.
        places: Of words, ascending. Those in front of the first sentence are counted with it.
    """
