"""Damage of transport: wrong encodings and characters that nobody sees."""

from __future__ import annotations

from collections.abc import Iterator

from dedup.artifacts.rule import Hit
from dedup.artifacts.scan import Scan
from dedup.model import Span
from dedup.normalize import CleanText


def mojibake(scan: Scan) -> Iterator[Hit]:
    """Text read in another encoding than it was written in: ``â€œ`` for ``“``, ``Ã©`` for ``é``.

    Happens between a page, a feed and a database; says nothing about translation: weight
    none. Reported once per text, at the first place, with the number of places. ftfy decides
    what mojibake is; it leaves alone what could have been meant.
    """
    yield from _once(scan.clean, ("encoding",), "was read in a wrong encoding")


def zero_width(scan: Scan) -> Iterator[Hit]:
    """Characters without width: zero-width spaces, soft hyphens, joiners outside joining scripts.

    Left over from a page's layout or an editor; also used to mark copies, or to hide them
    from comparison. No evidence of translation: weight none. Reported once per text. A byte
    order mark at the very start is left alone, and so are joiners in the scripts and emoji
    that need them.
    """
    yield from _once(scan.clean, ("zero_width", "soft_hyphens"), "has no width")


def _once(clean: CleanText, steps: tuple[str, ...], what: str) -> Iterator[Hit]:
    places = sorted(place for step in steps for place in clean.repaired(step) if place.end > 1)
    if places:
        first = places[0]
        seen = clean.shown[slice(*first)].encode("unicode-escape").decode("ascii")[:40]
        times = "once" if len(places) == 1 else f"in {len(places)} places"
        says = f"text {what} {times}, first {seen!r}"
        yield Hit(Span(*first), says, {"places": str(len(places))})
