"""From bytes to text, and what is often taken for text."""

from __future__ import annotations

import re
from typing import Final, Literal

from dedup.config import Limits
from dedup.errors import InputError

Format = Literal["text", "html", "json"]

BYTES_PER_CHARACTER: Final[dict[Format, int]] = {"text": 4, "html": 4, "json": 12}
"""At most: of UTF-8, and of JSON that spells a character as two escaped surrogates. A file
larger than this allows cannot hold an acceptable text, so no more of it is read."""

LOOKS_LIKE_HTML: Final = re.compile(
    r"\s*<(?:!doctype\s+html|\?xml|(?:html|head|body|main|article|section|div|p|h1|meta|title)\b)",
    re.IGNORECASE,
)
"""A page or a fragment of one. Text that merely mentions a tag does not begin with it."""

# First bytes of what is often taken for text, and the way out.
NOT_TEXT: Final = (
    (b"%PDF-", "is a PDF; take its text out first: pdftotext FILE FILE.txt"),
    (b"PK\x03\x04", "is an office document or a ZIP archive; save it as text or HTML first"),
    (b"\x1f\x8b", "is compressed; unpack it first: gunzip FILE"),
    (b"\x28\xb5\x2f\xfd", "is compressed; unpack it first: unzstd FILE"),
    (b"\xff\xfe", "is UTF-16; convert it first: iconv -f UTF-16 -t UTF-8 FILE > FILE.txt"),
    (b"\xfe\xff", "is UTF-16; convert it first: iconv -f UTF-16 -t UTF-8 FILE > FILE.txt"),
)


def most_bytes(form: Format, limits: Limits) -> int:
    """Bytes that an acceptable article can take in a form."""
    characters = limits.max_characters if form == "text" else limits.max_page_characters
    return characters * BYTES_PER_CHARACTER[form]


def decode(data: bytes) -> str:
    """Text of bytes in UTF-8.

    Raises:
        InputError: They are something else.
    """
    refuse_other_than_text(data)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(
            f"is not UTF-8 (byte 0x{data[error.start]:02X} at position {error.start}); convert it "
            "first, from Windows-1252 for instance: iconv -f WINDOWS-1252 -t UTF-8 FILE > FILE.txt"
        ) from error
    if "\0" in text:
        raise InputError(
            f"is not text (a NUL at position {text.index(chr(0))}); give text, HTML or JSON"
        )
    if not text.strip():
        raise InputError("is empty; there is nothing to judge")
    return text


def refuse_other_than_text(start: bytes) -> None:
    """Refuse a file by its first bytes.

    Raises:
        InputError: They are those of a PDF, an archive, UTF-16 and the like.
    """
    for signature, way_out in NOT_TEXT:
        if start.startswith(signature):
            raise InputError(way_out)
