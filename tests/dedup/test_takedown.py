"""What was removed is gone: from every value, from a dump, from the files, from memory.

The article that goes has words that nothing else has. Each test first sees them where it
looks for them afterwards.
"""

from __future__ import annotations

import gc
import re
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import redis
from article_cases import ARTICLE, PARAGRAPHS, SEEDS, read
from leftovers import in_files, numbers_without_record, on_server, words_in
from servers import Server, single, until

from dedup.config import Settings
from dedup.errors import StoreError
from dedup.index.embedded import start
from dedup.index.redis_index import RedisIndex
from dedup.model import Article
from dedup.pipeline import Detector, keys_of

WORDS = frozenset(
    {"Quockerwodger", "Zwiebelfisch", "hurlyburly", "Lickspigot", "Snollygoster", "Mumpsimus"}
)
"""In the text, its credits and quotations, title, address and source of the article."""

TOLD = (
    f"{PARAGRAPHS[0]} The Mumpsimus gauge stood at 4.2 metres.\n\n"
    "“The Snollygoster will not wait for us,” a Lickspigot spokesman told Reuters.\n\n"
    + "\n\n".join(PARAGRAPHS[1:])
    + "\n\nThis article first appeared on The Quockerwodger. With input from AFP and Reuters."
)

GONE = Article(
    "gone",
    TOLD,
    title="Zwiebelfisch",
    url="https://hurlyburly.example/1",
    source="The Quockerwodger",
    published=datetime(2020, 2, 9, 10, 47, 48, tzinfo=UTC),
)
ABOUT = f"{GONE.title} {GONE.url} {GONE.source}"

FORMS = {
    "text": GONE,
    "page": replace(
        GONE,
        media="html",
        text="<html><head><title>Zwiebelfisch</title></head><body><article>"
        + "".join(f"<p>{paragraph}</p>" for paragraph in TOLD.split("\n\n"))
        + "</article></body></html>",
    ),
    "marked by a minifier": replace(GONE, text=f"{TOLD}\n\n{SEEDS['001']}"),
    "too short to judge": replace(GONE, text="Mumpsimus Snollygoster Lickspigot"),
}


def remove(_: RedisIndex, detector: Detector) -> None:
    detector.delete("gone")


def remove_after_a_cut(index: RedisIndex, detector: Detector) -> None:
    index.unname("gone")  # as far as a process gets that is killed then
    detector.delete("gone")


def remove_after_updates(index: RedisIndex, detector: Detector) -> None:
    given = index.find("gone")
    assert given is not None
    detector.put(replace(given.article, title="Zwiebelfisch, once more"))
    detector.put(replace(given.article, text=f"{given.article.text}\n\nMumpsimus."))
    detector.delete("gone")


def remove_after_a_crash(index: RedisIndex, detector: Detector) -> None:
    given = index.find("gone")
    assert given is not None
    # A writer that is killed before it forgets what it replaces.
    keys = keys_of(read(f"{TOLD} Mumpsimus."), index.settings).keys
    index.put(replace(given.article, text=f"{TOLD} Mumpsimus."), given.language, keys)
    detector.delete("gone")


def rewrite(_: RedisIndex, detector: Detector) -> None:
    detector.put(Article("gone", SEEDS["003"]))


def sweep(index: RedisIndex, detector: Detector) -> None:
    let_expire(index, detector)
    assert detector.expire(1) == 1


def sweep_by_writing(index: RedisIndex, detector: Detector) -> None:
    let_expire(index, detector)
    for number in range(1000):
        detector.put(Article(f"short {number}", "A short text."))
        if not index.due(1):
            break


WAYS = (
    remove,
    remove_after_a_cut,
    remove_after_updates,
    remove_after_a_crash,
    rewrite,
    sweep,
    sweep_by_writing,
)


Way = Callable[[RedisIndex, Detector], None]


def let_expire(index: RedisIndex, detector: Detector) -> None:
    given = index.find("gone")
    assert given is not None
    soon = datetime.now(UTC) + timedelta(seconds=0.3)
    detector.put(replace(given.article, expires=soon))
    # By the server's clock too, which is read less finely.
    until(lambda: index.find("gone") is None and index.due(1), "the expiry")


@pytest.fixture
def detector(index: RedisIndex) -> Detector:
    return Detector(index)


def surround(detector: Detector) -> None:
    """Store articles that are related to the one that goes, before it and after."""
    detector.put(Article("before", ARTICLE, published=datetime(2020, 2, 8, tzinfo=UTC)))
    detector.put(Article("unrelated", SEEDS["003"]))


def follow(detector: Detector) -> None:
    detector.put(Article("after", "\n\n".join(PARAGRAPHS[1:])))
    detector.put(Article("round trip", SEEDS["000"]))
    # Says of itself what it has from the one that goes, and goes too.
    credit = "This article first appeared on The Quockerwodger."
    detector.put(Article("follower", f"{ARTICLE}\n\n{credit}"))
    detector.delete("follower")


def gone_after(
    server: Server, index: RedisIndex, detector: Detector, article: Article, way: Way
) -> None:
    """Store an article among others, remove it, and look for what is left."""
    prefix = index.settings.index.prefix
    words = WORDS & set(re.findall(r"\w+", f"{article.text} {ABOUT}"))
    surround(detector)
    detector.put(article)
    follow(detector)
    with server.open() as client:
        assert words_in(on_server(client, prefix), words) == words
        way(index, detector)
        detector._clocks.close()
        assert words_in(on_server(client, prefix), words) == set()
        assert numbers_without_record(client, prefix) == set()
    assert {match.other.id for match in detector.report("before").matches} >= {"after"}


@pytest.mark.every_server
@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_no_word_is_left_on_the_server_however_an_article_goes(
    server: Server, index: RedisIndex, detector: Detector, way: Way
) -> None:
    gone_after(server, index, detector, GONE, way)


@pytest.mark.parametrize("form", FORMS)
def test_no_word_is_left_on_the_server_of_an_article_of_any_form(
    server: Server, index: RedisIndex, detector: Detector, form: str
) -> None:
    gone_after(server, index, detector, FORMS[form], remove)


# Beyond the values: a dump, the files, logs


def test_no_word_is_left_in_a_dump(tmp_path: Path, settings: Settings) -> None:
    with (
        single(tmp_path, "--rdbcompression", "no") as server,
        server.open() as client,
        closing(RedisIndex.connect(server.url, settings)) as index,
    ):
        detector = Detector(index)
        surround(detector)
        detector.put(GONE)
        follow(detector)
        client.save()
        assert words_in(in_files(tmp_path), WORDS) == WORDS
        detector.delete("gone")
        client.save()
        assert words_in(in_files(tmp_path), WORDS) == set()


def test_no_word_is_left_in_the_files_after_they_were_rewritten(
    tmp_path: Path, settings: Settings
) -> None:
    with (
        start(tmp_path) as server,
        redis.Redis.from_url(server.url) as client,
        closing(RedisIndex.connect(server.url, settings)) as index,
    ):
        client.config_set("rdbcompression", "no")
        detector = Detector(index)
        detector.put(GONE)
        index.compact()
        follow(detector)
        assert words_in(in_files(tmp_path), WORDS) == WORDS
        detector.delete("gone")
        assert words_in(in_files(tmp_path), WORDS) == WORDS
        index.compact()
        assert words_in(in_files(tmp_path), WORDS) == set()
        assert detector.report("after").matches[0].removed
    assert words_in(in_files(tmp_path), WORDS) == set()


def test_rewrite_that_began_before_a_deletion_is_not_taken_for_the_one_after_it(
    tmp_path: Path, settings: Settings
) -> None:
    with (
        start(tmp_path) as server,
        redis.Redis.from_url(server.url) as client,
        closing(RedisIndex.connect(server.url, settings)) as index,
    ):
        client.config_set("rdbcompression", "no")
        detector = Detector(index)
        detector.put(GONE)
        client.config_set("rdb-key-save-delay", 20_000)  # microseconds; there are some 50 keys
        client.bgrewriteaof()
        client.config_set("rdb-key-save-delay", 0)
        detector.delete("gone")
        assert client.info("persistence")["aof_rewrite_in_progress"]
        index.compact()
        assert words_in(in_files(tmp_path), WORDS) == set()


def test_rewrite_that_fails_is_not_taken_for_one(tmp_path: Path, settings: Settings) -> None:
    with (
        start(tmp_path) as server,
        closing(RedisIndex.connect(server.url, settings)) as index,
    ):
        index.ping()
        # Where the server would put the new file, so that it cannot.
        (tmp_path / "appendonlydir" / "appendonly.aof.2.base.rdb").mkdir()
        with pytest.raises(StoreError, match="could not rewrite its append-only file"):
            index.compact()


@pytest.mark.parametrize("kind", ["tls", "cluster"])
def test_server_without_an_append_only_file_has_none_to_rewrite(
    request: pytest.FixtureRequest, settings: Settings, kind: str
) -> None:
    server: Server = request.getfixturevalue(kind)
    with (
        closing(RedisIndex.connect(server.url, settings)) as index,
        pytest.raises(StoreError, match="keeps no append-only file"),
    ):
        index.compact()


def test_embedded_server_logs_no_command(tmp_path: Path, settings: Settings) -> None:
    with (
        start(tmp_path) as server,
        redis.Redis.from_url(server.url) as client,
        closing(RedisIndex.connect(server.url, settings)) as index,
    ):
        client.config_set("slowlog-log-slower-than", 0)  # all are slow
        Detector(index).put(GONE)
        assert client.slowlog_get(1000) == []
        assert words_in([(tmp_path / "server.log").read_bytes()], WORDS) == set()


# Memory of the processes that use the index


def in_memory(word: str) -> int:
    """Stored versions with a word that this process still has hold of."""
    gc.collect()
    return sum(isinstance(held, Article) and word in held.text for held in gc.get_objects())


def test_process_that_removes_an_article_lets_go_of_it(detector: Detector) -> None:
    text = f"{ARTICLE} The Gobemouche is open."
    detector.put(Article("gone", text))
    detector.put(Article("copy", ARTICLE))
    assert in_memory("Gobemouche") > 0
    detector.delete("gone")
    assert in_memory("Gobemouche") == 0
    detector.put(Article("gone", text))
    detector.put(Article("copy", PARAGRAPHS[0]))
    detector.put(Article("gone", ARTICLE))
    assert in_memory("Gobemouche") == 0


def test_other_processes_let_go_of_it_when_they_look(
    server: Server, detector: Detector, settings: Settings
) -> None:
    detector.put(Article("gone", f"{ARTICLE} The Gobemouche is open."))
    detector.put(Article("stays", f"{ARTICLE} The Abbozzo is shut."))
    with closing(RedisIndex.connect(server.url, settings)) as other:
        Detector(other).delete("gone")
    detector.report("stays")
    assert in_memory("Gobemouche") > 0
    detector.forget_removed()
    assert in_memory("Gobemouche") == 0
    assert in_memory("Abbozzo") > 0
