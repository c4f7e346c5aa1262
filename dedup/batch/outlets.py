"""Outlets as people name them: a source, in any case, or a host."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from difflib import get_close_matches
from typing import Final
from urllib.parse import urlsplit

import pyarrow as pa

MOST_NEAR: Final = 3
"""Outlets that are told in place of one that is not there."""

NEAR: Final = 0.6
"""Least ratio of ``difflib`` of two names that may be meant for each other, its own default:
"guardian" is .8 to "the guardian", .24 to "the daily"."""


def preference(source: str | None, url: str | None, preferred: Sequence[str]) -> int:
    """The place of an article's outlet in a list; the length of the list if it is not in it.

    >>> preference("Reuters", "https://uk.reuters.com/a", ["afp.com", "reuters.com"])
    1
    """
    host = _host(url or "")
    for place, outlet in enumerate(preferred):
        wanted = outlet.casefold()
        if wanted == (source or "").casefold() or f".{host}".endswith(f".{wanted}"):
            return place
    return len(preferred)


def absent(
    preferred: Sequence[str], sources: pa.ChunkedArray, urls: pa.ChunkedArray
) -> dict[str, list[str]]:
    """Outlets that no article is of, each with the most similar names among those that are there.

    Args:
        preferred: Names of outlets.
        sources: Strings or null: of all articles.
        urls: Likewise.
    """
    named = [name for name in sources.unique().to_pylist() if name]
    hosts = {_host(url) for url in urls.unique().to_pylist() if url} - {""}
    ends = {host.split(".", at)[at] for host in hosts for at in range(host.count(".") + 1)}
    spelled = {name.casefold(): name for name in (*sorted(ends), *sorted(named))}
    return {
        outlet: [spelled[near] for near in _nearest(outlet.casefold(), list(spelled))]
        for outlet in preferred
        if outlet.casefold() not in spelled
    }


def _nearest(name: str, names: list[str]) -> list[str]:
    """Names that hold it, the shortest first; then those that are spelled like it."""
    holding = sorted((other for other in names if name in other), key=len)
    alike = get_close_matches(name, names, MOST_NEAR, NEAR)
    return list(dict.fromkeys((*holding, *alike)))[:MOST_NEAR]


def _host(url: str) -> str:
    with suppress(ValueError):  # of an address in brackets that is none
        return urlsplit(url).hostname or ""
    return ""
