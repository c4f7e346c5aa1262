"""The records that pass between stages. Frozen; no behaviour beyond looking things up.

Positions are code points. A ``Span`` is half-open. Unless a field says "submitted",
it points into the clean text of its document.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Media = Literal["text", "html"]
Weight = Literal["strong", "weak", "none"]
Relation = Literal["copy", "retranslation", "derived", "same_story", "unrelated", "undetermined"]
Direction = Literal["copied_from", "copied_by", "unknown"]
PassageType = Literal["verbatim", "reworded", "translated"]
QuoteStatus = Literal["kept", "reworded", "absent"]
WordKind = Literal["function", "content", "name", "number"]
VerdictName = Literal["copy", "retranslation", "independent", "undetermined"]
Family = Literal["wording", "content", "passages"]

FAMILIES: Final[tuple[Family, ...]] = ("wording", "content", "passages")
"""Families of index keys, each at its number."""
WORDING, CONTENT, PASSAGES = range(3)
"""The numbers of the families. They are mixed into stored keys, so they never change."""


class Span(NamedTuple):
    """Half-open ``[start, end)``, in code points."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Article:
    """One article as it was submitted.

    Attributes:
        id: The caller's name for it.
        text: Plain text or HTML, exactly as submitted.
        media: What ``text`` is.
        published: When it says it appeared; always with a time zone.
        lang: The language that the caller declares (BCP 47), which is trusted over detection.
        expires: When an index is to let go of it, UTC; None leaves it to the index's default.
    """

    id: str
    text: str
    media: Media = "text"
    title: str | None = None
    url: str | None = None
    source: str | None = None
    published: datetime | None = None
    lang: str | None = None
    expires: datetime | None = None


@dataclass(frozen=True, slots=True)
class Repair:
    """One kind of repair that normalization made, and how often."""

    step: str
    count: int


@dataclass(frozen=True, slots=True)
class Finding:
    """What one artifact rule saw in one text.

    Attributes:
        rule: The rule's function name.
        span: Where, in the text *as submitted*.
        excerpt: The text there, cut to 120 characters.
        weight: How strongly it speaks for second-hand text; ``"none"`` is reported only.
        says: One sentence with the values seen.
        data: Values for machines (``{"rendered": "2020-02-09T10:47:48Z"}``).
    """

    rule: str
    span: Span
    excerpt: str
    weight: Weight
    says: str
    data: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Credit:
    """Whom a text names as the source of its words.

    Attributes:
        name: An agency or an outlet.
        gives: Whether it gave all of the text or a part of it.
        span: Where the text says so, in the text *as submitted*.
        excerpt: The text there, cut to 120 characters.
    """

    name: str
    gives: Literal["all", "part"]
    span: Span
    excerpt: str


@dataclass(frozen=True, slots=True)
class Language:
    """Which language, and how it is known.

    Attributes:
        code: ISO 639-1 (639-3 where there is none; ``zh-Hant`` apart), ``"und"`` if unknown.
        confidence: In [0, 1]; None when the caller declared it or nothing is known.
        by: Who said so: ``"declared"``, ``"pycld2"``, ``"langdetect"``, ``"script"``, ``"nobody"``.
    """

    code: str
    confidence: float | None
    by: str


@dataclass(frozen=True, slots=True)
class Quotation:
    """A stretch between quotation marks, the marks left out.

    Attributes:
        span: In the clean text.
        closed: False if the paragraph ended before a closing mark was seen.
    """

    span: Span
    closed: bool


@dataclass(frozen=True, slots=True)
class ArticleKeys:
    """What to index one text under, family by family.

    Attributes:
        keys: uint64, shape (n_keys,), all different.
        families: uint8, shape (n_keys,): the number of each key's family, ascending.
        starts: int32, shape (n_keys,): of a passage, the place among the text's words of the
            first one of its shingle, where that stands first; -1 for other families.
    """

    keys: NDArray[np.uint64]
    families: NDArray[np.uint8]
    starts: NDArray[np.int32]

    def __len__(self) -> int:
        return len(self.keys)

    def select(self, family: int) -> ArticleKeys:
        """The keys of one family, by its number."""
        chosen = self.families == family
        return ArticleKeys(self.keys[chosen], self.families[chosen], self.starts[chosen])


NO_KEYS: Final = ArticleKeys(
    np.zeros(0, dtype=np.uint64), np.zeros(0, dtype=np.uint8), np.zeros(0, dtype=np.int32)
)
"""Those of a text that is not indexed."""


class Candidate(NamedTuple):
    """An indexed article that shares keys with the query. No judgement yet.

    Attributes:
        number: The version's.
        collisions: How many keys both have.
        score: The same, each key weighed by how few articles have it (``dedup.index.ranking``).
    """

    number: int
    collisions: int
    score: float


@dataclass(frozen=True, slots=True)
class Passage:
    """One shared passage: where it stands in both texts, as submitted."""

    query: Span
    candidate: Span
    type: PassageType
    quotation: bool


@dataclass(frozen=True, slots=True)
class Section:
    """A stretch of both texts in which shared passages follow one another.

    Attributes:
        query: Where it stands in the query, as submitted.
        candidate: Where in the candidate, as submitted.
        words: Words of the query in it.
        verbatim: Share of these in exact runs, in [0, 1].
    """

    query: Span
    candidate: Span
    words: int
    verbatim: float


class Scores(NamedTuple):
    """How two texts overlap; every number a share in [0, 1].

    Attributes:
        resemblance: Jaccard of the two sets of word 5-shingles.
        containment_in: Share of the query's shingles that the candidate has too.
        containment_of: Share of the candidate's shingles that the query has too.
        verbatim: Share of the query's words in exact runs.
        aligned: Share of the query's words in aligned sentences.
        identity: Word identity inside aligned sentences.
        order: How monotone the alignment is: 1 is the same order throughout.
    """

    resemblance: float
    containment_in: float
    containment_of: float
    verbatim: float
    aligned: float
    identity: float
    order: float


@dataclass(frozen=True, slots=True)
class QuoteCounts:
    """What became of the query's quotations in the candidate."""

    total: int
    shared: int
    reworded: int


@dataclass(frozen=True, slots=True)
class QuotationMatch:
    """A quotation of this article, and what became of it in the other one.

    Attributes:
        query: Where it stands, as submitted.
        candidate: Where its counterpart stands in the other article, as submitted; None if it
            has none.
        status: ``kept`` word for word, perhaps shortened; ``reworded``; or ``absent``.
        identity: Share of its words that stand in the counterpart in the same order; of the
            counterpart's, where that is shorter.
        speaker: Who said it, as this article prints the name; None if it does not say, or not
            clearly.
        role: What else the article says of who that is, beside the name.
    """

    query: Span
    candidate: Span | None
    status: QuoteStatus
    identity: float
    speaker: str | None
    role: str | None


@dataclass(frozen=True, slots=True)
class Change:
    """A number or a name that stands where the other text has another one.

    Attributes:
        query: Where, in this article as submitted.
        candidate: Where, in the other one as submitted.
        query_text: What stands there in the clean text, in one line.
        candidate_text: Likewise in the other one.
    """

    query: Span
    candidate: Span
    query_text: str
    candidate_text: str


@dataclass(frozen=True, slots=True)
class Substitution:
    """A word of this article that the other one has another word for.

    Attributes:
        query: The word, folded; of several forms the one that is met first.
        candidate: The other article's word.
        count: In how many places.
    """

    query: str
    candidate: str
    count: int


@dataclass(frozen=True, slots=True)
class KeptWords:
    """Words of one kind in the aligned sentences of both articles, and those that both have."""

    total: int
    kept: int


@dataclass(frozen=True, slots=True)
class Differences:
    """What differs between two articles where they say the same, and what only one has.

    Attributes:
        numbers: Numbers that were changed, in the order of this article.
        names: Likewise names.
        substitutions: Words that were replaced one for one, most telling first.
        forms: Likewise words of which the other article has another form or spelling.
        function_words: Kept in their place.
        content_words: Kept, in whatever form, in the sentence.
        kept_names: Kept in the sentence.
        kept_numbers: Likewise.
        only_query: This article's sentences that have no counterpart, as submitted.
        only_candidate: The other one's.
    """

    numbers: tuple[Change, ...]
    names: tuple[Change, ...]
    substitutions: tuple[Substitution, ...]
    forms: tuple[Substitution, ...]
    function_words: KeptWords
    content_words: KeptWords
    kept_names: KeptWords
    kept_numbers: KeptWords
    only_query: tuple[Span, ...]
    only_candidate: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class ArticleRef:
    """Another article, by name: what a reader needs to find it."""

    id: str
    title: str | None = None
    url: str | None = None
    source: str | None = None
    published: datetime | None = None


@dataclass(frozen=True, slots=True)
class Match:
    """How the article asked about relates to one other article.

    Attributes:
        other: The other article.
        relation: What the judge says of the pair.
        kind: ``exact``, ``edited``, ``excerpt``, ``extended`` or ``revision`` for a copy;
            ``same_language`` or ``cross_language`` for a re-translation; else None.
        confidence: Calibrated probability of the relation, in [0, 1]; None if one of the two
            is too short for one to be told.
        direction: ``copied_from``: this article has it from the other one.
        direction_reason: The evidence for the direction, one sentence.
        direction_confidence: Share of such pairs in which the direction is right, in [.5, 1];
            None where that is not measured, or nothing tells.
        since: The moment from which the other article is known to have existed: its date,
            or its arrival if that was earlier. None if neither is known.
        arrived: When the other article reached the index; None if it is not stored.
        place: Where the other article stands in an archive; None if it is of none.
        expires: When the index lets go of the other article; None is never.
        scores: Over all words.
        scores_unquoted: Over words outside quotations.
        quotes: What became of this article's quotations.
        passages: Shared passages, in the order of this article.
        sections: The stretches that passages make up, in the order of this article. None where
            they were not worked out, as for differences.
        differences: What differs where they say the same. None where it was not worked out:
            that takes both texts, and is done for an answer that is to be shown.
        quotations: What became of each of this article's quotations. None where it was not
            worked out, as for differences.
        reasons: Sentences with the numbers compared.
        removed: The other article is stored no more; nothing but its id is known.
        expired: It was removed because its time was up, and not by a deletion.
    """

    other: ArticleRef
    relation: Relation
    kind: str | None
    confidence: float | None
    direction: Direction
    direction_reason: str
    since: datetime | None
    arrived: datetime | None
    scores: Scores
    scores_unquoted: Scores
    quotes: QuoteCounts
    passages: tuple[Passage, ...]
    reasons: tuple[str, ...]
    expires: datetime | None = None
    removed: bool = False
    expired: bool = False
    sections: tuple[Section, ...] | None = None
    differences: Differences | None = None
    quotations: tuple[QuotationMatch, ...] | None = None
    direction_confidence: float | None = None
    place: int | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is said of one article against the articles known at that time.

    Attributes:
        verdict: The answer.
        kind: Finer answer; the reason's short name (``too_short``) for ``undetermined``.
        confidence: Calibrated probability in [0, 1]; None where nothing was weighed.
        source: The article it was taken from, for copies, re-translations and derived text.
        reasons: Sentences with the numbers compared.
        likely: The confidence is so low that it is only likely; the first reason says so, too.
    """

    verdict: VerdictName
    kind: str
    confidence: float | None
    source: ArticleRef | None
    reasons: tuple[str, ...]
    likely: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """The whole answer about one article: what every front end shows.

    Attributes:
        article: The article, as submitted.
        verdict: The verdict now.
        matches: Nearest first.
        matches_complete: False if more articles may be related than are listed.
        origin: What the source was taken from in turn, where this article, compared with it,
            was taken from it too; the last of such a chain. None if the source is the first.
        artifacts: What the artifact rules found in this text.
        language: Of the text.
        words: Number of words in the clean text.
        revision: 1 for the first verdict; one more each time verdict, kind or source
            changes. None for an article that is not stored.
        expires: When the index lets go of the article; None is never, and for an article
            that is not stored.
        credits: Whom the text names as the source of its words, whoever is known.
    """

    article: Article
    verdict: Verdict
    matches: tuple[Match, ...]
    artifacts: tuple[Finding, ...]
    language: Language
    words: int
    revision: int | None
    matches_complete: bool = True
    origin: ArticleRef | None = None
    expires: datetime | None = None
    credits: tuple[Credit, ...] = ()
