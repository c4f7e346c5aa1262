"""A server to break: reached by its address, so that nobody starts it again but the test."""

from __future__ import annotations

import resource
import signal
import subprocess
import sys
from pathlib import Path
from types import TracebackType
from typing import Self

import redis
from redis.backoff import ConstantBackoff
from redis.retry import Retry

from dedup.index.embedded import find_binary

POWER_CUT = Path(__file__).with_name("power_cut.py")

START_TRIES = 3000
START_PAUSE = 0.01  # seconds between two of them


class BreakableServer:
    """A real server in a directory, with the settings that ``docs/index.md`` recommends.

    Args:
        directory: Where its data and its socket are.
        fsync: ``always`` or ``everysec``.
        power: Whether ``cut_power`` shall be possible.
    """

    def __init__(self, directory: Path, fsync: str, *, power: bool = False) -> None:
        directory.mkdir(exist_ok=True)
        self._directory = directory
        self._socket = directory / "s"
        self._fsync = fsync
        self._power = power
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Its address."""
        return f"unix://{self._socket}"

    def client(self) -> redis.Redis:
        """A connection that waits for the server to be there."""
        patient = Retry(ConstantBackoff(START_PAUSE), START_TRIES)
        return redis.Redis(unix_socket_path=str(self._socket), retry=patient, protocol=2)

    def start(self) -> None:
        """Start it; returns when it answers."""
        gate = [sys.executable, str(POWER_CUT), str(self._directory / "appendonlydir")]
        command = [
            str(find_binary()),
            "--dir", str(self._directory),
            "--unixsocket", str(self._socket), "--port", "0",
            "--logfile", str(self._directory / "server.log"),
            "--appendonly", "yes", "--appendfsync", self._fsync, "--save", "",
            # A power cut is told of files that grow, not of files that are exchanged.
            *(["--auto-aof-rewrite-percentage", "0"] if self._power else []),
            "--maxmemory-policy", "noeviction", "--zset-max-ziplist-entries", "512",
        ]  # fmt: skip
        self._process = subprocess.Popen(
            [*gate, *command] if self._power else command,
            stdin=subprocess.PIPE if self._power else subprocess.DEVNULL,
            stdout=subprocess.PIPE if self._power else subprocess.DEVNULL,
            # Python ignores SIGXFSZ. Where the server does too, a file that may not grow is
            # an error of the write, as a full disk is.
            restore_signals=False,
        )
        with self.client() as client:
            client.ping()

    def limit_files(self, size: int | None) -> None:
        """Let no file of the server grow beyond so many bytes; None for no limit."""
        limit = resource.RLIM_INFINITY if size is None else size
        resource.prlimit(self._running.pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))

    def bytes_appended(self) -> int:
        """Size of its append-only file."""
        return max(path.stat().st_size for path in self._directory.glob("appendonlydir/*.incr.aof"))

    def wait_for_end(self) -> None:
        """Wait until it has ended by itself."""
        self._running.wait(START_TRIES * START_PAUSE)

    def shut_down(self) -> None:
        """End it, in an orderly way unless power can be cut."""
        if self._power:
            self._running.communicate()  # The end of stdin ends the server.
        else:
            self._running.send_signal(signal.SIGTERM)
            self._running.wait()

    def cut_power(self, share: float) -> float:
        """End it with only that on disk which it forced there, and a share of the rest.

        Returns:
            When, on the machine's monotonic clock.
        """
        self._order(f"{share}")
        assert self._running.stdout is not None
        said = self._running.stdout.read()
        self._running.wait()
        self._close_pipes()
        return float(said.split()[-1])

    def hang(self) -> None:
        """From now on let no forced write come to its end."""
        self._order("hold")
        self._expect(b"holding\n")

    def wait_until_it_hangs(self) -> None:
        """Wait until a forced write has begun."""
        self._expect(b"held\n")

    def _close_pipes(self) -> None:
        for pipe in (self._running.stdin, self._running.stdout):
            if pipe is not None:
                pipe.close()

    def _order(self, order: str) -> None:
        assert self._running.stdin is not None
        self._running.stdin.write(f"{order}\n".encode())
        self._running.stdin.flush()

    def _expect(self, line: bytes) -> None:
        assert self._running.stdout is not None
        assert self._running.stdout.readline() == line

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._running.poll() is None:
            self.shut_down()

    @property
    def _running(self) -> subprocess.Popen[bytes]:
        assert self._process is not None
        return self._process
