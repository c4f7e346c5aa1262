"""The service as an operator starts it: the real command, gunicorn, a real index server.

``service`` is one process for the whole module; what ends or starves it starts its own.
"""

from __future__ import annotations

import http.client
import itertools
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import redis

from dedup.index import embedded

BIN = Path(sys.executable).parent
START_SECONDS = 30
SOON_SECONDS = 10
"""Longer than the service takes to end (4 s if a worker hangs), on a busy machine too."""
ADOPT_ORPHANS = """
import ctypes, os, sys
PR_SET_CHILD_SUBREAPER = 36
ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)
os.execv(sys.argv[1], sys.argv[1:])
"""
"""Run a command as the parent of its descendants' orphans, as process 1 is of all."""

JSON = {"Content-Type": "application/json"}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Running:
    """A service that runs, and how to talk to it without a library that tidies up."""

    process: subprocess.Popen[str]
    reader: threading.Thread
    said: list[str]
    host: str
    port: int

    def ask(
        self, method: str, path: str, body: object = None, headers: dict[str, str] = JSON
    ) -> Answer:
        encoded = json.dumps(body) if isinstance(body, dict) else body
        connection = http.client.HTTPConnection(self.host, self.port, timeout=START_SECONDS)
        try:
            connection.request(method, path, encoded, headers)
            response = connection.getresponse()
            return Answer(response.status, dict(response.headers), response.read())
        finally:
            connection.close()

    def stop(self, how: int = signal.SIGTERM) -> int:
        self.process.send_signal(how)
        return self.process.wait(START_SECONDS)


def start(
    *command: str,
    environ: dict[str, str] | None = None,
    says: str = "listening",
) -> Running:
    """Start a service and read its address from the line in which it says so."""
    process = subprocess.Popen(
        [BIN / command[0], *command[1:]],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env=os.environ | (environ or {}),
        process_group=0,
    )
    assert process.stdout is not None
    said = []
    for line in process.stdout:
        said.append(line)
        if says in line and (found := re.search(r"http://([^:]+):(\d+)", line)):
            # A log that nobody reads would stop the service once the pipe is full.
            reader = threading.Thread(target=said.extend, args=[process.stdout])
            reader.start()
            return Running(process, reader, said, found[1], int(found[2]))
    process.wait(START_SECONDS)
    pytest.fail(f"it did not start: {said}")


def finish(running: Running) -> None:
    if running.process.poll() is None:
        running.stop()
    running.reader.join(START_SECONDS)
    assert running.process.stdout is not None
    running.process.stdout.close()


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = str(tmp_path_factory.mktemp("service"))
    running = start("secondhand", "serve", "--port", "0", "--data-dir", folder)
    yield running
    finish(running)


def pid_of_server(folder: Path) -> int:
    return int((folder / "server.pid").read_text())


def test_the_service_says_where_it_is_and_judges(service: Running, seeds: dict[str, str]) -> None:
    assert service.ask("GET", "/readyz").status == 200
    for number in ("000", "001"):
        answer = service.ask("PUT", f"/v1/articles/{number}", {"text": seeds[number]})
    assert answer.status == 201
    assert (answer.json["verdict"], answer.json["source"]["id"]) == ("retranslation", "000")


def test_ids_pass_through_real_http(service: Running) -> None:
    path = "/v1/articles/https%3A%2F%2Fexample.com%2F%2Fa%2F"
    assert service.ask("PUT", path, {"text": "three short words"}).status == 201
    assert service.ask("GET", path + "/verdict").json["id"] == "https://example.com//a/"
    bare = service.ask("GET", "/v1/articles/https://example.com//a//verdict")
    assert bare.json["id"] == "https://example.com//a/"
    assert service.ask("GET", "/v1/articles/%ff").status == 400
    assert service.ask("GET", "/v1/articles/%ed%a0%80").status == 400


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"\x00\xff" * 1000, 400),
        (b" " * 5_000_000, 413),
        (iter([b'{"text": "x"}', *[b" " * 10_000] * 500]), 413),
        (iter([b'{"text": ', b'"three short words"}']), 200),
        (b'{"text": "\\ud800"}', 422),
    ],
    ids=["empty", "binary", "5 MB", "5 MB in chunks", "in chunks", "surrogate"],
)
def test_bad_bodies_are_answered_over_real_http(
    service: Running, body: object, status: int
) -> None:
    answer = service.ask("POST", "/v1/check", body)
    assert answer.status == status
    assert b"Traceback" not in answer.body


def test_of_twenty_copies_posted_at_once_one_is_the_original(
    service: Running, seeds: dict[str, str]
) -> None:
    def post(number: int) -> Answer:
        return service.ask("PUT", f"/v1/articles/copy-{number}", {"text": seeds["003"]})

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(post, range(20)))
    assert {answer.status for answer in answers} == {201}
    verdicts = [
        service.ask("GET", f"/v1/articles/copy-{number}/verdict").json for number in range(20)
    ]
    related = [[match["relation"] for match in verdict["matches"]] for verdict in verdicts]
    assert [relations.count("copy") for relations in related] == [19] * 20
    (original,) = [verdict["id"] for verdict in verdicts if verdict["verdict"] == "independent"]
    copies = [verdict for verdict in verdicts if verdict["verdict"] == "copy"]
    assert [copy["source"]["id"] for copy in copies] == [original] * 19


def test_a_request_under_way_is_finished_before_the_service_stops(
    tmp_path: Path, seeds: dict[str, str]
) -> None:
    running = start("secondhand", "serve", "--port", "0", "--data-dir", str(tmp_path))
    pid_file = tmp_path / "server.pid"
    assert pid_file.exists()
    try:
        body = json.dumps({"text": seeds["000"]}).encode()
        connection = http.client.HTTPConnection(running.host, running.port, timeout=START_SECONDS)
        connection.putrequest("PUT", "/v1/articles/1")
        connection.putheader("Content-Type", "application/json")
        connection.putheader("Content-Length", str(len(body)))
        connection.putheader("Expect", "100-continue")
        connection.endheaders()
        # The worker asks for the body, so it has the request in hand.
        assert connection.sock is not None
        assert connection.sock.recv(1000).startswith(b"HTTP/1.1 100")
        running.process.send_signal(signal.SIGTERM)
        connection.send(body)
        assert connection.getresponse().status == 201
        connection.close()
        assert running.process.wait(START_SECONDS) == 0
        # The index server removes it when it has written everything and ends.
        assert not pid_file.exists()
    finally:
        finish(running)


def test_ctrl_c_in_a_terminal_ends_the_service_whoever_is_connected(
    tmp_path: Path, seeds: dict[str, str]
) -> None:
    running = start("secondhand", "serve", "--port", "0", "--data-dir", str(tmp_path))
    try:
        running.ask("PUT", "/v1/articles/1", {"text": seeds["000"]})
        kept = http.client.HTTPConnection(running.host, running.port, timeout=START_SECONDS)
        kept.request("GET", "/livez")
        kept.getresponse().read()
        with socket.create_connection((running.host, running.port)) as silent:
            cut = socket.create_connection((running.host, running.port))
            cut.send(b"PUT /v1/articles/2 HTTP/1.1\r\nContent-Le")
            os.killpg(running.process.pid, signal.SIGINT)
            assert running.process.wait(SOON_SECONDS) == 0
            assert silent.recv(1) == b""
            cut.close()
        kept.close()
        assert not (tmp_path / "server.pid").exists()
    finally:
        finish(running)
    assert len(running.said) == 1, running.said
    with embedded.start(tmp_path) as server, redis.Redis.from_url(server.url) as client:
        assert client.dbsize() > 0


def test_ctrl_c_before_the_workers_are_ready_is_not_lost(tmp_path: Path) -> None:
    running = start(
        "secondhand", "serve", "--port", "0", "--data-dir", str(tmp_path),
        environ={"SECONDHAND_WORKERS": "8"},
    )  # fmt: skip
    try:
        os.killpg(running.process.pid, signal.SIGINT)
        assert running.process.wait(SOON_SECONDS) == 0
        assert not (tmp_path / "server.pid").exists()
    finally:
        finish(running)
    assert len(running.said) == 1, running.said


@pytest.mark.skipif(sys.platform != "linux", reason="finds a worker in /proc")
def test_a_worker_that_hangs_does_not_keep_the_embedded_server(tmp_path: Path) -> None:
    running = start("secondhand", "serve", "--port", "0", "--data-dir", str(tmp_path))
    try:
        assert running.ask("GET", "/readyz").status == 200
        children = Path(f"/proc/{running.process.pid}/task/{running.process.pid}/children")
        os.kill(int(children.read_text().split()[0]), signal.SIGSTOP)
        os.killpg(running.process.pid, signal.SIGINT)
        assert running.process.wait(SOON_SECONDS) == 0
        assert not (tmp_path / "server.pid").exists()
    finally:
        finish(running)


@pytest.mark.skipif(sys.platform != "linux", reason="containers run Linux")
def test_the_first_process_of_a_container_ends_too(tmp_path: Path) -> None:
    """It becomes the parent of the embedded server, which ends after it lets go of it."""
    running = start(
        "python", "-c", ADOPT_ORPHANS,
        str(BIN / "secondhand"), "serve", "--port", "0", "--data-dir", str(tmp_path),
    )  # fmt: skip
    try:
        status = Path(f"/proc/{pid_of_server(tmp_path)}/status").read_text()
        assert f"PPid:\t{running.process.pid}\n" in status
        assert running.stop() == 0
        assert not (tmp_path / "server.pid").exists()
    finally:
        finish(running)


def test_what_was_stored_is_there_after_a_restart(tmp_path: Path, seeds: dict[str, str]) -> None:
    for expected in (201, 200):
        running = start("secondhand", "serve", "--port", "0", "--data-dir", str(tmp_path))
        try:
            answer = running.ask("PUT", "/v1/articles/1", {"text": seeds["000"]})
            assert answer.status == expected
            assert running.stop(signal.SIGINT) == 0
        finally:
            finish(running)


def test_a_killed_embedded_server_is_revived(tmp_path: Path) -> None:
    running = start("secondhand", "serve", "--port", "0", "--data-dir", str(tmp_path))
    try:
        running.ask("PUT", "/v1/articles/1", {"text": "three short words"})
        os.kill(pid_of_server(tmp_path), signal.SIGKILL)
        statuses = {running.ask("GET", "/readyz").status for _ in range(20)}
        assert statuses <= {200, 503}
        assert running.ask("GET", "/readyz").status == 200
    finally:
        finish(running)


def test_while_the_index_is_away_every_route_says_so_and_then_recovers(
    tmp_path: Path, seeds: dict[str, str]
) -> None:
    article = {"text": seeds["000"]}
    needing_the_index = [
        ("GET", "/readyz", None),
        ("PUT", "/v1/articles/1", article),
        ("POST", "/v1/articles", article),
        ("GET", "/v1/articles/1", None),
        ("GET", "/v1/articles/1/verdict", None),
        ("GET", "/v1/articles/1/badge.svg", None),
        ("POST", "/v1/check", article),
        ("DELETE", "/v1/articles/1", None),
    ]
    with embedded.start(tmp_path) as index_server:
        running = start("secondhand", "serve", "--port", "0", "--redis", index_server.url)
        try:
            stored = running.ask("PUT", "/v1/articles/1", article)
            os.kill(pid_of_server(tmp_path), signal.SIGKILL)
            for method, path, body in needing_the_index:
                answer = running.ask(method, path, body)
                assert (answer.status, path) == (503, path)
                assert int(answer.headers["Retry-After"]) > 0
                assert answer.json["type"] == "/problems/index-unavailable"
            assert running.ask("GET", "/livez").status == 200

            index_server.ensure()
            assert running.ask("GET", "/readyz").status == 200
            again = running.ask("PUT", "/v1/articles/1", article)
            assert again.json["verdict"] == stored.json["verdict"]
        finally:
            finish(running)


def test_a_full_index_is_507_until_articles_are_deleted_or_the_limit_is_raised(
    tmp_path: Path, seeds: dict[str, str]
) -> None:
    def put_until_full(running: Running, client: int) -> tuple[list[str], str]:
        stored = []
        for number in itertools.count():
            path = f"/v1/articles/{client}-{number}"
            answer = running.ask("PUT", path, {"text": f"{seeds['000']}\n\n{path}"})
            if answer.status != 201:
                assert (answer.status, answer.json["type"]) == (507, "/problems/index-full")
                return stored, path
            stored.append(path)
        raise AssertionError

    with (
        embedded.start(tmp_path) as index_server,
        redis.Redis.from_url(index_server.url) as client,
    ):
        running = start("secondhand", "serve", "--port", "0", "--redis", index_server.url)
        try:
            running.ask("PUT", "/v1/articles/first", {"text": seeds["000"]})
            client.config_set("maxmemory", client.info("memory")["used_memory"] + 500_000)
            with ThreadPoolExecutor(4) as pool:
                done = list(pool.map(lambda n: put_until_full(running, n), range(4)))
            stored = [path for of_client, _ in done for path in of_client]
            refused = [path for _, path in done]
            assert stored
            assert running.ask("DELETE", stored.pop()).status == 204
            for path in stored:
                verdict = running.ask("GET", f"{path}/verdict").json
                assert (verdict["verdict"], verdict["kind"]) == ("copy", "edited")
            client.config_set("maxmemory", 0)
            for path in refused:
                answer = running.ask("PUT", path, {"text": f"{seeds['000']}\n\n{path}"})
                assert answer.status in {200, 201}
                assert answer.json["verdict"] == "copy"
        finally:
            finish(running)


def test_a_service_started_before_its_index_waits_for_it(tmp_path: Path) -> None:
    with embedded.start(tmp_path) as index_server:
        os.kill(pid_of_server(tmp_path), signal.SIGKILL)
        running = start("secondhand", "serve", "--port", "0", "--redis", index_server.url)
        try:
            assert running.ask("GET", "/readyz").status == 503
            index_server.ensure()
            assert running.ask("GET", "/readyz").status == 200
        finally:
            finish(running)


def test_a_port_in_use_is_said_in_one_line(service: Running, tmp_path: Path) -> None:
    done = subprocess.run(
        [BIN / "secondhand", "serve", "--port", str(service.port), "--data-dir", tmp_path],
        capture_output=True,
        text=True,
        check=False,
        timeout=START_SECONDS,
    )
    assert done.returncode == 1
    assert f"port {service.port}" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_bad_setting_is_wrong_usage(tmp_path: Path) -> None:
    done = subprocess.run(
        [BIN / "secondhand", "serve", "--data-dir", tmp_path],
        capture_output=True,
        text=True,
        check=False,
        timeout=START_SECONDS,
        env=os.environ | {"SECONDHAND_WORKERS": "many"},
    )
    assert done.returncode == 2
    assert "SECONDHAND_WORKERS must be a number of processes" in done.stderr


def test_a_gunicorn_of_your_own_serves_the_same_app(tmp_path: Path) -> None:
    running = start(
        "gunicorn", "service.wsgi:app", "--bind", "127.0.0.1:0", "--threads", "2",
        "--no-control-socket",
        environ={"SECONDHAND_DATA_DIR": str(tmp_path)},
        says="Listening at",
    )  # fmt: skip
    try:
        assert running.ask("GET", "/readyz").status == 200
    finally:
        finish(running)
