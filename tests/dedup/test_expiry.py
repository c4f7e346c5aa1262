"""Articles that expire: what is taken, shown, extended, swept, and said of them afterwards."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from article_cases import ARTICLE, read
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from leftovers import numbers_without_record
from servers import Server, until

from dedup.cli import main
from dedup.config import Settings
from dedup.errors import InputError, UnknownArticleError
from dedup.index.redis_index import RedisIndex
from dedup.model import Article
from dedup.pipeline import Detector, keys_of
from dedup.report import to_json
from dedup.times import parse_duration, spell_duration

NEW_YEAR = datetime(2100, 1, 1, tzinfo=UTC)
SEED = str(next((Path(__file__).parents[2] / "seeds").glob("003*.txt")))

Run = Callable[..., Result]


def soon(seconds: float = 0.3) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=seconds)


@pytest.fixture
def detector(index: RedisIndex) -> Detector:
    return Detector(index)


@pytest.fixture
def run(server: Server, settings: Settings) -> Run:
    """Run a command on an empty index."""

    def run_on_index(*arguments: str) -> Result:
        place = ("--redis", server.url, "--key-prefix", settings.index.prefix)
        result = CliRunner().invoke(main, [*arguments, *place], env={"NO_COLOR": "1"})
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result

    return run_on_index


def let_expire(index: RedisIndex, detector: Detector, article_id: str) -> None:
    """Shorten the time of a stored article, and wait until it is over."""
    stored = detector.stored(article_id)
    detector.put(Article(article_id, stored.article.text, expires=soon()))
    until(lambda: is_over(index, article_id), "the expiry")


def is_over(index: RedisIndex, article_id: str) -> bool:
    """By the clock of this process and by that of the server, which is read less finely."""
    return index.find(article_id) is None and index.due(1) != ()


# What is taken


@pytest.mark.parametrize(
    "expires",
    [datetime(2020, 1, 1, tzinfo=UTC), datetime(2100, 1, 1)],  # noqa: DTZ001
)
def test_time_that_is_over_or_has_no_zone_is_refused(detector: Detector, expires: datetime) -> None:
    with pytest.raises(InputError) as refused:
        detector.put(Article("x", ARTICLE, expires=expires))
    assert refused.value.field == "expires"
    with pytest.raises(UnknownArticleError):
        detector.stored("x")


def test_article_that_is_only_checked_may_have_any(detector: Detector) -> None:
    report = detector.check(Article("x", ARTICLE, expires=datetime(2020, 1, 1, tzinfo=UTC)))
    assert report.expires is None


@given(st.timedeltas(timedelta(seconds=1), timedelta(days=10_000)))
def test_durations_are_read_as_they_are_spelled(duration: timedelta) -> None:
    whole = timedelta(seconds=duration // timedelta(seconds=1))
    assert parse_duration(spell_duration(whole)) == whole


@pytest.mark.parametrize("text", ["", "90", "d", "-1d", "1.5d", "3y", "90 d", "٣d", "999999999w"])
def test_what_is_no_duration_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="such as 90d or 12h"):
        parse_duration(text)


# What changes, and what does not


def test_later_time_alone_keeps_arrival_verdict_and_revision(detector: Detector) -> None:
    detector.put(Article("first", ARTICLE))
    detector.put(Article("x", ARTICLE, expires=NEW_YEAR))
    before = detector.stored("x")
    outcome = detector.put(Article("x", ARTICLE, expires=NEW_YEAR + timedelta(days=1)))
    after = detector.stored("x")
    assert after.expires == outcome.report.expires == NEW_YEAR + timedelta(days=1)
    assert after.received == before.received
    assert (outcome.created, outcome.report.revision, outcome.revised) == (False, 1, ())
    assert outcome.report.verdict.source is not None
    assert outcome.report.verdict.source.id == "first"
    (match,) = detector.report("first").matches
    assert (match.other.id, match.expires) == ("x", after.expires)


def test_article_that_was_to_expire_outlives_that_time_if_told_in_time(
    index: RedisIndex, detector: Detector
) -> None:
    detector.put(Article("x", ARTICLE, expires=soon()))
    detector.put(Article("x", ARTICLE, expires=NEW_YEAR))
    detector.put(Article("clock", "It is over.", expires=soon()))
    until(lambda: is_over(index, "clock"), "the expiry")
    assert detector.expire(100) == 1
    assert detector.stored("x").expires == NEW_YEAR


def test_same_again_lengthens_nothing(index: RedisIndex, detector: Detector) -> None:
    index.keep_for(timedelta(days=90))
    first = detector.put(Article("x", ARTICLE)).report.expires
    assert detector.put(Article("x", ARTICLE)).report.expires == first


def test_index_keeps_for_its_own_time_what_says_nothing(
    index: RedisIndex, detector: Detector
) -> None:
    assert detector.put(Article("good", "For good.")).report.expires is None
    index.keep_for(timedelta(days=90))
    before = datetime.now(UTC)
    usual = detector.put(Article("usual", "A while.")).report.expires
    assert usual is not None
    assert before <= usual - timedelta(days=90) <= datetime.now(UTC)
    assert detector.put(Article("x", "Long.", expires=NEW_YEAR)).report.expires == NEW_YEAR
    back = detector.put(Article("x", "Long.")).report.expires
    assert back is not None
    assert back >= usual
    assert detector.report("good").expires is None
    index.keep_for(None)
    assert detector.put(Article("again", "For good.")).report.expires is None


def test_another_program_takes_up_the_time_of_the_index(
    server: Server, index: RedisIndex, settings: Settings
) -> None:
    index.keep_for(timedelta(hours=36))
    with closing(RedisIndex.connect(server.url, settings)) as other:
        assert other.settings.index.time_to_live == timedelta(hours=36)


def test_verdict_says_when_the_article_expires(detector: Detector) -> None:
    detector.put(Article("x", ARTICLE, expires=NEW_YEAR))
    assert to_json(detector.report("x"))["expires"] == "2100-01-01T00:00:00Z"
    detector.put(Article("y", ARTICLE))
    assert to_json(detector.report("y"))["expires"] is None


# What is over


@pytest.mark.every_server
def test_expired_source_is_named_and_said_to_have_expired(
    index: RedisIndex, detector: Detector
) -> None:
    detector.put(Article("first", ARTICLE))
    detector.put(Article("copy", ARTICLE))
    let_expire(index, detector, "first")
    for swept in (0, 1):
        report = detector.report("copy")
        (match,) = report.matches
        assert report.verdict.source is not None
        assert (report.verdict.verdict, report.verdict.source.id) == ("copy", "first")
        assert "first: the other article has expired since." in report.verdict.reasons[0]
        assert (match.removed, match.expired, match.other.source) == (True, True, None)
        assert report.revision == 1
        assert detector.expire(100) == 1 - swept


def test_article_whose_time_is_up_while_it_is_stored_is_judged_and_named(
    index: RedisIndex, detector: Detector
) -> None:
    detector.put(Article("first", ARTICLE))
    outcome = detector.put(Article("x", ARTICLE, expires=soon(0.002)))
    assert outcome.report.verdict.source is not None
    assert outcome.report.verdict.source.id == "first"
    until(lambda: is_over(index, "x"), "the expiry")
    (match,) = detector.report("first").matches
    assert (match.other.id, match.expired, match.direction) == ("x", True, "copied_by")


def test_expired_article_is_compared_with_nothing(index: RedisIndex, detector: Detector) -> None:
    detector.put(Article("x", ARTICLE))
    let_expire(index, detector, "x")
    assert detector.check(Article("new", ARTICLE)).matches == ()
    outcome = detector.put(Article("x", ARTICLE))
    assert (outcome.created, outcome.report.revision) == (True, 1)


@pytest.mark.every_server
def test_many_that_sweep_at_once_leave_nothing(
    server: Server, index: RedisIndex, detector: Detector, settings: Settings
) -> None:
    query = read(ARTICLE)
    keys = keys_of(query, index.settings).keys
    for number in range(40):
        over = Article(f"x {number}", ARTICLE, expires=datetime(2020, 1, 1, tzinfo=UTC))
        index.put(over, query.document.language, keys)
    with ThreadPoolExecutor(4) as pool:
        swept = list(pool.map(lambda _: _sweep_all(detector), range(4)))
    assert sum(swept) >= 40
    with server.open() as client:
        assert numbers_without_record(client, settings.index.prefix) == set()
        assert not list(client.scan_iter(f"*{settings.index.prefix}:1:*:n:*"))


def _sweep_all(detector: Detector) -> int:
    swept = 0
    while batch := detector.expire(16):
        swept += batch
    return swept


# The command line


def shown(result: Result) -> dict[str, object]:
    assert result.exit_code == 0, result.stderr
    answer: dict[str, object] = json.loads(result.stdout)
    return answer


def test_expiry_is_given_as_a_time_or_a_duration(run: Run) -> None:
    run("add", SEED, "--id", "x", "--expires", "2100-01-01")
    assert shown(run("show", "x", "--json"))["expires"] == "2100-01-01T00:00:00Z"
    before = datetime.now(UTC).replace(microsecond=0)
    run("add", SEED, "--id", "x", "--expires", "90d")
    expires = datetime.fromisoformat(str(shown(run("show", "x", "--json"))["expires"]))
    assert before <= expires - timedelta(days=90) <= datetime.now(UTC)
    assert f"expires {expires:%Y-%m-%dT%H:%M:%SZ}" in run("show", "x").stdout


@pytest.mark.parametrize("when", ["2020-01-01", "0s", "tomorrow", "999999999d", ""])
def test_expiry_that_is_over_or_none_is_wrong_usage(run: Run, when: str) -> None:
    result = run("add", SEED, "--expires", when)
    assert result.exit_code == 2
    assert "--expires" in result.stderr


def test_json_file_says_when_its_article_expires(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "x.json"
    file.write_text(json.dumps({"text": "A text.", "expires": "2100-01-01T12:00:00Z"}))
    assert shown(run("add", str(file), "--json"))["expires"] == "2100-01-01T12:00:00Z"
    assert shown(run("add", str(file), "--expires", "2101-01-01", "--json"))["expires"] == (
        "2101-01-01T00:00:00Z"
    )
    file.write_text(json.dumps({"text": "A text.", "expires": "2020-01-01"}))
    refused = run("add", str(file))
    assert refused.exit_code == 1
    assert "expires is 2020-01-01T00:00:00Z, which is over" in refused.stderr
    assert run("normalize", str(file)).exit_code == 2  # it takes no index
    assert CliRunner().invoke(main, ["normalize", str(file)]).exit_code == 0


def test_source_that_expires_is_named_until_and_after_it_is_swept_by_hand(
    run: Run, index: RedisIndex
) -> None:
    run("add", SEED, "--id", "first")
    run("add", SEED, "--id", "copy")
    run("add", SEED, "--id", "first", "--expires", "2s")
    until(lambda: is_over(index, "first"), "the expiry")
    assert run("show", "first").exit_code == 1
    for removed in (1, 0):
        text = run("show", "copy").stdout
        assert "from first" in text
        assert "first (expired)" in text
        assert "the other article has expired since" in text
        assert shown(run("index", "expire", "--json")) == {"removed": removed}
    assert "0 expired articles removed" in run("index", "expire").stdout


def test_time_of_the_index_is_set_and_told(run: Run) -> None:
    assert "articles are kept for good" in run("index", "keep").stdout
    assert "articles are kept for 90d" in run("index", "keep", "90d").stdout
    assert shown(run("index", "keep", "--json")) == {"time_to_live": "90d"}
    assert shown(run("add", SEED, "--json"))["expires"] is not None
    assert shown(run("index", "keep", "--forever", "--json")) == {"time_to_live": None}
    for wrong in (("90d", "--forever"), ("0d",), ("long",)):
        assert run("index", "keep", *wrong).exit_code == 2


def test_file_is_rewritten_by_hand(run: Run) -> None:
    run("add", SEED)
    result = run("index", "compact")
    assert result.exit_code == 0
    assert "holds nothing any more that was removed before" in result.stderr
