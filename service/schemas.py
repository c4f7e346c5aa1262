"""What goes out, as schemas for ``/openapi.json``.

Answers are made by ``dedup.report`` alone; these say the same shape to machines, and the
tests hold real answers against them. Every key is always there.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from dedup.model import Direction, PassageType, QuoteStatus, Relation, VerdictName, Weight

Share = Annotated[float, Field(ge=0, le=1)]
Span = Annotated[
    list[int],
    Field(min_length=2, max_length=2, description="[start, end) in code points, as submitted."),
]
Time = Annotated[str, Field(description="RFC 3339, UTC.", examples=["2020-02-09T10:47:48Z"])]


class Out(BaseModel):
    """Nothing but the fields named, and all of them."""

    model_config = ConfigDict(extra="forbid")


class Reference(Out):
    """Another article, by name."""

    id: str
    title: str | None
    url: str | None
    source: str | None
    published: Time | None


class LanguageOut(Out):
    """Which language a text is in, and who said so."""

    code: str = Field(description="ISO 639; `und` if unknown.", examples=["en"])
    confidence: Share | None = Field(description="null if declared, or if nothing is known.")
    by: str


class ScoresOut(Out):
    """How two texts overlap."""

    resemblance: Share = Field(description="Jaccard of the word 5-shingles.")
    containment_in: Share = Field(description="Share of this article's shingles in the other.")
    containment_of: Share = Field(description="Share of the other's shingles in this article.")
    verbatim: Share = Field(description="Share of this article's words in exact runs.")
    aligned: Share = Field(description="Share of this article's words in aligned sentences.")
    identity: Share = Field(description="Word identity inside aligned sentences.")
    order: Share = Field(description="1 if the aligned sentences come in the same order.")


class QuotesOut(Out):
    """What became of this article's quotations in the other one."""

    total: int
    shared: int
    reworded: int


class QuotationOut(Out):
    """A quotation of this article, and what became of it in the other one."""

    query: Span = Field(description="Where in this article.")
    candidate: Span | None = Field(description="Where its counterpart stands in the other one.")
    status: QuoteStatus
    identity: Share = Field(description="Share of its words that the counterpart has, in order.")
    speaker: str | None = Field(description="Who said it; null if that is not told clearly.")
    role: str | None = Field(description="Words beside the name that say who that is.")


class PassageOut(Out):
    """One shared passage."""

    query: Span = Field(description="Where in this article.")
    candidate: Span = Field(description="Where in the other one.")
    type: PassageType
    quotation: bool


class SectionOut(Out):
    """A whole stretch of both texts that go with each other, strange sentences included."""

    query: Span = Field(description="Where in this article.")
    candidate: Span = Field(description="Where in the other one.")
    words: int = Field(ge=1, description="Words of this article in it.")
    verbatim: Share = Field(description="Share of these in exact runs.")


class ChangeOut(Out):
    """A number or a name that stands where the other text has another one."""

    query: Span = Field(description="Where in this article.")
    candidate: Span = Field(description="Where in the other one.")
    query_text: str
    candidate_text: str


class SubstitutionOut(Out):
    """A word that the other article has another word for."""

    query: str
    candidate: str
    count: int = Field(ge=1, description="In how many places.")


class KeptOut(Out):
    """Words of one kind in aligned sentences, and those that both have."""

    total: int
    kept: int


class KeptWordsOut(Out):
    """What was kept of each kind of words."""

    names: KeptOut
    numbers: KeptOut
    content_words: KeptOut
    function_words: KeptOut


class DifferencesOut(Out):
    """What differs where two articles say the same, and what only one of them has."""

    numbers: list[ChangeOut]
    names: list[ChangeOut]
    substitutions: list[SubstitutionOut] = Field(description="Most frequent first.")
    forms: list[SubstitutionOut] = Field(description="Other forms or spellings of one word.")
    kept: KeptWordsOut
    only_query: list[Span] = Field(description="Sentences without a counterpart, of this article.")
    only_candidate: list[Span] = Field(description="Likewise of the other one.")


class MatchOut(Reference):
    """How this article relates to another one."""

    removed: bool = Field(description="The other article is no longer stored.")
    expired: bool = Field(description="It was removed because its time was up.")
    relation: Relation
    kind: str | None
    confidence: Share
    direction: Direction
    direction_reason: str
    direction_confidence: Share | None = Field(
        description="Share of such pairs in which the direction is right; null if not measured."
    )
    scores: ScoresOut
    scores_without_quotations: ScoresOut
    quotes: QuotesOut
    quotations: list[QuotationOut] | None = Field(
        description="Each of them; worked out where differences are."
    )
    passages: list[PassageOut]
    sections: list[SectionOut] | None = Field(
        description="What goes with what as a whole; null where it was not worked out."
    )
    differences: DifferencesOut | None = Field(
        description="Worked out for the nearest matches of an answer that is asked for."
    )
    reasons: list[str]


class ArtifactOut(Out):
    """Debris found in this article's text."""

    rule: str
    span: Span
    excerpt: str
    weight: Weight
    says: str
    data: dict[str, str]


class CreditOut(Out):
    """An agency or outlet that the text itself names as the source of its words."""

    name: str
    gives: Literal["all", "part"] = Field(description="All of the text, or a part of it.")
    span: Span = Field(description="Where in this article it says so.")
    excerpt: str


class Answer(Out):
    """What is said of an article against the articles known at this time."""

    verdict: VerdictName
    kind: str
    confidence: Share | None
    likely: bool = Field(description="The confidence is low: it is likely so, not sure.")
    source: Reference | None = Field(description="The article that it was taken from.")
    reasons: list[str]
    origin: Reference | None = Field(description="What the source goes back to in turn.")
    matches: list[MatchOut] = Field(description="Nearest first.")
    matches_complete: bool = Field(description="false if more may be related than are listed.")
    credits: list[CreditOut] = Field(description="Also where no known article matches.")
    artifacts: list[ArtifactOut]
    language: LanguageOut
    words: int = Field(ge=0)


class VerdictOut(Answer):
    """The verdict on a stored article."""

    id: str
    revision: int = Field(ge=1, description="Grows when verdict, kind or source changes.")
    expires: Time | None = Field(description="When the article is let go of; null is never.")


class CheckOut(Answer):
    """The verdict on a text that was not stored."""

    id: str | None = Field(description="As sent.")
    revision: None
    expires: None = Field(description="It is not stored.")


class Revised(Out):
    """An article whose verdict has changed because another one arrived."""

    id: str
    verdict: VerdictName
    kind: str
    source: Reference | None
    revision: int = Field(ge=2)


class StoredOut(VerdictOut):
    """The verdict on the article just stored, and whose verdicts it changed."""

    revised: list[Revised]


class SettledLanguage(Out):
    """Which language a stored article is in, and who said so."""

    code: str
    by: str


class ArticleOut(Reference):
    """A stored article as it was submitted."""

    text: str | None
    html: str | None
    lang: str | None = Field(description="As declared.")
    language: SettledLanguage = Field(description="As settled when it was stored.")
    received: Time
    expires: Time | None = Field(description="When it is let go of; null is never.")


class Status(Out):
    """The state of the service."""

    status: Literal["alive", "ready"]


class Index(Out):
    """What this service is and where to go from here."""

    name: str
    version: str
    openapi: str
    routes: list[str]


class ProblemTypeOut(Out):
    """A kind of problem."""

    type: str
    title: str
    status: int
    way_out: str
