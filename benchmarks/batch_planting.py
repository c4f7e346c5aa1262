"""Copies planted in an archive by a script: edited, cut, and framed by boilerplate.

What may become of a copy on its way to another site:

- **edited**: 1 to 50 % of the words substituted, deleted, or joined by an inserted one, as many
  low shares as high ones on a scale of ratios. Inserted words are drawn from the archive, so
  they are as frequent as there.
- **cut**: 30 to 70 % of the words kept, from the head of the article or from its middle, and
  never fewer than 120.
- **framed**: what the site prints before and after every article of its own.

An archive has few large families and many small ones (``FAMILIES``); some copies are copied, and
edited, again. Everything follows from the seed of the ``random.Random`` that is passed in.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

WORD = re.compile(r"[^\W_]+")
"""What counts as a word here, in the truth, and in every contender."""

LEAST_EDITED, MOST_EDITED = 0.01, 0.5
LEAST_KEPT, MOST_KEPT = 0.3, 0.7
LEAST_LEFT = 120
"""Words that a cut leaves at least: a brief of one paragraph. Less, framed, would be more of the
site than of the article."""

FATES = {
    ("edited",): 0.45,
    ("framed",): 0.1,
    ("cut",): 0.15,
    ("edited", "framed"): 0.15,
    ("cut", "edited"): 0.1,
    ("cut", "framed"): 0.05,
}
"""What becomes of a copy, in this order, and the share of copies to which it does."""

FAMILIES = ((1, 1, 0.7), (2, 2, 0.169), (3, 5, 0.1), (6, 20, 0.03), (21, 200, 0.001))
"""Least and most copies of an article that is copied, and the share of such articles."""

COPIED_AGAIN = 0.25
"""Share of the copies that are made from any article of their family, not from the original."""

LEAST_FRAME, MOST_FRAME = 8, 60
"""Words that a site prints before, or after, an article."""


@dataclass(frozen=True)
class Site:
    """What one site prints around each of its articles."""

    before: str
    after: str


@dataclass(frozen=True)
class Copy:
    """A planted copy.

    Attributes:
        text: What it says.
        fate: What became of it, as in ``FATES``, joined by ``+``.
    """

    text: str
    fate: str


class Planter:
    """Makes copies of articles.

    Args:
        words: Words to insert, drawn from the archive.
        sites: Where copies are printed.
        chance: Draws.
    """

    def __init__(self, words: Sequence[str], sites: Sequence[Site], chance: random.Random) -> None:
        self._words, self._sites, self._chance = words, sites, chance

    def copy(self, text: str) -> Copy:
        """A copy of an article, changed in one of the ways of ``FATES``."""
        (fate,) = self._chance.choices(list(FATES), list(FATES.values()))
        for change in fate:
            text = {"edited": self._edited, "cut": self._cut, "framed": self._framed}[change](text)
        return Copy(text, "+".join(fate))

    def copies(self) -> int:
        """How many copies an article has that is copied."""
        (least, most, _), *_ = self._chance.choices(FAMILIES, [share for *_, share in FAMILIES])
        return self._chance.randint(least, most)

    def chosen(self, originals: int, copied: int) -> list[int]:
        """The places of the articles that are copied, of so many, in order."""
        return sorted(self._chance.sample(range(originals), copied))

    def _edited(self, text: str) -> str:
        share = LEAST_EDITED * (MOST_EDITED / LEAST_EDITED) ** self._chance.random()
        found = list(WORD.finditer(text))
        chosen = self._chance.sample(found, max(1, round(share * len(found))))
        parts, end = [], 0
        for match in sorted(chosen, key=lambda match: match.start()):
            parts += [text[end : match.start()], self._instead_of(match[0])]
            end = match.end()
        return "".join([*parts, text[end:]])

    def _instead_of(self, word: str) -> str:
        other = self._chance.choice(self._words)
        return self._chance.choice((other, "", f"{word} {other}"))

    def _cut(self, text: str) -> str:
        found = list(WORD.finditer(text))
        share = self._chance.uniform(LEAST_KEPT, MOST_KEPT)
        kept = min(len(found), max(LEAST_LEFT, round(share * len(found))))
        first = self._chance.choice((0, self._chance.randint(0, len(found) - kept)))
        return text[found[first].start() : found[first + kept - 1].end()] + "."

    def _framed(self, text: str) -> str:
        site = self._chance.choice(self._sites)
        return f"{site.before}\n\n{text}\n\n{site.after}"


def make_sites(texts: Sequence[str], count: int, chance: random.Random) -> list[Site]:
    """Sites whose boilerplate is taken from texts that are in the archive nowhere else."""
    sources = [text for text in texts if len(WORD.findall(text)) > 2 * MOST_FRAME]
    return [
        Site(*(_stretch(chance.choice(sources), chance) for _ in ("before", "after")))
        for _ in range(count)
    ]


def _stretch(text: str, chance: random.Random) -> str:
    found = list(WORD.finditer(text))
    length = chance.randint(LEAST_FRAME, MOST_FRAME)
    first = chance.randint(0, len(found) - length)
    return text[found[first].start() : found[first + length - 1].end()] + "."


def families(originals: int, planted: int, planter: Planter) -> Iterator[tuple[int, int]]:
    """Which originals are copied, in the order of their places, and how many times each.

    Args:
        originals: Articles that are no copies.
        planted: Copies of all of them together.
        planter: Says how many copies one has.

    Yields:
        The place of an original, and its number of copies.
    """
    sizes = []
    while planted > 0:
        sizes.append(min(planter.copies(), planted))
        planted -= sizes[-1]
    if len(sizes) > originals:
        raise SystemExit(f"{len(sizes)} articles would be copied, but there are {originals}")
    places = planter.chosen(originals, len(sizes))
    yield from zip(places, sizes, strict=True)
