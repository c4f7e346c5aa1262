"""The tables of a batch run: column by column, as they are written and passed on.

Columns that say what an answer over HTTP says bear its names (``dedup.report``), and their
numbers are rounded as there. ``docs/batch.md`` describes the outputs for their readers.

An article's *number* names it within one run: the place of its input file among all, and its
row there (``article_number``). So numbers stand in input order, whoever read which file when.
Files of articles that the run is only *against*, those that are known already, have places below
zero: a number below zero is that of a known article.
"""

from __future__ import annotations

from typing import Final

import pyarrow as pa

ROW_BITS: Final = 40
"""Low bits of a number, for the row: no file holds a trillion articles. What is left of 63
bits, as a signed integer has, numbers 8 million files."""

TIME: Final = pa.timestamp("us", tz="UTC")


def article_number(file: int, row: int) -> int:
    """The number of the article in a row of an input file, both counted from 0.

    Files of known articles are counted from -1 down.
    """
    return file << ROW_BITS | row


def file_and_row(number: int) -> tuple[int, int]:
    """The place of an article's input file, and its row there."""
    return number >> ROW_BITS, number & ((1 << ROW_BITS) - 1)


def _required(name: str, kind: pa.DataType) -> pa.Field:
    return pa.field(name, kind, nullable=False)


def _list_of(kind: pa.DataType) -> pa.DataType:
    return pa.list_(pa.field("item", kind, nullable=False))


SCORES: Final = pa.struct(
    [
        _required(name, pa.float64())
        for name in (
            "resemblance",
            "containment_in",
            "containment_of",
            "verbatim",
            "aligned",
            "identity",
            "order",
        )
    ]
)

QUOTES: Final = pa.struct([_required(name, pa.int32()) for name in ("total", "shared", "reworded")])

CREDIT: Final = pa.struct(
    [
        _required("name", pa.string()),
        _required("gives", pa.string()),
        _required("start", pa.int32()),
        _required("end", pa.int32()),
        _required("excerpt", pa.string()),
    ]
)

PASSAGE: Final = pa.struct(
    [
        _required("query_start", pa.int32()),
        _required("query_end", pa.int32()),
        _required("candidate_start", pa.int32()),
        _required("candidate_end", pa.int32()),
        _required("type", pa.string()),
        _required("quotation", pa.bool_()),
    ]
)

ARTICLES: Final = pa.schema(
    [
        _required("number", pa.int64()),
        _required("id", pa.string()),
        _required("file", pa.string()),
        _required("row", pa.int64()),
        pa.field("title", pa.string()),
        pa.field("url", pa.string()),
        pa.field("source", pa.string()),
        pa.field("published", TIME),
        _required("language", pa.string()),
        pa.field("language_confidence", pa.float64()),
        _required("language_by", pa.string()),
        _required("words", pa.int32()),
        _required("text", pa.string()),
    ]
)
"""The clean text of every article that could be read, and where it came from."""

VERDICTS: Final = pa.schema(
    [
        _required("number", pa.int64()),
        _required("id", pa.string()),
        _required("verdict", pa.string()),
        _required("kind", pa.string()),
        pa.field("confidence", pa.float64()),
        _required("likely", pa.bool_()),
        pa.field("source", pa.string()),
        pa.field("source_number", pa.int64()),
        pa.field("origin", pa.string()),
        pa.field("origin_number", pa.int64()),
        pa.field("cluster", pa.int64()),
        _required("known", pa.bool_()),
        _required("matches", pa.int32()),
        _required("matches_complete", pa.bool_()),
        _required("reasons", _list_of(pa.string())),
        _required("credits", _list_of(CREDIT)),
    ]
)
"""What is said of every article. ``cluster`` is null outside families of two and more; ``known``
are those whose text is known already under their very id."""

MATCHES: Final = pa.schema(
    [
        _required("number", pa.int64()),
        _required("id", pa.string()),
        _required("other_number", pa.int64()),
        _required("other", pa.string()),
        _required("relation", pa.string()),
        pa.field("kind", pa.string()),
        pa.field("confidence", pa.float64()),
        _required("direction", pa.string()),
        _required("direction_reason", pa.string()),
        pa.field("direction_confidence", pa.float64()),
        _required("scores", SCORES),
        _required("scores_without_quotations", SCORES),
        _required("quotes", QUOTES),
        _required("passages", _list_of(PASSAGE)),
        _required("reasons", _list_of(pa.string())),
    ]
)
"""Related pairs, each from both sides; of one article nearest first. Spans of passages are in
code points of the texts as submitted."""

RELATED: Final = MATCHES.append(pa.field("since", TIME)).append(pa.field("arrived", TIME))
"""The same between the stages: numbers are not rounded, and what a verdict must know of the other
article stands with it: since when it is known, and when a crawler fetched it."""

_OF_FAMILY = ("cluster", "first", "place", "known")

CLUSTERS: Final = pa.schema(
    [
        _required("cluster", pa.int64()),
        _required("first", pa.string()),
        _required("number", pa.int64()),
        _required("id", pa.string()),
        _required("place", pa.int32()),
        _required("known", pa.bool_()),
        _required("language", pa.string()),
        pa.field("relation", pa.string()),
        pa.field("kind", pa.string()),
        pa.field("source", pa.string()),
        pa.field("source_number", pa.int64()),
        pa.field("direction_reason", pa.string()),
    ]
)
"""Members of families, family by family, the first (``place`` 0) first, the others in order of
time. ``cluster`` is the number of the first. What a member is to its ``source`` stands with it;
the first has none, and of those that the run is only against nothing is said."""

ARTIFACTS: Final = pa.schema(
    [
        _required("number", pa.int64()),
        _required("id", pa.string()),
        _required("rule", pa.string()),
        _required("start", pa.int32()),
        _required("end", pa.int32()),
        _required("excerpt", pa.string()),
        _required("weight", pa.string()),
        _required("says", pa.string()),
        _required("data", pa.map_(pa.string(), pa.string())),
    ]
)
"""What the artifact rules saw; spans in code points of the text as submitted."""

OUTPUTS: Final = {
    "articles": ARTICLES,
    "verdicts": VERDICTS,
    "matches": MATCHES,
    "clusters": CLUSTERS,
    "artifacts": ARTIFACTS,
}
"""What a run writes, by the name of its directory. Rows stand in order of ``number``; of
clusters in order of ``cluster``, then ``place``."""

KIN: Final = pa.schema([field for field in CLUSTERS if field.name not in _OF_FAMILY])
"""What articles that belong to a family are to the others, before it is known who is its first."""

FINDING: Final = pa.struct([field for field in ARTIFACTS if field.name not in ("number", "id")])

READ: Final = pa.schema(
    [
        _required("number", pa.int64()),
        _required("id", pa.string()),
        _required("media", pa.string()),
        _required("submitted", pa.string()),
        pa.field("clean", pa.string()),
        pa.field("title", pa.string()),
        pa.field("url", pa.string()),
        pa.field("source", pa.string()),
        pa.field("published", TIME),
        pa.field("captured", TIME),
        pa.field("declared", pa.string()),
        _required("language", pa.string()),
        pa.field("language_confidence", pa.float64()),
        _required("language_by", pa.string()),
        _required("words", pa.int32()),
        _required("prose", pa.int32()),
        _required("credits", _list_of(CREDIT)),
        _required("findings", _list_of(FINDING)),
    ]
)
"""Articles between the stages, as submitted and read. ``clean`` is null where cleaning changed
nothing; ``captured`` is when a crawler fetched the page; ``declared`` the language that the
caller gave; ``prose`` counts the words that are no furniture; ``id`` is as given, repeated or not.
"""

PAIRS: Final = pa.schema(
    [
        _required("query", pa.int64()),
        _required("candidate", pa.int64()),
        _required("shared_content", pa.int32()),
        _required("shared_passages", pa.int32()),
        _required("score", pa.float64()),
        _required("resemblance", pa.float64()),
    ]
)
"""Numbers of two articles that are worth a comparison, the later one (``query``) first; how
many keys of each family they share, the score of ``dedup.index.ranking``, and how much their
content resembles, estimated from sketches."""

BLOCKS: Final = pa.schema(
    [
        _required("number", pa.int64()),
        _required("start", pa.int32()),
        _required("end", pa.int32()),
    ]
)
"""Where boilerplate stands in articles, as submitted (``dedup.boilerplate``); in order."""
