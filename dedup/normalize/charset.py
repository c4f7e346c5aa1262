"""The text of a page's bytes, in whatever encoding it was served or saved.

What is valid UTF-8 is UTF-8, whatever it is declared as: text in another encoding hardly ever
happens to be. Else the server's word is taken, then that of the page, and then uchardet guesses.
"""

from __future__ import annotations

from typing import Final

from resiliparse.parse.encoding import bytes_to_str, detect_encoding, map_encoding_to_html5

UTF_16: Final = (b"\xff\xfe", b"\xfe\xff")
"""What text in UTF-16 begins with."""

# Begins a shift of ISO-2022, which is made of ASCII and so is valid UTF-8 too.
_ESCAPE: Final = b"\x1b"


def decode_page(page: bytes, declared: str | None = None) -> str:
    r"""The source of a page; bytes that its encoding does not have become U+FFFD.

    Args:
        page: As served or saved.
        declared: The encoding that the server named.

    >>> decode_page(b"<meta charset=iso-8859-1><p>caf\xe9")
    '<meta charset=iso-8859-1><p>café'
    """
    if not page.startswith(UTF_16) and _ESCAPE not in page:
        try:
            return page.decode("utf-8-sig")
        except UnicodeDecodeError:
            pass
    encoding = map_encoding_to_html5(declared, fallback_utf8=False) if declared else None
    encoding = encoding or detect_encoding(page, from_html_meta=True) or "utf-8"
    try:
        return bytes_to_str(page, encoding, errors="replace")
    except (LookupError, UnicodeError):
        return page.decode("utf-8", "replace")
