"""Families larger than what is compared, recorded and listed; the limits are small ones."""

from __future__ import annotations

import multiprocessing
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from article_cases import ARTICLE, SEEDS
from servers import Server

from dedup.compare import profile
from dedup.config import Limits, Settings
from dedup.document import read_document
from dedup.errors import UnknownArticleError
from dedup.index.compression import FRAME_MAGIC, decompress
from dedup.index.redis_index import RedisIndex
from dedup.model import Article, Report
from dedup.pairs import State, decode, encode
from dedup.pipeline import Detector, keys_of

LIMITS = Limits(max_compared=8, always_compared=8, enough_second_hand=3, max_followers=4)

MEMBERS = 14
"""Copies in a family: more than are compared, and several times what is listed."""

MAY = datetime(2024, 5, 1, 12, tzinfo=UTC)

WRITERS = 16


@pytest.fixture
def detector(index: RedisIndex, settings: Settings) -> Detector:
    return Detector(index, replace(settings, limits=LIMITS))


def edited(number: int) -> str:
    """The article with one word changed, another one for each number."""
    words = ARTICLE.split(" ")
    words[10 + 7 * number] = "otherwise"
    return " ".join(words)


def copies(text: str = ARTICLE, number: int = MEMBERS, **fields: Any) -> Iterator[Article]:
    return (Article(f"copy {which}", text, **fields) for which in range(number))


def put_all(detector: Detector, articles: Iterator[Article]) -> list[str]:
    return [detector.put(article).report.article.id for article in articles]


def source(report: Report) -> str | None:
    return report.verdict.source.id if report.verdict.source else None


def origin(report: Report) -> str | None:
    return report.origin.id if report.origin else None


def relations(report: Report) -> dict[str, str]:
    return {match.other.id: match.direction for match in report.matches}


# The first of a family is named


def test_every_copy_names_the_first_of_its_family(detector: Detector) -> None:
    detector.put(Article("first", ARTICLE))
    for name in put_all(detector, copies()):
        assert source(detector.report(name)) == "first"
    assert source(detector.check(Article("new", ARTICLE))) == "first"


def test_every_edited_copy_names_the_first_of_its_family(detector: Detector) -> None:
    detector.put(Article("first", ARTICLE))
    members = [Article(f"copy {which}", edited(which)) for which in range(MEMBERS)]
    for name in put_all(detector, iter(members)):
        assert source(detector.report(name)) == "first"


def test_first_is_named_though_others_hide_it_from_the_candidates(detector: Detector) -> None:
    """Copies of one edited copy: all their candidates are as near as the first is not."""
    detector.put(Article("first", ARTICLE))
    for name in put_all(detector, copies(edited(0))):
        report = detector.report(name)
        assert source(report) == "first"
        assert "first" in relations(report)
    report = detector.check(Article("new", edited(0)))
    assert source(report) == "first"
    assert len(report.matches) <= LIMITS.enough_second_hand + 1


def test_another_source_is_reported_beside_a_large_family(detector: Detector) -> None:
    """Copies are passed over because of what they are copies of, and not for their number."""
    put_all(detector, copies())
    for name in ("aside", "aside again"):
        detector.put(Article(name, SEEDS["003"]))
    report = detector.check(Article("both", f"{ARTICLE}\n\n{SEEDS['003']}"))
    assert {"copy 0", "aside"} <= relations(report).keys()


# What is recorded is bounded


def test_first_of_a_large_family_lists_some_and_says_that_there_are_more(
    detector: Detector,
) -> None:
    detector.put(Article("first", ARTICLE))
    assert detector.report("first").matches_complete
    put_all(detector, copies())
    report = detector.report("first")
    assert (report.verdict.verdict, report.verdict.kind) == ("independent", "unmatched")
    assert list(relations(report).values()) == ["copied_by"] * LIMITS.max_followers
    assert not report.matches_complete


def test_member_of_a_large_family_says_that_there_are_more(detector: Detector) -> None:
    put_all(detector, copies())
    for report in (detector.report("copy 9"), detector.check(Article("new", ARTICLE))):
        assert len(report.matches) >= LIMITS.enough_second_hand
        assert not report.matches_complete


def test_small_family_is_listed_as_a_whole(detector: Detector) -> None:
    put_all(detector, copies(number=LIMITS.enough_second_hand))
    for number in range(LIMITS.enough_second_hand):
        report = detector.report(f"copy {number}")
        assert len(report.matches) == LIMITS.enough_second_hand - 1
        assert report.matches_complete


def test_one_more_copy_changes_nothing_on_the_first_of_a_large_family(
    index: RedisIndex, detector: Detector
) -> None:
    put_all(detector, copies())
    first = index.find("copy 0")
    assert first is not None
    before = index.links([first.number])
    assert detector.put(Article("one more", ARTICLE)).revised == ()
    assert index.links([first.number]) == before


def test_scraped_copy_keeps_the_sources_that_its_verdict_needs(
    index: RedisIndex, settings: Settings
) -> None:
    """Debris says that it was taken from each of them, and each of them arrives later."""
    limits = replace(LIMITS, enough_second_hand=100)
    detector = Detector(index, replace(settings, limits=limits))
    detector.put(Article("scraped", ARTICLE.replace("iron bridge", "iron & # 39;bridge& # 39;")))
    put_all(detector, copies())
    stored = index.find("scraped")
    assert stored is not None
    (links,) = index.links([stored.number])
    assert len(links.pairs) == limits.max_compared
    report = detector.report("scraped")
    assert (source(report), report.matches_complete) == ("copy 0", False)
    revised = detector.put(Article("early", ARTICLE, published=MAY)).revised
    assert "scraped" in {report.article.id for report in revised}
    assert source(detector.report("scraped")) == "early"


def test_follower_makes_an_article_on_a_common_story_the_first_of_a_family(
    detector: Detector,
) -> None:
    detector.put(Article("000", SEEDS["000"]))
    assert detector.put(Article("004", SEEDS["004"])).report.verdict.kind == "same_story"
    (revised,) = detector.put(Article("copy", SEEDS["004"])).revised
    assert (revised.article.id, revised.verdict.kind) == ("004", "unmatched")
    assert revised.revision == 2


# What a source goes back to


def late_original(detector: Detector) -> tuple[list[str], list[str]]:
    """A family, and an original that arrives after it; the members it reaches, and the others."""
    names = put_all(detector, copies(published=MAY + timedelta(days=9)))
    outcome = detector.put(Article("late", edited(0), published=MAY, title="The first"))
    reached = [report.article.id for report in outcome.revised]
    return reached, [name for name in names if name not in reached]


def test_original_that_arrives_late_is_named_by_all_or_gone_back_to(detector: Detector) -> None:
    reached, others = late_original(detector)
    assert "copy 0" in reached
    assert others
    assert {source(detector.report(name)) for name in reached} == {"late"}
    for name in others:
        report = detector.report(name)
        assert (source(report), origin(report)) == ("copy 0", "late")
        assert report.origin is not None
        assert report.origin.title == "The first"
        assert report.verdict.reasons[-1].startswith("copy 0 goes back to late, and so does this")
        assert report.revision == 1


def test_copy_that_comes_after_a_late_original_names_it(detector: Detector) -> None:
    late_original(detector)
    report = detector.put(Article("new", ARTICLE)).report
    assert (source(report), origin(report)) == ("late", None)


def test_copy_of_a_retranslation_goes_back_to_the_original(detector: Detector) -> None:
    for name in ("000", "001"):
        detector.put(Article(name, SEEDS[name]))
    checked = detector.check(Article("copy", SEEDS["001"]))
    stored = detector.put(Article("copy", SEEDS["001"])).report
    for report in (checked, stored, detector.report("copy")):
        assert (report.verdict.verdict, source(report), origin(report)) == ("copy", "001", "000")


def test_article_does_not_go_back_to_what_it_has_nothing_from(detector: Detector) -> None:
    """Its source has one half from elsewhere, and this article has the other half."""
    detector.put(Article("half", SEEDS["003"]))
    detector.put(Article("both", f"{ARTICLE}\n\n{SEEDS['003']}"))
    assert source(detector.report("both")) == "half"
    report = detector.put(Article("other half", ARTICLE)).report
    assert (source(report), origin(report)) == ("both", None)


def test_sources_that_name_each_other_are_not_followed_in_a_circle(
    index: RedisIndex, detector: Detector
) -> None:
    """No order of articles is known that ends so; a crash, or a newer judge, may leave it."""
    put_all(detector, copies(number=2))
    first = index.find("copy 0")
    assert first is not None
    (links,) = index.links([first.number])
    circle = State("copy", "exact", "copy 1", revision=1, complete=True)
    assert index.settle(first.number, links, circle.encode())
    report = detector.report("copy 1")
    assert (source(report), origin(report)) == ("copy 0", None)
    report = detector.check(Article("new", ARTICLE))
    assert (source(report), origin(report)) == ("copy 0", "copy 1")


# What is replaced or deleted


def test_first_of_a_large_family_is_still_named_when_its_metadata_change(
    detector: Detector,
) -> None:
    detector.put(Article("first", ARTICLE))
    names = put_all(detector, copies())
    detector.put(Article("first", ARTICLE, title="A title"))
    for name in names:
        report = detector.report(name)
        assert source(report) == "first"
        assert report.verdict.source is not None
        assert report.verdict.source.title == "A title"
        assert report.revision == 1


def test_first_of_a_large_family_that_is_rewritten_is_gone_back_to(detector: Detector) -> None:
    detector.put(Article("first", ARTICLE, published=MAY))
    names = put_all(detector, copies(published=MAY + timedelta(days=9)))
    detector.put(Article("first", edited(0), published=MAY))
    assert detector.report("first").verdict.verdict == "independent"
    for name in names:
        report = detector.report(name)
        assert "first" in (source(report), origin(report))


def test_deleted_first_is_named_by_its_id_in_a_large_family(detector: Detector) -> None:
    detector.put(Article("first", ARTICLE, title="A title"))
    names = put_all(detector, copies())
    assert detector.delete("first") == ()
    for name in names:
        report = detector.report(name)
        assert source(report) == "first"
        (match,) = (match for match in report.matches if match.removed)
        assert (match.other.id, match.other.title, match.expired) == ("first", None, False)


def test_deletion_leaves_no_word_of_the_article_on_the_server(
    server: Server, index: RedisIndex, detector: Detector
) -> None:
    told = Article(
        "gone",
        f"{SEEDS['000']}\n\nWith input from Agence Katzenjammer.",
        title="Zwiebelfisch",
        url="https://hurlyburly.example/1",
        source="The Quockerwodger",
    )
    republished = f"{SEEDS['000']}\n\nThis article first appeared on The Quockerwodger."
    detector.put(told)
    for name, text in (("copy", SEEDS["000"]), ("named", republished), ("002", SEEDS["002"])):
        detector.put(Article(name, text))
    put_all(detector, copies(SEEDS["001"]))
    words = [b"Katzenjammer", b"Zwiebelfisch", b"hurlyburly", b"Quockerwodger"]
    stored = b" ".join(everything(server, index))
    assert all(word in stored for word in words)
    detector.delete("named")
    detector.delete("gone")
    left = b" ".join(everything(server, index))
    assert b'"gone"' in left
    for word in words:
        assert word.lower() not in left.lower()


def everything(server: Server, index: RedisIndex) -> Iterator[bytes]:
    """All keys and values of an index, in clear."""
    with server.open() as client:
        for key in client.scan_iter(f"*{index.settings.index.prefix}*", count=1000):
            yield key
            kind = client.type(key)
            if kind == b"hash":
                for field, value in client.hgetall(key).items():
                    yield from (field, in_clear(value))
            elif kind == b"zset":
                yield from client.zrange(key, 0, -1)
            else:
                yield in_clear(client.get(key) or b"")


def in_clear(value: bytes) -> bytes:
    before, magic, rest = value.partition(FRAME_MAGIC)
    return before + decompress(magic + rest) if magic else value


# Many writers at once


def consistent(reports: Sequence[Report]) -> bool:
    """One first, of which all others are copies; each lists all the others."""
    (first,) = (r.article.id for r in reports if r.verdict.verdict == "independent")
    return all(
        (r.article.id == first or (r.verdict.verdict, source(r)) == ("copy", first))
        and len(r.matches) == len(reports) - 1
        and r.matches_complete
        for r in reports
    )


def test_identical_articles_posted_by_many_threads_are_one_family(index: RedisIndex) -> None:
    detector = Detector(index)
    run_at_once(threading.Barrier(WRITERS).wait, detector)
    assert consistent([detector.report(f"copy {which}") for which in range(WRITERS)])


def run_at_once(start: Callable[[], object], detector: Detector) -> None:
    def post(article: Article) -> None:
        start()
        detector.put(article)

    threads = [threading.Thread(target=post, args=(article,)) for article in copies(number=WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def test_identical_articles_posted_by_many_processes_are_one_family(
    server: Server, index: RedisIndex, settings: Settings
) -> None:
    fork = multiprocessing.get_context("fork")
    start = fork.Barrier(WRITERS)

    def post(article: Article) -> None:
        with closing(RedisIndex.connect(server.url, settings)) as own:
            detector = Detector(own)
            detector.check(article)  # what is loaded once, is
            start.wait()
            detector.put(article)

    processes = [fork.Process(target=post, args=(article,)) for article in copies(number=WRITERS)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert [process.exitcode for process in processes] == [0] * WRITERS
    detector = Detector(index)
    assert consistent([detector.report(f"copy {which}") for which in range(WRITERS)])


def test_large_family_that_many_threads_post_at_once_has_one_first(detector: Detector) -> None:
    run_at_once(threading.Barrier(WRITERS).wait, detector)
    reports = [detector.report(f"copy {which}") for which in range(WRITERS)]
    (first,) = (r.article.id for r in reports if r.verdict.verdict == "independent")
    assert {origin(r) or source(r) for r in reports if r.article.id != first} == {first}


# Articles that expire


PAST = datetime.now(UTC) - timedelta(days=1)


def write_expired(index: RedisIndex, name: str) -> None:
    """Store an article that nobody has swept away yet."""
    article = Article(name, ARTICLE, expires=PAST)
    query = profile(read_document(article))
    index.put(article, query.document.language, keys_of(query, index.settings).keys)


def test_expired_source_is_named_by_its_id_and_said_to_have_expired(
    index: RedisIndex, detector: Detector
) -> None:
    detector.put(Article("first", ARTICLE, expires=datetime(2100, 1, 1, tzinfo=UTC)))
    detector.put(Article("copy", ARTICLE))
    detector.delete("first")
    (match,) = detector.report("copy").matches
    assert (match.removed, match.expired) == (True, False)
    copy = index.find("copy")
    assert copy is not None
    ((number, record),) = index.links([copy.number])[0].pairs.items()
    index.link([(copy.number, number, encode(replace(decode(record, None), expires=PAST)))])
    report = detector.report("copy")
    (match,) = report.matches
    assert (source(report), match.removed, match.expired) == ("first", True, True)


def test_expired_articles_are_swept_away_by_those_that_are_stored_later(
    index: RedisIndex, detector: Detector
) -> None:
    for number in range(5):
        write_expired(index, f"copy {number}")
    assert len(index.due(100)) == 5
    for number in range(500):
        detector.put(Article(f"new {number}", "A short text."))
        if not index.due(100):
            break
    assert index.due(100) == ()


def test_expired_article_cannot_be_deleted_but_is_removed(
    index: RedisIndex, detector: Detector
) -> None:
    write_expired(index, "gone")
    with pytest.raises(UnknownArticleError):
        detector.delete("gone")
    assert index.due(100) == ()


def test_article_under_the_id_of_an_expired_one_is_a_new_one(
    index: RedisIndex, detector: Detector
) -> None:
    write_expired(index, "x")
    outcome = detector.put(Article("x", ARTICLE))
    assert (outcome.created, outcome.report.revision) == (True, 1)
    assert source(detector.check(Article("new", ARTICLE))) == "x"
