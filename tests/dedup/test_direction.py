"""Each kind of evidence fires, stays silent, and says the reverse when the two change sides."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime, timedelta, timezone

import pytest
from article_cases import ARTICLE, ROOT, SEEDS

from dedup.compare import compare, profile
from dedup.document import Document, read_document
from dedup.judge.direction import (
    LATEST,
    OF_TEXTS,
    Evidence,
    Side,
    Way,
    dates,
    debris,
    direction,
    distant_dates,
    known_since,
    later_version,
    named_source,
    shared_credit,
    translated,
)
from dedup.model import Article, Direction, Relation

REVERSED: dict[Direction, Direction] = {
    "copied_from": "copied_by",
    "copied_by": "copied_from",
    "unknown": "unknown",
}
NOON = datetime(2024, 5, 14, 12, tzinfo=UTC)
EARLIER = NOON - timedelta(days=9)
EARLY, LATE = Side(NOON, 1), Side(NOON + timedelta(days=1), 2)
SILENT = "nothing in either text or in their dates says which came first"


def document(text: str = ARTICLE, **fields: object) -> Document:
    return read_document(Article("x", text, **fields))  # type: ignore[arg-type]


def between(query: Document, candidate: Document, relation: Relation, *sides: Side | None) -> Way:
    query_side, candidate_side = sides
    comparison = compare(profile(query), profile(candidate))
    return direction(comparison, relation, query_side, candidate_side)


PLAIN = document()
BROKEN = document(ARTICLE.replace("'", "& # 39;"))
BY_LANTERN = document(source="The Daily Lantern")
FEED = document(f"{ARTICLE}\n\nThe post Bridge closes appeared first on The Daily Lantern.")
REPUBLISHED = document(f"{ARTICLE}\n\nThis article was originally published by the daily lantern.")
HELPED = document(f"{ARTICLE}\n\n(With input from AFP and Reuters)")
WHOLLY_AGENCY = document(f"By Reuters\n\n{ARTICLE}")
AT_NOON = document(published=NOON)
NEXT_DAY = document(published=NOON + timedelta(days=1))
DAYS_LATER = document(published=NOON + timedelta(days=3))
ON_THE_DAY = document(published=NOON.replace(hour=0))
PRINTED = document(f"date 2024-05-14\n\n{ARTICLE}")
PRINTED_LATER = document(f"Updated 11:01, 16-May-2024\n{ARTICLE}")

CORRECTED = document(f"(Corrects name of the bridge in paragraph 2)\n{ARTICLE}")
UPDATE = document(title="UPDATE 2-Bridge closes")
CORRECTED_AT_NOON = document(CORRECTED.article.text, published=NOON)
CORRECTED_BY_LANTERN = document(CORRECTED.article.text, source="The Daily Lantern")
BY_STAR = document(source="The Evening Star")

FIRES = [
    (debris, BROKEN, PLAIN, "only this article carries debris of machine processing"),
    (named_source, FEED, BY_LANTERN, "it comes from The Daily Lantern"),
    (named_source, REPUBLISHED, BY_LANTERN, "it comes from the daily lantern"),
    (dates, NEXT_DAY, AT_NOON, "dated 2024-05-15 12:00:00 UTC, the other one 2024-05-14"),
    (dates, PRINTED_LATER, PRINTED, "dated 2024-05-16, the other one 2024-05-14"),
    (dates, PRINTED_LATER, AT_NOON, "dated 2024-05-16, the other one 2024-05-14 12:00:00 UTC"),
    (dates, PRINTED, AT_NOON, "dated 2024-05-14, the other one 2024-05-14 12:00:00 UTC"),
    (dates, ON_THE_DAY, AT_NOON, "dated 2024-05-14, the other one 2024-05-14 12:00:00 UTC"),
    (distant_dates, DAYS_LATER, AT_NOON, "dated 2024-05-17 12:00:00 UTC, the other one 2024-05-14"),
    (distant_dates, PRINTED_LATER, AT_NOON, "dated 2024-05-16, the other one 2024-05-14"),
    (later_version, CORRECTED, PLAIN, "only this article says of itself that it revises"),
    (later_version, UPDATE, PLAIN, "only this article says of itself that it revises"),
    (later_version, CORRECTED_BY_LANTERN, BY_LANTERN, "it revises an earlier version"),
    (later_version, CORRECTED_AT_NOON, NEXT_DAY, "it revises an earlier version"),
    (shared_credit, HELPED, PLAIN, "only this article credits others for its text (AFP, Reuters)"),
]
"""Evidence, the article that was taken from the other one, that one, and what is said of it."""

STAYS_SILENT = [
    (debris, PLAIN, PLAIN),
    (debris, BROKEN, BROKEN),
    (debris, document(ARTICLE.replace("'", "&#39;")), PLAIN),
    (named_source, FEED, PLAIN),
    (named_source, FEED, document(source="The Evening Star")),
    (named_source, FEED, document(source=" ")),
    (dates, AT_NOON, PLAIN),
    (dates, AT_NOON, document(published=NOON.astimezone(timezone(timedelta(hours=9))))),
    (dates, PRINTED, PRINTED),
    (dates, PRINTED, ON_THE_DAY),
    (distant_dates, NEXT_DAY, AT_NOON),
    (distant_dates, ON_THE_DAY, AT_NOON),
    (distant_dates, DAYS_LATER, PLAIN),
    (later_version, PLAIN, PLAIN),
    (later_version, CORRECTED, UPDATE),
    (later_version, CORRECTED_BY_LANTERN, BY_STAR),
    (later_version, CORRECTED_AT_NOON, DAYS_LATER),
    (shared_credit, PLAIN, PLAIN),
    (shared_credit, HELPED, HELPED),
    (shared_credit, WHOLLY_AGENCY, PLAIN),
]


@pytest.mark.parametrize(("article", "other"), [(BY_LANTERN, REPUBLISHED), (PLAIN, HELPED)])
def test_reason_quotes_nothing_that_stands_in_the_other_article_only(
    article: Document, other: Document
) -> None:
    """It is kept with this article, longer perhaps than the other one."""
    (reason,) = (
        said.reason
        for said in (kind(article, other) for kind in (named_source, shared_credit))
        if said
    )
    for name in ("AFP", "Reuters", "the daily lantern"):
        assert name not in reason


@pytest.mark.parametrize(("evidence", "taken", "source", "says"), FIRES)
def test_evidence_speaks_and_says_why(
    evidence: Evidence, taken: Document, source: Document, says: str
) -> None:
    answer = evidence(taken, source)
    assert answer is not None
    assert answer.direction == "copied_from"
    assert says in answer.reason


@pytest.mark.parametrize(("evidence", "taken", "source"), [case[:3] for case in FIRES])
def test_evidence_says_the_reverse_of_the_other_article(
    evidence: Evidence, taken: Document, source: Document
) -> None:
    answer = evidence(source, taken)
    assert answer is not None
    assert answer.direction == "copied_by"


@pytest.mark.parametrize(("evidence", "query", "candidate"), STAYS_SILENT)
def test_evidence_is_silent_where_nothing_tells(
    evidence: Evidence, query: Document, candidate: Document
) -> None:
    assert evidence(query, candidate) is None
    assert evidence(candidate, query) is None


def test_more_reliable_evidence_goes_first() -> None:
    assert (debris, named_source) == OF_TEXTS


BROKEN_BUT_EARLIER = document(BROKEN.article.text, published=NOON - timedelta(days=9))
FEED_BUT_EARLIER = document(FEED.article.text, published=NOON - timedelta(days=9))
LANTERN_LATER = document(source="The Daily Lantern", published=NOON)
HELPED_BUT_EARLIER = document(HELPED.article.text, published=NOON - timedelta(days=9))


@pytest.mark.parametrize(
    ("query", "candidate", "way", "why"),
    [
        (BROKEN_BUT_EARLIER, AT_NOON, "copied_from", "debris"),
        (FEED_BUT_EARLIER, LANTERN_LATER, "copied_from", "comes from"),
        (HELPED_BUT_EARLIER, AT_NOON, "copied_by", "dated"),
    ],
)
def test_first_evidence_that_speaks_decides(
    query: Document, candidate: Document, way: Direction, why: str
) -> None:
    """Each contradicts the kinds that follow it; arrival contradicts most of them."""
    sides = (LATE, EARLY) if way == "copied_by" else (EARLY, LATE)
    arrived = Side(NOON + timedelta(days=30), 1), Side(NOON + timedelta(days=31), 2)
    late = arrived if sides[0] == EARLY else (arrived[1], arrived[0])
    for relation in ("copy", "retranslation", "derived"):
        found = between(query, candidate, relation, *late)
        assert found.direction == way
        assert why in found.reason


def test_credit_for_help_tells_of_shared_passages_only() -> None:
    """Of copies one must be the first, whatever they credit: there time has the last word."""
    assert between(HELPED, PLAIN, "derived", EARLY, LATE).direction == "copied_from"
    assert between(HELPED, PLAIN, "copy", EARLY, LATE).direction == "copied_by"


@pytest.mark.parametrize(
    ("known", "side", "since"),
    [
        (PLAIN, None, None),
        (PLAIN, LATEST, None),
        (PLAIN, LATE, LATE.received),
        (AT_NOON, None, NOON),
        (AT_NOON, LATE, NOON),
        (NEXT_DAY, EARLY, EARLY.received),
        (ON_THE_DAY, None, NOON.replace(hour=0) + timedelta(days=1)),
        (PRINTED, EARLY, EARLY.received),
    ],
)
def test_article_is_known_since_its_date_or_its_earlier_arrival(
    known: Document, side: Side | None, since: datetime | None
) -> None:
    assert known_since(known, side) == since


def test_time_puts_all_copies_into_one_order() -> None:
    """Dated, undated and arrived in any order: of three, never each is taken from another."""
    sides = [Side(NOON + timedelta(days=day), day) for day in range(3)]
    for documents in itertools.permutations([AT_NOON, PLAIN, document(published=EARLIER)]):
        known = list(zip(documents, sides, strict=True))
        firsts = [
            query
            for query in known
            if all(
                between(query[0], other[0], "copy", query[1], other[1]).direction == "copied_by"
                for other in known
                if other is not query
            )
        ]
        assert len(firsts) == 1


@pytest.mark.parametrize(
    ("query_side", "candidate_side", "way"),
    [
        (EARLY, LATE, "copied_by"),
        (LATE, EARLY, "copied_from"),
        (Side(NOON, 1), Side(NOON, 2), "copied_by"),
        (LATEST, EARLY, "copied_from"),
        (EARLY, LATEST, "copied_by"),
        (None, None, "unknown"),
    ],
)
def test_arrival_decides_last_and_one_not_stored_comes_after_all(
    query_side: Side | None, candidate_side: Side | None, way: Direction
) -> None:
    assert between(PLAIN, PLAIN, "copy", query_side, candidate_side).direction == way


FIRST, SECOND = Side(None, 1), Side(None, 2)
"""Places in an archive, whose articles have not arrived."""


@pytest.mark.parametrize(
    ("query", "query_side", "candidate", "candidate_side", "way"),
    [
        (
            PLAIN,
            SECOND,
            PLAIN,
            FIRST,
            Way("copied_from", "the other article stands first in the input; nothing else tells"),
        ),
        (
            AT_NOON,
            FIRST,
            AT_NOON,
            SECOND,
            Way("copied_by", "this article stands first in the input; nothing else tells"),
        ),
        (
            AT_NOON,
            SECOND,
            PLAIN,
            FIRST,
            Way("copied_by", "only this article is dated; nothing else tells"),
        ),
        (
            PLAIN,
            FIRST,
            AT_NOON,
            SECOND,
            Way("copied_from", "only the other article is dated; nothing else tells"),
        ),
    ],
)
def test_in_an_archive_dates_decide_before_the_order_of_the_input(
    query: Document, query_side: Side, candidate: Document, candidate_side: Side, way: Way
) -> None:
    assert between(query, candidate, "copy", query_side, candidate_side) == way


def test_articles_of_an_archive_are_known_since_their_dates_alone() -> None:
    assert known_since(AT_NOON, FIRST) == NOON
    assert known_since(PLAIN, FIRST) is None


def test_arrival_says_nothing_of_derived_articles() -> None:
    """Both may have the passages from a third; a date still tells which cannot have copied."""
    assert between(PLAIN, PLAIN, "derived", EARLY, LATE) == Way("unknown", SILENT)
    assert between(AT_NOON, NEXT_DAY, "derived", LATE, EARLY).direction == "copied_by"


@pytest.mark.parametrize("relation", ["same_story", "unrelated"])
def test_articles_of_their_own_have_no_direction(relation: Relation) -> None:
    assert between(NEXT_DAY, AT_NOON, relation, LATE, EARLY).direction == "unknown"


def test_revision_comes_after_its_like_though_it_arrived_first() -> None:
    assert between(CORRECTED, PLAIN, "copy", EARLY, LATE).direction == "copied_from"


def test_notice_of_revision_tells_of_copies_only() -> None:
    """Another story of the outlet has no earlier version in it, and a notice may be translated."""
    assert between(CORRECTED, PLAIN, "derived", EARLY, LATE).direction == "unknown"
    assert between(CORRECTED, PLAIN, "retranslation", EARLY, LATE).direction == "copied_by"


def test_debris_goes_before_revision() -> None:
    assert between(BROKEN, CORRECTED, "copy", EARLY, LATE).direction == "copied_from"


@pytest.mark.parametrize("start", [NOON, None], ids=["dated", "undated"])
def test_versions_of_one_outlet_are_in_one_order(start: datetime | None) -> None:
    """Whatever says that it revises, and whenever it came: one is the first of all."""
    hours = (0, 20, 40, 60)
    for notices in itertools.product(("", "(Updates with details)\n"), repeat=len(hours)):
        known = [
            (
                document(notice + ARTICLE, published=start and start + timedelta(hours=hour)),
                Side(NOON + timedelta(days=9, hours=hour), hour),
            )
            for notice, hour in zip(notices, hours, strict=True)
        ]
        sources = sorted(
            sum(
                between(one, other, "copy", side, other_side).direction == "copied_from"
                for other, other_side in known
                if other is not one
            )
            for one, side in known
        )
        assert sources == [0, 1, 2, 3]


DOCUMENTS = [CORRECTED, UPDATE, CORRECTED_AT_NOON, CORRECTED_BY_LANTERN, BY_STAR]
DOCUMENTS += [PLAIN, BROKEN, BY_LANTERN, FEED, HELPED, AT_NOON, NEXT_DAY, PRINTED, PRINTED_LATER]
DOCUMENTS += [document(text) for text in SEEDS.values()]


@pytest.mark.parametrize("relation", ["copy", "retranslation", "derived"])
def test_both_articles_are_told_the_same(relation: Relation) -> None:
    for query, candidate in itertools.combinations(map(profile, DOCUMENTS), 2):
        seen = compare(query, candidate)
        for sides in [*itertools.permutations((EARLY, LATE, LATEST), 2), (None, None)]:
            way = direction(seen, relation, *sides)
            back = direction(seen.mirrored, relation, *reversed(sides))
            assert way.direction == REVERSED[back.direction]
            assert way.confidence == back.confidence


def test_earlier_arrival_is_the_smaller_side() -> None:
    assert EARLY < LATE
    assert Side(NOON, 1) < Side(NOON, 2)


FERRY, FERRY_BACK = (
    (ROOT / f"tests/cases/articles/{name}.txt").read_text(encoding="utf-8")
    for name in ("ferry", "ferry_round_trip")
)
"""An article and its round trip, made up for these tests."""


def test_retranslation_that_arrived_first_is_known_by_its_reading() -> None:
    way = between(document(FERRY_BACK), document(FERRY), "retranslation", EARLY, LATE)
    assert way.direction == "copied_from"
    assert way.reason.startswith("this article reads like a translation of the other one")
    assert "right in 99 of 100" in way.reason
    assert way.confidence == 0.99


@pytest.mark.parametrize("relation", ["copy", "derived"])
def test_reading_says_nothing_of_texts_that_were_not_translated(relation: Relation) -> None:
    """An editor who simplifies does as a translator does."""
    way = between(document(FERRY_BACK), document(FERRY), relation, EARLY, LATE)
    assert way.direction != "copied_from"
    assert way.confidence is None


def test_reading_that_is_not_sure_leaves_it_to_time() -> None:
    changed = FERRY.replace("oldest", "most ancient")
    assert translated(compare(profile(document(FERRY)), profile(document(changed)))) is None
    way = between(document(FERRY), document(changed), "retranslation", EARLY, LATE)
    assert way == Way("copied_by", "this article is known for longer; nothing else tells")


@pytest.mark.parametrize(
    ("original", "way"),
    [
        (NOON + timedelta(hours=20), "copied_from"),
        (NOON + timedelta(hours=30), "copied_by"),
    ],
)
def test_reading_speaks_against_dates_of_one_day_and_not_of_several(
    original: datetime, way: Direction
) -> None:
    back = document(FERRY_BACK, published=NOON)
    found = between(back, document(FERRY, published=original), "retranslation", None, None)
    assert found.direction == way


def test_debris_goes_before_reading() -> None:
    broken = document(FERRY.replace("'", "& # 39;"))
    way = between(broken, document(FERRY_BACK), "retranslation", EARLY, LATE)
    assert way.direction == "copied_from"
    assert way.confidence is None


def test_family_of_two_wordings_has_one_first_in_every_order_of_arrival() -> None:
    """Each wording whole and cut: the first is the first to arrive of the original wording."""
    texts = [FERRY, FERRY_BACK, *(text[: len(text) * 2 // 3] for text in (FERRY, FERRY_BACK))]
    known = [profile(document(text)) for text in texts]
    pairs = {
        (i, j): compare(known[i], known[j]) for i, j in itertools.permutations(range(len(texts)), 2)
    }
    sides = [Side(NOON + timedelta(days=day), day) for day in range(len(texts))]
    for order in itertools.permutations(range(len(texts))):
        taken = {
            i
            for (i, j), seen in pairs.items()
            if direction(
                seen,
                "copy" if i % 2 == j % 2 else "retranslation",
                sides[order[i]],
                sides[order[j]],
            ).direction
            == "copied_from"
        }
        (first,) = set(range(len(texts))) - taken
        assert first == min((0, 2), key=order.__getitem__)
