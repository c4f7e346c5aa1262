"""Which possible ends of sentences are ends, in C (``native/sentences/``)."""

from collections.abc import Callable, Mapping

def sentences(
    text: str,
    segments: list[tuple[int, int]],
    stops: Mapping[str, int],
    is_opener: Callable[[str], bool],
) -> bytearray:
    """The sentences of a text.

    Args:
        text: Without lone surrogates; hard wraps are spaces.
        segments: ICU's, in UTF-16 code units, ascending.
        stops: What a full stop says behind a word (``dedup.sentences.fullstops``).
        is_opener: Whether a word opens a sentence behind an abbreviation that may end one.

    Returns:
        int32: where each begins and ends, in code points; trimmed, in order.
    """
