"""The clean text of an article, and the way back to the text as submitted."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from dedup.model import Article, Repair, Span
from dedup.normalize import characters, debris, encoding, entities
from dedup.normalize.glance import steps_for
from dedup.normalize.offsets import Edit, OffsetMap, rewrite
from dedup.normalize.page import read_page

_Step = Callable[[str], list[Edit]]

# These alone make a text safe to handle; done twice, they change nothing.
_SAFETY: Mapping[str, _Step] = {
    "surrogates": characters.surrogates,
    "control_characters": characters.control_characters,
    "zero_width": characters.zero_width,
    "line_breaks": characters.line_breaks,
}
_REPAIRS: Mapping[str, _Step] = {
    "entities": entities.entities,
    "encoding": encoding.encoding,
    "letter_forms": encoding.letter_forms,
    "composition": encoding.composition,
    "soft_hyphens": characters.soft_hyphens,
    "minify_markers": debris.remove_minify_markers,
    "feed_tails": debris.remove_feed_tails,
    "widget_banners": debris.remove_widget_banners,
    "advertisements": debris.remove_advertisements,
    "scripts": debris.remove_scripts,
    "captions": debris.remove_caption_tags,
}

STEPS = (*_SAFETY, *_REPAIRS)
"""The names that a ``Repair`` may carry, in the order in which the steps are taken."""

# One repair may uncover the work of another (an entity decodes into a zero-width space, a
# mended character completes an entity), so all are repeated until none finds anything.
# News text rests after two rounds, three layers of mojibake after four.
_MOST_ROUNDS = 8


@dataclass(frozen=True, slots=True)
class CleanText:
    """A repaired text that remembers where it came from.

    Attributes:
        text: The clean text.
        repairs: What was repaired, and how often, in the order of ``STEPS``.
        shown: The text as readers were shown it, before any repair: what was submitted, or
            the main text of a submitted page. Artifact rules read it.
        page: The HTML as submitted; None if plain text was.
        title: The page's title, if HTML was submitted and has one.
    """

    text: str
    repairs: tuple[Repair, ...]
    shown: str
    page: str | None = None
    title: str | None = None
    _maps: tuple[OffsetMap, ...] = ()
    _places: OffsetMap | None = None
    _repaired: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)

    @property
    def is_as_submitted(self) -> bool:
        """Whether it is the very text as submitted, so that places in both are the same."""
        return not self._maps and self._places is None

    def submitted(self, span: Span) -> Span:
        """Where a span of the clean text stands in the text as submitted (HTML: in its source)."""
        return self.shown_as_submitted(_source(self._maps, span))

    def shown_as_submitted(self, span: Span) -> Span:
        """Where a span of ``shown`` stands in the text as submitted."""
        return self._places.source(span) if self._places else span

    def located(self, submitted: Span) -> Span:
        """Where a span of the text as submitted stands in the clean text; empty if it was removed."""
        if self.is_as_submitted:
            return submitted
        places = range(len(self.text))

        def source(at: int) -> int:
            return self.submitted(Span(at, at + 1)).start

        return Span(
            bisect_left(places, submitted.start, key=source),
            bisect_left(places, submitted.end, key=source),
        )

    def repaired(self, step: str) -> tuple[Span, ...]:
        """Where in ``shown`` one step repaired something, in text order."""
        return self._repaired.get(step, ())


def normalize(text: str) -> CleanText:
    """Repair a plain text; any ``str`` will do, none raises.

    >>> normalize("Syria& # 39;s army").text
    "Syria's army"
    """
    work = _Work(text)
    for _ in range(_MOST_ROUNDS):
        found_work = work.do(_SAFETY)
        if not (work.do(_REPAIRS) or found_work):
            return work.result()
    # Not to be brought to rest: noise, or made to keep us busy. To stay the same when
    # normalized again, it is made safe and otherwise left as it is.
    work = _Work(text)
    work.do(_SAFETY)
    return work.result()


def read(article: Article) -> CleanText:
    """Clean text of an article; of its main text, if it is HTML."""
    if article.media == "text":
        return normalize(article.text)
    page = read_page(article.text)
    clean = normalize(page.text)
    title = normalize(page.title).text if page.title else None
    return replace(clean, page=article.text, title=title, _places=page.places)


class _Work:
    """A text under repair: its present state, and all that was done to it."""

    def __init__(self, text: str) -> None:
        self._shown = text
        self.text = text
        self._needed = steps_for(text)
        self._maps: list[OffsetMap] = []
        self._repaired: dict[str, list[Span]] = {}

    def do(self, steps: Mapping[str, _Step]) -> bool:
        """Take steps in order; whether any of them found work."""
        before = len(self._maps)
        for name, step in steps.items():
            edits = step(self.text) if name in self._needed else None
            if edits:
                self._apply(edits)
                self._needed = steps_for(self.text)
        return len(self._maps) > before

    def _apply(self, edits: list[Edit]) -> None:
        for edit in edits:
            place = _source(self._maps, Span(edit.start, edit.end))
            self._repaired.setdefault(edit.step, []).append(place)
        self.text, made = rewrite(self.text, edits)
        self._maps.append(made)

    def result(self) -> CleanText:
        if not self._maps:
            return CleanText(self.text, (), self._shown)
        counts = Counter({step: len(places) for step, places in self._repaired.items()})
        return CleanText(
            text=self.text,
            repairs=tuple(Repair(step, counts[step]) for step in STEPS if counts[step]),
            shown=self._shown,
            _maps=tuple(self._maps),
            _repaired={step: tuple(sorted(places)) for step, places in self._repaired.items()},
        )


def _source(maps: Sequence[OffsetMap], span: Span) -> Span:
    """Follow a span back through rewritings, the latest first."""
    for rewriting in reversed(maps):
        span = rewriting.source(span)
    return span
