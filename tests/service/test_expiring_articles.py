"""Articles that expire or are deleted, over HTTP, and what the service does about them meanwhile."""

from __future__ import annotations

import gc
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from servers import Server, until
from werkzeug.test import TestResponse

from dedup.config import Settings
from dedup.index.base import Index
from dedup.index.embedded import start
from dedup.index.redis_index import RedisIndex
from dedup.model import NO_KEYS, Article, Language
from dedup.pipeline import Detector
from service.app import create_app
from service.settings import Settings as ServiceSettings
from service.sweeper import Sweeper
from service.views import DETECTOR

LATER = "2100-01-01T00:00:00Z"
ENGLISH = Language("en", None, "declared")
LOGGER = logging.getLogger("test")


def put(client: FlaskClient, article_id: str, **fields: object) -> TestResponse:
    return client.put(f"/v1/articles/{article_id}", json=fields)


def soon(seconds: float = 0.5) -> str:
    return (datetime.now(UTC) + timedelta(seconds=seconds)).isoformat()


def is_gone(client: FlaskClient, article_id: str) -> bool:
    return client.get(f"/v1/articles/{article_id}").status_code == 404


def let_expire(client: FlaskClient, index: Index, article_id: str, **fields: object) -> None:
    assert put(client, article_id, **fields, expires=soon()).status_code in {200, 201}
    # By the server's clock too, which is read less finely.
    until(lambda: is_gone(client, article_id) and index.due(1), "the expiry")


# What clients see


def test_answer_verdict_and_article_say_when_it_expires(client: FlaskClient) -> None:
    assert put(client, "x", text="A text.", expires=LATER).json["expires"] == LATER
    assert client.get("/v1/articles/x").json["expires"] == LATER
    assert client.get("/v1/articles/x/verdict").json["expires"] == LATER
    posted = client.post("/v1/articles", json={"text": "A text.", "expires": "2100-01-01"})
    assert posted.json["expires"] == LATER
    assert put(client, "y", text="A text.").json["expires"] is None


def test_time_of_the_index_is_shown_as_that_of_the_article(
    client: FlaskClient, index: Index
) -> None:
    index.keep_for(timedelta(days=90))
    before = datetime.now(UTC).replace(microsecond=0)
    put(client, "x", text="A text.")
    expires = datetime.fromisoformat(client.get("/v1/articles/x").json["expires"])
    assert before <= expires - timedelta(days=90) <= datetime.now(UTC)


@pytest.mark.parametrize("expires", ["2020-01-01", "90d", "tomorrow", 90, ""])
def test_what_is_no_time_to_come_is_refused_by_name(client: FlaskClient, expires: object) -> None:
    response = put(client, "x", text="A text.", expires=expires)
    assert response.status_code == 422
    assert [error["path"] for error in response.json["errors"]] == ["expires"]
    assert is_gone(client, "x")


def test_only_the_time_moves_if_nothing_else_changes(
    client: FlaskClient, seeds: dict[str, str]
) -> None:
    put(client, "000", text=seeds["000"])
    first = put(client, "001", text=seeds["001"], expires="2099-01-01").json
    received = client.get("/v1/articles/001").json["received"]
    moved = put(client, "001", text=seeds["001"], expires=LATER)
    assert moved.status_code == 200
    for name in ("verdict", "kind", "source", "revision", "matches"):
        assert moved.json[name] == first[name]
    after = client.get("/v1/articles/001").json
    assert (after["expires"], after["received"]) == (LATER, received)
    put(client, "001", text=seeds["001"])
    assert client.get("/v1/articles/001").json["expires"] is None


def test_expired_article_is_not_found_and_its_copies_say_so(
    client: FlaskClient, index: Index, seeds: dict[str, str]
) -> None:
    put(client, "first", text=seeds["000"], source="Reuters")
    put(client, "copy", text=seeds["000"])
    let_expire(client, index, "first", text=seeds["000"], source="Reuters")
    for view in ("", "/verdict", "/badge.svg"):
        assert client.get(f"/v1/articles/first{view}").status_code == 404
    for _ in range(2):
        verdict = client.get("/v1/articles/copy/verdict").json
        assert (verdict["verdict"], verdict["source"]["id"]) == ("copy", "first")
        assert "the other article has expired since" in verdict["reasons"][0]
        (match,) = verdict["matches"]
        assert (match["removed"], match["expired"], match["source"]) == (True, True, None)
        Detector(index).expire(100)
    matches = client.post("/v1/check", json={"text": seeds["000"]}).json["matches"]
    assert [match["id"] for match in matches] == ["copy"]


def test_expired_article_cannot_be_deleted_any_more_but_is_removed(
    client: FlaskClient, index: Index
) -> None:
    let_expire(client, index, "x", text="A text.")
    assert len(index.due(100)) == 1
    assert client.delete("/v1/articles/x").status_code == 404
    assert index.due(100) == ()


# What the service does meanwhile


@contextmanager
def sweeping(detector: Detector, seconds: float = 0.02) -> Iterator[Sweeper]:
    sweeper = Sweeper(detector, LOGGER, seconds)
    sweeper.start()
    sweeper.start()  # as every request does
    try:
        yield sweeper
    finally:
        sweeper.stop()


def write_expired(index: Index, number: int) -> None:
    article = Article(f"x {number}", "A text.", expires=datetime(2020, 1, 1, tzinfo=UTC))
    index.put(article, ENGLISH, NO_KEYS.keys)


def test_idle_service_removes_what_has_expired(index: Index) -> None:
    for number in range(600):
        write_expired(index, number)
    with sweeping(Detector(index)), sweeping(Detector(index)):
        until(lambda: not index.due(100), "sweeping")


def in_memory(word: str) -> bool:
    gc.collect()
    return any(isinstance(held, Article) and word in held.text for held in gc.get_objects())


def test_one_worker_lets_go_of_what_another_has_deleted(
    server: Server, index: Index, settings: Settings, seeds: dict[str, str]
) -> None:
    detector = Detector(index)
    detector.put(Article("gone", f"{seeds['000']} Gobemouche."))
    with closing(RedisIndex.connect(server.url, settings)) as other:
        Detector(other).delete("gone")
    assert in_memory("Gobemouche")
    with sweeping(detector):
        until(lambda: not in_memory("Gobemouche"), "forgetting")


def test_sweeping_survives_an_outage_of_the_index(
    tmp_path: Path, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    with start(tmp_path) as server, closing(RedisIndex.connect(server.url, settings)) as index:
        index.ping()
        with sweeping(Detector(index)):
            os.kill(int((tmp_path / "server.pid").read_text()), signal.SIGKILL)
            until(lambda: "expired articles are not removed for now" in caplog.text, "the outage")
            server.ensure()
            write_expired(index, 1)
            until(lambda: not index.due(100), "sweeping")


def test_sweeping_ends_with_the_service(index: Index) -> None:
    with sweeping(Detector(index)) as sweeper:
        assert sweeper._thread is not None
        assert sweeper._thread.is_alive()
    assert not sweeper._thread.is_alive()
    sweeper.start()
    assert not sweeper._thread.is_alive()


def test_started_service_removes_what_has_expired_before_anybody_asks(
    tmp_path: Path, settings: Settings
) -> None:
    with start(tmp_path) as server, closing(RedisIndex.connect(server.url, settings)) as index:
        write_expired(index, 1)
        command = [
            Path(sys.executable).parent / "secondhand", "serve", "--port", "0",
            "--redis", server.url, "--key-prefix", settings.index.prefix,
        ]  # fmt: skip
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
            until(lambda: not index.due(100), "sweeping")
            process.terminate()
        assert process.returncode == 0


def test_app_that_opens_the_index_itself_sweeps_from_the_first_request_on(
    server: Server, settings: Settings
) -> None:
    app = create_app(ServiceSettings(redis_url=server.url, key_prefix=settings.index.prefix))
    assert "sweeper" not in threads()
    app.test_client().get("/livez")
    assert "sweeper" in threads()
    app.extensions[DETECTOR].close()


def threads() -> set[str]:
    return {thread.name for thread in threading.enumerate()}
