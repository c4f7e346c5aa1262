"""The service under gunicorn, started from Python."""

from __future__ import annotations

import os
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from types import FrameType
from typing import Final

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.arbiter import Arbiter
from gunicorn.workers.gthread import ThreadWorker

from service.app import create_app, open_detector
from service.settings import Settings
from service.sweeper import Sweeper

BACKLOG: Final = 2048
"""Connections that may wait to be accepted; gunicorn's own default."""

GRACE_SECONDS: Final = 6
"""How long requests under way may take after SIGTERM. With the margin it leaves time to stop
the index in the 10 seconds that container platforms give at least."""

INTERRUPT_SECONDS: Final = 2
"""The same after Ctrl-C: somebody is waiting for the prompt."""

KILL_MARGIN_SECONDS: Final = 2
"""How much later a worker that has not ended is killed."""

ENDING: Final = (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM)

KEEP_ALIVE_SECONDS: Final = 5
"""How long an idle connection is kept for its next request."""


class ListenError(Exception):
    """The address cannot be listened on."""


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn ships no types
    """A worker that its master alone ends, and that then does not wait for anybody.

    A terminal sends Ctrl-C to the master and to all workers. gunicorn's own worker would
    end twice then, the second time in the midst of the first.
    """

    def init_signals(self) -> None:
        """Leave Ctrl-C to the master; from here on signals may come."""
        super().init_signals()
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)

    def handle_exit(self, number: int, frame: FrameType | None) -> None:
        """SIGTERM: finish requests under way."""
        self._finish(GRACE_SECONDS, number, frame)

    def handle_quit(self, number: int, frame: FrameType | None) -> None:
        """SIGQUIT, which the master makes of Ctrl-C: finish soon; the second time, end."""
        if not self.alive:
            os._exit(0)
        self._finish(INTERRUPT_SECONDS, number, frame)

    def _finish(self, seconds: int, number: int, frame: FrameType | None) -> None:
        self.cfg.set("graceful_timeout", seconds)  # this process's own copy
        super().handle_exit(number, frame)

    def run(self) -> None:
        """Answer requests until told to end."""
        super().run()
        for number in ENDING:
            signal.signal(number, signal.SIG_IGN)
        self.app.close()
        # The interpreter would wait for threads, and so for clients that keep silent.
        os._exit(0)


class Master(Arbiter):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn's master; no signal is lost to a worker that is just being born."""

    def handle_int(self) -> None:
        """Ctrl-C: workers get SIGQUIT."""
        self.cfg.set("graceful_timeout", INTERRUPT_SECONDS + KILL_MARGIN_SECONDS)
        super().handle_int()

    def spawn_worker(self) -> int:
        """Fork a worker; signals wait until it knows what to do with them."""
        signal.pthread_sigmask(signal.SIG_BLOCK, ENDING)
        try:
            pid: int = super().spawn_worker()
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, ENDING)
        return pid

    def reap_killed(self) -> None:
        """Wait for workers that were killed because their grace was over.

        As long as one of them is still dying it counts as a user of the embedded server,
        which would then be left running. Other children are not waited for: as the first
        process of a container the master is the embedded server's parent.
        """
        for pid in self.WORKERS:
            with suppress(ChildProcessError):
                os.waitpid(pid, 0)


class Gunicorn(BaseApplication):  # type: ignore[misc]  # gunicorn ships no types
    """gunicorn with one app, loaded before its workers are forked.

    Args:
        app: Shared by all workers; its memory too, as long as nobody writes to it.
        settings: How many workers and threads.
        listener: A listening socket; taken over.
        on_ready: Called in the master when connections are accepted.
        on_worker: Called in every worker when it is ready.
        close: Called at the end of every worker, and in the master when all are gone.
    """

    def __init__(
        self,
        app: Flask,
        settings: Settings,
        listener: socket.socket,
        on_ready: Callable[[], None],
        *,
        on_worker: Callable[[], None],
        close: Callable[[], None],
    ) -> None:
        self._app = app
        self.close = close
        self._options = {
            "bind": f"fd://{listener.detach()}",
            "worker_class": Worker,
            "workers": settings.workers,
            "threads": settings.threads,
            "preload_app": True,
            "graceful_timeout": GRACE_SECONDS + KILL_MARGIN_SECONDS,
            "keepalive": KEEP_ALIVE_SECONDS,
            "loglevel": "warning",
            # It would be one file for all services of this user.
            "control_socket_disable": True,
            "when_ready": lambda _: on_ready(),
            "post_worker_init": lambda _: on_worker(),
            "on_exit": self._on_exit,
        }
        super().__init__()

    def load_config(self) -> None:
        """Hand the options over."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """The app that workers serve."""
        return self._app

    def run(self) -> None:
        """Serve until told to end."""
        Master(self).run()

    def _on_exit(self, master: Master) -> None:
        master.reap_killed()
        self.close()


def listen(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one.

    Raises:
        ListenError: The address is in use, not this machine's, or not allowed.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise ListenError(
            f"cannot listen on {host} port {port}: {error.strerror}; "
            "stop what is using it, or choose another --host or --port"
        ) from error


def url(listener: socket.socket) -> str:
    """Where a browser finds the service."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def serve(host: str, port: int, settings: Settings, announce: Callable[[str], None]) -> None:
    """Run the service until SIGTERM or SIGINT; requests under way may finish in their grace.

    The index is opened here, once: an embedded server is this process's child, and the
    workers only connect to it.

    Args:
        host: Name or address to listen on.
        port: Port to listen on; 0 takes a free one.
        settings: How the service runs.
        announce: Told the service's URL once it accepts connections.

    Raises:
        ListenError: The address cannot be listened on.
        StoreError: The index cannot be opened.
        SystemExit: At the end, with gunicorn's exit status.
    """
    listener = listen(host, port)
    address = url(listener)
    detector = open_detector(settings)
    app = create_app(settings, detector)
    sweeper = Sweeper(detector, app.logger)

    def close() -> None:
        sweeper.stop()
        detector.close()

    Gunicorn(
        app,
        settings,
        listener,
        lambda: announce(address),
        on_worker=sweeper.start,
        close=close,
    ).run()
